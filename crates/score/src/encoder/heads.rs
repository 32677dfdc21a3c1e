//! From the pooled state to probabilities.

use super::context::ContextLayer;
use super::math::{self, DenseRow};
use super::voice_row::voice_row;
use super::weights::{EncoderConfig, Heads, PLACES, Tensors, VOICES};
use crate::Voice;
use tingxin_text::domain::{Emotion, EmotionScores};

/// Outputs of the classifier: eight emotions, three valences, abuse.
const VALENCES: usize = 3;

/// What the heads say.
pub(super) struct HeadReading {
    pub(super) emotions: EmotionScores,
    /// Probability of abuse.
    pub(super) abuse: f32,
    /// What is kept to read later utterances in context.
    pub(super) vector: Option<Vec<f32>>,
}

/// What turns a pooled state into probabilities, the same for every engine.
pub(super) struct Outputs {
    classifier: DenseRow,
    pub(super) heads: Heads,
    pub(super) context: Option<ContextLayer>,
}

impl Outputs {
    /// Reads the classifier, and checks that model and heads are what [`Outputs::read`] expects.
    pub(super) fn open(
        tensors: &Tensors<'_>,
        config: &EncoderConfig,
        context: Option<ContextLayer>,
    ) -> Result<Self, String> {
        let heads = config.tingxin.clone();
        let classifier = tensors.head("classifier", config.shape.hidden_size)?;
        if classifier.bias.len() != Emotion::COUNT + VALENCES + 1 {
            return Err(format!("the classifier has {} outputs, not 12", classifier.bias.len()));
        }
        let temperatures = heads.emotion_temperature.iter().chain(&heads.valence_temperature);
        let positive = temperatures.chain([&heads.abuse_temperature]).all(|t| t.is_finite() && *t > 0.0);
        if !positive || !(0.0..=1.0).contains(&heads.valence_share) {
            return Err("config.json: temperatures are above 0 and `valence_share` is from 0 to 1".to_owned());
        }
        let enough =
            tensors.rows(VOICES)? > voice_row(Voice::AgentAloud) && tensors.rows(PLACES)? >= heads.longest;
        if !enough || heads.longest < 3 {
            return Err("the embeddings lack a voice or places for `longest` tokens".to_owned());
        }
        Ok(Self { classifier, heads, context })
    }

    /// Number of values of a state.
    pub(super) const fn width(&self) -> usize {
        self.classifier.inputs
    }

    /// The direction in which a pooled state becomes more pleasant: the valence head's positive
    /// less its negative.
    pub(super) fn pleasant(&self) -> Vec<f32> {
        let row = |at: usize| self.classifier.weight.chunks_exact(self.width()).nth(at).unwrap_or_default();
        let (negative, positive) = (row(Emotion::COUNT), row(Emotion::COUNT + 2));
        positive.iter().zip(negative).map(|(positive, negative)| positive - negative).collect()
    }

    /// Calibrated probabilities. The three valences are a question of their own with an answer that
    /// is right more often; `valence_share` says how far the emotions are shifted so that their
    /// sums agree with it.
    pub(super) fn read(&self, voice: usize, pooled: &[f32]) -> HeadReading {
        let heads = &self.heads;
        let mut logits = self.classifier.apply(pooled);
        let mut tail = logits.split_off(Emotion::COUNT.min(logits.len()));
        let abuse = tail.pop().unwrap_or_default();
        cooled(&mut logits, heads.emotion_temperature.get(voice).copied());
        cooled(&mut tail, heads.valence_temperature.get(voice).copied());
        let mut shares = [0.0_f32; VALENCES];
        for (emotion, p) in Emotion::ALL.iter().zip(&logits) {
            if let Some(share) = shares.get_mut(class(*emotion)) {
                *share += p;
            }
        }
        let mut parts = [0.0_f32; Emotion::COUNT];
        for ((part, p), emotion) in parts.iter_mut().zip(&logits).zip(Emotion::ALL) {
            let at = class(*emotion);
            let (wanted, has) =
                (tail.get(at).copied().unwrap_or_default(), shares.get(at).copied().unwrap_or_default());
            *part = p * (wanted / has.max(1e-6)).powf(heads.valence_share);
        }
        HeadReading {
            emotions: EmotionScores::from_weights(parts).unwrap_or(EmotionScores::NEUTRAL),
            abuse: math::sigmoid(abuse / heads.abuse_temperature),
            vector: self.context.as_ref().map(|context| context.vector(pooled)),
        }
    }
}

/// Probabilities of logits at a temperature.
pub(super) fn cooled(logits: &mut [f32], temperature: Option<f32>) {
    let temperature = temperature.unwrap_or(1.0);
    for logit in logits.iter_mut() {
        *logit /= temperature;
    }
    math::softmax(logits);
}

/// Place of the emotion's valence among the outputs: negative, neutral, positive.
const fn class(emotion: Emotion) -> usize {
    if emotion.is_negative() {
        0
    } else if emotion.is_positive() {
        2
    } else {
        1
    }
}
