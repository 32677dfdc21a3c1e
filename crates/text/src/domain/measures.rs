//! What statistics over many contacts need of one contact: numbers, no words.

use serde::{Deserialize, Serialize};

use super::{
    Analysis, BusinessProcess, Channel, ContactRef, FollowUp, Rule, StaffId, TeamId, UtcMillis, rounded,
};

/// How one turn sounds by itself, without what it repeats of the other side's words.
///
/// **Range**: valence in [-1, 1], probabilities in [0, 1]. Rounded to five decimals, like
/// everything that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f32; 3]", into = "[f32; 3]")]
pub struct Tone {
    /// Expected pleasantness.
    pub valence: f32,
    /// Probability of a pleasant emotion.
    pub positive: f32,
    /// Probability of an unpleasant emotion.
    pub negative: f32,
}

impl From<[f32; 3]> for Tone {
    fn from([valence, positive, negative]: [f32; 3]) -> Self {
        Self { valence, positive, negative }
    }
}

impl From<Tone> for [f32; 3] {
    fn from(Tone { valence, positive, negative }: Tone) -> Self {
        [valence, positive, negative].map(rounded)
    }
}

/// A turn of the customer and the turn of staff that answers it.
///
/// A side is missing when it did not speak, used a formula or said too little to be read.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Exchange {
    /// The customer's turn.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none", default)]
    pub customer: Option<Tone>,
    /// The answer.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none", default)]
    pub agent: Option<Tone>,
}

/// Numbers of one transcript. A note has none: its emotions are reported, not expressed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ContactMeasures {
    /// Turn by turn, in order.
    pub exchanges: Vec<Exchange>,
    /// Mean valence of the first three turns of the customer; with `mean`, `worst` and `end` as in
    /// the signals.
    pub start: Option<f32>,
    /// Mean valence of all turns of the customer.
    pub mean: Option<f32>,
    /// Lowest mean of two neighbouring turns.
    pub worst: Option<f32>,
    /// Mean valence of the last three turns.
    pub end: Option<f32>,
    /// Probability of a negative ending.
    pub ends_negative: Option<f32>,
    /// Probability of an escalation.
    pub escalated: Option<f32>,
    /// Probability of a recovery.
    pub recovered: Option<f32>,
    /// Probability that a turn of staff was a lapse.
    pub lapse: Option<f32>,
    /// Turns of staff that could be read.
    pub agent_turns: u32,
    /// Turns of the customer that could be read.
    pub customer_turns: u32,
    /// Expected number of hostile utterances of the customer: the sum of the probabilities of anger
    /// and disgust.
    pub hostile_turns: f32,
    /// Expected number of insulting or threatening utterances of the customer.
    pub abusive_turns: f32,
    /// Unpleasantness that staff listened to: `Σ max(−valence, 0)` over the customer's turns, each
    /// weighted with its share of all words of the contact. In [0, 1].
    pub load: f32,
    /// Mean valence of the first two turns of staff that are no formula.
    pub opening: Option<f32>,
    /// Where a matter was raised: whether staff asked if it is settled or the customer is
    /// satisfied.
    pub asked: Option<bool>,
    /// Milliseconds from the beginning to the end of the last utterance, if the source tells.
    pub lasted_ms: Option<u64>,
    /// Utterances of staff that are formulas, by index: they are no choice of words and stay out of
    /// what is said about wording.
    pub formulas: Vec<usize>,
}

/// One contact as statistics see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Our key.
    pub id: ContactRef,
    /// Touchpoint.
    pub channel: Channel,
    /// What it was about.
    pub process: Option<BusinessProcess>,
    /// Who served.
    pub staff: Option<StaffId>,
    /// Team of the staff member at the time.
    pub team: Option<TeamId>,
    /// When it began.
    pub happened_at: UtcMillis,
    /// The customer had a contact in the seven days before.
    pub repeated: bool,
    /// Within a declared incident.
    pub incident: bool,
    /// Its numbers.
    pub measures: ContactMeasures,
    /// What of it is under appeal, or was overturned.
    pub contested: Vec<Contest>,
}

/// An event of a contact that its staff member contests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contest {
    /// The rule whose flag was confirmed.
    pub rule: Rule,
    /// Whether a second reviewer found that it did not happen; undecided before.
    pub overturned: bool,
}

/// The answer for one contact, and the numbers that go into statistics over many.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysed {
    /// What is published.
    pub analysis: Analysis,
    /// What is summed; `None` for a note.
    pub measures: Option<ContactMeasures>,
    /// What asks for somebody to come back to the customer; `None` where nothing does.
    pub follow_up: Option<FollowUp>,
}

impl From<Analysis> for Analysed {
    /// An analysis that takes no part in statistics.
    fn from(analysis: Analysis) -> Self {
        Self { analysis, measures: None, follow_up: None }
    }
}
