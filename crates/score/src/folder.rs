//! Models that an operator brings along: a folder as Hugging Face's `save_pretrained` writes it.

use std::path::Path;

use serde::Deserialize;

use super::encoder::{EncoderModel, ModelFiles};
use super::folder_files::{CONFIG, CONTEXT, TOKENIZER, WEIGHTS, identify, read};
use super::parameters;
use super::{EmotionModel, EngineKind};

/// What tells this project's own kind of model from everybody else's.
#[derive(Deserialize)]
struct ConfigProbe {
    tingxin: Option<serde_json::Value>,
}

/// Whether a name that the manifest does not have is the path of a folder.
pub(super) fn is_meant(name: &str) -> bool {
    name.contains(std::path::MAIN_SEPARATOR) || Path::new(name).is_dir()
}

/// Loads the model in the folder `path`. One that was trained as `models/train` does runs on every
/// engine, a classifier with its pooler on `rust-bert` alone.
pub(super) fn load(
    path: &str,
    engine: EngineKind,
    lexicon_version: &str,
) -> Result<Box<dyn EmotionModel>, String> {
    let path = Path::new(path);
    let config = read(path, CONFIG)?;
    let ours: ConfigProbe = serde_json::from_slice(&config).map_err(|cause| format!("{CONFIG}: {cause}"))?;
    if ours.tingxin.is_some() {
        let (tokenizer, weights) = (read(path, TOKENIZER)?, read(path, WEIGHTS)?);
        let context = path.join(CONTEXT).is_file().then(|| read(path, CONTEXT)).transpose()?;
        let files = ModelFiles { config, tokenizer, weights, context };
        let mut parts = vec![files.config.as_slice(), &files.tokenizer, &files.weights];
        parts.extend(files.context.as_deref());
        let identity = identify(path, engine, lexicon_version, &parts)?;
        return Ok(Box::new(EncoderModel::new(identity, parameters::on(engine)?, || Ok(files))?));
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
