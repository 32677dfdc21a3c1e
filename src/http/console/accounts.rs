//! Accounts of people.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::copy::listing;
use super::form::{Done, invalid, refused, team};
use super::page::{frame, language, page, see};
use crate::console::{Section, Spoken, UsersPage};
use crate::desk::{Caller, accounts};
use crate::domain::Role;
use crate::http::access::{Allowed, ManageUsers, hash_new_password};
use crate::http::error::ApiError;
use crate::http::state::ServiceState;
use crate::secrets::MIN_PASSWORD_CHARS;

/// A new account.
#[derive(Deserialize)]
pub(super) struct NewUser {
    name: String,
    password: String,
    role: String,
    team: String,
}

/// A change of an account's state.
#[derive(Deserialize)]
pub(super) struct NewState {
    name: String,
    disabled: bool,
}

pub(super) async fn list(
    who: Allowed<ManageUsers>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    done: web::Query<Done>,
) -> Result<HttpResponse, ApiError> {
    let users = state.store.users().await?;
    let known = |name: &str| users.iter().any(|user| user.name == name);
    let notice = done.notice(language(&request).texts(), known);
    let frame = frame(&request, Some(who.console()?), Section::Users);
    let shown = UsersPage { frame, notice, users, least: MIN_PASSWORD_CHARS };
    listing(&who, (&request, StatusCode::OK), &state, &shown).await
}

pub(super) async fn create(
    who: Allowed<ManageUsers>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<NewUser>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let name = form.name.trim().to_owned();
    match store(&who, &state, &form).await {
        Ok(()) => Ok(see(&Done::address("/admin/users", "created", &name))),
        Err(refusal) => {
            let notice = Some(refused(&refusal, &name, language(&request).texts())?);
            let users = state.store.users().await?;
            let frame = frame(&request, Some(session), Section::Users);
            let answer = UsersPage { frame, notice, users, least: MIN_PASSWORD_CHARS };
            page(&request, refusal.problem().status(), &answer)
        }
    }
}

async fn store(who: &Caller, state: &ServiceState, form: &NewUser) -> Result<(), ApiError> {
    let name = form.name.trim();
    accounts::check_account_name(name)?;
    let role = Role::from_name(&form.role).ok_or_else(|| invalid("/role", "there is no such role"))?;
    let password_hash = hash_new_password(state, name, &form.password).await?;
    let account = accounts::NewAccount { name, role, team: team(&form.team)? };
    Ok(accounts::create_user(&state.store, who, account, &password_hash).await?)
}

pub(super) async fn change(
    who: Allowed<ManageUsers>,
    state: web::Data<ServiceState>,
    form: web::Form<NewState>,
) -> Result<HttpResponse, ApiError> {
    let NewState { name, disabled } = form.into_inner();
    who.console()?;
    accounts::disable_user(&state.store, &who, &name, disabled).await?;
    let done = if disabled { "disabled" } else { "enabled" };
    Ok(see(&Done::address("/admin/users", done, &name)))
}
