//! Calibration sessions: opening, reading blind, ending, and what was said.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use uuid::Uuid;

use super::form::{Done, invalid, team};
use super::page::{frame, page, see};
use super::samples::{asked, key};
use crate::console::{
    CalibrationNotice, CalibrationPage, CalibrationsPage, LedSessions, ReadTask, SampleInput, SamplePage,
    Section,
};
use crate::desk::calibrations::{FEWEST_CONTACTS, MOST_CONTACTS};
use crate::desk::{CalibrationAsked, DeskError};
use crate::domain::{Permission, UtcMillis};
use crate::http::access::{Allowed, JudgeFlags, ManageQuality, ReadQuality};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;

/// Teams that the form offers.
const TEAMS: u32 = 500;

/// What has just been done.
#[derive(Deserialize)]
pub(super) struct CalibrationDone {
    done: Option<String>,
}

pub(super) async fn list(
    who: Allowed<ReadQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    said: web::Query<CalibrationDone>,
) -> Result<HttpResponse, ApiError> {
    let notice = match said.done.as_deref() {
        Some("opened") => Some(CalibrationNotice::Opened),
        Some("closed") => Some(CalibrationNotice::Closed),
        Some("read") => Some(CalibrationNotice::ReadOver),
        _ => None,
    };
    show(&who, (&request, StatusCode::OK), &state, notice).await
}

async fn show<P>(
    who: &Allowed<P>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    notice: Option<CalibrationNotice>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let role = session.user.role;
    let own =
        if role.allows(Permission::FlagsJudge) { state.desk.own_invitations(who).await? } else { Vec::new() };
    let led = if role.allows(Permission::QualityManage) {
        Some(LedSessions {
            sessions: state.desk.calibrations(who).await?,
            readers: state.desk.calibration_readers(who.team.as_ref()).await?,
            teams: match &who.team {
                Some(own) => vec![own.clone()],
                None => state.store.teams(TEAMS).await?,
            },
        })
    } else {
        None
    };
    let frame = frame(request, Some(session), Section::Samples);
    let bounds = FEWEST_CONTACTS..=MOST_CONTACTS;
    page(request, status, &CalibrationsPage::new(frame, own, led, bounds, notice))
}

pub(super) async fn open(
    who: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<HashMap<String, String>>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    match store(&who, &state, &form).await {
        Ok(session) => Ok(see(&format!("/calibrations/{session}"))),
        Err(refusal) if matches!(refusal.problem(), Problem::InvalidField | Problem::Forbidden) => {
            let status = refusal.problem().status();
            show(&who, (&request, status), &state, Some(CalibrationNotice::Refused)).await
        }
        Err(refusal) => Err(refusal),
    }
}

async fn store(
    who: &Allowed<ManageQuality>,
    state: &ServiceState,
    form: &HashMap<String, String>,
) -> Result<Uuid, ApiError> {
    let field = |name: &str| form.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let contacts = field("contacts").parse().map_err(|_| invalid("/contacts", "a number"))?;
    let readers = form.keys().filter_map(|name| name.strip_prefix("reader_")).map(str::to_owned);
    let asked = CalibrationAsked {
        title: field("title"),
        expert: field("expert"),
        readers: readers.collect(),
        team: team(&field("team"))?,
        contacts,
    };
    Ok(state.desk.open_calibration(who, asked).await?)
}

/// How far a session is read, and what was said once it has ended: for whoever leads it.
pub(super) async fn one(
    who: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let report = state.desk.calibration_report(&who, key(&id)?).await?;
    let frame = frame(&request, Some(session), Section::Samples);
    page(&request, StatusCode::OK, &CalibrationPage::new(frame, report))
}

pub(super) async fn close(
    who: Allowed<ManageQuality>,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let session = key(&id)?;
    state.desk.close_calibration(&who, session).await?;
    Ok(see(&format!("/calibrations/{session}")))
}

/// Leads to the contact that the reader is to read next.
pub(super) async fn next(
    who: Allowed<JudgeFlags>,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    go_on(&who, &state, key(&id)?, "").await
}

async fn go_on(
    who: &Allowed<JudgeFlags>,
    state: &ServiceState,
    session: Uuid,
    said: &str,
) -> Result<HttpResponse, ApiError> {
    Ok(match state.desk.next_of_calibration(who, session).await? {
        Some(item) => see(&format!("/calibrations/contacts/{}{said}", item.id)),
        None => see(&Done::plain("/calibrations", "read")),
    })
}

/// A contact of a session without anything that a machine or another reader found. Whoever reads it is written down.
pub(super) async fn contact(
    who: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, said): (web::Path<String>, web::Query<CalibrationDone>),
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let item = key(&id)?;
    let record = state.desk.calibration_to_read(&who, item).await?;
    let item = item.to_string();
    let input = SampleInput {
        task: ReadTask::Calibration,
        key: &item,
        opened: UtcMillis::now().as_millis(),
        flag: None,
        rule: None,
    };
    let taken = said.done.as_deref() == Some("taken");
    let frame = frame(&request, Some(session), Section::Samples);
    page(&request, StatusCode::OK, &SamplePage::new(frame, &record, input, taken))
}

/// Keeps what was said, and goes on with the next contact.
pub(super) async fn read(
    who: Allowed<JudgeFlags>,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<HashMap<String, String>>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let item = key(&id)?;
    let session = state.desk.session_of_item(&who, item).await?;
    match state.desk.read_calibration(&who, item, &asked(&form)?).await {
        Ok(()) => go_on(&who, &state, session, "").await,
        // It was read in another window, has ended or came anew: nothing that the reader could mend.
        Err(DeskError::FlagChanged) => go_on(&who, &state, session, "?done=taken").await,
        Err(other) => Err(other.into()),
    }
}
