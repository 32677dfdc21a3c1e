//! Rules on what staff did, and on what was done to them.

use super::policy;
use super::shared::{flag, mood, quote, reached, strongest, texts};
use tingxin_text::domain::{
    CueKind, Emotion, EmotionScores, Facts, Flag, HeardLapse, LapseAct, Rule, RuleThresholds, ScoredContact,
    Severity, Signals, Speaker,
};

/// An agent turn was negative. A person always confirms it before anyone else sees it.
pub(super) fn agent_lapse(contact: &ScoredContact, signals: &Signals, bars: &RuleThresholds) -> Option<Flag> {
    let signal = reached(signals, Rule::AgentLapse, bars)?;
    let worst = strongest(contact, &signal.utterances, lapse);
    let severity = match &worst {
        Some(found) if found.cue.strength >= policy::GRAVE_LAPSE => Severity::High,
        _ => Severity::Medium,
    };
    let (turn, heard) = if let Some(found) = worst {
        (found.turn, HeardLapse::Wording { act: found.meaning, words: quote(found.text, found.cue) })
    } else {
        let index = signal.utterances.first().copied()?;
        (index, HeardLapse::Tone { emotion: tone(contact, index) })
    };
    let facts = Facts::AgentLapse { turn, heard, turned: customer_turned_after(contact, turn) };
    Some(flag(Rule::AgentLapse, severity, policy::listed(signal.value), signal.utterances.clone(), facts))
}

const fn lapse(kind: CueKind) -> Option<LapseAct> {
    match kind {
        CueKind::Lapse(act) => Some(act),
        _ => None,
    }
}

fn tone(contact: &ScoredContact, index: usize) -> Emotion {
    let weight = |emotion| mood(contact, index).map_or(0.0, |mood| mood.get(emotion));
    if weight(Emotion::Anger) > weight(Emotion::Disgust) { Emotion::Anger } else { Emotion::Disgust }
}

/// Whether a customer who was not negative before the agent's turn was negative after it.
///
/// On labelled dialogues this follows a negative reply in 19–24 % of cases, any other reply in 2–5
/// %. It is an order of events, not a cause.
fn customer_turned_after(contact: &ScoredContact, agent: usize) -> bool {
    let negative = |index: &usize| mood(contact, *index).map(EmotionScores::negative);
    let customer: Vec<usize> = texts(contact)
        .filter(|(_, speaker, _)| *speaker == Some(Speaker::Customer))
        .map(|(index, _, _)| index)
        .collect();
    let before = customer.iter().rev().filter(|index| **index < agent).find_map(negative);
    let after = customer.iter().filter(|index| **index > agent).find_map(negative);
    matches!((before, after), (Some(before), Some(after)) if 1.0 - before >= policy::TURN && after >= policy::TURN)
}

/// The agent was insulted or threatened: a need for support, never a fault.
pub(super) fn abuse(contact: &ScoredContact, signals: &Signals, bars: &RuleThresholds) -> Option<Flag> {
    let signal = reached(signals, Rule::Abuse, bars)?;
    let facts = Facts::Abuse { kind: contact.body.kind() };
    Some(flag(Rule::Abuse, Severity::Info, policy::listed(signal.value), signal.utterances.clone(), facts))
}
