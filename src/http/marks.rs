//! Sentences that a reviewer heard and no rule did.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::{Allowed, JudgeFlags};
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, NoQuery};
use super::rows::row;
use super::state::ServiceState;
use crate::desk::MarkAsked;
use crate::domain::{ContactRef, Emotion, Rule, UtcMillis};
use crate::store::SentenceMark;

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/contacts/{id}/marks", "list_marks", list_marks),
        Entry::post("/api/v1/contacts/{id}/marks", "mark_sentence", mark_sentence),
        Entry::post("/api/v1/contacts/{id}/marks/{mark}/remove", "unmark_sentence", unmark_sentence),
    ]
}

row! {
    /// A sentence that a person heard and no rule did.
    #[schema(as = SentenceMark)]
    ListedSentenceMark of SentenceMark {
        /// Our key.
        id: Uuid,
        /// Revision that was listened to.
        revision: u32,
        /// Turn or sentence, from 0.
        utterance: usize,
        /// What it expresses.
        emotion: Emotion,
        /// What should have heard it.
        rule: Rule,
        /// Whether it was said about a draw of the random sample, where it counts for recall.
        sampled: bool,
        /// Account.
        marked_by: String,
        /// When.
        #[schema(value_type = String, format = DateTime)]
        marked_at: UtcMillis,
    }
}

/// Sentences of a contact that were marked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MarkList {
    /// In their order in the contact.
    items: Vec<ListedSentenceMark>,
}

/// A sentence to be marked.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkBody {
    /// Revision that was listened to.
    revision: u32,
    /// Turn or sentence, from 0.
    utterance: usize,
    /// What it expresses.
    emotion: Emotion,
    /// What should have heard it.
    rule: Rule,
}

/// List sentences of a contact that no rule heard
#[utoipa::path(
    get,
    path = "/api/v1/contacts/{id}/marks",
    operation_id = "list_marks",
    tag = "flags",
    params(("id" = Uuid, Path, description = "Key of the contact")),
    responses(
        (status = 200, body = MarkList, description = "The marks"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such contact"),
    )
)]
async fn list_marks(
    caller: Allowed<JudgeFlags>,
    request: HttpRequest,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<MarkList>, ApiError> {
    let contact = ContactRef(key(&request)?);
    let found = state.desk.sentence_marks(&caller, contact).await;
    state.desk.write_down(&caller, "sentence.marks", contact.to_string(), found.is_ok()).await?;
    Ok(web::Json(MarkList { items: found?.into_iter().map(ListedSentenceMark::from).collect() }))
}

/// Mark a sentence that no rule heard
///
/// Only what is said about a draw of the random sample counts for recall.
#[utoipa::path(
    post,
    path = "/api/v1/contacts/{id}/marks",
    operation_id = "mark_sentence",
    tag = "flags",
    params(("id" = Uuid, Path, description = "Key of the contact")),
    request_body = MarkBody,
    responses(
        (status = 204, description = "Marked"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such contact"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`flag_changed`: the contact is another revision by now"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "The contact has no such turn or sentence"),
    )
)]
async fn mark_sentence(
    caller: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let contact = ContactRef(key(&request)?);
    let MarkBody { revision, utterance, emotion, rule } = read(&request, &state, payload).await?;
    let asked = MarkAsked { revision, utterance, emotion, rule };
    state.desk.mark_sentence(&caller, contact, asked).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take an own mark back
///
/// What was said about a draw of the random sample stays.
#[utoipa::path(
    post,
    path = "/api/v1/contacts/{id}/marks/{mark}/remove",
    operation_id = "unmark_sentence",
    tag = "flags",
    params(("id" = Uuid, Path, description = "Key of the contact"), ("mark" = Uuid, Path, description = "Key of the mark")),
    responses(
        (status = 204, description = "Taken back"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such mark of one's own"),
    )
)]
async fn unmark_sentence(
    caller: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let mark = request.match_info().get("mark").and_then(|mark| mark.parse().ok());
    let mark = mark.ok_or_else(ApiError::not_found)?;
    state.desk.unmark_sentence(&caller, ContactRef(key(&request)?), mark).await?;
    Ok(HttpResponse::NoContent().finish())
}
