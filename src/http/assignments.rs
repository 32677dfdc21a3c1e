//! Whose work a flagged contact is, and by which rules leads distribute it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ManageQuality, ReadQuality};
use super::added::Added;
use super::body::{key, read};
use super::entry::Entry;
use super::error::{ApiError, Problem, ProblemBody};
use super::query::{Asked, NoQuery};
use super::state::ServiceState;
use crate::desk::{Recalled, ReviewerLoad, assignments};
use crate::domain::{Channel, ContactRef, Rule, TeamId, UtcMillis};
use crate::store::{Assignment, DistributionMethod, DistributionRule, NewAssignment, NewDistributionRule};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/assignments", "list_assignments", list_assignments),
        Entry::post("/api/v1/assignments", "assign_contact", assign_contact),
        Entry::post("/api/v1/assignments/distribute", "distribute_contacts", distribute_contacts),
        Entry::post("/api/v1/assignments/recall", "recall_contacts", recall_contacts),
        Entry::get("/api/v1/reviewers", "list_reviewers", list_reviewers),
        Entry::post("/api/v1/reviewers/resume", "resume_reviewer", resume_reviewer),
        Entry::get("/api/v1/distribution-rules", "list_distribution_rules", list_distribution_rules),
        Entry::post("/api/v1/distribution-rules", "add_distribution_rule", add_distribution_rule),
        Entry::post(
            "/api/v1/distribution-rules/{id}/remove",
            "remove_distribution_rule",
            remove_distribution_rule,
        ),
    ]
}

/// Work that is left.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AssignmentList {
    /// Oldest first, at most 2000.
    items: Vec<AssignmentView>,
}

/// A contact that is somebody's work.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AssignmentView {
    /// Key of the contact.
    contact: ContactRef,
    /// Whose work.
    account: String,
    /// Account, key or `system`.
    assigned_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    assigned_at: UtcMillis,
}

/// A contact to be given to somebody.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignBody {
    /// Key of the contact.
    contact: ContactRef,
    /// Account of a reviewer.
    account: String,
}

/// What is to be taken back: one of the two.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecallBody {
    /// Whatever this reviewer has left; nothing more is given to that account until it is resumed.
    account: Option<String>,
    /// One contact.
    contact: Option<ContactRef>,
}

/// A reviewer to be given work again.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResumeBody {
    /// The account.
    account: String,
}

/// How many contacts it was about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Moved {
    /// Contacts that were given or taken back.
    contacts: u64,
}

/// Reviewers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReviewerList {
    /// By name.
    items: Vec<ReviewerView>,
}

/// How much a reviewer has to do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReviewerView {
    /// The account.
    account: String,
    /// The team that the account is limited to.
    team: Option<TeamId>,
    /// Contacts with an unjudged flag.
    open: usize,
    /// Whether nothing more is given for now.
    paused: bool,
}

/// Rules of distribution.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DistributionRuleList {
    /// In the order in which they are asked; the first that fits a contact gives it.
    items: Vec<DistributionRuleView>,
}

/// A rule of distribution.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DistributionRuleView {
    /// Key.
    id: uuid::Uuid,
    /// Contacts of this team; null for all.
    team: Option<TeamId>,
    /// Contacts with an unjudged flag of this rule; null for any.
    rule: Option<Rule>,
    /// Contacts of this channel; null for all.
    channel: Option<Channel>,
    /// Accounts that get them; empty for every reviewer.
    reviewers: Vec<String>,
    /// Who of them gets the next contact.
    method: DistributionMethod,
    /// Account or key.
    made_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    made_at: UtcMillis,
}

/// A rule of distribution to be added.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DistributionBody {
    /// Contacts of this team; absent for all.
    #[schema(value_type = Option<String>)]
    team: Option<TeamId>,
    /// Contacts with an unjudged flag of this rule; absent for any.
    rule: Option<Rule>,
    /// Contacts of this channel; absent for all.
    channel: Option<Channel>,
    /// Accounts that get them; absent or empty for every reviewer.
    #[serde(default)]
    reviewers: Vec<String>,
    /// Who of them gets the next contact.
    method: DistributionMethod,
}

impl From<Assignment> for AssignmentView {
    fn from(Assignment { contact, account, assigned_by, assigned_at }: Assignment) -> Self {
        Self { contact, account, assigned_by, assigned_at }
    }
}

impl From<ReviewerLoad> for ReviewerView {
    fn from(ReviewerLoad { account, team, open, paused }: ReviewerLoad) -> Self {
        Self { account, team, open, paused }
    }
}

impl From<DistributionRule> for DistributionRuleView {
    fn from(DistributionRule { id, what, made_by, made_at, .. }: DistributionRule) -> Self {
        let NewDistributionRule { team, rule, channel, reviewers, method } = what;
        Self { id, team, rule, channel, reviewers, method, made_by, made_at }
    }
}

/// List the work that is left
///
/// Contacts with an unjudged flag that are somebody's work. Leads see that of every reviewer, all others their own.
#[utoipa::path(
    get,
    path = "/api/v1/assignments",
    operation_id = "list_assignments",
    tag = "assignments",
    responses((status = 200, body = AssignmentList, description = "The work"))
)]
async fn list_assignments(
    caller: Allowed<ReadQuality>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<AssignmentList>, ApiError> {
    let items = state.desk.open_work(&caller).await?.into_iter().map(AssignmentView::from).collect();
    Ok(web::Json(AssignmentList { items }))
}

/// Give a contact to a reviewer
///
/// Whoever had it before has it no more. A reviewer who is limited to a team gets that team's contacts alone.
#[utoipa::path(
    post,
    path = "/api/v1/assignments",
    operation_id = "assign_contact",
    tag = "assignments",
    request_body = AssignBody,
    responses(
        (status = 204, description = "Given"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such contact, or it is another team's"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "The account is no reviewer of that team"),
    )
)]
async fn assign_contact(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let AssignBody { contact, account } = read(&request, &state, payload).await?;
    state.desk.assign_contact(&caller, NewAssignment { contact, account }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Distribute now
///
/// Gives unjudged contacts that are nobody's work to reviewers as the rules say, the most urgent first, up to
/// `review.most_open` each. The service does the same once a minute.
#[utoipa::path(
    post,
    path = "/api/v1/assignments/distribute",
    operation_id = "distribute_contacts",
    tag = "assignments",
    responses((status = 200, body = Moved, description = "Distributed"))
)]
async fn distribute_contacts(
    caller: Allowed<ManageQuality>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<Moved>, ApiError> {
    let contacts = assignments::distribute(&state.store, &caller, state.review_terms).await?;
    Ok(web::Json(Moved { contacts }))
}

/// Take work back
///
/// Unjudged contacts of a reviewer, who is given nothing more until somebody resumes it, or one contact. They are everybody's
/// then, until the next distribution.
#[utoipa::path(
    post,
    path = "/api/v1/assignments/recall",
    operation_id = "recall_contacts",
    tag = "assignments",
    request_body = RecallBody,
    responses(
        (status = 200, body = Moved, description = "Taken back"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "The contact is nobody's work, or another team's"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "Neither or both are given, or the account is no reviewer of that team"),
    )
)]
async fn recall_contacts(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<web::Json<Moved>, ApiError> {
    let RecallBody { account, contact } = read(&request, &state, payload).await?;
    let what = match (account, contact) {
        (Some(account), None) => Recalled::Account(account),
        (None, Some(contact)) => Recalled::Contact(contact),
        _ => {
            let refusal =
                ApiError::new(Problem::InvalidField, "name an account or a contact, one of the two");
            return Err(refusal.at("/account"));
        }
    };
    Ok(web::Json(Moved { contacts: state.desk.recall_work(&caller, what).await? }))
}

/// List reviewers with what they have left
#[utoipa::path(
    get,
    path = "/api/v1/reviewers",
    operation_id = "list_reviewers",
    tag = "assignments",
    responses((status = 200, body = ReviewerList, description = "Reviewers whom the caller leads"))
)]
async fn list_reviewers(
    caller: Allowed<ManageQuality>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<ReviewerList>, ApiError> {
    let standing = state.desk.work_standing(&caller).await?;
    let items = standing.reviewers.into_iter().map(ReviewerView::from).collect();
    Ok(web::Json(ReviewerList { items }))
}

/// Give a reviewer work again
///
/// After work was taken back from that account.
#[utoipa::path(
    post,
    path = "/api/v1/reviewers/resume",
    operation_id = "resume_reviewer",
    tag = "assignments",
    request_body = ResumeBody,
    responses(
        (status = 204, description = "Resumed"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "The account was not stopped"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "The account is no reviewer of that team"),
    )
)]
async fn resume_reviewer(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let ResumeBody { account } = read(&request, &state, payload).await?;
    state.desk.resume_reviewer(&caller, &account).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List the rules by which work is distributed
#[utoipa::path(
    get,
    path = "/api/v1/distribution-rules",
    operation_id = "list_distribution_rules",
    tag = "assignments",
    responses((status = 200, body = DistributionRuleList, description = "The rules"))
)]
async fn list_distribution_rules(
    caller: Allowed<ManageQuality>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<DistributionRuleList>, ApiError> {
    let standing = state.desk.work_standing(&caller).await?;
    let items = standing.rules.into_iter().map(DistributionRuleView::from).collect();
    Ok(web::Json(DistributionRuleList { items }))
}

/// Add a rule by which work is distributed
///
/// It is asked after those that are there. A caller who is limited to a team makes rules for that team.
#[utoipa::path(
    post,
    path = "/api/v1/distribution-rules",
    operation_id = "add_distribution_rule",
    tag = "assignments",
    request_body = DistributionBody,
    responses(
        (status = 201, body = Added, description = "Added"),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "A field is not accepted"),
    )
)]
async fn add_distribution_rule(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let DistributionBody { team, rule, channel, reviewers, method } = read(&request, &state, payload).await?;
    let new = NewDistributionRule { team, rule, channel, reviewers, method };
    let id = state.desk.add_distribution_rule(&caller, new).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(Added { id, power: None }))
}

/// Remove a rule by which work is distributed
///
/// What it has given stays where it is.
#[utoipa::path(
    post,
    path = "/api/v1/distribution-rules/{id}/remove",
    operation_id = "remove_distribution_rule",
    tag = "assignments",
    params(("id" = uuid::Uuid, Path, description = "Key")),
    responses(
        (status = 204, description = "Removed"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such rule"),
    )
)]
async fn remove_distribution_rule(
    caller: Allowed<ManageQuality>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    state.desk.drop_distribution_rule(&caller, key(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
