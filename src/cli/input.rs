//! Files, folders and standard input as one sequence of contacts.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{IsTerminal as _, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::CliError;
use super::terminal;
use crate::domain::{Lang, Refusal};
use crate::ingest::{self, FileRecord, Placed, ReadError, ReadOptions};

/// The name under which standard input is given and reported.
const STDIN: &str = "-";

/// What came instead of a contact. Each is one line on standard error.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// A contact that is refused.
    Refused(Refusal),
    /// Worth saying, but no contact is lost.
    Notice(Refusal),
    /// A file or folder that could not be read, or not to its end; the next one is read.
    Failed(Refusal),
}

impl From<ReadError> for Unread {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Refused(refusal) => Self::Refused(refusal),
            ReadError::Notice(notice) => Self::Notice(notice),
            ReadError::Broken { name, cause } => Self::Failed(unreadable(&name, &cause)),
        }
    }
}

/// How much was not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Losses {
    /// Contacts that were refused.
    pub(super) refused: u64,
    /// Inputs that could not be read: no contacts.
    pub(super) failed: u64,
}

impl Losses {
    /// Counts one and gives what is to be said about it.
    pub(super) fn count<'a>(&mut self, unread: &'a Unread) -> &'a Refusal {
        match unread {
            Unread::Notice(notice) => notice,
            Unread::Refused(refusal) => {
                self.refused += 1;
                refusal
            }
            Unread::Failed(refusal) => {
                self.failed += 1;
                refusal
            }
        }
    }
}

/// Says on standard error what was not taken: a sentence on a terminal, one line of JSON for a
/// program.
pub(super) fn complain(refusal: &Refusal) {
    let mut err = std::io::stderr().lock();
    if err.is_terminal() {
        let _ = writeln!(err, "{}", sentence(refusal, terminal::lang()));
        return;
    }
    // A refusal consists of texts and numbers: writing it as JSON cannot fail. Standard error may
    // be closed; the exit status still tells.
    let line = serde_json::to_string(refusal).unwrap_or_default();
    let _ = writeln!(err, "{line}");
}

/// `calls.csv:17, column contact_id: … (invalid_value)`.
fn sentence(refusal: &Refusal, lang: Lang) -> String {
    let Refusal { file, line, field, code, message } = refusal;
    let file = file.as_deref().unwrap_or(STDIN);
    if let (Lang::Zh, Some(reason)) = (lang, refusal.zh()) {
        let line = line.map(|line| format!(" 第{line}行")).unwrap_or_default();
        let field = field.as_deref().map(|field| format!("，{field}")).unwrap_or_default();
        return format!("{file}{line}{field}：{reason}（{code}：{message}）");
    }
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    let field = field.as_deref().map(|field| format!(", {field}")).unwrap_or_default();
    format!("{file}{line}{field}: {message} ({code})")
}

/// What to read, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inputs {
    /// Files, or [`STDIN`].
    files: Vec<PathBuf>,
    /// What was met that cannot be read or is not meant to be.
    pub(super) unread: Vec<Unread>,
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
        let mut found = Self { files: Vec::new(), unread: Vec::new(), bytes: Some(0) };
        let usual = [PathBuf::from(STDIN)];
        for path in if paths.is_empty() { &usual[..] } else { paths } {
            // One that is not there is said before the first contact is read, and costs no other.
            if let Err(cause) = found.add(path) {
                found.unread.push(Unread::Failed(unreadable(&path.to_string_lossy(), &cause)));
            }
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
            let before = self.files.len();
            let mut others = BTreeMap::new();
            self.walk(path, &mut others)?;
            if self.files.len() == before {
                // An empty folder is a quiet night; one full of files that nobody can read is not.
                self.unread.push(if others.is_empty() {
                    Unread::Notice(empty(&path.to_string_lossy()))
                } else {
                    Unread::Refused(nothing_in(path, &others))
                });
            }
            return Ok(());
        }
        // Fail before the first contact is read, not after an hour.
        drop(File::open(path)?);
        self.bytes = if about.is_file() { self.bytes.map(|sum| sum + about.len()) } else { None };
        self.files.push(path.to_owned());
        Ok(())
    }

    /// Files of a folder in the order of their names, so that a run can be repeated. Links to
    /// folders are not followed (they can lead in a circle), hidden entries are nobody's contacts.
    ///
    /// `others` counts what is not read, by ending.
    fn walk(&mut self, folder: &Path, others: &mut BTreeMap<String, usize>) -> std::io::Result<()> {
        let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if entry.file_type()?.is_dir() {
                self.walk(&path, others)?;
            } else if path.is_file() && is_known(&path) {
                self.add(&path)?;
            } else {
                *others.entry(ending(&path)).or_default() += 1;
                self.unread.push(Unread::Notice(skipped(&path)));
            }
        }
        Ok(())
    }

    /// The contacts of all files in order. `read` counts the bytes that were taken from the files.
    pub(super) fn contacts(
        self,
        options: ReadOptions,
        read: Arc<AtomicU64>,
    ) -> impl Iterator<Item = Result<Placed, Unread>> + Send {
        self.files.into_iter().flat_map(move |path| not_empty(&path, open(&path, &options, &read)))
    }

    /// The lines of all files in order, or the rows of those that are tables, each with its place.
    pub(super) fn records(
        self,
        needed: &'static str,
        meaning: fn(&str) -> Option<&'static str>,
    ) -> impl Iterator<Item = Result<PlacedRecord, Unread>> {
        self.files.into_iter().flat_map(move |path| {
            let name: Arc<str> = path.to_string_lossy().into();
            let (records, broken) = match bytes(&path) {
                Ok(bytes) => (Some(ingest::records(bytes, &name, needed, meaning)), None),
                Err(cause) => (None, Some(Err(ReadError::Broken { name: name.to_string(), cause }))),
            };
            records.into_iter().flatten().chain(broken).map(move |record| {
                record
                    .map(|(number, record)| PlacedRecord { file: Arc::clone(&name), number, record })
                    .map_err(Unread::from)
            })
        })
    }

    /// The lines of all files in order, each with its place; blank ones are left out.
    pub(super) fn lines(self) -> impl Iterator<Item = Result<PlacedLine, Unread>> {
        self.files.into_iter().flat_map(|path| {
            let name: Arc<str> = path.to_string_lossy().into();
            let (lines, broken) = match bytes(&path) {
                Ok(bytes) => (Some(ingest::lines(bytes, &name)), None),
                Err(cause) => (None, Some(Err(ReadError::Broken { name: name.to_string(), cause }))),
            };
            let lines = lines.into_iter().flatten().chain(broken);
            lines.map(move |line| {
                line.map(|(number, text)| PlacedLine { file: Arc::clone(&name), number, text })
                    .map_err(Unread::from)
            })
        })
    }
}

/// A line or a row with its place.
pub(super) struct PlacedRecord {
    pub(super) file: Arc<str>,
    pub(super) number: u64,
    pub(super) record: FileRecord,
}

/// A line with its place.
pub(super) struct PlacedLine {
    pub(super) file: Arc<str>,
    pub(super) number: u64,
    pub(super) text: String,
}

fn open(path: &Path, options: &ReadOptions, read: &Arc<AtomicU64>) -> ingest::ContactStream {
    let name = path.to_string_lossy().into_owned();
    match bytes(path) {
        Ok(bytes) => {
            let input = Box::new(Counted { bytes, read: Arc::clone(read) });
            // A pipe may have a name, too, and gives what it holds only once.
            if path.as_os_str() == STDIN || !path.is_file() {
                return ingest::read(input, &name, options);
            }
            let again = path.to_owned();
            ingest::read_file(input, Box::new(move || bytes_of(&again)), &name, options)
        }
        Err(cause) => Box::new(std::iter::once(Err(ReadError::Broken { name, cause }))),
    }
}

fn bytes(path: &Path) -> std::io::Result<Box<dyn Read + Send>> {
    if path.as_os_str() == STDIN { Ok(Box::new(std::io::stdin())) } else { bytes_of(path) }
}

fn bytes_of(file: &Path) -> std::io::Result<Box<dyn Read + Send>> {
    Ok(Box::new(File::open(file)?))
}

/// The items of a file; of one that has none, a word about that.
fn not_empty(
    path: &Path,
    stream: ingest::ContactStream,
) -> impl Iterator<Item = Result<Placed, Unread>> + use<> {
    // A notice is no contact.
    let mut nothing_yet = Some(path.to_string_lossy().into_owned());
    // Fused: standard input would be asked again after its end.
    let mut stream = stream.fuse();
    std::iter::from_fn(move || match stream.next() {
        Some(item) => {
            if !matches!(item, Err(ReadError::Notice(_))) {
                nothing_yet = None;
            }
            Some(item.map_err(Unread::from))
        }
        None => nothing_yet.take().map(|name| Err(Unread::Notice(empty(&name)))),
    })
}

fn is_known(path: &Path) -> bool {
    ingest::is_read(&path.to_string_lossy())
}

/// Says that a file of a folder was not read.
fn skipped(path: &Path) -> Refusal {
    let refusal = Refusal::new(
        "skipped_file",
        format!(
            "not read: its name ends in none of {}",
            ingest::EXTENSIONS.map(|e| format!(".{e}")).join(", ")
        ),
    );
    about(&path.to_string_lossy(), refusal)
}

/// The ending of a file's name with its dot, or the whole name.
fn ending(path: &Path) -> String {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.map_or_else(
        || path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        |extension| format!(".{extension}"),
    )
}

/// Says what lay in a folder in which there was nothing to read: a night's import of it must not
/// look like a success.
fn nothing_in(folder: &Path, others: &BTreeMap<String, usize>) -> Refusal {
    let kinds = ingest::EXTENSIONS.map(|extension| format!(".{extension}")).join(", ");
    let lay: Vec<String> = others.iter().map(|(ending, count)| format!("{count} × {ending}")).collect();
    let message = format!("no file of this folder was read, {kinds} are; there lay {}", lay.join(", "));
    about(&folder.to_string_lossy(), Refusal::new("no_contacts", message))
}

/// Says that nothing was found where contacts were expected.
fn empty(name: &str) -> Refusal {
    about(name, Refusal::new("no_contacts", "holds no contact"))
}

fn unreadable(name: &str, cause: &std::io::Error) -> Refusal {
    about(name, Refusal::new("unreadable_file", format!("cannot be read: {cause}")))
}

/// A word about a whole file.
fn about(name: &str, mut refusal: Refusal) -> Refusal {
    refusal.file = Some(name.to_owned());
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
        assert_eq!(found.unread, [Unread::Notice(skipped(&root.join("b/readme.md")))]);
        assert_eq!(found.bytes, Some(15));
    }

    #[test]
    fn a_folder_in_which_nothing_was_read_is_refused_and_says_what_lay_there() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.docx", "b.docx", "c.mp3"] {
            std::fs::write(folder.path().join(name), "12345").unwrap();
        }

        let found = Inputs::find(&[folder.path().to_owned()]).unwrap();

        let Some(Unread::Refused(refusal)) = found.unread.last() else { panic!("{found:?}") };
        assert!(refusal.message.contains("2 × .docx, 1 × .mp3"), "{}", refusal.message);
    }

    #[test]
    fn a_person_reads_a_sentence_with_its_place() {
        let refusal = Refusal::new("invalid_value", "must be 1 or more").at("revision");

        assert_eq!(sentence(&refusal, Lang::En), "-, revision: must be 1 or more (invalid_value)");
        assert_eq!(
            sentence(&refusal.in_file("a.csv", 7), Lang::Zh),
            "a.csv 第7行，revision：内容不符合要求（invalid_value：must be 1 or more）"
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_named_before_anything_is_read() {
        let found = Inputs::find(&[PathBuf::from("/nowhere/a.json")]).unwrap();

        let [Unread::Failed(refusal)] = &*found.unread else { panic!("{found:?}") };
        assert_eq!(refusal.file.as_deref(), Some("/nowhere/a.json"));
    }
}
