//! What the page of all contacts says, in both languages.

use crate::text::texts;

texts! {
    /// The words of this page in one language. `{n}` marks the place of a value.
    pub(super) SearchTexts, by SpokenOfSearch::search:

    title: "服务记录", "Contacts";
    lead: "全部服务记录，不只是带标记的。可以按原文检索，也可以按条件筛选；原文里的个人信息已经去掉。", "Every contact, not only flagged ones. Search the words or narrow the list; personal data is taken out of the text.";
    form: "检索服务记录", "Search contacts";
    words: "原文", "Words";
    words_hint: "多个词用空格隔开，要同时出现；放进引号的照原样查找。例：退费 \"再投诉\"", "Several words all have to appear; what stands in quotation marks is looked for as it is. Example: 退费 \"再投诉\"";
    number: "记录编号", "Contact number";
    staff: "工号", "Work number";
    from: "从", "From";
    to: "到", "To";
    sort: "排序", "Order";
    process: "业务", "Process";
    state: "判读进度", "Analysis";
    survey: "客户评分", "Survey";
    survey_any: "有评分", "Answered";
    survey_most: "不高于 {n} 分（满分 5）", "At most {n} of 5";
    dissatisfied: "预计不满意", "Expected dissatisfaction";
    dissatisfied_least: "可能性 {n}% 以上", "{n}% likely or more";
    reviewer: "复核人", "Reviewer";
    source: "来源系统", "Source";
    search: "查找", "Search";
    results: "结果", "Results";
    col_time: "时间", "Time";
    col_contact: "服务记录", "Contact";
    col_who: "渠道与人员", "Channel and staff";
    col_flags: "标记", "Flags";
    col_mood: "满意度", "Satisfaction";
    likely: "预计不满意 {n}%", "{n}% likely dissatisfied";
    answered: "评分 {n}/5", "Survey {n}/5";
    nothing: "没有找到", "Nothing found";
    nothing_words: "没有哪条服务记录同时符合这些词和条件。可以少写一个词、换个说法，或者放宽时间。", "No contact has all these words and conditions. Leave a word out, say it differently, or widen the time.";
    nothing_filter: "没有符合这些条件的服务记录。放宽或清除条件再看看。", "No contact matches. Loosen or clear the conditions.";
    nothing_yet: "还没有服务记录。请先导入（tingxin import 文件夹）或通过接口提交。", "No contact yet. Import a folder (tingxin import FOLDER) or send contacts through the API.";
    bad_words: "「原文」里要有字、字母或数字，最多 8 个词、100 个字符。下面没有按它筛选。", "«Words» needs letters or digits, at most 8 terms and 100 characters. It is left out below.";
    bad_day: "日期看不懂，下面没有按它筛选。", "A date cannot be read; it is left out below.";
    views: "常用检索", "Saved searches";
    views_lead: "先查找，再给这次检索起个名字保存下来。保存的检索排在页面最上面，只有自己看得到。", "Search first, then save the search under a name. Saved searches stand at the top of the page; nobody else sees them.";
    view_name: "名称", "Name";
    view_save: "保存这次检索", "Save this search";
    view_delete: "删除「{n}」", "Delete «{n}»";
}
