//! What is heard by somebody who heard the turns before: the mood of a turn in its context, and how
//! satisfied the customer is.

use serde::{Deserialize, Serialize};

use super::{Emotion, EmotionScores, Valence};

/// What lies outside the interval on either side: the interval holds 80 %.
const TAIL: f32 = 0.1;

/// A probability for each of the five steps of satisfaction.
///
/// **Invariant**: every part is in `[0, 1]`, and they add up to 1 within 1e-5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SatisfactionScores([f32; 5]);

impl SatisfactionScores {
    /// Steps of the scale: 1 very dissatisfied to 5 very satisfied.
    pub const STEPS: u8 = 5;
    /// The highest step that counts as dissatisfied.
    pub const DISSATISFIED: u8 = 2;

    /// Scales non-negative weights for the steps 1 to 5 to a distribution; `None` when they are
    /// none.
    #[must_use]
    pub fn from_weights(weights: [f32; 5]) -> Option<Self> {
        let total: f32 = weights.iter().sum();
        let usable = total > 0.0 && total.is_finite() && weights.iter().all(|weight| *weight >= 0.0);
        usable.then(|| Self(weights.map(|weight| weight / total)))
    }

    /// Each step with its probability.
    fn steps(&self) -> impl Iterator<Item = (f32, f32)> {
        [1.0, 2.0, 3.0, 4.0, 5.0].into_iter().zip(self.0)
    }

    /// Expected satisfaction, in [1, 5].
    #[must_use]
    pub fn expected(&self) -> f32 {
        self.steps().map(|(step, p)| step * p).sum::<f32>().clamp(1.0, 5.0)
    }

    /// Probability of the steps 1 and 2.
    #[must_use]
    pub fn dissatisfied(&self) -> f32 {
        self.0.iter().take(usize::from(Self::DISSATISFIED)).sum::<f32>().min(1.0)
    }

    /// The interval that leaves a tenth of the probability out on either side. A step stands for
    /// the stretch half a step around it, cut off at 1 and 5.
    #[must_use]
    pub fn interval(&self) -> (f32, f32) {
        (self.quantile(TAIL), self.quantile(1.0 - TAIL))
    }

    fn quantile(&self, share: f32) -> f32 {
        let mut below = 0.0;
        for (step, p) in self.steps() {
            if below + p >= share && p > 0.0 {
                return (step - 0.5 + (share - below) / p).clamp(1.0, 5.0);
            }
            below += p;
        }
        5.0
    }
}

/// One turn as it is heard after those before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// The speaker's mood in this turn.
    pub emotions: EmotionScores,
    /// How satisfied the customer would be if the contact ended here.
    pub satisfaction: SatisfactionScores,
}

/// The mood of a turn as it is heard after those before it, never after later ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InContext {
    /// Most probable emotion.
    pub emotion: Emotion,
    /// The whole distribution.
    pub emotions: EmotionScores,
    /// Expected pleasantness in [-1, 1].
    pub valence: Valence,
}

impl From<EmotionScores> for InContext {
    fn from(emotions: EmotionScores) -> Self {
        Self { emotion: emotions.top(), emotions, valence: emotions.valence().0.rounded() }
    }
}

/// How satisfied the customer is expected to be at the end, as a listener would judge it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Satisfaction {
    /// Expected satisfaction, from 1 (very dissatisfied) to 5 (very satisfied).
    pub value: f64,
    /// Lower end of the 80 % interval.
    pub low: f64,
    /// Upper end of the 80 % interval.
    pub high: f64,
    /// Probability of 1 or 2 on that scale, in [0, 1].
    pub dissatisfied: f64,
    /// The turns after which the expectation moved most, by index, strongest first; at most three.
    pub turns: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(weights: [f32; 5]) -> SatisfactionScores {
        SatisfactionScores::from_weights(weights).unwrap()
    }

    #[test]
    fn certainty_has_its_step_for_value_and_a_narrow_interval_around_it() {
        let sure = scores([0.0, 0.0, 0.0, 2.0, 0.0]);

        assert!((sure.expected() - 4.0).abs() < 1e-6);
        let (low, high) = sure.interval();
        assert!((low - 3.6).abs() < 1e-6 && (high - 4.4).abs() < 1e-6, "{low} {high}");
        assert!(sure.dissatisfied() < 1e-6);
    }

    #[test]
    fn the_interval_holds_the_value_and_stays_on_the_scale() {
        for weights in [[1.0; 5], [5.0, 1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 0.0, 0.0]] {
            let some = scores(weights);
            let (low, high) = some.interval();
            assert!(
                1.0 <= low && low <= some.expected() + 1e-6 && some.expected() <= high + 1e-6 && high <= 5.0
            );
        }
    }

    #[test]
    fn one_and_two_are_dissatisfied() {
        assert!((scores([0.2, 0.3, 0.5, 0.0, 0.0]).dissatisfied() - 0.5).abs() < 1e-6);
    }

    #[test]
    fn nothing_and_nonsense_are_no_distribution() {
        assert_eq!(SatisfactionScores::from_weights([0.0; 5]), None);
        assert_eq!(SatisfactionScores::from_weights([1.0, -1.0, 1.0, 1.0, 1.0]), None);
        assert_eq!(SatisfactionScores::from_weights([f32::NAN; 5]), None);
    }
}
