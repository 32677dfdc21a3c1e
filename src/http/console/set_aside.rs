//! Contacts that were set aside after repeated failures.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::copy::listing;
use super::form::Done;
use super::page::{frame, language, see};
use crate::console::{Notice, Section, SetAsidePage, Spoken};
use crate::desk::{DeskError, queue};
use crate::domain::ContactRef;
use crate::http::access::{Allowed, ManageQueue};
use crate::http::body;
use crate::http::error::ApiError;
use crate::http::state::ServiceState;

const ADDRESS: &str = "/admin/queue";

pub(super) async fn list(
    who: Allowed<ManageQueue>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    done: web::Query<Done>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let notice = done.notice(language(&request).texts(), |_| false);
    show(&who, &request, &state, (StatusCode::OK, notice)).await
}

async fn show(
    who: &Allowed<ManageQueue>,
    request: &HttpRequest,
    state: &ServiceState,
    (status, notice): (StatusCode, Option<Notice>),
) -> Result<HttpResponse, ApiError> {
    let contacts = queue::set_aside(&state.store).await?;
    let frame = frame(request, Some(who.console()?), Section::SetAside);
    listing(who, (request, status), state, &SetAsidePage { frame, notice, contacts }).await
}

pub(super) async fn retry_all(
    who: Allowed<ManageQueue>,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    queue::retry_all(&state.store, &who).await?;
    state.wake.notify_one();
    Ok(see(&Done::plain(ADDRESS, "retried_all")))
}

pub(super) async fn retry(
    who: Allowed<ManageQueue>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let done = queue::retry(&state.store, &who, ContactRef(body::key(&request)?)).await;
    state.wake.notify_one();
    answer(&who, &request, &state, (done, "retried")).await
}

pub(super) async fn give_up(
    who: Allowed<ManageQueue>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let done = queue::give_up(&state.store, &who, ContactRef(body::key(&request)?)).await;
    answer(&who, &request, &state, (done, "given_up")).await
}

/// Somebody else may have been quicker; the list then shows what is left.
async fn answer(
    who: &Allowed<ManageQueue>,
    request: &HttpRequest,
    state: &ServiceState,
    (done, said): (Result<(), DeskError>, &str),
) -> Result<HttpResponse, ApiError> {
    match done {
        Ok(()) => Ok(see(&Done::plain(ADDRESS, said))),
        Err(DeskError::NotFound) => {
            let text = language(request).texts().bad_not_aside.to_owned();
            show(who, request, state, (StatusCode::NOT_FOUND, Some(Notice { good: false, text }))).await
        }
        Err(other) => Err(other.into()),
    }
}
