//! How well rules do, and switching them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::copy::listing;
use super::form::{Done, day};
use super::page::{frame, language, see};
use crate::console::{Notice, RulesPage, Section};
use crate::desk::RuleAsked;
use crate::domain::{Rule, RuleState};
use crate::http::access::{Allowed, ManageQuality, ReadQuality};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;

/// A rule to be switched.
#[derive(Deserialize)]
pub(super) struct SwitchForm {
    rule: Rule,
    state: RuleState,
    since: String,
    note: String,
}

/// What has just been done.
#[derive(Deserialize)]
pub(super) struct RuleDone {
    done: Option<String>,
}

pub(super) async fn list(
    who: Allowed<ReadQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    said: web::Query<RuleDone>,
) -> Result<HttpResponse, ApiError> {
    let switched = said.done.as_deref() == Some("switched");
    let notice = switched.then(|| RulesPage::switched(language(&request)));
    show(&who, (&request, StatusCode::OK), &state, notice).await
}

async fn show<P>(
    who: &Allowed<P>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    notice: Option<Notice>,
) -> Result<HttpResponse, ApiError> {
    let frame = frame(request, Some(who.console()?), Section::Rules);
    let shown = RulesPage::new(frame, &state.desk.rule_health().await?, notice);
    listing(who, (request, status), state, &shown).await
}

pub(super) async fn switch(
    who: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<SwitchForm>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    match store(&who, &state, &form).await {
        Ok(()) => Ok(see(&Done::plain("/rules", "switched"))),
        Err(refusal) if matches!(refusal.problem(), Problem::InvalidField | Problem::Forbidden) => {
            let other_team = refusal.problem() == Problem::Forbidden;
            let notice = RulesPage::not_switched(language(&request), other_team);
            show(&who, (&request, refusal.problem().status()), &state, Some(notice)).await
        }
        Err(refusal) => Err(refusal),
    }
}

async fn store(
    who: &Allowed<ManageQuality>,
    state: &ServiceState,
    form: &SwitchForm,
) -> Result<(), ApiError> {
    let SwitchForm { rule, state: wanted, since, note } = form;
    let asked = RuleAsked { rule: *rule, state: *wanted, since: day(since)?, note: note.clone() };
    state.desk.switch_rule(who, asked).await?;
    Ok(())
}
