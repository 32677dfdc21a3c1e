//! What the page of today says, in both languages.

use crate::text::texts;

texts! {
    /// The words of this page in one language. `{n}` marks the place of a value.
    pub TodayWords, by SpokenOfToday::today:

    title: "今日", "Today";
    lead: "今天和最近7天，按北京时间。都是模型对服务记录的判读，未经人工确认的只计数，不涉及任何个人。", "Today and the last seven days, in Beijing time. What a model read and nobody confirmed is only counted; nothing here is about a person.";
    live: "自动更新", "updates by itself";
    as_of: "截至 {n}", "as of {n}";
    now: "眼下", "Right now";
    contacts: "今日已分析", "Analysed today";
    contacts_week: "近7天 {n}", "{n} in 7 days";
    escalated: "最近一小时情绪升级", "Escalated in the last hour";
    escalated_more: "今日 {n}", "{n} today";
    silent: "沉默的不满（今日）", "Silent dissatisfaction today";
    silent_more: "近7天 {n}；同期提到外部投诉 {n2}", "{n} in 7 days; {n2} spoke of complaining outside";
    cases: "待回访", "Call backs owed";
    cases_more: "已超期 {n}，24小时内到期 {n2}", "{n} overdue, {n2} due within 24 hours";
    appeals: "待处理申诉", "Open appeals";
    appeals_more: "已超期 {n}", "{n} overdue";
    incidents: "故障时段", "Incidents";
    incidents_none: "最近7天没有登记故障时段。", "None was declared in seven days.";
    incidents_running: "正在进行", "going on";
    to_cases: "打开回访工单", "Open the cases";
    to_appeals: "打开申诉", "Open the appeals";
    to_incidents: "查看和登记", "See and declare";
    to_review: "打开标记", "Open the flags";
    map: "客户情绪：星期 × 小时", "Mood of customers: weekday × hour";
    map_lead: "每格是这个小时里客户平均情绪值的均值（−1 到 1）、记录数和 95% 区间的半宽。少于 {n} 条的格只写条数；没有记录的格留空。最右一列是同一小时7天合计，某天太少时看这一列。", "Each cell is the mean of the customers' average valence in that hour (−1 to 1), the number of contacts and half the width of the 95 % interval. Cells with fewer than {n} show their number only; an empty cell had none. The last column is the same hour of all seven days: look there where a day is too thin.";
    map_none: "最近7天没有可以判读的对话。", "Nothing could be read in seven days.";
    hour: "时段", "Hour";
    week: "7天合计", "7 days";
    weekdays: "周一 周二 周三 周四 周五 周六 周日", "Mon Tue Wed Thu Fri Sat Sun";
    groups: "渠道和班组", "Channels and teams";
    groups_lead: "今天不足30条时看近7天。校正后的比率用随机抽检扣除了模型的误差，只在抽检够用时给出（近13周）。不足 {n} 条的不列。", "Where today has fewer than 30 contacts, look at the seven days. A corrected rate is free of the model's own errors by the random sample, and is shown where the sample allows (13 weeks). Groups with fewer than {n} contacts are left out.";
    groups_none: "最近7天没有足够的记录。", "Too few contacts in seven days.";
    group: "渠道/班组", "Channel or team";
    span: "时间", "Span";
    count: "记录", "Contacts";
    mood: "客户情绪", "Mood";
    ended: "负面收尾", "Negative endings";
    escalations: "情绪升级", "Escalations";
    corrected: "负面收尾（校正后）", "Negative endings, corrected";
    today: "今天", "today";
    seven: "近7天", "7 days";
    few: "{n} 条，不足30", "{n}, fewer than 30";
    thin: "太少", "too few";
    no_sample: "抽检不足", "sample too small";
}
