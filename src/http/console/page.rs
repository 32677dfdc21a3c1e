//! What every page and every answer to a form has in common.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};

use crate::console::{Frame, Lang, Page, Section, Viewer};
use crate::http::access::ConsoleSession;
use crate::http::error::ApiError;

/// Remembers the language; a year, like every preference that says nothing about anybody.
const LANG_COOKIE: &str = "tingxin_lang";

/// The language asked for in the address, remembered from before, or Chinese.
pub(super) fn language(request: &HttpRequest) -> Lang {
    let remembered = || request.cookie(LANG_COOKIE).and_then(|cookie| Lang::from_code(cookie.value()));
    asked_language(request).or_else(remembered).unwrap_or_default()
}

fn asked_language(request: &HttpRequest) -> Option<Lang> {
    let pairs = request.query_string().split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| *name == "lang").find_map(|(_, code)| Lang::from_code(code))
}

pub(super) fn frame(request: &HttpRequest, session: Option<&ConsoleSession>, section: Section) -> Frame {
    let viewer = session.map(|session| Viewer {
        name: session.user.name.clone(),
        role: session.user.role,
        csrf: session.csrf.clone(),
    });
    // The answer to a form has no page of its own in the other language, and a set-up link works
    // once.
    let address = match (request.method().is_safe(), request.uri().path_and_query()) {
        (true, Some(address)) => address.as_str(),
        _ => request.path(),
    };
    Frame::new(language(request), viewer, section, address)
}

pub(super) fn page(
    request: &HttpRequest,
    status: StatusCode,
    page: &impl Page,
) -> Result<HttpResponse, ApiError> {
    let html = page.render().map_err(|failure| {
        tracing::error!(%failure, "a page could not be rendered");
        ApiError::internal()
    })?;
    let mut response = HttpResponse::build(status);
    if let Some(lang) = asked_language(request) {
        let cookie = Cookie::build(LANG_COOKIE, lang.code())
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(Duration::days(365));
        response.cookie(cookie.finish());
    }
    Ok(response.content_type("text/html; charset=utf-8").body(html))
}

/// Sends the browser on, so that reloading the next page does not send a form again.
pub(super) fn see(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}
