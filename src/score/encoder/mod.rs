//! The encoder model: a BERT over the tokens of one utterance, with its own forward pass on the CPU.
//!
//! Every sequence is computed exactly as if it were alone: sequences are packed one after the other without
//! padding, attention stays inside a sequence, and the matrix library gives a row the same bits in any company.
//! Batches and threads can therefore not be seen in a score.
//!
//! The pooled state is the mean over all tokens, and the heads are linear in it. That makes evidence cheap: what
//! a word brought is the change of valence when the final states of its tokens are left out of the mean.

mod evidence;
mod forward;
mod heads;
mod math;
mod product;
mod tokens;
mod weights;

use std::sync::{Arc, Mutex, PoisonError, Weak};

use forward::{Sequence, Workspace};
use tokens::{Reader, Tokens};
use weights::{Config, Weights};

use crate::domain::{EmotionScores, UtteranceScore};
use crate::score::scorer::fitting;
use crate::score::{EmotionModel, ModelError, ModelIdentity, ScoreInput, Voice};

/// Most tokens that are computed at once. More rows make the matrix products faster up to here; beyond it
/// the intermediate values no longer fit into the caches.
const BATCH_TOKENS: usize = 512;

/// Models in use, by checksum: all threads of a process share one copy of the weights.
static LOADED: Mutex<Vec<(String, Weak<Loaded>)>> = Mutex::new(Vec::new());

/// The three files of a model.
pub(super) struct Files {
    pub(super) config: Vec<u8>,
    pub(super) tokenizer: Vec<u8>,
    pub(super) weights: Vec<u8>,
}

/// What never changes.
struct Loaded {
    weights: Weights,
    reader: Reader,
    heads: weights::Heads,
}

/// Reads emotions with a transformer.
pub(super) struct EncoderModel {
    identity: ModelIdentity,
    loaded: Arc<Loaded>,
    workspace: Workspace,
}

/// One text on its way through the batches.
struct Pending {
    tokens: Tokens,
    parts: Vec<Sequence>,
}

impl EncoderModel {
    /// Takes the model into use. `read` is asked for its files unless a model of this checksum is in use already:
    /// reading and checking thirty megabytes for every thread would be most of the start.
    pub(super) fn new(
        identity: ModelIdentity,
        read: impl FnOnce() -> Result<Files, String>,
    ) -> Result<Self, String> {
        let mut known = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(_, weak)| weak.strong_count() > 0);
        let found =
            known.iter().find(|(sha256, _)| *sha256 == identity.sha256).and_then(|(_, weak)| weak.upgrade());
        let loaded = if let Some(loaded) = found {
            loaded
        } else {
            let loaded = Arc::new(Loaded::read(&read()?)?);
            known.push((identity.sha256.clone(), Arc::downgrade(&loaded)));
            loaded
        };
        let workspace = Workspace::new(&loaded.weights)?;
        Ok(Self { identity, loaded, workspace })
    }

    fn prepare(&self, input: &ScoreInput<'_>) -> Result<Pending, String> {
        let tokens = self.loaded.reader.read(input.text.line.text.as_str())?;
        let parts = self.loaded.reader.parts(&tokens.ids, self.loaded.heads.inner());
        let parts = parts.into_iter().map(|ids| Sequence { ids, voice: voice_row(input.voice) }).collect();
        Ok(Pending { tokens, parts })
    }

    /// Final states of every token of every text, the marks included, in batches.
    fn states(&mut self, pending: &[Pending]) -> Vec<Vec<f32>> {
        let width = self.loaded.weights.width;
        let mut states: Vec<Vec<f32>> = Vec::with_capacity(pending.len());
        let mut rest = pending;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(fitting(rest, BATCH_TOKENS, Pending::length));
            let batch: Vec<Sequence> = now.iter().flat_map(|text| text.parts.iter().cloned()).collect();
            let mut rows = self.workspace.run(&self.loaded.weights, &batch);
            for text in now {
                let (mine, others) = rows.split_at((text.length() * width).min(rows.len()));
                states.push(mine.to_vec());
                rows = others;
            }
            rest = later;
        }
        states
    }

    fn read(&self, input: &ScoreInput<'_>, text: &Pending, states: &[f32]) -> UtteranceScore {
        if input.text.tokens.is_empty() {
            return UtteranceScore::from_emotions(EmotionScores::NEUTRAL, false, 0.0, Vec::new());
        }
        let Loaded { weights, heads, .. } = &*self.loaded;
        let pooled = evidence::Pooled::new(states, weights.width);
        let reading = heads::read(weights, heads, voice_row(input.voice), &pooled.mean());
        let places = text.token_rows(heads.inner());
        let evidence = evidence::find(input.text, &places, &pooled, reading.emotions, |mean| {
            heads::read(weights, heads, voice_row(input.voice), mean).emotions
        });
        UtteranceScore::from_emotions(reading.emotions, true, reading.abuse, evidence)
    }
}

impl Loaded {
    fn read(files: &Files) -> Result<Self, String> {
        let config: Config =
            serde_json::from_slice(&files.config).map_err(|cause| format!("config.json: {cause}"))?;
        let weights =
            Weights::read(&files.weights, &config).map_err(|cause| format!("model.safetensors: {cause}"))?;
        let reader = Reader::new(&files.tokenizer, weights.vocabulary())
            .map_err(|cause| format!("tokenizer.json: {cause}"))?;
        weights.check(&config.tingxin)?;
        Ok(Self { weights, reader, heads: config.tingxin })
    }
}

impl EmotionModel for EncoderModel {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn score(&mut self, batch: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError> {
        let pending: Result<Vec<Pending>, String> = batch.iter().map(|input| self.prepare(input)).collect();
        let pending =
            pending.map_err(|reason| ModelError::Failed { name: self.identity.name.clone(), reason })?;
        let states = self.states(&pending);
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

/// The row of the type embeddings that the training used for a voice.
const fn voice_row(voice: Voice) -> usize {
    match voice {
        Voice::Customer => 0,
        Voice::Agent => 1,
        Voice::Report => 2,
    }
}
