//! What people say about flags.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, JudgeFlags, ReadFlags};
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::reading::contact_key;
use super::rows::ListedVerdict;
use super::state::ServiceState;
use crate::desk::Judgement;
use crate::domain::{ContactRef, FlagId, FlagStatus, Objection};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/flags/{id}/verdict", "judge_flag", judge_flag),
        Entry::get("/api/v1/contacts/{id}/verdicts", "list_verdicts", list_verdicts),
    ]
}

/// What somebody who has listened says.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerdictBody {
    /// `confirmed`, `rejected`, `unclear`, or `candidate` to take back what was said before.
    status: FlagStatus,
    /// The turns that were listened to, as the flag named them.
    utterances: Vec<usize>,
    /// The revision that was listened to; absent for the current one.
    revision: Option<u32>,
    /// How many verdicts on the same turns were known; absent where it does not matter.
    seen: Option<usize>,
    /// Why it is rejected; kept with `rejected` alone.
    objection: Option<Objection>,
    /// Why in words, at most 500 characters; no customer's data.
    note: Option<String>,
}

/// The flag as it stands now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct JudgedFlag {
    /// Key of the flag.
    flag: FlagId,
    /// Key of its contact.
    contact: ContactRef,
    /// What it shows from now on.
    status: FlagStatus,
}

/// What was said about the flags of a contact.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct VerdictList {
    /// Oldest first; the latest on a flag counts.
    items: Vec<ListedVerdict>,
}

/// Confirm or reject a flag
///
/// For people who have listened to the contact; whoever sends it is kept beside it, and so is every
/// earlier verdict. A confirmed flag counts as evidence before anybody is named for coaching or
/// praise, and the person sees it. It is kept when the contact is analysed anew and the same rule
/// points at the same turns.
#[utoipa::path(
    post,
    path = "/api/v1/flags/{id}/verdict",
    operation_id = "judge_flag",
    tag = "flags",
    params(("id" = uuid::Uuid, Path, description = "Key of the flag")),
    request_body = VerdictBody,
    responses(
        (status = 200, body = JudgedFlag, description = "Kept"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such flag, or it is another team's"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "The flag points at other turns, is of another revision or was judged meanwhile"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn judge_flag(
    caller: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let flag = FlagId(key(&request)?);
    let VerdictBody { status, utterances, revision, seen, objection, note } =
        read(&request, &state, payload).await?;
    let judgement = Judgement { flag, status, utterances, revision, seen, objection, opened: None, note };
    let contact = state.desk.judge(&caller, judgement).await?;
    Ok(HttpResponse::build(StatusCode::OK).json(JudgedFlag { flag, contact, status }))
}

/// List what people said about the flags of a contact
///
/// Others than reviewers and the systems that send contacts see what was said about what stands confirmed.
#[utoipa::path(
    get,
    path = "/api/v1/contacts/{id}/verdicts",
    operation_id = "list_verdicts",
    tag = "flags",
    params(("id" = uuid::Uuid, Path, description = "Key of the contact")),
    responses(
        (status = 200, body = VerdictList, description = "The verdicts"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such contact, or it is another team's"),
    )
)]
async fn list_verdicts(
    caller: Allowed<ReadFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<web::Json<VerdictList>, ApiError> {
    let id = contact_key(&request)?;
    let known = state.store.contact(id, caller.team.as_ref()).await?.is_some();
    state.desk.write_down(&caller, "verdicts.list", id.to_string(), known).await?;
    if !known {
        return Err(ApiError::not_found());
    }
    let items = state.desk.verdicts(&caller, id).await?.into_iter().map(ListedVerdict::from).collect();
    Ok(web::Json(VerdictList { items }))
}
