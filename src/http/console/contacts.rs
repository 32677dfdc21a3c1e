//! All contacts, listed and searched, and the searches that somebody keeps.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use uuid::Uuid;

use super::copy::{listing, part};
use super::form::{Done, refused};
use super::page::{frame, language, see};
use crate::console::{ContactsAsked, ContactsInput, ContactsPage, Misread, Notice, Section, Spoken};
use crate::domain::{
    BusinessProcess, Channel, ContactId, ContactRef, ContactState, FlagStatus, Rule, Severity, SourceId,
    StaffId, TeamId,
};
use crate::http::access::{Allowed, ReadContacts};
use crate::http::error::ApiError;
use crate::http::query::{self, Answered, Bound, LeastShare};
use crate::http::state::ServiceState;
use crate::store::{ContactFilter, ContactSearch, ContactSort, SearchWords};

/// Contacts on one page.
const PART: u32 = 25;

/// Teams that the filter offers.
const TEAMS: u32 = 500;

/// A field that somebody filled in.
fn filled(field: Option<&String>) -> Option<&str> {
    field.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// What the form means. What cannot be read is left out, and the page says so where nobody would see it otherwise.
fn understood(asked: &ContactsAsked) -> (ContactSearch, Option<Misread>) {
    let mut misread = None;
    let mut day = |field: Option<&String>| {
        let text = filled(field)?;
        let bound = Bound::read(text);
        if bound.is_none() {
            misread = Some(Misread::Day);
        }
        bound
    };
    let (from, to) = (day(asked.from.as_ref()), day(asked.to.as_ref()));
    let typed = filled(asked.q.as_ref());
    let words = typed.and_then(SearchWords::parse);
    if typed.is_some() && words.is_none() {
        misread = Some(Misread::Words);
    }
    let search = ContactSearch {
        words,
        contact: ContactFilter {
            channel: filled(asked.channel.as_ref()).and_then(Channel::from_name),
            source: filled(asked.source.as_ref()).and_then(|name| SourceId::new(name).ok()),
            contact_id: filled(asked.contact_id.as_ref()).and_then(|name| ContactId::new(name).ok()),
            team: filled(asked.team.as_ref()).and_then(|name| TeamId::new(name).ok()),
            staff: filled(asked.staff.as_ref()).and_then(|name| StaffId::new(name).ok()),
            state: filled(asked.state.as_ref()).and_then(ContactState::from_name),
            since: from.map(Bound::begins),
            until: to.map(Bound::ends),
        },
        process: filled(asked.process.as_ref()).and_then(|name| BusinessProcess::new(name).ok()),
        rule: filled(asked.rule.as_ref()).and_then(Rule::from_name),
        severity: filled(asked.severity.as_ref()).and_then(Severity::from_name),
        status: filled(asked.status.as_ref()).and_then(FlagStatus::from_name),
        judged_by: filled(asked.reviewer.as_ref()).map(|name| format!("user:{name}")),
        survey: filled(asked.survey.as_ref()).and_then(Answered::read).map(|answered| answered.0),
        dissatisfied: filled(asked.dissatisfied.as_ref()).and_then(LeastShare::read).map(|least| least.0),
        sort: filled(asked.sort.as_ref()).and_then(ContactSort::from_name),
    };
    (search, misread)
}

pub(super) async fn list(
    who: Allowed<ReadContacts>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (asked, done): (web::Query<ContactsAsked>, web::Query<Done>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let notice = done.notice(language(&request).texts(), |_| false);
    answer(&who, (&request, StatusCode::OK), &state, (asked.into_inner(), notice)).await
}

async fn answer(
    who: &Allowed<ReadContacts>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    (asked, notice): (ContactsAsked, Option<Notice>),
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let (mut search, misread) = understood(&asked);
    // Whoever belongs to a team cannot ask for another: an old link shows the own one.
    search.contact.team = who.team.clone().or(search.contact.team);
    // A cursor that nobody gave out is no reason for an error page: the list begins at its start.
    let after = asked.cursor.as_deref().and_then(query::decode);
    let found = state.desk.search(who, search, after.as_ref(), part(request, PART)).await?;
    let keys: Vec<ContactRef> = found.hits.items.iter().map(|hit| hit.found.contact.id).collect();
    let flags = state.desk.flags_shown(who, &keys).await?;
    let teams = if who.team.is_some() { Vec::new() } else { state.store.teams(TEAMS).await? };
    let views = state.desk.views(who).await?;
    let next = found.hits.next.as_ref().map(query::encode);
    let input = ContactsInput {
        found: &found,
        flags: &flags,
        next: next.as_deref(),
        teams: &teams,
        views: &views,
        judges: who.sees_unconfirmed(),
    };
    let notice = misread.map(|misread| misread.notice(language(request))).or(notice);
    let frame = frame(request, Some(session), Section::Contacts);
    let shown = ContactsPage::new(frame, input, asked, notice);
    listing(who, (request, status), state, &shown).await
}

/// A search to be kept.
#[derive(Deserialize)]
pub(super) struct ViewForm {
    view: String,
    /// The search as it stands in an address.
    query: String,
}

/// Keeps a search under a name.
pub(super) async fn save_view(
    who: Allowed<ReadContacts>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<ViewForm>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let ViewForm { view, query } = form.into_inner();
    let asked = web::Query::<ContactsAsked>::from_query(query.trim_start_matches('?'));
    let asked = asked.map(web::Query::into_inner).unwrap_or_default();
    // Written anew from what it means: nothing of an address that somebody made up is kept.
    let address = asked.to_query(None);
    let words = filled(asked.q.as_ref()).unwrap_or_default();
    match state.desk.save_view(&who, &view, (&address, words)).await.map_err(ApiError::from) {
        Ok(()) => {
            let joint = if address.is_empty() { '?' } else { '&' };
            Ok(see(&format!("/contacts{address}{joint}done=view_saved")))
        }
        Err(refusal) => {
            let notice = refused(&refusal, view.trim(), language(&request).texts())?;
            let status = refusal.problem().status();
            answer(&who, (&request, status), &state, (asked, Some(notice))).await
        }
    }
}

/// Forgets a search that was kept.
pub(super) async fn drop_view(
    who: Allowed<ReadContacts>,
    state: web::Data<ServiceState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let id: Uuid = id.parse().map_err(|_| ApiError::not_found())?;
    state.desk.drop_view(&who, id).await?;
    Ok(see(&Done::plain("/contacts", "view_deleted")))
}
