//! What the pages about care and about good examples say, in both languages.

use crate::text::texts;

texts! {
    /// The words of these pages in one language. `{n}` marks the place of a value.
    pub CareWords, by SpokenOfCare::care:

    title: "关怀", "Care";
    lead: "员工受到辱骂或威胁、并经质检员确认的服务记录。这不是员工的过错：请尽快和员工谈一谈，需要时安排休息、轮换或其他支持。", "Contacts in which somebody was insulted or threatened, as a reviewer confirmed. It is no fault of theirs: talk to them soon and arrange a rest, a change or other support.";
    none: "目前没有关怀任务。", "No care tasks.";
    staff: "员工", "Person";
    team: "班组", "Team";
    owner: "负责人", "Owner";
    nobody: "还没有人负责", "nobody yet";
    due: "应完成日期", "Due";
    state: "状态", "State";
    open: "待关怀", "open";
    overdue: "已超期", "overdue";
    done: "已完成", "done";
    contact: "打开服务记录", "Open the contact";
    note: "做了什么（1 至 500 字，不写客户信息）", "What was done (1 to 500 characters, no customer data)";
    finish: "完成：{n}", "Done: {n}";
    take: "由我负责：{n}", "I see to it: {n}";
    new_due: "改期到（可不填）", "New date (optional)";
    done_taken: "已由您负责。", "You see to it now.";
    done_finished: "已记录，谢谢。", "Kept, thank you.";
    bad_due: "日期要在今天之后。", "The date must be after today.";
    bad_note: "请写下做了什么：1 至 500 个字，不要换行。", "Say what was done: 1 to 500 characters without line breaks.";

    learning: "学习", "Learning";
    learning_lead: "每周的好做法：客户原本不满，结束时已经平静。都经质检员确认，由培训师挑选，不显示员工、班组和客户。", "Good work of the week: upset customers who had calmed down by the end. Confirmed by reviewers, chosen by a trainer, without anybody's number, name or team.";
    learning_none: "还没有发布的例子。", "No example has been released yet.";
    released: "{n} 发布", "released {n}";
    proposed: "可以选用的例子", "Examples to choose from";
    proposed_lead: "近两周质检员确认过的情绪缓和，按置信度排列。选用时写一句值得学什么。", "Recoveries of the last two weeks that a reviewer confirmed, the most certain first. Say what there is to learn when you choose one.";
    proposed_none: "近两周没有还可以选用的例子。", "No more examples in the last two weeks.";
    remark: "值得学什么（1 至 500 字，不写姓名工号）", "What there is to learn (1 to 500 characters, no names or numbers)";
    choose: "选用", "Choose";
    chosen: "已选用，待发布", "Chosen, not released";
    chosen_none: "还没有选用例子。", "Nothing chosen yet.";
    release: "发布选用的例子", "Release what was chosen";
    take_out: "撤下", "Take out";
    example: "例子 {n}", "Example {n}";
    done_chosen: "已选用。", "Chosen.";
    done_released: "已发布，所有员工都能看到。", "Released: everybody can read it.";
    done_dropped: "已撤下。", "Taken out.";

    praise: "收到的认可", "Recognition";
    praise_lead: "质检员确认：这些服务记录里，客户原本不满，结束时已经平静下来。", "A reviewer confirmed that upset customers had calmed down by the end of these.";
}

impl CareWords {
    /// The sentence about what has just been done, by its short name.
    #[must_use]
    pub fn said_of(&self, done: &str) -> Option<&'static str> {
        match done {
            "taken" => Some(self.done_taken),
            "finished" => Some(self.done_finished),
            "chosen" => Some(self.done_chosen),
            "released" => Some(self.done_released),
            "dropped" => Some(self.done_dropped),
            _ => None,
        }
    }

    /// The sentence about a field that was refused, by its pointer.
    #[must_use]
    pub fn refused_at(&self, pointer: &str) -> Option<&'static str> {
        match pointer {
            "/due" => Some(self.bad_due),
            "/note" => Some(self.bad_note),
            _ => None,
        }
    }
}
