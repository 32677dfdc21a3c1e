//! [`RedactedContact`] → [`SegmentedContact`]: words, and cues from fixed lists.

mod cues;
mod reports;
mod required;
mod rules;
mod simplified;
mod words;

use std::sync::{Arc, OnceLock};

use crate::domain::{NormalText, RedactedContact, RedactedLine, SegmentedContact, SegmentedText, Speaker};

pub use crate::lexicon::ListError;
pub(crate) use simplified::simplified;
pub(crate) use words::{Dictionary, Word};

/// Dictionary and patterns take some 50 MB and some tenths of a second, and never change: one copy
/// serves the whole process.
static TABLES: OnceLock<Arc<Tables>> = OnceLock::new();

struct Tables {
    dictionary: Arc<words::Dictionary>,
    cues: cues::CueFinder,
}

/// Cuts text into words. Cheap to clone and safe to share between threads.
#[derive(Clone)]
pub struct Segmenter {
    tables: Arc<Tables>,
}

impl Segmenter {
    /// Loads the dictionary and the cue lists that are compiled into the binary.
    ///
    /// # Errors
    /// [`ListError`] names the line of a list that cannot be used.
    pub fn new() -> Result<Self, ListError> {
        if let Some(tables) = TABLES.get() {
            return Ok(Self { tables: Arc::clone(tables) });
        }
        let loaded = Arc::new(Tables { dictionary: words::Dictionary::shared()?, cues: rules::load()? });
        // Two threads may load at the same time; one result is kept and both are equal.
        Ok(Self { tables: Arc::clone(TABLES.get_or_init(|| loaded)) })
    }

    /// Whether both use one copy of dictionary and patterns.
    #[must_use]
    pub fn shares_tables_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.tables, &other.tables)
    }

    /// Cuts every text of a contact into words and marks the cues in it.
    #[must_use]
    pub fn segment(&self, contact: RedactedContact) -> SegmentedContact {
        contact.map(|speaker, line| self.line(line, speaker))
    }

    /// Cuts one text; `None` stands for a sentence of a note.
    #[must_use]
    pub fn line(&self, line: RedactedLine, speaker: Option<Speaker>) -> SegmentedText {
        let simplified = simplified::simplified(line.text.as_str());
        let heard = simplified.as_deref().unwrap_or(line.text.as_str());
        let normal = NormalText::of(heard);
        let tokens = self.tables.dictionary.cut(&normal);
        let mut cues = self.tables.cues.find(&normal, speaker);
        reports::settle(heard, &mut cues);
        SegmentedText { line, simplified, normal, tokens, cues }
    }
}
