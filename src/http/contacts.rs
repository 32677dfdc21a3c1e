//! Contacts and their analyses.

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;

use super::access::{Allowed, ReadContacts, WriteContacts};
use super::entry::Entry;
use super::error::{ApiError, Problem, ProblemBody};
use super::idempotency::{self, Begun};
use super::intake::{self, KeptContact};
use super::query::{Asked, NoQuery, Switch};
use super::reading::contact_key;
use super::state::ServiceState;
use super::view::{StoredContactView, tagged};
use super::{body, bulk, search};
use crate::domain::{Analysis, ContactRef, ContactState, Intake, Permission, TeamId, UtcMillis};
use crate::events::IngestOutcome;
use crate::ingest::ContactV1 as ContactBody;
use crate::store::{Party, on_behalf_of, one_request};

/// The audit log's word for handing out an analysis.
const READ_ANALYSIS: &str = "analysis.read";

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/contacts/bulk", "send_contacts", bulk::send_contacts),
        Entry::post("/api/v1/contacts", "send_contact", send_contact),
        Entry::get("/api/v1/contacts", "list_contacts", search::list_contacts),
        Entry::get("/api/v1/contacts/{id}", "get_contact", get_contact),
        Entry::get("/api/v1/contacts/{id}/analysis", "get_analysis", get_analysis),
    ]
}

/// What became of a contact.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Receipt)]
pub(super) struct ReceiptView {
    /// Our key of the contact, for `GET /api/v1/contacts/{id}`.
    id: ContactRef,
    /// `queued` for a new contact, `updated` for a newer revision, `unchanged` when it was there
    /// already.
    #[schema(value_type = String, example = "queued")]
    status: IngestOutcome,
}

/// Parameters of `POST /api/v1/contacts`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SendQuery {
    /// Wait for the analysis and answer with it. The contact is durable before the analysis begins.
    #[param(value_type = Option<bool>)]
    wait: Option<Switch>,
}

/// Send one contact
///
/// Answers when the contact is durable. Sending it again is safe: the same content is `unchanged`,
/// a higher `revision` replaces the lower one. With `wait=true` the answer is the analysis, which
/// needs the permission `contacts:read` as well.
#[utoipa::path(
    post,
    path = "/api/v1/contacts",
    operation_id = "send_contact",
    tag = "contacts",
    params(
        SendQuery,
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255,
         description = "The same key with the same request gets the first answer again, marked `Idempotency-Replayed: true`; kept for seven days")
    ),
    request_body(content = ContactBody, content_type = "application/json"),
    responses(
        (status = 200, body = Analysis, description = "With `wait=true`: the analysis"),
        (status = 201, body = ReceiptView, description = "The contact is durable",
         headers(("Location" = String, description = "Where the contact can be read"))),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "The body is not JSON, or a parameter or header is not accepted"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`other_team`: the key is limited to a team and the contact is not of it; or `forbidden`"),
        (status = 408, body = ProblemBody, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`contact_conflict`, `stale_revision` or `idempotency_in_flight`"),
        (status = 413, body = ProblemBody, content_type = "application/problem+json", description = "The body is too large"),
        (status = 415, body = ProblemBody, content_type = "application/problem+json", description = "The body is not `application/json` in UTF-8"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "The contact is not valid: `pointer` names the field; or `idempotency_mismatch`"),
        (status = 507, body = ProblemBody, content_type = "application/problem+json", description = "The disk is full"),
    )
)]
async fn send_contact(
    caller: Allowed<WriteContacts>,
    request: HttpRequest,
    Asked(asked): Asked<SendQuery>,
    payload: web::Payload,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let wait = asked.wait.is_some_and(|wait| wait.0);
    if wait && !caller.actor.role.is_some_and(|role| role.allows(Permission::ContactsRead)) {
        let detail = "with wait=true the permission `contacts:read` is needed as well";
        return Err(ApiError::new(Problem::Forbidden, detail));
    }
    let key = idempotency::key(request.headers())?;
    body::check_type(request.headers(), &["application/json"])?;
    intake::check_backlog(&state).await?;
    let mut payload: Payload = payload.into_inner();
    let json = body::read_whole(&mut payload, request.headers(), &state).await?;
    // A client that goes away must not leave its key reserved, so the work is done whoever still
    // listens.
    let work = one_request(async move { once(&state, &caller, key, &json.bytes, wait).await });
    let work = on_behalf_of(Party::present(), work).in_current_span();
    actix_web::rt::spawn(work).await.map_err(|_| ApiError::internal())?
}

/// Takes a contact in, or repeats the answer of an earlier request with the same key.
async fn once(
    state: &ServiceState,
    caller: &Allowed<WriteContacts>,
    key: Option<String>,
    json: &web::Bytes,
    wait: bool,
) -> Result<HttpResponse, ApiError> {
    let reservation = match key {
        None => None,
        Some(key) => {
            let content = [if wait { b"wait".as_slice() } else { b"send" }, json].concat();
            match idempotency::begin(state, &caller.actor.name, key, &content).await? {
                Begun::Answer(again) => {
                    // A mere receipt for a caller of all teams needs neither a check nor an entry.
                    if wait || caller.team.is_some() {
                        let id = intake::repeatable(state, caller.team.as_ref(), json).await?;
                        if wait {
                            state.desk.write_down(caller, READ_ANALYSIS, id.to_string(), true).await?;
                        }
                    }
                    return Ok(again);
                }
                Begun::Work(reservation) => Some(reservation),
            }
        }
    };
    let work = take_in(state, caller, json.clone(), wait);
    let done = match &reservation {
        Some(reservation) => reservation.during(state, work).await,
        None => work.await,
    };
    if let Some(reservation) = reservation {
        let answer = done.as_ref().ok().map(|taken| (taken.status, taken.body.as_str()));
        reservation.end(state, answer).await;
    }
    let TakenIn { status, body, id } = done?;
    let mut answer = HttpResponse::build(status);
    if status == StatusCode::CREATED {
        answer.insert_header((header::LOCATION, format!("/api/v1/contacts/{id}")));
    }
    Ok(answer.content_type("application/json").body(body))
}

/// The answer for a contact that is stored.
struct TakenIn {
    status: StatusCode,
    body: String,
    id: ContactRef,
}

async fn take_in(
    state: &ServiceState,
    caller: &Allowed<WriteContacts>,
    json: web::Bytes,
    wait: bool,
) -> Result<TakenIn, ApiError> {
    if wait && !state.role.analyses_at_once() {
        let detail = "this process takes contacts in and analyses none: leave `wait` out, and ask for the analysis later where the console is";
        return Err(ApiError::new(Problem::InvalidQuery, detail));
    }
    let own = caller.team.as_ref();
    let kept = keep_one(state, own, json).instrument(tracing::info_span!("intake", contacts = 1));
    let (intake, KeptContact { id, outcome }) = kept.await?;
    let (status, body) = if wait {
        let analysis = analysed(state, own, id, outcome, intake).await?;
        state.desk.write_down(caller, READ_ANALYSIS, id.to_string(), true).await?;
        (StatusCode::OK, serde_json::to_string(&analysis))
    } else {
        (StatusCode::CREATED, serde_json::to_string(&ReceiptView { id, status: outcome }))
    };
    Ok(TakenIn { status, body: body.map_err(|_| ApiError::internal())?, id })
}

/// Reads, redacts and stores a contact.
async fn keep_one(
    state: &ServiceState,
    own: Option<&TeamId>,
    json: web::Bytes,
) -> Result<(Intake, KeptContact), ApiError> {
    let redactor = state.redactor.clone();
    // Whoever waits for an analysis waits in the queue of its lane, and keeps nobody from sending.
    let _turn = state.gates.turn(json.len()).await?;
    let read = web::block(move || intake::read(&redactor, &json)).await.map_err(|_| ApiError::internal())?;
    let intake = read.inspect_err(|_| intake::note(state, None, IngestOutcome::Refused))?;
    let kept = intake::keep(state, own, std::slice::from_ref(&intake)).await?;
    Ok((intake, kept.into_iter().next().ok_or_else(ApiError::internal)??))
}

/// The stored analysis of a contact that was there already, or a fresh one. The worker stores its
/// own later; both are equal byte by byte, because they come from the same engine.
async fn analysed(
    state: &ServiceState,
    own: Option<&TeamId>,
    id: ContactRef,
    outcome: IngestOutcome,
    intake: Intake,
) -> Result<Analysis, ApiError> {
    if outcome == IngestOutcome::Unchanged
        && let Some(stored) = state.store.analysis(id, own).await?
        && stored.engine == *state.lane.engine()
        && stored.revision == intake.contact.header.revision
    {
        return Ok(stored);
    }
    state.lane.judge_by(state.store.rule_thresholds(UtcMillis::now()).await?);
    let scored = state.lane.analyse(vec![intake.contact]);
    let analyses = scored.instrument(tracing::info_span!("score", contacts = 1)).await?;
    analyses.into_iter().next().map(|done| done.analysis).ok_or_else(ApiError::internal)
}

/// Read one contact
///
/// The text is redacted. The read is written to the audit log first; without that there is no
/// answer.
#[utoipa::path(
    get,
    path = "/api/v1/contacts/{id}",
    operation_id = "get_contact",
    tag = "contacts",
    params(("id" = String, Path, format = Uuid, description = "Our key of the contact")),
    responses(
        (status = 200, body = StoredContactView, description = "The contact", headers(("ETag" = String, description = "For `If-None-Match`"))),
        (status = 304, description = "The client has this content"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "No such contact, or another team's"),
    )
)]
async fn get_contact(
    caller: Allowed<ReadContacts>,
    request: HttpRequest,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let id = contact_key(&request)?;
    let found = state.store.contact(id, caller.team.as_ref()).await?;
    state.desk.write_down(&caller, "contact.read", id.to_string(), found.is_some()).await?;
    tagged(&request, &StoredContactView::from(found.ok_or_else(ApiError::not_found)?))
}

/// Read the analysis of a contact
///
/// The current one; earlier ones are kept but not served. While a newer revision waits, the
/// analysis of the one before is still answered: `revision` tells which it is. Whoever neither
/// judges flags nor sends contacts is answered without the flags that nobody has confirmed, and
/// without their probabilities.
#[utoipa::path(
    get,
    path = "/api/v1/contacts/{id}/analysis",
    operation_id = "get_analysis",
    tag = "contacts",
    params(("id" = String, Path, format = Uuid, description = "Our key of the contact")),
    responses(
        (status = 200, body = Analysis, description = "The analysis", headers(("ETag" = String, description = "For `If-None-Match`"))),
        (status = 304, description = "The client has this content"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json",
         description = "`not_found`; `analysis_pending` with `Retry-After` while it waits; `analysis_failed` when it was set aside"),
    )
)]
async fn get_analysis(
    caller: Allowed<ReadContacts>,
    request: HttpRequest,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let id = contact_key(&request)?;
    let team = caller.team.as_ref();
    if let Some(analysis) = state.desk.analysis(&caller, id).await? {
        state.desk.write_down(&caller, READ_ANALYSIS, id.to_string(), true).await?;
        return tagged(&request, &analysis);
    }
    let contact = state.store.contact(id, team).await?;
    state.desk.write_down(&caller, READ_ANALYSIS, id.to_string(), false).await?;
    Err(match contact.map(|contact| contact.state) {
        None => ApiError::not_found(),
        Some(ContactState::Quarantined) => {
            let detail = "the contact was set aside after repeated failures; an operator must look at it";
            ApiError::new(Problem::AnalysisFailed, detail)
        }
        Some(ContactState::Queued | ContactState::Analysed) => {
            ApiError::new(Problem::AnalysisPending, "the contact waits for its analysis").retry_after(2)
        }
    })
}
