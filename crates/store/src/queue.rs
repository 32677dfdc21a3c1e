//! Who works on what: claiming, failing, quarantine.
//!
//! * A **claim** leases a job: it is due again when the lease ends. Nobody has to notice that a
//!   worker died.
//! * Every claim raises `attempts`, which is the **fence**: whoever comes back with an older number
//!   has been overtaken and changes nothing.
//! * A **strike** is what speaks against one contact: an attempt that failed, or a process that
//!   died with it alone in hand. The fifth is the last. A claim of one contact costs its strike in
//!   advance and a good end takes it away; a claim of several costs none, for nobody could say who
//!   was to blame.
//! * Those that a process held together when it died are **suspects**: they come back in batches of
//!   half the size, until one is alone. So one that kills the process is found after five more
//!   deaths among 32, and no neighbour takes a strike.
//! * A process can die of something else, again and again. So one with which a process died alone
//!   is **tried again only by a worker that has lived for a while** ([`FIRST_PROOF_MILLIS`]), twice
//!   as long after every further death: only one with which the process dies, and without which it
//!   lives, comes to five.
//! * **Lock order**: contacts by source and id, then whatever hangs on them. Two transactions that
//!   touch the same contacts then wait for each other but never in a circle. Claiming stays
//!   outside: it skips what is locked.

use sqlx::FromRow;
use uuid::Uuid;

use super::connect::Backend;
use super::{
    Ask, Claim, FailOutcome, QueueState, Store, StoreError, Ticket, decode, execute, reading, sql, sql_queue,
    writing,
};
use tingxin_text::domain::{ContactRef, RedactedContact, UtcMillis};

/// Strikes after which a contact is set aside.
pub const MAX_ATTEMPTS: u32 = 5;

/// How long a worker must have lived before it tries a contact again with which a process died
/// alone: 4, 8, 16, 32 seconds.
///
/// **Source**: set by the project. Processes that die for another reason after a fixed time never
/// give a contact five strikes that is analysed within half a minute; one that kills the process is
/// set aside a minute after it is found.
const FIRST_PROOF_MILLIS: i64 = 4_000;

/// Pause before the second attempt; it doubles with every further one: 1, 2, 4, 8 seconds. Long
/// enough for a passing shortage, short enough that a poisonous contact is out of the way within a
/// minute.
const FIRST_PAUSE_MILLIS: i64 = 1_000;

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
pub(super) struct IdentityRow {
    pub(super) id: Uuid,
    source: String,
    contact_id: String,
}

pub(super) fn ticket(job: i64, contact: Uuid, attempts: i64) -> Result<Ticket, StoreError> {
    let attempt = decode::number("jobs.attempts", attempts)?;
    Ok(Ticket { contact: ContactRef(contact), job, attempt })
}

/// The largest number of deaths after which a worker that has lived so long may try a contact
/// again.
fn deaths_allowed(lived_millis: i64) -> i64 {
    let proven = |deaths: &i64| lived_millis >= FIRST_PROOF_MILLIS << (deaths - 1);
    (1..=i64::from(MAX_ATTEMPTS)).take_while(proven).last().unwrap_or(0)
}

fn pause_millis(strikes: i64) -> i64 {
    FIRST_PAUSE_MILLIS << strikes.saturating_sub(1).clamp(0, i64::from(MAX_ATTEMPTS))
}

impl Store {
    /// Leases waiting jobs, oldest first, until `now + lease_millis`: as many as `ask` allows, and
    /// at least one if any waits. A job whose lease ran out counts as waiting. Those against whom
    /// something speaks come first and by themselves.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim(
        &self,
        ask: impl Into<Ask>,
        lease_millis: i64,
        now: UtcMillis,
    ) -> Result<Vec<Claim>, StoreError> {
        let ask: Ask = ask.into();
        self.quarantine_exhausted(now).await?;
        let [lapse, suspect, fresh] = match &self.backend {
            Backend::Sqlite { .. } => {
                [sql_queue::LAPSE_SQLITE, sql_queue::CLAIM_SUSPECT_SQLITE, sql_queue::CLAIM_FRESH_SQLITE]
            }
            Backend::Postgres(_) => [
                sql_queue::LAPSE_POSTGRES,
                sql_queue::CLAIM_SUSPECT_POSTGRES,
                sql_queue::CLAIM_FRESH_POSTGRES,
            ],
        };
        let until = now.plus_millis(lease_millis).as_millis();
        let (limit, bytes, deaths) = (i64::from(ask.limit), ask.bytes, deaths_allowed(ask.lived_millis));
        let leased: Vec<(LeasedRow, Option<String>)> = writing!(self, |tx| {
            sqlx::query(lapse).bind(now.as_millis()).execute(&mut *tx).await?;
            let most: Option<i64> = sqlx::query_scalar(sql_queue::NEXT_SUSPECT)
                .bind(now.as_millis())
                .bind(deaths)
                .fetch_optional(&mut *tx)
                .await?;
            let mut rows: Vec<LeasedRow> = Vec::new();
            if let Some(most) = most {
                rows = sqlx::query_as(suspect)
                    .bind(now.as_millis())
                    .bind(until)
                    .bind(limit.min(most))
                    .bind(bytes)
                    .bind(most)
                    .bind(deaths)
                    .fetch_all(&mut *tx)
                    .await?;
            }
            if rows.is_empty() {
                rows = sqlx::query_as(fresh)
                    .bind(now.as_millis())
                    .bind(until)
                    .bind(limit)
                    .bind(bytes)
                    .fetch_all(&mut *tx)
                    .await?;
            }
            let mut leased = Vec::with_capacity(rows.len());
            for row in rows {
                let body =
                    sqlx::query_scalar(sql_queue::BODY).bind(row.contact).fetch_optional(&mut *tx).await?;
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

    pub(super) async fn end_attempt(
        &self,
        ticket: Ticket,
        reason: &str,
        allowed: u32,
        now: UtcMillis,
    ) -> Result<FailOutcome, StoreError> {
        Ok(writing!(self, |tx| {
            sqlx::query(sql_queue::LOCK_CONTACT).bind(ticket.contact.0).execute(&mut *tx).await?;
            let strikes: Option<i64> = sqlx::query_scalar(sql_queue::STRIKE_JOB)
                .bind(ticket.job)
                .bind(i64::from(ticket.attempt))
                .bind(reason)
                .fetch_optional(&mut *tx)
                .await?;
            match strikes {
                None => FailOutcome::Overtaken,
                Some(strikes) if strikes < i64::from(allowed) => {
                    let due = now.plus_millis(pause_millis(strikes)).as_millis();
                    sqlx::query(sql_queue::DELAY_JOB).bind(ticket.job).bind(due).execute(&mut *tx).await?;
                    FailOutcome::Retried
                }
                Some(_) => {
                    sqlx::query(sql_queue::QUARANTINE_JOB)
                        .bind(ticket.job)
                        .bind(now.as_millis())
                        .execute(&mut *tx)
                        .await?;
                    sqlx::query(sql_queue::QUARANTINE_CONTACT)
                        .bind(ticket.contact.0)
                        .execute(&mut *tx)
                        .await?;
                    FailOutcome::Quarantined
                }
            }
        }))
    }

    /// Gives leases back unused, for a worker that stops before it began. The attempts do not
    /// count. How many of the tickets were still good.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn give_back(&self, tickets: &[Ticket]) -> Result<u64, StoreError> {
        let mut returned = 0;
        for ticket in tickets {
            // One by one: a transaction over several jobs would stand outside the lock order.
            returned += execute!(self, sql_queue::GIVE_BACK, ticket.job, i64::from(ticket.attempt));
        }
        Ok(returned)
    }

    /// Releases every lease, for a start after a crash of the only process on this database
    /// (SQLite). What it held becomes suspect: one of them may have been what ended the process.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release_leases(&self) -> Result<u64, StoreError> {
        Ok(execute!(self, sql_queue::RELEASE_LEASES))
    }

    /// Takes up work where the last process left it: on SQLite, provided that no other process
    /// analyses contacts of this file, releases every lease and frees the idempotency keys of
    /// requests that died, the first time that this store or a clone of it is asked. On PostgreSQL
    /// the leases may belong to living workers of other processes and end by themselves.
    ///
    /// # Errors
    /// [`StoreError`]; the next call tries again.
    pub async fn recover(&self) -> Result<u64, StoreError> {
        match self.backend {
            Backend::Sqlite { .. } if self.keep_others_out().is_ok() => {
                self.recovered.get_or_try_init(|| self.take_over()).await.copied()
            }
            Backend::Sqlite { .. } | Backend::Postgres(_) => Ok(0),
        }
    }

    async fn take_over(&self) -> Result<u64, StoreError> {
        execute!(self, sql::FREE_KEYS);
        self.release_leases().await
    }

    /// Queues every contact from `since` on whose current analysis was not made by `engine` (its
    /// fingerprint). The old analysis stays until the new one is there, and is kept after that. New
    /// contacts are analysed before any of these.
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
                    sqlx::query(sql_queue::LOCK_CONTACT).bind(contact.id).execute(&mut *tx).await?;
                    added += sqlx::query(sql_queue::ADD_RESCORING)
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

    /// Contacts that [`Store::queue_rescoring`] would queue, in the order of their ids from after
    /// `after` on; at most a batch.
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
            sqlx::query_scalar(sql_queue::COUNT_BY_OTHERS)
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
            sqlx::query_as(sql_queue::FIND_STALE)
                .bind(after)
                .bind(engine)
                .bind(RESCORING_BATCH)
                .bind(since)
                .fetch_all(db)
                .await?
        }))
    }

    /// How much work waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue_state(&self, now: UtcMillis) -> Result<QueueState, StoreError> {
        let (waiting, quarantined, oldest): (i64, i64, Option<i64>) = reading!(self, |db| {
            (
                sqlx::query_scalar(sql_queue::COUNT_WAITING).fetch_one(&mut *db).await?,
                sqlx::query_scalar(sql_queue::COUNT_QUARANTINED).fetch_one(&mut *db).await?,
                sqlx::query_scalar(sql_queue::OLDEST_WAITING).fetch_one(&mut *db).await?,
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
pub(super) fn in_lock_order(contacts: &mut [IdentityRow]) {
    contacts.sort_by(|a, b| (&a.source, &a.contact_id).cmp(&(&b.source, &b.contact_id)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_with_which_processes_died_waits_for_one_that_has_lived() {
        let lived = [0, 3_999, 4_000, 8_000, 16_000, 32_000, i64::MAX].map(deaths_allowed);

        assert_eq!(lived, [0, 0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn the_pause_doubles_with_every_strike() {
        assert_eq!((1..=4).map(pause_millis).collect::<Vec<_>>(), [1_000, 2_000, 4_000, 8_000]);
    }
}
