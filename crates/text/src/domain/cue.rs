//! Cues: places at which a fixed, readable list says what is being done with words.
//!
//! A cue is a fact about wording («names a regulator», «tells a deadline»), not a judgement. Lists
//! live in `models/lexicon`; later layers decide what a cue means for a contact.

use super::{Emotion, Span, closed_set};

closed_set! {
    /// Whose emotion a note reports.
    About {
        /// The customer's.
        Customer => "customer", "客户";
        /// The writer's or a colleague's.
        Staff => "staff", "员工";
    }
}

closed_set! {
    /// What the customer threatens with, or which body is named.
    Threat {
        /// A regulator such as 工信部 or 12315.
        Regulator => "regulator", "监管投诉";
        /// Publicity.
        Media => "media", "曝光";
        /// Courts, lawyers, police.
        Legal => "legal", "诉讼";
        /// Leaving for another operator.
        Churn => "churn", "离网";
        /// A formal complaint to the operator itself.
        Complaint => "complaint", "投诉";
    }
}

closed_set! {
    /// A negative act in an agent's wording.
    LapseAct {
        /// Puts the fault on the customer.
        Blame => "blame", "指责客户";
        /// Refuses without a way forward.
        Refusal => "refusal", "生硬拒绝";
        /// Orders the customer about.
        Command => "command", "命令口吻";
        /// Irony at the customer's expense.
        Sarcasm => "sarcasm", "讽刺";
        /// Shows impatience.
        Impatience => "impatience", "不耐烦";
        /// Brushes the matter aside.
        Dismissal => "dismissal", "敷衍打发";
    }
}

closed_set! {
    /// What a note says became of the matter.
    NoteOutcome {
        /// The customer was calmed.
        Appeased => "appeased", "客户已平复";
        /// Staff say that they tried to calm the customer, and not that they did.
        Soothed => "soothed", "已做安抚";
        /// Something was promised.
        Promised => "promised", "已承诺";
        /// The matter is settled.
        Resolved => "resolved", "已解决";
        /// It is not.
        Unresolved => "unresolved", "未解决";
        /// It went further up.
        Escalated => "escalated", "已升级";
        /// The customer broke off.
        HungUp => "hung_up", "客户中断";
    }
}

/// What a cue says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CueKind {
    /// The customer names a body or a threat.
    Threat(Threat),
    /// Words that insult or threaten a person.
    Abuse,
    /// A negative act of the agent.
    Lapse(LapseAct),
    /// A time limit is told.
    DeadlineTold,
    /// A complaint, a fault or a promise is put on record.
    ComplaintTaken,
    /// The agent asks whether the customer is satisfied or the matter is solved.
    SatisfactionAsked,
    /// The customer raises something that needs handling.
    ProblemRaised,
    /// A script formula: an opening, a closing, a hold phrase.
    Courtesy,
    /// A rhetorical construction that carries an emotion.
    Rhetorical(Emotion),
    /// A note reports an emotion of someone.
    Reported {
        /// Whose emotion it is.
        about: About,
        /// Which.
        emotion: Emotion,
    },
    /// A note reports how the matter stands.
    Outcome(NoteOutcome),
}

/// One cue at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cue {
    /// What it says.
    pub kind: CueKind,
    /// Where, in the redacted text.
    pub span: Span,
    /// How strongly, 1 (hint) to 5 (extreme); 3 where the list has no grades. Abuse: 1 rude, 2
    /// insult, 3 threat or obscenity.
    pub strength: u8,
}
