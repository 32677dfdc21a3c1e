//! From which score a rule raises flags: what is proposed, what a threshold would make of the archive, and setting it.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ManageQuality, ReadQuality};
use super::body::read;
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, NoQuery};
use super::state::ServiceState;
use crate::desk::{ThresholdAsked, ThresholdStanding};
use crate::domain::{Rule, UtcMillis};
use crate::statistics::threshold::AtThreshold;
use crate::store::{RuleChange, ThresholdReplay};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/rules/{rule}/threshold", "get_threshold", get_threshold),
        Entry::post("/api/v1/rules/{rule}/threshold", "set_threshold", set_threshold),
    ]
}

/// A threshold to be set.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ThresholdBody {
    /// From which score on a flag shall be raised.
    #[schema(minimum = 0.3, maximum = 0.95, example = 0.75)]
    threshold: f64,
    /// From when; absent for now.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<UtcMillis>,
    /// Why, at most 500 characters.
    note: String,
}

/// The threshold of a rule.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ThresholdView {
    /// Which rule.
    rule: Rule,
    /// As the project ships it.
    shipped: f64,
    /// As it is now.
    threshold: f64,
    /// How the rule does at it, by the random sample; null where no better one is proposed.
    now: Option<AtThresholdView>,
    /// The threshold that is shown to do better; null where none is.
    proposed: Option<AtThresholdView>,
    /// Contacts of the sample that were read, where there are too few.
    have: Option<usize>,
    /// Contacts it takes then.
    needed: Option<usize>,
    /// Changes in the order in which they begin.
    history: Vec<ThresholdChangeView>,
}

/// How a rule does at a threshold.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AtThresholdView {
    /// From which score a flag is raised.
    threshold: f64,
    /// Of its flags, the share that people agree with.
    precision: f64,
    /// Of what people find, the share that it raises.
    recall: f64,
}

/// A change of a threshold.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ThresholdChangeView {
    /// What it was.
    before: f64,
    /// What it became.
    threshold: f64,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    since: UtcMillis,
    /// Account or key.
    made_by: String,
    /// Why, in words.
    note: Option<String>,
    /// Contacts that it was replayed on.
    contacts: usize,
    /// Contacts among them that would have got a flag.
    appear: usize,
    /// Contacts that would have lost theirs.
    go: usize,
}

impl From<AtThreshold> for AtThresholdView {
    fn from(at: AtThreshold) -> Self {
        Self { threshold: at.threshold, precision: at.precision.value, recall: at.recall.value }
    }
}

impl ThresholdChangeView {
    fn of(change: RuleChange) -> Option<Self> {
        let to = change.threshold?;
        let ThresholdReplay { before, contacts, appear, go, .. } = to.replay;
        let RuleChange { since, made_by, note, .. } = change;
        Some(Self { before, threshold: to.threshold, since, made_by, note, contacts, appear, go })
    }
}

impl From<ThresholdStanding> for ThresholdView {
    fn from(standing: ThresholdStanding) -> Self {
        let few = standing.proposal.as_ref().err().copied();
        let found = standing.proposal.ok().flatten();
        Self {
            rule: standing.rule,
            shipped: standing.shipped,
            threshold: standing.now,
            now: found.map(|found| found.now.into()),
            proposed: found.map(|found| found.then.into()),
            have: few.map(|few| few.have),
            needed: few.map(|few| few.needed),
            history: standing.history.into_iter().filter_map(ThresholdChangeView::of).collect(),
        }
    }
}

/// Read the threshold of a rule
///
/// A better one is proposed where the random sample shows that it does better: its gain in F1 is certain for all thresholds
/// that were tried together, and its precision does not lie below one half. Nothing is switched by itself.
#[utoipa::path(
    get,
    path = "/api/v1/rules/{rule}/threshold",
    operation_id = "get_threshold",
    tag = "quality",
    params(("rule" = Rule, Path, description = "Which rule")),
    responses(
        (status = 200, body = ThresholdView, description = "The threshold"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such rule, or it has no threshold"),
    )
)]
async fn get_threshold(
    _: Allowed<ReadQuality>,
    request: HttpRequest,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<ThresholdView>, ApiError> {
    Ok(web::Json(state.desk.threshold_standing(named(&request)?).await?.into()))
}

/// Set the threshold of a rule
///
/// It holds for contacts that are analysed from its day on; flags that are there stay. What it would have made of the archive is
/// kept with it.
#[utoipa::path(
    post,
    path = "/api/v1/rules/{rule}/threshold",
    operation_id = "set_threshold",
    tag = "quality",
    params(("rule" = Rule, Path, description = "Which rule")),
    request_body = ThresholdBody,
    responses(
        (status = 204, description = "Decided"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such rule, or it has no threshold"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn set_threshold(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let rule = named(&request)?;
    let ThresholdBody { threshold, since, note } = read(&request, &state, payload).await?;
    state.desk.change_threshold(&caller, ThresholdAsked { rule, threshold, since, note }).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn named(request: &HttpRequest) -> Result<Rule, ApiError> {
    request.match_info().get("rule").and_then(Rule::from_name).ok_or_else(ApiError::not_found)
}
