//! What every reading route does: find the key, keep to the team, write the audit log.

use actix_web::HttpRequest;

use super::access::Allowed;
use super::error::{ApiError, Problem};
use super::query::Query;
use super::state::ServiceState;
use crate::domain::{ContactRef, StaffId, TeamId, UtcMillis};
use crate::store::{Actor, Cursor, NewAudit};

/// Which part of a list.
pub(super) struct Listing {
    pub(super) after: Option<Cursor>,
    pub(super) limit: u32,
}

impl Listing {
    pub(super) fn of(query: &Query) -> Result<Self, ApiError> {
        Ok(Self { after: query.cursor()?, limit: query.limit()? })
    }
}

/// The key in the path. What is no key names no contact.
pub(super) fn contact_key(request: &HttpRequest) -> Result<ContactRef, ApiError> {
    request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(ApiError::not_found)
}

/// The team to ask for: the caller's own, if it is limited to one.
pub(super) fn own_team(own: Option<&TeamId>, asked: Option<TeamId>) -> Result<Option<TeamId>, ApiError> {
    match (own, asked) {
        (None, asked) => Ok(asked),
        (Some(own), Some(asked)) if asked != *own => {
            Err(ApiError::new(Problem::Forbidden, "this account or key is limited to another team"))
        }
        (Some(own), _) => Ok(Some(own.clone())),
    }
}

/// Whose results an account may see; a program has none.
pub(super) async fn own_number<P>(
    state: &ServiceState,
    who: &Allowed<P>,
) -> Result<Option<StaffId>, ApiError> {
    match who.console() {
        Ok(session) => Ok(state.store.staff_of(&session.user.name).await?),
        Err(_) => Ok(None),
    }
}

/// Writes a read to the audit log, before its answer goes out: no entry, no answer.
pub(super) async fn audited(
    state: &ServiceState,
    actor: &Actor,
    action: &'static str,
    object: String,
    allowed: bool,
) -> Result<(), ApiError> {
    let result = if allowed { "ok" } else { "refused" };
    let entry = NewAudit { at: UtcMillis::now(), actor: actor.clone(), action, object, result };
    Ok(state.store.audit(&entry).await?)
}
