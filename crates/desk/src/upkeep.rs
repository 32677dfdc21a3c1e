//! How the service is, in numbers, for those who keep it running.

use tingxin_store::Store;
use tingxin_text::domain::{DAY_MILLIS, UtcMillis};

use crate::DeskError;

/// A key that ends within so many days wants a successor.
const ENDING_DAYS: i64 = 30;

/// What waits, what was set aside, and who may come in.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct UpkeepState {
    /// Contacts that wait for their analysis.
    pub waiting: u64,
    /// How long the oldest of them has waited, in seconds; 0 when none waits.
    pub oldest_seconds: f64,
    /// Contacts that were set aside.
    pub set_aside: u64,
    /// Accounts of the console.
    pub accounts: usize,
    /// API keys that are accepted.
    pub keys: usize,
    /// Those of them that end within thirty days.
    pub keys_ending: usize,
}

/// Reads it.
///
/// # Errors
/// [`DeskError::Store`] when the database does not play along.
pub async fn upkeep(store: &Store, now: UtcMillis) -> Result<UpkeepState, DeskError> {
    let queue = store.queue_state(now).await?;
    let accounts = store.users().await?.len();
    let soon = now.plus_millis(ENDING_DAYS * DAY_MILLIS);
    let mut keys = store.api_keys().await?;
    keys.retain(|key| key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > now));
    let keys_ending = keys.iter().filter(|key| key.expires_at.is_some_and(|end| end < soon)).count();
    Ok(UpkeepState {
        waiting: queue.waiting,
        oldest_seconds: queue.oldest_seconds,
        set_aside: queue.quarantined,
        accounts,
        keys: keys.len(),
        keys_ending,
    })
}
