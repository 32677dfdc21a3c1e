//! What the pages about appeals say, in both languages.

use crate::text::texts;

texts! {
    /// The words of these pages in one language. `{n}` marks the place of a value.
    pub AppealWords, by SpokenOfAppeals::appeals:

    // The list for leads and reviewers.
    title: "申诉", "Appeals";
    lead: "员工对已确认标记的申诉。先由班组主管答复或转交，再由另一位质检员作出终审；申诉期间，这条标记不计入个人和班组的比率。", "Appeals of staff against confirmed flags. The supervisor of the team answers or forwards; another reviewer decides for good. Meanwhile the flag is out of the rates.";
    open_only: "待处理", "Open";
    everything: "全部", "All";
    filter: "按状态筛选", "Filter by state";
    none: "没有申诉。", "No appeals.";
    none_open: "没有待处理的申诉。", "No open appeals.";
    more: "下一页", "Next page";
    staff: "员工", "Staff";
    team: "班组", "Team";
    filed: "提出时间", "Filed";
    due: "处理期限", "Due";
    overdue: "已超期", "overdue";
    text: "申诉理由", "What the person says";
    gone: "文字已按保存期限删除。", "The words are gone with their period.";
    first: "第一次复核", "First verdict";
    answer: "主管答复", "The supervisor says";
    reason: "终审理由", "Why it was decided so";
    contact: "打开服务记录", "Open the contact";
    note: "说明（最多 500 字，不写客户信息）", "Remark (at most 500 characters, no customer data)";
    do_answer: "答复员工", "Answer";
    do_forward: "转交复审", "Forward to a second reviewer";
    do_insist: "坚持申诉，转交复审", "Insist: to a second reviewer";
    do_uphold: "维持原判", "Uphold";
    do_overturn: "改判误报", "Overturn: false alarm";
    own_verdict: "这条标记是您判的，由另一位质检员终审。", "You judged this flag: another reviewer decides.";
    answered_hint: "主管已答复。您可以接受答复，也可以坚持申诉。", "The supervisor has answered. You may leave it at that or insist.";

    // The own results.
    items: "已确认的标记", "Confirmed flags";
    items_lead: "质检员听过并确认的标记。打开可以看到原文和原因，并签阅或申诉。", "What a reviewer listened to and confirmed. Open one for its words and reason, to acknowledge or to appeal.";
    items_none: "目前没有已确认的标记。", "No confirmed flags.";
    earlier: "更早的", "Earlier ones";
    seen: "已签阅", "acknowledged";
    unseen: "待签阅", "to acknowledge";
    until: "申诉截止 {n}", "may be appealed until {n}";
    closed: "申诉期已过（截止 {n}）", "the time to appeal ended {n}";
    own_back: "返回我的结果", "Back to my results";
    own_appeals: "我的申诉", "My appeals";
    own_title: "我的服务记录", "My contact";
    own_lead: "这里只有经人工确认的标记。", "Only what a reviewer confirmed stands here.";
    acknowledge_note: "想说的话（可不填）", "A comment (optional)";
    acknowledge: "签阅", "Acknowledge";
    appeal_text: "为什么不同意（最多 500 字，不写客户信息）", "Why it is wrong (at most 500 characters, no customer data)";
    appeal: "提出申诉", "Appeal";

    // What has just been done, and why something was not.
    done_acknowledged: "已签阅。", "Acknowledged.";
    done_filed: "申诉已提出，由班组主管处理；结果会显示在这里。", "The appeal is filed. The supervisor of the team has it; the outcome appears here.";
    done_moved: "申诉已处理。", "The appeal has gone on.";
    bad_closed: "这条申诉已有新的进展，或申诉期已过。请刷新后再看。", "The appeal has gone on, or the time for it is over. Look at it again.";
    bad_own: "您判过这条标记，不能终审自己的结论。请由另一位质检员处理。", "You judged this flag: another reviewer has to decide.";
    bad_note: "请填写说明：1 至 500 个字，不要换行。", "Write 1 to 500 characters without line breaks.";
}
