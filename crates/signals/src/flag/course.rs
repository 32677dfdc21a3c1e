//! Rules on the course of the customer's mood.

use super::policy;
use super::wording::{confidence, flag, prevailing, reached, texts, turn, turns};
use tingxin_text::domain::{
    CueKind, Emotion, Flag, Rule, ScoredContact, Severity, SignalName, Signals, Speaker,
};

/// The customer's mood got clearly worse and stayed negative.
pub(super) fn escalation(contact: &ScoredContact, signals: &Signals) -> Option<Flag> {
    let signal = reached(signals, SignalName::Escalation, policy::EVENT)?;
    let ending = signals.get(SignalName::NegativeEnding);
    let ends_badly = ending.is_some_and(|ending| ending.value >= policy::EVENT);
    let severity =
        if signal.value >= policy::SURE_EVENT && ends_badly { Severity::High } else { Severity::Medium };
    let since =
        signal.utterances.first().map_or_else(|| "后段".to_owned(), |first| format!("{}起", turn(*first)));
    let end = ending
        .filter(|_| ends_badly)
        .and_then(|ending| prevailing(contact, &ending.utterances))
        .map_or_else(String::new, |emotion| format!("，最后三轮仍以{}为主", emotion.zh()));
    let reason = format!("{since}客户情绪明显变差{end}{}", confidence(signal.value));
    Some(flag(Rule::Escalation, severity, signal.value, signal.utterances.clone(), reason))
}

/// The customer left in a negative mood.
pub(super) fn negative_ending(contact: &ScoredContact, signals: &Signals) -> Option<Flag> {
    let signal = reached(signals, SignalName::NegativeEnding, policy::EVENT)?;
    let left = match prevailing(contact, &signal.utterances) {
        Some(Emotion::Sadness) => "失望或难过",
        Some(Emotion::Fear) => "担忧",
        Some(Emotion::Disgust) => "厌烦",
        _ => "愤怒",
    };
    let reason = format!("客户最后三轮情绪仍为负面，带着{left}结束这次接触{}", confidence(signal.value));
    Some(flag(Rule::NegativeEnding, Severity::Medium, signal.value, signal.utterances.clone(), reason))
}

/// The customer is probably dissatisfied and did not say so: no complaint, no threat, no negative ending, which have rules of
/// their own.
pub(super) fn likely_dissatisfied(contact: &ScoredContact, signals: &Signals) -> Option<Flag> {
    let expected =
        signals.satisfaction.as_ref().filter(|one| one.dissatisfied >= policy::LIKELY_DISSATISFIED)?;
    let loud = [
        (SignalName::NegativeEnding, policy::EVENT),
        (SignalName::Escalation, policy::EVENT),
        (SignalName::Abuse, policy::ABUSE),
    ];
    let spoken = loud.iter().any(|(name, least)| reached(signals, *name, *least).is_some());
    let complained = texts(contact).any(|(_, speaker, text)| {
        speaker == Some(Speaker::Customer)
            && text.segmented.cues.iter().any(|cue| matches!(cue.kind, CueKind::Threat(_)))
    });
    if spoken || complained {
        return None;
    }
    let mut moved = expected.turns.clone();
    moved.sort_unstable();
    let around = if moved.is_empty() { String::new() } else { format!("，可留意{}", turns(&moved)) };
    let reason = format!(
        "客户没有投诉，但预计满意度只有{:.1}分（满分5分）{around}{}",
        expected.value,
        confidence(expected.dissatisfied)
    );
    Some(flag(Rule::LikelyDissatisfied, Severity::Low, expected.dissatisfied, moved, reason))
}

/// A negative customer had calmed down by the end.
pub(super) fn recovery(_contact: &ScoredContact, signals: &Signals) -> Option<Flag> {
    let signal = reached(signals, SignalName::Recovery, policy::EVENT)?;
    let since =
        signal.utterances.first().map_or_else(|| "后段".to_owned(), |bad| format!("{}之后", turn(*bad)));
    let reason =
        format!("客户前半段情绪负面，{since}逐渐缓和，最后三轮已不再负面{}", confidence(signal.value));
    Some(flag(Rule::Recovery, Severity::Info, signal.value, signal.utterances.clone(), reason))
}
