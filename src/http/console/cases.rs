//! Cases: the queue, one case, the report.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use uuid::Uuid;

use super::copy::{listing, part};
use super::form::invalid;
use super::page::{frame, language, see};
use crate::console::{
    CaseNotice, CasePage, CasePageInput, CaseReportPage, CaseTab, CasesInput, CasesPage, Notice, Section,
    report_markdown,
};
use crate::desk::{CaseAsked, CaseMove, CaseWishes, case_turn};
use crate::domain::{CaseCause, CaseKind, CaseOutcome, CaseState, ContactRef, UtcMillis};
use crate::http::access::{Allowed, ReadCases, WriteCases};
use crate::http::error::{ApiError, Problem};
use crate::http::query;
use crate::http::state::ServiceState;
use crate::store::CaseFilter;

/// Cases on one page.
const PART: u32 = 25;

/// Days of a report that nobody asked otherwise for.
const USUAL_DAYS: u32 = 7;

/// Which cases, and what has just been done.
#[derive(Deserialize)]
pub(super) struct CasePageQuery {
    tab: Option<String>,
    contact: Option<String>,
    cursor: Option<String>,
}

/// What has just been done with a case.
#[derive(Deserialize)]
pub(super) struct CaseDone {
    done: Option<String>,
}

/// Which report.
#[derive(Deserialize)]
pub(super) struct ReportQuery {
    days: Option<u32>,
}

/// A case to be opened, from the page of a contact.
#[derive(Deserialize)]
pub(super) struct OpenForm {
    contact: String,
    note: String,
}

/// A step, as the buttons of the page send it.
#[derive(Deserialize)]
pub(super) struct CaseForm {
    act: String,
    note: Option<String>,
    to: Option<String>,
    department: Option<String>,
    outcome: Option<String>,
    cause: Option<String>,
    satisfaction: Option<String>,
}

pub(super) async fn list(
    who: Allowed<ReadCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    asked: web::Query<CasePageQuery>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let tab = asked.tab.as_deref().and_then(CaseTab::from_code).unwrap_or_default();
    let contact: Option<ContactRef> = asked.contact.as_deref().and_then(|contact| contact.parse().ok());
    let (filter, wishes) = wanted(tab, contact);
    let after = asked.cursor.as_deref().and_then(query::decode);
    let found = state.desk.cases(&who, (filter, wishes), (after.as_ref(), part(&request, PART))).await?;
    state.desk.write_down(&who, "cases.list", "cases", true).await?;
    let next = found.next.as_ref().map(query::encode);
    let contact = contact.map(|contact| contact.to_string());
    let input = CasesInput {
        cases: &found.items,
        backlog: &state.desk.case_backlog(&who).await?,
        tab,
        contact: contact.as_deref(),
        next: next.as_deref(),
        now: UtcMillis::now(),
    };
    let frame = frame(&request, Some(session), Section::Cases);
    let shown = CasesPage::new(frame, &input, None);
    listing(&who, (&request, StatusCode::OK), &state, &shown).await
}

/// What a tab lists; about one contact all of its cases, whatever the tab.
fn wanted(tab: CaseTab, contact: Option<ContactRef>) -> (CaseFilter, CaseWishes) {
    let (mut filter, mut wishes) = (CaseFilter { contact, ..CaseFilter::default() }, CaseWishes::default());
    match tab {
        CaseTab::Open => filter.open = contact.is_none(),
        CaseTab::Own => (filter.open, wishes.own) = (true, true),
        CaseTab::Overdue => wishes.overdue = true,
        CaseTab::Forwarded => filter.state = Some(CaseState::Forwarded),
        CaseTab::CameBack => filter.came_back = true,
        CaseTab::WinBack => wishes.win_back = true,
        CaseTab::Closed => filter.state = Some(CaseState::Closed),
    }
    (filter, wishes)
}

/// One case. The read is written down.
pub(super) async fn one(
    who: Allowed<ReadCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, asked): (web::Path<String>, web::Query<CaseDone>),
) -> Result<HttpResponse, ApiError> {
    let notice = asked.done.as_deref().and_then(CaseNotice::of_done);
    let notice = notice.map(|said| said.notice(language(&request)));
    answer(&who, (&request, StatusCode::OK), &state, (case_key(&id)?, notice)).await
}

async fn answer<P>(
    who: &Allowed<P>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    (id, notice): (Uuid, Option<Notice>),
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let found = state.desk.service_case(who, id).await;
    state.desk.write_down(who, "case.read", id.to_string(), found.is_ok()).await?;
    let file = found?;
    let turn = case_turn(who, &file.case);
    let owners = if turn.work { state.desk.case_owners(who).await? } else { Vec::new() };
    let input = CasePageInput { file: &file, turn, owners: &owners, now: UtcMillis::now() };
    let shown = CasePage::new(frame(request, Some(session), Section::Cases), input, notice);
    listing(who, (request, status), state, &shown).await
}

/// Opens a case about a contact.
pub(super) async fn open(
    who: Allowed<WriteCases>,
    state: web::Data<ServiceState>,
    form: web::Form<OpenForm>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let OpenForm { contact, note } = form.into_inner();
    let contact: ContactRef = contact.parse().map_err(|_| ApiError::not_found())?;
    let asked = CaseAsked { contact, kind: CaseKind::Callback, note: Some(note) };
    let id = state.desk.open_case(&who, asked).await?;
    Ok(see(&format!("/cases/{id}?done=opened")))
}

/// Takes a step; what is refused is said above the case.
pub(super) async fn step(
    who: Allowed<WriteCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<CaseForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let id = case_key(&id)?;
    let moved = match read_step(form.into_inner()) {
        Ok(step) => state.desk.move_case(&who, (id, step)).await.map(drop).map_err(ApiError::from),
        Err(refusal) => Err(refusal),
    };
    let Err(refusal) = moved else { return Ok(see(&format!("/cases/{id}?done=moved"))) };
    let pointer = refusal.body().pointer;
    let said = match refusal.problem() {
        Problem::CaseChanged => Some(CaseNotice::Changed),
        Problem::InvalidField => pointer.as_deref().and_then(CaseNotice::of_pointer),
        _ => None,
    };
    let Some(said) = said else { return Err(refusal) };
    let notice = said.notice(language(&request));
    answer(&who, (&request, refusal.problem().status()), &state, (id, Some(notice))).await
}

fn read_step(form: CaseForm) -> Result<CaseMove, ApiError> {
    let CaseForm { act, note, to, department, outcome, cause, satisfaction } = form;
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    match act.as_str() {
        "take" => Ok(CaseMove::Take),
        "assign" => Ok(CaseMove::Assign(to.unwrap_or_default())),
        "forward" => Ok(CaseMove::Forward { department: department.unwrap_or_default(), note }),
        "reopen" => Ok(CaseMove::Reopen(note.unwrap_or_default())),
        "close" => {
            let outcome = outcome.as_deref().and_then(CaseOutcome::from_name);
            let cause = some(cause).map(|cause| CaseCause::from_name(&cause));
            let grade = some(satisfaction).map(|grade| grade.parse::<u8>());
            Ok(CaseMove::Close {
                outcome: outcome.ok_or_else(|| invalid("/outcome", "an outcome is needed"))?,
                cause: cause
                    .map(|cause| cause.ok_or_else(|| invalid("/cause", "no such cause")))
                    .transpose()?,
                satisfaction: grade
                    .transpose()
                    .map_err(|_| invalid("/satisfaction", "a grade from 1 to 5"))?,
                note,
            })
        }
        _ => Err(invalid("/act", "there is no such step")),
    }
}

pub(super) async fn report(
    who: Allowed<ReadCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    asked: web::Query<ReportQuery>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let days = asked.days.unwrap_or(USUAL_DAYS);
    let report = state.desk.case_report(&who, days).await?;
    state.desk.write_down(&who, "cases.report", "cases", true).await?;
    let frame = frame(&request, Some(session), Section::Cases);
    let shown = CaseReportPage::new(frame, &report, days);
    listing(&who, (&request, StatusCode::OK), &state, &shown).await
}

/// The report as a file.
pub(super) async fn report_file(
    who: Allowed<ReadCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    asked: web::Query<ReportQuery>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let report = state.desk.case_report(&who, asked.days.unwrap_or(USUAL_DAYS)).await?;
    state.desk.write_down(&who, "cases.report", "cases", true).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"callbacks.md\""))
        .content_type("text/markdown; charset=utf-8")
        .body(report_markdown(&report, language(&request))))
}

fn case_key(id: &str) -> Result<Uuid, ApiError> {
    id.parse().map_err(|_| ApiError::not_found())
}
