//! What the pages about inspection forms say, in both languages.

use crate::text::texts;

texts! {
    /// The words of these pages in one language. `{n}` marks the place of a value.
    pub FormWords, by SpokenOfForms::forms:

    title: "评分表", "Forms";
    lead: "评分表由若干分组和项目组成，各项满分合计 100 分。发布后的版本不再改动；修改会产生新版本，已填的评分保留原来的版本。", "A form has groups and items whose points add up to 100. A published version never changes; a change makes a new version, and sheets keep theirs.";
    none: "还没有评分表。可以采用下面的样表，也可以自己写一张。", "No form yet. Take one of the samples over, or write your own.";
    name: "名称", "Name";
    version: "版本", "Version";
    version_n: "第 {n} 版", "version {n}";
    state: "状态", "State";
    draft: "草稿", "draft";
    in_use: "使用中", "in use";
    retired: "已停用", "retired";
    by: "编写人", "Written by";
    new_form: "新建评分表", "New form";
    change: "修改", "Change";
    save_draft: "保存草稿", "Save the draft";
    publish: "发布：{n}", "Publish: {n}";
    retire: "停用：{n}", "Retire: {n}";
    retire_ask: "停用这张评分表", "Retire this form";
    retire_lead: "停用后不能再用它评分，已有的评分保留。", "It is not filled in any more; its sheets stay.";
    sample: "采用样表：{n}", "Take over: {n}";
    plan: "分组和项目", "Groups and items";
    plan_help: "每行一项：「# 分组名称」或「项目名称 | 满分」，后面可以再加「| 一票否决」和「| 规则名称」。带规则的项目由系统先提出得分，评分人确认后才算数。", "A line each: «# group» or «item | points», then «| knock-out» and «| rule» where wanted. The program proposes the points of an item with a rule; they count once a person has given them.";
    rules: "可用的规则", "Rules";
    full: "满分", "Points";
    knock_out: "一票否决", "knock-out";
    machine: "系统依据", "Proposed by";
    hand: "人工", "by hand";
    results: "近 13 周结果", "Results of 13 weeks";
    results_lead: "每条服务记录只计最近一次评分。被评分的记录由评分人选取，平均分只说明这些评分，不代表班组全部服务。", "The latest sheet of each contact. Somebody chose the contacts, so a mean is one of these sheets and not of all a team's work.";
    results_none: "这一版还没有评分。", "Nobody has filled this version in.";
    sheets_n: "评分 {n} 份", "{n} sheets";
    mean: "平均得分", "Mean score";
    knocked: "一票否决", "Knocked out";
    applied: "适用份数", "Applied";
    lost: "失分率", "Share lost";
    agreed: "与系统一致", "As proposed";
    few: "证据不足（{n}）", "too few ({n})";
    item: "项目", "Item";
    team: "班组", "Team";
    score: "得分", "Score";
    fill: "评分", "Score it";
    fill_with: "用评分表评分", "Score with a form";
    of_contact: "这条记录的评分", "Sheets of this contact";
    contact: "返回服务记录", "Back to the contact";
    got: "得分", "Points";
    not_applicable: "不适用", "n/a";
    proposal: "系统建议 {n} 分", "Proposed: {n}";
    evidence: "依据", "Evidence";
    turn: "第 {n} 句", "turn {n}";
    note: "说明", "Note";
    save: "提交评分", "Submit";
    fill_lead: "系统建议只是参考，提交的得分由您确认。空着表示这条记录里没有该场景（不适用），不计入总分。", "Proposals are a hint; what you submit is yours. Leave an item empty where there was no occasion: it leaves the total.";
    own: "我的评分", "My sheets";
    own_lead: "质检员对您服务记录的评分。只有您本人和有权查看的主管能看到。", "What reviewers gave for your contacts. You and those who may see it are the only ones.";
    own_none: "还没有评分。", "No sheet yet.";
    total: "总分 {n}", "Total {n}";
    total_out: "总分 0（一票否决）", "Total 0 (knocked out)";
    filled: "{n} 评分", "scored {n}";
    changed: "评分表或服务记录刚刚有更新，您填的内容还在，请核对后再提交。", "The form or the contact has just changed. What you typed is still here: look again, then submit.";
    bad_points: "得分要在 0 和满分之间，最多一位小数：{n}", "Points lie between 0 and the full mark, with one decimal at most: {n}";
    bad_note: "说明最多 500 字，不要换行。", "A note has at most 500 characters and no line breaks.";
    bad_empty: "至少要有一项适用。", "At least one item must apply.";
    done_drafted: "草稿已保存。", "Draft kept.";
    done_published: "已发布，可以用来评分。", "Published: it can be filled in.";
    done_retired: "已停用。", "Retired.";
    done_filled: "评分已提交。", "InspectionSheet kept.";
}

impl FormWords {
    /// The sentence about what has just been done, by its short name.
    #[must_use]
    pub fn said_of(&self, done: &str) -> Option<&'static str> {
        match done {
            "drafted" => Some(self.done_drafted),
            "published" => Some(self.done_published),
            "retired" => Some(self.done_retired),
            "filled" => Some(self.done_filled),
            _ => None,
        }
    }
}
