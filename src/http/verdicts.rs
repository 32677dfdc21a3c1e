//! What people say about flags.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, JudgeFlags, ReadFlags};
use super::error::{ApiError, Problem, ProblemBody};
use super::improvement::{key, note, read};
use super::reading::{audited, contact_key};
use super::routes::Entry;
use super::state::ServiceState;
use crate::domain::{ContactRef, FlagId, FlagStatus, TeamId, UtcMillis};
use crate::store::{Actor, Judged, NewVerdict, Verdict};

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
    /// The turns that were listened to, as the flag named them.
    pub(super) utterances: Vec<usize>,
    /// The revision that was listened to; absent for the current one.
    pub(super) revision: Option<u32>,
    /// How many verdicts on the same turns were known; absent where it does not matter.
    pub(super) seen: Option<usize>,
    /// Why, at most 500 characters; no customer's data.
    pub(super) note: Option<String>,
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
    items: Vec<Verdict>,
}

/// Confirm or reject a flag
///
/// For people who have listened to the contact; whoever sends it is kept beside it, and so is every earlier verdict. A
/// confirmed flag counts as evidence before anybody is named for coaching or praise, and the person sees it. It is kept
/// when the contact is analysed anew and the same rule points at the same turns.
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
    let body: VerdictBody = read(&request, &state, payload).await?;
    let status = body.status;
    let contact = judge(&state, &caller.actor, caller.team.as_ref(), (flag, body)).await?;
    Ok(HttpResponse::build(StatusCode::OK).json(JudgedFlag { flag, contact, status }))
}

/// Keeps a verdict; the contact it is about. What the API and the console do alike.
pub(super) async fn judge(
    state: &ServiceState,
    actor: &Actor,
    team: Option<&TeamId>,
    (flag, body): (FlagId, VerdictBody),
) -> Result<ContactRef, ApiError> {
    let VerdictBody { status, utterances, revision, seen, note: given } = body;
    let given = given.as_deref().filter(|text| !text.trim().is_empty());
    let verdict = NewVerdict {
        flag,
        utterances,
        revision,
        seen,
        status,
        note: given.map(|text| note(state, text)).transpose()?,
        by: actor.clone(),
        at: UtcMillis::now(),
    };
    // What somebody is named for hangs on it, within a minute: figures that were computed anew for every verdict would
    // never be kept.
    match state.store.judge(&verdict, team).await? {
        Judged::Kept(contact) => Ok(contact),
        Judged::Changed => {
            let why = "it was analysed or judged anew; read it again";
            Err(ApiError::new(Problem::FlagChanged, why))
        }
        Judged::Unknown => {
            audited(state, actor, "flag.judge", flag.0.to_string(), false).await?;
            Err(ApiError::not_found())
        }
    }
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
