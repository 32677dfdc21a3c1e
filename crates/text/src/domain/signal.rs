//! What is measured on a contact, with its uncertainty.

use serde::{Deserialize, Serialize};

use super::{Satisfaction, closed_set};

closed_set! {
    /// The name of a measured quantity.
    SignalName {
        /// Mean valence of the first three customer turns.
        CustomerStart => "customer_start", "客户起始情绪";
        /// Mean valence of all customer turns.
        CustomerMean => "customer_mean", "客户平均情绪";
        /// Lowest mean of two neighbouring customer turns.
        CustomerWorst => "customer_worst", "客户最低情绪";
        /// Mean valence of the last three customer turns.
        CustomerEnd => "customer_end", "客户结束情绪";
        /// Probability that the customer's mood got clearly worse and stayed negative.
        Escalation => "escalation", "情绪升级";
        /// Probability that a negative customer had calmed down by the end.
        Recovery => "recovery", "情绪缓和";
        /// Probability that the customer leaves the contact in a negative mood.
        NegativeEnding => "negative_ending", "负面收尾";
        /// Probability that the customer's mood turned from not unpleasant to unpleasant at the
        /// likeliest point.
        MoodDrop => "mood_drop", "情绪转坏";
        /// Probability that the customer's mood turned from unpleasant to not unpleasant at the
        /// likeliest point.
        MoodLift => "mood_lift", "情绪转好";
        /// Probability that staff were negative to a customer who was not, who was negative after
        /// it.
        AgentFirst => "agent_first_deterioration", "坐席先负面、客户随后转负";
        /// Probability that at least one agent turn was negative.
        AgentLapse => "agent_lapse", "坐席失当";
        /// Probability that the customer means to go to a regulator, the media, a court or another
        /// operator.
        RegulatorRisk => "regulator_risk", "外部投诉风险";
        /// Probability that the agent was insulted or threatened.
        Abuse => "abuse", "辱骂坐席";
        /// Probability that staff report a negative customer in a note.
        ReportedNegative => "reported_negative", "记录中的负面情绪";
    }
}

closed_set! {
    /// The scale of a signal's value.
    SignalKind {
        /// In [0, 1].
        Probability => "probability", "概率";
        /// In [-1, 1].
        Valence => "valence", "情绪值";
    }
}

/// One measured quantity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Signal {
    /// What is measured.
    pub name: SignalName,
    /// The value, on the scale of `kind`.
    pub value: f64,
    /// The scale.
    pub kind: SignalKind,
    /// Lower end of the 80 % interval; null for probabilities, which are their own uncertainty.
    pub low: Option<f64>,
    /// Upper end of the 80 % interval.
    pub high: Option<f64>,
    /// The turns it rests on, by index.
    pub utterances: Vec<usize>,
}

/// Something that was not computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Skipped {
    /// Name of the signal or feature.
    pub feature: String,
    /// Why not, in English.
    pub reason: String,
}

/// All that was measured on a contact, and what was not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Signals {
    /// Measured quantities in the order of [`SignalName::ALL`].
    pub measured: Vec<Signal>,
    /// How satisfied the customer is expected to be; `None` where there is nothing to judge.
    pub satisfaction: Option<Satisfaction>,
    /// Quantities left out, each with its reason.
    pub skipped: Vec<Skipped>,
}

impl Signals {
    /// The signal of that name, if it was measured.
    #[must_use]
    pub fn get(&self, name: SignalName) -> Option<&Signal> {
        self.measured.iter().find(|signal| signal.name == name)
    }
}
