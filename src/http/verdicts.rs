//! What people say about flags.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, JudgeFlags, ReadFlags};
use super::error::{ApiError, ProblemBody};
use super::improvement::{key, note, read};
use super::reading::{audited, contact_key};
use super::routes::Entry;
use super::state::ServiceState;
use crate::domain::{ContactRef, FlagId, FlagStatus, TeamId, UtcMillis};
use crate::store::{Actor, NewVerdict, Verdict};

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
    /// `confirmed`, `rejected`, or `candidate` to take back what was said before.
    pub(super) status: FlagStatus,
    /// Why, at most 500 characters; no customer's data.
    pub(super) note: Option<String>,
}

/// The flag as it stands now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Judged {
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
    items: Vec<Verdict>,
}

/// Confirm or reject a flag
///
/// For people who have listened to the contact; whoever sends it is kept beside it, and so is every earlier verdict. A
/// confirmed flag counts as evidence before anybody is named for coaching or praise, and the person sees it. It is kept
/// when the contact is analysed anew and the same flag comes back.
#[utoipa::path(
    post,
    path = "/api/v1/flags/{id}/verdict",
    operation_id = "judge_flag",
    tag = "flags",
    params(("id" = uuid::Uuid, Path, description = "Key of the flag")),
    request_body = VerdictBody,
    responses(
        (status = 200, body = Judged, description = "Kept"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such flag, or it is another team's"),
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
    let body: VerdictBody = read(&request, &state, payload).await?;
    let status = body.status;
    let contact = judge(&state, &caller.actor, caller.team.as_ref(), (flag, body)).await?;
    Ok(HttpResponse::build(StatusCode::OK).json(Judged { flag, contact, status }))
}

/// Keeps a verdict; the contact it is about. What the API and the console do alike.
pub(super) async fn judge(
    state: &ServiceState,
    actor: &Actor,
    team: Option<&TeamId>,
    (flag, body): (FlagId, VerdictBody),
) -> Result<ContactRef, ApiError> {
    let given = body.note.as_deref().filter(|text| !text.trim().is_empty());
    let verdict = NewVerdict {
        flag,
        status: body.status,
        note: given.map(|text| note(state, text)).transpose()?,
        judged_by: actor.name.clone(),
        judged_at: UtcMillis::now(),
    };
    let contact = state.store.judge(&verdict, team).await?;
    audited(state, actor, "flag.judge", flag.0.to_string(), contact.is_some()).await?;
    // What somebody is named for hangs on what people have confirmed.
    state.forget_figures().await;
    contact.ok_or_else(ApiError::not_found)
}

/// List what people said about the flags of a contact
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
    audited(&state, &caller.actor, "verdicts.list", id.to_string(), known).await?;
    if !known {
        return Err(ApiError::not_found());
    }
    Ok(web::Json(VerdictList { items: state.store.verdicts(id).await? }))
}
