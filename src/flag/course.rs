//! Rules on the course of the customer's mood.

use super::policy;
use super::wording::{confidence, flag, prevailing, reached, turn};
use crate::domain::{Emotion, Flag, Rule, ScoredContact, Severity, SignalName, Signals};

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

/// A negative customer had calmed down by the end.
pub(super) fn recovery(_contact: &ScoredContact, signals: &Signals) -> Option<Flag> {
    let signal = reached(signals, SignalName::Recovery, policy::EVENT)?;
    let since =
        signal.utterances.first().map_or_else(|| "后段".to_owned(), |bad| format!("{}之后", turn(*bad)));
    let reason =
        format!("客户前半段情绪负面，{since}逐渐缓和，最后三轮已不再负面{}", confidence(signal.value));
    Some(flag(Rule::Recovery, Severity::Info, signal.value, signal.utterances.clone(), reason))
}
