//! Flags: reasons to listen to a contact.

use actix_web::{HttpRequest, web};

use super::access::{Allowed, ReadFlags};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::Query;
use super::reading::Listing;
use super::state::ServiceState;
use super::view::List;
use crate::domain::{Channel, FlagStatus, Rule, Severity, TeamId, UtcMillis};
use crate::store::{FlagFilter, FlagRow};

pub(super) fn routes() -> Vec<Entry> {
    vec![Entry::get("/api/v1/flags", "list_flags", list_flags)]
}

/// Which flags.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "names and documents what the handler reads")]
pub(super) struct FlagQuery {
    /// The rule that raised it.
    rule: Option<Rule>,
    /// How urgent.
    severity: Option<Severity>,
    /// What people have said about it.
    status: Option<FlagStatus>,
    /// Touchpoint.
    channel: Option<Channel>,
    /// Team.
    team: Option<String>,
    /// The contact began at or after, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<UtcMillis>,
    /// The contact began before, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<UtcMillis>,
    /// Most rows of the answer; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the answer before.
    cursor: Option<String>,
}

/// List flags of current analyses, newest contact first
///
/// A flag is a candidate until a person has looked at it.
#[utoipa::path(
    get,
    path = "/api/v1/flags",
    operation_id = "list_flags",
    tag = "flags",
    params(FlagQuery),
    responses(
        (status = 200, body = List<FlagRow>, description = "Part of the list"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
async fn list_flags(
    caller: Allowed<ReadFlags>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<web::Json<List<FlagRow>>, ApiError> {
    let query = Query::of::<FlagQuery>(&request)?;
    let filter = FlagFilter {
        rule: query.one_of("rule", Rule::ALL, Rule::as_str)?,
        severity: query.one_of("severity", Severity::ALL, Severity::as_str)?,
        status: query.one_of("status", FlagStatus::ALL, FlagStatus::as_str)?,
        channel: query.one_of("channel", Channel::ALL, Channel::as_str)?,
        team: caller.team_or(query.name("team", TeamId::new)?)?,
        since: query.time("since")?,
        until: query.time("until")?,
    };
    let Listing { after, limit } = Listing::of(&query)?;
    let page = state.store.flags(&filter, after.as_ref(), limit).await?;
    state.desk.write_down(&caller, "flags.list", "flags", true).await?;
    Ok(web::Json(page.into()))
}
