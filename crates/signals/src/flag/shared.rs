//! What the rules share: the flag they raise, and how they quote and weigh.

use tingxin_text::domain::{
    Body, Cue, CueKind, Emotion, EmotionScores, Facts, Flag, FlagStatus, Rule, RuleThresholds, ScoredContact,
    ScoredText, Severity, Signal, Signals, Speaker, Why,
};

/// Longest quotation in characters: enough to recognise the place, too little to replace listening.
const QUOTE: usize = 14;

/// A flag as it leaves the machine.
pub(super) fn flag(
    rule: Rule,
    severity: Severity,
    probability: f64,
    utterances: Vec<usize>,
    facts: Facts,
) -> Flag {
    Flag { rule, severity, probability, utterances, why: Why::Facts(facts), status: FlagStatus::Candidate }
}

/// The signal of a rule, if it reaches the threshold in force.
pub(super) fn reached<'a>(signals: &'a Signals, rule: Rule, bars: &RuleThresholds) -> Option<&'a Signal> {
    let bar = bars.of(rule)?;
    signals.get(rule.signal()?).filter(|signal| signal.value >= bar)
}

/// The place of a cue in its redacted words, cut to a few characters.
pub(super) fn quote(text: &ScoredText, cue: &Cue) -> String {
    let words = cue.span.slice(text.segmented.line.text.as_str());
    let words = words.trim_matches(|c: char| !c.is_alphanumeric() && !"[]《》".contains(c));
    let short: String = words.chars().take(QUOTE).collect();
    if short.len() < words.len() { format!("{short}…") } else { short }
}

/// The texts of a contact with their indices and speakers.
pub(super) fn texts(contact: &ScoredContact) -> impl Iterator<Item = (usize, Option<Speaker>, &ScoredText)> {
    contact.body.texts().enumerate().map(|(index, (speaker, text))| (index, speaker, text))
}

/// Wording on which a flag rests.
pub(super) struct FoundWording<'a, T> {
    pub(super) turn: usize,
    pub(super) text: &'a ScoredText,
    pub(super) cue: &'a Cue,
    pub(super) meaning: T,
}

/// The strongest wording of that meaning among the turns; of equals the first.
pub(super) fn strongest<'a, T>(
    contact: &'a ScoredContact,
    utterances: &[usize],
    meaning: fn(CueKind) -> Option<T>,
) -> Option<FoundWording<'a, T>> {
    texts(contact)
        .filter(|(turn, _, _)| utterances.contains(turn))
        .flat_map(|(turn, _, text)| text.segmented.cues.iter().map(move |cue| (turn, text, cue)))
        .filter_map(|(turn, text, cue)| {
            meaning(cue.kind).map(|meaning| FoundWording { turn, text, cue, meaning })
        })
        .reduce(|best, next| if next.cue.strength > best.cue.strength { next } else { best })
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
    Emotion::ALL
        .iter()
        .copied()
        .filter(|emotion| emotion.is_negative())
        .map(|emotion| (emotion, weight(contact, utterances, emotion)))
        .filter(|(_, weight)| *weight > 0.0)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(emotion, _)| emotion)
}

/// How much of an emotion is in these utterances.
fn weight(contact: &ScoredContact, utterances: &[usize], emotion: Emotion) -> f32 {
    utterances.iter().filter_map(|index| mood(contact, *index)).map(|mood| mood.get(emotion)).sum()
}
