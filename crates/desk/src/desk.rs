//! The desk itself; what it decides stands in the files beside it, by subject.

use std::sync::Arc;

use tingxin_staff::Reliability;
use tingxin_store::Store;
use tingxin_text::domain::{Engine, RawText, RedactedText};
use tingxin_text::redact::Redactor;

use crate::audit_watch::AuditWatch;
use crate::drift_reference::DriftReference;
use crate::error::DeskError;
use crate::figures::KeptFigures;
use crate::today::KeptToday;

/// Longest note in characters.
const MAX_NOTE: usize = 500;

/// The desk of one process. Cheap to clone; clones share the figures that are kept and what is
/// known of the audit log.
#[derive(Clone)]
pub struct Desk {
    pub(crate) store: Store,
    pub(crate) redactor: Redactor,
    pub(crate) engine: Engine,
    /// What has been measured of the model in use; `None` where nothing was.
    pub(crate) reliability: Option<Reliability>,
    /// How it read where it was measured; `None` where nothing is known of it.
    pub(crate) reference: Option<DriftReference>,
    pub(crate) figures: Arc<KeptFigures>,
    pub(crate) audit: Arc<AuditWatch>,
    pub(crate) today: Arc<KeptToday>,
}

impl Desk {
    /// Puts a desk before a store.
    #[must_use]
    pub fn new(store: Store, redactor: Redactor, engine: Engine, reliability: Option<Reliability>) -> Self {
        Self {
            store,
            redactor,
            engine,
            reliability,
            reference: None,
            figures: Arc::default(),
            audit: Arc::default(),
            today: Arc::default(),
        }
    }

    /// A note that may be stored: short, and without anybody's personal data.
    pub(crate) fn note(&self, text: &str) -> Result<RedactedText, DeskError> {
        note(&self.redactor, text)
    }
}

/// A note that may be stored: short, and without anybody's personal data.
pub(crate) fn note(redactor: &Redactor, text: &str) -> Result<RedactedText, DeskError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_NOTE || text.chars().any(char::is_control) {
        return Err(DeskError::field("/note", "the note must have 1 to 500 characters and no line breaks"));
    }
    Ok(redactor.remark(&RawText::new(text.to_owned())))
}
