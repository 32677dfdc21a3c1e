//! How well rules do, what their flags are good for, and rates corrected for what they get wrong.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ManageQuality, ReadQuality, ReadStaff};
use super::body::read;
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, NoQuery};
use super::state::ServiceState;
use crate::desk::{GroupRate, RateGroup, RuleAsked, RuleHealth, rules::PRECISION_BAR};
use crate::domain::{Channel, Rule, RuleState, StaffId, TeamId, UtcMillis};
use crate::store::{EvidenceStream, RuleChange};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/rules", "list_rules", list_rules),
        Entry::post("/api/v1/rules/{rule}", "switch_rule", switch_rule),
        Entry::get("/api/v1/rates", "list_rates", list_rates),
    ]
}

/// A rule to be switched.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SwitchBody {
    /// What its flags shall be good for.
    state: RuleState,
    /// From when; absent for now.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<UtcMillis>,
    /// Why, at most 500 characters.
    note: String,
}

/// Rules.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RuleList {
    /// Every rule.
    items: Vec<RuleRow>,
}

/// How one rule does.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RuleRow {
    /// Which rule.
    rule: Rule,
    /// What its flags are good for now.
    state: RuleState,
    /// Of its flags, the share that people agree with; null below the minimum.
    precision: Option<f64>,
    /// Lower end of the 95 % interval of `precision`.
    low: Option<f64>,
    /// Upper end.
    high: Option<f64>,
    /// What `precision` rests on: the random sample, or the queue where the sample does not have enough. Never both.
    from: Option<EvidenceStream>,
    /// Of what people find, the share that it has raised; from the random sample alone, null below the minimum.
    recall: Option<f64>,
    /// Lower end of the 95 % interval of `recall`.
    recall_low: Option<f64>,
    /// Upper end.
    recall_high: Option<f64>,
    /// Flags that were judged: those behind `precision`, or those of the sample so far.
    judged: usize,
    /// Precision below which it makes itself a hint.
    bar: f64,
    /// What made it so; null where nobody ever touched it.
    change: Option<ChangeView>,
    /// What has been decided and has not begun.
    coming: Option<ChangeView>,
}

/// A change of a rule.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ChangeView {
    /// What its flags are good for.
    state: RuleState,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    since: UtcMillis,
    /// Account or key; `system` where the rule made itself a hint.
    made_by: String,
    /// Why, in words; null where the rule made itself a hint.
    note: Option<String>,
    /// Upper end of the precision's interval that was below the bar; null where a person decided.
    high: Option<f64>,
    /// Flags behind it.
    judged: Option<usize>,
}

impl From<RuleChange> for ChangeView {
    fn from(change: RuleChange) -> Self {
        let RuleChange { state, since, made_by, note, measured, .. } = change;
        let (high, judged) = (measured.map(|found| found.high), measured.map(|found| found.judged));
        Self { state, since, made_by, note, high, judged }
    }
}

impl From<RuleHealth> for RuleRow {
    fn from(health: RuleHealth) -> Self {
        let RuleHealth { rule, precision, from, recall, judged, state, change, coming } = health;
        Self {
            rule,
            state,
            precision: precision.map(|share| share.value),
            low: precision.map(|share| share.interval.low),
            high: precision.map(|share| share.interval.high),
            from,
            recall: recall.map(|share| share.value),
            recall_low: recall.map(|share| share.interval.low),
            recall_high: recall.map(|share| share.interval.high),
            judged,
            bar: PRECISION_BAR,
            change: change.map(ChangeView::from),
            coming: coming.map(ChangeView::from),
        }
    }
}

/// Rates.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RateList {
    /// Channels, teams, and staff from their minimum on.
    items: Vec<RateRow>,
}

/// How often a rule applies to the contacts of a group. One of `channel`, `team` and `staff` is given.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RateRow {
    /// Of this channel.
    channel: Option<Channel>,
    /// Of this team.
    team: Option<TeamId>,
    /// Of this member of staff.
    staff: Option<StaffId>,
    /// Which rule.
    rule: Rule,
    /// Contacts in the weeks that were drawn.
    contacts: usize,
    /// Share with a flag: carries every error of the model.
    raw: f64,
    /// The same corrected by the random sample; null below the minimum.
    corrected: Option<f64>,
    /// Lower end of the 95 % interval of `corrected`.
    low: Option<f64>,
    /// Upper end.
    high: Option<f64>,
    /// Contacts of the sample that were read.
    judged: usize,
    /// Contacts it takes, where there are too few.
    needed: Option<usize>,
}

impl From<GroupRate> for RateRow {
    fn from(GroupRate { group, rule, contacts, raw, corrected }: GroupRate) -> Self {
        let (mut channel, mut team, mut staff) = (None, None, None);
        match group {
            RateGroup::Channel(of) => channel = Some(of),
            RateGroup::Team(of) => team = Some(of),
            RateGroup::Staff(of) => staff = Some(of),
        }
        let known = corrected.ok();
        Self {
            channel,
            team,
            staff,
            rule,
            contacts,
            raw,
            corrected: known.map(|rate| rate.corrected),
            low: known.map(|rate| rate.interval.low),
            high: known.map(|rate| rate.interval.high),
            judged: corrected.map_or_else(|few| few.have, |rate| rate.judged),
            needed: corrected.err().map(|few| few.needed),
        }
    }
}

/// List every rule with how well it does
///
/// Precision and recall are weighted by the probabilities of the random sample. A rule whose precision is shown to lie
/// below its bar makes itself a `hint`: its flags are shown on the contact, wait for nobody and count for nothing.
#[utoipa::path(
    get,
    path = "/api/v1/rules",
    operation_id = "list_rules",
    tag = "quality",
    responses((status = 200, body = RuleList, description = "The rules"))
)]
async fn list_rules(
    _: Allowed<ReadQuality>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<RuleList>, ApiError> {
    let items = state.desk.rule_health().await?.into_iter().map(RuleRow::from).collect();
    Ok(web::Json(RuleList { items }))
}

/// Switch a rule
///
/// Only a person switches a rule off, and only a person switches it on again; what was judged before speaks against it no
/// more then.
#[utoipa::path(
    post,
    path = "/api/v1/rules/{rule}",
    operation_id = "switch_rule",
    tag = "quality",
    params(("rule" = Rule, Path, description = "Which rule")),
    request_body = SwitchBody,
    responses(
        (status = 204, description = "Decided"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such rule"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn switch_rule(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let rule = request.match_info().get("rule").and_then(Rule::from_name).ok_or_else(ApiError::not_found)?;
    let SwitchBody { state: wanted, since, note } = read(&request, &state, payload).await?;
    state.desk.switch_rule(&caller, RuleAsked { rule, state: wanted, since, note }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List how often rules apply, corrected for what they get wrong
///
/// Every contact counts with its flag, and one of the random sample also with the difference of what a person found, divided
/// by the probability of being drawn (design-based supervised learning).
#[utoipa::path(
    get,
    path = "/api/v1/rates",
    operation_id = "list_rates",
    tag = "quality",
    responses((status = 200, body = RateList, description = "The rates"))
)]
async fn list_rates(
    caller: Allowed<ReadStaff>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<RateList>, ApiError> {
    let items = state.desk.corrected_rates(&caller).await?.into_iter().map(RateRow::from).collect();
    state.desk.write_down(&caller, "rates.list", "rates", true).await?;
    Ok(web::Json(RateList { items }))
}
