//! Idempotency keys: the same request twice has one effect and one answer.

use sqlx::FromRow;

use super::{IdempotencyVerdict, Store, StoreError, decode, execute, sql, writing};
use tingxin_text::domain::UtcMillis;

/// How long an answer is remembered: seven days, so that a batch that failed on Friday can be
/// resent on Monday.
const KEPT_MILLIS: i64 = 7 * 24 * 3_600 * 1_000;

/// How long a key stays reserved that nobody holds on to. Whoever works on the request holds it
/// anew every [`HOLD_EVERY_MILLIS`]; the key of a process that died is free after this time.
const IN_FLIGHT_MILLIS: i64 = 4_000;

/// How often a request in progress holds its key anew: it may miss one time and a half.
pub const HOLD_EVERY_MILLIS: u64 = 1_500;

#[derive(FromRow)]
struct IdempotencyRow {
    body_sha256: String,
    status: Option<i64>,
    answer: Option<String>,
}

impl Store {
    /// Looks up `key` of this caller: seen with the same body → the first answer, with another
    /// body → mismatch, in progress → in flight, never seen → reserved for the caller since `now`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn idempotency_begin(
        &self,
        caller: &str,
        key: &str,
        body_sha256: &str,
        now: UtcMillis,
    ) -> Result<IdempotencyVerdict, StoreError> {
        let known: Option<IdempotencyRow> = writing!(self, |tx| {
            let reserved: Option<i64> = sqlx::query_scalar(sql::RESERVE_KEY)
                .bind(caller)
                .bind(key)
                .bind(body_sha256)
                .bind(now.as_millis())
                .bind(now.plus_millis(IN_FLIGHT_MILLIS).as_millis())
                .fetch_optional(&mut *tx)
                .await?;
            match reserved {
                Some(_) => None,
                None => Some(sqlx::query_as(sql::FIND_KEY).bind(caller).bind(key).fetch_one(&mut *tx).await?),
            }
        });
        Ok(match known {
            None => IdempotencyVerdict::Fresh,
            Some(known) if known.body_sha256 != body_sha256 => IdempotencyVerdict::Mismatch,
            Some(IdempotencyRow { status: Some(status), answer, .. }) => IdempotencyVerdict::Replay {
                status: decode::number("idempotency_keys.status", status)?,
                body: answer.unwrap_or_default(),
            },
            Some(_) => IdempotencyVerdict::InFlight,
        })
    }

    /// Holds on to a key that is reserved `since` then. `false` when it has been lost: another
    /// request was given it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn idempotency_hold(
        &self,
        caller: &str,
        key: &str,
        since: UtcMillis,
        now: UtcMillis,
    ) -> Result<bool, StoreError> {
        let until = now.plus_millis(IN_FLIGHT_MILLIS).as_millis();
        Ok(execute!(self, sql::HOLD_KEY, caller, key, since.as_millis(), until) > 0)
    }

    /// Remembers the answer of a key that is reserved `since` then for seven days; `None` frees the
    /// key again. Does nothing to a key that another request was given meanwhile.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn idempotency_end(
        &self,
        caller: &str,
        key: &str,
        since: UtcMillis,
        answer: Option<(u16, &str)>,
    ) -> Result<(), StoreError> {
        let since = since.as_millis();
        match answer {
            Some((status, body)) => {
                execute!(self, sql::ANSWER_KEY, caller, key, since, i64::from(status), body, KEPT_MILLIS)
            }
            None => execute!(self, sql::FREE_KEY, caller, key, since),
        };
        Ok(())
    }
}
