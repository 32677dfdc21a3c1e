//! Flags: reasons to listen to a contact.

use actix_web::web;
use serde::Deserialize;

use super::access::{Allowed, ReadFlags};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{After, Asked, Limit, Moment};
use super::rows::ListedFlag;
use super::state::ServiceState;
use super::view::List;
use crate::domain::{Channel, FlagStatus, Rule, Severity, TeamId};
use crate::store::FlagFilter;

pub(super) fn routes() -> Vec<Entry> {
    vec![Entry::get("/api/v1/flags", "list_flags", list_flags)]
}

/// Which flags.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
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
    #[param(value_type = Option<String>)]
    team: Option<TeamId>,
    /// The contact began at or after, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Moment>,
    /// The contact began before, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Moment>,
    /// Most rows of the answer; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// `next` of the answer before.
    #[param(value_type = Option<String>)]
    cursor: Option<After>,
}

/// List flags of current analyses, newest contact first
///
/// A flag is a candidate until a person has looked at it. Reviewers and the systems that send contacts see all of them;
/// all others see those that a reviewer confirmed, and no other.
#[utoipa::path(
    get,
    path = "/api/v1/flags",
    operation_id = "list_flags",
    tag = "flags",
    params(FlagQuery),
    responses(
        (status = 200, body = List<ListedFlag>, description = "Part of the list"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`: the caller sees confirmed flags alone and asked for others"),
    )
)]
async fn list_flags(
    caller: Allowed<ReadFlags>,
    Asked(asked): Asked<FlagQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<List<ListedFlag>>, ApiError> {
    let filter = FlagFilter {
        rule: asked.rule,
        without: state.desk.rule_states().await?.not_shown(),
        severity: asked.severity,
        status: asked.status,
        channel: asked.channel,
        team: caller.team_or(asked.team)?,
        since: asked.since.map(|since| since.0),
        until: asked.until.map(|until| until.0),
        assigned_to: None,
    };
    let after = asked.cursor.map(|after| after.0);
    let page = state.desk.flags(&caller, filter, (after.as_ref(), Limit::rows(asked.limit))).await?;
    state.desk.write_down(&caller, "flags.list", "flags", true).await?;
    Ok(web::Json(page.into()))
}
