//! What rules go by beside the threshold of their signal (`domain::threshold`), each with where it comes from.
//!
//! Two kinds stand here. Event thresholds apply to probabilities of events in the course of mood;
//! they follow from experiments on labelled dialogues. Everything that rests on lists of wording is
//! set by the project: the precision of the lists on real contacts is unknown until reviewers have
//! judged enough flags, and no number here pretends otherwise.

/// Probability from which an event is as good as certain.
pub(super) const SURE_EVENT: f64 = 0.8;

/// Strength of wording from which a lapse is urgent (of 1 to 5).
pub(super) const GRAVE_LAPSE: u8 = 4;

/// Probability from which a step outside is urgent. **Source**: set by the project.
pub(super) const OUTSIDE_URGENT: f64 = 0.9;

/// Probability from which a note is urgent. Only strong reports with an unsettled ending, or several of them, reach it.
pub(super) const REPORTED_URGENT: f64 = 0.97;

/// Probability of rules that compare wording with lists and know no doubt of their own.
///
/// **Source**: none; a convention. One such flag in twenty may be wrong because a list does not
/// know a way of saying it. Reviewers' verdicts give the true figure per rule.
pub(super) const LISTED: f64 = 0.95;

/// What a rule that rests on lists may claim at most: several cues agree with each other more
/// readily than with a reviewer, so adding them up must not end in certainty.
pub(super) const fn listed(probability: f64) -> f64 {
    probability.min(LISTED)
}

/// Mean of two neighbouring turns below which the customer was clearly negative.
///
/// **Unit**: valence. **Source**: one of the two turns certainly angry, or both more likely
/// negative than not.
pub(super) const CLEARLY_NEGATIVE: f64 = -0.4;

/// Probability of dissatisfaction from which a contact without any complaint is flagged as silently
/// dissatisfied, and below which a matter counts as settled, so that a missed step of the script
/// raises no flag.
///
/// **Source**: set on the dev contacts of the corpus; at .4 a calm call without a complaint was
/// flagged for its script.
pub const LIKELY_DISSATISFIED: f64 = 0.6;

/// Fewest agent turns of a contact in which asking for satisfaction can be expected.
pub(super) const ROOM_TO_ASK: usize = 3;

/// Probability from which a turn counts as negative, or as not negative, in «what came after».
///
/// **Source**: as [`SURE_EVENT`].
pub(super) const TURN: f32 = 0.8;
