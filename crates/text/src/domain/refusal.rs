//! Why input is turned away, in words that its sender can act on.

use serde::Serialize;

/// One refused contact. Its neighbours in the same file are not affected.
///
/// The message never repeats text of the contact: it may hold personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The file, or `-` for standard input; absent for a request body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line of the file at which the contact starts, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// JSON pointer (RFC 6901) or column name of the field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Stable name of the reason, for example `unknown_field`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
}

impl Refusal {
    /// A refusal without a place; [`Self::at`] and [`Self::in_file`] add one.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { file: None, line: None, field: None, code, message: message.into() }
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Names the file and the line.
    #[must_use]
    pub fn in_file(mut self, file: &str, line: u64) -> Self {
        self.file = Some(file.to_owned());
        self.line = Some(line);
        self
    }
}
