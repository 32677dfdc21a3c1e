//! The catalogue of trainings, and the own coaching of staff.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ReadOwn, WriteTrainings};
use super::added::Added;
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, NoQuery};
use super::rows::ListedTraining;
use super::state::ServiceState;
use crate::desk::trainings::TrainingAsked;
use crate::domain::Programme;
use crate::staff::Indicator;

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/trainings", "list_trainings", list_trainings),
        Entry::post("/api/v1/trainings", "add_training", add_training),
        Entry::post("/api/v1/trainings/{id}/retire", "retire_training", retire_training),
        Entry::post("/api/v1/own/coaching/{id}/acknowledge", "acknowledge_coaching", acknowledge_coaching),
    ]
}

/// A training to be offered.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrainingBody {
    /// What it is called, at most 60 characters.
    title: String,
    /// The same in English.
    #[serde(default)]
    title_en: Option<String>,
    /// Behaviour that it is for; absent for any.
    #[serde(default)]
    indicator: Option<Indicator>,
    /// The kind of help.
    programme: Programme,
    /// What is done, at most 500 characters.
    about: String,
}

/// The catalogue.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TrainingList {
    /// Oldest entry first.
    items: Vec<ListedTraining>,
}

/// What a person says who has read an agreement.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadBody {
    /// At most 500 characters; no customer's data.
    #[serde(default)]
    note: Option<String>,
}

/// List the catalogue of trainings, also what is no longer offered
#[utoipa::path(
    get,
    path = "/api/v1/trainings",
    operation_id = "list_trainings",
    tag = "improvement",
    responses((status = 200, body = TrainingList, description = "The catalogue"))
)]
async fn list_trainings(
    _caller: Allowed<WriteTrainings>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<TrainingList>, ApiError> {
    let items = state.desk.trainings().await?.into_iter().map(ListedTraining::from).collect();
    Ok(web::Json(TrainingList { items }))
}

/// Add a training to the catalogue
#[utoipa::path(
    post,
    path = "/api/v1/trainings",
    operation_id = "add_training",
    tag = "improvement",
    request_body = TrainingBody,
    responses(
        (status = 201, body = Added, description = "Added"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn add_training(
    caller: Allowed<WriteTrainings>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let TrainingBody { title, title_en, indicator, programme, about } =
        read(&request, &state, payload).await?;
    let asked = TrainingAsked { title, title_en: title_en.unwrap_or_default(), indicator, programme, about };
    let id = state.desk.add_training(&caller, asked).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(Added { id, power: None }))
}

/// No longer offer a training
///
/// Agreements that name it keep it.
#[utoipa::path(
    post,
    path = "/api/v1/trainings/{id}/retire",
    operation_id = "retire_training",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 204, description = "Retired"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "The catalogue offers no such training"),
    )
)]
async fn retire_training(
    caller: Allowed<WriteTrainings>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    state.desk.retire_training(&caller, key(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Say that an own agreement was read, once
#[utoipa::path(
    post,
    path = "/api/v1/own/coaching/{id}/acknowledge",
    operation_id = "acknowledge_coaching",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key")),
    request_body = ReadBody,
    responses(
        (status = 204, description = "Acknowledged"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such agreement of one's own that waits for it"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "The note is not accepted"),
    )
)]
async fn acknowledge_coaching(
    caller: Allowed<ReadOwn>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let id = key(&request)?;
    let ReadBody { note } = read(&request, &state, payload).await?;
    state.desk.acknowledge_coaching(&caller, id, note.as_deref()).await?;
    Ok(HttpResponse::NoContent().finish())
}
