//! Somebody else's BERT classifier, as Hugging Face saves a `BertForSequenceClassification`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rust_bert::bert::{BertConfig, BertForSequenceClassification};
use serde::Deserialize;
use tch::nn::VarStore;

use super::labels::{self, EmotionShare};
use super::stored::StoredTensors;
use super::{SequenceTensors, alone, values};
use crate::encoder::{BertShape, PLACES, Sequence, Tensors, TokenReader, WORDS, softmax};
use crate::folder_files::{CONFIG, TOKENIZER, WEIGHTS, identify, read};
use crate::shared::SharedByKey;
use crate::{EmotionModel, EngineKind, ModelError, ModelIdentity, ScoreInput};
use tingxin_text::domain::{EmotionScores, UtteranceScore};

/// The list of tokens, one a line, that stands for [`TOKENIZER`] in older folders.
const VOCABULARY: &str = "vocab.txt";
/// How that list is used; optional.
const TOKENIZER_SETTINGS: &str = "tokenizer_config.json";

/// Longest sequence that is run in one piece, for models without a limit worth that name.
const LONGEST: usize = 512;

/// Models in use, by folder.
static LOADED: SharedByKey<LoadedClassifier> = SharedByKey::new();

/// What `config.json` says.
#[derive(Debug, Deserialize)]
struct ClassifierConfig {
    #[serde(flatten)]
    shape: BertShape,
    #[serde(default)]
    model_type: String,
    #[serde(default)]
    id2label: BTreeMap<String, String>,
    problem_type: Option<String>,
    position_embedding_type: Option<String>,
}

/// What never changes.
struct LoadedClassifier {
    identity: ModelIdentity,
    parameters: StoredTensors,
    reader: TokenReader,
    shares: Vec<EmotionShare>,
    /// Most tokens of a sequence beside its two marks.
    inner: usize,
}

/// Reads emotions with a BERT classifier. It finds no evidence, knows no abuse and no voices.
pub(crate) struct Classifier {
    loaded: Arc<LoadedClassifier>,
    model: BertForSequenceClassification,
}

impl Classifier {
    /// Takes the model in `folder` into use; `config` is its `config.json`.
    pub(crate) fn new(folder: &Path, config: &[u8], lexicon_version: &str) -> Result<Self, String> {
        let whole = folder.canonicalize().map_err(|cause| format!("{}: {cause}", folder.display()))?;
        let loaded = LOADED
            .get(&whole.display().to_string(), || LoadedClassifier::read(&whole, config, lexicon_version))?;
        Ok(Self { model: loaded.parameters.build(make)?, loaded })
    }

    fn read(&self, input: &ScoreInput<'_>) -> Result<UtteranceScore, String> {
        if input.text.tokens.is_empty() {
            return Ok(UtteranceScore::from_emotions(EmotionScores::NEUTRAL, false, 0.0, Vec::new()));
        }
        let tokens = self.loaded.reader.read(input.text.scored())?;
        let mut parts = EmotionShare::default();
        // A text longer than a sequence is read in parts; each counts by its length.
        for ids in self.loaded.reader.parts(&tokens.ids, self.loaded.inner) {
            #[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "some hundred tokens")]
            let length = ids.len() as f32;
            let classes = self.classes(&Sequence { ids, voice: 0 })?;
            for (p, share) in classes.iter().zip(&self.loaded.shares) {
                parts.iter_mut().zip(share).for_each(|(part, share)| *part += p * share * length);
            }
        }
        let emotions = EmotionScores::from_weights(parts).map_err(|cause| cause.to_string())?;
        Ok(UtteranceScore::from_emotions(emotions, true, 0.0, Vec::new()))
    }

    /// Probabilities of the model's own classes.
    fn classes(&self, sequence: &Sequence) -> Result<Vec<f32>, String> {
        let SequenceTensors { ids, mask, types } = SequenceTensors::of(sequence);
        let output = alone(|| self.model.forward_t(Some(&ids), Some(&mask), Some(&types), None, None, false));
        let mut classes = values(&output.logits)?;
        softmax(&mut classes);
        Ok(classes)
    }
}

fn make(store: &VarStore, config: &BertConfig) -> Result<BertForSequenceClassification, String> {
    BertForSequenceClassification::new(store.root(), config).map_err(|cause| cause.to_string())
}

impl LoadedClassifier {
    fn read(folder: &Path, config_file: &[u8], lexicon_version: &str) -> Result<Self, String> {
        let config: ClassifierConfig =
            serde_json::from_slice(config_file).map_err(|cause| format!("{CONFIG}: {cause}"))?;
        config.check().map_err(|cause| format!("{CONFIG}: {cause}"))?;
        let labels_file =
            folder.join(labels::FILE).is_file().then(|| read(folder, labels::FILE)).transpose()?;
        let names = labels::read_names(&config.id2label)?;
        let text = labels_file.as_deref().map(std::str::from_utf8).transpose();
        let shares =
            labels::assign_shares(&names, text.map_err(|cause| format!("{}: {cause}", labels::FILE))?)?;
        let tokenizer = find_tokenizer(folder)?;
        let weights = read(folder, WEIGHTS)?;
        let mut files: Vec<&[u8]> = vec![config_file, &tokenizer, &weights];
        files.extend(labels_file.as_deref());
        let identity = identify(folder, EngineKind::RustBert, lexicon_version, &files)?;
        let of_weights = |cause| format!("{WEIGHTS}: {cause}");
        let tensors = Tensors::open(&weights).map_err(of_weights)?;
        let vocabulary = tensors.rows(WORDS).map_err(of_weights)?;
        let longest = tensors.rows(PLACES).map_err(of_weights)?.min(LONGEST);
        if longest < 3 {
            return Err(of_weights("there are no places for three tokens".to_owned()));
        }
        Ok(Self {
            identity,
            parameters: StoredTensors::read(&tensors, &config.shape, &names, make).map_err(of_weights)?,
            reader: TokenReader::new(&tokenizer, vocabulary)
                .map_err(|cause| format!("{TOKENIZER}: {cause}"))?,
            shares,
            inner: longest - 2,
        })
    }
}

impl ClassifierConfig {
    /// Refuses what would be computed wrongly rather than not at all.
    fn check(&self) -> Result<(), String> {
        if self.model_type != "bert" {
            return Err(format!("`model_type` is `{}`; only `bert` can be read", self.model_type));
        }
        if self.problem_type.as_deref().is_some_and(|kind| kind != "single_label_classification") {
            return Err("`problem_type` must be single_label_classification: the classes exclude each other"
                .to_owned());
        }
        if self.position_embedding_type.as_deref().is_some_and(|kind| kind != "absolute") {
            return Err("`position_embedding_type` must be absolute".to_owned());
        }
        self.shape.check()
    }
}

impl EmotionModel for Classifier {
    fn identity(&self) -> &ModelIdentity {
        &self.loaded.identity
    }

    fn score(&mut self, batch: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError> {
        let scores = batch.iter().map(|input| self.read(input)).collect::<Result<_, String>>();
        scores.map_err(|reason| ModelError::Failed { name: self.loaded.identity.name.clone(), reason })
    }
}

/// The tokenizer as a `tokenizer.json`; one is made of a `vocab.txt` with what Hugging Face does
/// around it.
fn find_tokenizer(folder: &Path) -> Result<Vec<u8>, String> {
    #[derive(Deserialize)]
    struct Settings {
        do_lower_case: Option<bool>,
        tokenize_chinese_chars: Option<bool>,
        strip_accents: Option<bool>,
    }
    if folder.join(TOKENIZER).is_file() || !folder.join(VOCABULARY).is_file() {
        return read(folder, TOKENIZER);
    }
    let settings = if folder.join(TOKENIZER_SETTINGS).is_file() {
        read(folder, TOKENIZER_SETTINGS)?
    } else {
        b"{}".to_vec()
    };
    let settings: Settings =
        serde_json::from_slice(&settings).map_err(|cause| format!("{TOKENIZER_SETTINGS}: {cause}"))?;
    let list =
        String::from_utf8(read(folder, VOCABULARY)?).map_err(|cause| format!("{VOCABULARY}: {cause}"))?;
    let tokens: BTreeMap<&str, usize> = list.lines().enumerate().map(|(at, token)| (token, at)).collect();
    let made = serde_json::json!({
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": true,
            "handle_chinese_chars": settings.tokenize_chinese_chars.unwrap_or(true),
            "strip_accents": settings.strip_accents,
            "lowercase": settings.do_lower_case.unwrap_or(true),
        },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": tokens,
        },
    });
    serde_json::to_vec(&made).map_err(|cause| cause.to_string())
}
