//! Utterances → turns: what one side says until the other side answers.

use super::report::{SignalReport, count};
use tingxin_text::domain::{CueKind, Emotion, EmotionScores, ScoredText, Span, Speaker, Utterance};

/// Share of an utterance's letters that formulas must cover for the utterance to count as a
/// formula.
///
/// **Source**: set by the project. «好的，谢谢，再见» is covered whole; in «好的，那我的退费呢» the
/// formula covers two of eight letters, and the utterance stays.
const FORMULA_SHARE: f64 = 0.6;

/// One side's words until the other side speaks.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    /// Indices of the utterances that carry the turn.
    pub(super) utterances: Vec<usize>,
    /// Mean of their distributions, weighted by the number of words.
    pub(super) emotions: EmotionScores,
}

impl Turn {
    /// Expected pleasantness in [-1, 1].
    pub(super) fn valence(&self) -> f64 {
        f64::from(self.emotions.valence().0.get())
    }

    /// Probability that the turn is unpleasant.
    pub(super) fn negative(&self) -> f64 {
        f64::from(self.emotions.negative())
    }
}

/// The turns of the customer that can be read.
#[derive(Debug, Default)]
pub(super) struct CustomerTurns {
    /// In order.
    pub(super) turns: Vec<Turn>,
    /// Utterances of the customer that carry too few words.
    unreadable: usize,
    /// All utterances of the customer.
    said: usize,
}

impl CustomerTurns {
    /// Says how many utterances were left out, if any were.
    pub(super) fn note_unreadable(&self, report: &mut SignalReport) {
        if self.unreadable > 0 {
            report.skip(
                "unreadable_utterances",
                format!(
                    "{} of {} customer utterances carry too few words to be read and are left out of the course of mood",
                    self.unreadable, self.said
                ),
            );
        }
    }

    /// Why there are fewer than `needed` turns.
    pub(super) fn too_few(&self, needed: usize) -> String {
        if self.said == 0 {
            "no customer turn".to_owned()
        } else if self.turns.is_empty() {
            "no customer turn that can be read: all are formulas or too short".to_owned()
        } else {
            format!("fewer than {needed} customer turns")
        }
    }
}

/// Merges the customer's neighbouring utterances.
///
/// A system voice neither counts nor separates. Formulas and unreadable utterances carry nothing,
/// but whoever speaks separates the other side's turns, formula or not.
pub(super) fn customer_turns(utterances: &[Utterance<ScoredText>]) -> CustomerTurns {
    let mut found = CustomerTurns::default();
    let mut open = TurnMixture::default();
    for (index, utterance) in utterances.iter().enumerate() {
        match utterance.speaker {
            Speaker::System => {}
            Speaker::Agent => found.turns.extend(open.close()),
            Speaker::Customer => {
                found.said += 1;
                match readable(&utterance.text) {
                    UtteranceReading::Unreadable => found.unreadable += 1,
                    UtteranceReading::Formula => {}
                    UtteranceReading::Scored(emotions) => {
                        open.add(index, emotions, utterance.text.segmented.tokens.len());
                    }
                }
            }
        }
    }
    found.turns.extend(open.close());
    found
}

enum UtteranceReading<'a> {
    Unreadable,
    Formula,
    Scored(&'a EmotionScores),
}

fn readable(text: &ScoredText) -> UtteranceReading<'_> {
    // In its context a bare «嗯行吧» can be read, and a formula is more than one if displeasure is
    // heard in it.
    let heard = text.heard.as_ref().map(|heard| &heard.emotions);
    if let Some(heard) = heard.filter(|heard| !is_formula(text) || heard.top().is_negative()) {
        return UtteranceReading::Scored(heard);
    }
    // A formula says so even when it is too short to be scored.
    if is_formula(text) {
        return UtteranceReading::Formula;
    }
    match &text.score {
        Some(score) if score.scorable => UtteranceReading::Scored(&score.emotions),
        _ => UtteranceReading::Unreadable,
    }
}

/// Whether script formulas cover most of the text.
pub(super) fn is_formula(text: &ScoredText) -> bool {
    let formulas: Vec<Span> =
        text.segmented.cues.iter().filter(|cue| cue.kind == CueKind::Courtesy).map(|cue| cue.span).collect();
    if formulas.is_empty() {
        return false;
    }
    let (mut letters, mut covered) = (0_usize, 0_usize);
    for (at, c) in text.segmented.line.text.as_str().chars().enumerate() {
        if c.is_alphanumeric() {
            letters += 1;
            covered += usize::from(formulas.iter().any(|span| span.start <= at && at < span.end));
        }
    }
    count(covered) >= FORMULA_SHARE * count(letters)
}

/// A turn while its utterances come in.
#[derive(Default)]
struct TurnMixture {
    utterances: Vec<usize>,
    weights: [f32; Emotion::COUNT],
}

impl TurnMixture {
    fn add(&mut self, index: usize, emotions: &EmotionScores, words: usize) {
        let weight = f32::from(u16::try_from(words.max(1)).unwrap_or(u16::MAX));
        self.utterances.push(index);
        for (sum, part) in self.weights.iter_mut().zip(emotions.parts()) {
            *sum += weight * part;
        }
    }

    fn close(&mut self) -> Option<Turn> {
        let Self { utterances, weights } = std::mem::take(self);
        let emotions = EmotionScores::from_weights(weights).ok()?;
        Some(Turn { utterances, emotions })
    }
}

/// Whether this side says anything.
pub(super) fn speaks(turns: &[Utterance<ScoredText>], speaker: Speaker) -> bool {
    turns.iter().any(|turn| turn.speaker == speaker)
}
