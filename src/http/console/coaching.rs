//! Coaching, the people it is about, and the own results.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::copy::listing;
use super::form::{Done, invalid};
use super::page::{frame, language, page, see};
use crate::console::{
    CoachingInput, CoachingPage, Notice, OwnLine, PersonInput, PersonOfPage, PersonPage, Section, Spoken,
    asked_notice, encode,
};
use crate::desk::{DeskError, OnePerson, PersonFile, find_people};
use crate::domain::{Permission, StaffId, UtcMillis};
use crate::http::access::{Allowed, ReadOwn, ReadStaff, WriteCoaching};
use crate::http::error::ApiError;
use crate::http::state::ServiceState;
use crate::staff::Indicator;
use crate::store::Released;

/// Flags on the page of a person.
const FLAGS: u32 = 20;

/// Which behaviour, and what has just been done.
#[derive(Deserialize)]
pub(super) struct CoachingPageQuery {
    indicator: Option<String>,
    /// A work number to be opened.
    staff: Option<String>,
    #[serde(flatten)]
    done: Done,
}

/// A behaviour on which confirmations are missing.
#[derive(Deserialize)]
pub(super) struct AskForm {
    indicator: String,
}

pub(super) async fn list(
    who: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    asked: web::Query<CoachingPageQuery>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let figures = state.desk.figures().await?;
    if let Some(wanted) = asked.staff.as_deref().map(str::trim).filter(|wanted| !wanted.is_empty()) {
        let names = state.desk.names_seen(&who, &figures).await?;
        let seen = figures.lines.iter().filter(|line| who.team.is_none() || line.team == who.team);
        return match find_people(seen, &names, wanted).as_slice() {
            [one] => Ok(see(&format!("/coaching/{}", encode(one.staff.as_str())))),
            _ => {
                answer(
                    &who,
                    &request,
                    &state,
                    BesideFigures { wanted: Some(wanted), ..BesideFigures::default() },
                )
                .await
            }
        };
    }
    if asked.done.is("asked") {
        let notice = Some(asked_notice(language(&request)));
        return answer(
            &who,
            &request,
            &state,
            BesideFigures { indicator: asked.indicator.as_deref(), notice, wanted: None },
        )
        .await;
    }
    let known = |name: &str| figures.people.iter().any(|person| person.id.as_str() == name);
    let notice = asked.done.notice(language(&request).texts(), known);
    answer(
        &who,
        &request,
        &state,
        BesideFigures { indicator: asked.indicator.as_deref(), notice, wanted: None },
    )
    .await
}

/// What the page shows beside the figures.
#[derive(Default)]
struct BesideFigures<'a> {
    /// The behaviour whose plot is drawn.
    indicator: Option<&'a str>,
    notice: Option<Notice>,
    /// The number or name that was searched.
    wanted: Option<&'a str>,
}

async fn answer<P>(
    who: &Allowed<P>,
    request: &HttpRequest,
    state: &ServiceState,
    shown: BesideFigures<'_>,
) -> Result<HttpResponse, ApiError> {
    let BesideFigures { indicator, notice, wanted } = shown;
    let session = who.console()?;
    let figures = state.desk.figures().await?;
    let outside = state.desk.outside(who, &figures).await?;
    let (coaching, outcomes) = state.desk.coaching(who, who.team.as_ref()).await?;
    let open = state.desk.open_coaching(who).await?;
    let names = state.desk.names_seen(who, &figures).await?;
    let seen = figures.lines.iter().filter(|line| who.team.is_none() || line.team == who.team);
    let found = wanted.map(|wanted| (wanted, find_people(seen, &names, wanted)));
    state.desk.write_down(who, "coaching.list", "coaching", true).await?;
    let input = CoachingInput {
        as_of: figures.as_of(),
        lines: &figures.lines,
        team: who.team.as_ref(),
        indicator: indicator.and_then(Indicator::from_name).unwrap_or(Indicator::Unsoothed),
        coaching: &coaching,
        outcomes: &outcomes,
        outside: &outside,
        open: &open,
        names: &names,
        found: found.as_ref().map(|(wanted, found)| (*wanted, found.as_slice())),
        now: UtcMillis::now(),
        waiting: state.desk.trainer_desk(who).await?,
    };
    let frame = frame(request, Some(session), Section::Coaching);
    let shown = CoachingPage::new(frame, &input, notice);
    listing(who, (request, StatusCode::OK), state, &shown).await
}

/// Asks reviewers for the contacts of those who stand outside the limits on a behaviour.
pub(super) async fn ask(
    who: Allowed<WriteCoaching>,
    state: web::Data<ServiceState>,
    form: web::Form<AskForm>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let indicator = Indicator::from_name(&form.indicator);
    let indicator = indicator.ok_or_else(|| invalid("/indicator", "there is no such behaviour"))?;
    state.desk.ask_reviews(&who, indicator).await?;
    Ok(see(&Done::plain("/coaching", "asked")))
}

fn input<'a>(
    person: &'a OnePerson,
    file: &'a PersonFile,
    may_agree: bool,
) -> Result<PersonInput<'a>, ApiError> {
    let OnePerson { figures, profile, .. } = person;
    Ok(PersonInput {
        as_of: figures.as_of(),
        line: person.line().ok_or_else(ApiError::not_found)?,
        coupling: person.coupling().ok_or_else(ApiError::not_found)?,
        soothing: person.soothed().ok_or_else(ApiError::not_found)?,
        carry_over: person.carried_over().ok_or_else(ApiError::not_found)?,
        power: if may_agree { &figures.powers } else { &[] },
        profile,
        flags: &file.flags,
        coaching: &file.coaching,
        name: file.name.as_deref(),
        now: UtcMillis::now(),
    })
}

/// One person for trainers. A person of another team is not there; whoever reads it is written
/// down.
pub(super) async fn one(
    who: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let staff = StaffId::new(id.as_str()).map_err(|_| ApiError::not_found())?;
    let person = state.desk.person(&who, &staff).await?;
    state.desk.write_down(&who, "staff.read", staff.as_str(), true).await?;
    let file = state.desk.file_of(&staff, &person.figures, FLAGS).await?;
    let may_agree = session.user.role.allows(Permission::CoachingWrite);
    let subject = PersonOfPage::Other(input(&person, &file, may_agree)?);
    let frame = frame(&request, Some(session), Section::Coaching);
    listing(&who, (&request, StatusCode::OK), &state, &PersonPage::new(frame, subject, None)).await
}

/// The own results: the same figures, about nobody else.
pub(super) async fn me(
    who: Allowed<ReadOwn>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let frame = frame(&request, Some(who.console()?), Section::Own);
    let Some(staff) = state.desk.own_number(&who).await? else {
        return page(&request, StatusCode::OK, &PersonPage::new(frame, PersonOfPage::Unlinked, None));
    };
    let now = UtcMillis::now();
    let released = state.desk.own_items(&who).await?;
    let line = |one: &Released| OwnLine::of(one, state.appeal_terms, now, language(&request));
    let items: Vec<OwnLine> = released.iter().map(line).collect();
    let found = state.desk.own_results(&staff).await;
    state.desk.write_down(&who, "staff.read_own", staff.as_str(), true).await?;
    let person = match found {
        Ok(found) => found,
        Err(DeskError::NotFound) => {
            return page(
                &request,
                StatusCode::OK,
                &PersonPage::new(frame, PersonOfPage::Nothing, None).with_items(items),
            );
        }
        Err(failure) => return Err(failure.into()),
    };
    let file = state.desk.file_of(&staff, &person.figures, FLAGS).await?;
    let subject = PersonOfPage::Own(input(&person, &file, false)?);
    let shown = PersonPage::new(frame, subject, None).with_items(items);
    listing(&who, (&request, StatusCode::OK), &state, &shown).await
}
