//! Incidents, for which nobody is blamed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ReadStaff, WriteIncidents};
use super::added::Added;
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, NoQuery};
use super::rows::ListedIncident;
use super::state::ServiceState;
use crate::desk::IncidentAsked;
use crate::domain::{BusinessProcess, Channel, TeamId, UtcMillis};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/incidents", "list_incidents", list_incidents),
        Entry::post("/api/v1/incidents", "declare_incident", declare_incident),
        Entry::post("/api/v1/incidents/{id}/revoke", "revoke_incident", revoke_incident),
    ]
}

/// A time in which something was wrong that staff cannot help.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentBody {
    /// First moment.
    #[schema(value_type = String, format = DateTime)]
    begins_at: UtcMillis,
    /// First moment after it.
    #[schema(value_type = String, format = DateTime)]
    ends_at: UtcMillis,
    /// Only this touchpoint; absent for all.
    channel: Option<Channel>,
    /// Only this process; absent for all.
    business_process: Option<BusinessProcess>,
    /// Only this team; absent for all.
    team: Option<TeamId>,
    /// What was wrong, at most 500 characters; no customer's data.
    note: String,
}

/// Incidents.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct IncidentList {
    /// Latest first, at most 200.
    items: Vec<ListedIncident>,
}

/// List declared incidents, latest first
#[utoipa::path(
    get,
    path = "/api/v1/incidents",
    operation_id = "list_incidents",
    tag = "improvement",
    responses((status = 200, body = IncidentList, description = "The incidents"))
)]
async fn list_incidents(
    caller: Allowed<ReadStaff>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<IncidentList>, ApiError> {
    let items = state.desk.incidents(&caller).await?.into_iter().map(ListedIncident::from).collect();
    state.desk.write_down(&caller, "incidents.list", "incidents", true).await?;
    Ok(web::Json(IncidentList { items }))
}

/// Declare an incident
///
/// Contacts within it are marked, also those that are stored already, and the case mix knows the
/// mark: an outage is nobody's fault. A caller who is limited to a team declares it for that team.
#[utoipa::path(
    post,
    path = "/api/v1/incidents",
    operation_id = "declare_incident",
    tag = "improvement",
    request_body = IncidentBody,
    responses(
        (status = 201, body = Added, description = "Declared"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn declare_incident(
    caller: Allowed<WriteIncidents>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let IncidentBody { begins_at, ends_at, channel, business_process, team, note } =
        read(&request, &state, payload).await?;
    let asked = IncidentAsked { begins_at, ends_at, channel, business_process, team, note };
    let id = state.desk.declare_incident(&caller, asked).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(Added { id, power: None }))
}

/// Take an incident back
#[utoipa::path(
    post,
    path = "/api/v1/incidents/{id}/revoke",
    operation_id = "revoke_incident",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 204, description = "Taken back"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such incident in force"),
    )
)]
async fn revoke_incident(
    caller: Allowed<WriteIncidents>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    state.desk.revoke_incident(&caller, key(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
