//! The two sets of classes that are compared.

use tingxin_text::domain::{Emotion, EmotionScores, closed_set};

closed_set! {
    /// The coarse reading of an utterance.
    ValenceClass {
        /// Sadness, fear, anger or disgust.
        Negative => "negative", "负面";
        /// No emotion, or surprise, which is neither pleasant nor unpleasant by itself.
        Neutral => "neutral", "中性";
        /// Happiness or gratitude.
        Positive => "positive", "正面";
    }
}

impl ValenceClass {
    /// The class of an emotion.
    #[must_use]
    pub const fn of_emotion(emotion: Emotion) -> Self {
        if emotion.is_negative() {
            Self::Negative
        } else if emotion.is_positive() {
            Self::Positive
        } else {
            Self::Neutral
        }
    }

    /// The most probable class of a distribution, and its probability. The probabilities of the
    /// emotions of a class are added up first, so that anger and disgust do not split the vote.
    #[must_use]
    pub fn predicted(scores: &EmotionScores) -> (Self, f64) {
        let negative = f64::from(scores.negative());
        let positive = f64::from(scores.positive());
        let neutral = f64::from(scores.get(Emotion::Neutral) + scores.get(Emotion::Surprise));
        let mut best = (Self::Neutral, neutral);
        for candidate in [(Self::Negative, negative), (Self::Positive, positive)] {
            if candidate.1 > best.1 {
                best = candidate;
            }
        }
        best
    }
}

/// One utterance reduced to what the figures need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Classified<C> {
    /// What a person heard.
    pub label: C,
    /// What the model found most probable.
    pub predicted: C,
    /// The probability of the prediction, in [0, 1].
    pub confidence: f64,
    /// How much it counts; greater than 0.
    pub weight: f64,
}
