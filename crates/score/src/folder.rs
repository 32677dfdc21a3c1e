//! Models that an operator brings along: a folder as Hugging Face's `save_pretrained` writes it.

use std::path::Path;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::encoder::{EncoderModel, Files};
use super::files::{checksum, hex};
use super::{EmotionModel, EngineKind, ModelIdentity};

pub(super) const CONFIG: &str = "config.json";
pub(super) const TOKENIZER: &str = "tokenizer.json";
pub(super) const WEIGHTS: &str = "model.safetensors";
pub(super) const CONTEXT: &str = "context.safetensors";

/// What tells this project's own kind of model from everybody else's.
#[derive(Deserialize)]
struct Config {
    tingxin: Option<serde_json::Value>,
}

/// Whether a name that the manifest does not have is the path of a folder.
pub(super) fn is_meant(name: &str) -> bool {
    name.contains(std::path::MAIN_SEPARATOR) || Path::new(name).is_dir()
}

/// Loads the model in the folder `path`. One that was trained as `models/train` does runs on every engine,
/// a classifier with its pooler on `rust-bert` alone.
pub(super) fn load(
    path: &str,
    engine: EngineKind,
    lexicon_version: &str,
) -> Result<Box<dyn EmotionModel>, String> {
    let path = Path::new(path);
    let config = read(path, CONFIG)?;
    let ours: Config = serde_json::from_slice(&config).map_err(|cause| format!("{CONFIG}: {cause}"))?;
    if ours.tingxin.is_some() {
        let (tokenizer, weights) = (read(path, TOKENIZER)?, read(path, WEIGHTS)?);
        let context = path.join(CONTEXT).is_file().then(|| read(path, CONTEXT)).transpose()?;
        let files = Files { config, tokenizer, weights, context };
        let mut parts = vec![files.config.as_slice(), &files.tokenizer, &files.weights];
        parts.extend(files.context.as_deref());
        let identity = identity(path, engine, lexicon_version, &parts)?;
        return Ok(Box::new(EncoderModel::new(identity, engine, || Ok(files))?));
    }
    match engine {
        EngineKind::Embedded => Err(format!(
            "{CONFIG} has no section `tingxin`: only models trained as models/train does run on the engine \
             `embedded`; for a BERT classifier of your own give --engine {}",
            EngineKind::RustBert.as_str()
        )),
        #[cfg(feature = "rust-bert")]
        EngineKind::RustBert => Ok(Box::new(super::torch::Classifier::new(path, &config, lexicon_version)?)),
        #[cfg(not(feature = "rust-bert"))]
        EngineKind::RustBert => Err(super::engine::NOT_BUILT.to_owned()),
    }
}

/// A file of the folder.
pub(super) fn read(folder: &Path, name: &str) -> Result<Vec<u8>, String> {
    let path = folder.join(name);
    std::fs::read(&path).map_err(|cause| format!("{}: {cause}", path.display()))
}

/// What an analysis shows: the folder's name and the checksum of these files.
pub(super) fn identity(
    folder: &Path,
    engine: EngineKind,
    lexicon_version: &str,
    files: &[&[u8]],
) -> Result<ModelIdentity, String> {
    let whole = folder.canonicalize().map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // Names stand in metrics, fingerprints and pages: nothing but letters, digits, dots, dashes and underlines.
    let name: String =
        name.chars().map(|c| if c.is_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect();
    let checksums: Vec<String> = files.iter().map(|file| hex(&Sha256::digest(file))).collect();
    Ok(ModelIdentity {
        name: engine.name_of(&name),
        sha256: checksum(checksums.iter().map(String::as_str)),
        lexicon_version: lexicon_version.to_owned(),
    })
}
