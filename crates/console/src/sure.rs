//! The question before something is taken away. It works without a script, and what was typed comes along.

use askama::Template;

use super::frame::Frame;
use super::text::{fill, texts};

texts! {
    /// The words of the question in one language. `{n}` marks the name of what goes.
    pub SureWords, by SpokenOfSure::sure:

    title: "请确认", "Are you sure?";
    yes: "确认", "Yes";
    no: "不做，返回", "No, go back";
    kept: "您填写的内容会一并提交：", "What you wrote goes along:";
    disable_account: "停用账号 {n}？该账号会立即退出，不能再登录；可以重新启用。", "Disable {n}? It is logged out at once and cannot log in until it is enabled.";
    revoke_key: "吊销密钥 {n}？使用它的程序会立即无法访问，不能恢复。", "Revoke the key {n}? Programs that use it are shut out at once, and it cannot be undone.";
    give_up: "放弃这条服务记录的分析？它不再重试，也不会出现在队列里。", "Give this contact up? It is not tried again and leaves the list.";
    remove_hook: "删除接收方 {n}？还没有送达的消息不再推送。", "Remove the receiver {n}? What it has not heard yet is not sent.";
    delete_view: "删除这个保存的筛选？", "Delete this saved search?";
    retire_training: "停用这项培训？已有的约定保留，新的约定不能再选它。", "Retire this training? Agreements keep it; new ones cannot choose it.";
    retire_form: "停用这张评分表？不能再用它评分，已有的评分保留。", "Retire this form? It is not filled in any more; its sheets stay.";
    revoke_incident: "撤销这个故障时段？时段内的服务记录会重新计入个人比率。", "Take this incident back? Contacts within it count again for people.";
    recall_work: "收回 {n} 的全部任务并暂停分配？任务会分给别人。", "Take all work back from {n} and give none for now? Others get it.";
    remove_rule: "删除这条分配规则？以后的服务记录不再按它分配。", "Remove this rule? Work is no longer given by it.";
    close_case: "办结这个工单？办结后可以重新打开。", "Close this case? It can be opened again.";
    end_coaching: "撤回这个约定？撤回后不能恢复。", "Take this agreement back? It cannot be undone.";
    end_calibration: "结束这次校准？结束后谁也不能再补判。", "End this session? Nobody can read anything more in it.";
    take_out: "撤下这个例子？大家不能再看到它。", "Take this example out? Nobody can read it any more.";
    unmark: "撤回这个漏判标记？", "Take this mark back?";
    judge_rest: "把余下的标记一并判定？这会一次改变许多条标记的结论。", "Judge all the rest at once? This changes many flags.";
}

/// What is asked before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SureQuestion {
    /// An account can no longer log in.
    DisableAccount,
    /// A key ends.
    RevokeKey,
    /// A contact is not tried again.
    GiveUp,
    /// A receiver hears nothing more.
    RemoveHook,
    /// A saved search goes.
    DeleteView,
    /// A training can no longer be chosen.
    RetireTraining,
    /// A form is no longer filled in.
    RetireForm,
    /// An incident was none.
    RevokeIncident,
    /// Work goes back.
    RecallWork,
    /// Work is no longer given by a rule.
    RemoveRule,
    /// A case is closed.
    CloseCase,
    /// An agreement goes.
    EndCoaching,
    /// Nobody reads on in a session.
    EndCalibration,
    /// An example goes.
    TakeOut,
    /// A mark goes.
    Unmark,
    /// Many flags get one verdict.
    JudgeRest,
}

impl SureQuestion {
    const fn text(self, w: &SureWords) -> &'static str {
        match self {
            Self::DisableAccount => w.disable_account,
            Self::RevokeKey => w.revoke_key,
            Self::GiveUp => w.give_up,
            Self::RemoveHook => w.remove_hook,
            Self::DeleteView => w.delete_view,
            Self::RetireTraining => w.retire_training,
            Self::RetireForm => w.retire_form,
            Self::RevokeIncident => w.revoke_incident,
            Self::RecallWork => w.recall_work,
            Self::RemoveRule => w.remove_rule,
            Self::CloseCase => w.close_case,
            Self::EndCoaching => w.end_coaching,
            Self::EndCalibration => w.end_calibration,
            Self::TakeOut => w.take_out,
            Self::Unmark => w.unmark,
            Self::JudgeRest => w.judge_rest,
        }
    }
}

/// The question before something is taken away.
#[derive(Debug, Template)]
#[template(path = "sure.html")]
pub struct SurePage {
    frame: Frame,
    w: &'static SureWords,
    question: String,
    action: String,
    back: String,
    fields: Vec<(String, String)>,
    notes: Vec<String>,
}

impl SurePage {
    /// Asks. `action` is where the form goes once more with its `fields`, `back` is the page that it came from.
    #[must_use]
    pub fn new(
        frame: Frame,
        question: SureQuestion,
        (action, back): (&str, &str),
        fields: Vec<(String, String)>,
    ) -> Self {
        let w = frame.lang.sure();
        let name = fields.iter().find(|(name, _)| matches!(&**name, "name" | "account"));
        let name = name.map_or("", |(_, value)| value);
        let notes = fields.iter().filter(|(name, value)| name == "note" && !value.is_empty());
        Self {
            w,
            question: fill(question.text(w), name),
            action: action.to_owned(),
            back: back.to_owned(),
            notes: notes.map(|(_, note)| note.clone()).collect(),
            fields,
            frame,
        }
    }
}
