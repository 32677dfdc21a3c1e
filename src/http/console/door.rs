//! Coming in and going out.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::page::{frame, language, page, see};
use crate::console::{LoginPage, Notice, Section, SetupPage, Spoken, fill};
use crate::http::access::{
    Allowed, FirstAccount, LoggedIn, LoginFrom, Public, UseConsole, log_in, log_out, redeem_setup,
    same_origin,
};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;
use crate::secrets::MIN_PASSWORD_CHARS;

/// Name and password.
#[derive(Deserialize)]
pub(super) struct Credentials {
    name: String,
    password: String,
    /// The page that was asked for before the log-in.
    next: Option<String>,
}

/// The page that was asked for, in the address of the log-in page.
#[derive(Deserialize)]
pub(super) struct Came {
    next: Option<String>,
}

pub(super) async fn login(
    _: Public,
    request: HttpRequest,
    came: web::Query<Came>,
) -> Result<HttpResponse, ApiError> {
    let next = came.into_inner().next.filter(|next| is_own_page(next));
    login_page(&request, StatusCode::OK, None, (String::new(), next))
}

pub(super) async fn login_send(
    _: Public,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<Credentials>,
) -> Result<HttpResponse, ApiError> {
    same_origin(&request)?;
    let Credentials { name, password, next } = form.into_inner();
    let next = next.filter(|next| is_own_page(next));
    match log_in(&state, &name, &password, LoginFrom::of(&request, &state)).await {
        Ok(session) => welcome(&session, next.as_deref().unwrap_or("/")),
        Err(refusal) => refused(&request, &refusal, (name, next)),
    }
}

/// Longest address of a page to come back to, in bytes.
const MAX_NEXT: usize = 2_000;

/// Whether an address is a page of this service. Anything else would make the log-in page a signpost to strangers:
/// browsers read `//host` and `/\host` as another host.
fn is_own_page(next: &str) -> bool {
    let mut bytes = next.bytes();
    next.len() <= MAX_NEXT
        && bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// Sends whoever has logged in to the page that was asked for.
fn welcome(session: &LoggedIn, next: &str) -> Result<HttpResponse, ApiError> {
    let mut answer = see(next);
    for cookie in [&session.cookie, &session.mark] {
        answer.add_cookie(cookie).map_err(|_| ApiError::internal())?;
    }
    Ok(answer)
}

/// The name that was tried, and the page that was asked for.
type Tried = (String, Option<String>);

fn refused(request: &HttpRequest, refusal: &ApiError, tried: Tried) -> Result<HttpResponse, ApiError> {
    let texts = language(request).texts();
    let text = match (refusal.problem(), refusal.retry_after_seconds()) {
        (Problem::LoginFailed, _) => texts.login_failed.to_owned(),
        (Problem::TooManyRequests, Some(seconds)) => fill(texts.login_wait, seconds),
        _ => return Err(refusal.clone()),
    };
    let mut answer = login_page(request, refusal.problem().status(), Some(text), tried)?;
    if let Some(seconds) = refusal.retry_after_seconds() {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(answer)
}

fn login_page(
    request: &HttpRequest,
    status: StatusCode,
    failed: Option<String>,
    (name, next): Tried,
) -> Result<HttpResponse, ApiError> {
    let frame = frame(request, None, Section::Outside);
    page(request, status, &LoginPage { frame, notice: failed.map(bad), name, next })
}

pub(super) async fn setup(
    _: Public,
    request: HttpRequest,
    token: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    setup_page(&request, StatusCode::OK, None, token.into_inner())
}

pub(super) async fn setup_send(
    _: Public,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    token: web::Path<String>,
    form: web::Form<Credentials>,
) -> Result<HttpResponse, ApiError> {
    same_origin(&request)?;
    let (token, Credentials { name, password, .. }) = (token.into_inner(), form.into_inner());
    let account = FirstAccount { token: &token, name: &name, password: &password };
    match redeem_setup(&state, account, LoginFrom::of(&request, &state)).await {
        Ok(session) => welcome(&session, "/"),
        Err(refusal) => {
            let texts = language(&request).texts();
            let text = match refusal.problem() {
                Problem::SetupRefused => texts.setup_gone.to_owned(),
                Problem::WeakPassword => texts.bad_password.to_owned(),
                Problem::InvalidField => texts.bad_name.to_owned(),
                Problem::TooManyRequests => {
                    fill(texts.login_wait, refusal.retry_after_seconds().unwrap_or(1))
                }
                _ => return Err(refusal),
            };
            setup_page(&request, refusal.problem().status(), Some(text), token)
        }
    }
}

fn setup_page(
    request: &HttpRequest,
    status: StatusCode,
    failed: Option<String>,
    token: String,
) -> Result<HttpResponse, ApiError> {
    let frame = frame(request, None, Section::Outside);
    page(request, status, &SetupPage { frame, notice: failed.map(bad), token, least: MIN_PASSWORD_CHARS })
}

pub(super) async fn logout(
    who: Allowed<UseConsole>,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let forget = log_out(&state, who.console()?, &who.actor).await?;
    let mut answer = see("/login");
    answer.add_cookie(&forget).map_err(|_| ApiError::internal())?;
    Ok(answer)
}

fn bad(text: String) -> Notice {
    Notice { good: false, text }
}

#[cfg(test)]
mod tests {
    use super::is_own_page;

    #[test]
    fn only_pages_of_this_service_are_come_back_to() {
        for own in
            ["/", "/review/0190b3c2-0000-7000-8000-000000000000", "/contacts?q=%E5%AE%BD%E5%B8%A6&sort=new"]
        {
            assert!(is_own_page(own), "{own}");
        }
        for other in [
            "",
            "review",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/a b",
            "/\tx",
            "/a\\b",
        ] {
            assert!(!is_own_page(other), "{other}");
        }
    }
}
