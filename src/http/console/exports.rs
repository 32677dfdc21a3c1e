//! Copies: tables at once, words of contacts after a second person has approved it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::copy::listing;
use super::form::{Done, day, invalid, team};
use super::page::{frame, language, see};
use crate::console::{ExportsPage, Notice, Section, SpokenOfExports};
use crate::desk::{DeskError, ExportAsked, ExportFilter};
use crate::domain::{DAY_MILLIS, ExportForm, ExportKind, ExportReason, Permission, UtcMillis};
use crate::http::access::{Allowed, ApproveExports, ReadContacts, UseConsole};
use crate::http::body;
use crate::http::error::{ApiError, Problem};
use crate::http::exports::send;
use crate::http::state::ServiceState;

const ADDRESS: &str = "/exports";

/// What is asked for, as a form sends it: an empty field means none.
#[derive(Deserialize)]
pub(super) struct ExportTyped {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    form: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    team: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// Yes or no.
#[derive(Deserialize)]
pub(super) struct Decided {
    approve: String,
}

fn asked(typed: &ExportTyped) -> Result<ExportAsked, ApiError> {
    let unknown = |pointer| move || invalid(pointer, "this is no choice of the list");
    let kind = ExportKind::from_name(&typed.kind).ok_or_else(unknown("/kind"))?;
    let form = ExportForm::from_name(&typed.form).ok_or_else(unknown("/form"))?;
    let reason = ExportReason::from_name(&typed.reason).ok_or_else(unknown("/reason"))?;
    let mut filter = ExportFilter { team: team(&typed.team)?, ..ExportFilter::default() };
    if !matches!(kind, ExportKind::Staff | ExportKind::Teams) {
        filter.since = day(&typed.from)?;
        // The day that is named last belongs to it.
        filter.until = day(&typed.to)?.map(|day| day.plus_millis(DAY_MILLIS));
    }
    Ok(ExportAsked { kind, form, reason, filter })
}

pub(super) async fn list(
    who: Allowed<ReadContacts>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    done: web::Query<Done>,
) -> Result<HttpResponse, ApiError> {
    let w = language(&request).exports();
    let said = [("export_asked", w.done_asked), ("export_decided", w.done_decided)];
    let said = said.into_iter().find(|(name, _)| done.is(name));
    let notice = said.map(|(_, text)| Notice { good: true, text: text.to_owned() });
    show(&who, &request, &state, (StatusCode::OK, notice)).await
}

async fn show(
    who: &Allowed<ReadContacts>,
    request: &HttpRequest,
    state: &ServiceState,
    (status, notice): (StatusCode, Option<Notice>),
) -> Result<HttpResponse, ApiError> {
    let requests = state.desk.export_requests(who).await?;
    let frame = frame(request, Some(who.console()?), Section::Exports);
    let since = UtcMillis::now().plus_millis(-DAY_MILLIS);
    listing(who, (request, status), state, &ExportsPage { frame, notice, requests, since }).await
}

/// A table without words. Which permission it needs depends on what is asked for.
pub(super) async fn file(
    who: Allowed<UseConsole>,
    state: web::Data<ServiceState>,
    typed: web::Query<ExportTyped>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let asked = asked(&typed)?;
    let needed = match asked.kind {
        ExportKind::Contacts | ExportKind::Analyses => Permission::ContactsRead,
        ExportKind::Flags => Permission::FlagsRead,
        ExportKind::Staff | ExportKind::Teams => Permission::StaffRead,
    };
    if !who.may(needed) {
        return Err(ApiError::new(Problem::Forbidden, format!("the permission `{needed}` is needed")));
    }
    let exporting = state.desk.export(&who, asked).await?;
    send(exporting, true)
}

pub(super) async fn ask(
    who: Allowed<ReadContacts>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<ExportTyped>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let kept = async {
        let asked = asked(&form)?;
        Ok::<_, ApiError>(state.desk.ask_export(&who, asked).await?)
    };
    match kept.await {
        Ok(_) => Ok(see(&Done::plain(ADDRESS, "export_asked"))),
        Err(refusal) if matches!(refusal.problem(), Problem::InvalidField | Problem::Forbidden) => {
            let text = language(&request).exports().bad.to_owned();
            show(&who, &request, &state, (refusal.problem().status(), Some(Notice { good: false, text })))
                .await
        }
        Err(other) => Err(other),
    }
}

pub(super) async fn decide(
    who: Allowed<ApproveExports>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    form: web::Form<Decided>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    state.desk.decide_export(&who, body::key(&request)?, form.approve == "yes").await?;
    Ok(see(&Done::plain(ADDRESS, "export_decided")))
}

/// The file that a second person approved. A POST, for it is taken once.
pub(super) async fn take(
    who: Allowed<ReadContacts>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    match state.desk.take_export(&who, body::key(&request)?).await {
        Ok(exporting) => send(exporting, true),
        Err(DeskError::ApprovalNeeded) => {
            let text = language(&request).exports().bad_gone.to_owned();
            show(&who, &request, &state, (StatusCode::FORBIDDEN, Some(Notice { good: false, text }))).await
        }
        Err(other) => Err(other.into()),
    }
}
