//! Sentences that no rule heard, marked on a contact.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::form::invalid;
use super::page::see;
use super::sure::{NoFields, Typed, ask};
use crate::console::{ReviewQuery, SureQuestion};
use crate::desk::MarkAsked;
use crate::domain::{ContactRef, Emotion, Rule};
use crate::http::access::{Allowed, JudgeFlags};
use crate::http::error::ApiError;
use crate::http::state::ServiceState;

/// A sentence to be marked.
#[derive(Deserialize)]
pub(super) struct MarkForm {
    revision: u32,
    turn: String,
    emotion: Emotion,
    rule: Rule,
}

pub(super) async fn mark(
    who: Allowed<JudgeFlags>,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
    asked: web::Query<ReviewQuery>,
    form: web::Form<MarkForm>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let contact: ContactRef = id.parse().map_err(|_| ApiError::not_found())?;
    let turn = form.turn.trim().parse::<usize>().ok().and_then(|turn| turn.checked_sub(1));
    let asked_mark = MarkAsked {
        revision: form.revision,
        utterance: turn.ok_or_else(|| invalid("/turn", "turns are counted from 1"))?,
        emotion: form.emotion,
        rule: form.rule,
    };
    state.desk.mark_sentence(&who, contact, asked_mark).await?;
    Ok(back(contact, &asked))
}

pub(super) async fn unmark(
    who: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (path, asked): (web::Path<(String, String)>, web::Query<ReviewQuery>),
    form: Typed<NoFields>,
) -> Result<HttpResponse, ApiError> {
    if let Some(asked) = ask(who.console()?, &request, &form, SureQuestion::Unmark)? {
        return Ok(asked);
    }
    let (id, mark) = path.into_inner();
    let contact: ContactRef = id.parse().map_err(|_| ApiError::not_found())?;
    let mark = mark.parse().map_err(|_| ApiError::not_found())?;
    state.desk.unmark_sentence(&who, contact, mark).await?;
    Ok(back(contact, &asked))
}

fn back(contact: ContactRef, asked: &ReviewQuery) -> HttpResponse {
    see(&format!("/review/{contact}{}#missed", asked.to_query(asked.cursor.as_deref())))
}
