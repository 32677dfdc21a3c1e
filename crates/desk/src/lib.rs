//! What the product decides, between the store and its faces: figures and when they are computed, people, verdicts,
//! incidents, coaching, accounts, and what of it is written to the audit log.
//!
//! The HTTP API, the console and the command line are faces: they read what was asked, ask here, and put the answer into
//! words. Nothing here knows HTTP, HTML or a command.

pub mod accounts;
mod audit;
mod error;
mod figures;
mod improvement;
mod people;
pub mod secrets;
mod sums;
mod verdicts;

use std::sync::Arc;

use tingxin_staff::Reliability;
use tingxin_store::Store;
use tingxin_text::domain::{Engine, RawText, RedactedText};
use tingxin_text::redact::Redactor;

pub use audit::{Caller, write_down};
pub use error::DeskError;
pub use figures::{AsOf, Figures, PERIOD_WEEKS};
pub use improvement::{CoachingAgreed, CoachingAsked, IncidentAsked};
pub use people::{OnePerson, PersonFile};
pub use sums::{RolledUp, roll_up};
pub use verdicts::Judgement;

/// Longest note in characters.
const MAX_NOTE: usize = 500;

/// The desk of one process. Cheap to clone; clones share the figures that are kept.
#[derive(Clone)]
pub struct Desk {
    store: Store,
    redactor: Redactor,
    engine: Engine,
    /// What has been measured of the model in use; `None` where nothing was.
    reliability: Option<Reliability>,
    figures: Arc<figures::Kept>,
}

impl Desk {
    /// Puts a desk before a store.
    #[must_use]
    pub fn new(store: Store, redactor: Redactor, engine: Engine, reliability: Option<Reliability>) -> Self {
        Self { store, redactor, engine, reliability, figures: Arc::default() }
    }

    /// A note that may be stored: short, and without anybody's personal data.
    fn note(&self, text: &str) -> Result<RedactedText, DeskError> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > MAX_NOTE || text.chars().any(char::is_control) {
            return Err(DeskError::field(
                "/note",
                "the note must have 1 to 500 characters and no line breaks",
            ));
        }
        Ok(self.redactor.remark(&RawText::new(text.to_owned())))
    }
}
