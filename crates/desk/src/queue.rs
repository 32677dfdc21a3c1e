//! Contacts that were set aside after repeated failures, and what somebody decides about them.

use tingxin_store::{SetAside, Store};
use tingxin_text::domain::{ContactRef, UtcMillis};

use crate::{Caller, DeskError, write_down};

/// Most contacts that are listed. Where more were set aside, one cause is behind most of them.
const LISTED: u32 = 200;

/// What was set aside, the latest first.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn set_aside(store: &Store) -> Result<Vec<SetAside>, DeskError> {
    Ok(store.set_aside(LISTED).await?)
}

/// Gives every contact that was set aside new attempts, for example after a release that mends what
/// made them fail; how many.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn retry_all(store: &Store, caller: &Caller) -> Result<u64, DeskError> {
    let revived = store.requeue_quarantined(UtcMillis::now()).await?;
    write_down(store, caller, "queue.retry", "queue", true).await?;
    Ok(revived)
}

/// Gives one contact new attempts.
///
/// # Errors
/// [`DeskError::NotFound`] when it was not set aside, [`DeskError::Store`].
pub async fn retry(store: &Store, caller: &Caller, contact: ContactRef) -> Result<(), DeskError> {
    let done = store.requeue(contact, UtcMillis::now()).await?;
    write_down(store, caller, "queue.retry", contact.to_string(), done).await?;
    if done { Ok(()) } else { Err(DeskError::NotFound) }
}

/// Gives one contact up: it stays without an analysis until its source sends a newer revision.
///
/// # Errors
/// [`DeskError::NotFound`] when it was not set aside, [`DeskError::Store`].
pub async fn give_up(store: &Store, caller: &Caller, contact: ContactRef) -> Result<(), DeskError> {
    let done = store.drop_set_aside(contact).await?;
    write_down(store, caller, "queue.drop", contact.to_string(), done).await?;
    if done { Ok(()) } else { Err(DeskError::NotFound) }
}
