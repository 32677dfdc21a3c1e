//! [`RedactedContact`] → [`SegmentedContact`]: words, and cues from fixed lists.

use crate::domain::{RedactedContact, SegmentedContact};

/// A word list that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("word list {list}, line {line}: {reason}")]
pub struct ListError {
    /// File name of the list.
    pub list: &'static str,
    /// Line in it, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// Cuts text into words. Cheap to clone and safe to share between threads.
#[derive(Clone)]
pub struct Segmenter {}

impl Segmenter {
    /// Loads the dictionary and the cue lists that are compiled into the binary.
    ///
    /// # Errors
    /// [`ListError`] names the line of a list that cannot be used.
    pub fn new() -> Result<Self, ListError> {
        todo!()
    }

    /// Cuts every text of a contact into words and marks the cues in it.
    #[must_use]
    pub fn segment(&self, contact: RedactedContact) -> SegmentedContact {
        let _ = contact;
        todo!()
    }
}
