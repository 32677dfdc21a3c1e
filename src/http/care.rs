//! Care after abuse.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, CareForStaff};
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, NoQuery};
use super::rows::ListedCare;
use super::state::ServiceState;
use crate::domain::{ContactRef, UtcMillis};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/care", "list_care", list_care),
        Entry::post("/api/v1/care/{id}/take", "take_care", take_care),
        Entry::post("/api/v1/care/{id}/finish", "finish_care", finish_care),
    ]
}

/// Tasks of care.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CareList {
    /// Open ones by their date, then what was done, latest first; at most 200.
    items: Vec<ListedCare>,
}

/// A task to be taken over.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TakeBody {
    /// Another date; absent for the same.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<UtcMillis>,
}

/// What was done.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CareDoneBody {
    /// At most 500 characters; no customer's data.
    note: String,
}

/// List tasks of care after abuse
///
/// A confirmed `abuse` flag makes one for its contact: somebody talks to the person. It is never a fault of theirs.
#[utoipa::path(
    get,
    path = "/api/v1/care",
    operation_id = "list_care",
    tag = "improvement",
    responses((status = 200, body = CareList, description = "The tasks"))
)]
async fn list_care(
    caller: Allowed<CareForStaff>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<CareList>, ApiError> {
    let items = state.desk.care(&caller).await?.into_iter().map(ListedCare::from).collect();
    state.desk.write_down(&caller, "care.list", "care", true).await?;
    Ok(web::Json(CareList { items }))
}

/// Take a task of care over
#[utoipa::path(
    post,
    path = "/api/v1/care/{id}/take",
    operation_id = "take_care",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key of the contact")),
    request_body = TakeBody,
    responses(
        (status = 204, description = "Taken"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such open task"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "The date is not accepted"),
    )
)]
async fn take_care(
    caller: Allowed<CareForStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let id = ContactRef(key(&request)?);
    let TakeBody { due_at } = read(&request, &state, payload).await?;
    state.desk.take_care(&caller, id, due_at).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Say that a task of care was done
#[utoipa::path(
    post,
    path = "/api/v1/care/{id}/finish",
    operation_id = "finish_care",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key of the contact")),
    request_body = CareDoneBody,
    responses(
        (status = 204, description = "Kept"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such open task"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "The note is not accepted"),
    )
)]
async fn finish_care(
    caller: Allowed<CareForStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let id = ContactRef(key(&request)?);
    let CareDoneBody { note } = read(&request, &state, payload).await?;
    state.desk.finish_care(&caller, id, &note).await?;
    Ok(HttpResponse::NoContent().finish())
}
