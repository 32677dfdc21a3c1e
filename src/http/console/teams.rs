//! Teams, incidents, the signals of the centre, and where every number comes from.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use uuid::Uuid;

use super::copy::listing;
use super::form::{Done, invalid, refused, team};
use super::page::{frame, language, page, see};
use crate::console::{
    IncidentTyped, Notice, NumbersPage, Section, SignalsInput, SignalsPage, Spoken, TeamsInput, TeamsPage,
    process_of,
};
use crate::desk::IncidentAsked;
use crate::domain::{Channel, UtcMillis};
use crate::http::access::{Allowed, ReadStaff, UseConsole, WriteIncidents};
use crate::http::error::ApiError;
use crate::http::state::ServiceState;
use crate::staff::TeamDays;

pub(super) async fn list(
    who: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    done: web::Query<Done>,
) -> Result<HttpResponse, ApiError> {
    let notice = done.notice(language(&request).texts(), |_| false);
    answer(&who, (&request, StatusCode::OK), &state, (notice, None)).await
}

async fn answer<P>(
    who: &Allowed<P>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    (notice, typed): (Option<Notice>, Option<&IncidentTyped>),
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let figures = state.desk.figures().await?;
    let incidents = state.desk.incidents(who).await?;
    state.desk.write_down(who, "teams.list", "teams", true).await?;
    let own = |one: &&TeamDays| who.team.is_none() || who.team.as_ref() == Some(&one.team);
    let teams: Vec<&TeamDays> = figures.teams.teams.iter().filter(own).collect();
    let input = TeamsInput {
        as_of: figures.as_of(),
        teams: &teams,
        icc: figures.teams.icc.as_ref().filter(|_| who.team.is_none()),
        incidents: &incidents,
        team: who.team.as_ref(),
        rates: &state.desk.corrected_rates(who).await?,
        typed,
    };
    let frame = frame(request, Some(session), Section::Teams);
    listing(who, (request, status), state, &TeamsPage::new(frame, &input, notice)).await
}

pub(super) async fn declare(
    who: Allowed<WriteIncidents>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<IncidentTyped>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    match store(&who, &state, &form).await {
        Ok(()) => Ok(see(&Done::plain("/teams", "incident"))),
        Err(refusal) => {
            let notice = refused(&refusal, "", language(&request).texts())?;
            answer(&who, (&request, refusal.problem().status()), &state, (Some(notice), Some(&form))).await
        }
    }
}

async fn store(
    who: &Allowed<WriteIncidents>,
    state: &ServiceState,
    form: &IncidentTyped,
) -> Result<(), ApiError> {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let process = match given(&form.process) {
        Some(name) => Some(process_of(&name).ok_or_else(|| invalid("/business_process", "no such process"))?),
        None => None,
    };
    let asked = IncidentAsked {
        begins_at: moment(&form.begins_at)?,
        ends_at: moment(&form.ends_at)?,
        channel: Channel::from_name(&form.channel),
        business_process: process,
        team: team(&form.team)?,
        note: form.note.clone(),
    };
    state.desk.declare_incident(who, asked).await?;
    Ok(())
}

/// `2026-11-26T08:00` on Beijing's clock, as a browser sends it; some add seconds.
fn moment(text: &str) -> Result<UtcMillis, ApiError> {
    let seconds = if text.trim().matches(':').count() == 1 { ":00" } else { "" };
    UtcMillis::parse_rfc3339(&format!("{}{seconds}+08:00", text.trim()))
        .map_err(|_| invalid("/begins_at", "a time such as 2026-11-26T08:00"))
}

pub(super) async fn revoke(
    who: Allowed<WriteIncidents>,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let id: Uuid = id.parse().map_err(|_| ApiError::not_found())?;
    state.desk.revoke_incident(&who, id).await?;
    Ok(see(&Done::plain("/teams", "incident_revoked")))
}

pub(super) async fn signals(
    who: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let figures = state.desk.figures().await?;
    state.desk.write_down(&who, "signals.read", "signals", true).await?;
    let input = SignalsInput {
        as_of: figures.as_of(),
        centre: &figures.centre,
        queues: &figures.queues,
        checks: &figures.checks.beside(&figures.centre.coupling),
    };
    let frame = frame(&request, Some(session), Section::Signals);
    listing(&who, (&request, StatusCode::OK), &state, &SignalsPage::new(frame, &input)).await
}

pub(super) async fn numbers(
    who: Allowed<UseConsole>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let frame = frame(&request, Some(who.console()?), Section::Numbers);
    page(&request, StatusCode::OK, &NumbersPage::new(frame))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_a_form_is_beijing_time() {
        let time = moment("2026-11-26T08:00").unwrap();

        assert_eq!(time.to_beijing(), "2026-11-26 08:00");
        assert_eq!(moment("2026-11-26T08:00:30").unwrap(), time.plus_millis(30_000));
        assert!(moment("").is_err() && moment("2026-11-26").is_err());
    }
}
