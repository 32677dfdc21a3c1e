//! Agreed coaching with what came after it.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ReadStaff, WriteCoaching};
use super::error::{ApiError, ProblemBody};
use super::figures::weeks;
use super::improvement::{Added, MOST, key, note, read};
use super::query::Query;
use super::reading::{audited, own_team};
use super::routes::Entry;
use super::state::ServiceState;
use crate::domain::{StaffId, TeamId, UtcMillis};
use crate::staff::{Coached, Indicator, Outcome, WEEKS, effect_of, power};
use crate::statistics::effect::CoachingEffect;
use crate::store::{Coaching, NewCoaching};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/coaching", "list_coaching", list_coaching),
        Entry::post("/api/v1/coaching", "agree_coaching", agree_coaching),
        Entry::post("/api/v1/coaching/{id}/end", "end_coaching", end_coaching),
    ]
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
    let all = state.store.coaching(None, MOST).await?;
    let items: Vec<Coaching> = all.iter().filter(|one| team.is_none() || one.team == team).cloned().collect();
    let effects = effects(&state, &items, &all).await?;
    audited(&state, &caller.actor, "coaching.list", "coaching".to_owned(), true).await?;
    Ok(web::Json(CoachingList { items, effects }))
}

/// What came after this coaching, behaviour by behaviour.
async fn effects(
    state: &ServiceState,
    items: &[Coaching],
    all: &[Coaching],
) -> Result<Vec<EffectView>, ApiError> {
    // Whoever was ever coached is no uncoached colleague, whatever the team and whether it was taken back.
    let touched: BTreeSet<StaffId> = all.iter().map(|one| one.staff.clone()).collect();
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
        coached
            .iter()
            .map(|(indicator, people)| effect_of(*indicator, people, &touched, &weeks).into())
            .collect()
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
