//! Flags: reasons to listen to a contact.

use serde::{Deserialize, Serialize};

use super::closed_set;

closed_set! {
    /// The rule that raised a flag.
    Rule {
        /// The customer's mood got clearly worse and stayed negative.
        Escalation => "escalation", "情绪升级";
        /// The customer left in a negative mood.
        NegativeEnding => "negative_ending", "负面收尾";
        /// The customer is probably dissatisfied and did not complain.
        LikelyDissatisfied => "likely_dissatisfied", "可能不满意";
        /// An agent turn was negative. Always confirmed by a person before anyone else sees it.
        AgentLapse => "agent_lapse", "坐席失当";
        /// The customer may go to a regulator, the media, a court or another operator.
        RegulatorRisk => "regulator_risk", "外部投诉风险";
        /// The agent was insulted or threatened: a need for support, never a fault.
        Abuse => "abuse", "坐席受辱骂";
        /// A negative customer had calmed down by the end: worth learning from.
        Recovery => "recovery", "情绪缓和";
        /// A complaint was taken and no time limit was told.
        DeadlineNotTold => "deadline_not_told", "未告知时限";
        /// A problem was handled and nobody asked whether the customer is satisfied.
        SatisfactionNotAsked => "satisfaction_not_asked", "未询问满意";
        /// Staff report an upset customer in a note.
        ReportedDistress => "reported_distress", "记录客户不满";
    }
}

closed_set! {
    /// How urgently a person should look.
    Severity {
        /// Today.
        High => "high", "高";
        /// This week.
        Medium => "medium", "中";
        /// When there is time.
        Low => "low", "低";
        /// Nothing is wrong: support for staff, or good work.
        Info => "info", "关怀";
    }
}

closed_set! {
    /// What people have said about a flag.
    FlagStatus {
        /// Raised by the machine, seen by nobody.
        Candidate => "candidate", "待复核";
        /// A reviewer agrees.
        Confirmed => "confirmed", "已确认";
        /// A reviewer disagrees.
        Rejected => "rejected", "已驳回";
    }
}

/// A reason to listen to a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Flag {
    /// What raised it.
    pub rule: Rule,
    /// How urgent.
    pub severity: Severity,
    /// Probability that the event happened, in [0, 1], as far as the model is calibrated.
    pub probability: f64,
    /// The turns to look at, by index.
    pub utterances: Vec<usize>,
    /// One Chinese sentence why.
    pub reason: String,
    /// Always `candidate` when it leaves the machine.
    pub status: FlagStatus,
}
