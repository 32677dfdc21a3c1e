//! Agreed coaching with what came after it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ReadStaff, WriteCoaching};
use super::added::Added;
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, TeamQuery};
use super::rows::ListedCoaching;
use super::state::ServiceState;
use crate::desk::{CoachingAgreed, CoachingAsked};
use crate::domain::StaffId;
use crate::staff::{COACHING_WEEKS, CoachingOutcome, Indicator};
use crate::statistics::effect::CoachingEffect;

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
    items: Vec<ListedCoaching>,
    /// For every behaviour that somebody was coached on.
    effects: Vec<EffectView>,
}

/// What came after coaching on one behaviour, as differences of events a contact: −.05 is five
/// fewer of a hundred.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct EffectView {
    /// The behaviour.
    indicator: Indicator,
    /// Weeks compared on either side.
    weeks: i64,
    /// Change beyond regression to the mean and beyond the colleagues' change; null when it cannot
    /// be told.
    difference: Option<f64>,
    /// 95 % interval of `difference`.
    interval: Option<[f64; 2]>,
    /// Plain change of the coached. `crude = regression_to_mean + peers + difference`.
    crude: Option<f64>,
    /// The part that follows from an unusual time before, with or without coaching.
    regression_to_mean: Option<f64>,
    /// Change of similar colleagues who were not coached.
    peers: Option<f64>,
    /// Coached people in the comparison.
    matched: usize,
    /// Why it cannot be told.
    reason: Option<String>,
}

impl From<CoachingOutcome> for EffectView {
    fn from(CoachingOutcome { indicator, effect }: CoachingOutcome) -> Self {
        let empty = Self {
            indicator,
            weeks: COACHING_WEEKS,
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

/// List agreed coaching, with what came after it
///
/// The effect compares coached people with similar uncoached colleagues over the same weeks and
/// takes out what follows from an unusual time before. It is a difference *after* coaching: people
/// were not chosen at random.
#[utoipa::path(
    get,
    path = "/api/v1/coaching",
    operation_id = "list_coaching",
    tag = "improvement",
    params(TeamQuery),
    responses(
        (status = 200, body = CoachingList, description = "The coaching"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
async fn list_coaching(
    caller: Allowed<ReadStaff>,
    Asked(asked): Asked<TeamQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<CoachingList>, ApiError> {
    let team = caller.team_or(asked.team)?;
    let (items, outcomes) = state.desk.coaching(team.as_ref()).await?;
    let items = items.into_iter().map(ListedCoaching::from).collect();
    let effects = outcomes.into_iter().map(EffectView::from).collect();
    state.desk.write_down(&caller, "coaching.list", "coaching", true).await?;
    Ok(web::Json(CoachingList { items, effects }))
}

/// Agree coaching
///
/// The answer says what such a programme can show at all: the smallest true change that would be
/// found four times in five. Contacts from the next week on count as after.
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
    let CoachingBody { staff, indicator, note } = read(&request, &state, payload).await?;
    let asked = CoachingAsked { staff, indicator, note };
    let CoachingAgreed { id, power } = state.desk.agree_coaching(&caller, asked).await?;
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
    state.desk.end_coaching(&caller, key(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
