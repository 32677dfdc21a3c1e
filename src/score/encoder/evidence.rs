//! Which words moved the score: occlusion at the pooling layer.

use crate::domain::{EmotionScores, Evidence, SegmentedText, Span};

/// Most places that are shown.
const MOST_SHOWN: usize = 3;
/// A change of valence below this is not worth showing.
const LEAST_SHOWN: f32 = 0.02;

/// Where a token stands in the text, in characters, and its row among the states.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) row: usize,
}

/// Final states of the tokens of one text, and their sum.
pub(super) struct Pooled<'a> {
    states: &'a [f32],
    sum: Vec<f32>,
}

impl<'a> Pooled<'a> {
    /// `states` holds rows of `width` values.
    pub(super) fn new(states: &'a [f32], width: usize) -> Self {
        let mut sum = vec![0.0; width];
        for row in states.chunks_exact(width) {
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        Self { states, sum }
    }

    /// The mean over all rows.
    pub(super) fn mean(&self) -> Vec<f32> {
        self.without(&[])
    }

    /// The mean without these rows.
    #[expect(
        clippy::cast_precision_loss,
        clippy::as_conversions,
        reason = "an utterance has some hundred tokens"
    )]
    fn without(&self, rows: &[usize]) -> Vec<f32> {
        let width = self.sum.len().max(1);
        let mut rest = self.sum.clone();
        for at in rows {
            let row = self.states.get(at * width..(at + 1) * width).unwrap_or_default();
            rest.iter_mut().zip(row).for_each(|(sum, value)| *sum -= value);
        }
        let count = (self.states.len() / width).saturating_sub(rows.len()).max(1) as f32;
        for value in &mut rest {
            *value /= count;
        }
        rest
    }
}

/// The words whose absence from the mean changes valence most, strongest first. `read` is the heads.
pub(super) fn find(
    text: &SegmentedText,
    places: &[Place],
    pooled: &Pooled<'_>,
    whole: EmotionScores,
    read: impl Fn(&[f32]) -> EmotionScores,
) -> Vec<Evidence> {
    let valence = |scores: EmotionScores| scores.valence().0.get();
    let all = valence(whole);
    let weigh = |span: Span| {
        let inside = |place: &&Place| place.start < span.end && span.start < place.end;
        let rows: Vec<usize> = places.iter().filter(inside).map(|place| place.row).collect();
        let weight = if rows.is_empty() { 0.0 } else { all - valence(read(&pooled.without(&rows))) };
        Evidence { start: span.start, end: span.end, weight }
    };
    let mut found: Vec<Evidence> = text.tokens.iter().map(|word| weigh(word.span)).collect();
    found.retain(|one| one.weight.abs() >= LEAST_SHOWN);
    found.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then(a.start.cmp(&b.start)));
    found.truncate(MOST_SHOWN);
    found
}
