//! The random sample: its plan, how far it is read, whether readers agree.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ManageQuality, ReadQuality};
use super::body::read;
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, NoQuery};
use super::state::ServiceState;
use crate::desk::{PlanAsked, RuleAgreement, SampleStanding};
use crate::domain::{Rule, UtcMillis};
use crate::store::{DrawnWeek, SamplePlan, SampleUnit};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/samples", "get_samples", get_samples),
        Entry::post("/api/v1/samples", "plan_sample", plan_sample),
    ]
}

/// A version of the plan to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanBody {
    /// What a week is drawn by.
    unit: SampleUnit,
    /// Contacts of each of them in a week, at most 100; 0 draws none.
    #[schema(maximum = 100)]
    per_week: u32,
    /// Names the lot; absent for a new one.
    seed: Option<i64>,
    /// A moment of the first week it draws; absent for the last week that has ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<UtcMillis>,
}

/// The version that was made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PlanMade {
    /// From 1.
    version: u32,
}

/// The random sample.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SampleView {
    /// Every version of the plan, oldest first.
    plans: Vec<PlanView>,
    /// Weeks that were drawn, latest first.
    draws: Vec<WeekView>,
    /// Whether people who read the same contacts say the same, rule by rule.
    agreement: Vec<AgreementView>,
}

/// A version of the plan.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PlanView {
    /// From 1.
    version: u32,
    /// What a week is drawn by.
    unit: SampleUnit,
    /// Contacts of each of them in a week.
    per_week: u32,
    /// Names the lot.
    seed: i64,
    /// Beginning of the first week it draws.
    #[schema(value_type = String, format = DateTime)]
    since: UtcMillis,
    /// Account or key.
    made_by: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    made_at: UtcMillis,
}

/// A week that was drawn.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct WeekView {
    /// Beginning of the week, Monday in Beijing.
    #[schema(value_type = String, format = DateTime)]
    week: UtcMillis,
    /// The plan that drew it.
    version: u32,
    /// Contacts that could be drawn.
    contacts: usize,
    /// Contacts that were drawn, as far as they are still there.
    n: usize,
    /// Those that everybody has read who was to.
    judged: usize,
    /// Those that are still to be read.
    due: usize,
    /// Those that two people are to read.
    twice: usize,
    /// When it was drawn.
    #[schema(value_type = String, format = DateTime)]
    drawn_at: UtcMillis,
}

/// Krippendorff's α of a rule.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AgreementView {
    /// Which rule.
    rule: Rule,
    /// 1 is always, 0 as often as by chance; null below the minimum, and where everybody always said the same.
    alpha: Option<f64>,
    /// Lower end of its 95 % interval.
    low: Option<f64>,
    /// Upper end.
    high: Option<f64>,
    /// Contacts that two people have read; null where α is not defined.
    n: Option<usize>,
    /// Contacts it takes, where there are too few.
    needed: Option<usize>,
}

impl From<SamplePlan> for PlanView {
    fn from(SamplePlan { version, plan, made_by, made_at }: SamplePlan) -> Self {
        let since = UtcMillis::of_week(plan.since_week);
        Self { version, unit: plan.unit, per_week: plan.per_week, seed: plan.seed, since, made_by, made_at }
    }
}

impl From<DrawnWeek> for WeekView {
    fn from(week: DrawnWeek) -> Self {
        Self {
            week: UtcMillis::of_week(week.week),
            version: week.version,
            contacts: week.contacts,
            n: week.drawn,
            judged: week.judged,
            due: week.drawn - week.judged.min(week.drawn),
            twice: week.twice,
            drawn_at: week.drawn_at,
        }
    }
}

impl From<RuleAgreement> for AgreementView {
    fn from(RuleAgreement { rule, agreement }: RuleAgreement) -> Self {
        let empty = Self { rule, alpha: None, low: None, high: None, n: None, needed: None };
        match agreement {
            Err(few) => Self { n: Some(few.have), needed: Some(few.needed), ..empty },
            Ok(None) => empty,
            Ok(Some(found)) => Self {
                alpha: Some(found.alpha),
                low: Some(found.interval.low),
                high: Some(found.interval.high),
                n: Some(found.units),
                ..empty
            },
        }
    }
}

/// How the random sample stands
///
/// Contacts are drawn by lot once a week, each with a known probability, and read in the console by people who are not told
/// which rules raised a flag before their first word. Only this sample feeds rates; one in twenty is read twice, blind.
#[utoipa::path(
    get,
    path = "/api/v1/samples",
    operation_id = "get_samples",
    tag = "quality",
    responses((status = 200, body = SampleView, description = "Plans, draws and agreement"))
)]
async fn get_samples(
    caller: Allowed<ReadQuality>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<SampleView>, ApiError> {
    let SampleStanding { plans, weeks, agreement, .. } = state.desk.sample_standing(&caller, false).await?;
    Ok(web::Json(SampleView {
        plans: plans.into_iter().map(PlanView::from).collect(),
        draws: weeks.into_iter().map(WeekView::from).collect(),
        agreement: agreement.into_iter().map(AgreementView::from).collect(),
    }))
}

/// Make another version of the plan
///
/// It draws at once what it is in force for. Weeks that an earlier version has drawn stay as they are.
#[utoipa::path(
    post,
    path = "/api/v1/samples",
    operation_id = "plan_sample",
    tag = "quality",
    request_body = PlanBody,
    responses(
        (status = 201, body = PlanMade, description = "Made"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn plan_sample(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let PlanBody { unit, per_week, seed, since } = read(&request, &state, payload).await?;
    let version = state.desk.plan_sample(&caller, PlanAsked { unit, per_week, seed, since }).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(PlanMade { version }))
}
