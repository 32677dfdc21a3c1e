//! What is packed: gzip is unpacked as a stream, ZIP file by file. What unpacks to far more than it is gets refused.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use ::zip::ZipArchive;
use flate2::read::MultiGzDecoder;

use super::code;
use super::item::{ContactStream, Placed, ReadError, Reopen};
use crate::domain::Refusal;

/// Longest archive or workbook, which is held while it is read; and the longest file in one.
pub(super) const HELD_BYTES: u64 = 128 * 1024 * 1024;

/// So many times larger than packed is nobody's table or transcript.
///
/// **Source**: set by the project. JSON of recognisers packs 1 : 20, a table that repeats one row 1 : 100; bombs reach 1 : 1,000.
const MOST_TIMES: u64 = 200;

/// Unpacked bytes that are let through whatever they were packed into.
///
/// **Source**: set by the project. Every line of them may be refused with a sentence of its own: of a quarter of a megabyte
/// within a second of one processor.
const LET_THROUGH: u64 = 256 * 1024;

/// Most files of an archive.
const MOST_FILES: usize = 100_000;

/// What a file of a folder or an archive must be called to be read.
pub const EXTENSIONS: [&str; 14] = [
    "json", "ndjson", "jsonl", "csv", "tsv", "txt", "vtt", "srt", "vcon", "xlsx", "xlsm", "xls", "gz", "zip",
];

/// Whether a file of that name is read where it was not named itself.
#[must_use]
pub fn is_read(name: &str) -> bool {
    let extension =
        name.rsplit(['/', '\\']).next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end);
    extension.is_some_and(|end| EXTENSIONS.contains(&end.to_ascii_lowercase().as_str()))
}

/// A reader that stops when far more comes out than went in.
struct Guarded<R> {
    inner: R,
    packed: Arc<std::sync::atomic::AtomicU64>,
    unpacked: u64,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(target)?;
        self.unpacked = self.unpacked.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        let packed = self.packed.load(std::sync::atomic::Ordering::Relaxed);
        if is_bomb(packed, self.unpacked) {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, BOMB));
        }
        Ok(count)
    }
}

/// Counts what goes in.
struct CountedInput {
    inner: Box<dyn Read + Send>,
    count: Arc<std::sync::atomic::AtomicU64>,
}

impl Read for CountedInput {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(target)?;
        self.count.fetch_add(u64::try_from(count).unwrap_or_default(), std::sync::atomic::Ordering::Relaxed);
        Ok(count)
    }
}

const BOMB: &str = "it unpacks to more than 200 times its size; nobody's contacts do, so it is not read";

fn is_bomb(packed: u64, unpacked: u64) -> bool {
    unpacked > LET_THROUGH && unpacked > packed.saturating_mul(MOST_TIMES)
}

/// What a gzip stream unpacks to.
pub(super) fn gunzip(input: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
    let count = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let packed = CountedInput { inner: input, count: Arc::clone(&count) };
    Box::new(Guarded { inner: MultiGzDecoder::new(packed), packed: count, unpacked: 0 })
}

/// The same of every opening.
pub(super) fn gunzip_again(again: Reopen) -> Reopen {
    Box::new(move || again().map(gunzip))
}

/// All bytes of an archive.
///
/// # Errors
/// A refusal when it is too long, or the error of reading.
pub(super) fn whole(input: Box<dyn Read + Send>) -> io::Result<Result<Vec<u8>, Refusal>> {
    let mut bytes = Vec::new();
    input.take(HELD_BYTES + 1).read_to_end(&mut bytes)?;
    let is_longer = u64::try_from(bytes.len()).unwrap_or(u64::MAX) > HELD_BYTES;
    Ok(if is_longer {
        let message = format!(
            "an archive or workbook of more than {} MiB; cut it into several",
            HELD_BYTES / 1024 / 1024
        );
        Err(Refusal::new(code::TOO_LARGE, message))
    } else {
        Ok(bytes)
    })
}

/// What is in a ZIP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Files,
    Workbook,
    Document,
}

/// An opened archive.
pub(super) type Zip = ZipArchive<Cursor<Vec<u8>>>;

/// Opens an archive and says what is in it.
///
/// # Errors
/// When it is damaged, or unpacks to far more than it is.
pub(super) fn open(bytes: Vec<u8>) -> Result<(Zip, Inside), Refusal> {
    let damaged = || Refusal::new(code::UNSUPPORTED_FORMAT, "a ZIP archive that is damaged or cut off");
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_FILES {
        return Err(Refusal::new(code::TOO_LARGE, format!("an archive of more than {MOST_FILES} files")));
    }
    let begins = |with: &str| archive.file_names().flatten().any(|name| name.starts_with(with));
    let inside = if begins("xl/") || begins("content.xml") {
        Inside::Workbook
    } else if begins("word/") || begins("ppt/") {
        Inside::Document
    } else {
        Inside::Files
    };
    Ok((archive, inside))
}

/// Unpacks everything once without keeping it, for readers that trust their archive.
///
/// # Errors
/// When it unpacks to far more than it is, or cannot be unpacked.
pub(super) fn weigh(archive: &mut Zip, packed: usize) -> Result<(), Refusal> {
    let packed = u64::try_from(packed).unwrap_or(u64::MAX);
    let mut unpacked = 0_u64;
    let mut buffer = vec![0_u8; 64 * 1024];
    for index in 0..archive.len() {
        let Ok(mut file) = archive.by_index(index) else { continue };
        loop {
            let count = file.read(&mut buffer).unwrap_or_default();
            if count == 0 {
                break;
            }
            unpacked = unpacked.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
            if is_bomb(packed, unpacked) || unpacked > 8 * HELD_BYTES {
                return Err(Refusal::new(code::TOO_LARGE, BOMB));
            }
        }
    }
    Ok(())
}

/// Reads one file of an archive: its bytes, its name.
pub(super) type ReadInside = Box<dyn Fn(Vec<u8>, &str) -> ContactStream + Send>;

/// The contacts of every file of an archive, in its order.
pub(super) struct ZipStream {
    archive: Zip,
    name: String,
    next: usize,
    inside: Option<ContactStream>,
    read: ReadInside,
}

impl ZipStream {
    pub(super) fn new(archive: Zip, name: &str, read: ReadInside) -> Self {
        Self { archive, name: name.to_owned(), next: 0, inside: None, read }
    }

    /// Opens the next file that is read; what is not is named.
    fn step(&mut self) -> Option<Result<(), ReadError>> {
        let index = self.next;
        if index >= self.archive.len() {
            return None;
        }
        self.next += 1;
        let Ok(mut file) = self.archive.by_index(index) else {
            let message = "a file of the archive cannot be unpacked: it is encrypted, damaged, or packed in a way that is not \
                           read";
            let refusal = Refusal::new(code::UNSUPPORTED_FORMAT, message).in_file(&self.name, 1);
            return Some(Err(ReadError::Refused(refusal)));
        };
        let inner = name_of(file.name_raw());
        let last = inner.rsplit(['/', '\\']).next().unwrap_or_default();
        if file.is_dir() || last.is_empty() || last.starts_with('.') || inner.starts_with("__MACOSX") {
            return Some(Ok(()));
        }
        let name = format!("{}/{inner}", self.name);
        if !is_read(&inner) {
            let mut refusal =
                Refusal::new("skipped_file", "not read: its name ends in none of the known extensions");
            refusal.file = Some(name);
            return Some(Err(ReadError::Notice(refusal)));
        }
        let packed = file.compressed_size();
        let mut bytes = Vec::new();
        let taken = (&mut file).take(HELD_BYTES + 1).read_to_end(&mut bytes);
        let unpacked = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let refusal = match taken {
            Err(_) => Refusal::new(code::UNSUPPORTED_FORMAT, "a file of the archive is damaged or cut off"),
            Ok(_) if is_bomb(packed, unpacked) => Refusal::new(code::TOO_LARGE, BOMB),
            Ok(_) if unpacked > HELD_BYTES => Refusal::new(
                code::TOO_LARGE,
                "a file of more than 128 MiB in an archive; unpack it and give it by its name",
            ),
            Ok(_) => {
                self.inside = Some((self.read)(bytes, &name));
                return Some(Ok(()));
            }
        };
        Some(Err(ReadError::Refused(refusal.in_file(&name, 1))))
    }
}

/// Names in archives are UTF-8 or, from Chinese Windows, GB18030.
fn name_of(raw: &[u8]) -> String {
    String::from_utf8(raw.to_vec()).unwrap_or_else(|_| encoding_rs::GB18030.decode(raw).0.into_owned())
}

impl Iterator for ZipStream {
    type Item = Result<Placed, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.inside.as_mut().and_then(Iterator::next) {
                return Some(item);
            }
            self.inside = None;
            if let Err(error) = self.step()? {
                return Some(Err(error));
            }
        }
    }
}
