//! Steps of a case: taking it, handing it on, closing it.

use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::access::{Allowed, WriteCases};
use super::body::{key, read};
use super::cases::OneCaseFile;
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::state::ServiceState;
use crate::desk::{Caller, CaseMove};
use crate::domain::{CaseCause, CaseOutcome};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/cases/{id}/take", "take_case", take_case),
        Entry::post("/api/v1/cases/{id}/assign", "assign_case", assign_case),
        Entry::post("/api/v1/cases/{id}/forward", "forward_case", forward_case),
        Entry::post("/api/v1/cases/{id}/close", "close_case", close_case),
        Entry::post("/api/v1/cases/{id}/reopen", "reopen_case", reopen_case),
    ]
}

/// Who gets a case.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseOwnerBody {
    /// Name of the account.
    to: String,
}

/// Which department has to answer.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForwardBody {
    /// At most 60 characters.
    department: String,
    /// What is asked, at most 500 characters; no customer's data.
    note: Option<String>,
}

/// What became of a case.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseBody {
    /// What became of it.
    outcome: CaseOutcome,
    /// Why the customer was not helped at once.
    cause: Option<CaseCause>,
    /// What the customer says, 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    satisfaction: Option<u8>,
    /// At most 500 characters; no customer's data.
    note: Option<String>,
}

/// Why a case is opened again.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReopenBody {
    /// At most 500 characters; no customer's data.
    note: String,
}

/// Takes a step with the case that the request names; how it stands then.
async fn take(
    step: CaseMove,
    caller: &Caller,
    request: &HttpRequest,
    state: &ServiceState,
) -> Result<web::Json<OneCaseFile>, ApiError> {
    Ok(web::Json(state.desk.move_case(caller, (key(request)?, step)).await?.into()))
}

/// Take a case that nobody has, or the own one back from a department
///
/// Whoever takes it first stays responsible for it.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{id}/take",
    operation_id = "take_case",
    tag = "cases",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 200, body = OneCaseFile, description = "The case as it stands now"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such case, or it is another team's"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`case_changed`: it is not where the step begins"),
    )
)]
async fn take_case(
    caller: Allowed<WriteCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<web::Json<OneCaseFile>, ApiError> {
    take(CaseMove::Take, &caller, &request, &state).await
}

/// Give a case to somebody
///
/// The first owner stays responsible.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{id}/assign",
    operation_id = "assign_case",
    tag = "cases",
    params(("id" = Uuid, Path, description = "Key")),
    request_body = CaseOwnerBody,
    responses(
        (status = 200, body = OneCaseFile, description = "The case as it stands now"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such case, or it is another team's"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`case_changed`: it is not where the step begins"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn assign_case(
    caller: Allowed<WriteCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<web::Json<OneCaseFile>, ApiError> {
    let CaseOwnerBody { to } = read(&request, &state, payload).await?;
    take(CaseMove::Assign(to), &caller, &request, &state).await
}

/// Hand a case to a department
///
/// Every department after the first counts as a bounce.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{id}/forward",
    operation_id = "forward_case",
    tag = "cases",
    params(("id" = Uuid, Path, description = "Key")),
    request_body = ForwardBody,
    responses(
        (status = 200, body = OneCaseFile, description = "The case as it stands now"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such case, or it is another team's"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`case_changed`: it is not where the step begins"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn forward_case(
    caller: Allowed<WriteCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<web::Json<OneCaseFile>, ApiError> {
    let ForwardBody { department, note } = read(&request, &state, payload).await?;
    take(CaseMove::Forward { department, note }, &caller, &request, &state).await
}

/// Close a case
#[utoipa::path(
    post,
    path = "/api/v1/cases/{id}/close",
    operation_id = "close_case",
    tag = "cases",
    params(("id" = Uuid, Path, description = "Key")),
    request_body = CloseBody,
    responses(
        (status = 200, body = OneCaseFile, description = "The case as it stands now"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such case, or it is another team's"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`case_changed`: it is not where the step begins"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn close_case(
    caller: Allowed<WriteCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<web::Json<OneCaseFile>, ApiError> {
    let CloseBody { outcome, cause, satisfaction, note } = read(&request, &state, payload).await?;
    take(CaseMove::Close { outcome, cause, satisfaction, note }, &caller, &request, &state).await
}

/// Open a closed case again
///
/// It is due in three days.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{id}/reopen",
    operation_id = "reopen_case",
    tag = "cases",
    params(("id" = Uuid, Path, description = "Key")),
    request_body = ReopenBody,
    responses(
        (status = 200, body = OneCaseFile, description = "The case as it stands now"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such case, or it is another team's"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`case_changed`: it is not where the step begins"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn reopen_case(
    caller: Allowed<WriteCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<web::Json<OneCaseFile>, ApiError> {
    let ReopenBody { note } = read(&request, &state, payload).await?;
    take(CaseMove::Reopen(note), &caller, &request, &state).await
}
