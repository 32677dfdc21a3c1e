//! Inspection forms: making them, filling one in for a contact, and the own sheets of staff.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use uuid::Uuid;

use super::form::{Done, invalid};
use super::page::{frame, language, page, see};
use crate::console::{
    FormPage, FormTyped, FormsPage, Notice, OwnSheetsPage, Section, SheetInput, SheetPage,
    SpokenOfForms as _, fill,
};
use crate::desk::forms::{BlankSheet, FormAsked, FormFault, MarkGiven, SheetAsked, check_form, parse_form};
use crate::domain::{ContactRef, Permission, Points};
use crate::http::access::{Allowed, JudgeFlags, ManageQuality, ReadOwn, ReadQuality};
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;

/// Which form is filled in, and what has just been done.
#[derive(Deserialize)]
pub(super) struct FormQuery {
    done: Option<String>,
    form: Option<Uuid>,
}

/// What becomes of a version.
#[derive(Deserialize)]
pub(super) struct FormStep {
    act: String,
}

/// A sheet as the page sends it: fields are named after the items.
type SheetTyped = BTreeMap<String, String>;

fn said(request: &HttpRequest, asked: &FormQuery) -> Option<Notice> {
    let text = language(request).forms().said_of(asked.done.as_deref()?)?;
    Some(Notice { good: true, text: text.to_owned() })
}

pub(super) async fn list(
    who: Allowed<ReadQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    asked: web::Query<FormQuery>,
) -> Result<HttpResponse, ApiError> {
    let frame = frame(&request, Some(who.console()?), Section::Forms);
    let forms = state.desk.forms().await?;
    state.desk.write_down(&who, "forms.list", "forms", true).await?;
    page(&request, StatusCode::OK, &FormsPage::new(frame, &forms, None, said(&request, &asked)))
}

/// Reads what was typed as a form.
fn read_form(typed: &FormTyped) -> Result<FormAsked, FormFault> {
    check_form(&FormAsked { title: typed.title.clone(), groups: parse_form(&typed.plan)? })
}

/// Keeps a draft. What is refused stands in its fields again, with the reason above.
pub(super) async fn draft(
    who: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    typed: web::Form<FormTyped>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let of = Some(typed.of.trim()).filter(|of| !of.is_empty()).map(str::parse::<Uuid>).transpose();
    let of = of.map_err(|_| ApiError::not_found())?;
    match read_form(&typed) {
        Ok(asked) => {
            let (id, version) = state.desk.draft_form(&who, of, &asked).await?;
            Ok(see(&Done::plain(&format!("/forms/{id}/{version}"), "drafted")))
        }
        Err(fault) => {
            let notice = Notice { good: false, text: fault.say(language(&request)) };
            let frame = frame(&request, Some(session), Section::Forms);
            let shown = FormsPage::new(frame, &state.desk.forms().await?, Some(&typed), Some(notice));
            page(&request, StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// One version, with what its sheets say together.
pub(super) async fn one(
    who: Allowed<ReadQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (place, asked): (web::Path<(Uuid, u32)>, web::Query<FormQuery>),
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let (id, version) = place.into_inner();
    let found = state.desk.form_results(&who, id, version).await?;
    state.desk.write_down(&who, "forms.list", format!("{id}/{version}"), true).await?;
    let manages = session.user.role.allows(Permission::QualityManage);
    let frame = frame(&request, Some(session), Section::Forms);
    page(&request, StatusCode::OK, &FormPage::new(frame, &found, manages, said(&request, &asked)))
}

/// Publishes or retires a version.
pub(super) async fn act(
    who: Allowed<ManageQuality>,
    state: web::Data<ServiceState>,
    (place, form): (web::Path<(Uuid, u32)>, web::Form<FormStep>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let (id, version) = place.into_inner();
    let done = match form.act.as_str() {
        "publish" => {
            state.desk.publish_form(&who, id, version).await?;
            "published"
        }
        "retire" => {
            state.desk.retire_form(&who, id).await?;
            "retired"
        }
        _ => return Err(invalid("/act", "there is no such step")),
    };
    Ok(see(&Done::plain(&format!("/forms/{id}/{version}"), done)))
}

/// The sheets of a contact, and a form to be filled in where one is chosen.
pub(super) async fn sheets(
    who: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (contact, asked): (web::Path<ContactRef>, web::Query<FormQuery>),
) -> Result<HttpResponse, ApiError> {
    let blank = match asked.form {
        Some(form) => Some(state.desk.blank_sheet(*contact, form).await?),
        None => None,
    };
    let shown = ShownSheet { blank: blank.as_ref(), typed: None, notice: said(&request, &asked) };
    show_sheets(&who, (&request, StatusCode::OK), &state, (*contact, shown)).await
}

/// What stands on the page of sheets.
struct ShownSheet<'a> {
    blank: Option<&'a BlankSheet>,
    typed: Option<&'a SheetTyped>,
    notice: Option<Notice>,
}

async fn show_sheets(
    who: &Allowed<JudgeFlags>,
    (request, status): (&HttpRequest, StatusCode),
    state: &ServiceState,
    (contact, ShownSheet { blank, typed, notice }): (ContactRef, ShownSheet<'_>),
) -> Result<HttpResponse, ApiError> {
    let frame = frame(request, Some(who.console()?), Section::Review);
    let sheets = state.desk.sheets(who, contact).await?;
    let record = state.store.contact(contact, who.team.as_ref()).await?.ok_or_else(ApiError::not_found)?;
    state.desk.write_down(who, "contact.read", contact.to_string(), true).await?;
    let href = |id: Uuid| format!("/review/{contact}/sheets?form={id}");
    let forms = state.desk.forms_in_use().await?;
    let choices: Vec<_> = forms.into_iter().map(|form| (href(form.id), form.title)).collect();
    let input = SheetInput { record: &record, blank, choices: &choices, sheets: &sheets, typed };
    page(request, status, &SheetPage::new(frame, input, notice))
}

/// Keeps a sheet. What is refused stands in its fields again, with the reason above.
pub(super) async fn keep(
    who: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    (contact, typed): (web::Path<ContactRef>, web::Form<SheetTyped>),
) -> Result<HttpResponse, ApiError> {
    who.console()?;
    let number = |name: &str| typed.get(name).and_then(|text| text.parse::<u32>().ok());
    let form = typed.get("form").and_then(|text| text.parse().ok()).ok_or_else(ApiError::not_found)?;
    let place = (number("revision"), number("version"));
    let (Some(revision), Some(version)) = place else { return Err(ApiError::not_found()) };
    let blank = state.desk.blank_sheet(*contact, form).await?;
    let w = language(&request).forms();
    let refusal = match marks(&blank, &typed) {
        Ok(marks) => {
            let asked = SheetAsked { revision, form, version, marks };
            match state.desk.fill_sheet(&who, *contact, asked).await.map_err(ApiError::from) {
                Ok(_) => return Ok(see(&Done::plain(&format!("/review/{contact}/sheets"), "filled"))),
                Err(refusal) => match (refusal.problem(), refusal.body().pointer.as_deref()) {
                    (Problem::InvalidField, Some("/note")) => w.bad_note.to_owned(),
                    (Problem::InvalidField, _) => w.bad_empty.to_owned(),
                    (Problem::FlagChanged, _) => w.changed.to_owned(),
                    _ => return Err(refusal),
                },
            }
        }
        Err(item) => fill(w.bad_points, item),
    };
    let notice = Some(Notice { good: false, text: refusal });
    let shown = ShownSheet { blank: Some(&blank), typed: Some(&typed), notice };
    show_sheets(&who, (&request, StatusCode::UNPROCESSABLE_ENTITY), &state, (*contact, shown)).await
}

/// The marks that were typed.
///
/// # Errors
/// The title of an item whose points cannot be given.
fn marks(blank: &BlankSheet, typed: &SheetTyped) -> Result<Vec<MarkGiven>, String> {
    let items = blank.form.groups.iter().flat_map(|group| &group.items);
    let text = |prefix: &str, key: &str| typed.get(&format!("{prefix}{key}")).map_or("", |text| text.trim());
    items
        .map(|item| {
            let got = Some(text("got-", &item.key)).filter(|text| !text.is_empty()).map(Points::parse);
            let refused = || item.title.clone();
            let got = got.map(|got| got.filter(|got| *got <= item.full).ok_or_else(refused)).transpose()?;
            let note = Some(text("note-", &item.key).to_owned()).filter(|note| !note.is_empty());
            Ok(MarkGiven { item: item.key.clone(), got, note })
        })
        .collect()
}

/// Sheets of the viewer's own contacts.
pub(super) async fn own(
    who: Allowed<ReadOwn>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let sheets = state.desk.own_sheets(&who).await?;
    state.desk.write_down(&who, "sheets.read_own", "sheets", true).await?;
    let frame = frame(&request, Some(session), Section::Own);
    page(&request, StatusCode::OK, &OwnSheetsPage::new(frame, &sheets))
}
