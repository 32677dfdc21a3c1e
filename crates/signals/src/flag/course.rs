//! Rules on the course of the customer's mood.

use super::policy;
use super::shared::{flag, prevailing, reached, texts};
use tingxin_text::domain::{
    CueKind, Facts, Flag, Rule, RuleThresholds, ScoredContact, Severity, Signals, Speaker,
};

/// The customer's mood got clearly worse and stayed negative.
pub(super) fn escalation(contact: &ScoredContact, signals: &Signals, bars: &RuleThresholds) -> Option<Flag> {
    let signal = reached(signals, Rule::Escalation, bars)?;
    let ending = reached(signals, Rule::NegativeEnding, bars);
    let sure = signal.value >= policy::SURE_EVENT && ending.is_some();
    let severity = if sure { Severity::High } else { Severity::Medium };
    let left = ending.and_then(|ending| prevailing(contact, &ending.utterances));
    let facts = Facts::Escalation { since: signal.utterances.first().copied(), left };
    Some(flag(Rule::Escalation, severity, signal.value, signal.utterances.clone(), facts))
}

/// The customer left in a negative mood.
pub(super) fn negative_ending(
    contact: &ScoredContact,
    signals: &Signals,
    bars: &RuleThresholds,
) -> Option<Flag> {
    let signal = reached(signals, Rule::NegativeEnding, bars)?;
    let facts = Facts::NegativeEnding { left: prevailing(contact, &signal.utterances) };
    Some(flag(Rule::NegativeEnding, Severity::Medium, signal.value, signal.utterances.clone(), facts))
}

/// The customer is probably dissatisfied and did not say so: no complaint, no threat, no negative
/// ending, which have rules of their own.
pub(super) fn likely_dissatisfied(
    contact: &ScoredContact,
    signals: &Signals,
    bars: &RuleThresholds,
) -> Option<Flag> {
    let expected =
        signals.satisfaction.as_ref().filter(|one| one.dissatisfied >= policy::LIKELY_DISSATISFIED)?;
    let loud = [Rule::NegativeEnding, Rule::Escalation, Rule::Abuse];
    let spoken = loud.iter().any(|rule| reached(signals, *rule, bars).is_some());
    let complained = texts(contact).any(|(_, speaker, text)| {
        speaker == Some(Speaker::Customer)
            && text.segmented.cues.iter().any(|cue| matches!(cue.kind, CueKind::Threat(_)))
    });
    if spoken || complained {
        return None;
    }
    let mut moved = expected.turns.clone();
    moved.sort_unstable();
    let facts = Facts::LikelyDissatisfied { satisfaction: expected.value };
    Some(flag(Rule::LikelyDissatisfied, Severity::Low, expected.dissatisfied, moved, facts))
}

/// A negative customer had calmed down by the end.
pub(super) fn recovery(_contact: &ScoredContact, signals: &Signals, bars: &RuleThresholds) -> Option<Flag> {
    let signal = reached(signals, Rule::Recovery, bars)?;
    let facts = Facts::Recovery { after: signal.utterances.first().copied() };
    Some(flag(Rule::Recovery, Severity::Info, signal.value, signal.utterances.clone(), facts))
}
