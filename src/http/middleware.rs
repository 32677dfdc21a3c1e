//! What happens to every request: a name in the log, a place in the queue, headers, a measurement.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError, web};
use tracing::Instrument;

use super::access;
use super::console;
use super::error::{ApiError, Problem};
use super::state::ServiceState;
use crate::events::Event;
use crate::store::{Party, on_behalf_of, one_request};
use crate::telemetry;

/// Longest request id that is taken over from a client.
const MAX_REQUEST_ID: usize = 64;

const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

/// The outermost layer around every handler.
pub(super) async fn watch(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let start = Instant::now();
    let Some(state) = request.app_data::<web::Data<ServiceState>>().cloned() else {
        return Err(ApiError::internal().into());
    };
    let id = request_id(request.headers());
    let method = method_name(request.method());
    // The route is known only afterwards. Neither path nor query string: both may hold what people
    // typed.
    let span = tracing::info_span!(
        "request",
        %id,
        method,
        route = tracing::field::Empty,
        status = tracing::field::Empty
    );
    let parent = request.headers().get("traceparent").and_then(|parent| parent.to_str().ok());
    telemetry::follow(&span, parent);
    let answered = one_request(answer(request, next, &state, &id));
    let mut response = answered.instrument(span.clone()).await?;
    let route = state.route_name(response.request().match_pattern().as_deref(), method);
    span.record("route", route.0);
    let status = response.status().as_u16();
    span.record("status", status);
    finish(response.headers_mut(), &state, &id);
    let seconds = start.elapsed().as_secs_f64();
    state.observer.note(Event::Answered { route, method, status, seconds });
    span.in_scope(|| tracing::debug!(status, seconds, "answered"));
    Ok(response)
}

/// Turns every failure into its response. Until the gate knows the caller, the database is used on
/// the account of the address that asks.
async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    state: &ServiceState,
    id: &str,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let address = access::peer(request.request(), state).to_string();
    let response = on_behalf_of(Party::caller(&address), next.call(request)).await?;
    // Last, for a refusal is written anew.
    Ok(access::tell_quota(present(response.map_into_boxed_body(), state, id)))
}

/// Gives a refusal the form that its reader understands: problem details, or for a person a page.
fn present(response: ServiceResponse<BoxBody>, state: &ServiceState, id: &str) -> ServiceResponse<BoxBody> {
    let Some(refusal) = refusal_of(&response) else { return response };
    if matches!(refusal.problem(), Problem::Overloaded | Problem::AnalysisBusy | Problem::TooManyRequests) {
        state.observer.note(Event::Shed);
    }
    let request = response.request();
    let answer = match (wants_page(request.path(), request.headers()), refusal.problem()) {
        (true, Problem::Unauthenticated) => {
            HttpResponse::SeeOther().insert_header((header::LOCATION, login(request))).finish()
        }
        (true, _) => console::error_page(request, &refusal, id),
        (false, _) => ResponseError::error_response(&refusal),
    };
    response.into_response(answer)
}

/// The log-in page, which leads back to what was asked for. The answer to a form is no page to come back to.
fn login(request: &HttpRequest) -> String {
    let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
    if asked == "/" || !request.method().is_safe() {
        return "/login".to_owned();
    }
    let next = form_urlencoded::Serializer::new(String::new()).append_pair("next", asked).finish();
    format!("/login?{next}")
}

/// The refusal behind a response, if it is one. What actix refuses by itself (a form it cannot
/// read, a body that breaks off) gets the kind that fits its status and a text that repeats
/// nothing.
fn refusal_of(response: &ServiceResponse<BoxBody>) -> Option<ApiError> {
    let error = response.response().error()?;
    if let Some(ours) = error.as_error::<ApiError>() {
        return Some(ours.clone());
    }
    let (problem, detail) = match response.status() {
        StatusCode::NOT_FOUND => return Some(ApiError::not_found()),
        StatusCode::PAYLOAD_TOO_LARGE => {
            (Problem::BodyTooLarge, "the body is larger than this route accepts")
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            (Problem::UnsupportedMediaType, "the Content-Type is not the one that this route reads")
        }
        status if status.is_client_error() => (Problem::InvalidField, "the request cannot be read"),
        _ => return Some(ApiError::internal()),
    };
    Some(ApiError::new(problem, detail))
}

/// A person in a browser, and not below `/api/`, where only programs go.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    !path.starts_with("/api/") && accepts.contains("text/html")
}

fn finish(headers: &mut HeaderMap, state: &ServiceState, id: &str) {
    for (name, value) in HEADERS {
        // A route may be stricter or, for the API's documentation, looser than the rest.
        if !headers.contains_key(name) {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
    if state.exposure.secure_cookies {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// Most digits of an id that is no UUID: a telephone number has eleven.
const MAX_DIGITS: usize = 6;

/// The id that the client or a proxy gave, if it is harmless in a log, or a fresh one: a UUID with
/// or without dashes, or a short word with too few digits for anybody's number.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|id| id.to_str().ok());
    let harmless = |id: &&str| {
        (1..=MAX_REQUEST_ID).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
            && (uuid::Uuid::try_parse(id).is_ok()
                || id.bytes().filter(u8::is_ascii_digit).count() <= MAX_DIGITS)
    };
    given.filter(harmless).map_or_else(|| uuid::Uuid::now_v7().to_string(), str::to_owned)
}

/// A closed set, so that made-up methods cannot create time series.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
