//! What every page and every answer to a form has in common.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::console::{CopiedFrom, Frame, Lang, Page, Section, Viewer};
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
    let mut frame = Frame::new(language(request), viewer, section, address);
    frame.copied_from = copied_from(request);
    frame
}

/// What a copy adds to the address of its page.
const OWN: [&str; 3] = ["copy", "list", "reason"];

/// What is not part of what a page was asked for: the rest of a list, another language, what has just been done.
const PASSING: [&str; 4] = ["cursor", "lang", "done", "name"];

/// What the address asks for, name and value.
pub(super) fn asked_of(request: &HttpRequest) -> Vec<(String, String)> {
    web::Query::from_query(request.query_string()).map_or_else(|_| Vec::new(), |query| query.0)
}

/// Where copies of the lists of a page come from.
fn copied_from(request: &HttpRequest) -> Option<CopiedFrom> {
    let mut asked = asked_of(request);
    // The name of an account is asked for on its own page alone, which has no list.
    asked.retain(|(name, _)| !OWN.contains(&&**name) && !PASSING.contains(&&**name));
    request.method().is_safe().then(|| CopiedFrom { path: request.path().to_owned(), asked })
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
