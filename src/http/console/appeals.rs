//! Appeals: the own contacts of staff, and the list for leads and second reviewers.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use uuid::Uuid;

use super::copy::{listing, part};
use super::page::{frame, language, see};
use crate::console::{
    AppealNotice, AppealsInput, AppealsPage, Notice, OwnContactInput, OwnContactPage, Section,
};
use crate::desk::{AppealMove, AppealTurn, turn};
use crate::domain::{AppealState, ContactRef, FlagId, UtcMillis};
use crate::http::access::{Allowed, ReadAppeals, ReadOwn};
use crate::http::error::{ApiError, Problem};
use crate::http::query;
use crate::http::state::ServiceState;
use crate::store::{Appeal, AppealFilter};

/// Appeals on one page.
const PART: u32 = 25;

/// Which appeals, and what has just been done.
#[derive(Deserialize)]
pub(super) struct AppealPageQuery {
    state: Option<String>,
    cursor: Option<String>,
    done: Option<String>,
}

/// A step, as the buttons send it.
#[derive(Deserialize)]
pub(super) struct StepForm {
    act: String,
    note: String,
}

/// What a person says about an own flag.
#[derive(Deserialize)]
pub(super) struct OwnForm {
    flag: FlagId,
    act: String,
    note: String,
}

pub(super) async fn list(
    who: Allowed<ReadAppeals>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    asked: web::Query<AppealPageQuery>,
) -> Result<HttpResponse, ApiError> {
    let notice = done(&request, asked.done.as_deref());
    answer(&who, (&request, StatusCode::OK), &state, (&asked, notice)).await
}

async fn answer(
    who: &Allowed<ReadAppeals>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    (asked, notice): (&AppealPageQuery, Option<Notice>),
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let wanted = asked.state.as_deref().and_then(AppealState::from_name);
    let filter = AppealFilter { state: wanted, ..AppealFilter::default() };
    let after = asked.cursor.as_deref().and_then(query::decode);
    let found = state.desk.appeals(who, filter, (after.as_ref(), part(request, PART))).await?;
    state.desk.write_down(who, "appeals.list", "appeals", true).await?;
    let now = UtcMillis::now();
    let with_turn = |appeal: Appeal| {
        let turn = turn(who, &appeal, now);
        (appeal, turn)
    };
    let appeals: Vec<(Appeal, AppealTurn)> = found.items.into_iter().map(with_turn).collect();
    let next = found.next.as_ref().map(query::encode);
    let input = AppealsInput { appeals: &appeals, state: wanted, next: next.as_deref(), now };
    let shown = AppealsPage::new(frame(request, Some(session), Section::Appeals), &input, notice);
    listing(who, (request, status), state, &shown).await
}

/// Takes a step; what is refused is said above the list.
pub(super) async fn step(
    who: Allowed<ReadAppeals>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<StepForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let id: Uuid = id.parse().map_err(|_| ApiError::not_found())?;
    let StepForm { act, note } = form.into_inner();
    let wanted = match act.as_str() {
        "forward" => AppealMove::Forward(Some(note)),
        "answer" => AppealMove::Answer(note),
        "insist" => AppealMove::Insist,
        "uphold" => AppealMove::Decide { overturned: false, reason: note },
        "overturn" => AppealMove::Decide { overturned: true, reason: note },
        _ => return Err(ApiError::new(Problem::InvalidField, "there is no such step").at("/act")),
    };
    match state.desk.move_appeal(&who, (id, wanted), state.appeal_terms).await.map_err(ApiError::from) {
        Ok(_) => Ok(see("/appeals?done=moved")),
        Err(refusal) => {
            let notice = refused(&request, &refusal)?;
            let asked = AppealPageQuery { state: None, cursor: None, done: None };
            answer(&who, (&request, refusal.problem().status()), &state, (&asked, Some(notice))).await
        }
    }
}

/// An own contact with what was confirmed about it. The read is written down.
pub(super) async fn own_contact(
    who: Allowed<ReadOwn>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, asked): (web::Path<String>, web::Query<AppealPageQuery>),
) -> Result<HttpResponse, ApiError> {
    let notice = done(&request, asked.done.as_deref());
    own_answer(&who, (&request, StatusCode::OK), &state, (contact_key(&id)?, notice)).await
}

async fn own_answer(
    who: &Allowed<ReadOwn>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    (id, notice): (ContactRef, Option<Notice>),
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let found = state.desk.own_contact(who, id).await;
    state.desk.write_down(who, "contact.read_own", id.to_string(), found.is_ok()).await?;
    let (contact, now) = (found?, UtcMillis::now());
    let turns: Vec<AppealTurn> = contact.appeals.iter().map(|appeal| turn(who, appeal, now)).collect();
    let input = OwnContactInput { contact: &contact, turns: &turns, terms: state.appeal_terms, now };
    let shown = OwnContactPage::new(frame(request, Some(session), Section::Own), input, notice);
    listing(who, (request, status), state, &shown).await
}

/// Acknowledges or appeals an own flag.
pub(super) async fn own_say(
    who: Allowed<ReadOwn>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<OwnForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let id = contact_key(&id)?;
    let OwnForm { flag, act, note } = form.into_inner();
    let said = if act == "appeal" {
        let filed = state.desk.file_appeal(&who, (flag, &note), state.appeal_terms).await;
        filed.map(|_| "filed")
    } else {
        state.desk.acknowledge(&who, flag, Some(&note)).await.map(|()| "acknowledged")
    };
    match said.map_err(ApiError::from) {
        Ok(done) => Ok(see(&format!("/me/contacts/{id}?done={done}"))),
        Err(refusal) => {
            let notice = refused(&request, &refusal)?;
            own_answer(&who, (&request, refusal.problem().status()), &state, (id, Some(notice))).await
        }
    }
}

fn contact_key(id: &str) -> Result<ContactRef, ApiError> {
    id.parse().map_err(|_| ApiError::not_found())
}

fn done(request: &HttpRequest, done: Option<&str>) -> Option<Notice> {
    done.and_then(AppealNotice::of_done).map(|said| said.notice(language(request)))
}

/// The sentence for a refusal that the person can do something about.
fn refused(request: &HttpRequest, refusal: &ApiError) -> Result<Notice, ApiError> {
    let said = match refusal.problem() {
        Problem::AppealClosed => AppealNotice::Closed,
        Problem::Forbidden => AppealNotice::OwnVerdict,
        Problem::InvalidField => AppealNotice::Note,
        _ => return Err(refusal.clone()),
    };
    Ok(said.notice(language(request)))
}
