//! The thresholds of all rules in one place, each with where it comes from.
//!
//! Two kinds stand here. Event thresholds apply to probabilities of events in the course of mood;
//! they follow from experiments on labelled dialogues. Everything that rests on lists of wording is
//! set by the project: the precision of the lists on real contacts is unknown until reviewers have
//! judged enough flags, and no number here pretends otherwise.

/// Probability from which an event in the course of mood is flagged.
///
/// **Source**: on labelled service dialogues flags from .8 on have precision .82–.95 («escalation»)
/// and .62–.94 («recovery») for utterance models of macro-F1 .63–.94, but find only .07–.75 and
/// .11–.80 of the events. The lexicon model is unsure of itself: on the 80 sample contacts that the
/// project ships, flags from .8 on are right in 13 of 14 cases and find 13 of 54 events; from .6 on
/// 32 of 33 and 32 of 54. Those figures are in-sample, for the bar was chosen on the same contacts;
/// reviewers' verdicts will replace them. None of 500 neutral dialogues reaches .3. A flag of .6 is
/// a candidate of medium severity, and `SURE_EVENT` tells the two apart.
pub(super) const EVENT: f64 = 0.6;

/// Probability from which an event is as good as certain; see [`EVENT`].
pub(super) const SURE_EVENT: f64 = 0.8;

/// Probability from which a lapse is shown to a reviewer.
///
/// **Source**: agents are negative in 0.3–0.5 % of their turns. A flag names a person, so the bar
/// is higher than for the customer's side.
pub(super) const LAPSE: f64 = 0.9;

/// Strength of wording from which a lapse is urgent (of 1 to 5).
pub(super) const GRAVE_LAPSE: u8 = 4;

/// Probability from which a step outside is flagged, and from which it is urgent.
///
/// **Source**: set by the project. Missing one costs more than a needless look, so the bar is lower
/// than for events.
pub(super) const OUTSIDE: f64 = 0.7;
/// See [`OUTSIDE`].
pub(super) const OUTSIDE_URGENT: f64 = 0.9;

/// Probability from which staff are offered support.
///
/// **Source**: set by the project; being asked needlessly how one is does no harm.
pub(super) const ABUSE: f64 = 0.8;

/// Probability from which a note is flagged, and from which it is urgent.
pub(super) const REPORTED: f64 = 0.8;
/// See [`REPORTED`]. Only strong reports with an unsettled ending, or several of them, reach it.
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
