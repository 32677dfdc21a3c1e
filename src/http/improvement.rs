//! Incidents, for which nobody is blamed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::{Allowed, ReadStaff, WriteIncidents};
use super::body;
use super::error::{ApiError, Problem, ProblemBody};
use super::improving;
use super::reading::audited;
use super::routes::Entry;
use super::state::ServiceState;
use crate::domain::{BusinessProcess, Channel, RawText, RedactedText, TeamId, UtcMillis};
use crate::staff::Power;
use crate::store::Incident;

/// Longest note in characters.
const MAX_NOTE: usize = 500;

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
    pub(super) begins_at: UtcMillis,
    /// First moment after it.
    #[schema(value_type = String, format = DateTime)]
    pub(super) ends_at: UtcMillis,
    /// Only this touchpoint; absent for all.
    pub(super) channel: Option<Channel>,
    /// Only this process; absent for all.
    pub(super) business_process: Option<BusinessProcess>,
    /// Only this team; absent for all.
    pub(super) team: Option<TeamId>,
    /// What was wrong, at most 500 characters; no customer's data.
    pub(super) note: String,
}

/// The key of what was added.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Added {
    /// The key.
    pub(super) id: Uuid,
    /// What the agreed programme can show; absent for an incident, and where nothing can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) power: Option<Power>,
}

/// Incidents.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct IncidentList {
    /// Latest first, at most 200.
    items: Vec<Incident>,
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
    state: web::Data<ServiceState>,
) -> Result<web::Json<IncidentList>, ApiError> {
    let items = improving::visible(&state, caller.team.as_ref()).await?;
    audited(&state, &caller.actor, "incidents.list", "incidents".to_owned(), true).await?;
    Ok(web::Json(IncidentList { items }))
}

/// Declare an incident
///
/// Contacts within it are marked, also those that are stored already, and the case mix knows the mark: an outage is
/// nobody's fault. A caller who is limited to a team declares it for that team.
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
    let body: IncidentBody = read(&request, &state, payload).await?;
    let id = improving::declare(&state, &caller.actor, caller.team.as_ref(), body).await?;
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
    improving::revoke(&state, &caller.actor, caller.team.as_ref(), key(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) fn key(request: &HttpRequest) -> Result<Uuid, ApiError> {
    request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(ApiError::not_found)
}

pub(super) async fn read<T: serde::de::DeserializeOwned>(
    request: &HttpRequest,
    state: &ServiceState,
    payload: web::Payload,
) -> Result<T, ApiError> {
    body::check_type(request.headers(), &["application/json"])?;
    let json = body::read_whole(&mut payload.into_inner(), request.headers(), &state.limits).await?;
    serde_json::from_slice(&json).map_err(|cause| {
        let place = format!("line {}, column {}", cause.line(), cause.column());
        if cause.is_data() {
            invalid("", &format!("a field is missing, unknown or has no such value at {place}"))
        } else {
            ApiError::new(Problem::InvalidJson, format!("the body is not JSON at {place}"))
        }
    })
}

/// A note that may be stored: short, and without anybody's personal data.
pub(super) fn note(state: &ServiceState, text: &str) -> Result<RedactedText, ApiError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_NOTE || text.chars().any(char::is_control) {
        return Err(invalid("/note", "the note must have 1 to 500 characters and no line breaks"));
    }
    Ok(state.redactor.remark(&RawText::new(text.to_owned())))
}

pub(super) fn invalid(pointer: &str, reason: &str) -> ApiError {
    ApiError::new(Problem::InvalidField, reason).at(pointer)
}
