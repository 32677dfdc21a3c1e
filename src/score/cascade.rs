//! A linear model in front of an encoder: it answers what it is sure of, the encoder reads the rest.
//!
//! Most of service talk is easy: «好的，请稍等» needs no transformer. The linear model looks at runs of one to three
//! characters, costs microseconds, and answers alone only above a bar that was chosen on texts it was not trained on
//! (`models/train/gate.py`, which defines the features). It never reads staff as negative and never answers where abuse
//! is not improbable: no negative reading of staff rests on it. Readings of customers do, and with them what is
//! computed from these.

use std::sync::Arc;

use serde::Deserialize;

use super::encoder::{LEAST_EXPLAINED, Place, Tensors, cooled, find_evidence, sigmoid, voice_row};
use super::{EmotionModel, ModelError, ModelIdentity, ScoreInput, Voice};
use crate::domain::{Emotion, EmotionScores, UtteranceScore};

/// Columns of the model: the emotions, then abuse.
const COLUMNS: usize = Emotion::COUNT + 1;

/// Longest run of characters that is a feature.
const LONGEST: usize = 3;

/// Marks of a text's beginning and end.
const MARKS: (char, char) = ('\u{2}', '\u{3}');

/// When it answers and how sure it is; `gate.json`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    /// Probability of the most probable emotion from which it answers alone.
    bar: f32,
    /// Divides the logits of the emotions.
    temperature: f32,
    /// Probability of abuse from which it does not.
    abuse_below: f32,
}

/// The linear model.
pub(super) struct Gate {
    setting: Setting,
    weights: Vec<f32>,
    voices: Vec<f32>,
    idf: Vec<f32>,
}

/// What it thinks of a text.
#[derive(Debug, Clone, PartialEq)]
struct Opinion {
    shares: [f32; Emotion::COUNT],
    abuse: f32,
}

/// One place of the features: its value, and the runs that fell on it.
struct Feature {
    place: usize,
    value: f32,
    runs: Vec<(usize, usize)>,
}

impl Gate {
    /// Takes it out of its two files.
    pub(super) fn open(setting: &[u8], tensors: &[u8]) -> Result<Self, String> {
        let setting: Setting =
            serde_json::from_slice(setting).map_err(|cause| format!("gate.json: {cause}"))?;
        let of_weights = |cause| format!("gate.safetensors: {cause}");
        let tensors = Tensors::open(tensors).map_err(of_weights)?;
        let values = |name: &str| tensors.values(name).map_err(of_weights);
        let (weights, voices, idf) = (values("gate.weight")?, values("gate.voice")?, values("gate.idf")?);
        if !idf.len().is_power_of_two()
            || weights.len() != idf.len() * COLUMNS
            || voices.len() != 3 * COLUMNS
            || setting.temperature <= 0.0
        {
            return Err("gate.safetensors: the tables do not fit together".to_owned());
        }
        Ok(Self { setting, weights, voices, idf })
    }

    /// Its answer, unless the encoder has to read the text.
    fn answer(&self, input: &ScoreInput<'_>) -> Option<UtteranceScore> {
        let text = input.text.line.text.as_str();
        if input.voice == Voice::Report || input.text.tokens.is_empty() {
            return None;
        }
        let features = self.features(text);
        let opinion = self.opinion(&features, input.voice);
        let emotions = EmotionScores::from_weights(opinion.shares).ok()?;
        if !self.alone(&opinion, emotions.top(), input.voice) {
            return None;
        }
        let valence = emotions.valence().0.get();
        let found = if valence.abs() < LEAST_EXPLAINED {
            Vec::new()
        } else {
            let count = text.chars().count();
            let places: Vec<Place> = (0..count).map(|at| Place { start: at, end: at + 1, row: at }).collect();
            find_evidence(input.text, &places, &self.relevance(&features, &opinion, count), valence)
        };
        Some(UtteranceScore::from_emotions(emotions, true, opinion.abuse, found))
    }

    fn alone(&self, opinion: &Opinion, top: Emotion, voice: Voice) -> bool {
        let sure = opinion.shares.iter().copied().fold(0.0, f32::max) >= self.setting.bar;
        sure && opinion.abuse < self.setting.abuse_below && !(voice == Voice::Agent && top.is_negative())
    }

    /// The runs of a text by place, in the order of the places: sums of floats depend on their order.
    fn features(&self, text: &str) -> Vec<Feature> {
        let marked: Vec<char> =
            std::iter::once(MARKS.0).chain(text.chars()).chain(std::iter::once(MARKS.1)).collect();
        let mut runs: Vec<(usize, (usize, usize))> = (1..=LONGEST)
            .flat_map(|size| marked.windows(size).enumerate().map(move |(at, run)| (at, at + size, run)))
            .map(|(start, end, run)| (place(run) & (self.idf.len() - 1), (start, end)))
            .collect();
        runs.sort_unstable();
        let mut features: Vec<Feature> = runs
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|same| {
                let place = same.first()?.0;
                let count = number(same.len());
                let value = (1.0 + count.ln()) * self.idf.get(place).copied()?;
                Some(Feature { place, value, runs: same.iter().map(|(_, run)| *run).collect() })
            })
            .collect();
        let length = features.iter().map(|one| one.value * one.value).sum::<f32>().sqrt();
        if length > 0.0 {
            for one in &mut features {
                one.value /= length;
            }
        }
        features
    }

    fn opinion(&self, features: &[Feature], voice: Voice) -> Opinion {
        let at = voice_row(voice) * COLUMNS;
        let mut logits = [0.0_f32; COLUMNS];
        for (logit, constant) in logits.iter_mut().zip(self.voices.iter().skip(at)) {
            *logit = *constant;
        }
        for feature in features {
            for (logit, weight) in logits.iter_mut().zip(self.row(feature.place)) {
                *logit += feature.value * weight;
            }
        }
        let [mut shares @ .., abuse] = logits;
        cooled(&mut shares, Some(self.setting.temperature));
        Opinion { shares, abuse: sigmoid(abuse) }
    }

    /// For every character: the gradient of the expected valence by the features that it stands in, times their value.
    fn relevance(&self, features: &[Feature], opinion: &Opinion, count: usize) -> Vec<f32> {
        let pleasure = || Emotion::ALL.iter().map(|emotion| emotion.pleasure());
        let mean: f32 = opinion.shares.iter().zip(pleasure()).map(|(share, value)| share * value).sum();
        let direction: Vec<f32> =
            opinion.shares.iter().zip(pleasure()).map(|(share, value)| share * (value - mean)).collect();
        let mut relevance = vec![0.0; count];
        for Feature { place, value, runs } in features {
            let along: f32 = self.row(*place).iter().zip(&direction).map(|(weight, d)| weight * d).sum();
            for (start, end) in runs {
                let part = along * value / number(runs.len()) / number(end - start);
                // Places are those of the marked text, whose first character is the mark.
                for at in *start..*end {
                    if let Some(sum) = at.checked_sub(1).and_then(|at| relevance.get_mut(at)) {
                        *sum += part;
                    }
                }
            }
        }
        relevance
    }

    fn row(&self, place: usize) -> &[f32] {
        self.weights.get(place * COLUMNS..(place + 1) * COLUMNS).unwrap_or_default()
    }
}

/// FNV-1a of the characters' UTF-8 bytes, both halves laid upon each other.
fn place(run: &[char]) -> usize {
    let mut digest = 0xCBF2_9CE4_8422_2325_u64;
    let mut bytes = [0; 4];
    for character in run {
        for byte in character.encode_utf8(&mut bytes).bytes() {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    usize::try_from((digest ^ (digest >> 32)) & u64::from(u32::MAX)).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "a count of characters")]
fn number(count: usize) -> f32 {
    count as f32
}

/// The linear model with the encoder behind it.
pub(super) struct Cascade {
    identity: ModelIdentity,
    gate: Arc<Gate>,
    encoder: Box<dyn EmotionModel>,
}

impl Cascade {
    pub(super) fn new(identity: ModelIdentity, gate: Arc<Gate>, encoder: Box<dyn EmotionModel>) -> Self {
        Self { identity, gate, encoder }
    }
}

impl EmotionModel for Cascade {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn score(&mut self, batch: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError> {
        let mut answers: Vec<Option<UtteranceScore>> =
            batch.iter().map(|input| self.gate.answer(input)).collect();
        let open = |answer: &Option<UtteranceScore>| answer.is_none();
        let rest: Vec<ScoreInput<'_>> =
            batch.iter().zip(&answers).filter(|(_, answer)| open(answer)).map(|(input, _)| *input).collect();
        let read = if rest.is_empty() { Vec::new() } else { self.encoder.score(&rest)? };
        for (answer, score) in answers.iter_mut().filter(|answer| open(answer)).zip(read) {
            *answer = Some(score);
        }
        // The scorer compares the lengths: an encoder that answered too little is told there.
        Ok(answers.into_iter().flatten().collect())
    }
}
