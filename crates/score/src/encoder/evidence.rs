//! Which words moved the valence, from the relevance of their tokens.

use tingxin_text::domain::{Evidence, SegmentedText};

/// Most places that are shown.
const MOST_SHOWN: usize = 3;
/// A part of the valence below this is not worth showing.
const LEAST_SHOWN: f32 = 0.02;
/// Texts nearer to neutral have nothing to explain; about half of the corpus, and more of calm
/// traffic, is.
pub(super) const LEAST_EXPLAINED: f32 = 0.1;

/// Where a token stands in the text, in characters, and its row among the states.
#[derive(Debug, Clone, Copy)]
pub(super) struct TokenPlace {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) row: usize,
}

/// The mean over rows of `width` values.
#[expect(
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "an utterance has some hundred tokens"
)]
pub(super) fn mean(states: &[f32], width: usize) -> Vec<f32> {
    let mut mean = vec![0.0; width];
    for row in states.chunks_exact(width) {
        mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    let count = (states.len() / width).max(1) as f32;
    for value in &mut mean {
        *value /= count;
    }
    mean
}

/// The words with the largest part of the valence, strongest first. `relevance` has a number for
/// every row of the states, in a unit of its own; it is scaled so that the words that point the way
/// of `valence` add up to it.
pub(super) fn find(
    text: &SegmentedText,
    places: &[TokenPlace],
    relevance: &[f32],
    valence: f32,
) -> Vec<Evidence> {
    let mut found: Vec<Evidence> = text
        .tokens
        .iter()
        .map(|word| {
            let rows = places
                .iter()
                .filter(|place| place.start < word.span.end && word.span.start < place.end)
                .filter_map(|place| relevance.get(place.row));
            Evidence { start: word.span.start, end: word.span.end, weight: rows.sum() }
        })
        .collect();
    let agreeing: f32 = found.iter().map(|one| one.weight).filter(|weight| weight * valence > 0.0).sum();
    if agreeing == 0.0 {
        return Vec::new();
    }
    for one in &mut found {
        one.weight = (one.weight * valence / agreeing).clamp(-1.0, 1.0);
    }
    found.retain(|one| one.weight.abs() >= LEAST_SHOWN);
    found.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then(a.start.cmp(&b.start)));
    found.truncate(MOST_SHOWN);
    found
}
