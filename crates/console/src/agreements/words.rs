//! What the pages about agreed coaching and the catalogue say, in both languages.

use crate::text::texts;

texts! {
    /// The words of these pages in one language. `{n}` marks the place of a value.
    pub AgreementWords, by SpokenOfAgreements::agreements:

    // Agreeing.
    agree: "约定辅导", "Agree coaching";
    agree_title: "和 {n} 约定辅导", "Agree coaching with {n}";
    agree_lead: "一次只谈一个行为。写下双方同意的做法，附上两三段服务记录，其中一段是做得好的。约定只用于帮助，员工本人会看到并签阅。", "One behaviour at a time. Write down what both sides agree to and add two or three pieces of contacts, one of them good. It serves to help; the person sees it and acknowledges it.";
    behaviour: "行为", "Behaviour";
    programme: "方式", "Programme";
    training: "培训项目", "Training";
    no_training: "不选", "none";
    due: "完成日期", "Due";
    note: "约定的做法（1 至 500 字，不写客户信息）", "What is agreed (1 to 500 characters, no customer data)";
    shared: "给员工的话（员工能看到，可不填）", "A word to the person (optional; the person sees it)";
    private: "我的备忘（只有我能看到，可不填）", "My own note (optional; only I see it)";
    clips: "一起听的片段", "Pieces to listen to together";
    clips_lead: "要谈的片段只能选质检员确认过的服务记录；不附片段也可以约定，要附就附两到三段，其中至少一段是做得好的。", "What is talked about comes from contacts about which a reviewer confirmed something. Without pieces is fine, too; if there are any, two or three, one of them good.";
    clip_talk: "要谈的片段 {n}", "Piece to talk about {n}";
    clip_good: "做得好的片段", "A good piece";
    clip_none: "不附", "none";
    clip_other: "或者填写您听过、做得好的服务记录（网址或编号）", "Or a contact that you listened to and found good (address or key)";
    from_turn: "从第几轮", "from turn";
    to_turn: "到第几轮", "to turn";
    turns: "第 {n} 轮", "turns {n}";
    no_confirmed: "这位员工本期还没有已确认的标记，暂时没有可以选的片段。", "Nothing of this person was confirmed in the period: there is no piece to choose.";
    button: "约定", "Agree";

    // One agreement.
    title: "辅导约定", "Coaching agreement";
    own_title: "我的辅导约定", "My coaching agreement";
    own_lead: "这是培训师和您约定的做法。看过之后请签阅；有不同想法可以写在签阅里，或直接找培训师。", "What your trainer agreed with you. Acknowledge it once you have read it; say so if you see it differently.";
    with: "员工", "With";
    action: "约定的做法", "What is agreed";
    shared_short: "给员工的话", "A word to the person";
    private_short: "我的备忘（只有我能看到）", "My own note (only I see it)";
    by: "约定人", "By";
    at: "约定时间", "Agreed";
    state: "状态", "State";
    open: "进行中", "open";
    overdue: "已超期", "overdue";
    done: "已完成", "done";
    ended: "已撤回", "taken back";
    unread: "待签阅", "not acknowledged";
    read: "已签阅 {n}", "acknowledged {n}";
    said: "员工的话", "The person says";
    finish: "标为已完成", "Mark as done";
    take_back: "撤回约定", "Take back";
    no_clips: "没有附片段。", "No pieces.";
    good: "做得好", "good";
    talk: "要谈的", "to talk about";
    clip_gone: "这条服务记录的文字已改变或已按保存期限删除。", "The words of this contact have changed or are gone.";
    open_contact: "打开服务记录", "Open the contact";
    acknowledge_note: "想说的话（可不填）", "A comment (optional)";
    acknowledge: "签阅", "Acknowledge";
    open_one: "打开", "Open";
    back: "返回", "Back";

    // The lists.
    mine: "我的辅导", "My coaching";
    mine_none: "目前没有辅导约定。", "No coaching agreed.";
    counts: "进行中 {n} 项", "{n} open";
    counts_overdue: "已超期 {n} 项", "{n} overdue";
    none: "未定", "none";
    find: "按工号或姓名查找", "Find by number or name";
    found_none: "没有找到这个工号或姓名。", "Nobody of that number or name.";
    found: "找到 {n} 人", "{n} found";

    // The catalogue.
    catalogue: "培训目录", "Training catalogue";
    catalogue_lead: "约定辅导时可以从这里选一项。停用之后不再提供，已有的约定保留名称。", "What agreements may name. A retired entry is no longer offered; agreements keep its name.";
    entry_title: "名称（最多 60 字）", "Title (at most 60 characters)";
    entry_title_en: "英文名称（可不填）", "Title in English (optional)";
    entry_about: "做什么（1 至 500 字）", "What is done (1 to 500 characters)";
    any_behaviour: "不限", "any";
    add: "添加", "Add";
    retire: "停用 {n}", "Retire {n}";
    retired: "已停用", "retired";
    shipped: "随产品提供", "shipped";

    // What has just been done, and why something was not.
    done_agreed: "辅导已约定，员工会在自己的页面看到。从下周起的服务记录计入“之后”。", "Agreed. The person sees it on their own page. Contacts from next week on count as after.";
    done_finished: "已标为完成。", "Marked as done.";
    done_acknowledged: "已签阅。", "Acknowledged.";
    done_added: "已加入目录。", "Added to the catalogue.";
    done_retired: "已停用。", "Retired.";
    bad_due: "完成日期要在今天之后。", "The date must be after today.";
    bad_clips: "片段不能这样附：要么不附，要么附两到三段，其中至少一段做得好；要谈的片段须是质检员确认过的本人服务记录，每段不超过 40 轮。", "Not these pieces: none, or two or three of which one is good; what is talked about comes from own contacts that a reviewer confirmed, at most 40 turns each.";
    bad_training: "目录里没有这一项，请重新选择。", "The catalogue has no such entry: choose again.";
    bad_title: "名称须有 1 至 60 个字，不要换行。", "A title has 1 to 60 characters without line breaks.";
}

impl AgreementWords {
    /// The sentence about what has just been done, by its short name.
    #[must_use]
    pub fn said_of(&self, done: &str) -> Option<&'static str> {
        match done {
            "agreed" => Some(self.done_agreed),
            "finished" => Some(self.done_finished),
            "acknowledged" => Some(self.done_acknowledged),
            "added" => Some(self.done_added),
            "retired" => Some(self.done_retired),
            _ => None,
        }
    }

    /// The sentence about a field that was refused, by its pointer.
    #[must_use]
    pub fn refused_at(&self, pointer: &str) -> Option<&'static str> {
        match pointer {
            "/due" => Some(self.bad_due),
            "/clips" => Some(self.bad_clips),
            "/training" => Some(self.bad_training),
            "/title" => Some(self.bad_title),
            _ => None,
        }
    }
}
