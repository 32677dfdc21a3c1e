//! The audit log, for auditors.

use actix_web::web;
use serde::Deserialize;

use super::access::{Allowed, ReadAudit};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{After, Asked, Limit};
use super::rows::ListedAudit;
use super::state::ServiceState;
use super::view::List;

pub(super) fn routes() -> Vec<Entry> {
    vec![Entry::get("/api/v1/audit", "list_audit", list_audit)]
}

/// Which part of the log.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// Most rows of the answer; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// `next` of the answer before.
    #[param(value_type = Option<String>)]
    cursor: Option<After>,
}

/// List the audit log, newest first
///
/// Who read or changed what, and whether it was allowed. Every entry holds the SHA-256 of itself
/// and the chain before it. Reading the log is an entry too.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    operation_id = "list_audit",
    tag = "audit",
    params(AuditQuery),
    responses(
        (status = 200, body = List<ListedAudit>, description = "Part of the log"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
async fn list_audit(
    caller: Allowed<ReadAudit>,
    Asked(asked): Asked<AuditQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<List<ListedAudit>>, ApiError> {
    let after = asked.cursor.map(|after| after.0);
    let page = state.store.audit_log(after.as_ref(), Limit::rows(asked.limit)).await?;
    state.desk.write_down(&caller, "audit.list", "audit", true).await?;
    Ok(web::Json(page.into()))
}
