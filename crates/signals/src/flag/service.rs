//! Rules on steps of the service script that inspectors miss most often: telling the time limit of
//! a complaint, and asking whether the customer is satisfied.

use super::policy;
use super::shared::{flag, mood, texts};
use tingxin_text::domain::{
    Cue, CueKind, Facts, Flag, Rule, RuleThresholds, ScoredContact, Severity, SignalName, Signals, Speaker,
    Threat,
};

/// The turns of one speaker that hold a cue of a kind.
fn said(contact: &ScoredContact, by: Speaker, wanted: impl Fn(&Cue) -> bool) -> Vec<usize> {
    texts(contact)
        .filter(|(_, speaker, text)| *speaker == Some(by) && text.segmented.cues.iter().any(&wanted))
        .map(|(index, _, _)| index)
        .collect()
}

/// The customer's turns that raise something to be handled.
///
/// A turn that sounds pleased raises no problem, whatever its words («高兴坏了»).
fn find_raised(contact: &ScoredContact) -> Vec<usize> {
    said(contact, Speaker::Customer, |cue| {
        matches!(cue.kind, CueKind::ProblemRaised | CueKind::Threat(Threat::Complaint | Threat::Regulator))
    })
    .into_iter()
    .filter(|index| !mood(contact, *index).is_some_and(|mood| mood.positive() >= 0.5))
    .collect()
}

/// A matter was put on record, and nobody told until when it will be answered.
pub(super) fn deadline_not_told(
    contact: &ScoredContact,
    signals: &Signals,
    _: &RuleThresholds,
) -> Option<Flag> {
    let taken = said(contact, Speaker::Agent, |cue| cue.kind == CueKind::ComplaintTaken);
    let first = *taken.first()?;
    let told = said(contact, Speaker::Agent, |cue| cue.kind == CueKind::DeadlineTold);
    // «等半分钟再插上» early in a call is no time limit; «两天内答复» is told with the record, after
    // it, or in the agent's turn right before.
    let before = texts(contact)
        .filter(|(index, speaker, _)| *speaker == Some(Speaker::Agent) && *index < first)
        .map(|(index, _, _)| index)
        .last();
    if told.iter().any(|index| *index >= before.unwrap_or(first)) {
        return None;
    }
    if (find_raised(contact).is_empty() && !was_upset(signals)) || is_settled(signals) {
        return None;
    }
    let facts = Facts::DeadlineNotTold { turn: first };
    Some(flag(Rule::DeadlineNotTold, Severity::Low, policy::LISTED, taken, facts))
}

/// A problem was handled, and nobody asked whether the customer is satisfied.
pub(super) fn satisfaction_not_asked(
    contact: &ScoredContact,
    signals: &Signals,
    _: &RuleThresholds,
) -> Option<Flag> {
    if asked_for_satisfaction(contact, signals)? {
        return None;
    }
    let raised = find_raised(contact);
    let facts = Facts::SatisfactionNotAsked { raised: !raised.is_empty() };
    Some(flag(Rule::SatisfactionNotAsked, Severity::Low, policy::LISTED, raised, facts))
}

/// Whether staff asked for satisfaction, where that was due: something was raised or the customer
/// was upset, and there was room to ask.
pub(super) fn asked_for_satisfaction(contact: &ScoredContact, signals: &Signals) -> Option<bool> {
    let agent_turns = texts(contact).filter(|(_, speaker, _)| *speaker == Some(Speaker::Agent)).count();
    let matter = was_upset(signals) || !find_raised(contact).is_empty();
    let due = agent_turns >= policy::ROOM_TO_ASK && matter && !is_settled(signals);
    due.then(|| !said(contact, Speaker::Agent, |cue| cue.kind == CueKind::SatisfactionAsked).is_empty())
}

/// Whether the customer left with nothing open, as far as the contact tells: then a step of the
/// script is no matter. Without an expectation nobody knows.
fn is_settled(signals: &Signals) -> bool {
    signals.satisfaction.as_ref().is_some_and(|expected| expected.dissatisfied < policy::LIKELY_DISSATISFIED)
}

fn was_upset(signals: &Signals) -> bool {
    signals.get(SignalName::CustomerWorst).is_some_and(|worst| worst.value <= policy::CLEARLY_NEGATIVE)
}
