//! What a reader is told, and what it hands out item by item.

use std::sync::Arc;

use super::answers::{ColumnMap, SpeakerMap};
use crate::domain::{Channel, RawContact, Refusal};

/// How the bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// Told by the content.
    #[default]
    Auto,
    /// JSON: `tingxin.contact.v1` and the forms of other systems (`tingxin formats`).
    Json,
    /// The same, one value a line.
    Ndjson,
    /// A table with a header line.
    Csv,
    /// «客服：…» and «客户：…» lines, with or without times.
    Text,
}

/// What a file cannot say about itself.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// How the bytes are written.
    pub format: Format,
    /// Source of contacts that name none; `file` when empty.
    pub source: String,
    /// Channel of contacts that name none; without it the one that the format is about, else the hotline.
    pub channel: Option<Channel>,
    /// Who is meant by which label.
    pub speakers: SpeakerMap,
    /// Which column or JSON field means what.
    pub columns: ColumnMap,
    /// Drop fields of `tingxin.contact.v1` that nobody knows, instead of refusing the contact.
    pub ignore_unknown: bool,
    /// Say of every file how it was understood.
    pub explain: bool,
}

impl ReadOptions {
    /// The source of contacts that name none.
    pub(super) fn default_source(&self) -> &str {
        if self.source.is_empty() { "file" } else { &self.source }
    }

    /// The channel of contacts that name none, in a format that is usually about `usual`.
    pub(super) fn default_channel(&self, usual: Option<Channel>) -> Channel {
        self.channel.or(usual).unwrap_or(Channel::Hotline)
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
    /// Worth saying; no contact is lost.
    #[error("{0}")]
    Notice(Refusal),
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
