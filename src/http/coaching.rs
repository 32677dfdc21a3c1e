//! Agreed coaching with what came after it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::{Allowed, ReadStaff, WriteCoaching};
use super::added::Added;
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, NoQuery, TeamQuery};
use super::rows::ListedCoaching;
use super::state::ServiceState;
use crate::desk::{ClipAsked, CoachingAgreed, CoachingAsked, CoachingMore, CoachingPaper};
use crate::domain::{ContactRef, Programme, StaffId, UtcMillis};
use crate::staff::{COACHING_WEEKS, CoachingOutcome, Indicator};
use crate::statistics::effect::CoachingEffect;
use crate::store::Clip;

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/coaching", "list_coaching", list_coaching),
        Entry::post("/api/v1/coaching", "agree_coaching", agree_coaching),
        Entry::get("/api/v1/coaching/{id}", "get_coaching", get_coaching),
        Entry::post("/api/v1/coaching/{id}/finish", "finish_coaching", finish_coaching),
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
    /// Until when it should be done.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<UtcMillis>,
    /// The kind of help.
    #[serde(default)]
    programme: Option<Programme>,
    /// Item of the catalogue of trainings.
    #[serde(default)]
    training: Option<Uuid>,
    /// For whoever agrees it alone, at most 500 characters.
    #[serde(default)]
    private_note: Option<String>,
    /// For the person, too, at most 500 characters.
    #[serde(default)]
    shared_note: Option<String>,
    /// Two or three pieces of contacts of the person, of which one is good; or none.
    #[serde(default)]
    clips: Vec<ClipBody>,
}

/// Turns of a contact.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Clip)]
pub(super) struct ClipBody {
    /// Key of the contact.
    contact: ContactRef,
    /// First turn, from 0.
    first: usize,
    /// Last turn; at most 40 of them.
    last: usize,
    /// Whether it shows what went well. What went wrong comes from a contact about which a reviewer confirmed something.
    good: bool,
}

impl From<ClipBody> for ClipAsked {
    fn from(ClipBody { contact, first, last, good }: ClipBody) -> Self {
        Self { contact, first, last, good }
    }
}

/// One agreement with its pieces of contacts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CoachingView {
    /// What was agreed.
    #[serde(flatten)]
    #[schema(inline)]
    coaching: ListedCoaching,
    /// What it is about.
    clips: Vec<ClipBody>,
}

impl From<CoachingPaper> for CoachingView {
    fn from(agreement: CoachingPaper) -> Self {
        let clip = |Clip { contact, first, last, good, .. }| ClipBody { contact, first, last, good };
        let clips = agreement.clips.into_iter().map(|one| clip(one.clip)).collect();
        Self { coaching: agreement.coaching.into(), clips }
    }
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
    let (items, outcomes) = state.desk.coaching(&caller, team.as_ref()).await?;
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
    let body: CoachingBody = read(&request, &state, payload).await?;
    let CoachingBody { staff, indicator, note, due_at, programme, training, .. } = &body;
    let more = CoachingMore {
        due_at: *due_at,
        programme: *programme,
        training: *training,
        private_note: body.private_note.clone(),
        shared_note: body.shared_note.clone(),
        clips: body.clips.iter().copied().map(ClipAsked::from).collect(),
    };
    let asked = CoachingAsked { staff: staff.clone(), indicator: *indicator, note: note.clone(), more };
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

/// Read one agreement with its pieces of contacts
#[utoipa::path(
    get,
    path = "/api/v1/coaching/{id}",
    operation_id = "get_coaching",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 200, body = CoachingView, description = "The agreement"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such coaching, or it is another team's"),
    )
)]
async fn get_coaching(
    caller: Allowed<ReadStaff>,
    request: HttpRequest,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<CoachingView>, ApiError> {
    let id = key(&request)?;
    let found = state.desk.agreement(&caller, id).await;
    state.desk.write_down(&caller, "coaching.read", id.to_string(), found.is_ok()).await?;
    Ok(web::Json(found?.into()))
}

/// Say that coaching was done
#[utoipa::path(
    post,
    path = "/api/v1/coaching/{id}/finish",
    operation_id = "finish_coaching",
    tag = "improvement",
    params(("id" = Uuid, Path, description = "Key")),
    responses(
        (status = 204, description = "Done"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such open coaching"),
    )
)]
async fn finish_coaching(
    caller: Allowed<WriteCoaching>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    state.desk.finish_coaching(&caller, key(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
