//! Statistics of staff, teams and queues.

use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::access::{Allowed, ReadOwn, ReadStaff};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::figures_view::{PersonView, StaffList, StaffRow, TeamList};
use super::query::{Asked, Limit, NoQuery, TeamQuery};
use super::signals_view::SignalsView;
use super::state::ServiceState;
use crate::domain::{StaffId, TeamId};
use crate::statistics::naming::appears;

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
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StaffQuery {
    /// Team.
    #[param(value_type = Option<String>)]
    team: Option<TeamId>,
    /// Most rows of the answer; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// `next` of the answer before.
    #[param(value_type = Option<String>)]
    cursor: Option<StaffId>,
}

/// List staff by work number
///
/// Whoever has fewer than 30 contacts in the period does not appear. The list says who is named,
/// and whether for coaching or praise. It is not ordered by result. Figures are computed at most a
/// minute ago.
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
    Asked(asked): Asked<StaffQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<StaffList>, ApiError> {
    let team = caller.team_or(asked.team)?;
    let (after, limit) = (asked.cursor, Limit::rows(asked.limit));
    let figures = state.desk.figures().await?;
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
    state.desk.write_down(&caller, "staff.list", "staff", true).await?;
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
/// Every figure has its interval and the number of contacts behind it; what is below its minimum
/// says how much is missing. A person of another team than the caller's is not found.
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
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<PersonView>, ApiError> {
    let id = request.match_info().get("id").and_then(|id| StaffId::new(id).ok());
    let id = id.ok_or_else(ApiError::not_found)?;
    let view = PersonView::of(&state.desk.person(&caller, &id).await?).ok_or_else(ApiError::not_found)?;
    state.desk.write_down(&caller, "staff.read", id.as_str(), true).await?;
    Ok(web::Json(view))
}

/// Get the own results
///
/// For the account of a member of staff: the figures that trainers see, about nobody else. What a machine marked and nobody
/// confirmed is left out, and so is what is missing for a name.
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
    let id = state.desk.own_number(&caller).await?.ok_or_else(ApiError::not_found)?;
    let view = PersonView::own(&state.desk.own_results(&id).await?).ok_or_else(ApiError::not_found)?;
    state.desk.write_down(&caller, "staff.read_own", id.as_str(), true).await?;
    Ok(web::Json(view))
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
    Asked(asked): Asked<TeamQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<TeamList>, ApiError> {
    let team = caller.team_or(asked.team)?;
    let figures = state.desk.figures().await?;
    state.desk.write_down(&caller, "teams.list", "teams", true).await?;
    Ok(web::Json(TeamList::of(&figures, team.as_ref())))
}

/// Get how the tone of staff and of customers moves together
///
/// For queues and the centre, with the checks that the same computation passes where nothing can be
/// found. About nobody in particular.
#[utoipa::path(
    get,
    path = "/api/v1/signals",
    operation_id = "get_signals",
    tag = "staff",
    responses((status = 200, body = SignalsView, description = "The signals"))
)]
async fn get_signals(
    caller: Allowed<ReadStaff>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<SignalsView>, ApiError> {
    let figures = state.desk.figures().await?;
    state.desk.write_down(&caller, "signals.read", "signals", true).await?;
    Ok(web::Json(SignalsView::of(&figures)))
}
