//! Bytes → [`RawContact`](crate::domain::RawContact)s: one file of this folder per format.
//!
//! ```text
//! bytes → decode → json, ndjson │ csv, text → draft → v1 → check → RawContact
//! ```
//!
//! Every reader is a stream: what it holds is one contact and a window of 64 KiB, whatever the
//! length of the file; of a table also the contacts whose rows lie apart, up to a limit. Every
//! refusal says where and why, and never what the contact says.

mod apart;
mod check;
mod code;
mod columns;
mod csv;
mod decode;
mod detect;
mod draft;
mod explain;
mod item;
mod json;
mod limits;
mod lines;
mod ndjson;
mod object;
mod sentences;
mod text;
mod turn_line;
mod v1;

use std::io::{BufReader, Cursor, Read};

pub use item::{ContactStream, Format, Placed, ReadError, ReadOptions, Reopen};
pub use json::{parse_contact, parse_line};
pub use v1::{ContactV1, CustomerV1, NoteV1, StaffV1, SurveyV1, UtteranceV1};

use crate::domain::Refusal;
use decode::Decoding;
use lines::Input;

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

fn read_from(
    mut input: Box<dyn Read + Send>,
    again: Option<Reopen>,
    name: &str,
    options: &ReadOptions,
) -> ContactStream {
    let mut first = Vec::new();
    if let Err(cause) = (&mut input).take(MARKED).read_to_end(&mut first) {
        return Box::new(std::iter::once(Err(lines::failed(name, cause))));
    }
    if let Some(what) = detect::foreign(&first) {
        return unsupported(name, what);
    }
    let mut decoded = Decoding::new(Box::new(Cursor::new(first).chain(input)));
    let mut head = Vec::new();
    if let Err(cause) = (&mut decoded).take(PEEKED).read_to_end(&mut head) {
        return Box::new(std::iter::once(Err(lines::failed(name, cause))));
    }
    let peeked = String::from_utf8_lossy(&head);
    if options.format == Format::Auto && detect::is_subtitles(&peeked) {
        return unsupported(
            name,
            "subtitles, which do not say who speaks; give a file with `客服：` and `客户：`",
        );
    }
    let format = match options.format {
        Format::Auto => detect::format(&peeked),
        told => told,
    };
    let (delimiter, _) = csv::delimiter(&peeked);
    let whole: Box<dyn Read + Send> = Box::new(Cursor::new(head).chain(decoded));
    let input: Input = BufReader::with_capacity(64 * 1024, whole);
    match format {
        Format::Json => Box::new(json::JsonStream::new(input, name)),
        Format::Ndjson => Box::new(ndjson::NdjsonStream::new(input, name)),
        Format::Csv => csv::contacts(input, again, name, options, delimiter),
        Format::Text | Format::Auto => Box::new(text::TextStream::new(input, name, options)),
    }
}

/// The one refusal of a file of another kind.
fn unsupported(name: &str, what: &str) -> ContactStream {
    let refusal = Refusal::new(code::UNSUPPORTED_FORMAT, format!("the file is {what}")).in_file(name, 1);
    Box::new(std::iter::once(Err(ReadError::Refused(refusal))))
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
