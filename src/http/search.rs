//! All contacts: listed and searched.

use actix_web::web;
use serde::{Deserialize, Serialize};

use super::access::{Allowed, ReadContacts};
use super::error::{ApiError, Problem, ProblemBody};
use super::query::{After, Answered, Asked, Bound, LeastShare, Limit, Moment, Words, encode};
use super::rows::ListedContact;
use super::state::ServiceState;
use crate::desk::{SearchHit, SearchHits, Snippet};
use crate::domain::{
    BusinessProcess, Channel, ContactId, ContactState, FlagStatus, Rule, Severity, SourceId, Span, Speaker,
    StaffId, TeamId,
};
use crate::store::{BoundedCount, ContactFilter, ContactSearch, ContactSort};

/// Which contacts.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ContactQuery {
    /// Words of the redacted text: every term must stand there, what is quoted as it is.
    #[param(value_type = Option<String>, max_length = 100)]
    q: Option<Words>,
    /// Touchpoint.
    channel: Option<Channel>,
    /// Source system.
    #[param(value_type = Option<String>)]
    source: Option<SourceId>,
    /// Id within the source.
    #[param(value_type = Option<String>)]
    contact_id: Option<ContactId>,
    /// Team.
    #[param(value_type = Option<String>)]
    team: Option<TeamId>,
    /// Work number of the staff member.
    #[param(value_type = Option<String>)]
    staff: Option<StaffId>,
    /// What it was about.
    #[param(value_type = Option<String>)]
    process: Option<BusinessProcess>,
    /// How far it is.
    state: Option<ContactState>,
    /// It has a flag of this rule; rule, severity and status must hold for one flag.
    rule: Option<Rule>,
    /// It has a flag that is so urgent.
    severity: Option<Severity>,
    /// It has a flag about which people said so.
    status: Option<FlagStatus>,
    /// Name of the account that judged a flag of it.
    reviewer: Option<String>,
    /// `any`: the customer answered a survey; 1 to 5: and gave at most so much of five.
    #[param(value_type = Option<String>)]
    survey: Option<Answered>,
    /// Least probability that the customer was dissatisfied.
    #[param(value_type = Option<f64>, minimum = 0, maximum = 1)]
    dissatisfied: Option<LeastShare>,
    /// Began on this day in Beijing or later, or at this RFC 3339 time or later.
    #[param(value_type = Option<String>)]
    from: Option<Bound>,
    /// Began on this day in Beijing at the latest, or before this RFC 3339 time.
    #[param(value_type = Option<String>)]
    to: Option<Bound>,
    /// The older name of `from`, for a time.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Moment>,
    /// The older name of `to`, for a time.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Moment>,
    /// What comes first; a cursor goes on in the order in which it was given out.
    sort: Option<ContactSort>,
    /// Most rows of the answer; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// `next` of the answer before.
    #[param(value_type = Option<String>)]
    cursor: Option<After>,
}

/// A contact that was found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = FoundContact)]
pub(super) struct FoundView {
    #[serde(flatten)]
    contact: ListedContact,
    /// What the customer answered afterwards, as a share of the scale; null without an answer.
    survey: Option<f64>,
    /// Probability that the customer was dissatisfied; null where nothing was judged.
    dissatisfied: Option<f64>,
    /// Where the words stood; null without `q`.
    snippet: Option<SnippetView>,
}

/// Where the words stood that were looked for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Snippet)]
pub(super) struct SnippetView {
    /// Position of the turn or sentence in the contact, from 0.
    turn: usize,
    /// Who speaks; null in a note.
    speaker: Option<Speaker>,
    /// A part of it, without personal data.
    text: String,
    /// Where in that part the words stand, in characters.
    marks: Vec<Span>,
}

/// A part of what was found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = FoundContacts)]
pub(super) struct FoundList {
    /// The contacts.
    items: Vec<FoundView>,
    /// Goes into `cursor` of the next request; null at the end of the list.
    next: Option<String>,
    /// How many there are in all; null in answers to a cursor.
    total: Option<Total>,
}

/// How many there are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Total {
    /// So many were counted.
    counted: u64,
    /// There are more than 10,000, which is how far it is counted.
    more: bool,
}

/// Thousandths as a share of one.
fn share(thousandths: Option<u16>) -> Option<f64> {
    thousandths.map(|value| f64::from(value) / 1000.0)
}

impl From<SearchHit> for FoundView {
    fn from(SearchHit { found, snippet }: SearchHit) -> Self {
        let snippet =
            snippet.map(|Snippet { turn, speaker, text, marks }| SnippetView { turn, speaker, text, marks });
        Self {
            survey: share(found.survey),
            dissatisfied: share(found.dissatisfied),
            contact: found.contact.into(),
            snippet,
        }
    }
}

impl From<SearchHits> for FoundList {
    fn from(SearchHits { hits, total }: SearchHits) -> Self {
        Self {
            items: hits.items.into_iter().map(FoundView::from).collect(),
            next: hits.next.as_ref().map(encode),
            total: total.map(|BoundedCount { counted, more }| Total { counted, more }),
        }
    }
}

/// One of two parameters that say the same.
fn either<T>(names: &str, one: Option<T>, other: Option<T>) -> Result<Option<T>, ApiError> {
    if one.is_some() && other.is_some() {
        let detail = format!("{names} say the same: leave one out");
        return Err(ApiError::new(Problem::InvalidQuery, detail));
    }
    Ok(one.or(other))
}

impl ContactQuery {
    fn search(self) -> Result<ContactSearch, ApiError> {
        Ok(ContactSearch {
            words: self.q.map(|words| words.0),
            contact: ContactFilter {
                channel: self.channel,
                source: self.source,
                contact_id: self.contact_id,
                team: self.team,
                staff: self.staff,
                state: self.state,
                since: either("`from` and `since`", self.from.map(Bound::begins), self.since.map(|at| at.0))?,
                until: either("`to` and `until`", self.to.map(Bound::ends), self.until.map(|at| at.0))?,
            },
            process: self.process,
            rule: self.rule,
            severity: self.severity,
            status: self.status,
            judged_by: self.reviewer.map(|name| format!("user:{name}")),
            survey: self.survey.map(|asked| asked.0),
            dissatisfied: self.dissatisfied.map(|least| least.0),
            sort: self.sort,
        })
    }
}

/// List and search contacts
///
/// Newest first unless `sort` says otherwise. A caller that is limited to a team sees that team's contacts only; a person who does
/// not judge flags finds contacts by confirmed flags only. With `q` the read is written to the audit log as `contacts.search`,
/// without the words.
#[utoipa::path(
    get,
    path = "/api/v1/contacts",
    operation_id = "list_contacts",
    tag = "contacts",
    params(ContactQuery),
    responses(
        (status = 200, body = FoundList, description = "Part of the list"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
pub(super) async fn list_contacts(
    caller: Allowed<ReadContacts>,
    Asked(asked): Asked<ContactQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<FoundList>, ApiError> {
    let limit = Limit::rows(asked.limit);
    let after = asked.cursor.as_ref().map(|after| after.0.clone());
    let found = state.desk.search(&caller, asked.search()?, after.as_ref(), limit).await?;
    Ok(web::Json(found.into()))
}
