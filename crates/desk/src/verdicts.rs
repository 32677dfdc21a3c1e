//! What people say about flags.

use tingxin_store::{Judged, NewVerdict};
use tingxin_text::domain::{ContactRef, FlagId, FlagStatus, UtcMillis};

use crate::{Caller, Desk, DeskError};

/// What somebody says who has listened.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The flag.
    pub flag: FlagId,
    /// What it shall show; `candidate` takes back what was said before.
    pub status: FlagStatus,
    /// The turns that were listened to, as the flag named them.
    pub utterances: Vec<usize>,
    /// The revision that was listened to; `None` for the current one.
    pub revision: Option<u32>,
    /// How many verdicts on the same turns were known; `None` where it does not matter.
    pub seen: Option<usize>,
    /// Why, as it was written. It is redacted before it is stored.
    pub note: Option<String>,
}

impl Desk {
    /// Keeps a verdict, and says which contact it is about.
    ///
    /// # Errors
    /// [`DeskError::FlagChanged`], [`DeskError::NotFound`], [`DeskError::Field`] for the note, [`DeskError::Store`].
    pub async fn judge(&self, caller: &Caller, judgement: Judgement) -> Result<ContactRef, DeskError> {
        let Judgement { flag, status, utterances, revision, seen, note } = judgement;
        let note = note.as_deref().filter(|text| !text.trim().is_empty());
        let verdict = NewVerdict {
            flag,
            utterances,
            revision,
            seen,
            status,
            note: note.map(|text| self.note(text)).transpose()?,
            by: caller.actor.clone(),
            at: UtcMillis::now(),
        };
        // What somebody is named for hangs on it, within a minute: figures that were computed anew for every verdict would
        // never be kept.
        match self.store.judge(&verdict, caller.team.as_ref()).await? {
            Judged::Kept(contact) => Ok(contact),
            Judged::Changed => Err(DeskError::FlagChanged),
            Judged::Unknown => {
                self.write_down(caller, "flag.judge", flag.0.to_string(), false).await?;
                Err(DeskError::NotFound)
            }
        }
    }
}
