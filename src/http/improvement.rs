//! Incidents, for which nobody is blamed, and agreed coaching with what came after it.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::{Allowed, ReadStaff, WriteCoaching, WriteIncidents};
use super::body;
use super::error::{ApiError, Problem, ProblemBody};
use super::figures::weeks;
use super::query::Query;
use super::reading::{audited, own_team};
use super::routes::Entry;
use super::state::ServiceState;
use crate::domain::{BusinessProcess, Channel, RawText, RedactedText, StaffId, TeamId, UtcMillis};
use crate::staff::{Coached, Indicator, Outcome, Power, WEEKS, effect_of, power};
use crate::statistics::effect::CoachingEffect;
use crate::store::{Coaching, Incident, NewCoaching, NewIncident};

/// Most rows of one answer.
const MOST: u32 = 200;

/// Longest note in characters.
const MAX_NOTE: usize = 500;

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/incidents", "list_incidents", list_incidents),
        Entry::post("/api/v1/incidents", "declare_incident", declare_incident),
        Entry::post("/api/v1/incidents/{id}/revoke", "revoke_incident", revoke_incident),
        Entry::get("/api/v1/coaching", "list_coaching", list_coaching),
        Entry::post("/api/v1/coaching", "agree_coaching", agree_coaching),
        Entry::post("/api/v1/coaching/{id}/end", "end_coaching", end_coaching),
    ]
}

/// A time in which something was wrong that staff cannot help.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentBody {
    /// First moment.
    #[schema(value_type = String, format = DateTime)]
    begins_at: UtcMillis,
    /// First moment after it.
    #[schema(value_type = String, format = DateTime)]
    ends_at: UtcMillis,
    /// Only this touchpoint; absent for all.
    channel: Option<Channel>,
    /// Only this process; absent for all.
    business_process: Option<BusinessProcess>,
    /// Only this team; absent for all.
    team: Option<TeamId>,
    /// What was wrong, at most 500 characters; no customer's data.
    note: String,
}

/// Coaching to be agreed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CoachingBody {
    /// Whom, by work number.
    staff: StaffId,
    /// The behaviour it is about.
    indicator: Indicator,
    /// Agreed action, at most 500 characters.
    note: String,
}

/// The key of what was added.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Added {
    /// The key.
    id: Uuid,
    /// What the agreed programme can show; absent for an incident, and where nothing can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    power: Option<Power>,
}

/// Incidents.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct IncidentList {
    /// Latest first, at most 200.
    items: Vec<Incident>,
}

/// Coaching with its effect.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CoachingList {
    /// Latest first, at most 200.
    items: Vec<Coaching>,
    /// For every behaviour that somebody was coached on.
    effects: Vec<EffectView>,
}

/// What came after coaching on one behaviour, as differences of events a contact: −.05 is five fewer of a hundred.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct EffectView {
    /// The behaviour.
    indicator: Indicator,
    /// Weeks compared on either side.
    weeks: i64,
    /// Change beyond regression to the mean and beyond the colleagues' change; null when it cannot be told.
    difference: Option<f64>,
    /// 95 % interval of `difference`.
    interval: Option<[f64; 2]>,
    /// Plain change of the coached. `crude = regression_to_mean + peers + difference`.
    crude: Option<f64>,
    /// The part that an unusual time before makes expect.
    regression_to_mean: Option<f64>,
    /// Change of similar colleagues who were not coached.
    peers: Option<f64>,
    /// Coached people in the comparison.
    matched: usize,
    /// Why it cannot be told.
    reason: Option<String>,
}

impl From<Outcome> for EffectView {
    fn from(Outcome { indicator, effect }: Outcome) -> Self {
        let empty = Self {
            indicator,
            weeks: WEEKS,
            difference: None,
            interval: None,
            crude: None,
            regression_to_mean: None,
            peers: None,
            matched: 0,
            reason: None,
        };
        match effect {
            Err(reason) => Self { reason: Some(reason), ..empty },
            Ok(CoachingEffect {
                difference, interval, crude, regression_to_mean, peers, matched, ..
            }) => Self {
                difference: Some(difference),
                interval: Some([interval.low, interval.high]),
                crude: Some(crude),
                regression_to_mean: Some(regression_to_mean),
                peers: Some(peers),
                matched,
                ..empty
            },
        }
    }
}

/// Which coaching.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "names and documents what the handler reads")]
pub(super) struct CoachingQuery {
    /// Team.
    team: Option<String>,
}

/// List declared incidents, latest first
#[utoipa::path(
    get,
    path = "/api/v1/incidents",
    operation_id = "list_incidents",
    tag = "improvement",
    responses((status = 200, body = IncidentList, description = "The incidents"))
)]
async fn list_incidents(
    caller: Allowed<ReadStaff>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<IncidentList>, ApiError> {
    let items = state.store.incidents(MOST).await?;
    audited(&state, &caller.actor, "incidents.list", "incidents".to_owned(), true).await?;
    Ok(web::Json(IncidentList { items }))
}

/// Declare an incident
///
/// Contacts within it are marked, also those that are stored already, and are compared with each other: an outage is
/// nobody's fault. A caller who is limited to a team declares it for that team.
#[utoipa::path(
    post,
    path = "/api/v1/incidents",
    operation_id = "declare_incident",
    tag = "improvement",
    request_body = IncidentBody,
    responses(
        (status = 201, body = Added, description = "Declared"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn declare_incident(
    caller: Allowed<WriteIncidents>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let body: IncidentBody = read(&request, &state, payload).await?;
    if body.ends_at <= body.begins_at {
        return Err(invalid("/ends_at", "the end must be after the beginning"));
    }
    let incident = NewIncident {
        begins_at: body.begins_at,
        ends_at: body.ends_at,
        channel: body.channel,
        business_process: body.business_process,
        team: own_team(caller.team.as_ref(), body.team)?,
        note: note(&state, &body.note)?,
    };
    let id = state.store.declare_incident(&incident, &caller.actor.name, UtcMillis::now()).await?;
    state.forget_figures().await;
    audited(&state, &caller.actor, "incident.declare", id.to_string(), true).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(Added { id, power: None }))
}

/// Take an incident back
#[utoipa::path(
    post,
    path = "/api/v1/incidents/{id}/revoke",
    operation_id = "revoke_incident",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 204, description = "Taken back"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such incident in force"),
    )
)]
async fn revoke_incident(
    caller: Allowed<WriteIncidents>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let id = key(&request)?;
    if !state.store.revoke_incident(id, UtcMillis::now()).await? {
        return Err(ApiError::not_found());
    }
    state.forget_figures().await;
    audited(&state, &caller.actor, "incident.revoke", id.to_string(), true).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List agreed coaching, with what came after it
///
/// The effect compares coached people with similar uncoached colleagues over the same weeks and takes out what an
/// unusual time before makes expect. It is a difference *after* coaching: nobody drew lots.
#[utoipa::path(
    get,
    path = "/api/v1/coaching",
    operation_id = "list_coaching",
    tag = "improvement",
    params(CoachingQuery),
    responses(
        (status = 200, body = CoachingList, description = "The coaching"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
async fn list_coaching(
    caller: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<web::Json<CoachingList>, ApiError> {
    let query = Query::of::<CoachingQuery>(&request)?;
    let team = own_team(caller.team.as_ref(), query.name("team", TeamId::new)?)?;
    let items = state.store.coaching(team.as_ref(), MOST).await?;
    let effects = effects(&state, &items).await?;
    audited(&state, &caller.actor, "coaching.list", "coaching".to_owned(), true).await?;
    Ok(web::Json(CoachingList { items, effects }))
}

/// What came after this coaching, behaviour by behaviour.
async fn effects(state: &ServiceState, items: &[Coaching]) -> Result<Vec<EffectView>, ApiError> {
    let mut coached: BTreeMap<Indicator, Vec<Coached>> = BTreeMap::new();
    for one in items.iter().filter(|one| one.ended_at.is_none()) {
        if let Some(indicator) = Indicator::from_name(&one.indicator) {
            let person = Coached { staff: one.staff.clone(), week: one.agreed_at.week() };
            coached.entry(indicator).or_default().push(person);
        }
    }
    let Some(first) = coached.values().flatten().map(|one| one.week).min() else { return Ok(Vec::new()) };
    let weeks = weeks(&state.store, first - WEEKS).await?;
    let work = move || {
        coached.iter().map(|(indicator, people)| effect_of(*indicator, people, &weeks).into()).collect()
    };
    web::block(work).await.map_err(|_| ApiError::internal())
}

/// Agree coaching
///
/// The answer says what such a programme can show at all: the smallest true change that would be found four times in
/// five. Contacts from the next week on count as after.
#[utoipa::path(
    post,
    path = "/api/v1/coaching",
    operation_id = "agree_coaching",
    tag = "improvement",
    request_body = CoachingBody,
    responses(
        (status = 201, body = Added, description = "Agreed"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "Nobody of that number has a contact in the period"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn agree_coaching(
    caller: Allowed<WriteCoaching>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let CoachingBody { staff, indicator, note: text } = read(&request, &state, payload).await?;
    let (now, text) = (UtcMillis::now(), note(&state, &text)?);
    let figures = state.figures.get(&state.store).await?;
    let person = figures.place(&staff).and_then(|at| figures.people.get(at));
    let team = person.and_then(|person| person.sums.team.clone());
    if person.is_none() || (caller.team.is_some() && caller.team != team) {
        return Err(ApiError::not_found());
    }
    let weeks = weeks(&state.store, now.week() - WEEKS).await?;
    let power = power(indicator, std::slice::from_ref(&staff), now.week(), &weeks).ok();
    let coaching = NewCoaching { staff, team, indicator: indicator.as_str().to_owned(), note: text };
    let id = state.store.agree_coaching(&coaching, &caller.actor.name, now).await?;
    audited(&state, &caller.actor, "coaching.agree", id.to_string(), true).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(Added { id, power }))
}

/// Take coaching back
#[utoipa::path(
    post,
    path = "/api/v1/coaching/{id}/end",
    operation_id = "end_coaching",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 204, description = "Taken back"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such coaching"),
    )
)]
async fn end_coaching(
    caller: Allowed<WriteCoaching>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let id = key(&request)?;
    let own = state.store.coaching(caller.team.as_ref(), MOST).await?;
    if !own.iter().any(|one| one.id == id) || !state.store.end_coaching(id, UtcMillis::now()).await? {
        return Err(ApiError::not_found());
    }
    audited(&state, &caller.actor, "coaching.end", id.to_string(), true).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn key(request: &HttpRequest) -> Result<Uuid, ApiError> {
    request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(ApiError::not_found)
}

async fn read<T: serde::de::DeserializeOwned>(
    request: &HttpRequest,
    state: &ServiceState,
    payload: web::Payload,
) -> Result<T, ApiError> {
    body::check_type(request.headers(), &["application/json"])?;
    let json = body::read_whole(&mut payload.into_inner(), request.headers(), &state.limits).await?;
    serde_json::from_slice(&json).map_err(|cause| {
        let place = format!("line {}, column {}", cause.line(), cause.column());
        if cause.is_data() {
            invalid("", &format!("a field is missing, unknown or has no such value at {place}"))
        } else {
            ApiError::new(Problem::InvalidJson, format!("the body is not JSON at {place}"))
        }
    })
}

/// A note that may be stored: short, and without anybody's personal data.
pub(super) fn note(state: &ServiceState, text: &str) -> Result<RedactedText, ApiError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_NOTE || text.chars().any(char::is_control) {
        return Err(invalid("/note", "the note must have 1 to 500 characters and no line breaks"));
    }
    Ok(state.redactor.remark(&RawText::new(text.to_owned())))
}

fn invalid(pointer: &str, reason: &str) -> ApiError {
    ApiError::new(Problem::InvalidField, reason).at(pointer)
}
