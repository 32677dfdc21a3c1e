//! Which models there are, and that their files are what the manifest says.

use figment::Figment;
use figment::providers::{Format, Toml};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::encoder::{self, EncoderModel, Forward};
use super::files::{self, checksum, hex};
use super::folder;
use super::folder_files::{CONFIG, CONTEXT, TOKENIZER, WEIGHTS};
use super::lexicon::LexiconModel;
use super::parameters;
use super::{EmotionModel, EngineKind, ModelError, ModelIdentity};
use tingxin_text::domain::Emotion;
use tingxin_text::lexicon::{self, WordList};

const MANIFEST: &str = include_str!("../../../models/manifest.toml");

/// What reads contacts unless somebody asks for another.
pub const DEFAULT_MODEL: &str = "tingxin-emotion";

/// How many digits of the checksum name the version of the lists.
const VERSION_DIGITS: usize = 12;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    model: Vec<ModelEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "licence and figures are for the readers of the manifest; reading them checks it"
)]
struct ModelEntry {
    /// What `--model` takes.
    name: String,
    /// What an analysis shows as `engine.model`.
    identity: String,
    kind: ModelKind,
    licence: String,
    /// Order of the classes in the model's output.
    labels: Vec<Emotion>,
    files: Vec<ModelFile>,
    figures: Vec<ModelFigure>,
    reliability: Option<ValenceReliability>,
    readings: Option<ReadingReference>,
}

/// Reliability of a turn's valence by role, as value and standard error: squared correlation of the
/// model's valence with that of the labels on the test split of the corpus
/// (`models/train/reliability.py`).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValenceReliability {
    /// Of customers.
    pub customer: [f64; 2],
    /// Of agents.
    pub agent: [f64; 2],
}

/// How the model read the customers of the corpus's dev split in their context (`models/train/reference.py`): whole contacts of
/// channels whose words come from a recogniser, and of all others.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingReference {
    /// Hotline, outbound, hall, visit.
    pub spoken: ReferenceSpread,
    /// All others.
    pub written: ReferenceSpread,
}

/// How readings were spread over bins of valence.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceSpread {
    /// Between the bins, in order; one fewer than there are bins.
    pub edges: Vec<f64>,
    /// Readings in each bin.
    pub counts: Vec<f64>,
    /// How many independent readings they are worth, for those of one contact are alike.
    pub worth: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ModelKind {
    /// The embedded word lists.
    Lexicon,
    /// A transformer in three files, `config.json`, `tokenizer.json`, `model.safetensors`, and the
    /// layer that reads in context, `context.safetensors`.
    Encoder,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelFile {
    /// Below `models/`.
    path: String,
    sha256: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "figures are for the readers of the manifest; reading them checks it")]
struct ModelFigure {
    test: String,
    measure: String,
    value: f64,
}

/// Loads the model of that name with the embedded engine: `lexicon`, or another one of
/// `models/manifest.toml`, or the folder of that path.
///
/// # Errors
/// [`ModelError`] when there is no such model or it cannot be loaded.
pub fn load(name: &str) -> Result<Box<dyn EmotionModel>, ModelError> {
    load_on(name, EngineKind::Embedded)
}

/// Loads the model of that name, as [`load`] does, to be computed by `engine`.
///
/// # Errors
/// [`ModelError`] when there is no such model, it cannot be loaded, or the program lacks the
/// engine.
pub fn load_on(name: &str, engine: EngineKind) -> Result<Box<dyn EmotionModel>, ModelError> {
    let damaged = |reason: String| ModelError::Damaged { name: name.to_owned(), reason };
    let unusable = |reason| ModelError::Engine { engine: engine.as_str(), reason };
    if let Some(reason) = engine.missing() {
        return Err(unusable(reason));
    }
    let manifest = read_manifest().map_err(damaged)?;
    let Some(entry) = manifest.model.iter().find(|entry| entry.name == name) else {
        if folder::is_meant(name) {
            return folder::load(name, engine, &lists_version()).map_err(damaged);
        }
        let names: Vec<&str> = manifest.model.iter().map(|entry| entry.name.as_str()).collect();
        return Err(ModelError::Unknown { name: name.to_owned(), available: names.join(", ") });
    };
    if entry.labels != Emotion::ALL {
        return Err(damaged("the manifest lists other labels than the product has".to_owned()));
    }
    match entry.kind {
        ModelKind::Lexicon if engine != EngineKind::Embedded => Err(unusable(
            "the model `lexicon` is word lists, in which there is nothing for it to compute; name a trained \
             model, or leave the engine out",
        )),
        ModelKind::Lexicon => {
            check_lists(entry).map_err(damaged)?;
            let identity = ModelIdentity {
                name: entry.identity.clone(),
                sha256: lists_sha256(),
                lexicon_version: lists_version(),
            };
            Ok(Box::new(LexiconModel::new(identity).map_err(|cause| damaged(cause.to_string()))?))
        }
        ModelKind::Encoder => Ok(Box::new(encoder(entry, engine).map_err(damaged)?)),
    }
}

/// What has been measured of a model, by the name that analyses show; `None` where nothing was.
/// Engines of one model give the same numbers.
#[must_use]
pub fn valence_reliability(identity: &str) -> Option<ValenceReliability> {
    of_identity(identity)?.reliability
}

/// How a model read where it was measured, by the name that analyses show; `None` where nothing was kept.
#[must_use]
pub fn reading_reference(identity: &str) -> Option<ReadingReference> {
    of_identity(identity)?.readings
}

fn of_identity(identity: &str) -> Option<ModelEntry> {
    let model = identity.split('+').next()?;
    read_manifest().ok()?.model.into_iter().find(|entry| entry.identity == model)
}

/// The forward pass of an encoder of the manifest, with the embedded engine, for measuring it
/// alone.
///
/// # Errors
/// [`ModelError`] when there is no encoder of that name or it cannot be loaded.
pub fn forward(name: &str) -> Result<Forward, ModelError> {
    let damaged = |reason: String| ModelError::Damaged { name: name.to_owned(), reason };
    let manifest = read_manifest().map_err(damaged)?;
    let encoders: Vec<&ModelEntry> =
        manifest.model.iter().filter(|one| one.kind == ModelKind::Encoder).collect();
    let Some(entry) = encoders.iter().find(|entry| entry.name == name) else {
        let names: Vec<&str> = encoders.iter().map(|entry| entry.name.as_str()).collect();
        return Err(ModelError::Unknown { name: name.to_owned(), available: names.join(", ") });
    };
    encoder(entry, EngineKind::Embedded).map(Forward::new).map_err(damaged)
}

fn read_manifest() -> Result<Manifest, String> {
    Figment::from(Toml::string(MANIFEST)).extract().map_err(|cause| format!("models/manifest.toml: {cause}"))
}

/// A file of an entry by its name.
fn file<'a>(entry: &'a ModelEntry, name: &str) -> Result<&'a ModelFile, String> {
    let file = entry.files.iter().find(|file| files::name(&file.path) == name);
    file.ok_or_else(|| format!("the manifest names no {name}"))
}

/// Takes a transformer into use. Its checksum follows from those that the manifest asks of its
/// files.
fn encoder(entry: &ModelEntry, engine: EngineKind) -> Result<EncoderModel, String> {
    let (config, tokenizer, weights, context) =
        (file(entry, CONFIG)?, file(entry, TOKENIZER)?, file(entry, WEIGHTS)?, file(entry, CONTEXT)?);
    let identity = ModelIdentity {
        name: engine.name_of(&entry.identity),
        sha256: checksum([config, tokenizer, weights, context].map(|file| file.sha256.as_str())),
        // Cues and words still come from the lists.
        lexicon_version: lists_version(),
    };
    EncoderModel::new(identity, parameters::on(engine)?, || {
        Ok(encoder::ModelFiles {
            config: read(config)?,
            tokenizer: read(tokenizer)?,
            weights: read(weights)?,
            context: Some(read(context)?),
        })
    })
}

fn read(file: &ModelFile) -> Result<Vec<u8>, String> {
    files::read(&file.path, &file.sha256)
}

/// The version of the word lists.
fn lists_version() -> String {
    lists_sha256().chars().take(VERSION_DIGITS).collect()
}

/// SHA-256 over all word lists: name, a zero byte, length as eight bytes and text of each, in the
/// order of [`lexicon::ALL`].
fn lists_sha256() -> String {
    let mut digest = Sha256::new();
    for list in lexicon::ALL {
        digest.update(list.name.as_bytes());
        digest.update([0]);
        digest.update(u64::try_from(list.text.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(list.text.as_bytes());
    }
    hex(&digest.finalize())
}

/// Every embedded list stands in the manifest with the checksum that it has.
fn check_lists(entry: &ModelEntry) -> Result<(), String> {
    let differing: Vec<String> = lexicon::ALL
        .iter()
        .map(|list| (list, hex(&Sha256::digest(list.text.as_bytes()))))
        .filter(|(list, actual)| recorded(entry, list).is_none_or(|file| file.sha256 != *actual))
        .map(|(list, actual)| format!("lexicon/{} has SHA-256 {actual}", list.name))
        .collect();
    if differing.is_empty() {
        return Ok(());
    }
    Err(format!("the manifest does not fit the lists: {}", differing.join(", ")))
}

/// What the manifest says of a list.
fn recorded<'a>(entry: &'a ModelEntry, list: &WordList) -> Option<&'a ModelFile> {
    let path = format!("lexicon/{}", list.name);
    entry.files.iter().find(|file| file.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_answered_with_the_names_there_are() {
        let Err(refused) = load("bert-9000") else { panic!("there is no such model") };

        assert_eq!(refused.to_string(), "there is no model `bert-9000`; available: lexicon, tingxin-emotion");
    }

    #[test]
    fn the_readings_of_every_shipped_model_are_known_bin_by_bin() {
        for entry in read_manifest().unwrap().model {
            let known = reading_reference(&format!("{}+rust-bert", entry.identity)).unwrap();
            for ReferenceSpread { edges, counts, worth } in [known.spoken, known.written] {
                assert!(edges.is_sorted_by(|a, b| a < b) && counts.len() == edges.len() + 1, "{edges:?}");
                let readings: f64 = counts.iter().sum();
                assert!(worth > 50.0 && worth <= readings, "{}: {worth} of {readings}", entry.name);
            }
        }
        assert_eq!(reading_reference("a-model-of-ones-own"), None);
    }

    #[test]
    fn the_lexicon_says_that_it_is_one() {
        let model = load("lexicon").unwrap();
        let identity = model.identity();

        assert_eq!(identity.name, "lexicon-1");
        assert_eq!(identity.sha256.len(), 64);
        assert!(
            identity.sha256.starts_with(&identity.lexicon_version) && identity.lexicon_version.len() == 12
        );
    }
}
