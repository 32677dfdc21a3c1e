//! Emotions, distributions over them, and valence.

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::closed_set;

closed_set! {
    /// What one utterance expresses. The names follow the usage of Chinese dialogue corpora.
    Emotion {
        /// Joy, satisfaction, relief.
        Happiness => "happiness", "喜悦";
        /// Thanks that are meant, not a closing formula.
        Gratitude => "gratitude", "感激";
        /// No emotion shows; courtesy formulas belong here.
        Neutral => "neutral", "平静";
        /// Astonishment.
        Surprise => "surprise", "惊讶";
        /// Disappointment, grievance, helplessness.
        Sadness => "sadness", "失落";
        /// Worry, anxiety.
        Fear => "fear", "担忧";
        /// Anger.
        Anger => "anger", "愤怒";
        /// Annoyance, contempt, impatience.
        Disgust => "disgust", "厌烦";
    }
}

impl Emotion {
    /// The number of classes.
    pub const COUNT: usize = Self::ALL.len();

    /// How pleasant the class is, in [-1, 1].
    ///
    /// **Source**: the order of the pleasure axis of the circumplex model (Russell 1980), set by
    /// the project so that anger is the least and gratitude the most pleasant class that customers
    /// show. Surprise has no pleasure of its own and counts as 0.
    #[must_use]
    pub const fn pleasure(self) -> f32 {
        match self {
            Self::Happiness => 0.8,
            Self::Gratitude => 0.9,
            Self::Neutral | Self::Surprise => 0.0,
            Self::Sadness => -0.6,
            Self::Fear => -0.5,
            Self::Anger => -0.9,
            Self::Disgust => -0.7,
        }
    }

    /// Whether the class is unpleasant.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        matches!(self, Self::Sadness | Self::Fear | Self::Anger | Self::Disgust)
    }

    /// Whether the class is pleasant.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        matches!(self, Self::Happiness | Self::Gratitude)
    }

    const fn index(self) -> usize {
        match self {
            Self::Happiness => 0,
            Self::Gratitude => 1,
            Self::Neutral => 2,
            Self::Surprise => 3,
            Self::Sadness => 4,
            Self::Fear => 5,
            Self::Anger => 6,
            Self::Disgust => 7,
        }
    }
}

/// How pleasant (positive) or unpleasant (negative) one utterance sounds.
///
/// * **Shape**: one finite `f32` in `[-1, 1]`. **Unit**: none; 0 is neutral.
/// * **Means**: a model's reading of one redacted sentence, not a statement about the speaker.
///   Values of two models may be compared only after calibration.
/// * **Errors**: [`Valence::new`] refuses NaN, infinities and anything out of range. It never
///   clamps: a clamped defect looks exactly like a very angry caller.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Valence(f32);

impl Valence {
    /// Neither pleasant nor unpleasant.
    pub const NEUTRAL: Self = Self(0.0);

    /// Checks a number.
    ///
    /// # Errors
    /// [`InvalidScores::Range`] when it is not a finite number in `[-1, 1]`.
    pub fn new(value: f32) -> Result<Self, InvalidScores> {
        if (-1.0..=1.0).contains(&value) { Ok(Self(value)) } else { Err(InvalidScores::Range(value)) }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f32 {
        self.0
    }

    /// The same to five decimals, as it is published.
    #[must_use]
    pub fn rounded(self) -> Self {
        Self(rounded(self.0))
    }
}

/// Why numbers are no distribution or no valence.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum InvalidScores {
    /// A weight is negative or not finite.
    #[error("weight {0} is not a finite number of at least 0")]
    Weight(f32),
    /// All weights are zero.
    #[error("all weights are zero")]
    Empty,
    /// A valence outside its range.
    #[error("valence {0} is not a finite number in [-1, 1]")]
    Range(f32),
}

/// A probability for each of the eight emotions.
///
/// **Invariant**: every part is finite and in `[0, 1]`, and they add up to 1 within 1e-5. In JSON
/// each part is rounded to five decimals, so a written distribution adds up to 1 within 4e-5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmotionScores([f32; Emotion::COUNT]);

impl EmotionScores {
    /// Everything on [`Emotion::Neutral`].
    pub const NEUTRAL: Self = Self([0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);

    /// Scales non-negative weights, in the order of [`Emotion::ALL`], to a distribution.
    ///
    /// # Errors
    /// [`InvalidScores`] when a weight is negative or not finite, or all are zero.
    pub fn from_weights(weights: [f32; Emotion::COUNT]) -> Result<Self, InvalidScores> {
        if let Some(bad) = weights.iter().find(|w| !w.is_finite() || **w < 0.0) {
            return Err(InvalidScores::Weight(*bad));
        }
        let total: f32 = weights.iter().sum();
        if total <= 0.0 || !total.is_finite() {
            return Err(InvalidScores::Empty);
        }
        Ok(Self(weights.map(|w| w / total)))
    }

    /// The probability of one emotion.
    #[must_use]
    pub fn get(&self, emotion: Emotion) -> f32 {
        self.0.get(emotion.index()).copied().unwrap_or_default()
    }

    /// The parts in the order of [`Emotion::ALL`].
    #[must_use]
    pub const fn parts(&self) -> &[f32; Emotion::COUNT] {
        &self.0
    }

    /// The most probable emotion; of equals the first in the order of [`Emotion::ALL`].
    #[must_use]
    pub fn top(&self) -> Emotion {
        let mut best = Emotion::Happiness;
        for emotion in Emotion::ALL {
            if self.get(*emotion) > self.get(best) {
                best = *emotion;
            }
        }
        best
    }

    /// Probability that the utterance is unpleasant: sadness, fear, anger and disgust together.
    #[must_use]
    pub fn negative(&self) -> f32 {
        Emotion::ALL.iter().filter(|e| e.is_negative()).map(|e| self.get(*e)).sum()
    }

    /// Probability that the utterance is pleasant: happiness and gratitude together.
    #[must_use]
    pub fn positive(&self) -> f32 {
        Emotion::ALL.iter().filter(|e| e.is_positive()).map(|e| self.get(*e)).sum()
    }

    /// Expected pleasure and its standard deviation, `v = Σ p·pleasure`,
    /// `sd² = Σ p·pleasure² − v²`.
    #[must_use]
    pub fn valence(&self) -> (Valence, f32) {
        let mean: f32 = Emotion::ALL.iter().map(|e| self.get(*e) * e.pleasure()).sum();
        let square: f32 = Emotion::ALL.iter().map(|e| self.get(*e) * e.pleasure() * e.pleasure()).sum();
        // Rounding may leave the range by one unit in the last place; the parts cannot.
        (Valence(mean.clamp(-1.0, 1.0)), (square - mean * mean).max(0.0).sqrt())
    }
}

/// How far the rounded parts of a published distribution may be from adding up to 1.
const TOLERANCE: f32 = 1e-4;

/// Five decimals: finer than any model's calibration, short enough for a hundred thousand lines.
#[must_use]
pub fn rounded(value: f32) -> f32 {
    // Adding zero turns a negative zero, which would print as `-0.0`, into zero.
    ((value * 100_000.0).round() + 0.0) / 100_000.0
}

impl Serialize for EmotionScores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Emotion::COUNT))?;
        for emotion in Emotion::ALL {
            map.serialize_entry(emotion.as_str(), &rounded(self.get(*emotion)))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for EmotionScores {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = std::collections::BTreeMap::<Emotion, f32>::deserialize(deserializer)?;
        let mut parts = [0.0; Emotion::COUNT];
        for (part, emotion) in parts.iter_mut().zip(Emotion::ALL) {
            *part = map.get(emotion).copied().unwrap_or_default();
        }
        // Scaling the rounded parts to 1 again would move the last digit: what is read must be
        // written as it was.
        match Self::from_weights(parts) {
            Ok(_) if (parts.iter().sum::<f32>() - 1.0).abs() <= TOLERANCE => Ok(Self(parts)),
            Ok(_) => Err(serde::de::Error::custom("the parts of a distribution add up to 1")),
            Err(cause) => Err(serde::de::Error::custom(cause)),
        }
    }
}

impl utoipa::PartialSchema for EmotionScores {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
        let mut object = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Object))
            .description(Some("Probability of each emotion; the eight parts add up to 1 within 1e-4"));
        for emotion in Emotion::ALL {
            let part = ObjectBuilder::new()
                .schema_type(SchemaType::Type(Type::Number))
                .minimum(Some(0.0))
                .maximum(Some(1.0));
            object = object.property(emotion.as_str(), part).required(emotion.as_str());
        }
        object.into()
    }
}

impl utoipa::ToSchema for EmotionScores {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_mass_on_anger_has_its_pleasure_and_no_spread() {
        let scores = EmotionScores::from_weights([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7.0, 0.0]).unwrap();

        assert_eq!(scores.top(), Emotion::Anger);
        assert_eq!(scores.valence(), (Valence::new(-0.9).unwrap(), 0.0));
    }

    #[test]
    fn a_defect_is_refused_and_not_repaired() {
        assert!(matches!(Valence::new(f32::NAN), Err(InvalidScores::Range(_))));
        assert_eq!(EmotionScores::from_weights([0.0; 8]), Err(InvalidScores::Empty));
        assert_eq!(EmotionScores::from_weights([-1.0; 8]), Err(InvalidScores::Weight(-1.0)));
    }

    proptest! {
        #[test]
        fn written_distributions_still_add_up_to_one(weights in proptest::array::uniform8(0.001f32..100.0)) {
            let scores = EmotionScores::from_weights(weights).unwrap();
            let json = serde_json::to_value(scores).unwrap();
            let total: f64 = json.as_object().unwrap().values().map(|v| v.as_f64().unwrap()).sum();
            prop_assert!((total - 1.0).abs() < 1e-4, "{total}");
        }

        #[test]
        fn what_is_read_back_is_written_as_it_was(weights in proptest::array::uniform8(0.001f32..100.0)) {
            let written = serde_json::to_string(&EmotionScores::from_weights(weights).unwrap()).unwrap();
            let read: EmotionScores = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(serde_json::to_string(&read).unwrap(), written);
        }
    }
}
