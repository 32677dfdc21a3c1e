//! To whom events and alerts are sent, and the bell.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::copy::listing;
use super::form::{Done, invalid, team};
use super::page::{frame, language, see};
use crate::console::{BellPage, HooksPage, Notice, Section, SpokenOfHooks};
use crate::desk::hooks;
use crate::domain::{HookForm, HookScope, Permission, UtcMillis};
use crate::http::access::{Allowed, ManageHooks, UseConsole};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;
use crate::store::NewHook;

const ADDRESS: &str = "/admin/hooks";

/// A new receiver. No `Debug`: it holds a secret.
#[derive(Deserialize)]
pub(super) struct HookTyped {
    name: String,
    form: String,
    scope: String,
    url: String,
    secret: String,
    team: String,
}

/// A receiver by its name.
#[derive(Deserialize)]
pub(super) struct HookNamed {
    name: String,
}

/// A receiver that is to be muted.
#[derive(Deserialize)]
pub(super) struct HookMuted {
    name: String,
    hours: u32,
}

pub(super) async fn list(
    who: Allowed<ManageHooks>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    done: web::Query<Done>,
) -> Result<HttpResponse, ApiError> {
    let w = language(&request).hooks();
    let said = [
        ("hook_added", w.done_added),
        ("hook_removed", w.done_removed),
        ("hook_muted", w.done_muted),
        ("hook_unmuted", w.done_unmuted),
    ];
    let said = said.into_iter().find(|(name, _)| done.is(name));
    let notice = said.map(|(_, text)| Notice { good: true, text: text.to_owned() });
    show(&who, &request, &state, (StatusCode::OK, notice)).await
}

async fn show(
    who: &Allowed<ManageHooks>,
    request: &HttpRequest,
    state: &ServiceState,
    (status, notice): (StatusCode, Option<Notice>),
) -> Result<HttpResponse, ApiError> {
    let hooks = state.store.hooks().await?;
    let frame = frame(request, Some(who.console()?), Section::Hooks);
    let shown = HooksPage { frame, notice, hooks, now: UtcMillis::now() };
    listing(who, (request, status), state, &shown).await
}

fn typed(form: &HookTyped) -> Result<NewHook, ApiError> {
    let unknown = |pointer| move || invalid(pointer, "this is no choice of the list");
    Ok(NewHook {
        name: form.name.clone(),
        form: HookForm::from_name(&form.form).ok_or_else(unknown("/form"))?,
        scope: HookScope::from_name(&form.scope).ok_or_else(unknown("/scope"))?,
        url: form.url.trim().to_owned(),
        secret: form.secret.trim().to_owned(),
        team: team(&form.team)?,
    })
}

pub(super) async fn add(
    who: Allowed<ManageHooks>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<HookTyped>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let added = async {
        let hook = typed(&form)?;
        Ok::<_, ApiError>(hooks::add(&state.store, &who, &hook).await?)
    };
    match added.await {
        Ok(()) => Ok(see(&Done::plain(ADDRESS, "hook_added"))),
        Err(refusal) if refusal.problem() == Problem::InvalidField => {
            let text = language(&request).hooks().bad.to_owned();
            show(&who, &request, &state, (refusal.problem().status(), Some(Notice { good: false, text })))
                .await
        }
        Err(other) => Err(other),
    }
}

pub(super) async fn remove(
    who: Allowed<ManageHooks>,
    state: web::Data<ServiceState>,
    form: web::Form<HookNamed>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    hooks::remove(&state.store, &who, &form.name).await?;
    Ok(see(&Done::plain(ADDRESS, "hook_removed")))
}

pub(super) async fn mute(
    who: Allowed<ManageHooks>,
    state: web::Data<ServiceState>,
    form: web::Form<HookMuted>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    hooks::mute(&state.store, &who, &form.name, form.hours).await?;
    Ok(see(&Done::plain(ADDRESS, if form.hours > 0 { "hook_muted" } else { "hook_unmuted" })))
}

/// What the bell says, for the sign on every page.
#[derive(Serialize)]
struct BellCount {
    new: usize,
}

pub(super) async fn bell(
    who: Allowed<UseConsole>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let bell = state.desk.bell(&who).await?;
    let own = if session.user.role.allows(Permission::StaffOwn) { "/me/contacts" } else { "/review" };
    state.desk.write_down(&who, "bell.read", "bell", true).await?;
    let shown = BellPage::new(frame(&request, Some(session), Section::Bell), (&bell.news, bell.head), own);
    listing(&who, (&request, StatusCode::OK), &state, &shown).await
}

/// Up to where the bell was read.
#[derive(Deserialize)]
pub(super) struct BellRead {
    head: i64,
}

pub(super) async fn bell_read(
    who: Allowed<UseConsole>,
    state: web::Data<ServiceState>,
    form: web::Form<BellRead>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    state.desk.bell_read(&who, form.head).await?;
    Ok(see("/bell"))
}

pub(super) async fn count(
    who: Allowed<UseConsole>,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let new = state.desk.bell(&who).await?.news.iter().filter(|(_, new)| *new).count();
    Ok(HttpResponse::Ok().json(BellCount { new }))
}
