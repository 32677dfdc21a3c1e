//! The encoder model: a BERT over the tokens of one utterance, whose final states an engine computes.
//!
//! Every sequence is computed exactly as if it were alone. The embedded engine packs sequences one after the
//! other without padding, attention stays inside a sequence, and the matrix library gives a row the same bits in
//! any company. Batches and threads can therefore not be seen in a score.
//!
//! The pooled state is the mean over all tokens, and the heads are linear in it. That makes evidence cheap: what
//! a word brought is the change of valence when the final states of its tokens are left out of the mean.

mod evidence;
mod forward;
mod heads;
mod math;
mod pass;
mod product;
mod tokens;
mod weights;

use std::sync::Arc;

use heads::{Outputs, voice_row};
#[cfg(feature = "rust-bert")]
pub(super) use {math::softmax, weights::PLACES, weights::Shape, weights::VOICES, weights::WORDS};

pub(super) use forward::Sequence;
pub(super) use pass::{Parameters, Pass};
pub(super) use tokens::Reader;
pub(super) use weights::Tensors;

use crate::domain::{EmotionScores, UtteranceScore};
use crate::score::scorer::fitting;
use crate::score::shared::Shared;
use crate::score::{EmotionModel, EngineKind, ModelError, ModelIdentity, ScoreInput};
use tokens::Tokens;
use weights::Config;

/// Most tokens that are computed at once. More rows make the matrix products faster up to here; beyond it
/// the intermediate values no longer fit into the caches.
const BATCH_TOKENS: usize = 512;

/// Models in use, by engine and checksum.
static LOADED: Shared<Loaded> = Shared::new();

/// The three files of a model.
pub(super) struct Files {
    pub(super) config: Vec<u8>,
    pub(super) tokenizer: Vec<u8>,
    pub(super) weights: Vec<u8>,
}

/// What never changes.
struct Loaded {
    parameters: Box<dyn Parameters>,
    reader: Reader,
    outputs: Outputs,
}

/// Reads emotions with a transformer.
pub(super) struct EncoderModel {
    identity: ModelIdentity,
    loaded: Arc<Loaded>,
    pass: Box<dyn Pass>,
}

/// One text on its way through the batches.
struct Pending {
    tokens: Tokens,
    parts: Vec<Sequence>,
}

impl EncoderModel {
    /// Takes the model into use. `read` is asked for its files unless a model of this checksum is in use already.
    pub(super) fn new(
        identity: ModelIdentity,
        engine: EngineKind,
        read: impl FnOnce() -> Result<Files, String>,
    ) -> Result<Self, String> {
        let key = format!("{} {}", engine.as_str(), identity.sha256);
        let loaded = LOADED.get(&key, || Loaded::read(&read()?, engine))?;
        Ok(Self { identity, pass: loaded.parameters.pass()?, loaded })
    }

    fn prepare(&self, input: &ScoreInput<'_>) -> Result<Pending, String> {
        let tokens = self.loaded.reader.read(input.text.line.text.as_str())?;
        let parts = self.loaded.reader.parts(&tokens.ids, self.loaded.outputs.heads.inner());
        let parts = parts.into_iter().map(|ids| Sequence { ids, voice: voice_row(input.voice) }).collect();
        Ok(Pending { tokens, parts })
    }

    /// Final states of every token of every text, the marks included, in batches.
    fn states(&mut self, pending: &[Pending]) -> Result<Vec<Vec<f32>>, String> {
        let width = self.loaded.outputs.width();
        let mut states: Vec<Vec<f32>> = Vec::with_capacity(pending.len());
        let mut rest = pending;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(fitting(rest, BATCH_TOKENS, Pending::length));
            let batch: Vec<Sequence> = now.iter().flat_map(|text| text.parts.iter().cloned()).collect();
            let mut rows = self.pass.run(&batch)?;
            for text in now {
                let (mine, others) = rows.split_at((text.length() * width).min(rows.len()));
                states.push(mine.to_vec());
                rows = others;
            }
            rest = later;
        }
        Ok(states)
    }

    fn read(&self, input: &ScoreInput<'_>, text: &Pending, states: &[f32]) -> UtteranceScore {
        if input.text.tokens.is_empty() {
            return UtteranceScore::from_emotions(EmotionScores::NEUTRAL, false, 0.0, Vec::new());
        }
        let outputs = &self.loaded.outputs;
        let pooled = evidence::Pooled::new(states, outputs.width());
        let reading = outputs.read(voice_row(input.voice), &pooled.mean());
        let places = text.token_rows(outputs.heads.inner());
        let evidence = evidence::find(input.text, &places, &pooled, reading.emotions, |mean| {
            outputs.read(voice_row(input.voice), mean).emotions
        });
        UtteranceScore::from_emotions(reading.emotions, true, reading.abuse, evidence)
    }
}

impl Loaded {
    fn read(files: &Files, engine: EngineKind) -> Result<Self, String> {
        let config: Config =
            serde_json::from_slice(&files.config).map_err(|cause| format!("config.json: {cause}"))?;
        config.shape.check().map_err(|cause| format!("config.json: {cause}"))?;
        let of_weights = |cause| format!("model.safetensors: {cause}");
        let tensors = Tensors::open(&files.weights).map_err(of_weights)?;
        let vocabulary = tensors.rows(weights::WORDS).map_err(of_weights)?;
        let reader =
            Reader::new(&files.tokenizer, vocabulary).map_err(|cause| format!("tokenizer.json: {cause}"))?;
        let outputs = Outputs::open(&tensors, &config).map_err(of_weights)?;
        let parameters = pass::read(engine, &tensors, &config.shape)?;
        Ok(Self { parameters, reader, outputs })
    }
}

impl EmotionModel for EncoderModel {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn score(&mut self, batch: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError> {
        let name = self.identity.name.clone();
        let failed = |reason| ModelError::Failed { name, reason };
        let pending: Result<Vec<Pending>, String> = batch.iter().map(|input| self.prepare(input)).collect();
        let states = pending.and_then(|pending| Ok((self.states(&pending)?, pending)));
        let (states, pending) = states.map_err(failed)?;
        let read = |((input, text), states): ((&ScoreInput<'_>, &Pending), &Vec<f32>)| {
            self.read(input, text, states)
        };
        Ok(batch.iter().zip(&pending).zip(&states).map(read).collect())
    }
}

impl Pending {
    fn length(&self) -> usize {
        self.parts.iter().map(|part| part.ids.len()).sum()
    }

    /// For every token its place in the text and its row among the states; the marks of the parts, which have
    /// at most `inner` tokens, stand between.
    fn token_rows(&self, inner: usize) -> Vec<evidence::Place> {
        let place = |(at, (start, end)): (usize, &(usize, usize))| evidence::Place {
            start: *start,
            end: *end,
            row: at + 1 + 2 * (at / inner),
        };
        self.tokens.places.iter().enumerate().map(place).collect()
    }
}
