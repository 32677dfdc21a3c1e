//! What may have been felt: two hundred draws from the distributions of the turns.
//!
//! An event such as «three negative turns in a row» is judged in every draw; the share of draws in
//! which it happens is its probability. Judging the most probable emotions instead would turn three
//! times 51 % into a certainty: on labelled service dialogues the precision of «escalation» falls
//! from .82–.95 (probability of at least .8) to .56–.87 (most probable classes).

use super::random::SplitMix64;
use super::report::count;
use super::turns::Turn;
use tingxin_text::domain::Emotion;

/// Number of draws. The standard error of a probability of .8 is .028 then.
const DRAWS: usize = 200;

/// Draws that lie below, and above, the 80 % interval.
const TAIL: usize = DRAWS / 10;

/// Classes by pleasure, the worst first: with the same random numbers, a turn that gets more
/// negative can then only be drawn more negative, and probabilities move the way readers expect.
const BY_PLEASURE: [Emotion; Emotion::COUNT] = [
    Emotion::Anger,
    Emotion::Disgust,
    Emotion::Sadness,
    Emotion::Fear,
    Emotion::Neutral,
    Emotion::Surprise,
    Emotion::Happiness,
    Emotion::Gratitude,
];

/// Pleasure of every turn in every draw, draw by draw.
#[derive(Debug)]
pub(super) struct Draws {
    turns: usize,
    pleasure: Vec<f64>,
}

impl Draws {
    /// Draws a class for every turn, independently, as often as [`DRAWS`] says.
    pub(super) fn sample(turns: &[Turn], seed: u64) -> Self {
        let tables: Vec<[(f64, f64); Emotion::COUNT]> = turns.iter().map(table).collect();
        let mut random = SplitMix64::new(seed);
        let mut pleasure = Vec::with_capacity(DRAWS * turns.len());
        for _ in 0..DRAWS {
            pleasure.extend(tables.iter().map(|table| pick(table, random.unit())));
        }
        Self { turns: turns.len(), pleasure }
    }

    /// Probability of an event, given as the pleasures of the turns in one draw.
    ///
    /// `(k + ½) / (n + 1)` for `k` of `n` draws (Jeffreys): two hundred draws can prove neither
    /// «never» nor «always».
    pub(super) fn probability(&self, event: impl Fn(&[f64]) -> bool) -> f64 {
        let hits = self.rows().filter(|row| event(row)).count();
        (count(hits) + 0.5) / (count(DRAWS) + 1.0)
    }

    /// The 80 % interval of a statistic: the 10th and the 90th percentile of the draws.
    pub(super) fn interval(&self, statistic: impl Fn(&[f64]) -> f64) -> (f64, f64) {
        let mut values: Vec<f64> = self.rows().map(statistic).collect();
        values.sort_by(f64::total_cmp);
        let low = values.get(TAIL).copied().unwrap_or_default();
        let high = values.get(DRAWS - 1 - TAIL).copied().unwrap_or_default();
        (low, high)
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.pleasure.chunks_exact(self.turns.max(1))
    }
}

/// Cumulative probabilities with the pleasure of each class.
fn table(turn: &Turn) -> [(f64, f64); Emotion::COUNT] {
    let mut sum = 0.0;
    BY_PLEASURE.map(|emotion| {
        sum += f64::from(turn.emotions.get(emotion));
        (sum, f64::from(emotion.pleasure()))
    })
}

fn pick(table: &[(f64, f64); Emotion::COUNT], random: f64) -> f64 {
    // The parts may add up to a hair less than one; the last class then takes the rest.
    let [.., (_, last)] = *table;
    table.iter().find(|(sum, _)| random < *sum).map_or(last, |(_, pleasure)| *pleasure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tingxin_text::domain::EmotionScores;

    fn turn(negative: f32) -> Turn {
        let emotions =
            EmotionScores::from_weights([0.0, 0.0, 1.0 - negative, 0.0, 0.0, 0.0, negative, 0.0]).unwrap();
        Turn { utterances: vec![0], emotions }
    }

    #[test]
    fn classes_are_ordered_from_unpleasant_to_pleasant() {
        assert!(BY_PLEASURE.windows(2).all(|pair| pair[0].pleasure() <= pair[1].pleasure()));
    }

    #[test]
    fn the_share_of_draws_follows_the_distribution() {
        let draws = Draws::sample(&[turn(0.3)], 7);

        let share = draws.probability(|row| row[0] < 0.0);

        // Four standard errors.
        assert!((share - 0.3).abs() < 0.13, "{share}");
    }

    #[test]
    fn a_certain_turn_has_no_spread() {
        let draws = Draws::sample(&[turn(1.0)], 7);

        let (low, high) = draws.interval(|row| row[0]);

        assert!((low - high).abs() < 1e-12 && (low + 0.9).abs() < 1e-6, "{low}..{high}");
    }

    #[test]
    fn no_turns_are_no_draws_and_no_panic() {
        assert!(Draws::sample(&[], 7).probability(|_| true) < 0.01);
    }
}
