//! The random sample: its plan, and reading what was drawn.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use uuid::Uuid;

use super::copy::listing;
use super::form::{Done, day, invalid};
use super::page::{frame, language, page, see};
use crate::console::{Notice, ReadTask, SampleInput, SamplePage, SamplesPage, Section};
use crate::desk::{DeskError, NextStep, PlanAsked, ReadingAsked};
use crate::domain::{Emotion, FlagStatus, Permission, Rule, UtcMillis};
use crate::http::access::{Allowed, JudgeFlags, ManageQuality, ReadQuality};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;
use crate::store::{FoundRule, Reply, SampleAnswer, SampleUnit};

/// A version of the plan.
#[derive(Deserialize)]
pub(super) struct PlanForm {
    unit: SampleUnit,
    per_week: String,
    since: String,
}

/// What has just been done.
#[derive(Deserialize)]
pub(super) struct SampleDone {
    done: Option<String>,
}

pub(super) async fn list(
    who: Allowed<ReadQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    said: web::Query<SampleDone>,
) -> Result<HttpResponse, ApiError> {
    let lang = language(&request);
    let notice = match said.done.as_deref() {
        Some("planned") => Some(SamplesPage::planned(lang)),
        Some("read") => Some(SamplesPage::read_over(lang)),
        _ => None,
    };
    show(&who, (&request, StatusCode::OK), &state, notice).await
}

async fn show<P>(
    who: &Allowed<P>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    notice: Option<Notice>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let reads = session.user.role.allows(Permission::FlagsJudge);
    let standing = state.desk.sample_standing(who, reads).await?;
    let frame = frame(request, Some(session), Section::Samples);
    listing(who, (request, status), state, &SamplesPage::new(frame, standing, notice)).await
}

pub(super) async fn plan(
    who: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<PlanForm>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    match store(&who, &state, &form).await {
        Ok(()) => Ok(see(&Done::plain("/samples", "planned"))),
        Err(refusal) if matches!(refusal.problem(), Problem::InvalidField | Problem::Forbidden) => {
            let other_team = refusal.problem() == Problem::Forbidden;
            let notice = SamplesPage::not_planned(language(&request), other_team);
            show(&who, (&request, refusal.problem().status()), &state, Some(notice)).await
        }
        Err(refusal) => Err(refusal),
    }
}

async fn store(who: &Allowed<ManageQuality>, state: &ServiceState, form: &PlanForm) -> Result<(), ApiError> {
    let per_week =
        form.per_week.trim().parse().map_err(|_| invalid("/per_week", "a number from 0 to 100"))?;
    let asked = PlanAsked { unit: form.unit, per_week, seed: None, since: day(&form.since)? };
    state.desk.plan_sample(who, asked).await?;
    Ok(())
}

/// Leads to the contact that the reader is to read next.
pub(super) async fn next(
    who: Allowed<JudgeFlags>,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    go_on(&who, &state, "").await
}

async fn go_on(
    who: &Allowed<JudgeFlags>,
    state: &ServiceState,
    said: &str,
) -> Result<HttpResponse, ApiError> {
    Ok(match state.desk.next_of_sample(who).await? {
        Some(draw) => see(&format!("/samples/{}{said}", draw.id)),
        None => see(&Done::plain("/samples", "read")),
    })
}

/// A contact of the sample. Whoever reads it is written down.
pub(super) async fn contact(
    who: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, said): (web::Path<String>, web::Query<SampleDone>),
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let draw = key(&id)?;
    let read = state.desk.sample_to_read(&who, draw).await?;
    if read.own.as_ref().is_some_and(|own| own.done) {
        return go_on(&who, &state, "").await;
    }
    let rule = read.own.as_ref().and_then(crate::store::OwnReading::open);
    let flags = match rule {
        Some(_) => state.store.flags_of_contact(read.record.id).await?,
        None => Vec::new(),
    };
    let draw = draw.to_string();
    let input = SampleInput {
        task: ReadTask::Sample,
        key: &draw,
        opened: UtcMillis::now().as_millis(),
        flag: flags.iter().find(|row| Some(row.flag.rule) == rule),
        rule,
    };
    let taken = said.done.as_deref() == Some("taken");
    let frame = frame(&request, Some(session), Section::Samples);
    page(&request, StatusCode::OK, &SamplePage::new(frame, &read.record, input, taken))
}

/// Keeps the first word, and goes on with a flag that was not named or with the next contact.
pub(super) async fn read(
    who: Allowed<JudgeFlags>,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<HashMap<String, String>>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let draw = key(&id)?;
    after(&who, &state, draw, state.desk.read_sample(&who, draw, asked(&form)?).await).await
}

/// What a reader says of a contact, as the form sends it.
pub(super) fn asked(form: &HashMap<String, String>) -> Result<ReadingAsked, ApiError> {
    let revision = form.get("revision").and_then(|text| text.parse().ok());
    Ok(ReadingAsked {
        revision: revision.ok_or_else(|| invalid("/revision", "the revision that was read"))?,
        answer: if form.contains_key("none") { SampleAnswer::default() } else { answer(form)? },
        opened: form.get("opened").and_then(|text| text.parse().ok()).map(UtcMillis::from_millis),
    })
}

/// Rules that were chosen, each with its turn.
fn answer(form: &HashMap<String, String>) -> Result<SampleAnswer, ApiError> {
    let mut answer = SampleAnswer::default();
    for rule in Rule::ALL.iter().copied() {
        if form.contains_key(&format!("unclear_{rule}")) {
            answer.unclear.push(rule);
        } else if form.contains_key(rule.as_str()) {
            let turn =
                form.get(&format!("turn_{rule}")).map(|text| text.trim()).filter(|text| !text.is_empty());
            let turn = turn.map(|text| text.parse::<usize>().ok().and_then(|turn| turn.checked_sub(1)));
            if turn == Some(None) {
                return Err(invalid("/turn", "turns are counted from 1"));
            }
            let emotion = form.get(&format!("emotion_{rule}")).and_then(|name| Emotion::from_name(name));
            answer.found.push(FoundRule { rule, turn: turn.flatten(), emotion });
        }
    }
    Ok(answer)
}

/// What a reader says about a flag that was shown afterwards.
#[derive(Deserialize)]
pub(super) struct ReplyForm {
    rule: Rule,
    status: FlagStatus,
}

pub(super) async fn reply(
    who: Allowed<JudgeFlags>,
    state: web::Data<ServiceState>,
    (id, form): (web::Path<String>, web::Form<ReplyForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let draw = key(&id)?;
    let reply = Reply { rule: form.rule, status: form.status };
    after(&who, &state, draw, state.desk.reply_to_flag(&who, draw, reply).await).await
}

async fn after(
    who: &Allowed<JudgeFlags>,
    state: &ServiceState,
    draw: Uuid,
    step: Result<NextStep, DeskError>,
) -> Result<HttpResponse, ApiError> {
    match step {
        Ok(NextStep::Flag(_)) => Ok(see(&format!("/samples/{draw}"))),
        Ok(NextStep::Done) => go_on(who, state, "").await,
        // A colleague was quicker, or the contact came anew: nothing that the reader could mend.
        Err(DeskError::FlagChanged) => go_on(who, state, "?done=taken").await,
        Err(other) => Err(other.into()),
    }
}

pub(super) fn key(text: &str) -> Result<Uuid, ApiError> {
    text.parse().map_err(|_| ApiError::not_found())
}
