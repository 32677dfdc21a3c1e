//! The mood of a contact, turn by turn, as it is to be drawn.

use tingxin_text::domain::{Emotion, Rule, Severity, Speaker};

use crate::text::Lang;

/// One turn of the customer or the agent; system voices have no place on the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Position in the contact, from 0.
    pub turn: usize,
    /// Milliseconds from the start of the contact.
    pub at_ms: Option<u64>,
    /// Who speaks.
    pub speaker: Speaker,
    /// Valence in [-1, 1] and its standard deviation; `None` when the turn was not scored.
    pub value: Option<(f32, f32)>,
    /// The most probable emotion.
    pub emotion: Option<Emotion>,
}

/// The turns to which one flag points: a row of markers above the curve.
#[derive(Debug, Clone, PartialEq)]
pub struct FlagMarkers {
    /// What raised the flag.
    pub rule: Rule,
    /// How urgent it is.
    pub severity: Severity,
    /// Turns by index.
    pub turns: Vec<usize>,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Turns in order.
    pub points: Vec<Point>,
    /// Flags, most urgent first.
    pub lanes: Vec<FlagMarkers>,
    /// Language of the labels.
    pub lang: Lang,
}
