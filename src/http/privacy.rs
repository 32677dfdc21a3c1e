//! Erasing people, holding what must stay, and handing over what is held.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::{Allowed, ExportPeople, ManagePrivacy};
use super::added::Added;
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, NoQuery};
use super::state::ServiceState;
use crate::desk::retention::Periods;
use crate::desk::{Handover, Record, Subject, erasure, retention};
use crate::domain::{ContactId, RawCustomerId, SourceId, StaffId, UtcMillis};
use crate::store::{Expired, LegalHold, Party, on_behalf_of};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/erasures", "erase_person", erase_person),
        Entry::post("/api/v1/person-exports", "export_person", export_person),
        Entry::get("/api/v1/retention", "get_retention", get_retention),
        Entry::get("/api/v1/holds", "list_holds", list_holds),
        Entry::post("/api/v1/holds", "place_hold", place_hold),
        Entry::post("/api/v1/holds/{id}/release", "release_hold", release_hold),
    ]
}

/// The identity of a contact.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactNamed {
    /// The system it came from.
    source: SourceId,
    /// Its id there.
    contact_id: ContactId,
}

/// Whom or what to erase: exactly one of the three. No `Debug`: a customer's id is personal data.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ErasureBody {
    /// A customer, by the id that the sources use.
    customer: Option<String>,
    /// A member of staff, by work number.
    staff: Option<StaffId>,
    /// One contact.
    contact: Option<ContactNamed>,
    /// Change nothing, and say how much there is.
    #[serde(default)]
    dry_run: bool,
}

/// Whose data to hand over: exactly one of the two.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportBody {
    /// A customer, by the id that the sources use.
    customer: Option<String>,
    /// A member of staff, by work number.
    staff: Option<StaffId>,
}

/// What to hold: exactly one of contact and customer.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HoldBody {
    /// Every contact of a customer, by the id that the sources use.
    customer: Option<String>,
    /// One contact.
    contact: Option<ContactNamed>,
    /// Why, at most 500 characters; no customer's data.
    note: String,
}

/// What an erasure found and did.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ErasureResult {
    /// Contacts that there were.
    found: u64,
    /// Those of them that a legal hold keeps.
    held: u64,
    /// Contacts that are erased now, or that have lost the work number.
    erased: u64,
    /// Whether the files still have to be written anew without them; the service does it within an
    /// hour.
    files_pending: bool,
}

/// How long everything is kept, and how much is older now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RetentionView {
    /// Days that words of contacts are kept; 0 keeps them. A setting, like the others.
    text_days: u32,
    /// Days that contacts with their analyses are kept.
    analyses_days: u32,
    /// Days that weekly sums, incidents and coaching are kept.
    sums_days: u32,
    /// Days that entries of the audit log are kept.
    audit_days: u32,
    /// Contacts whose words go next.
    texts_due: u64,
    /// Contacts that go whole next.
    contacts_due: u64,
    /// Weekly sums that go next.
    sums_due: u64,
    /// Incidents and coaching that go next.
    events_due: u64,
    /// Entries of the audit log that go next.
    audit_entries_due: u64,
}

/// What neither a period nor an erasure removes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = LegalHold)]
pub(super) struct ListedHold {
    /// Our key.
    id: Uuid,
    /// Source of the contact; null for a customer.
    source: Option<SourceId>,
    /// Its id there; null for a customer.
    contact_id: Option<ContactId>,
    /// Pseudonym of the customer; null for a contact.
    customer: Option<String>,
    /// Why.
    note: String,
    /// Who says so.
    placed_by: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    placed_at: UtcMillis,
}

/// Holds in force.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct HoldList {
    /// Latest first.
    items: Vec<ListedHold>,
}

impl From<LegalHold> for ListedHold {
    fn from(hold: LegalHold) -> Self {
        let LegalHold { id, contact, customer, note, placed_by, placed_at } = hold;
        let (source, contact_id) = contact.unzip();
        Self { id, source, contact_id, customer, note, placed_by, placed_at }
    }
}

/// The one subject that was named.
fn subject(
    customer: Option<String>,
    staff: Option<StaffId>,
    contact: Option<ContactNamed>,
) -> Result<Subject, ApiError> {
    match (customer, staff, contact) {
        (Some(id), None, None) => Ok(Subject::Customer(RawCustomerId::new(id))),
        (None, Some(staff), None) => Ok(Subject::Staff(staff)),
        (None, None, Some(ContactNamed { source, contact_id })) => {
            Ok(Subject::Contact { source, contact_id })
        }
        _ => Err(crate::desk::DeskError::field("", "name exactly one person or contact").into()),
    }
}

/// Erase a customer, a member of staff or one contact
///
/// Contacts go with their analyses, flags, verdicts and numbers, and the weekly sums that held them
/// are computed anew. A member of staff is taken off the contacts, which stay. What a legal hold
/// keeps stays. The audit log keeps that an erasure happened, no text. Earlier backups still hold
/// what was erased. Safe to repeat.
#[utoipa::path(
    post,
    path = "/api/v1/erasures",
    operation_id = "erase_person",
    tag = "privacy",
    request_body = ErasureBody,
    responses(
        (status = 200, body = ErasureResult, description = "Erased, or what would be with `dry_run`"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such contact"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn erase_person(
    caller: Allowed<ManagePrivacy>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<web::Json<ErasureResult>, ApiError> {
    let ErasureBody { customer, staff, contact, dry_run } = read(&request, &state, payload).await?;
    let subject = subject(customer, staff, contact)?;
    let (extent, erased) = if dry_run {
        (state.desk.extent(&caller, &subject).await?, 0)
    } else {
        // To its end, whoever still listens and however many contacts there are.
        let (desk, whom, by) = (state.desk.clone(), subject, caller.caller.clone());
        let work = async move { desk.erase(&by, &whom).await };
        let erased = actix_web::rt::spawn(on_behalf_of(Party::present(), work)).await;
        let erased = erased.map_err(|_| ApiError::internal())??;
        (erased.before, erased.contacts)
    };
    Ok(web::Json(ErasureResult {
        found: extent.contacts,
        held: extent.held,
        erased,
        files_pending: state.store.needs_scrubbing().await?,
    }))
}

/// Hand over everything that is held about a person
///
/// NDJSON, `tingxin.person.v1`: the first line says whom it is about, the last one is
/// `{"record":"end"}`. A customer gets both sides' words without the work number of whoever served;
/// a member of staff gets what they said themselves, sums, coaching and what their account did. It
/// is a `POST` so that no log of addresses holds a customer's id.
#[utoipa::path(
    post,
    path = "/api/v1/person-exports",
    operation_id = "export_person",
    tag = "privacy",
    request_body = ExportBody,
    responses(
        (status = 200, body = String, content_type = "application/x-ndjson", description = "One record a line"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn export_person(
    caller: Allowed<ExportPeople>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let ExportBody { customer, staff } = read(&request, &state, payload).await?;
    let handover = state.desk.hand_over(&caller, &subject(customer, staff, None)?).await?;
    let parts = stream::try_unfold(handover, |mut handover: Handover| async move {
        let records = handover.portion().await?;
        Ok::<_, ApiError>(records.map(|records| (lines(&records), handover)))
    });
    Ok(HttpResponse::Ok().content_type("application/x-ndjson").streaming(Box::pin(parts)))
}

fn lines(records: &[Record]) -> web::Bytes {
    // A record is made of text and numbers: it has a line always.
    records
        .iter()
        .filter_map(|record| serde_json::to_string(record).ok())
        .map(|line| line + "\n")
        .collect::<String>()
        .into()
}

/// How long what is kept, and what is older
#[utoipa::path(
    get,
    path = "/api/v1/retention",
    operation_id = "get_retention",
    tag = "privacy",
    responses((status = 200, body = RetentionView, description = "The periods of the settings, and what goes at the next daily round"))
)]
async fn get_retention(
    _: Allowed<ManagePrivacy>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<RetentionView>, ApiError> {
    let Expired { texts, contacts, sums, events, audit_entries } =
        retention::expired(&state.store, &state.periods).await?;
    let Periods { text_days, analyses_days, sums_days, audit_days } = state.periods;
    Ok(web::Json(RetentionView {
        text_days,
        analyses_days,
        sums_days,
        audit_days,
        texts_due: texts,
        contacts_due: contacts,
        sums_due: sums,
        events_due: events,
        audit_entries_due: audit_entries,
    }))
}

/// List legal holds, latest first
#[utoipa::path(
    get,
    path = "/api/v1/holds",
    operation_id = "list_holds",
    tag = "privacy",
    responses((status = 200, body = HoldList, description = "Holds in force"))
)]
async fn list_holds(
    caller: Allowed<ManagePrivacy>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<HoldList>, ApiError> {
    let items = erasure::holds(&state.store, &caller).await?.into_iter().map(ListedHold::from).collect();
    Ok(web::Json(HoldList { items }))
}

/// Hold a contact, or every contact of a customer
///
/// For a dispute, an inquiry or a court: neither a period nor an erasure removes what is held.
#[utoipa::path(
    post,
    path = "/api/v1/holds",
    operation_id = "place_hold",
    tag = "privacy",
    request_body = HoldBody,
    responses(
        (status = 201, body = Added, description = "Held"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such contact"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted, or it is held already"),
    )
)]
async fn place_hold(
    caller: Allowed<ManagePrivacy>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let HoldBody { customer, contact, note } = read(&request, &state, payload).await?;
    let id = state.desk.place_hold(&caller, &subject(customer, None, contact)?, &note).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(Added { id, power: None }))
}

/// End a legal hold
#[utoipa::path(
    post,
    path = "/api/v1/holds/{id}/release",
    operation_id = "release_hold",
    tag = "privacy",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 204, description = "Ended"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such hold"),
    )
)]
async fn release_hold(
    caller: Allowed<ManagePrivacy>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    erasure::release_hold(&state.store, &caller, key(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
