//! What was deleted, out of the files.
//!
//! A deleted row is gone for every statement and not yet from the disk: the log keeps the page as
//! it was, and a page that was packed anew may keep a copy of a row between its cells.
//! `secure_delete` overwrites what is deleted, emptying the log takes the old pages away, and
//! writing the file anew leaves no page that anybody forgot.

use std::time::Duration;

use super::connect::Backend;
use super::{Store, StoreError, connect, execute, reading, sql, sql_privacy, sql_search};
use tingxin_text::domain::UtcMillis;

/// Since when something deleted waits to be taken out of the files.
const SCRUB_DUE: &str = "scrub_due";

/// Tables that hold words or name people. The rest of a PostgreSQL database need not be written anew.
const PERSONAL: &str = "VACUUM (FULL) contacts, contact_bodies, analyses, flags, verdicts, appeals, acknowledgements, \
    asked_reviews, contact_measures, idempotency_keys, weekly_sums, stale_sums, coaching, \
    coaching_clips, care_tasks, learning_items, inspection_sheets, inspection_forms, trainings, staff_names, users, sessions, legal_holds, audit_log, \
    contact_search, saved_views, acceptance_samples, acceptance_members, sentence_marks, review_claims, \
    review_assignments, distribution_rules, paused_reviewers, cases, case_steps, news, export_requests, \
    calibrations, calibration_readers, calibration_items, calibration_readings";

/// Longest time in which a PostgreSQL database is written anew.
const LONGEST: Duration = Duration::from_hours(1);

async fn empty_log(writer: &sqlx::SqlitePool) -> Result<(), StoreError> {
    let (busy, _, _): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(writer).await?;
    if busy == 0 { Ok(()) } else { Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut)) }
}

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

    /// Writes the database anew without anything that was deleted, and empties its log. Nobody else
    /// writes meanwhile: about a second for every hundred megabytes. Needs as much free space again
    /// as the database has.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Unavailable`] also when somebody reads for so long that the
    /// log cannot be emptied. It stays due then.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        let Some(due) = self.scrub_due().await? else { return Ok(()) };
        match &self.backend {
            Backend::Sqlite { writer, .. } => {
                // Nobody else waits at the connection meanwhile without a turn of their own.
                let _turn = self.turns.writer.wait().await?;
                // A reader that stays, such as a backup, would keep the log as large as another
                // whole copy.
                empty_log(writer).await?;
                // What is deleted from the index of words is only marked there, and stays until its segments are merged.
                sqlx::query(sql_search::MERGE_WORDS).execute(writer).await?;
                sqlx::query("VACUUM").execute(writer).await?;
                empty_log(writer).await?;
            }
            Backend::Postgres(pool) => {
                let own = connect::unhurried(pool).await?;
                let write = async {
                    // Behind a backup, which reads for long, everybody else would wait for this: it
                    // is tried again later.
                    sqlx::query("SET lock_timeout = '1s'").execute(&own).await?;
                    sqlx::query(PERSONAL).execute(&own).await
                };
                let written = tokio::time::timeout(LONGEST, write).await;
                own.close().await;
                written.map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))??;
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
