//! What was deleted, out of the files.
//!
//! A deleted row is gone for every statement and not yet from the disk: the log keeps the page as it was, and a page that was
//! packed anew may keep a copy of a row between its cells. `secure_delete` overwrites what is deleted, emptying the log takes
//! the old pages away, and writing the file anew leaves no page that anybody forgot.

use super::connect::Backend;
use super::{Store, StoreError, connect, execute, reading, sql, sql_privacy};
use tingxin_text::domain::UtcMillis;

/// Since when something deleted waits to be taken out of the files.
const SCRUB_DUE: &str = "scrub_due";

/// Tables that hold words or name people. The rest of a PostgreSQL database need not be written anew.
const PERSONAL: &str = "VACUUM (FULL) contacts, contact_bodies, analyses, flags, verdicts, contact_measures, \
    idempotency_keys, weekly_sums, coaching, users, legal_holds";

/// Says within a transaction that something was deleted.
macro_rules! due {
    ($tx:ident, $now:expr) => {
        sqlx::query($crate::sql::PUT_META)
            .bind($crate::scrub::due_name())
            .bind($crate::scrub::moment($now))
            .execute(&mut *$tx)
            .await?
    };
}

pub(super) use due;

pub(super) const fn due_name() -> &'static str {
    SCRUB_DUE
}

/// A time as text of 13 digits, which sorts as the time does.
pub(super) fn moment(at: UtcMillis) -> String {
    format!("{:013}", at.as_millis())
}

impl Store {
    /// Whether something that was deleted may still be found in the files.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn needs_scrubbing(&self) -> Result<bool, StoreError> {
        Ok(self.scrub_due().await?.is_some())
    }

    async fn scrub_due(&self) -> Result<Option<String>, StoreError> {
        Ok(reading!(self, |pool| {
            sqlx::query_scalar(sql::FIND_META).bind(SCRUB_DUE).fetch_optional(pool).await?
        }))
    }

    /// Writes the database anew without anything that was deleted, and empties its log. Nobody else writes meanwhile: about
    /// a second for every hundred megabytes. Needs as much free space again as the database has.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Unavailable`] also when somebody reads for so long that the log cannot be emptied. It
    /// stays due then.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        let Some(due) = self.scrub_due().await? else { return Ok(()) };
        match &self.backend {
            Backend::Sqlite { writer, .. } => {
                sqlx::query("VACUUM").execute(writer).await?;
                let (busy, _, _): (i64, i64, i64) =
                    sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(writer).await?;
                if busy != 0 {
                    return Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut));
                }
            }
            Backend::Postgres(pool) => {
                let own = connect::unhurried(pool).await?;
                let written = sqlx::query(PERSONAL).execute(&own).await;
                own.close().await;
                written?;
            }
        }
        // What was deleted meanwhile has set another mark.
        execute!(self, sql_privacy::DROP_META_IF, SCRUB_DUE, due);
        Ok(())
    }

    /// Takes a turn at `name` that comes once in `every` milliseconds, whichever process takes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_turn(&self, name: &str, now: UtcMillis, every: i64) -> Result<bool, StoreError> {
        let before = now.plus_millis(-every);
        Ok(execute!(self, sql_privacy::TAKE_TURN, name, moment(now), moment(before)) > 0)
    }
}
