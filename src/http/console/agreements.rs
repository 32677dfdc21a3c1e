//! Agreeing coaching, reading one agreement, and the catalogue of trainings.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use uuid::Uuid;

use super::copy::listing;
use super::form::{Done, end_of_day, invalid, refused};
use super::page::{frame, language, page, see};
use crate::console::{
    AgreeInput, AgreePage, AgreeTyped, AgreementPage, Notice, Section, Spoken, SpokenOfAgreements,
    TrainingTyped, TrainingsPage,
};
use crate::desk::trainings::TrainingAsked;
use crate::desk::{ClipAsked, CoachingAsked, CoachingMore, CoachingPaper};
use crate::domain::{Programme, StaffId, UtcMillis};
use crate::http::access::{Allowed, ReadOwn, ReadStaff, WriteCoaching, WriteTrainings};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;
use crate::staff::Indicator;

/// Flags from which pieces may be chosen.
const FLAGS: u32 = 50;

/// What has just been done.
#[derive(Deserialize)]
pub(super) struct SaidQuery {
    done: Option<String>,
}

/// What becomes of an agreement.
#[derive(Deserialize)]
pub(super) struct ActForm {
    act: String,
}

/// What the person says.
#[derive(Deserialize)]
pub(super) struct ReadForm {
    note: String,
}

fn said(request: &HttpRequest, asked: &SaidQuery) -> Option<Notice> {
    let text = language(request).agreements().said_of(asked.done.as_deref()?)?;
    Some(Notice { good: true, text: text.to_owned() })
}

/// The sentence for a refusal that the person can do something about.
fn notice(request: &HttpRequest, refusal: &ApiError) -> Result<Notice, ApiError> {
    let pointer = refusal.body().pointer;
    let own = pointer.as_deref().and_then(|pointer| language(request).agreements().refused_at(pointer));
    match (refusal.problem(), own) {
        (Problem::InvalidField, Some(text)) => Ok(Notice { good: false, text: text.to_owned() }),
        _ => refused(refusal, "", language(request).texts()),
    }
}

/// The form for one person, filled in as far as it can be.
pub(super) async fn form(
    who: Allowed<WriteCoaching>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    show_form(&who, (&request, StatusCode::OK), &state, &id, TypedForm::default()).await
}

/// What was typed before, and why it was refused.
#[derive(Default)]
struct TypedForm<'a> {
    typed: Option<&'a AgreeTyped>,
    notice: Option<Notice>,
}

async fn show_form(
    who: &Allowed<WriteCoaching>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    id: &str,
    TypedForm { typed, notice }: TypedForm<'_>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let staff = StaffId::new(id).map_err(|_| ApiError::not_found())?;
    let person = state.desk.person(who, &staff).await?;
    state.desk.write_down(who, "staff.read", staff.as_str(), true).await?;
    let file = state.desk.file_of(&staff, &person.figures, FLAGS).await?;
    let trainings = state.desk.trainings().await?;
    let input = AgreeInput {
        line: person.line().ok_or_else(ApiError::not_found)?,
        name: file.name.as_deref(),
        flags: &file.flags,
        trainings: &trainings,
        typed,
        now: UtcMillis::now(),
    };
    page(request, status, &AgreePage::new(frame(request, Some(session), Section::Coaching), input, notice))
}

pub(super) async fn agree(
    who: Allowed<WriteCoaching>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    typed: web::Form<AgreeTyped>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    match store(&who, &state, &typed).await {
        Ok(id) => Ok(see(&Done::plain(&format!("/coaching/agreements/{id}"), "agreed"))),
        Err(refusal) => {
            let (said, status) = (notice(&request, &refusal)?, refusal.problem().status());
            let shown = TypedForm { typed: Some(&typed), notice: Some(said) };
            show_form(&who, (&request, status), &state, typed.staff.trim(), shown).await
        }
    }
}

async fn store(
    who: &Allowed<WriteCoaching>,
    state: &ServiceState,
    typed: &AgreeTyped,
) -> Result<Uuid, ApiError> {
    let staff = StaffId::new(typed.staff.trim()).map_err(|_| ApiError::not_found())?;
    let indicator = Indicator::from_name(&typed.indicator);
    let indicator = indicator.ok_or_else(|| invalid("/indicator", "there is no such behaviour"))?;
    let training = given(&typed.training).map(str::parse).transpose();
    let more = CoachingMore {
        due_at: end_of_day(&typed.due)?,
        programme: Programme::from_name(&typed.programme),
        training: training.map_err(|_| invalid("/training", "a key of the catalogue"))?,
        private_note: Some(typed.private.clone()),
        shared_note: Some(typed.shared.clone()),
        clips: clips(typed)?,
    };
    let asked = CoachingAsked { staff, indicator, note: typed.note.clone(), more };
    Ok(state.desk.agree_coaching(who, asked).await?.id)
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn clips(typed: &AgreeTyped) -> Result<Vec<ClipAsked>, ApiError> {
    let refused = || invalid("/clips", "a contact with its first and last turn");
    let chosen = [(&typed.clip1, false), (&typed.clip2, false), (&typed.good, true)];
    let mut clips = Vec::new();
    for (value, good) in chosen {
        let Some(value) = given(value) else { continue };
        let mut parts = value.split('/');
        let mut next = || parts.next().ok_or_else(refused);
        let contact = next()?.parse().map_err(|_| refused())?;
        let first = next()?.parse().map_err(|_| refused())?;
        let last = next()?.parse().map_err(|_| refused())?;
        let clip = ClipAsked { contact, first, last, good };
        if !clips.contains(&clip) {
            clips.push(clip);
        }
    }
    if let Some(address) = given(&typed.other) {
        // The address of its page, or its key alone.
        let key = address.split(['/', '?', '#']).find_map(|part| part.parse().ok());
        let turn = |text: &str| text.trim().parse::<usize>().ok().and_then(|turn| turn.checked_sub(1));
        let (Some(contact), Some(first), Some(last)) = (key, turn(&typed.from), turn(&typed.to)) else {
            return Err(refused());
        };
        clips.push(ClipAsked { contact, first, last, good: true });
    }
    Ok(clips)
}

/// One agreement for whoever coaches. The read is written down.
pub(super) async fn one(
    who: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, asked): (web::Path<String>, web::Query<SaidQuery>),
) -> Result<HttpResponse, ApiError> {
    let frame = frame(&request, Some(who.console()?), Section::Coaching);
    let id = key(&id)?;
    let found = state.desk.agreement(&who, id).await;
    state.desk.write_down(&who, "coaching.read", id.to_string(), found.is_ok()).await?;
    let agreement: CoachingPaper = found?;
    let notice = said(&request, &asked);
    let shown = AgreementPage::new(frame, &agreement, (false, UtcMillis::now()), notice);
    page(&request, StatusCode::OK, &shown)
}

/// Says that an agreement was kept, or takes it back.
pub(super) async fn act(
    who: Allowed<WriteCoaching>,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<ActForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let id = key(&id)?;
    match form.act.as_str() {
        "finish" => {
            state.desk.finish_coaching(&who, id).await?;
            Ok(see(&Done::plain(&format!("/coaching/agreements/{id}"), "finished")))
        }
        "end" => {
            state.desk.end_coaching(&who, id).await?;
            Ok(see(&Done::plain("/coaching", "coaching_ended")))
        }
        _ => Err(invalid("/act", "there is no such step")),
    }
}

/// An agreement with the viewer. The read is written down.
pub(super) async fn own(
    who: Allowed<ReadOwn>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, asked): (web::Path<String>, web::Query<SaidQuery>),
) -> Result<HttpResponse, ApiError> {
    own_answer(&who, (&request, StatusCode::OK), &state, (key(&id)?, said(&request, &asked))).await
}

async fn own_answer(
    who: &Allowed<ReadOwn>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    (id, notice): (Uuid, Option<Notice>),
) -> Result<HttpResponse, ApiError> {
    let frame = frame(request, Some(who.console()?), Section::Own);
    let found = state.desk.own_agreement(who, id).await;
    state.desk.write_down(who, "coaching.read_own", id.to_string(), found.is_ok()).await?;
    let agreement: CoachingPaper = found?;
    page(request, status, &AgreementPage::new(frame, &agreement, (true, UtcMillis::now()), notice))
}

/// Says that an own agreement was read.
pub(super) async fn own_read(
    who: Allowed<ReadOwn>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<ReadForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let id = key(&id)?;
    match state.desk.acknowledge_coaching(&who, id, Some(&form.note)).await.map_err(ApiError::from) {
        Ok(()) => Ok(see(&Done::plain(&format!("/me/coaching/{id}"), "acknowledged"))),
        Err(refusal) => {
            let (said, status) = (notice(&request, &refusal)?, refusal.problem().status());
            own_answer(&who, (&request, status), &state, (id, Some(said))).await
        }
    }
}

pub(super) async fn catalogue(
    who: Allowed<WriteTrainings>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    asked: web::Query<SaidQuery>,
) -> Result<HttpResponse, ApiError> {
    let notice = said(&request, &asked);
    show_catalogue(&who, (&request, StatusCode::OK), &state, (None, notice)).await
}

async fn show_catalogue(
    who: &Allowed<WriteTrainings>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    (typed, notice): (Option<&TrainingTyped>, Option<Notice>),
) -> Result<HttpResponse, ApiError> {
    let frame = frame(request, Some(who.console()?), Section::Coaching);
    let shown = TrainingsPage::new(frame, &state.desk.trainings().await?, typed, notice);
    listing(who, (request, status), state, &shown).await
}

pub(super) async fn add(
    who: Allowed<WriteTrainings>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    typed: web::Form<TrainingTyped>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    match store_training(&who, &state, &typed).await {
        Ok(()) => Ok(see(&Done::plain("/trainings", "added"))),
        Err(refusal) => {
            let (said, status) = (notice(&request, &refusal)?, refusal.problem().status());
            show_catalogue(&who, (&request, status), &state, (Some(&typed), Some(said))).await
        }
    }
}

async fn store_training(
    who: &Allowed<WriteTrainings>,
    state: &ServiceState,
    typed: &TrainingTyped,
) -> Result<(), ApiError> {
    let programme = Programme::from_name(&typed.programme);
    let asked = TrainingAsked {
        title: typed.title.clone(),
        title_en: typed.title_en.clone(),
        indicator: Indicator::from_name(&typed.indicator),
        programme: programme.ok_or_else(|| invalid("/programme", "there is no such programme"))?,
        about: typed.about.clone(),
    };
    state.desk.add_training(who, asked).await?;
    Ok(())
}

pub(super) async fn retire(
    who: Allowed<WriteTrainings>,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    state.desk.retire_training(&who, key(&id)?).await?;
    Ok(see(&Done::plain("/trainings", "retired")))
}

fn key(id: &str) -> Result<Uuid, ApiError> {
    id.parse().map_err(|_| ApiError::not_found())
}
