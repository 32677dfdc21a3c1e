//! Bodies: the right type, not too large, not too slow.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{self, Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::error::{ApiError, Problem};
use super::shed::Gates;
use super::state::ServiceState;

/// Whether the `Content-Type` is one of `types` and the body is not packed; parameters other than a
/// charset of UTF-8 are refused.
pub(super) fn check_type(headers: &HeaderMap, types: &[&str]) -> Result<(), ApiError> {
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        let detail = format!("send the body uncompressed, in UTF-8, as {}", types.join(" or "));
        return Err(ApiError::new(Problem::UnsupportedMediaType, detail));
    }
    check_type_alone(headers, types)
}

/// The same for a body that may be packed.
pub(super) fn check_type_alone(headers: &HeaderMap, types: &[&str]) -> Result<(), ApiError> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let named = parts.next().unwrap_or_default();
    let known = types.iter().any(|known| known.eq_ignore_ascii_case(named));
    let utf8 = parts.all(|part| part.is_empty() || is_utf8(part));
    if known && utf8 {
        return Ok(());
    }
    let detail = format!("send the body uncompressed, in UTF-8, as {}", types.join(" or "));
    Err(ApiError::new(Problem::UnsupportedMediaType, detail))
}

fn is_utf8(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        let value = value.trim().trim_matches('"');
        name.trim().eq_ignore_ascii_case("charset")
            && (value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8"))
    })
}

/// A body, and its room among those that are held.
pub(super) struct HeldBody {
    pub(super) bytes: Bytes,
    _room: Option<OwnedSemaphorePermit>,
}

/// Reads a whole body. actix itself waits for ever for the next byte of a body, so the deadline is
/// ours.
pub(super) async fn read_whole(
    payload: &mut Payload,
    headers: &HeaderMap,
    state: &ServiceState,
) -> Result<HeldBody, ApiError> {
    let limits = &state.limits;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > limits.body_bytes) {
        return Err(too_large(limits.body_bytes));
    }
    let whole = tokio::time::timeout(limits.body_timeout, collect(payload, limits.body_bytes, &state.gates));
    whole.await.map_err(|_| too_slow(limits.body_timeout))?
}

async fn collect(payload: &mut Payload, limit: usize, gates: &Gates) -> Result<HeldBody, ApiError> {
    let mut body = BytesMut::new();
    let mut room: Option<OwnedSemaphorePermit> = None;
    // Permits are whole KiB, and parts need not be.
    let mut paid = 0;
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_| ApiError::new(Problem::InvalidJson, "the body broke off"))?;
        if body.len() + part.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&part);
        if body.len() > paid {
            let more = gates.room(body.len() - paid)?;
            paid += more.num_permits() * 1024;
            match &mut room {
                Some(room) => room.merge(more),
                None => room = Some(more),
            }
        }
    }
    Ok(HeldBody { bytes: body.freeze(), _room: room })
}

fn too_large(limit: usize) -> ApiError {
    ApiError::new(Problem::BodyTooLarge, format!("the body may have at most {limit} bytes"))
}

pub(super) fn too_slow(limit: Duration) -> ApiError {
    let detail = format!("the body must arrive within {} seconds", limit.as_secs().max(1));
    ApiError::new(Problem::BodyTimeout, detail)
}

/// The key in the path. What is no key names nothing.
pub(super) fn key(request: &HttpRequest) -> Result<Uuid, ApiError> {
    request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(ApiError::not_found)
}

/// The JSON body of a request.
pub(super) async fn read<T: serde::de::DeserializeOwned>(
    request: &HttpRequest,
    state: &ServiceState,
    payload: web::Payload,
) -> Result<T, ApiError> {
    check_type(request.headers(), &["application/json"])?;
    let json = read_whole(&mut payload.into_inner(), request.headers(), state).await?;
    serde_json::from_slice(&json.bytes).map_err(|cause| {
        let place = format!("line {}, column {}", cause.line(), cause.column());
        // An object where a word of a closed set is asked for counts as broken JSON to serde, though it is none.
        if cause.is_data() || serde_json::from_slice::<serde::de::IgnoredAny>(&json.bytes).is_ok() {
            ApiError::new(
                Problem::InvalidField,
                format!("a field is missing, unknown or has no such value at {place}"),
            )
            .at("")
        } else {
            ApiError::new(Problem::InvalidJson, format!("the body is not JSON at {place}"))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn accepted(value: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(value));
        check_type(&headers, &["application/json"]).is_ok()
    }

    #[test]
    fn only_json_in_utf_8_is_json() {
        assert!(accepted("application/json"));
        assert!(accepted("Application/JSON; charset=UTF-8"));
        assert!(!accepted("application/json; charset=gb18030"));
        assert!(!accepted("text/plain"));
        assert!(!accepted(""));
    }
}
