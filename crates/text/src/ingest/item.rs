//! What a reader is told, and what it hands out item by item.

use std::sync::Arc;

use crate::domain::{Channel, RawContact, Refusal};

/// How the bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// Told by the content.
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

/// Opens the same bytes once more, from their beginning.
pub type Reopen = Box<dyn Fn() -> std::io::Result<Box<dyn std::io::Read + Send>> + Send>;
