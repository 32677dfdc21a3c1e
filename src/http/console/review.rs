//! The review queue and its contacts.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::copy::{self, listing};
use super::form::invalid;
use super::page::{frame, language, see};
use crate::console::{
    ContactView, QueueInput, QueueView, RefusedVerdict, Review, ReviewPage, ReviewQuery, Section, SharedWork,
};
use crate::desk::{Caller, DeskError, Judgement};
use crate::domain::{ContactRef, Flag, FlagId, FlagStatus, Objection, Permission, Purpose, UtcMillis};
use crate::http::access::{Allowed, JudgeFlags, ReadContacts, ReadFlags};
use crate::http::error::ApiError;
use crate::http::query;
use crate::http::state::ServiceState;
use crate::store::ReviewClaim;

/// Contacts in one part of the queue: about what a reviewer works off between two breaks.
const PART: u32 = 25;

/// Teams that the filter offers; beyond that a list to choose from is of no help.
const TEAMS: u32 = 500;

pub(super) async fn queue(
    who: Allowed<ReadFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    asked: web::Query<ReviewQuery>,
) -> Result<HttpResponse, ApiError> {
    let claims =
        if who.sees_unconfirmed() { state.desk.claims_of_others(&who, true).await? } else { Vec::new() };
    let queue = part(&who, &request, &state, (&asked, None, &claims)).await?;
    let frame = frame(&request, Some(who.console()?), Section::Review);
    let shown = ReviewPage { frame, queue, contact: None };
    listing(&who, (&request, StatusCode::OK), &state, &shown).await
}

/// A contact beside the part of the queue it was opened from. Whoever reads it is written down.
pub(super) async fn contact(
    who: Allowed<ReadContacts>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
    asked: web::Query<ReviewQuery>,
) -> Result<HttpResponse, ApiError> {
    let id: ContactRef = id.parse().map_err(|_| ApiError::not_found())?;
    show(&who, (&request, StatusCode::OK), &state, (id, &asked, None)).await
}

/// The contact, and why a verdict on it was not kept.
async fn show<P>(
    who: &Allowed<P>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    (id, asked, refused): (ContactRef, &ReviewQuery, Option<RefusedVerdict<'_>>),
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    // Whoever judges reads, too.
    let reader = Caller { purpose: Some(Purpose::Review), ..who.caller.clone() };
    let team = who.team.as_ref();
    let record = state.store.contact(id, team).await?;
    state.desk.write_down(&reader, "contact.read", id.to_string(), record.is_some()).await?;
    let record = record.ok_or_else(ApiError::not_found)?;
    let analysis = state.desk.analysis(who, id).await?;
    let (flags, verdicts) = (state.store.flags_of_contact(id).await?, state.desk.verdicts(who, id).await?);
    let open = flags.iter().any(|row| row.flag.status == FlagStatus::Candidate);
    let judges = session.user.role.allows(Permission::FlagsJudge);
    if judges && open {
        state.desk.claim_review(who, id, state.review_terms).await?;
    }
    // Who looks at what is for those who share the work.
    let claims = if judges { state.desk.claims_of_others(who, !open).await? } else { Vec::new() };
    let queue = part(who, request, state, (asked, Some(id), &claims)).await?;
    let rule_states = state.desk.rule_states().await?;
    let incidents = state.store.incidents_of(id).await?;
    let marks = state.desk.sentence_marks(who, id).await?;
    let appeals = if session.user.role.allows(Permission::AppealsRead) {
        state.store.appeals_of(id).await?
    } else {
        Vec::new()
    };
    let review = Review {
        states: rule_states,
        around: queue.neighbours(),
        flags: &flags,
        verdicts: &verdicts,
        may_judge: judges,
        focus: asked.focus(),
        opened: UtcMillis::now().as_millis(),
        appeals: &appeals,
        incidents: &incidents,
        claims: &claims,
        refused,
        marks: &marks,
        actor: &who.actor.name,
    };
    let contact = Some(ContactView::new(&record, analysis.as_ref(), review, language(request)));
    let frame = frame(request, Some(session), Section::Review);
    listing(who, (request, status), state, &ReviewPage { frame, queue, contact }).await
}

/// What a reviewer says about a flag.
#[derive(Deserialize)]
pub(super) struct VerdictForm {
    flag: FlagId,
    /// The turns it pointed at, as JSON.
    utterances: String,
    revision: u32,
    seen: usize,
    status: FlagStatus,
    objection: Option<Objection>,
    /// When the page was made, in milliseconds.
    opened: Option<i64>,
    note: Option<String>,
    /// Other flags of the same matter, as JSON.
    also: Option<String>,
    /// Where the contact after this one is.
    next: Option<String>,
}

/// Another flag of the same matter.
#[derive(Deserialize)]
struct AlsoFlag {
    flag: FlagId,
    utterances: Vec<usize>,
    seen: usize,
}

/// Most flags of one matter: there is one a rule.
const MOST_ALSO: usize = 9;

/// Keeps a verdict. The reviewer stays while a flag of the contact is open, and then goes on to the next contact.
pub(super) async fn judge(
    who: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (id, asked, form): (web::Path<String>, web::Query<ReviewQuery>, web::Form<VerdictForm>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let VerdictForm { flag, utterances, revision, seen, status, objection, opened, note, also, next } =
        form.into_inner();
    let utterances =
        serde_json::from_str(&utterances).map_err(|_| invalid("/utterances", "no such turns"))?;
    let opened = opened.map(UtcMillis::from_millis);
    let (revision, seen) = (Some(revision), Some(seen));
    let kept_note = note.clone();
    let judgement = Judgement { flag, status, utterances, revision, seen, objection, opened, note };
    let others = also.map(|also| serde_json::from_str::<Vec<AlsoFlag>>(&also)).transpose();
    let others = others.map_err(|_| invalid("/also", "no such flags"))?.unwrap_or_default();
    if others.len() > MOST_ALSO {
        return Err(invalid("/also", "too many flags for one matter"));
    }
    let mut judgements = vec![judgement.clone()];
    judgements.extend(others.into_iter().map(|AlsoFlag { flag, utterances, seen }| Judgement {
        flag,
        utterances,
        seen: Some(seen),
        ..judgement.clone()
    }));
    let contact = match state.desk.judge_together(&who, judgements).await {
        Ok(contact) => contact,
        // Somebody was quicker: the answer says who, and what was written is not lost.
        Err(DeskError::FlagChanged) => {
            let id: ContactRef = id.parse().map_err(|_| ApiError::not_found())?;
            let refused = Some(RefusedVerdict { flag, note: kept_note.as_deref() });
            return show(&who, (&request, StatusCode::CONFLICT), &state, (id, &asked, refused)).await;
        }
        Err(other) => return Err(other.into()),
    };
    let own = format!("/review/{contact}{}", asked.to_query(asked.cursor.as_deref()));
    let flags = state.store.flags_of_contact(contact).await?;
    let states = state.desk.rule_states().await?;
    // Where one rule is the work, the other flags of the contact keep nobody here.
    let wanted = |flag: &Flag| asked.focus().is_none_or(|focus| flag.rule == focus);
    // A hint waits for nobody either.
    let wanted = |flag: &Flag| wanted(flag) && states.counts(flag.rule);
    let open = flags.iter().any(|row| row.flag.status == FlagStatus::Candidate && wanted(&row.flag));
    // Only into the queue: an address that somebody made up leads nowhere else.
    let next =
        next.filter(|next| next.starts_with("/review") && next.bytes().all(|byte| byte.is_ascii_graphic()));
    Ok(see(&next.filter(|_| !open).unwrap_or(own)))
}

async fn part<P>(
    who: &Allowed<P>,
    request: &HttpRequest,
    state: &ServiceState,
    (asked, open, claims): (&ReviewQuery, Option<ContactRef>, &[ReviewClaim]),
) -> Result<QueueView, ApiError> {
    // A cursor that nobody gave out is no reason for an error page: the queue begins at its start.
    let after = asked.cursor.as_deref().and_then(query::decode);
    who.console()?;
    let judges = who.sees_unconfirmed();
    let status =
        if judges { asked.status.clone() } else { Some(FlagStatus::SHOWN_TO_OTHERS.as_str().to_owned()) };
    let asked = &ReviewQuery { status, ..asked.clone() };
    let mut filter = asked.filter(who.team.as_ref());
    filter.without = state.desk.rule_states().await?.not_counted();
    filter.assigned_to = who.account.clone().filter(|_| judges && asked.is_mine());
    let mut found = state.store.review_queue(&filter, after.as_ref(), copy::part(request, PART)).await?;
    let teams = if who.team.is_some() { Vec::new() } else { state.store.teams(TEAMS).await? };
    let next = found.next.as_ref().map(query::encode);
    if !judges {
        for item in &mut found.items {
            item.flags.retain(|flag| flag.status == FlagStatus::SHOWN_TO_OTHERS);
        }
    }
    let pace = if judges { Some(state.desk.pace(who).await?) } else { None };
    let asked_for = if judges { state.desk.asked_reviews(who).await? } else { Vec::new() };
    let listed: Vec<ContactRef> = found.items.iter().map(|item| item.contact.id).collect();
    let given = if judges { state.store.assigned_among(&listed).await? } else { Vec::new() };
    let left = if judges { Some(state.desk.own_load(who).await?) } else { None };
    let input = QueueInput {
        work: SharedWork { claims, given: &given, own: who.account.as_deref(), left },
        items: &found.items,
        total: state.store.review_total(&filter).await?,
        next: next.as_deref(),
        open,
        teams: &teams,
        pace,
        asked: &asked_for,
    };
    Ok(QueueView::new(input, asked, language(request)))
}
