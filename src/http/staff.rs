//! Statistics of staff, teams and queues.

use std::sync::Arc;

use actix_web::{HttpRequest, web};

use super::access::{Allowed, ReadOwn, ReadStaff};
use super::error::{ApiError, ProblemBody};
use super::figures::Figures;
use super::figures_view::{PersonView, StaffList, StaffRow, TeamList};
use super::query::Query;
use super::reading::{audited, own_number, own_team};
use super::routes::Entry;
use super::signals_view::SignalsView;
use super::state::ServiceState;
use crate::domain::{Analysis, ContactMeasures, StaffId, TeamId, UtcMillis};
use crate::staff::{Profile, Sums, Worded, profile, wording};
use crate::statistics::naming::appears;

/// Latest contacts of a person whose wording is described.
const OWN_WORDS: u32 = 100;

/// Latest contacts of everybody with whose wording it is compared: with 600, two of them are more than .2 %.
const OTHER_WORDS: u32 = 600;

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/staff", "list_staff", list_staff),
        // Before the template that any name would fit.
        Entry::get("/api/v1/staff/me", "get_own_results", get_own_results),
        Entry::get("/api/v1/staff/{id}", "get_staff", get_staff),
        Entry::get("/api/v1/teams", "list_teams", list_teams),
        Entry::get("/api/v1/signals", "get_signals", get_signals),
    ]
}

/// Which staff.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "names and documents what the handler reads")]
pub(super) struct StaffQuery {
    /// Team.
    team: Option<String>,
    /// Most rows of the answer; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the answer before.
    cursor: Option<String>,
}

/// Which team.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "names and documents what the handler reads")]
pub(super) struct TeamQuery {
    /// Team.
    team: Option<String>,
}

/// List staff by work number
///
/// Whoever has fewer than 30 contacts in the period does not appear. Only names stand here, and on what somebody is
/// named for coaching or praise; there is no order by result. Figures are computed at most a minute ago.
#[utoipa::path(
    get,
    path = "/api/v1/staff",
    operation_id = "list_staff",
    tag = "staff",
    params(StaffQuery),
    responses(
        (status = 200, body = StaffList, description = "Part of the list"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
async fn list_staff(
    caller: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<web::Json<StaffList>, ApiError> {
    let query = Query::of::<StaffQuery>(&request)?;
    let team = own_team(caller.team.as_ref(), query.name("team", TeamId::new)?)?;
    let (after, limit) = (query.name("cursor", StaffId::new)?, query.limit()?);
    let figures = state.figures().await?;
    let own = figures.lines.iter().filter(|line| team.is_none() || line.team == team);
    let few = own.clone().filter(|line| !appears(f64::from(line.contacts))).count();
    let mut rows: Vec<StaffRow> = own
        .filter(|line| appears(f64::from(line.contacts)))
        .filter(|line| after.as_ref().is_none_or(|after| line.staff > *after))
        .take(usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1))
        .map(StaffRow::from)
        .collect();
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|row| row.staff.clone());
    audited(&state, &caller.actor, "staff.list", "staff".to_owned(), true).await?;
    Ok(web::Json(StaffList {
        as_of: figures.as_of,
        sums_waiting: figures.waiting,
        by_other_engines: figures.by_other_engines,
        items: rows,
        too_few_contacts: few,
        next,
    }))
}

/// Get everything that is known about one person
///
/// Every figure has its interval and the number of contacts behind it; what is below its minimum says how much is
/// missing. A person of another team than the caller's is not found.
#[utoipa::path(
    get,
    path = "/api/v1/staff/{id}",
    operation_id = "get_staff",
    tag = "staff",
    params(("id" = String, Path, description = "Work number")),
    responses(
        (status = 200, body = PersonView, description = "The person"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "Nobody of that number has a contact in the period"),
    )
)]
async fn get_staff(
    caller: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<web::Json<PersonView>, ApiError> {
    let id = request.match_info().get("id").and_then(|id| StaffId::new(id).ok());
    let id = id.ok_or_else(ApiError::not_found)?;
    let view = view(&state, &id, caller.team.as_ref()).await?;
    audited(&state, &caller.actor, "staff.read", id.as_str().to_owned(), true).await?;
    Ok(web::Json(view))
}

/// Get the own results
///
/// For the account of a member of staff: the same figures that trainers see, about nobody else.
#[utoipa::path(
    get,
    path = "/api/v1/staff/me",
    operation_id = "get_own_results",
    tag = "staff",
    responses(
        (status = 200, body = PersonView, description = "The own results"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "The account is linked to no work number, or there is no contact in the period"),
    )
)]
async fn get_own_results(
    caller: Allowed<ReadOwn>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<PersonView>, ApiError> {
    let id = own_number(&state, &caller).await?.ok_or_else(ApiError::not_found)?;
    let view = view(&state, &id, None).await?;
    audited(&state, &caller.actor, "staff.read_own", id.as_str().to_owned(), true).await?;
    Ok(web::Json(view))
}

/// One person as of the latest figures, at a place of them; not there for whoever is limited to another team.
pub(super) async fn person(
    state: &ServiceState,
    id: &StaffId,
    own: Option<&TeamId>,
) -> Result<(Arc<Figures>, usize, Arc<Profile>), ApiError> {
    let figures = state.figures().await?;
    let at = figures.place(id).ok_or_else(ApiError::not_found)?;
    let team = figures.people.get(at).and_then(|person| person.sums.team.as_ref());
    if own.is_some() && team != own {
        return Err(ApiError::not_found());
    }
    let kept = figures.profile(id).await;
    let profile = kept.get_or_try_init(|| computed(state, id, Arc::clone(&figures), at)).await?;
    let profile = Arc::clone(profile);
    Ok((figures, at, profile))
}

async fn computed(
    state: &ServiceState,
    id: &StaffId,
    figures: Arc<Figures>,
    at: usize,
) -> Result<Arc<Profile>, ApiError> {
    let since = UtcMillis::of_week(figures.since_week);
    let contacts = state.store.contacts_of_staff(id, since).await?;
    let own_words = worded(state.store.latest_analyses(Some(id), since, OWN_WORDS).await?);
    let other_words = worded(state.store.latest_analyses(None, since, OTHER_WORDS).await?);
    let work = move || {
        let people = &figures.people;
        let colleagues: Vec<&Sums> =
            people.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, one)| &one.sums).collect();
        let words = wording(&own_words, &other_words);
        Some(Arc::new(profile(people.get(at)?, &contacts, &colleagues, words)))
    };
    web::block(work).await.map_err(|_| ApiError::internal())?.ok_or_else(ApiError::not_found)
}

/// The same as the API shows it.
async fn view(state: &ServiceState, id: &StaffId, own: Option<&TeamId>) -> Result<PersonView, ApiError> {
    let (figures, at, profile) = person(state, id, own).await?;
    PersonView::of(&figures, at, &profile).ok_or_else(ApiError::not_found)
}

fn worded(contacts: Vec<(Analysis, ContactMeasures)>) -> Vec<Worded> {
    let worded =
        |(analysis, measures): (_, ContactMeasures)| Worded { analysis, formulas: measures.formulas };
    contacts.into_iter().map(worded).collect()
}

/// List teams with their tone and load
///
/// The tone of a team is never called contagion: a shared cause looks the same.
#[utoipa::path(
    get,
    path = "/api/v1/teams",
    operation_id = "list_teams",
    tag = "staff",
    params(TeamQuery),
    responses(
        (status = 200, body = TeamList, description = "The teams"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
async fn list_teams(
    caller: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<web::Json<TeamList>, ApiError> {
    let query = Query::of::<TeamQuery>(&request)?;
    let team = own_team(caller.team.as_ref(), query.name("team", TeamId::new)?)?;
    let figures = state.figures().await?;
    audited(&state, &caller.actor, "teams.list", "teams".to_owned(), true).await?;
    Ok(web::Json(TeamList::of(&figures, team.as_ref())))
}

/// Get how the tone of staff and of customers moves together
///
/// For queues and the centre, with the checks that the same computation passes where nothing can be found. About nobody
/// in particular.
#[utoipa::path(
    get,
    path = "/api/v1/signals",
    operation_id = "get_signals",
    tag = "staff",
    responses((status = 200, body = SignalsView, description = "The signals"))
)]
async fn get_signals(
    caller: Allowed<ReadStaff>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<SignalsView>, ApiError> {
    let figures = state.figures().await?;
    audited(&state, &caller.actor, "signals.read", "signals".to_owned(), true).await?;
    Ok(web::Json(SignalsView::of(&figures)))
}
