//! Who works on what: claiming, failing, quarantine.
//!
//! * A **claim** leases a job: it is due again when the lease ends. Nobody has to notice that a worker died.
//! * Every claim raises `attempts`, which is the **fence**: whoever comes back with an older number has
//!   been overtaken and changes nothing.
//! * Every claim costs a **strike** in advance, which a good end takes away. So an attempt that kills the
//!   process counts as well as one that fails, and the fifth strike is the last.
//! * A job with a strike is **claimed alone**. When a contact kills the process, its neighbours of that
//!   batch are done one by one after the restart, and only the guilty one collects five strikes.
//! * **Lock order**: contacts by source and id, then whatever hangs on them. Two transactions that touch
//!   the same contacts then wait for each other but never in a circle. Claiming stays outside: it
//!   skips what is locked.

use sqlx::FromRow;
use uuid::Uuid;

use super::connect::Backend;
use super::{
    Claim, FailOutcome, QueueState, Store, StoreError, Ticket, decode, execute, reading, sql, writing,
};
use tingxin_text::domain::{ContactRef, RedactedContact, UtcMillis};

/// Attempts after which a contact is set aside.
pub const MAX_ATTEMPTS: u32 = sql::max_attempts!();

/// Pause before the second attempt; it doubles with every further one: 1, 2, 4, 8 seconds. Long enough
/// for a passing shortage, short enough that a poisonous contact is out of the way within a minute.
const FIRST_PAUSE_MILLIS: i64 = 1_000;

/// Why a job was set aside that nobody reported as failed.
const DIED: &str = "process_died";

/// Why a job was set aside whose contact cannot be read back.
const UNREADABLE: &str = "stored_contact_unreadable";

/// Contacts queued per transaction when a new engine comes, so that no writer waits long.
const RESCORING_BATCH: i64 = 500;

#[derive(FromRow)]
struct LeasedRow {
    id: i64,
    contact: Uuid,
    attempts: i64,
    queued_at: i64,
    rescoring: bool,
}

#[derive(FromRow)]
struct JobRow {
    id: i64,
    contact: Uuid,
    attempts: i64,
}

#[derive(FromRow)]
struct IdentityRow {
    id: Uuid,
    source: String,
    contact_id: String,
}

fn ticket(job: i64, contact: Uuid, attempts: i64) -> Result<Ticket, StoreError> {
    let attempt = decode::number("jobs.attempts", attempts)?;
    Ok(Ticket { contact: ContactRef(contact), job, attempt })
}

fn pause_millis(strikes: i64) -> i64 {
    FIRST_PAUSE_MILLIS << strikes.saturating_sub(1).clamp(0, i64::from(MAX_ATTEMPTS))
}

impl Store {
    /// Leases at most `limit` waiting jobs, oldest first, until `now + lease_millis`. A job whose
    /// lease ran out counts as waiting. A job that failed before comes alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim(
        &self,
        limit: u32,
        lease_millis: i64,
        now: UtcMillis,
    ) -> Result<Vec<Claim>, StoreError> {
        self.quarantine_exhausted(now).await?;
        let (struck, fresh) = match &self.backend {
            Backend::Sqlite { .. } => (sql::CLAIM_STRUCK_SQLITE, sql::CLAIM_FRESH_SQLITE),
            Backend::Postgres(_) => (sql::CLAIM_STRUCK_POSTGRES, sql::CLAIM_FRESH_POSTGRES),
        };
        let until = now.plus_millis(lease_millis).as_millis();
        let leased: Vec<(LeasedRow, Option<String>)> = writing!(self, |tx| {
            let mut rows: Vec<LeasedRow> = Vec::new();
            for (statement, limit) in [(struck, 1), (fresh, i64::from(limit))] {
                if rows.is_empty() {
                    rows = sqlx::query_as(statement)
                        .bind(now.as_millis())
                        .bind(until)
                        .bind(limit)
                        .fetch_all(&mut *tx)
                        .await?;
                }
            }
            let mut leased = Vec::with_capacity(rows.len());
            for row in rows {
                let body = sqlx::query_scalar(sql::BODY).bind(row.contact).fetch_optional(&mut *tx).await?;
                leased.push((row, body));
            }
            leased
        });
        self.readable(leased, now).await
    }

    /// The claims whose contacts can be read; the others are set aside at once, because no further
    /// attempt would read them better.
    async fn readable(
        &self,
        mut leased: Vec<(LeasedRow, Option<String>)>,
        now: UtcMillis,
    ) -> Result<Vec<Claim>, StoreError> {
        // RETURNING promises no order.
        leased.sort_by_key(|(row, _)| (row.rescoring, row.queued_at, row.id));
        let mut claims = Vec::with_capacity(leased.len());
        for (row, body) in leased {
            let ticket = ticket(row.id, row.contact, row.attempts)?;
            let contact = decode::json::<RedactedContact>("contact_bodies.body", &body.unwrap_or_default());
            match contact {
                Ok(contact) => {
                    claims.push(Claim { ticket, contact, queued_at: UtcMillis::from_millis(row.queued_at) });
                }
                Err(_) => drop(self.end_attempt(ticket, UNREADABLE, 0, now).await?),
            }
        }
        Ok(claims)
    }

    async fn quarantine_exhausted(&self, now: UtcMillis) -> Result<(), StoreError> {
        let exhausted: Vec<JobRow> = reading!(self, |db| {
            sqlx::query_as(sql::EXHAUSTED)
                .bind(now.as_millis())
                .bind(i64::from(MAX_ATTEMPTS))
                .fetch_all(db)
                .await?
        });
        for job in exhausted {
            let held = execute!(self, sql::HOLD_JOB, job.id, job.attempts, now.as_millis());
            if held > 0 {
                let ticket = ticket(job.id, job.contact, job.attempts)?;
                self.end_attempt(ticket, DIED, MAX_ATTEMPTS, now).await?;
            }
        }
        Ok(())
    }

    /// Gives a job back after a failed attempt; quarantines it at the fifth. `reason` is a code for
    /// people who look into it, never a text of the contact.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fail(
        &self,
        ticket: Ticket,
        reason: &str,
        now: UtcMillis,
    ) -> Result<FailOutcome, StoreError> {
        self.end_attempt(ticket, reason, MAX_ATTEMPTS, now).await
    }

    async fn end_attempt(
        &self,
        ticket: Ticket,
        reason: &str,
        allowed: u32,
        now: UtcMillis,
    ) -> Result<FailOutcome, StoreError> {
        Ok(writing!(self, |tx| {
            sqlx::query(sql::LOCK_CONTACT).bind(ticket.contact.0).execute(&mut *tx).await?;
            let strikes: Option<i64> = sqlx::query_scalar(sql::STRIKE_JOB)
                .bind(ticket.job)
                .bind(i64::from(ticket.attempt))
                .bind(reason)
                .fetch_optional(&mut *tx)
                .await?;
            match strikes {
                None => FailOutcome::Overtaken,
                Some(strikes) if strikes < i64::from(allowed) => {
                    let due = now.plus_millis(pause_millis(strikes)).as_millis();
                    sqlx::query(sql::DELAY_JOB).bind(ticket.job).bind(due).execute(&mut *tx).await?;
                    FailOutcome::Retried
                }
                Some(_) => {
                    sqlx::query(sql::QUARANTINE_JOB)
                        .bind(ticket.job)
                        .bind(now.as_millis())
                        .execute(&mut *tx)
                        .await?;
                    sqlx::query(sql::QUARANTINE_CONTACT).bind(ticket.contact.0).execute(&mut *tx).await?;
                    FailOutcome::Quarantined
                }
            }
        }))
    }

    /// Gives leases back unused, for a worker that stops before it began. The attempts do not count.
    /// How many of the tickets were still good.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn give_back(&self, tickets: &[Ticket]) -> Result<u64, StoreError> {
        let mut returned = 0;
        for ticket in tickets {
            // One by one: a transaction over several jobs would stand outside the lock order.
            returned += execute!(self, sql::GIVE_BACK, ticket.job, i64::from(ticket.attempt));
        }
        Ok(returned)
    }

    /// Releases every lease, for a start after a crash of the only process on this database (SQLite).
    /// The interrupted attempts stay counted: one of them may have been what ended the process.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release_leases(&self) -> Result<u64, StoreError> {
        Ok(execute!(self, sql::RELEASE_LEASES))
    }

    /// Takes up work where the last process left it: on SQLite, which no other process works on,
    /// releases every lease the first time that this store or a clone of it is asked. On PostgreSQL
    /// the leases may belong to living workers of other processes and end by themselves.
    ///
    /// # Errors
    /// [`StoreError`]; the next call tries again.
    pub async fn recover(&self) -> Result<u64, StoreError> {
        match self.backend {
            Backend::Sqlite { .. } => self.recovered.get_or_try_init(|| self.release_leases()).await.copied(),
            Backend::Postgres(_) => Ok(0),
        }
    }

    /// Queues every contact from `since` on whose current analysis was not made by `engine` (its fingerprint).
    /// The old analysis stays until the new one is there, and is kept after that. New contacts are
    /// analysed before any of these.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue_rescoring(
        &self,
        engine: &str,
        since: Option<UtcMillis>,
        now: UtcMillis,
    ) -> Result<u64, StoreError> {
        let mut queued = 0;
        let mut after = Uuid::nil();
        loop {
            let mut batch = self.stale(engine, since, after).await?;
            let Some(last) = batch.last() else { return Ok(queued) };
            after = last.id;
            in_lock_order(&mut batch);
            queued += writing!(self, |tx| {
                let mut added = 0;
                for contact in &batch {
                    sqlx::query(sql::LOCK_CONTACT).bind(contact.id).execute(&mut *tx).await?;
                    added += sqlx::query(sql::ADD_RESCORING)
                        .bind(contact.id)
                        .bind(now.as_millis())
                        .execute(&mut *tx)
                        .await?
                        .rows_affected();
                }
                added
            });
        }
    }

    /// Contacts that [`Store::queue_rescoring`] would queue, in the order of their ids from after `after` on; at most a batch.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn to_rescore(
        &self,
        engine: &str,
        since: Option<UtcMillis>,
        after: Option<ContactRef>,
    ) -> Result<Vec<ContactRef>, StoreError> {
        let after = after.map_or(Uuid::nil(), |contact| contact.0);
        Ok(self.stale(engine, since, after).await?.into_iter().map(|row| ContactRef(row.id)).collect())
    }

    /// How many contacts from `since` on another engine than `engine` (its fingerprint) has read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_by_other_engines(&self, engine: &str, since: UtcMillis) -> Result<usize, StoreError> {
        let count: i64 = reading!(self, |db| {
            sqlx::query_scalar(sql::COUNT_BY_OTHERS)
                .bind(engine)
                .bind(since.as_millis())
                .fetch_one(db)
                .await?
        });
        decode::number("analyses", count)
    }

    async fn stale(
        &self,
        engine: &str,
        since: Option<UtcMillis>,
        after: Uuid,
    ) -> Result<Vec<IdentityRow>, StoreError> {
        let since = since.map_or(i64::MIN, UtcMillis::as_millis);
        Ok(reading!(self, |db| {
            sqlx::query_as(sql::FIND_STALE)
                .bind(after)
                .bind(engine)
                .bind(RESCORING_BATCH)
                .bind(since)
                .fetch_all(db)
                .await?
        }))
    }

    /// Gives every contact that was set aside five new attempts, for example after a release that
    /// mends what made them fail. How many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn requeue_quarantined(&self, now: UtcMillis) -> Result<u64, StoreError> {
        let mut set_aside: Vec<IdentityRow> =
            reading!(self, |db| sqlx::query_as(sql::FIND_QUARANTINED).fetch_all(db).await?);
        in_lock_order(&mut set_aside);
        Ok(writing!(self, |tx| {
            let mut revived = 0;
            for contact in &set_aside {
                sqlx::query(sql::REVIVE_CONTACT).bind(contact.id).execute(&mut *tx).await?;
                revived += sqlx::query(sql::REVIVE_JOB)
                    .bind(contact.id)
                    .bind(now.as_millis())
                    .execute(&mut *tx)
                    .await?
                    .rows_affected();
            }
            revived
        }))
    }

    /// How much work waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue_state(&self, now: UtcMillis) -> Result<QueueState, StoreError> {
        let (waiting, quarantined, oldest): (i64, i64, Option<i64>) = reading!(self, |db| {
            (
                sqlx::query_scalar(sql::COUNT_WAITING).fetch_one(&mut *db).await?,
                sqlx::query_scalar(sql::COUNT_QUARANTINED).fetch_one(&mut *db).await?,
                sqlx::query_scalar(sql::OLDEST_WAITING).fetch_one(&mut *db).await?,
            )
        });
        Ok(QueueState {
            waiting: decode::number("jobs", waiting)?,
            quarantined: decode::number("jobs", quarantined)?,
            oldest_seconds: oldest
                .map_or(0.0, |since| now.seconds_since(UtcMillis::from_millis(since)).max(0.0)),
        })
    }
}

/// See the lock order at the top.
fn in_lock_order(contacts: &mut [IdentityRow]) {
    contacts.sort_by(|a, b| (&a.source, &a.contact_id).cmp(&(&b.source, &b.contact_id)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_with_every_strike() {
        assert_eq!((1..=4).map(pause_millis).collect::<Vec<_>>(), [1_000, 2_000, 4_000, 8_000]);
    }
}
