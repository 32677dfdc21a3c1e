//! Keys of programs.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::copy::listing;
use super::form::{Done, invalid, refused, team};
use super::page::{frame, language, page, see};
use crate::console::{KeysPage, Section, Spoken};
use crate::desk::{Caller, accounts};
use crate::domain::{Role, UtcMillis};
use crate::http::access::{Allowed, ManageKeys};
use crate::http::error::ApiError;
use crate::http::state::ServiceState;

/// A new key.
#[derive(Deserialize)]
pub(super) struct NewKey {
    name: String,
    role: String,
    team: String,
    days: String,
}

/// A key by its name.
#[derive(Deserialize)]
pub(super) struct NamedKey {
    name: String,
}

pub(super) async fn list(
    who: Allowed<ManageKeys>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    done: web::Query<Done>,
) -> Result<HttpResponse, ApiError> {
    let keys = state.store.api_keys().await?;
    let notice = done.notice(language(&request).texts(), |name| keys.iter().any(|key| key.name == name));
    let frame = frame(&request, Some(who.console()?), Section::Keys);
    let shown = KeysPage { frame, notice, secret: None, keys, now: UtcMillis::now() };
    listing(&who, (&request, StatusCode::OK), &state, &shown).await
}

/// The answer is the page itself and no redirect: the secret must not stand in an address.
pub(super) async fn create(
    who: Allowed<ManageKeys>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<NewKey>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let name = form.name.trim().to_owned();
    let now = UtcMillis::now();
    let (status, notice, secret) = match store(&who, &state, &form).await {
        Ok(secret) => (StatusCode::OK, None, Some(secret)),
        Err(refusal) => {
            let notice = refused(&refusal, &name, language(&request).texts())?;
            (refusal.problem().status(), Some(notice), None)
        }
    };
    let keys = state.store.api_keys().await?;
    let frame = frame(&request, Some(session), Section::Keys);
    page(&request, status, &KeysPage { frame, notice, secret, keys, now })
}

async fn store(who: &Caller, state: &ServiceState, form: &NewKey) -> Result<String, ApiError> {
    let role = Role::from_name(&form.role);
    let role =
        role.ok_or_else(|| invalid("/role", "keys are for programs: integrator, analyst or monitor"))?;
    let days = Some(form.days.trim()).filter(|text| !text.is_empty()).map(str::parse::<u16>).transpose();
    let days =
        days.map_err(|_| invalid("/days", "the days must be a whole number from 1 to 3650, or empty"))?;
    let key = accounts::NewAccount { name: form.name.trim(), role, team: team(&form.team)? };
    Ok(accounts::create_key(&state.store, who, key, days).await?)
}

pub(super) async fn revoke(
    who: Allowed<ManageKeys>,
    state: web::Data<ServiceState>,
    form: web::Form<NamedKey>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    accounts::revoke_key(&state.store, &who, &form.name).await?;
    Ok(see(&Done::address("/admin/keys", "revoked", &form.name)))
}
