//! Bytes → [`RawContact`]s: one file of this folder per format.
//!
//! ```text
//! bytes → decode → json, ndjson │ csv, text → draft → v1 → check → RawContact
//! ```
//!
//! Every reader is a stream: what it holds is one contact and a window of 64 KiB, whatever the length
//! of the file. Every refusal says where and why, and never what the contact says.

mod check;
mod code;
mod columns;
mod csv;
mod decode;
mod detect;
mod draft;
mod explain;
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
use std::sync::Arc;

pub use v1::{ContactV1, CustomerV1, NoteV1, StaffV1, SurveyV1, UtteranceV1};

use crate::domain::{Channel, RawContact, Refusal};
use decode::Decoding;
use lines::Input;

/// Bytes of decoded text from which the format is told.
const PEEKED: u64 = 64 * 1024;

/// Bytes from which a file of another kind is told.
const MARKED: u64 = 4096;

/// How the bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// Found out from the content.
    #[default]
    Auto,
    /// One `tingxin.contact.v1` object, or an array of them.
    Json,
    /// One `tingxin.contact.v1` object a line.
    Ndjson,
    /// One utterance a row, with a header line.
    Csv,
    /// «客服：…» and «客户：…» lines, with or without times.
    Text,
}

/// What plain text cannot say about itself.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// How the bytes are written.
    pub format: Format,
    /// Source of contacts that name none.
    pub source: String,
    /// Channel of contacts that name none.
    pub channel: Channel,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { format: Format::Auto, source: "file".to_owned(), channel: Channel::Hotline }
    }
}

/// A contact and where it was found.
#[derive(Debug)]
pub struct Placed {
    /// The contact.
    pub contact: RawContact,
    /// The file, or `-`.
    pub file: Arc<str>,
    /// The line at which it starts, from 1.
    pub line: u64,
}

/// Why an item of a stream is not a contact.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// This contact is refused; the stream goes on.
    #[error("{0}")]
    Refused(Refusal),
    /// The stream broke; nothing more follows.
    #[error("cannot read {name}")]
    Broken {
        /// The file, or `-`.
        name: String,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
}

/// The contacts of a byte stream, one after the other, without holding the stream in memory.
pub type ContactStream = Box<dyn Iterator<Item = Result<Placed, ReadError>> + Send>;

/// Reads contacts from `input`, which is called `name` in refusals.
///
/// Reads the first 64 KiB, or to the end of shorter input, before it returns: encoding and format
/// are told from them. Every item after that is read when it is asked for.
#[must_use]
pub fn read(input: Box<dyn Read + Send>, name: &str, options: &ReadOptions) -> ContactStream {
    let mut input = input;
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
        Format::Csv => Box::new(csv::CsvStream::new(input, name, options, delimiter)),
        Format::Text | Format::Auto => Box::new(text::TextStream::new(input, name, options)),
    }
}

/// The one refusal of a file of another kind.
fn unsupported(name: &str, what: &str) -> ContactStream {
    let refusal = Refusal::new(code::UNSUPPORTED_FORMAT, format!("the file is {what}")).in_file(name, 1);
    Box::new(std::iter::once(Err(ReadError::Refused(refusal))))
}

/// The lines of a byte stream that are not blank, each with its number, for files that hold something
/// else beside contacts. Encodings and limits are those of [`read`].
pub fn lines(
    input: Box<dyn Read + Send>,
    name: &str,
) -> impl Iterator<Item = Result<(u64, String), ReadError>> + use<> {
    let decoded: Box<dyn Read + Send> = Box::new(Decoding::new(input));
    ndjson::TextLines::new(BufReader::with_capacity(64 * 1024, decoded), name)
}

/// Reads the one contact of a request body.
///
/// # Errors
/// A [`Refusal`] that names the field at fault by JSON pointer.
pub fn parse_contact(json: &[u8]) -> Result<RawContact, Refusal> {
    json::parse_contact(json)
}

/// Reads the one contact of a line. What numbers lines is whoever cut them: a refusal names the column
/// only.
///
/// # Errors
/// A [`Refusal`] that names the field at fault by JSON pointer.
pub fn parse_line(json: &[u8]) -> Result<RawContact, Refusal> {
    json::parse_contact(json).map_err(|mut refusal| {
        // Nothing in a message comes from the sender that could hold these words.
        refusal.message = refusal.message.replace("line 1, ", "");
        refusal
    })
}
