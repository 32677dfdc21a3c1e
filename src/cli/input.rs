//! Files, folders and standard input as one sequence of contacts.

use std::fs::File;
use std::io::{IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::CliError;
use crate::domain::{RawContact, Refusal};
use crate::ingest::{self, ReadError, ReadOptions};

/// What a file of a folder must be called to be read. A file that is named itself may be called anything.
const EXTENSIONS: [&str; 5] = ["json", "ndjson", "jsonl", "csv", "txt"];

/// The name under which standard input is given and reported.
const STDIN: &str = "-";

/// What to read, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inputs {
    /// Files, or [`STDIN`].
    files: Vec<PathBuf>,
    /// Files found in folders that are not read.
    pub(super) skipped: Vec<PathBuf>,
    /// Sum of the files' sizes; `None` when one of them has no size, as a pipe.
    pub(super) bytes: Option<u64>,
}

impl Inputs {
    /// Finds the files behind `paths`; without any, standard input.
    pub(super) fn find(paths: &[PathBuf]) -> Result<Self, CliError> {
        if paths.is_empty() && std::io::stdin().is_terminal() {
            return Err(CliError::Usage(
                "name a file or a folder, or `-` to type or pipe contacts in; see --help".to_owned(),
            ));
        }
        let mut found = Self { files: Vec::new(), skipped: Vec::new(), bytes: Some(0) };
        let usual = [PathBuf::from(STDIN)];
        for path in if paths.is_empty() { &usual[..] } else { paths } {
            found
                .add(path)
                .map_err(|cause| CliError::failure(format!("cannot read {}: {cause}", path.display())))?;
        }
        Ok(found)
    }

    fn add(&mut self, path: &Path) -> std::io::Result<()> {
        if path.as_os_str() == STDIN {
            self.bytes = None;
            self.files.push(path.to_owned());
            return Ok(());
        }
        let about = std::fs::metadata(path)?;
        if about.is_dir() {
            return self.walk(path);
        }
        // Fail before the first contact is read, not after an hour.
        drop(File::open(path)?);
        self.bytes = if about.is_file() { self.bytes.map(|sum| sum + about.len()) } else { None };
        self.files.push(path.to_owned());
        Ok(())
    }

    /// Files of a folder in the order of their names, so that a run can be repeated. Links to folders
    /// are not followed (they can lead in a circle), hidden entries are nobody's contacts.
    fn walk(&mut self, folder: &Path) -> std::io::Result<()> {
        let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if entry.file_type()?.is_dir() {
                self.walk(&path)?;
            } else if path.is_file() && is_known(&path) {
                self.add(&path)?;
            } else {
                self.skipped.push(path);
            }
        }
        Ok(())
    }

    /// The contacts of all files in order. `read` counts the bytes that were taken from the files.
    pub(super) fn contacts(
        self,
        options: ReadOptions,
        read: Arc<AtomicU64>,
    ) -> impl Iterator<Item = Result<RawContact, ReadError>> + Send {
        self.files.into_iter().flat_map(move |path| open(&path, &options, &read))
    }
}

fn open(path: &Path, options: &ReadOptions, read: &Arc<AtomicU64>) -> ingest::ContactStream {
    let name = path.to_string_lossy().into_owned();
    let bytes: Box<dyn Read + Send> = if path.as_os_str() == STDIN {
        Box::new(std::io::stdin())
    } else {
        match File::open(path) {
            Ok(file) => Box::new(file),
            Err(cause) => return Box::new(std::iter::once(Err(ReadError::Broken { name, cause }))),
        }
    };
    ingest::read(Box::new(Counted { bytes, read: Arc::clone(read) }), &name, options)
}

fn is_known(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
}

/// Says that a file of a folder was not read.
pub(super) fn skipped(path: &Path) -> Refusal {
    let mut refusal = Refusal::new(
        "skipped_file",
        format!("not read: its name ends in none of {}", EXTENSIONS.map(|e| format!(".{e}")).join(", ")),
    );
    refusal.file = Some(path.to_string_lossy().into_owned());
    refusal
}

struct Counted {
    bytes: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.read.fetch_add(u64::try_from(count).unwrap_or_default(), Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_known_files_in_order_and_names_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join("b")).unwrap();
        for name in ["c.CSV", "b/x.json", "a.ndjson", ".hidden.json", "b/readme.md"] {
            std::fs::write(root.join(name), "12345").unwrap();
        }

        let found = Inputs::find(&[root.to_owned()]).unwrap();

        assert_eq!(found.files, ["a.ndjson", "b/x.json", "c.CSV"].map(|name| root.join(name)));
        assert_eq!(found.skipped, [root.join("b/readme.md")]);
        assert_eq!(found.bytes, Some(15));
    }

    #[test]
    fn a_file_that_is_not_there_is_named_before_anything_is_read() {
        let missing = Inputs::find(&[PathBuf::from("/nowhere/a.json")]);

        assert!(
            matches!(missing, Err(CliError::Failure(cause)) if cause.to_string().contains("/nowhere/a.json"))
        );
    }
}
