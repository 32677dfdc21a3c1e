//! Rules on what staff did, and on what was done to them.

use super::policy;
use super::shared::{flag, mood, quote, reached, texts};
use tingxin_text::domain::{
    Cue, CueKind, Emotion, EmotionScores, Facts, Flag, HeardLapse, LapseAct, Rule, ScoredContact, ScoredText,
    Severity, SignalName, Signals, Speaker,
};

/// An agent turn was negative. A person always confirms it before anyone else sees it.
pub(super) fn agent_lapse(contact: &ScoredContact, signals: &Signals) -> Option<Flag> {
    let signal = reached(signals, SignalName::AgentLapse, policy::LAPSE)?;
    let worst = gravest(contact, &signal.utterances);
    let severity = match &worst {
        Some((_, _, cue, _)) if cue.strength >= policy::GRAVE_LAPSE => Severity::High,
        _ => Severity::Medium,
    };
    let (turn, heard) = if let Some((index, text, cue, act)) = worst {
        (index, HeardLapse::Wording { act, words: quote(text, &cue) })
    } else {
        let index = signal.utterances.first().copied()?;
        (index, HeardLapse::Tone { emotion: tone(contact, index) })
    };
    let facts = Facts::AgentLapse { turn, heard, turned: customer_turned_after(contact, turn) };
    Some(flag(Rule::AgentLapse, severity, policy::listed(signal.value), signal.utterances.clone(), facts))
}

/// The strongest wording among the turns; of equals the first.
fn gravest<'a>(
    contact: &'a ScoredContact,
    utterances: &[usize],
) -> Option<(usize, &'a ScoredText, Cue, LapseAct)> {
    let mut worst: Option<(usize, &ScoredText, Cue, LapseAct)> = None;
    for (index, _, text) in texts(contact).filter(|(index, _, _)| utterances.contains(index)) {
        for cue in &text.segmented.cues {
            if let CueKind::Lapse(act) = cue.kind
                && worst.is_none_or(|(_, _, found, _)| cue.strength > found.strength)
            {
                worst = Some((index, text, *cue, act));
            }
        }
    }
    worst
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
pub(super) fn abuse(contact: &ScoredContact, signals: &Signals) -> Option<Flag> {
    let signal = reached(signals, SignalName::Abuse, policy::ABUSE)?;
    let facts = Facts::Abuse { kind: contact.body.kind() };
    Some(flag(Rule::Abuse, Severity::Info, policy::listed(signal.value), signal.utterances.clone(), facts))
}
