//! What is said about the work of reviewers, in both languages.

use crate::text::texts;

texts! {
    /// The words about work in one language. `{n}` marks the place of a value.
    pub(crate) WorkWords, by SpokenOfWork::work:

    // In the queue and on a contact.
    tabs: "任务范围", "Which work";
    everything: "全部", "Everything";
    mine: "我的（{n}）", "Mine ({n})";
    looking: "{n} 正在查看", "{n} is looking at this";
    looking_note: "{n} 正在查看这一通，您也可以判断；先保存的有效，后一位会收到提示，备注不会丢。", "{n} is looking at this one. You may judge it, too: what is kept first stands, and the other is told; no note is lost.";
    matter: "同一件事（{n} 条标记）", "One matter ({n} flags)";
    and: "、", ", ";
    matter_lead: "几条规则说的是同一次不满，一键一起判断，每条各留一个结论。有哪条不同，就在下面单独判断。", "Several rules heard the same displeasure: one key judges them together, each with a verdict of its own. Where one is different, judge it alone below.";
    alone: "单独判断", "Judge alone";
    missed_title: "漏判的句子", "Sentences that no rule heard";
    missed_lead: "机器没有听出来的，在这里标出。抽检中标出的计入召回率；这里标出的只作记录，不计入，因为这一通不是随机抽到的。", "Mark what the machine did not hear. What is marked while reading the random sample counts for recall; what is marked here is kept and shown and counts for nothing, for nobody drew this contact by lot.";
    missed_place: "第几轮（句）", "Turn or sentence";
    missed_emotion: "情绪", "Emotion";
    missed_rule: "应触发的规则", "Rule that should have heard it";
    missed_save: "标为漏判", "Mark it";
    missed_back: "撤回", "Take back";
    missed_counts: " · 抽检，计入召回率", " · random sample, counts for recall";
    bulk_said: " · 批量判定，残余误差上限 {n}（95%）", " · one verdict for many, at most {n} of them wrong (95%)";
    bulk_title: "同类合并", "Alike";
    bulk_lead: "同一条规则、同样说法的标记归为一组。先随机抽验一部分，逐通听过判过；结论够一致，余下的才可以一并判定。余下部分判错的比例，上限不超过 5%（95% 置信），随结论一起留存。", "Flags of one rule that are worded alike are one group. A sample of it is drawn by lot and listened to, one by one; only where they agree, the rest may be judged at once. At most 5% of the rest are wrong (at 95%), and that bound is kept with the verdict.";
    bulk_groups: "可以合并的标记", "Groups";
    bulk_no_groups: "没有 100 条以上说法相同的待复核标记。较早分析的服务记录，重新分析后才会归组。", "No 100 unjudged flags are worded alike. Contacts of an earlier release are grouped once they are analysed anew.";
    bulk_flags: "标记（条）", "Flags";
    bulk_example: "其中一条", "One of them";
    bulk_size: "抽验（条）", "Sample";
    bulk_draw: "抽验", "Draw the sample";
    bulk_samples: "抽验进度", "Samples";
    bulk_no_samples: "还没有抽验过。", "No sample was drawn yet.";
    bulk_said_so_far: "已判：成立 / 误报", "Confirmed / false alarm";
    bulk_left: "待判", "Left";
    bulk_result: "结论", "Outcome";
    bulk_go: "继续抽验", "Go on";
    bulk_rest_confirm: "余下的一并确认（判错上限 {n}）", "Confirm the rest (at most {n} wrong)";
    bulk_rest_reject: "余下的一并判为误报（判错上限 {n}）", "Reject the rest (at most {n} wrong)";
    bulk_refused: "抽验不够一致，余下的请逐通复核。", "The sample does not agree: the rest is reviewed one by one.";
    bulk_given: "已一并判定：{n}", "Judged at once: {n}";
    done_bulk: "已一并判定 {n} 条。", "{n} flags were judged at once.";
    quicker: "您的结论没有保存，同事刚刚判了这条标记：{n}。看过之后，可以撤回那个结论再判。", "Your verdict is not kept, a colleague has just judged this flag: {n}. You may look at it and take it back.";
    changed: "您的结论没有保存：这一通刚刚重新分析过，标记有变化，请再看一遍。", "Your verdict is not kept: the contact was analysed anew and the flag is another. Look again.";
    your_note: "您写的备注：", "What you wrote:";
    given: "已分给 {n}", "given to {n}";
    given_you: "分给您的", "yours";
    empty_mine: "您的任务都完成了。", "Your work is done.";

    // The page of leads.
    title: "任务分配", "Distribution";
    lead: "把待复核的服务记录分给质检员。规则从上到下，第一条符合的生效；每分钟自动分配一次，最急的先分。不符合任何规则的仍由大家一起处理。", "Flagged contacts are given to reviewers. Of the rules, the first that fits a contact gives it; once a minute, the most urgent first. What no rule fits stays everybody's.";
    now: "立即分配", "Distribute now";
    reviewers: "质检员", "Reviewers";
    no_reviewers: "还没有质检员账号。", "There are no reviewers yet.";
    col_account: "账号", "Account";
    col_team: "班组", "Team";
    col_open: "待复核（通）", "Contacts to review";
    col_state: "状态", "State";
    col_act: "操作", "Act";
    active: "分配中", "gets work";
    paused: "已暂停分配", "gets nothing";
    recall: "收回并暂停", "Take back and stop";
    resume: "恢复分配", "Give work again";
    rules: "分配规则", "Rules";
    no_rules: "还没有规则，不会自动分配。", "There are no rules: nothing is distributed.";
    col_which: "哪些服务记录", "Which contacts";
    col_to: "分给谁", "To whom";
    col_method: "方式", "How";
    col_by: "制定人", "Made by";
    any_team: "全部班组", "every team";
    any_rule: "全部规则", "every rule";
    any_channel: "全部触点", "every channel";
    any_reviewer: "全部质检员", "every reviewer";
    remove: "删除", "Remove";
    add: "新增规则", "Add a rule";
    rule: "标记规则", "Flag";
    channel: "触点", "Channel";
    method: "多人时", "Among several";
    to: "分给（不选为全部质检员）", "To (none chosen: every reviewer)";
    save: "保存规则", "Save the rule";

    // What has just been done, and why something was not.
    done_distributed: "已分配 {n} 通。", "{n} contacts were given.";
    done_recalled: "已收回 {n} 通，并暂停给这个账号分配。", "{n} contacts were taken back; the account gets nothing for now.";
    done_resumed: "已恢复分配。", "The account gets work again.";
    done_added: "规则已保存。", "The rule was saved.";
    done_removed: "规则已删除；已经分出去的不变。", "The rule was removed; what it has given stays.";
    bad: "没有保存：请选择能复核该班组的质检员账号；规则最多 100 条。", "Not saved: choose reviewers who may judge that team; at most 100 rules.";
    bad_team: "您的账号只限一个班组。", "Your account is limited to one team.";
}
