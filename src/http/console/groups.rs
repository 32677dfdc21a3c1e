//! Flags that are worded alike: their sample, and one verdict for the rest.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use uuid::Uuid;

use super::copy::listing;
use super::page::{frame, see};
use crate::console::{ReviewGroupsPage, Section};
use crate::domain::{FlagStatus, Rule};
use crate::http::access::{Allowed, JudgeFlags};
use crate::http::error::ApiError;
use crate::http::state::ServiceState;

/// How many flags have just been judged at once.
#[derive(Deserialize)]
pub(super) struct BulkDone {
    judged: Option<usize>,
}

/// The group of which a sample is to be drawn.
#[derive(Deserialize)]
pub(super) struct GroupForm {
    rule: Rule,
    wording: String,
}

/// What the rest shall get.
#[derive(Deserialize)]
pub(super) struct RestForm {
    status: FlagStatus,
}

pub(super) async fn list(
    who: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    done: web::Query<BulkDone>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let standing = state.desk.bulk_standing(&who).await?;
    let frame = frame(&request, Some(session), Section::Review);
    let shown = ReviewGroupsPage::new(frame, standing, done.judged);
    listing(&who, (&request, StatusCode::OK), &state, &shown).await
}

pub(super) async fn draw(
    who: Allowed<JudgeFlags>,
    state: web::Data<ServiceState>,
    form: web::Form<GroupForm>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let sample = state.desk.draw_acceptance(&who, (form.rule, &form.wording)).await?;
    Ok(see(&format!("/review-groups/{sample}/next")))
}

/// Leads to the contact of the sample that is to be judged next, and after the last to the page.
pub(super) async fn next(
    who: Allowed<JudgeFlags>,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let sample = key(&id)?;
    Ok(match state.desk.next_of_acceptance(&who, sample).await? {
        Some((contact, rule)) => see(&format!("/review/{contact}?rule={rule}&group={sample}")),
        None => see("/review-groups"),
    })
}

pub(super) async fn judge(
    who: Allowed<JudgeFlags>,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<RestForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let judged = state.desk.judge_rest(&who, (key(&id)?, form.status)).await?;
    Ok(see(&format!("/review-groups?judged={judged}")))
}

fn key(text: &str) -> Result<Uuid, ApiError> {
    text.parse().map_err(|_| ApiError::not_found())
}
