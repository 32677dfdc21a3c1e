//! The page on which leads distribute the work of reviewers.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::copy::listing;
use super::form::{invalid, team};
use super::page::{frame, see};
use crate::console::{AssignmentsPage, Section, WorkNotice};
use crate::desk::{Recalled, assignments};
use crate::domain::{Channel, Rule};
use crate::http::access::{Allowed, ManageQuality};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;
use crate::store::{DistributionMethod, NewDistributionRule};

/// Teams that the form offers.
const TEAMS: u32 = 500;

/// What has just been done, and with how many contacts.
#[derive(Deserialize)]
pub(super) struct WorkDone {
    done: Option<String>,
    n: Option<u64>,
}

/// A reviewer.
#[derive(Deserialize)]
pub(super) struct AccountForm {
    account: String,
}

pub(super) async fn list(
    who: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    said: web::Query<WorkDone>,
) -> Result<HttpResponse, ApiError> {
    let contacts = said.n.unwrap_or_default();
    let notice = match said.done.as_deref() {
        Some("distributed") => Some(WorkNotice::Distributed(contacts)),
        Some("recalled") => Some(WorkNotice::Recalled(contacts)),
        Some("resumed") => Some(WorkNotice::Resumed),
        Some("added") => Some(WorkNotice::Added),
        Some("removed") => Some(WorkNotice::Removed),
        _ => None,
    };
    show(&who, (&request, StatusCode::OK), &state, notice).await
}

async fn show(
    who: &Allowed<ManageQuality>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    notice: Option<WorkNotice>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let teams = match &who.team {
        Some(own) => vec![own.clone()],
        None => state.store.teams(TEAMS).await?,
    };
    let standing = state.desk.work_standing(who).await?;
    let frame = frame(request, Some(session), Section::Assignments);
    listing(who, (request, status), state, &AssignmentsPage::new(frame, standing, teams, notice)).await
}

pub(super) async fn distribute(
    who: Allowed<ManageQuality>,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let given = assignments::distribute(&state.store, &who, state.review_terms).await?;
    Ok(see(&format!("/assignments?done=distributed&n={given}")))
}

pub(super) async fn recall(
    who: Allowed<ManageQuality>,
    state: web::Data<ServiceState>,
    form: web::Form<AccountForm>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let recalled = state.desk.recall_work(&who, Recalled::Account(form.into_inner().account)).await?;
    Ok(see(&format!("/assignments?done=recalled&n={recalled}")))
}

pub(super) async fn resume(
    who: Allowed<ManageQuality>,
    state: web::Data<ServiceState>,
    form: web::Form<AccountForm>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    state.desk.resume_reviewer(&who, &form.account).await?;
    Ok(see("/assignments?done=resumed"))
}

pub(super) async fn add(
    who: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<HashMap<String, String>>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    match store(&who, &state, &form).await {
        Ok(()) => Ok(see("/assignments?done=added")),
        Err(refusal) if matches!(refusal.problem(), Problem::InvalidField | Problem::OtherTeam) => {
            let other_team = refusal.problem() == Problem::OtherTeam;
            let notice = if other_team { WorkNotice::OtherTeam } else { WorkNotice::Refused };
            show(&who, (&request, refusal.problem().status()), &state, Some(notice)).await
        }
        Err(refusal) => Err(refusal),
    }
}

async fn store(
    who: &Allowed<ManageQuality>,
    state: &ServiceState,
    form: &HashMap<String, String>,
) -> Result<(), ApiError> {
    let field = |name: &str| form.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let rule =
        field("rule").map(|name| Rule::from_name(name).ok_or_else(|| invalid("/rule", "no such rule")));
    let channel = field("channel")
        .map(|name| Channel::from_name(name).ok_or_else(|| invalid("/channel", "no such channel")));
    let method = field("method").and_then(DistributionMethod::from_name);
    let new = NewDistributionRule {
        team: team(field("team").unwrap_or_default())?,
        rule: rule.transpose()?,
        channel: channel.transpose()?,
        reviewers: form.keys().filter_map(|name| name.strip_prefix("to:")).map(str::to_owned).collect(),
        method: method.ok_or_else(|| invalid("/method", "load or turn"))?,
    };
    state.desk.add_distribution_rule(who, new).await?;
    Ok(())
}

pub(super) async fn remove(
    who: Allowed<ManageQuality>,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    state.desk.drop_distribution_rule(&who, id).await?;
    Ok(see("/assignments?done=removed"))
}
