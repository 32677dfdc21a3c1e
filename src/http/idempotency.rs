//! `Idempotency-Key`: the same request sent again gets the first answer again.
//!
//! A contact's own identity makes ingest safe to repeat; the key also repeats the answer, for
//! clients that decide by it. Only successes are remembered: a refusal may be mended and sent
//! again.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::error::{ApiError, Problem};
use super::state::ServiceState;
use crate::domain::UtcMillis;
use crate::secrets;
use crate::store::{HOLD_EVERY_MILLIS, IdempotencyVerdict};

/// The header of a request.
const KEY: &str = "idempotency-key";

/// Marks an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Longest key in characters, as at Stripe.
const MAX_KEY_CHARS: usize = 255;

/// The key of a request, if it has one: 1 to 255 visible ASCII characters. It comes as its SHA-256,
/// for clients make keys of what they have at hand, a telephone number perhaps, and it is stored
/// for days.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut keys = headers.get_all(KEY);
    let Some(first) = keys.next() else { return Ok(None) };
    let text = first.to_str().ok().filter(|_| keys.next().is_none());
    let fits = |key: &&str| {
        (1..=MAX_KEY_CHARS).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
    };
    text.filter(fits).map(|key| Some(secrets::digest(key.as_bytes()))).ok_or_else(|| {
        let detail = format!("`Idempotency-Key` must be 1 to {MAX_KEY_CHARS} visible ASCII characters, once");
        ApiError::new(Problem::InvalidHeader, detail)
    })
}

/// Refuses a key where an answer cannot be repeated: who sends one relies on it.
pub(super) fn refuse_key(headers: &HeaderMap) -> Result<(), ApiError> {
    if !headers.contains_key(KEY) {
        return Ok(());
    }
    let detail = "a stream has no `Idempotency-Key`, because its answers cannot be replayed: leave the header out; \
        sending the lines again is safe without it, what is there already is `unchanged`";
    Err(ApiError::new(Problem::InvalidHeader, detail))
}

/// A key that is reserved for this request. Drop it only through [`Reservation::end`].
pub(super) struct Reservation {
    caller: String,
    key: String,
    since: UtcMillis,
}

/// What to do with a request that has a key.
pub(super) enum Begun {
    /// Work, then call [`Reservation::end`].
    Work(Reservation),
    /// This is the answer.
    Answer(HttpResponse),
}

/// Reserves the key of this caller for a request whose content is `content`.
pub(super) async fn begin(
    state: &ServiceState,
    caller: &str,
    key: String,
    content: &[u8],
) -> Result<Begun, ApiError> {
    let digest = secrets::digest(content);
    let since = UtcMillis::now();
    match state.store.idempotency_begin(caller, &key, &digest, since).await? {
        IdempotencyVerdict::Fresh => Ok(Begun::Work(Reservation { caller: caller.to_owned(), key, since })),
        IdempotencyVerdict::Replay { status, body } => {
            let status = StatusCode::from_u16(status).map_err(|_| ApiError::internal())?;
            let mut answer = HttpResponse::build(status);
            answer.insert_header((REPLAYED, HeaderValue::from_static("true")));
            Ok(Begun::Answer(answer.content_type("application/json").body(body)))
        }
        IdempotencyVerdict::Mismatch => {
            let detail = "this key came with another request before: use a new key for a new request";
            Err(ApiError::new(Problem::IdempotencyMismatch, detail))
        }
        IdempotencyVerdict::InFlight => {
            let detail = "the first request with this key has no answer yet: come again";
            Err(ApiError::new(Problem::IdempotencyInFlight, detail).retry_after(1))
        }
    }
}

impl Reservation {
    /// Does the work of the request and holds on to the key meanwhile.
    pub(super) async fn during<T>(&self, state: &ServiceState, work: impl Future<Output = T>) -> T {
        tokio::select! {
            done = work => done,
            never = self.hold(state) => match never {},
        }
    }

    /// A database that does not answer loses the key in time; the work then fails by itself.
    async fn hold(&self, state: &ServiceState) -> Infallible {
        loop {
            tokio::time::sleep(Duration::from_millis(HOLD_EVERY_MILLIS)).await;
            let Self { caller, key, since } = self;
            if let Err(failure) = state.store.idempotency_hold(caller, key, *since, UtcMillis::now()).await {
                tracing::warn!(%failure, "an idempotency key may be lost before its request is answered");
            }
        }
    }

    /// Remembers a success, or frees the key. A key that cannot be freed frees itself in time; the
    /// answer is given all the same, for the work is done.
    pub(super) async fn end(self, state: &ServiceState, answer: Option<(StatusCode, &str)>) {
        let answer = answer.map(|(status, body)| (status.as_u16(), body));
        if let Err(failure) = state.store.idempotency_end(&self.caller, &self.key, self.since, answer).await {
            tracing::warn!(%failure, "the answer of an idempotency key was not remembered");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> Result<Option<String>, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static(KEY), HeaderValue::from_str(value).unwrap());
        key(&headers)
    }

    #[test]
    fn a_key_has_1_to_255_visible_characters() {
        assert_eq!(key(&HeaderMap::new()), Ok(None));
        assert_eq!(of("8e03978e-40d5"), Ok(Some(secrets::digest(b"8e03978e-40d5"))));
        assert!(
            !of("13900001234").unwrap().unwrap().contains("13900001234"),
            "a key may be somebody's number"
        );
        assert!(of(&"k".repeat(255)).is_ok());
        assert_eq!(of(&"k".repeat(256)).unwrap_err().problem(), Problem::InvalidHeader);
        assert!(of("").is_err());
        assert!(of("two words").is_err());
    }
}
