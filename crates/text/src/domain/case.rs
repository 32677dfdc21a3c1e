//! Cases: somebody owes a customer an answer, until the customer has it.

use super::closed_set;

closed_set! {
    /// What is owed.
    CaseKind {
        /// Somebody calls the customer back.
        Callback => "callback", "回访";
        /// A matter that a department has to settle.
        Matter => "matter", "问题处理";
    }
}

closed_set! {
    /// Why a case was opened. Whatever a machine opened is a candidate for whoever calls back, never a fault of whoever served.
    CaseOrigin {
        /// Staff promised to come back to the customer.
        Promise => "promise", "承诺回访";
        /// The customer left in a negative mood, or staff write so.
        NegativeEnding => "negative_ending", "负面收尾";
        /// The customer is probably dissatisfied and did not complain.
        LikelyDissatisfied => "likely_dissatisfied", "可能不满意";
        /// A case was closed, and the customer came back and says that nothing is settled.
        NotSettled => "not_settled", "办结后再次联系";
        /// Somebody opened it.
        Person => "person", "人工登记";
        /// What those are told who see no unconfirmed flag: one of the flags above.
        Suggested => "suggested", "系统建议";
    }
}

closed_set! {
    /// How far a case is.
    CaseState {
        /// Nobody has it.
        Open => "open", "待认领";
        /// Its owner has it.
        Taken => "taken", "处理中";
        /// A department has to answer; the owner stays responsible.
        Forwarded => "forwarded", "等部门答复";
        /// It is done.
        Closed => "closed", "已办结";
    }
}

closed_set! {
    /// How long it may take.
    CaseTerm {
        /// Three days.
        ThreeDays => "three_days", "3天";
        /// A day after a repair.
        DayAfterRepair => "day_after_repair", "修障后24小时";
        /// As long as staff told the customer.
        Promised => "promised", "承诺时限";
    }
}

closed_set! {
    /// Why the customer was not helped at once, as whoever closes a case sees it.
    CaseCause {
        /// Whoever served did not know.
        NotKnown => "not_known", "不知";
        /// Whoever served knew and could not do it.
        NotAble => "not_able", "不会";
        /// Whoever served did not want to.
        NotWilling => "not_willing", "不愿";
        /// Systems, resources or rules did not let anybody do it.
        System => "system", "系统支撑";
    }
}

closed_set! {
    /// What became of it.
    CaseOutcome {
        /// The matter is settled.
        Settled => "settled", "已解决";
        /// It is explained, and the customer takes it.
        Explained => "explained", "已解释，客户认可";
        /// It is not settled, and the customer knows.
        NotSettled => "not_settled", "未解决，已告知客户";
        /// Nobody could be reached.
        Unreachable => "unreachable", "联系不上";
        /// There was nothing to call back about.
        NoNeed => "no_need", "无需回访";
    }
}

closed_set! {
    /// What was done with a case.
    CaseAct {
        /// It was opened.
        Opened => "opened", "登记";
        /// Somebody took it.
        Taken => "taken", "认领";
        /// It was given to somebody.
        Assigned => "assigned", "指派";
        /// It was handed to a department.
        Forwarded => "forwarded", "转部门";
        /// It was closed.
        Closed => "closed", "办结";
        /// It was opened again.
        Reopened => "reopened", "重新打开";
        /// The customer came back and says that nothing is settled.
        CameBack => "came_back", "客户再次联系";
    }
}

impl CaseState {
    /// Whether somebody still owes something.
    #[must_use]
    pub fn is_open(self) -> bool {
        self != Self::Closed
    }
}

impl CaseOrigin {
    /// Whether it names a flag that nobody may have confirmed.
    #[must_use]
    pub const fn is_flag(self) -> bool {
        matches!(self, Self::NegativeEnding | Self::LikelyDissatisfied)
    }
}

/// What of a contact asks for somebody to come back to the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FollowUp {
    /// Staff promised to come back.
    pub promised: bool,
    /// Within so many hours, where that was told.
    pub promised_hours: Option<u32>,
    /// The customer says that an earlier matter is not settled.
    pub unsettled: bool,
}
