//! Care after abuse, and good examples to learn from.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::copy::listing;
use super::form::{Done, end_of_day, invalid, refused};
use super::page::{frame, language, see};
use crate::console::{CarePage, LearningPage, Notice, Section, Spoken, SpokenOfCare};
use crate::domain::{ContactRef, Permission, UtcMillis};
use crate::http::access::{Allowed, CareForStaff, ReadLearning, WriteCoaching};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;

/// What has just been done.
#[derive(Deserialize)]
pub(super) struct CareQuery {
    done: Option<String>,
}

/// What becomes of a task.
#[derive(Deserialize)]
pub(super) struct CareForm {
    act: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    due: String,
}

/// What becomes of an example.
#[derive(Deserialize)]
pub(super) struct LearningForm {
    act: String,
    note: String,
}

fn said(request: &HttpRequest, asked: &CareQuery) -> Option<Notice> {
    let text = language(request).care().said_of(asked.done.as_deref()?)?;
    Some(Notice { good: true, text: text.to_owned() })
}

/// The sentence for a refusal that the person can do something about.
fn notice(request: &HttpRequest, refusal: &ApiError) -> Result<Notice, ApiError> {
    let pointer = refusal.body().pointer;
    let own = pointer.as_deref().and_then(|pointer| language(request).care().refused_at(pointer));
    match (refusal.problem(), own) {
        (Problem::InvalidField, Some(text)) => Ok(Notice { good: false, text: text.to_owned() }),
        _ => refused(refusal, "", language(request).texts()),
    }
}

fn contact_key(id: &str) -> Result<ContactRef, ApiError> {
    id.parse().map_err(|_| ApiError::not_found())
}

pub(super) async fn list(
    who: Allowed<CareForStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    asked: web::Query<CareQuery>,
) -> Result<HttpResponse, ApiError> {
    let notice = said(&request, &asked);
    answer(&who, (&request, StatusCode::OK), &state, notice).await
}

async fn answer(
    who: &Allowed<CareForStaff>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    notice: Option<Notice>,
) -> Result<HttpResponse, ApiError> {
    let frame = frame(request, Some(who.console()?), Section::Care);
    let tasks = state.desk.care(who).await?;
    let names = state.desk.names_seen(who, &*state.desk.figures().await?).await?;
    state.desk.write_down(who, "care.list", "care", true).await?;
    let shown = CarePage::new(frame, &tasks, &names, (UtcMillis::now(), notice));
    listing(who, (request, status), state, &shown).await
}

/// Takes a task over or says that it was done.
pub(super) async fn act(
    who: Allowed<CareForStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<CareForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    match store(&who, &state, (contact_key(&id)?, &form)).await {
        Ok(done) => Ok(see(&Done::plain("/care", done))),
        Err(refusal) => {
            let (said, status) = (notice(&request, &refusal)?, refusal.problem().status());
            answer(&who, (&request, status), &state, Some(said)).await
        }
    }
}

async fn store(
    who: &Allowed<CareForStaff>,
    state: &ServiceState,
    (contact, form): (ContactRef, &CareForm),
) -> Result<&'static str, ApiError> {
    match form.act.as_str() {
        "take" => {
            let due = end_of_day(&form.due)?;
            state.desk.take_care(who, contact, due).await?;
            Ok("taken")
        }
        "finish" => {
            state.desk.finish_care(who, contact, &form.note).await?;
            Ok("finished")
        }
        _ => Err(invalid("/act", "there is no such step")),
    }
}

/// Good examples, for whoever may read them; whoever coaches chooses here, too.
pub(super) async fn learning(
    who: Allowed<ReadLearning>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    asked: web::Query<CareQuery>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let released = state.desk.learning().await?;
    let desk = if session.user.role.allows(Permission::CoachingWrite) {
        Some(state.desk.learning_desk(&who).await?)
    } else {
        None
    };
    state.desk.write_down(&who, "learning.read", "learning", true).await?;
    let notice = said(&request, &asked);
    let frame = frame(&request, Some(session), Section::Learning);
    let shown = LearningPage::new(frame, &released, desk.as_ref(), notice);
    listing(&who, (&request, StatusCode::OK), &state, &shown).await
}

/// Chooses an example or takes it out.
pub(super) async fn choose(
    who: Allowed<WriteCoaching>,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<LearningForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let contact = contact_key(&id)?;
    match form.act.as_str() {
        "choose" => {
            state.desk.choose_learning(&who, contact, &form.note).await?;
            Ok(see(&Done::plain("/learning", "chosen")))
        }
        "drop" => {
            state.desk.drop_learning(&who, contact).await?;
            Ok(see(&Done::plain("/learning", "dropped")))
        }
        _ => Err(invalid("/act", "there is no such step")),
    }
}

/// Releases everything that was chosen.
pub(super) async fn release(
    who: Allowed<WriteCoaching>,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    state.desk.release_learning(&who).await?;
    Ok(see(&Done::plain("/learning", "released")))
}
