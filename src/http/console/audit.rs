//! The audit log.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::page::{frame, page};
use crate::console::{AuditPage, Section};
use crate::http::access::{Allowed, ReadAudit};
use crate::http::error::ApiError;
use crate::http::query;
use crate::http::state::ServiceState;

/// Entries on one page.
const PART: u32 = 100;

/// Where to go on.
#[derive(Deserialize)]
pub(super) struct From {
    cursor: Option<String>,
}

pub(super) async fn list(
    who: Allowed<ReadAudit>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    from: web::Query<From>,
) -> Result<HttpResponse, ApiError> {
    let after = from.cursor.as_deref().and_then(query::decode);
    let found = state.store.audit_log(after.as_ref(), PART).await?;
    state.desk.write_down(&who, "audit.list", "audit", true).await?;
    let standing = state.desk.audit_standing();
    let next = found.next.as_ref().map(|cursor| format!("/audit?cursor={}", query::encode(cursor)));
    let frame = frame(&request, Some(who.console()?), Section::Audit);
    page(&request, StatusCode::OK, &AuditPage { frame, entries: found.items, next, standing })
}
