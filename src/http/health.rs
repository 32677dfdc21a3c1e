//! Whether the process lives and may be given work; the numbers that Prometheus reads.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::access::{Allowed, Public, ReadMetrics};
use super::entry::Entry;
use super::error::ApiError;
use super::monitor;
use super::probe::Writable;
use super::role::ServiceRole;
use super::state::ServiceState;
use crate::metrics::TEXT_FORMAT;
use crate::store::AuditHeld;

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/livez", "livez", live),
        Entry::get("/readyz", "readyz", ready),
        Entry::get("/metrics", "metrics", metrics),
    ]
}

/// `GET /livez`: the event loop turns. Asks nobody else, so that a slow database does not get the
/// process killed.
async fn live(_: Public) -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// What `/readyz` found.
#[derive(Debug, PartialEq, Serialize)]
struct Readiness {
    /// `ready`; `reading` on a full disk: what is there is shown and nothing is taken in;
    /// `not ready`.
    status: &'static str,
    checks: ReadinessChecks,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Debug, PartialEq, Serialize)]
struct ReadinessChecks {
    /// The schema is current and a row can be written; `full` when the disk has no room for it.
    database: &'static str,
    /// The thread that owns the model runs; `elsewhere` in a process that has none.
    analysis: &'static str,
    /// Entries of the audit log are on the disk; `held` when some wait in memory for room, `full`
    /// when no more may wait and nothing is read any more.
    audit: &'static str,
    /// The worker deals with contacts or finds none waiting; `elsewhere` in a process that has none.
    scoring: &'static str,
}

impl Readiness {
    /// On a full disk the process stays in the load balancer: no other one would have more room,
    /// and reading goes on as long as it can be written down.
    fn of(
        role: ServiceRole,
        database: Writable,
        alive: bool,
        audit: AuditHeld,
        still: Option<Duration>,
    ) -> Self {
        let has_model = role.scores() || role.analyses_at_once();
        let analyses = alive || !has_model;
        let checks = ReadinessChecks {
            database: match database {
                Writable::Yes => "ok",
                Writable::Full => "full",
                Writable::No => "failed",
            },
            analysis: match (has_model, alive) {
                (false, _) => "elsewhere",
                (true, true) => "ok",
                (true, false) => "failed",
            },
            audit: match audit.entries {
                0 => "ok",
                _ if audit.is_full() => "full",
                _ => "held",
            },
            scoring: match still {
                _ if !role.scores() => "elsewhere",
                None => "ok",
                Some(_) => "failed",
            },
        };
        let status = match database {
            Writable::Yes if analyses && still.is_none() && checks.audit != "full" => "ready",
            Writable::Full if analyses && !audit.is_full() => "reading",
            _ => "not ready",
        };
        let reason = still
            .map(|still| format!("nothing has been scored for {} s while contacts wait", still.as_secs()));
        Self { status, checks, reason }
    }
}

/// `GET /readyz`: the process may be given work. The text says which check failed and nothing more.
async fn ready(_: Public, state: web::Data<ServiceState>) -> HttpResponse {
    if state.is_stopping() {
        return HttpResponse::ServiceUnavailable()
            .insert_header(("Retry-After", "2"))
            .json(serde_json::json!({ "status": "stopping" }));
    }
    let database = state.probe.writable(&state.store).await;
    let still = state.metrics.worker_still().filter(|still| *still > state.limits.worker_still);
    let alive = state.lane.is_alive();
    let found = Readiness::of(state.role, database, alive, state.store.audit_held(), still);
    if found.status == "not ready" {
        HttpResponse::ServiceUnavailable().insert_header(("Retry-After", "2")).json(found)
    } else {
        HttpResponse::Ok().json(found)
    }
}

/// `GET /metrics`
async fn metrics(_: Allowed<ReadMetrics>, state: web::Data<ServiceState>) -> Result<HttpResponse, ApiError> {
    monitor::ask(&state.store, &state.metrics).await;
    monitor::look(&state.desk, &state.metrics).await;
    let text = state.metrics.render().map_err(|failure| {
        tracing::error!(%failure, "metrics cannot be written");
        ApiError::internal()
    })?;
    Ok(HttpResponse::Ok().content_type(TEXT_FORMAT).body(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(database: Writable, entries: usize) -> (&'static str, &'static str, &'static str) {
        let Readiness { status, checks, .. } =
            Readiness::of(ServiceRole::All, database, true, AuditHeld { entries, most: 10 }, None);
        (status, checks.database, checks.audit)
    }

    #[test]
    fn on_a_full_disk_it_says_that_it_only_reads_and_what_it_holds() {
        assert_eq!(said(Writable::Yes, 0), ("ready", "ok", "ok"));
        assert_eq!(said(Writable::Full, 0), ("reading", "full", "ok"));
        assert_eq!(said(Writable::Full, 3), ("reading", "full", "held"));
        assert_eq!(said(Writable::Yes, 3), ("ready", "ok", "held"), "they are being written");
        assert_eq!(said(Writable::Full, 10), ("not ready", "full", "full"), "nothing is read any more");
        assert_eq!(said(Writable::No, 0), ("not ready", "failed", "ok"));
    }

    #[test]
    fn without_a_model_it_is_not_ready() {
        let found =
            Readiness::of(ServiceRole::All, Writable::Yes, false, AuditHeld { entries: 0, most: 10 }, None);

        assert_eq!((found.status, found.checks.analysis), ("not ready", "failed"));
    }

    #[test]
    fn a_process_that_only_takes_in_needs_no_model_and_says_where_that_is() {
        let audit = AuditHeld { entries: 0, most: 10 };
        let found = Readiness::of(ServiceRole::Intake, Writable::Yes, false, audit, None);

        assert_eq!((found.status, found.checks.analysis), ("ready", "elsewhere"));
        assert_eq!(found.checks.scoring, "elsewhere");
    }
}
