//! The threshold of a rule: what is proposed, trying one on the archive, setting it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::form::{day, invalid};
use super::page::{frame, page, see};
use crate::console::{Section, ThresholdNotice, ThresholdPage};
use crate::desk::{ThresholdAsked, thresholds::BOUNDS};
use crate::domain::Rule;
use crate::http::access::{Allowed, ManageQuality, ReadQuality};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;

/// A threshold to be tried, and what has just been done.
#[derive(Deserialize)]
pub(super) struct TriedThreshold {
    threshold: Option<String>,
    done: Option<String>,
}

/// A threshold to be set.
#[derive(Deserialize)]
pub(super) struct ThresholdForm {
    threshold: String,
    since: String,
    note: String,
}

pub(super) async fn one(
    who: Allowed<ReadQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (rule, tried): (web::Path<String>, web::Query<TriedThreshold>),
) -> Result<HttpResponse, ApiError> {
    let rule = named(&rule)?;
    let changed = tried.done.as_deref() == Some("changed");
    let notice = changed.then_some(ThresholdNotice::Changed);
    match tried.threshold.as_deref().map(threshold).transpose() {
        Ok(wanted) => {
            let shown = ShownThreshold { rule, wanted, notice };
            show(&who, (&request, StatusCode::OK), &state, shown).await
        }
        Err(refusal) => {
            let shown = ShownThreshold { rule, wanted: None, notice: Some(ThresholdNotice::Refused) };
            show(&who, (&request, refusal.problem().status()), &state, shown).await
        }
    }
}

/// What the page is about.
struct ShownThreshold {
    rule: Rule,
    /// To be replayed.
    wanted: Option<f64>,
    notice: Option<ThresholdNotice>,
}

async fn show<P>(
    who: &Allowed<P>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    shown: ShownThreshold,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let ShownThreshold { rule, wanted, notice } = shown;
    let standing = state.desk.threshold_standing(rule).await?;
    let replay = match wanted {
        Some(threshold) => Some((threshold, state.desk.replay_threshold(rule, threshold).await?)),
        None => None,
    };
    let frame = frame(request, Some(session), Section::Rules);
    page(request, status, &ThresholdPage::new(frame, &standing, replay, notice))
}

pub(super) async fn set(
    who: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (rule, form): (web::Path<String>, web::Form<ThresholdForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let rule = named(&rule)?;
    match store(&who, &state, rule, &form).await {
        Ok(()) => Ok(see(&format!("/rules/{rule}/threshold?done=changed"))),
        Err(refusal) if matches!(refusal.problem(), Problem::InvalidField | Problem::Forbidden) => {
            let limited = refusal.problem() == Problem::Forbidden;
            let notice = if limited { ThresholdNotice::OtherTeam } else { ThresholdNotice::Refused };
            let shown = ShownThreshold { rule, wanted: None, notice: Some(notice) };
            show(&who, (&request, refusal.problem().status()), &state, shown).await
        }
        Err(refusal) => Err(refusal),
    }
}

async fn store(
    who: &Allowed<ManageQuality>,
    state: &ServiceState,
    rule: Rule,
    form: &ThresholdForm,
) -> Result<(), ApiError> {
    let asked = ThresholdAsked {
        rule,
        threshold: threshold(&form.threshold)?,
        since: day(&form.since)?,
        note: form.note.clone(),
    };
    Ok(state.desk.change_threshold(who, asked).await?)
}

fn named(rule: &str) -> Result<Rule, ApiError> {
    Rule::from_name(rule).ok_or_else(ApiError::not_found)
}

fn threshold(text: &str) -> Result<f64, ApiError> {
    let number: f64 = text.trim().parse().map_err(|_| invalid("/threshold", "a number"))?;
    if BOUNDS.contains(&number) {
        Ok(number)
    } else {
        Err(invalid("/threshold", "a number within the bounds"))
    }
}
