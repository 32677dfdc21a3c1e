//! Care after abuse: whoever was insulted or threatened is talked to. It is never a fault of theirs.

use tingxin_store::{CareTask, CareTimes, Store};
use tingxin_text::domain::{ContactRef, DAY_MILLIS, UtcMillis};

use crate::improvement::MOST;
use crate::{Caller, Desk, DeskError};

/// Days in which somebody should have talked to the person.
///
/// **Source**: set by the project. Support that comes a week later is none.
const CARE_DAYS: i64 = 2;

/// Days in which a confirmation still makes a task: an older database does not fill the list with what is long past.
const FRESH_DAYS: i64 = 14;

fn times(now: UtcMillis) -> CareTimes {
    CareTimes {
        now,
        due: now.plus_millis(CARE_DAYS * DAY_MILLIS),
        since: now.plus_millis(-FRESH_DAYS * DAY_MILLIS),
    }
}

/// Makes the tasks that are missing, whatever confirmed the abuse; how many.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn make_missing(store: &Store) -> Result<u64, DeskError> {
    Ok(store.make_care(None, times(UtcMillis::now())).await?)
}

impl Desk {
    /// Makes the task that a confirmation calls for.
    pub(crate) async fn care_for(&self, contact: ContactRef) -> Result<(), DeskError> {
        self.store.make_care(Some(contact), times(UtcMillis::now())).await?;
        Ok(())
    }

    /// Tasks of the caller's team: open ones by their date, then what was done.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn care(&self, caller: &Caller) -> Result<Vec<CareTask>, DeskError> {
        Ok(self.store.care(caller.team.as_ref(), MOST).await?)
    }

    async fn seen_care(&self, caller: &Caller, contact: ContactRef) -> Result<CareTask, DeskError> {
        let found = self.store.one_care(contact).await?;
        found.filter(|task| caller.sees(task.team.as_ref())).ok_or(DeskError::NotFound)
    }

    /// Takes a task over, with another date or the same. A program owns none.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Field`] for a date that is over, [`DeskError::Store`].
    pub async fn take_care(
        &self,
        caller: &Caller,
        contact: ContactRef,
        due: Option<UtcMillis>,
    ) -> Result<(), DeskError> {
        self.seen_care(caller, contact).await?;
        if due.is_some_and(|due| due <= UtcMillis::now()) {
            return Err(DeskError::field("/due", "the date must be in the future"));
        }
        let owner = caller.account.as_deref().ok_or(DeskError::NotFound)?;
        if !self.store.take_care(contact, owner, due).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "care.take", contact.to_string(), true).await
    }

    /// Says that a task was done, and what was done.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Field`] for the note, [`DeskError::Store`].
    pub async fn finish_care(
        &self,
        caller: &Caller,
        contact: ContactRef,
        note: &str,
    ) -> Result<(), DeskError> {
        self.seen_care(caller, contact).await?;
        let note = self.note(note)?;
        if !self.store.finish_care(contact, (&caller.actor.name, &note), UtcMillis::now()).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "care.finish", contact.to_string(), true).await
    }
}
