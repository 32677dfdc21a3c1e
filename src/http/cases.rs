//! Cases: who owes which customer an answer.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ReadCases, WriteCases};
use super::added::Added;
use super::body::{key, read};
use super::case_rows::{ListedCase, ListedCaseEntry};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{After, Asked, Limit, NoQuery};
use super::state::ServiceState;
use super::view::List;
use crate::desk::{Caller, CaseAsked, CaseFile, CaseWishes};
use crate::domain::{CaseKind, CaseState, ContactRef, TeamId};
use crate::store::CaseFilter;

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/cases", "list_cases", list_cases),
        Entry::post("/api/v1/cases", "open_case", open_case),
        Entry::get("/api/v1/callbacks", "list_callbacks", list_callbacks),
        Entry::get("/api/v1/cases/{id}", "get_case", get_case),
    ]
}

/// Which cases.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CaseQuery {
    /// What is owed.
    kind: Option<CaseKind>,
    /// How far it is.
    status: Option<CaseState>,
    /// Who has it, as the answers name accounts.
    owner: Option<String>,
    /// Department that was asked last.
    department: Option<String>,
    /// Pseudonym of the customer.
    customer: Option<String>,
    /// The contact it is about.
    contact: Option<ContactRef>,
    /// Team that served.
    #[param(value_type = Option<String>)]
    team: Option<TeamId>,
    /// `true` for those that are not closed.
    open: Option<bool>,
    /// `true` for those that are not closed and overdue.
    overdue: Option<bool>,
    /// `true` for those whose customer came back after they were closed and said that nothing is settled.
    came_back: Option<bool>,
    /// `true` for those of the last 90 days that left a customer who is not content.
    win_back: Option<bool>,
    /// Most rows of the answer; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// `next` of the answer before.
    #[param(value_type = Option<String>)]
    cursor: Option<After>,
}

/// Which callbacks.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallbackQuery {
    /// How far it is.
    status: Option<CaseState>,
    /// `true` for those that are not closed and overdue.
    overdue: Option<bool>,
    /// Most rows of the answer; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// `next` of the answer before.
    #[param(value_type = Option<String>)]
    cursor: Option<After>,
}

/// A case to be opened.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseBody {
    /// What it is about.
    contact: ContactRef,
    /// What is owed; `callback` when absent.
    kind: Option<CaseKind>,
    /// At most 500 characters; no customer's data.
    note: Option<String>,
}

/// A case with what was done.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OneCaseFile {
    /// The case.
    #[serde(flatten)]
    #[schema(inline)]
    case: ListedCase,
    /// What was done, oldest first.
    steps: Vec<ListedCaseEntry>,
}

impl From<CaseFile> for OneCaseFile {
    fn from(CaseFile { case, entries }: CaseFile) -> Self {
        Self { case: case.into(), steps: entries.into_iter().map(ListedCaseEntry::from).collect() }
    }
}

/// List cases
///
/// Those that are not closed come most urgent first when the list holds no others (`open`, `overdue` or a `status`
/// before `closed`), all other lists newest first. Why a machine opened a case is told as a flag only to reviewers and to
/// the systems that send contacts; all others read `suggested`.
#[utoipa::path(
    get,
    path = "/api/v1/cases",
    operation_id = "list_cases",
    tag = "cases",
    params(CaseQuery),
    responses(
        (status = 200, body = List<ListedCase>, description = "Part of the list"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
async fn list_cases(
    caller: Allowed<ReadCases>,
    Asked(asked): Asked<CaseQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<List<ListedCase>>, ApiError> {
    list(&caller, asked, &state).await
}

/// List callbacks
///
/// The same as `/api/v1/cases?kind=callback`.
#[utoipa::path(
    get,
    path = "/api/v1/callbacks",
    operation_id = "list_callbacks",
    tag = "cases",
    params(CallbackQuery),
    responses(
        (status = 200, body = List<ListedCase>, description = "Part of the list"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
async fn list_callbacks(
    caller: Allowed<ReadCases>,
    Asked(asked): Asked<CallbackQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<List<ListedCase>>, ApiError> {
    let CallbackQuery { status, overdue, limit, cursor } = asked;
    let kind = Some(CaseKind::Callback);
    list(&caller, CaseQuery { kind, status, overdue, limit, cursor, ..CaseQuery::default() }, &state).await
}

async fn list(
    caller: &Caller,
    asked: CaseQuery,
    state: &ServiceState,
) -> Result<web::Json<List<ListedCase>>, ApiError> {
    let filter = CaseFilter {
        kind: asked.kind,
        state: asked.status,
        open: asked.open.unwrap_or_default(),
        owner: asked.owner,
        department: asked.department,
        customer: asked.customer,
        contact: asked.contact,
        team: asked.team,
        came_back: asked.came_back.unwrap_or_default(),
        ..CaseFilter::default()
    };
    let wishes = CaseWishes {
        overdue: asked.overdue.unwrap_or_default(),
        win_back: asked.win_back.unwrap_or_default(),
        own: false,
    };
    let after = asked.cursor.map(|after| after.0);
    let part = (after.as_ref(), Limit::rows(asked.limit));
    let page = state.desk.cases(caller, (filter, wishes), part).await?;
    state.desk.write_down(caller, "cases.list", "cases", true).await?;
    Ok(web::Json(page.into()))
}

/// Open a case about a contact
#[utoipa::path(
    post,
    path = "/api/v1/cases",
    operation_id = "open_case",
    tag = "cases",
    request_body = CaseBody,
    responses(
        (status = 201, body = Added, description = "Opened"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such contact, or it is another team's"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn open_case(
    caller: Allowed<WriteCases>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let CaseBody { contact, kind, note } = read(&request, &state, payload).await?;
    let asked = CaseAsked { contact, kind: kind.unwrap_or(CaseKind::Callback), note };
    let id = state.desk.open_case(&caller, asked).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(Added { id, power: None }))
}

/// Read one case with what was done
#[utoipa::path(
    get,
    path = "/api/v1/cases/{id}",
    operation_id = "get_case",
    tag = "cases",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 200, body = OneCaseFile, description = "The case"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such case, or it is another team's"),
    )
)]
async fn get_case(
    caller: Allowed<ReadCases>,
    request: HttpRequest,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<OneCaseFile>, ApiError> {
    let id = key(&request)?;
    let found = state.desk.service_case(&caller, id).await;
    state.desk.write_down(&caller, "case.read", id.to_string(), found.is_ok()).await?;
    Ok(web::Json(found?.into()))
}
