//! Model files on disk: where they are, and that they are what the manifest says.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The default model inside the program, so that the program alone can score.
#[cfg(feature = "embedded-model")]
const INSIDE: &[(&str, &[u8])] = &[
    ("tingxin-emotion/config.json", include_bytes!("../../../models/tingxin-emotion/config.json")),
    ("tingxin-emotion/tokenizer.json", include_bytes!("../../../models/tingxin-emotion/tokenizer.json")),
    (
        "tingxin-emotion/model.safetensors",
        include_bytes!("../../../models/tingxin-emotion/model.safetensors"),
    ),
    (
        "tingxin-emotion/context.safetensors",
        include_bytes!("../../../models/tingxin-emotion/context.safetensors"),
    ),
];
#[cfg(not(feature = "embedded-model"))]
const INSIDE: &[(&str, &[u8])] = &[];

/// Reads the file `wanted`, a path below `models/`, and compares its checksum. Looks below the
/// working directory, then beside the program and up to three folders above it (`target/release`,
/// `/usr/local/bin` with `/usr/local/share/tingxin`), and last inside the program.
pub(super) fn read(wanted: &str, sha256: &str) -> Result<Vec<u8>, String> {
    let folders = list_folders();
    let Some(path) = folders.iter().map(|folder| folder.join(wanted)).find(|path| path.is_file()) else {
        let inside = INSIDE.iter().find(|(name, _)| *name == wanted).map(|(_, bytes)| *bytes);
        if let Some(bytes) = inside.filter(|bytes| hex(&Sha256::digest(bytes)) == sha256) {
            return Ok(bytes.to_vec());
        }
        let places: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
        return Err(format!("{wanted} is in none of {}", places.join(", ")));
    };
    let bytes = std::fs::read(&path).map_err(|cause| format!("{}: {cause}", path.display()))?;
    let actual = hex(&Sha256::digest(&bytes));
    if actual == sha256 {
        return Ok(bytes);
    }
    Err(format!("{} is damaged or of another version: it has SHA-256 {actual}", path.display()))
}

fn list_folders() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from("models")];
    let program = std::env::current_exe().unwrap_or_default();
    for above in program.ancestors().skip(1).take(4).filter(|above| above.components().count() > 1) {
        folders.extend([above.join("models"), above.join("share/tingxin/models")]);
    }
    folders
}

/// Checksum of a model: SHA-256 over those of its files, one after the other, as hexadecimal
/// digits.
pub(super) fn checksum<'a>(files: impl IntoIterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    for sha256 in files {
        digest.update(sha256);
    }
    hex(&digest.finalize())
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The last part of a path, by which the files of a model are told apart.
pub(super) fn name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "lexicon/negation.tsv";

    #[test]
    fn a_damaged_file_is_refused_with_the_checksum_it_has() {
        let refused = read(LIST, &"0".repeat(64)).unwrap_err();

        assert!(refused.contains(LIST) && refused.contains("damaged or of another version"), "{refused}");
        let actual = refused.rsplit(' ').next().unwrap();
        assert!(read(LIST, actual).is_ok());
    }

    #[test]
    fn a_file_that_is_nowhere_is_refused_with_the_places_that_were_looked_at() {
        let refused = read("no-such-model/model.safetensors", "").unwrap_err();

        assert!(refused.starts_with("no-such-model/model.safetensors is in none of models, "), "{refused}");
    }
}
