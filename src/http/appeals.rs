//! What staff say about confirmed flags of their own contacts, and what becomes of it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::{Allowed, ForwardAppeals, JudgeFlags, ReadAppeals, ReadOwn};
use super::added::Added;
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{After, Asked, Limit, NoQuery};
use super::rows::{ListedAppeal, ListedFlag};
use super::state::ServiceState;
use super::view::List;
use crate::desk::{AppealMove, AppealTerms, Caller};
use crate::domain::{AppealState, FlagId, StaffId, TeamId, UtcMillis};
use crate::store::{AppealFilter, Released};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/appeals", "list_appeals", list_appeals),
        Entry::post("/api/v1/appeals", "file_appeal", file_appeal),
        Entry::get("/api/v1/appeals/{id}", "get_appeal", get_appeal),
        Entry::post("/api/v1/appeals/{id}/answer", "answer_appeal", answer_appeal),
        Entry::post("/api/v1/appeals/{id}/forward", "forward_appeal", forward_appeal),
        Entry::post("/api/v1/appeals/{id}/insist", "insist_on_appeal", insist_on_appeal),
        Entry::post("/api/v1/appeals/{id}/decide", "decide_appeal", decide_appeal),
        Entry::get("/api/v1/own/flags", "list_own_flags", list_own_flags),
        Entry::post("/api/v1/own/flags/{id}/acknowledge", "acknowledge_flag", acknowledge_flag),
    ]
}

/// Which appeals.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AppealQuery {
    /// How far it is.
    status: Option<AppealState>,
    /// Work number of whoever appeals; staff see their own alone.
    #[param(value_type = Option<String>)]
    staff: Option<StaffId>,
    /// Team that served.
    #[param(value_type = Option<String>)]
    team: Option<TeamId>,
    /// Most rows of the answer; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// `next` of the answer before.
    #[param(value_type = Option<String>)]
    cursor: Option<After>,
}

/// An appeal to be filed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AppealBody {
    /// The confirmed flag of an own contact.
    flag: FlagId,
    /// Why it is wrong, at most 500 characters; no customer's data.
    text: String,
}

/// What is said with a step.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RemarkBody {
    /// At most 500 characters; no customer's data.
    note: Option<String>,
}

/// What the lead answers.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerBody {
    /// At most 500 characters; no customer's data.
    note: String,
}

/// What a second reviewer decides.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionBody {
    /// `upheld`, or `overturned` where the flag is a false alarm.
    outcome: AppealOutcome,
    /// Why, at most 500 characters; no customer's data.
    reason: String,
}

/// The end of an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AppealOutcome)]
pub(super) enum AppealOutcome {
    /// The first reviewer was right.
    Upheld,
    /// The flag is a false alarm.
    Overturned,
}

/// Confirmed flags of own contacts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OwnFlags {
    /// Newest contact first, at most 200.
    items: Vec<OwnFlag>,
}

/// A confirmed flag of an own contact.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OwnFlag {
    /// The flag.
    #[serde(flatten)]
    #[schema(inline)]
    flag: ListedFlag,
    /// When it was confirmed, which released it.
    #[schema(value_type = String, format = DateTime)]
    released_at: UtcMillis,
    /// Until when it may be appealed.
    #[schema(value_type = String, format = DateTime)]
    appeal_until: UtcMillis,
    /// When the person acknowledged it.
    #[schema(value_type = Option<String>, format = DateTime)]
    acknowledged_at: Option<UtcMillis>,
    /// What the person said with that.
    acknowledged_note: Option<String>,
    /// The appeal against it.
    appeal: Option<Uuid>,
}

impl OwnFlag {
    fn of(released: Released, terms: AppealTerms) -> Self {
        let Released { row, released_at, acknowledged_at, acknowledged_note, appeal, .. } = released;
        let appeal_until = terms.window_ends(released_at);
        Self { flag: row.into(), released_at, appeal_until, acknowledged_at, acknowledged_note, appeal }
    }
}

/// List appeals, newest first
///
/// Staff see their own, supervisors and reviewers those of their team.
#[utoipa::path(
    get,
    path = "/api/v1/appeals",
    operation_id = "list_appeals",
    tag = "appeals",
    params(AppealQuery),
    responses(
        (status = 200, body = List<ListedAppeal>, description = "Part of the list"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
async fn list_appeals(
    caller: Allowed<ReadAppeals>,
    Asked(asked): Asked<AppealQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<List<ListedAppeal>>, ApiError> {
    let filter = AppealFilter { state: asked.status, staff: asked.staff, team: asked.team };
    let after = asked.cursor.map(|after| after.0);
    let page = state.desk.appeals(&caller, filter, (after.as_ref(), Limit::rows(asked.limit))).await?;
    state.desk.write_down(&caller, "appeals.list", "appeals", true).await?;
    Ok(web::Json(page.into()))
}

/// Read one appeal
#[utoipa::path(
    get,
    path = "/api/v1/appeals/{id}",
    operation_id = "get_appeal",
    tag = "appeals",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 200, body = ListedAppeal, description = "The appeal"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such appeal, or it is another team's or person's"),
    )
)]
async fn get_appeal(
    caller: Allowed<ReadAppeals>,
    request: HttpRequest,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<ListedAppeal>, ApiError> {
    let id = key(&request)?;
    let found = state.desk.appeal(&caller, id).await;
    state.desk.write_down(&caller, "appeal.read", id.to_string(), found.is_ok()).await?;
    Ok(web::Json(found?.into()))
}

/// Appeal a confirmed flag of an own contact
///
/// One appeal for a flag, within the days of `appeals.window_days` after it was confirmed. Until it is decided the flag
/// is out of the figures of the person and the team.
#[utoipa::path(
    post,
    path = "/api/v1/appeals",
    operation_id = "file_appeal",
    tag = "appeals",
    request_body = AppealBody,
    responses(
        (status = 201, body = Added, description = "Filed"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such confirmed flag of an own contact"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`appeal_closed`: the window is over, or there is an appeal already"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn file_appeal(
    caller: Allowed<ReadOwn>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let AppealBody { flag, text } = read(&request, &state, payload).await?;
    let id = state.desk.file_appeal(&caller, (flag, &text), state.appeal_terms).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(Added { id, power: None }))
}

/// Takes a step with the appeal that the request names; how it stands then.
async fn take(
    step: AppealMove,
    caller: &Caller,
    request: &HttpRequest,
    state: &ServiceState,
) -> Result<web::Json<ListedAppeal>, ApiError> {
    Ok(web::Json(state.desk.move_appeal(caller, (key(request)?, step), state.appeal_terms).await?.into()))
}

/// Answer an appeal as the lead of the team
///
/// The person may insist, which brings it to a second reviewer.
#[utoipa::path(
    post,
    path = "/api/v1/appeals/{id}/answer",
    operation_id = "answer_appeal",
    tag = "appeals",
    params(("id" = Uuid, Path, description = "Key")),
    request_body = AnswerBody,
    responses(
        (status = 200, body = ListedAppeal, description = "The appeal as it stands now"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such appeal, or it is another team's"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`appeal_closed`: it has gone on"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn answer_appeal(
    caller: Allowed<ForwardAppeals>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<web::Json<ListedAppeal>, ApiError> {
    let AnswerBody { note } = read(&request, &state, payload).await?;
    take(AppealMove::Answer(note), &caller, &request, &state).await
}

/// Hand an appeal to a second reviewer as the lead of the team
#[utoipa::path(
    post,
    path = "/api/v1/appeals/{id}/forward",
    operation_id = "forward_appeal",
    tag = "appeals",
    params(("id" = Uuid, Path, description = "Key")),
    request_body = RemarkBody,
    responses(
        (status = 200, body = ListedAppeal, description = "The appeal as it stands now"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such appeal, or it is another team's"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`appeal_closed`: it has gone on"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn forward_appeal(
    caller: Allowed<ForwardAppeals>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<web::Json<ListedAppeal>, ApiError> {
    let RemarkBody { note } = read(&request, &state, payload).await?;
    take(AppealMove::Forward(note), &caller, &request, &state).await
}

/// Insist on an own appeal that the lead has answered
#[utoipa::path(
    post,
    path = "/api/v1/appeals/{id}/insist",
    operation_id = "insist_on_appeal",
    tag = "appeals",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 200, body = ListedAppeal, description = "The appeal as it stands now"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such appeal, or it is another person's"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`appeal_closed`: nobody has answered it, or it has gone on"),
    )
)]
async fn insist_on_appeal(
    caller: Allowed<ReadOwn>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<web::Json<ListedAppeal>, ApiError> {
    take(AppealMove::Insist, &caller, &request, &state).await
}

/// Decide an appeal for good
///
/// For a reviewer who has not judged the flag before. Overturned, the flag is a false alarm and the figures follow.
#[utoipa::path(
    post,
    path = "/api/v1/appeals/{id}/decide",
    operation_id = "decide_appeal",
    tag = "appeals",
    params(("id" = Uuid, Path, description = "Key")),
    request_body = DecisionBody,
    responses(
        (status = 200, body = ListedAppeal, description = "The appeal as it stands now"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`: the caller has judged the flag before"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such appeal, or it is another team's"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`appeal_closed`: the lead has it still, it is of the caller's own team, or it is decided"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn decide_appeal(
    caller: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<web::Json<ListedAppeal>, ApiError> {
    let DecisionBody { outcome, reason } = read(&request, &state, payload).await?;
    let step = AppealMove::Decide { overturned: outcome == AppealOutcome::Overturned, reason };
    take(step, &caller, &request, &state).await
}

/// List confirmed flags of own contacts, newest contact first
#[utoipa::path(
    get,
    path = "/api/v1/own/flags",
    operation_id = "list_own_flags",
    tag = "appeals",
    responses(
        (status = 200, body = OwnFlags, description = "The flags"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "The account is linked to no work number"),
    )
)]
async fn list_own_flags(
    caller: Allowed<ReadOwn>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<OwnFlags>, ApiError> {
    let found = state.desk.own_items(&caller).await?;
    state.desk.write_down(&caller, "flags.list_own", "flags", true).await?;
    let items = found.into_iter().map(|one| OwnFlag::of(one, state.appeal_terms)).collect();
    Ok(web::Json(OwnFlags { items }))
}

/// Acknowledge a confirmed flag of an own contact
///
/// Says that it was seen, with or without a word. It takes no right away: the flag may still be appealed.
#[utoipa::path(
    post,
    path = "/api/v1/own/flags/{id}/acknowledge",
    operation_id = "acknowledge_flag",
    tag = "appeals",
    params(("id" = uuid::Uuid, Path, description = "Key of the flag")),
    request_body = RemarkBody,
    responses(
        (status = 204, description = "Acknowledged"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such confirmed flag of an own contact"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn acknowledge_flag(
    caller: Allowed<ReadOwn>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let flag = FlagId(key(&request)?);
    let RemarkBody { note } = read(&request, &state, payload).await?;
    state.desk.acknowledge(&caller, flag, note.as_deref()).await?;
    Ok(HttpResponse::NoContent().finish())
}
