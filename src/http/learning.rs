//! Good examples to learn from: reading them, and for whoever coaches choosing and releasing them.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ReadLearning, WriteCoaching};
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, NoQuery};
use super::state::ServiceState;
use crate::desk::{Example, LearningDesk};
use crate::domain::{Channel, ContactRef, Speaker, UtcMillis};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/learning", "list_learning", list_learning),
        Entry::get("/api/v1/learning/choices", "list_learning_choices", list_learning_choices),
        Entry::post("/api/v1/learning/release", "release_learning", release_learning),
        Entry::post("/api/v1/learning/{id}/choose", "choose_learning", choose_learning),
        Entry::post("/api/v1/learning/{id}/drop", "drop_learning", drop_learning),
    ]
}

/// A turn of an example.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LearningTurn {
    /// Who speaks; null in a note.
    speaker: Option<Speaker>,
    /// What is said, without numbers and names.
    text: String,
}

/// An example that was released.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReleasedExample {
    /// Touchpoint.
    channel: Channel,
    /// What there is to learn.
    remark: String,
    /// When it was released.
    #[schema(value_type = Option<String>, format = DateTime)]
    released_at: Option<UtcMillis>,
    /// The turns; nobody's number, name or team.
    turns: Vec<LearningTurn>,
}

/// An example with its contact, for whoever chooses.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ChosenExample {
    /// Which contact.
    contact: ContactRef,
    /// What everybody reads.
    #[serde(flatten)]
    example: ReleasedExample,
}

/// Examples of three months.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LearningList {
    /// Latest first, at most 50.
    items: Vec<ReleasedExample>,
}

/// What may be chosen, and what waits to be released.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LearningChoices {
    /// Recoveries of two weeks that a reviewer confirmed, the most certain first, at most 50.
    proposed: Vec<ChosenExample>,
    /// Chosen and not released.
    chosen: Vec<ChosenExample>,
}

/// What there is to learn from an example.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LearningBody {
    /// 1 to 500 characters; no names and numbers.
    note: String,
}

/// How many examples were released.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReleasedCount {
    /// Examples.
    released: u64,
}

impl From<Example> for ReleasedExample {
    fn from(one: Example) -> Self {
        let Example { contact: _, channel, remark, released_at, turns } = one;
        let turns = turns.into_iter().map(|(speaker, text)| LearningTurn { speaker, text });
        Self { channel, remark, released_at, turns: turns.collect() }
    }
}

impl From<Example> for ChosenExample {
    fn from(one: Example) -> Self {
        Self { contact: one.contact, example: one.into() }
    }
}

/// List good examples that were released in the last three months
///
/// Confirmed recoveries that a trainer chose, without anybody's number, name or team.
#[utoipa::path(
    get,
    path = "/api/v1/learning",
    operation_id = "list_learning",
    tag = "improvement",
    responses((status = 200, body = LearningList, description = "The examples"))
)]
async fn list_learning(
    caller: Allowed<ReadLearning>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<LearningList>, ApiError> {
    let items = state.desk.learning().await?.into_iter().map(ReleasedExample::from).collect();
    state.desk.write_down(&caller, "learning.read", "learning", true).await?;
    Ok(web::Json(LearningList { items }))
}

/// List what may be chosen as a good example, and what waits to be released
#[utoipa::path(
    get,
    path = "/api/v1/learning/choices",
    operation_id = "list_learning_choices",
    tag = "improvement",
    responses((status = 200, body = LearningChoices, description = "Examples with their contacts"))
)]
async fn list_learning_choices(
    caller: Allowed<WriteCoaching>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<LearningChoices>, ApiError> {
    let LearningDesk { proposed, chosen } = state.desk.learning_desk(&caller).await?;
    state.desk.write_down(&caller, "learning.read", "learning", true).await?;
    let [proposed, chosen] = [proposed, chosen].map(|all| all.into_iter().map(ChosenExample::from).collect());
    Ok(web::Json(LearningChoices { proposed, chosen }))
}

/// Choose a proposed example
///
/// It is read by others once it is released.
#[utoipa::path(
    post,
    path = "/api/v1/learning/{id}/choose",
    operation_id = "choose_learning",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key of the contact")),
    request_body = LearningBody,
    responses(
        (status = 204, description = "Chosen"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "It is not proposed"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "The remark is not accepted"),
    )
)]
async fn choose_learning(
    caller: Allowed<WriteCoaching>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let id = ContactRef(key(&request)?);
    let LearningBody { note } = read(&request, &state, payload).await?;
    state.desk.choose_learning(&caller, id, &note).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take an example out, released or not
#[utoipa::path(
    post,
    path = "/api/v1/learning/{id}/drop",
    operation_id = "drop_learning",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key of the contact")),
    responses(
        (status = 204, description = "Taken out"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such example"),
    )
)]
async fn drop_learning(
    caller: Allowed<WriteCoaching>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    state.desk.drop_learning(&caller, ContactRef(key(&request)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Release everything that was chosen
#[utoipa::path(
    post,
    path = "/api/v1/learning/release",
    operation_id = "release_learning",
    tag = "improvement",
    responses((status = 200, body = ReleasedCount, description = "How many examples everybody can read from now on"))
)]
async fn release_learning(
    caller: Allowed<WriteCoaching>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<ReleasedCount>, ApiError> {
    Ok(web::Json(ReleasedCount { released: state.desk.release_learning(&caller).await? }))
}
