//! [`Signals`] and cues → [`Flag`]s: reasons to listen to a contact.
//!
//! A flag is a candidate, never a verdict: a person confirms or rejects it. It names the turns and
//! holds the facts of what happened, in the order in which it happened. Nothing says that one
//! speaker caused what the other felt: one contact cannot show that.

mod course;
mod follow_up;
mod notes;
mod outside;
mod policy;
mod service;
mod shared;
mod staff;

use std::cmp::Reverse;

use tingxin_text::domain::{Body, Flag, Rule, RuleThresholds, ScoredContact, Severity, Signals};

pub(crate) use follow_up::follow_up;
pub use policy::LIKELY_DISSATISFIED;

/// Version of signals and rules; changes whenever the same scores could lead to other flags. Thresholds that people change are
/// no part of it: `rule_changes` of the store says which was in force when.
pub const RULES_VERSION: &str = "4";

/// One rule: looks at a contact and its signals and raises a flag or not.
type Check = fn(&ScoredContact, &Signals, &RuleThresholds) -> Option<Flag>;

/// For what was said, turn by turn.
const TRANSCRIPT_RULES: [Check; 9] = [
    course::escalation,
    course::negative_ending,
    course::likely_dissatisfied,
    course::recovery,
    staff::agent_lapse,
    staff::abuse,
    outside::regulator_risk,
    service::deadline_not_told,
    service::satisfaction_not_asked,
];

/// For what staff wrote down.
const NOTE_RULES: [Check; 3] = [notes::reported_distress, outside::regulator_risk, staff::abuse];

/// Raises the flags of one contact by the thresholds in force, most urgent first.
#[must_use]
pub fn raise(contact: &ScoredContact, signals: &Signals, bars: &RuleThresholds) -> Vec<Flag> {
    let rules: &[Check] = match &contact.body {
        Body::Transcript(_) => &TRANSCRIPT_RULES,
        Body::Note(_) => &NOTE_RULES,
    };
    let mut flags: Vec<Flag> = rules.iter().filter_map(|rule| rule(contact, signals, bars)).collect();
    flags.sort_by(|a, b| urgency(a).cmp(&urgency(b)).then(b.probability.total_cmp(&a.probability)));
    flags
}

/// Whether staff asked for satisfaction, where that was due; `None` where it was not, and for
/// notes.
#[must_use]
pub fn asked_for_satisfaction(contact: &ScoredContact, signals: &Signals) -> Option<bool> {
    match &contact.body {
        Body::Transcript(_) => service::asked_for_satisfaction(contact, signals),
        Body::Note(_) => None,
    }
}

/// Severity first; at equal severity and probability the order of [`Rule`] decides, so that the
/// same contact always gives the same list (the sort is stable and the rules run in a fixed order).
fn urgency(flag: &Flag) -> (usize, Reverse<bool>) {
    let severity = Severity::ALL.iter().position(|s| *s == flag.severity).unwrap_or(usize::MAX);
    // Insulted staff come before praise: a colleague may need somebody today.
    (severity, Reverse(flag.rule == Rule::Abuse))
}
