//! One account: role, team, work number, password, and its end.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::form::{Done, invalid, refused, team};
use super::page::{frame, language, page, see};
use crate::console::{Notice, Section, Spoken, UserPage};
use crate::desk::accounts::{self, AccountChange};
use crate::domain::{Role, StaffId};
use crate::http::access::{Allowed, ManageUsers, hash_new_password};
use crate::http::error::ApiError;
use crate::http::state::ServiceState;
use crate::secrets::MIN_PASSWORD_CHARS;

/// Where an account is shown.
const PAGE: &str = "/admin/user";

/// Which account.
#[derive(Deserialize)]
pub(super) struct NamedAccount {
    name: String,
}

/// A new standing.
#[derive(Deserialize)]
pub(super) struct NewStanding {
    name: String,
    role: String,
    team: String,
    staff: String,
}

/// A new password.
#[derive(Deserialize)]
pub(super) struct NewPassword {
    name: String,
    password: String,
}

/// The end of an account; `sure` comes only with its box ticked.
#[derive(Deserialize)]
pub(super) struct End {
    name: String,
    sure: Option<String>,
}

pub(super) async fn show(
    who: Allowed<ManageUsers>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    named: web::Query<NamedAccount>,
    done: web::Query<Done>,
) -> Result<HttpResponse, ApiError> {
    let notice = done.notice(language(&request).texts(), |name| name == named.name);
    answer(&who, (&request, StatusCode::OK), &state, &named.name, notice).await
}

async fn answer(
    who: &Allowed<ManageUsers>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    name: &str,
    notice: Option<Notice>,
) -> Result<HttpResponse, ApiError> {
    let user = accounts::user(&state.store, name).await?;
    let staff = state.store.staff_of(name).await?;
    let frame = frame(request, Some(who.console()?), Section::Users);
    page(request, status, &UserPage { frame, notice, user, staff, least: MIN_PASSWORD_CHARS })
}

/// The page again with the reason, or on to where it says that it is done.
async fn settled(
    who: &Allowed<ManageUsers>,
    (request, state): (&HttpRequest, &ServiceState),
    name: &str,
    done: &str,
    outcome: Result<(), ApiError>,
) -> Result<HttpResponse, ApiError> {
    match outcome {
        Ok(()) => Ok(see(&Done::address(PAGE, done, name))),
        Err(refusal) => {
            let notice = Some(refused(&refusal, name, language(request).texts())?);
            answer(who, (request, refusal.problem().status()), state, name, notice).await
        }
    }
}

pub(super) async fn change(
    who: Allowed<ManageUsers>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<NewStanding>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let outcome = match standing(&form) {
        Ok(new) => accounts::change_user(&state.store, &who, &form.name, &new).await.map_err(ApiError::from),
        Err(refusal) => Err(refusal),
    };
    settled(&who, (&request, &state), &form.name, "changed", outcome).await
}

fn standing(form: &NewStanding) -> Result<AccountChange, ApiError> {
    let role = Role::from_name(&form.role).ok_or_else(|| invalid("/role", "there is no such role"))?;
    let staff = Some(form.staff.trim()).filter(|text| !text.is_empty()).map(StaffId::new).transpose();
    let staff = staff.map_err(|refused| invalid("/staff", &format!("the work number {refused}")))?;
    Ok(AccountChange { role, team: team(&form.team)?, staff })
}

pub(super) async fn password(
    who: Allowed<ManageUsers>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<NewPassword>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let outcome = match hash_new_password(&state, &form.name, &form.password).await {
        Ok(hash) => {
            accounts::set_password(&state.store, &who, &form.name, &hash).await.map_err(ApiError::from)
        }
        Err(refusal) => Err(refusal),
    };
    settled(&who, (&request, &state), &form.name, "password_reset", outcome).await
}

pub(super) async fn delete(
    who: Allowed<ManageUsers>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<End>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    if form.sure.is_none() {
        let refusal = invalid("/sure", "tick the box that says that the account goes");
        return settled(&who, (&request, &state), &form.name, "deleted", Err(refusal)).await;
    }
    accounts::delete_user(&state.store, &who, &form.name).await?;
    Ok(see(&Done::plain("/admin/users", "deleted")))
}
