//! The own password.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::form::Done;
use super::page::{frame, language, page, see};
use crate::console::{Notice, PasswordPage, Section, Spoken, fill};
use crate::desk::accounts;
use crate::http::access::{Allowed, LoginFrom, UseConsole, confirm_password, hash_new_password};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;
use crate::secrets::MIN_PASSWORD_CHARS;

/// The present password and the new one, twice.
#[derive(Deserialize)]
pub(super) struct PasswordForm {
    current: String,
    password: String,
    again: String,
}

pub(super) async fn form(
    who: Allowed<UseConsole>,
    request: HttpRequest,
    done: web::Query<Done>,
) -> Result<HttpResponse, ApiError> {
    let notice = done.notice(language(&request).texts(), |_| false);
    answer(&who, &request, StatusCode::OK, notice)
}

pub(super) async fn change(
    who: Allowed<UseConsole>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<PasswordForm>,
) -> Result<HttpResponse, ApiError> {
    let texts = language(&request).texts();
    if form.password != form.again {
        let notice = Notice { good: false, text: texts.password_differs.to_owned() };
        return answer(&who, &request, StatusCode::UNPROCESSABLE_ENTITY, Some(notice));
    }
    let Err(refusal) = store(&who, &request, &state, &form).await else {
        return Ok(see(&Done::plain("/password", "password")));
    };
    let text = match (refusal.problem(), refusal.retry_after_seconds()) {
        (Problem::LoginFailed, _) => texts.password_wrong.to_owned(),
        (Problem::WeakPassword, _) => texts.bad_password.to_owned(),
        (Problem::TooManyRequests, Some(seconds)) => fill(texts.login_wait, seconds),
        _ => return Err(refusal),
    };
    // 401 would send a browser to the login page, and this session goes on.
    let status = match refusal.problem() {
        Problem::LoginFailed => StatusCode::UNPROCESSABLE_ENTITY,
        other => other.status(),
    };
    answer(&who, &request, status, Some(Notice { good: false, text }))
}

async fn store(
    who: &Allowed<UseConsole>,
    request: &HttpRequest,
    state: &ServiceState,
    form: &PasswordForm,
) -> Result<(), ApiError> {
    let session = who.console()?;
    confirm_password(state, session, &form.current, &LoginFrom::of(request, state)).await?;
    let hash = hash_new_password(state, &session.user.name, &form.password).await?;
    Ok(accounts::set_own_password(&state.store, who, &hash, &session.token_sha256).await?)
}

fn answer(
    who: &Allowed<UseConsole>,
    request: &HttpRequest,
    status: StatusCode,
    notice: Option<Notice>,
) -> Result<HttpResponse, ApiError> {
    let frame = frame(request, Some(who.console()?), Section::Password);
    page(request, status, &PasswordPage { frame, notice, least: MIN_PASSWORD_CHARS })
}
