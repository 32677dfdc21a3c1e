//! Inspection forms, their sheets, and what the sheets say together.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::access::{Allowed, JudgeFlags, ManageQuality, ReadQuality};
use super::added::Added;
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::form_shapes::{
    FormBody, FormKept, FormList, FormResultsView, ListedForm, ListedSheet, SheetBody, SheetList,
    SheetMarkBody,
};
use super::query::{Asked, NoQuery};
use super::state::ServiceState;
use crate::desk::forms::{FormAsked, MarkGiven, SheetAsked};
use crate::domain::{ContactRef, FormGroup};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/forms", "list_forms", list_forms),
        Entry::post("/api/v1/forms", "draft_form", draft_form),
        Entry::get("/api/v1/forms/{id}/{version}/results", "get_form_results", get_form_results),
        Entry::post("/api/v1/forms/{id}/{version}/publish", "publish_form", publish_form),
        Entry::post("/api/v1/forms/{id}/retire", "retire_form", retire_form),
        Entry::get("/api/v1/contacts/{id}/sheets", "list_sheets", list_sheets),
        Entry::post("/api/v1/contacts/{id}/sheets", "fill_sheet", fill_sheet),
    ]
}

/// List every version of every inspection form
#[utoipa::path(
    get,
    path = "/api/v1/forms",
    operation_id = "list_forms",
    tag = "quality",
    responses((status = 200, body = FormList, description = "The forms"))
)]
async fn list_forms(
    caller: Allowed<ReadQuality>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<FormList>, ApiError> {
    let items = state.desk.forms().await?.into_iter().map(ListedForm::from).collect();
    state.desk.write_down(&caller, "forms.list", "forms", true).await?;
    Ok(web::Json(FormList { items }))
}

/// Keep a draft of an inspection form
///
/// A published version never changes: a change makes the next one, which is filled in once it is published.
#[utoipa::path(
    post,
    path = "/api/v1/forms",
    operation_id = "draft_form",
    tag = "quality",
    request_body = FormBody,
    responses(
        (status = 201, body = FormKept, description = "Kept"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such form to make a version of"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted, or the items do not add up to 100"),
    )
)]
async fn draft_form(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let FormBody { of, title, groups } = read(&request, &state, payload).await?;
    let asked = FormAsked { title, groups: groups.into_iter().map(FormGroup::from).collect() };
    let (id, version) = state.desk.draft_form(&caller, of, &asked).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(FormKept { id, version }))
}

/// The version in the path. What is no number names nothing.
fn version(request: &HttpRequest) -> Result<u32, ApiError> {
    request.match_info().get("version").and_then(|text| text.parse().ok()).ok_or_else(ApiError::not_found)
}

/// From now on fill in this version, and no earlier one
#[utoipa::path(
    post,
    path = "/api/v1/forms/{id}/{version}/publish",
    operation_id = "publish_form",
    tag = "quality",
    params(("id" = Uuid, Path, description = "Key"), ("version" = u32, Path, description = "From 1")),
    responses(
        (status = 204, description = "Published"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such draft"),
    )
)]
async fn publish_form(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    state.desk.publish_form(&caller, key(&request)?, version(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// No longer fill in a form; its sheets stay
#[utoipa::path(
    post,
    path = "/api/v1/forms/{id}/retire",
    operation_id = "retire_form",
    tag = "quality",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 204, description = "Retired"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such form, or it is retired already"),
    )
)]
async fn retire_form(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    state.desk.retire_form(&caller, key(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Read what the sheets of a version say together
#[utoipa::path(
    get,
    path = "/api/v1/forms/{id}/{version}/results",
    operation_id = "get_form_results",
    tag = "quality",
    params(("id" = Uuid, Path, description = "Key"), ("version" = u32, Path, description = "From 1")),
    responses(
        (status = 200, body = FormResultsView, description = "The results"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such version"),
    )
)]
async fn get_form_results(
    caller: Allowed<ReadQuality>,
    Asked(NoQuery {}): Asked<NoQuery>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<web::Json<FormResultsView>, ApiError> {
    let (id, version) = (key(&request)?, version(&request)?);
    let found = state.desk.form_results(&caller, id, version).await?;
    state.desk.write_down(&caller, "forms.list", format!("{id}/{version}"), true).await?;
    Ok(web::Json(found.into()))
}

/// List the sheets of a contact
#[utoipa::path(
    get,
    path = "/api/v1/contacts/{id}/sheets",
    operation_id = "list_sheets",
    tag = "quality",
    params(("id" = Uuid, Path, description = "Key of the contact")),
    responses(
        (status = 200, body = SheetList, description = "The sheets"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such contact"),
    )
)]
async fn list_sheets(
    caller: Allowed<JudgeFlags>,
    Asked(NoQuery {}): Asked<NoQuery>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<web::Json<SheetList>, ApiError> {
    let id = ContactRef(key(&request)?);
    let sheets = state.desk.sheets(&caller, id).await?;
    state.desk.write_down(&caller, "sheets.list", id.to_string(), true).await?;
    Ok(web::Json(SheetList { items: sheets.into_iter().map(ListedSheet::from).collect() }))
}

/// Fill a form in for a contact
#[utoipa::path(
    post,
    path = "/api/v1/contacts/{id}/sheets",
    operation_id = "fill_sheet",
    tag = "quality",
    params(("id" = Uuid, Path, description = "Key of the contact")),
    request_body = SheetBody,
    responses(
        (status = 201, body = Added, description = "Kept"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such contact or form"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "The contact or the form are others by now"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A mark is missing or not accepted"),
    )
)]
async fn fill_sheet(
    caller: Allowed<JudgeFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let contact = ContactRef(key(&request)?);
    let SheetBody { revision, form, version, marks } = read(&request, &state, payload).await?;
    let mark = |SheetMarkBody { item, got, note }| MarkGiven { item, got, note };
    let asked = SheetAsked { revision, form, version, marks: marks.into_iter().map(mark).collect() };
    let id = state.desk.fill_sheet(&caller, contact, asked).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(Added { id, power: None }))
}
