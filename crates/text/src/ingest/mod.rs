//! Bytes → [`RawContact`](crate::domain::RawContact)s: one file of this folder per format.
//!
//! ```text
//! bytes → archive → decode → json, ndjson → interpret → v1 │ forms → told → assemble ─┐
//!                          → csv, text → draft ────────────────────────────────────────┴→ check → RawContact
//! ```
//!
//! Every reader is a stream: what it holds is one contact and a window of 64 KiB, whatever the
//! length of the file; of a table also the contacts whose rows lie apart, up to a limit. Every
//! refusal says where and why, and never what the contact says.

mod answers;
mod apart;
mod archive;
mod assemble;
mod catalogue;
mod check;
mod clock;
mod code;
mod columns;
mod csv;
mod decode;
mod detect;
mod dialogue;
mod draft;
mod explain;
mod forms;
mod given_up;
mod interpret;
mod item;
mod json;
mod lenient;
mod limits;
mod lines;
mod mapped;
mod ndjson;
mod object;
mod parse;
mod records;
mod roles;
mod row;
mod sentences;
mod shape;
mod text;
mod told;
mod turn_line;
mod v1;
mod values;
mod voices;
mod whole;
mod wild;
mod workbook;

use std::io::{BufReader, Cursor, Read};
use std::sync::Arc;

pub use answers::{ColumnMap, SpeakerMap};
pub use archive::{EXTENSIONS, is_read};
pub use catalogue::{FormatEntry, formats};
pub use item::{ContactStream, Format, Placed, ReadError, ReadOptions, Reopen};
pub use parse::{contact as parse_contact, line as parse_line};
pub use records::{FileRecord, records};
pub use v1::{ContactV1, CustomerV1, NoteV1, StaffV1, SurveyV1, UtteranceV1};

use crate::domain::Refusal;
use archive::{Inside, ZipStream};
use decode::Decoding;
use detect::Packed;
use lines::Input;
use workbook::Sheet;

/// Bytes of decoded text from which the format is told.
const PEEKED: u64 = 64 * 1024;

/// Bytes from which a file of another kind is told.
const MARKED: u64 = 4096;

/// Reads contacts from `input`, which is called `name` in refusals and cannot be read twice.
///
/// Reads the first 64 KiB, or to the end of shorter input, before it returns: encoding and format
/// are told from them. Every item after that is read when it is asked for; a table is read to its
/// end first.
#[must_use]
pub fn read(input: Box<dyn Read + Send>, name: &str, options: &ReadOptions) -> ContactStream {
    read_from(input, None, name, options)
}

/// The same for a file, which `again` opens once more: a table of any length is then looked through
/// twice and not held.
#[must_use]
pub fn read_file(
    input: Box<dyn Read + Send>,
    again: Reopen,
    name: &str,
    options: &ReadOptions,
) -> ContactStream {
    read_from(input, Some(again), name, options)
}

/// Packs of packs that are opened: a workbook or a gzip in an archive, and no archive in an archive.
const DEPTH: u8 = 2;

fn read_from(
    input: Box<dyn Read + Send>,
    again: Option<Reopen>,
    name: &str,
    options: &ReadOptions,
) -> ContactStream {
    unpacked(input, again, name, options, 0)
}

/// Unpacks what is packed, and reads what is not.
fn unpacked(
    mut input: Box<dyn Read + Send>,
    again: Option<Reopen>,
    name: &str,
    options: &ReadOptions,
    depth: u8,
) -> ContactStream {
    let mut first = Vec::new();
    if let Err(cause) = (&mut input).take(MARKED).read_to_end(&mut first) {
        return Box::new(std::iter::once(Err(lines::failed(name, cause))));
    }
    if let Some(what) = detect::foreign(&first) {
        return unsupported(name, what);
    }
    let packed = detect::packed(&first);
    let input: Box<dyn Read + Send> = Box::new(Cursor::new(first).chain(input));
    match packed {
        Some(_) if depth >= DEPTH => {
            unsupported(name, "packed several times over; unpack it and give what is inside")
        }
        Some(Packed::Gzip) => {
            unpacked(archive::gunzip(input), again.map(archive::gunzip_again), name, options, depth + 1)
        }
        Some(Packed::Zip) => zip(input, name, options, depth),
        Some(Packed::OldWorkbook) => match archive::whole(input) {
            Ok(bytes) => {
                workbook_of(bytes.and_then(|bytes| workbook::sheet(&bytes, false, options)), name, options)
            }
            Err(cause) => Box::new(std::iter::once(Err(lines::failed(name, cause)))),
        },
        None => plain(input, again, name, options),
    }
}

/// The files of an archive, or the sheet of a workbook, which is an archive too.
fn zip(input: Box<dyn Read + Send>, name: &str, options: &ReadOptions, depth: u8) -> ContactStream {
    let bytes = match archive::whole(input) {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(refusal)) => return refused(name, refusal),
        Err(cause) => return Box::new(std::iter::once(Err(lines::failed(name, cause)))),
    };
    let packed = bytes.len();
    match archive::open(bytes) {
        Err(refusal) => refused(name, refusal),
        Ok((_, Inside::Document)) => unsupported(
            name,
            "a Word or PowerPoint document; save the conversation as text (.txt) and give that",
        ),
        Ok((mut archive, Inside::Workbook)) => {
            let weighed = archive::weigh(&mut archive, packed);
            let sheet =
                weighed.and_then(|()| workbook::sheet(&archive.into_inner().into_inner(), true, options));
            workbook_of(sheet, name, options)
        }
        Ok((_, Inside::Files)) if depth > 0 => {
            unsupported(name, "an archive inside an archive; unpack it and give what is inside")
        }
        Ok((archive, Inside::Files)) => {
            let options = options.clone();
            let read = move |bytes: Vec<u8>, name: &str| {
                let bytes: Arc<[u8]> = bytes.into();
                let copy = Arc::clone(&bytes);
                let again: Reopen = Box::new(move || Ok(Box::new(Cursor::new(Arc::clone(&copy)))));
                unpacked(Box::new(Cursor::new(bytes)), Some(again), name, &options, depth + 1)
            };
            Box::new(ZipStream::new(archive, name, Box::new(read)))
        }
    }
}

/// The contacts of a sheet.
fn workbook_of(sheet: Result<Sheet, Refusal>, name: &str, options: &ReadOptions) -> ContactStream {
    let Sheet { csv, name: of, others } = match sheet {
        Ok(sheet) => sheet,
        Err(refusal) => return refused(name, refusal),
    };
    let said = (options.explain || others > 0).then(|| {
        let beside = if others > 0 { format!("; {others} other sheets are not read") } else { String::new() };
        let message = format!("a workbook: sheet `{}` is read{beside}", answers::shown_label(&of));
        Err(ReadError::Notice(Refusal::new(code::UNDERSTOOD, message).in_file(name, 1)))
    });
    let bytes: Arc<[u8]> = csv.into();
    let copy = Arc::clone(&bytes);
    let again: Reopen = Box::new(move || Ok(Box::new(Cursor::new(Arc::clone(&copy)))));
    let options = ReadOptions { format: Format::Csv, ..options.clone() };
    Box::new(said.into_iter().chain(plain(Box::new(Cursor::new(bytes)), Some(again), name, &options)))
}

/// Reads what is text, until it holds nothing but faults.
fn plain(
    input: Box<dyn Read + Send>,
    again: Option<Reopen>,
    name: &str,
    options: &ReadOptions,
) -> ContactStream {
    Box::new(given_up::GivenUp::new(text_of(input, again, name, options), name))
}

fn text_of(
    input: Box<dyn Read + Send>,
    again: Option<Reopen>,
    name: &str,
    options: &ReadOptions,
) -> ContactStream {
    let mut decoded = Decoding::new(input);
    let mut head = Vec::new();
    if let Err(cause) = (&mut decoded).take(PEEKED).read_to_end(&mut head) {
        return Box::new(std::iter::once(Err(lines::failed(name, cause))));
    }
    let peeked = String::from_utf8_lossy(&head).into_owned();
    let whole: Box<dyn Read + Send> = Box::new(Cursor::new(head).chain(decoded));
    let input: Input = BufReader::with_capacity(64 * 1024, whole);
    let format = match options.format {
        Format::Auto => detect::format(&peeked, options),
        told => told,
    };
    match format {
        Format::Json => Box::new(json::JsonStream::new(input, name, options, detect::is_of_turns(&peeked))),
        Format::Ndjson => Box::new(ndjson::NdjsonStream::new(input, name, options)),
        Format::Csv => match shape::of(&peeked, options) {
            Ok(shape) => csv::contacts(input, again, name, options, shape),
            Err(refusal) => refused(name, refusal),
        },
        Format::Text | Format::Auto => match detect::text_form(&peeked) {
            Some(form) => Box::new(whole::WholeStream::new(input, name, options, form)),
            None => Box::new(text::TextStream::new(input, name, options)),
        },
    }
}

/// The one refusal of a file of another kind.
fn unsupported(name: &str, what: &str) -> ContactStream {
    refused(name, Refusal::new(code::UNSUPPORTED_FORMAT, format!("the file is {what}")))
}

fn refused(name: &str, refusal: Refusal) -> ContactStream {
    Box::new(std::iter::once(Err(ReadError::Refused(refusal.in_file(name, 1)))))
}

/// The lines of a byte stream that are not blank, each with its number, for files that hold
/// something else beside contacts. Encodings and limits are those of [`read`].
pub fn lines(
    input: Box<dyn Read + Send>,
    name: &str,
) -> impl Iterator<Item = Result<(u64, String), ReadError>> + use<> {
    let decoded: Box<dyn Read + Send> = Box::new(Decoding::new(input));
    ndjson::TextLines::new(BufReader::with_capacity(64 * 1024, decoded), name)
}
