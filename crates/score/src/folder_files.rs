//! The files of a model: how Hugging Face names them, and a folder of them as a model's identity.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::files::{checksum, hex};
use super::{EngineKind, ModelIdentity};

pub(super) const CONFIG: &str = "config.json";
pub(super) const TOKENIZER: &str = "tokenizer.json";
pub(super) const WEIGHTS: &str = "model.safetensors";
pub(super) const CONTEXT: &str = "context.safetensors";

/// A file of the folder.
pub(super) fn read(folder: &Path, name: &str) -> Result<Vec<u8>, String> {
    let path = folder.join(name);
    std::fs::read(&path).map_err(|cause| format!("{}: {cause}", path.display()))
}

/// What an analysis shows: the folder's name and the checksum of these files.
pub(super) fn identify(
    folder: &Path,
    engine: EngineKind,
    lexicon_version: &str,
    files: &[&[u8]],
) -> Result<ModelIdentity, String> {
    let whole = folder.canonicalize().map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // Names stand in metrics, fingerprints and pages: nothing but letters, digits, dots, dashes and
    // underlines.
    let name: String =
        name.chars().map(|c| if c.is_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect();
    let checksums: Vec<String> = files.iter().map(|file| hex(&Sha256::digest(file))).collect();
    Ok(ModelIdentity {
        name: engine.name_of(&name),
        sha256: checksum(checksums.iter().map(String::as_str)),
        lexicon_version: lexicon_version.to_owned(),
    })
}
