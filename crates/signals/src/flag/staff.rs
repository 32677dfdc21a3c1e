//! Rules on what staff did, and on what was done to them.

use super::policy;
use super::wording::{confidence, flag, mood, quote, reached, texts, turn, turns};
use tingxin_text::domain::{
    Cue, CueKind, Emotion, EmotionScores, Flag, Kind, LapseAct, Rule, ScoredContact, ScoredText, Severity,
    SignalName, Signals, Speaker,
};

/// An agent turn was negative. A person always confirms it before anyone else sees it.
pub(super) fn agent_lapse(contact: &ScoredContact, signals: &Signals) -> Option<Flag> {
    let signal = reached(signals, SignalName::AgentLapse, policy::LAPSE)?;
    let worst = gravest(contact, &signal.utterances);
    let severity = match &worst {
        Some((_, _, cue, _)) if cue.strength >= policy::GRAVE_LAPSE => Severity::High,
        _ => Severity::Medium,
    };
    let (at, what) = if let Some((index, text, cue, act)) = &worst {
        (*index, format!("{}{}", act_zh(*act), quote(text, cue)))
    } else {
        let index = signal.utterances.first().copied()?;
        (index, format!("带有明显的{}情绪", tone(contact, index).zh()))
    };
    let after = if customer_turned_after(contact, at) { "，之后客户由平静转为不满" } else { "" };
    let reason =
        format!("{}坐席的话{what}{after}，请人工复核{}", turn(at), confidence(policy::listed(signal.value)));
    Some(flag(Rule::AgentLapse, severity, policy::listed(signal.value), signal.utterances.clone(), reason))
}

const fn act_zh(act: LapseAct) -> &'static str {
    match act {
        LapseAct::Blame => "像是在指责客户：",
        LapseAct::Refusal => "像是生硬拒绝：",
        LapseAct::Command => "像是命令口吻：",
        LapseAct::Sarcasm => "像是在讽刺：",
        LapseAct::Impatience => "显得不耐烦：",
        LapseAct::Dismissal => "像是在敷衍：",
    }
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
/// On labelled dialogues this follows a negative reply in 19–24 % of cases, any other reply in 2–5 %.
/// It is an order of events, not a cause.
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
    let sure = confidence(policy::listed(signal.value));
    let reason = match contact.body.kind() {
        Kind::Transcript => {
            format!("{}坐席受到辱骂或威胁，请主管关怀并给予支持{sure}", turns(&signal.utterances))
        }
        Kind::Note => format!("记录显示员工受到辱骂或威胁，请主管关怀并给予支持{sure}"),
    };
    Some(flag(Rule::Abuse, Severity::Info, policy::listed(signal.value), signal.utterances.clone(), reason))
}
