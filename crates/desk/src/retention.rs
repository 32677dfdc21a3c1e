//! How long what is kept.

use tingxin_store::{Expired, Horizons, Store};
use tingxin_text::domain::{DAY_MILLIS, UtcMillis};

use crate::sums::{RolledUp, roll_up};
use crate::{Caller, DeskError, write_down};

/// Name of the daily turn.
const DAILY: &str = "retention_turn";

/// A day less an hour: the round must not wander round the clock.
const TURN_MILLIS: i64 = 23 * 3_600_000;

/// Sums brought up to date at once before contacts go.
const AT_ONCE: u32 = 1_000;

/// Days that each class of data is kept; 0 keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Periods {
    /// Words of contacts.
    pub text_days: u32,
    /// Contacts with their analyses, flags, verdicts and numbers.
    pub analyses_days: u32,
    /// Weekly sums, incidents, coaching.
    pub sums_days: u32,
    /// Entries of the audit log.
    pub audit_days: u32,
}

impl Periods {
    /// Until when each class is kept at `now`.
    #[must_use]
    pub fn horizons(&self, now: UtcMillis) -> Horizons {
        let before = |days: u32| (days > 0).then(|| now.plus_millis(-i64::from(days) * DAY_MILLIS));
        Horizons {
            text: before(self.text_days),
            analyses: before(self.analyses_days),
            sums: before(self.sums_days),
            audit: before(self.audit_days),
        }
    }
}

/// What would go now. Changes nothing.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn expired(store: &Store, periods: &Periods) -> Result<Expired, DeskError> {
    Ok(store.expired(&periods.horizons(UtcMillis::now())).await?)
}

/// Lets go whose time is over, and writes down what went. Sums are brought up to date first:
/// afterwards their contacts are gone. The files still hold what was deleted until
/// [`Store::scrub`].
///
/// # Errors
/// [`DeskError::Store`].
pub async fn expire(store: &Store, caller: &Caller, periods: &Periods) -> Result<Expired, DeskError> {
    if periods.analyses_days > 0 {
        while let RolledUp { looked_at: 1.., done: 1.. } = roll_up(store, None, AT_ONCE).await? {}
    }
    let now = UtcMillis::now();
    let gone = store.expire(&periods.horizons(now), now).await?;
    if gone != Expired::default() {
        let Expired { texts, contacts, sums, events, audit_entries } = gone;
        let told = format!(
            "{texts} texts, {contacts} contacts, {sums} sums, {events} incidents and coaching, {audit_entries} audit entries"
        );
        write_down(store, caller, "retention.run", told, true).await?;
    }
    Ok(gone)
}

/// The same once a day, whichever process of a service comes first; `None` when another has had the
/// turn.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn expire_daily(store: &Store, periods: &Periods) -> Result<Option<Expired>, DeskError> {
    if *periods == Periods::default() || !store.take_turn(DAILY, UtcMillis::now(), TURN_MILLIS).await? {
        return Ok(None);
    }
    expire(store, &Caller::system(), periods).await.map(Some)
}
