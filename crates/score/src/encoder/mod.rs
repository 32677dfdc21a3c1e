//! The encoder model: a BERT over the tokens of one utterance, whose final states an engine
//! computes.
//!
//! Every sequence is computed exactly as if it were alone. The embedded engine packs sequences one
//! after the other without padding, attention stays inside a sequence, and the matrix library gives
//! a row the same bits in any company. Batches and threads can therefore not be seen in a score.
//!
//! The pooled state is the mean over all tokens, and the heads are linear in it. Evidence goes back
//! through the last layer alone, and only for texts that are not neutral (`backward.rs`).

mod alone;
mod backward;
mod context;
mod evidence;
mod forward;
mod heads;
mod math;
mod pass;
mod product;
mod sequence;
mod task;
mod tokens;
mod trace;
mod voice_row;
mod weights;

use std::sync::Arc;

use context::ContextLayer;
use heads::{HeadReading, Outputs};
#[cfg(feature = "rust-bert")]
pub(super) use {math::softmax, pass::EmbeddedPass, weights::PLACES, weights::VOICES, weights::WORDS};

pub use alone::{Forward, Tokenised};
pub(super) use pass::{Parameters, Pass};
pub(super) use sequence::Sequence;
pub(super) use tokens::TokenReader;
pub(super) use voice_row::voice_row;
pub(super) use weights::{BertShape, Tensors, Weights};

use crate::scorer::fitting;
use crate::shared::SharedByKey;
use crate::{EmotionModel, EngineKind, ModelError, ModelIdentity, ScoreInput, Voice};
use tingxin_text::domain::{EmotionScores, ScoredContact, UtteranceScore};
use tokens::Tokens;
use weights::EncoderConfig;

/// Most tokens that are computed at once. More rows make the matrix products faster up to here;
/// beyond it the intermediate values no longer fit into the caches.
const BATCH_TOKENS: usize = 512;

/// Models in use, by engine and checksum.
static LOADED: SharedByKey<LoadedEncoder> = SharedByKey::new();

/// Reads the parameters as an engine wants them.
pub(super) type ReadParameters = fn(&Tensors<'_>, &BertShape) -> Result<Box<dyn Parameters>, String>;

/// An engine with its way to read parameters.
#[derive(Clone, Copy)]
pub(super) struct EngineOfEncoder {
    pub(super) engine: EngineKind,
    pub(super) read_parameters: ReadParameters,
}

/// The three files of a model.
pub(super) struct ModelFiles {
    pub(super) config: Vec<u8>,
    pub(super) tokenizer: Vec<u8>,
    pub(super) weights: Vec<u8>,
    /// The layer that reads in context, if the model has one.
    pub(super) context: Option<Vec<u8>>,
}

/// What never changes.
struct LoadedEncoder {
    parameters: Box<dyn Parameters>,
    reader: TokenReader,
    outputs: Outputs,
}

/// Reads emotions with a transformer.
pub(super) struct EncoderModel {
    identity: ModelIdentity,
    loaded: Arc<LoadedEncoder>,
    pass: Box<dyn Pass>,
}

/// One text on its way through the batches.
struct Pending {
    tokens: Tokens,
    parts: Vec<Sequence>,
}

impl EncoderModel {
    /// Takes the model into use. `read` is asked for its files unless a model of this checksum is
    /// in use already.
    pub(super) fn new(
        identity: ModelIdentity,
        on: EngineOfEncoder,
        read: impl FnOnce() -> Result<ModelFiles, String>,
    ) -> Result<Self, String> {
        let key = format!("{} {}", on.engine.as_str(), identity.sha256);
        let loaded = LOADED.get(&key, || LoadedEncoder::read(&read()?, on.read_parameters))?;
        Ok(Self { identity, pass: loaded.parameters.pass()?, loaded })
    }

    fn pending(&self, text: &str, voice: Voice) -> Result<Pending, String> {
        let tokens = self.loaded.reader.read(text)?;
        let parts = self.loaded.reader.parts(&tokens.ids, self.loaded.outputs.heads.inner());
        let parts = parts.into_iter().map(|ids| Sequence { ids, voice: voice_row(voice) }).collect();
        Ok(Pending { tokens, parts })
    }

    /// Reads texts that fit into one batch.
    fn read(&mut self, inputs: &[ScoreInput<'_>], texts: &[Pending]) -> Result<Vec<UtteranceScore>, String> {
        let Self { loaded, pass, .. } = self;
        let (outputs, width) = (&loaded.outputs, loaded.outputs.width());
        let batch: Vec<Sequence> = texts.iter().flat_map(|text| text.parts.iter().cloned()).collect();
        let mut rest = pass.run(&batch)?;
        let mut readings = Vec::with_capacity(texts.len());
        for (input, text) in inputs.iter().zip(texts) {
            let (states, later) = rest.split_at((text.length() * width).min(rest.len()));
            readings.push(outputs.read(voice_row(input.voice), &evidence::mean(states, width)));
            rest = later;
        }
        let explained: Vec<bool> = inputs
            .iter()
            .zip(&readings)
            .map(|(input, reading)| {
                let valence = reading.emotions.valence().0.get();
                !input.text.tokens.is_empty() && valence.abs() >= evidence::LEAST_EXPLAINED
            })
            .collect();
        let parts =
            texts.iter().zip(&explained).flat_map(|(text, chosen)| text.parts.iter().map(|_| *chosen));
        let chosen: Vec<usize> = parts.enumerate().filter_map(|(at, chosen)| chosen.then_some(at)).collect();
        let relevance = pass.relevance(&batch, &chosen, &outputs.pleasant())?;
        let mut relevance = relevance.as_slice();
        let mut scores = Vec::with_capacity(texts.len());
        for (((input, text), reading), explained) in inputs.iter().zip(texts).zip(readings).zip(explained) {
            let mine = if explained { text.length().min(relevance.len()) } else { 0 };
            let (now, later) = relevance.split_at(mine);
            scores.push(score(input, text, reading, now, outputs.heads.inner()));
            relevance = later;
        }
        Ok(scores)
    }
}

/// `relevance` of every token, with the marks; empty for what needs no evidence.
fn score(
    input: &ScoreInput<'_>,
    text: &Pending,
    reading: HeadReading,
    relevance: &[f32],
    inner: usize,
) -> UtteranceScore {
    if input.text.tokens.is_empty() {
        return UtteranceScore::from_emotions(EmotionScores::NEUTRAL, false, 0.0, Vec::new());
    }
    let valence = reading.emotions.valence().0.get();
    let evidence = evidence::find(input.text, &text.token_rows(inner), relevance, valence);
    UtteranceScore::from_emotions(reading.emotions, true, reading.abuse, evidence).with_vector(reading.vector)
}

impl LoadedEncoder {
    fn read(files: &ModelFiles, read_parameters: ReadParameters) -> Result<Self, String> {
        let config: EncoderConfig =
            serde_json::from_slice(&files.config).map_err(|cause| format!("config.json: {cause}"))?;
        config.shape.check().map_err(|cause| format!("config.json: {cause}"))?;
        let of_weights = |cause| format!("model.safetensors: {cause}");
        let tensors = Tensors::open(&files.weights).map_err(of_weights)?;
        let vocabulary = tensors.rows(weights::WORDS).map_err(of_weights)?;
        let reader = TokenReader::new(&files.tokenizer, vocabulary)
            .map_err(|cause| format!("tokenizer.json: {cause}"))?;
        let width = config.shape.hidden_size;
        let context = files.context.as_deref().map(|file| ContextLayer::open(file, width)).transpose();
        let context = context.map_err(|cause| format!("context.safetensors: {cause}"))?;
        let outputs = Outputs::open(&tensors, &config, context).map_err(of_weights)?;
        let parameters = read_parameters(&tensors, &config.shape).map_err(of_weights)?;
        Ok(Self { parameters, reader, outputs })
    }
}

impl EmotionModel for EncoderModel {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn score(&mut self, batch: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError> {
        let name = self.identity.name.clone();
        let failed = |reason| ModelError::Failed { name: name.clone(), reason };
        let pending: Result<Vec<Pending>, String> =
            batch.iter().map(|input| self.pending(input.text.scored(), input.voice)).collect();
        let pending = pending.map_err(&failed)?;
        let mut scores = Vec::with_capacity(batch.len());
        let (mut inputs, mut texts) = (batch, pending.as_slice());
        while !texts.is_empty() {
            let fits = fitting(texts, BATCH_TOKENS, Pending::length);
            let (now, later) = texts.split_at(fits);
            let (ours, others) = inputs.split_at(fits.min(inputs.len()));
            scores.extend(self.read(ours, now).map_err(&failed)?);
            (inputs, texts) = (others, later);
        }
        Ok(scores)
    }

    fn hear(&self, contact: &mut ScoredContact) {
        if let Some(context) = &self.loaded.outputs.context {
            context.hear(contact);
        }
    }
}

impl Pending {
    fn length(&self) -> usize {
        self.parts.iter().map(|part| part.ids.len()).sum()
    }

    /// For every token its place in the text and its row among the states; the marks of the parts,
    /// which have at most `inner` tokens, stand between.
    fn token_rows(&self, inner: usize) -> Vec<evidence::TokenPlace> {
        self.tokens
            .places
            .iter()
            .enumerate()
            .map(|(at, (start, end))| evidence::TokenPlace {
                start: *start,
                end: *end,
                row: at + 1 + 2 * (at / inner),
            })
            .collect()
    }
}
