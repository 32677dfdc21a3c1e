//! Whether a change asked for by a browser comes from our own pages.
//!
//! Three walls: the cookie is `SameSite=Strict`, the browser says where the request comes from, and
//! the form repeats a secret that other sites cannot read.

use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{HttpMessage, HttpRequest};
use futures_util::StreamExt;

use crate::http::body::too_slow;
use crate::http::error::{ApiError, Problem};
use crate::secrets;

/// Field in which every form repeats the session's secret.
pub const CSRF_FIELD: &str = "csrf";

/// Header in which a script may send the session's secret instead.
pub const CSRF_HEADER: &str = "X-CSRF-Token";

/// Largest form of a page in bytes. The longest field, a remark, is far below.
const MAX_FORM_BYTES: usize = 64 * 1024;

/// The secret that came in the body's field, put into the request's extensions.
struct CsrfField(String);

/// Refuses a request that another site may have caused: `Sec-Fetch-Site` must be `same-origin`, and
/// in browsers without it `Origin` must name this host.
///
/// # Errors
/// [`Problem::ForeignRequest`].
pub fn same_origin(request: &HttpRequest) -> Result<(), ApiError> {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let fits = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            // What a client may say of a proxy's host (`Forwarded`, `X-Forwarded-Host`) is not
            // asked.
            host.is_some() && host == text("host")
        }
        (None, None) => false,
    };
    if fits { Ok(()) } else { Err(foreign("the browser says that another site sent this")) }
}

/// What a console session needs to change something.
pub(super) fn check_change(request: &HttpRequest, csrf: &str) -> Result<(), ApiError> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(());
    }
    same_origin(request)?;
    let header = request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let given = header.or_else(|| request.extensions().get::<CsrfField>().map(|field| field.0.clone()));
    if given.is_some_and(|given| secrets::same(&given, csrf)) {
        Ok(())
    } else {
        Err(foreign("the form is from an earlier session: open the page again"))
    }
}

/// Whether the request carries a form of a page.
pub(super) fn is_form(request: &ServiceRequest) -> bool {
    request.method() == Method::POST
        && !request.path().starts_with("/api/")
        && request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Reads the secret out of a form's body and puts the body back for the handler. actix asks all
/// extractors of a handler at once, so an extractor could not do it.
pub(super) async fn remember_csrf_field(
    request: &mut ServiceRequest,
    patience: Duration,
) -> Result<(), ApiError> {
    if !is_form(request) {
        return Ok(());
    }
    // A form that never ends must not hold its place for ever.
    let body =
        tokio::time::timeout(patience, whole_body(request)).await.map_err(|_| too_slow(patience))??;
    if let Some(secret) = field(&body) {
        request.extensions_mut().insert(CsrfField(secret));
    }
    let again = futures_util::stream::once(std::future::ready(Ok(body)));
    request.set_payload(actix_web::dev::Payload::Stream { payload: Box::pin(again) });
    Ok(())
}

async fn whole_body(request: &mut ServiceRequest) -> Result<Bytes, ApiError> {
    let mut payload = request.take_payload();
    let mut body = BytesMut::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_| ApiError::new(Problem::InvalidField, "the form broke off"))?;
        if body.len() + part.len() > MAX_FORM_BYTES {
            let detail = format!("a form may have at most {MAX_FORM_BYTES} bytes");
            return Err(ApiError::new(Problem::BodyTooLarge, detail));
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}

/// The secret is hexadecimal, so that it needs no decoding.
fn field(body: &[u8]) -> Option<String> {
    let pairs = std::str::from_utf8(body).ok()?.split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == CSRF_FIELD)
        .map(|(_, v)| v.to_owned())
}

fn foreign(detail: &str) -> ApiError {
    ApiError::new(Problem::ForeignRequest, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn allowed(headers: &[(&'static str, &'static str)]) -> bool {
        let request = TestRequest::post().insert_header(("host", "tingxin.example:8443"));
        let request = headers.iter().fold(request, |request, header| request.insert_header(*header));
        same_origin(&request.to_http_request()).is_ok()
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[("origin", "https://tingxin.example:8443")]));
        assert!(!allowed(&[("sec-fetch-site", "same-site"), ("origin", "https://tingxin.example:8443")]));
        assert!(!allowed(&[("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&[("origin", "https://evil.example")]));
        assert!(!allowed(&[("origin", "null")]));
        assert!(!allowed(&[]));
    }

    #[test]
    fn the_secret_is_found_wherever_it_stands_in_the_form() {
        assert_eq!(field(b"name=li&csrf=ab12&x=1").as_deref(), Some("ab12"));
        assert_eq!(field(b"xcsrf=ab12"), None);
        assert_eq!(field(&[0xff]), None);
    }
}
