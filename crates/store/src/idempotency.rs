//! Idempotency keys: the same request twice has one effect and one answer.

use sqlx::FromRow;

use super::{IdempotencyVerdict, Store, StoreError, decode, execute, sql, writing};
use tingxin_text::domain::UtcMillis;

/// How long an answer is remembered: seven days, so that a batch that failed on Friday can be resent
/// on Monday.
const KEPT_MILLIS: i64 = 7 * 24 * 3_600 * 1_000;

/// How long a request may be in progress. A process that died in between frees its keys thereby;
/// every request is answered within seconds.
const IN_FLIGHT_MILLIS: i64 = 60 * 1_000;

#[derive(FromRow)]
struct KeyRow {
    body_sha256: String,
    status: Option<i64>,
    answer: Option<String>,
}

impl Store {
    /// Looks up `key` of this caller: seen with the same body → the first answer, with another
    /// body → mismatch, in progress → in flight, never seen → reserved for the caller.
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
        let known: Option<KeyRow> = writing!(self, |tx| {
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
            Some(KeyRow { status: Some(status), answer, .. }) => IdempotencyVerdict::Replay {
                status: decode::number("idempotency_keys.status", status)?,
                body: answer.unwrap_or_default(),
            },
            Some(_) => IdempotencyVerdict::InFlight,
        })
    }

    /// Remembers the answer of a reserved key for seven days; `None` frees the key again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn idempotency_end(
        &self,
        caller: &str,
        key: &str,
        answer: Option<(u16, &str)>,
    ) -> Result<(), StoreError> {
        match answer {
            Some((status, body)) => {
                execute!(self, sql::ANSWER_KEY, caller, key, i64::from(status), body, KEPT_MILLIS)
            }
            None => execute!(self, sql::FREE_KEY, caller, key),
        };
        Ok(())
    }
}
