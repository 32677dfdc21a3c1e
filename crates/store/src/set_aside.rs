//! Contacts that were set aside after repeated failures, and what people do about them.

use sqlx::FromRow;
use uuid::Uuid;

use super::queue::{IdentityRow, MAX_ATTEMPTS, in_lock_order, ticket};
use super::{SetAside, Store, StoreError, decode, execute, reading, sql_queue, writing};
use tingxin_text::domain::{ContactRef, UtcMillis};

/// Why a job was set aside that nobody reported as failed.
const DIED: &str = "process_died";

#[derive(FromRow)]
struct JobRow {
    id: i64,
    contact: Uuid,
    attempts: i64,
}

#[derive(FromRow)]
struct SetAsideRow {
    id: Uuid,
    source: String,
    contact_id: String,
    revision: i64,
    channel: String,
    strikes: i64,
    deaths: i64,
    reason: Option<String>,
    queued_at: i64,
    quarantined_at: i64,
}

impl TryFrom<SetAsideRow> for SetAside {
    type Error = StoreError;

    fn try_from(row: SetAsideRow) -> Result<Self, StoreError> {
        Ok(Self {
            contact: ContactRef(row.id),
            source: decode::text("contacts.source", &row.source)?,
            contact_id: decode::text("contacts.contact_id", &row.contact_id)?,
            revision: decode::number("contacts.revision", row.revision)?,
            channel: decode::text("contacts.channel", &row.channel)?,
            attempts: decode::number("jobs.strikes", row.strikes)?,
            deaths: decode::number("jobs.deaths", row.deaths)?,
            reason: row.reason.unwrap_or_default(),
            queued_at: UtcMillis::from_millis(row.queued_at),
            since: UtcMillis::from_millis(row.quarantined_at),
        })
    }
}

impl Store {
    pub(super) async fn quarantine_exhausted(&self, now: UtcMillis) -> Result<(), StoreError> {
        let exhausted: Vec<JobRow> = reading!(self, |pool| {
            sqlx::query_as(sql_queue::EXHAUSTED)
                .bind(now.as_millis())
                .bind(i64::from(MAX_ATTEMPTS))
                .fetch_all(pool)
                .await?
        });
        for job in exhausted {
            let held = execute!(self, sql_queue::HOLD_JOB, job.id, job.attempts, now.as_millis());
            if held > 0 {
                let ticket = ticket(job.id, job.contact, job.attempts)?;
                self.end_attempt(ticket, DIED, MAX_ATTEMPTS, now).await?;
            }
        }
        Ok(())
    }

    /// What was set aside, the latest first; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_aside(&self, limit: u32) -> Result<Vec<SetAside>, StoreError> {
        let rows: Vec<SetAsideRow> = reading!(self, |pool| {
            sqlx::query_as(sql_queue::SET_ASIDE).bind(i64::from(limit)).fetch_all(pool).await?
        });
        rows.into_iter().map(SetAside::try_from).collect()
    }

    /// Gives one contact that was set aside new attempts. `false` when it was not set aside.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn requeue(&self, contact: ContactRef, now: UtcMillis) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            sqlx::query(sql_queue::LOCK_CONTACT).bind(contact.0).execute(&mut *tx).await?;
            let revived = sqlx::query(sql_queue::REVIVE_JOB)
                .bind(contact.0)
                .bind(now.as_millis())
                .execute(&mut *tx)
                .await?
                .rows_affected();
            // One that was given up has no job any more and stays as it is.
            if revived > 0 {
                sqlx::query(sql_queue::REVIVE_CONTACT).bind(contact.0).execute(&mut *tx).await?;
            }
            revived > 0
        }))
    }

    /// Gives a contact that was set aside up: it stays without an analysis, and nobody tries it
    /// again until a newer revision comes. `false` when it was not set aside.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drop_set_aside(&self, contact: ContactRef) -> Result<bool, StoreError> {
        Ok(execute!(self, sql_queue::DROP_SET_ASIDE, contact.0) > 0)
    }

    /// Gives every contact that was set aside five new attempts, for example after a release that
    /// mends what made them fail. How many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn requeue_quarantined(&self, now: UtcMillis) -> Result<u64, StoreError> {
        let mut set_aside: Vec<IdentityRow> =
            reading!(self, |pool| sqlx::query_as(sql_queue::FIND_QUARANTINED).fetch_all(pool).await?);
        in_lock_order(&mut set_aside);
        Ok(writing!(self, |tx| {
            let mut revived = 0;
            for contact in &set_aside {
                sqlx::query(sql_queue::REVIVE_CONTACT).bind(contact.id).execute(&mut *tx).await?;
                revived += sqlx::query(sql_queue::REVIVE_JOB)
                    .bind(contact.id)
                    .bind(now.as_millis())
                    .execute(&mut *tx)
                    .await?
                    .rows_affected();
            }
            revived
        }))
    }
}
