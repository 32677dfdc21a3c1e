//! Keys of programs.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::accounts::{Done, invalid, refused, team};
use super::{frame, language, page, see};
use crate::console::{KeysPage, Section};
use crate::domain::{Role, UtcMillis};
use crate::http::access::{Allowed, ManageKeys};
use crate::http::error::ApiError;
use crate::http::reading::audited;
use crate::http::state::ServiceState;
use crate::secrets;
use crate::store::{ApiKey, NewApiKey};

const DAY_MILLIS: i64 = 86_400_000;

/// Longest life of a key in days, if it ends at all.
const MAX_DAYS: i64 = 3_650;

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
pub(super) struct Named {
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
    page(&request, StatusCode::OK, &KeysPage { frame, notice, secret: None, keys, now: UtcMillis::now() })
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
    let (status, notice, secret) = match store(&state, &form, now).await {
        Ok(secret) => {
            audited(&state, &who.actor, "key.create", name.clone(), true).await?;
            (StatusCode::OK, None, Some(secret))
        }
        Err(refusal) => {
            let notice = refused(&refusal, &name, language(&request).texts())?;
            (refusal.problem().status(), Some(notice), None)
        }
    };
    let keys = state.store.api_keys().await?;
    let frame = frame(&request, Some(session), Section::Keys);
    page(&request, status, &KeysPage { frame, notice, secret, keys, now })
}

async fn store(state: &ServiceState, form: &NewKey, now: UtcMillis) -> Result<String, ApiError> {
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(invalid("/name", "the purpose must have 1 to 64 characters"));
    }
    let role = Role::from_name(&form.role).filter(|role| matches!(role, Role::Integrator | Role::Monitor));
    let role = role.ok_or_else(|| invalid("/role", "keys are for integrators and monitors"))?;
    let days = Some(form.days.trim()).filter(|text| !text.is_empty()).map(str::parse::<i64>).transpose();
    let days = days.ok().filter(|days| days.is_none_or(|days| (1..=MAX_DAYS).contains(&days)));
    let days =
        days.ok_or_else(|| invalid("/days", "the days must be a whole number from 1 to 3650, or empty"))?;
    let secret = secrets::new_api_key().map_err(|failure| {
        tracing::error!(%failure, "no key can be made");
        ApiError::internal()
    })?;
    let key = ApiKey {
        name: name.to_owned(),
        prefix: secrets::api_key_label(&secret),
        role,
        team: team(&form.team)?,
        created_at: now,
        expires_at: days.map(|days| now.plus_millis(days * DAY_MILLIS)),
        revoked_at: None,
    };
    let secret_sha256 = secrets::digest(secret.as_bytes());
    state.store.create_api_key(&NewApiKey { key, secret_sha256 }).await?;
    Ok(secret)
}

pub(super) async fn revoke(
    who: Allowed<ManageKeys>,
    state: web::Data<ServiceState>,
    form: web::Form<Named>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    if !state.store.revoke_api_key(&form.name, UtcMillis::now()).await? {
        return Err(ApiError::not_found());
    }
    audited(&state, &who.actor, "key.revoke", form.name.clone(), true).await?;
    Ok(see(&Done::address("/admin/keys", "revoked", &form.name)))
}
