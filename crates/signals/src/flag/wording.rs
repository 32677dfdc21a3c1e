//! How reasons are put into words.

use std::fmt::Write as _;

use tingxin_text::domain::{
    Body, Cue, Emotion, EmotionScores, Flag, FlagStatus, Rule, ScoredContact, ScoredText, Severity, Signal,
    SignalName, Signals, Speaker,
};

/// Longest quotation in characters: enough to recognise the place, too little to replace listening.
const QUOTE: usize = 14;

/// A flag as it leaves the machine.
pub(super) fn flag(
    rule: Rule,
    severity: Severity,
    probability: f64,
    utterances: Vec<usize>,
    reason: String,
) -> Flag {
    Flag { rule, severity, probability, utterances, reason, status: FlagStatus::Candidate }
}

/// The signal of that name, if it reaches the threshold.
pub(super) fn reached(signals: &Signals, name: SignalName, threshold: f64) -> Option<&Signal> {
    signals.get(name).filter(|signal| signal.value >= threshold)
}

/// «（把握92%）»; never 100: no model is that sure.
pub(super) fn confidence(probability: f64) -> String {
    let percent = (probability * 100.0).round().clamp(0.0, 99.0);
    format!("（把握{percent:.0}%）")
}

/// «第7轮»; people count from one.
pub(super) fn turn(utterance: usize) -> String {
    format!("第{}轮", utterance + 1)
}

/// «第5轮、第9轮», at most three of them.
pub(super) fn turns(utterances: &[usize]) -> String {
    let mut text = String::new();
    for (n, utterance) in utterances.iter().take(3).enumerate() {
        let comma = if n == 0 { "" } else { "、" };
        // Writing to a String cannot fail.
        let _ = write!(text, "{comma}{}", turn(*utterance));
    }
    if utterances.len() > 3 {
        text.push('等');
    }
    text
}

/// The place of a cue in its redacted words, cut to a few characters.
pub(super) fn quote(text: &ScoredText, cue: &Cue) -> String {
    let words = cue.span.slice(text.segmented.line.text.as_str());
    let words = words.trim_matches(|c: char| !c.is_alphanumeric() && !"[]《》".contains(c));
    let short: String = words.chars().take(QUOTE).collect();
    if short.len() < words.len() { format!("“{short}…”") } else { format!("“{short}”") }
}

/// The texts of a contact with their indices and speakers.
pub(super) fn texts(contact: &ScoredContact) -> impl Iterator<Item = (usize, Option<Speaker>, &ScoredText)> {
    contact.body.texts().enumerate().map(|(index, (speaker, text))| (index, speaker, text))
}

/// The mood of one utterance or sentence as a listener hears it.
pub(super) fn mood(contact: &ScoredContact, index: usize) -> Option<&EmotionScores> {
    let text = match &contact.body {
        Body::Transcript(turns) => turns.get(index).map(|turn| &turn.text),
        Body::Note(sentences) => sentences.get(index),
    };
    text.and_then(ScoredText::mood)
}

/// The unpleasant emotion that outweighs the others in these utterances.
pub(super) fn prevailing(contact: &ScoredContact, utterances: &[usize]) -> Option<Emotion> {
    let weight = |emotion: Emotion| -> f32 {
        utterances.iter().filter_map(|index| mood(contact, *index)).map(|mood| mood.get(emotion)).sum()
    };
    Emotion::ALL
        .iter()
        .copied()
        .filter(|emotion| emotion.is_negative())
        .map(|emotion| (emotion, weight(emotion)))
        .filter(|(_, weight)| *weight > 0.0)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(emotion, _)| emotion)
}
