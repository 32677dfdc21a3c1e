//! Whether the process lives and may be given work; the numbers that Prometheus reads.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::access::{Allowed, Public, ReadMetrics};
use super::entry::Entry;
use super::error::ApiError;
use super::monitor;
use super::state::ServiceState;
use crate::metrics::TEXT_FORMAT;

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/livez", "livez", live),
        Entry::get("/readyz", "readyz", ready),
        Entry::get("/metrics", "metrics", metrics),
    ]
}

/// `GET /livez`: the event loop turns. Asks nobody else, so that a slow database does not get the process killed.
async fn live(_: Public) -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// What `/readyz` found.
#[derive(Debug, Serialize)]
struct Readiness {
    status: &'static str,
    checks: Checks,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Debug, Serialize)]
struct Checks {
    /// The schema is current and a row can be written.
    database: &'static str,
    /// The thread that owns the model runs.
    analysis: &'static str,
    /// The worker deals with contacts or finds none waiting.
    scoring: &'static str,
}

/// `GET /readyz`: the process may be given work. The text says which check failed and nothing more.
async fn ready(_: Public, state: web::Data<ServiceState>) -> HttpResponse {
    if state.is_stopping() {
        return HttpResponse::ServiceUnavailable()
            .insert_header(("Retry-After", "2"))
            .json(serde_json::json!({ "status": "stopping" }));
    }
    let (database, analysis) = (state.probe.writable(&state.store).await, state.lane.is_alive());
    let still = state.metrics.worker_still().filter(|still| *still > state.limits.worker_still);
    let word = |ok| if ok { "ok" } else { "failed" };
    let checks =
        Checks { database: word(database), analysis: word(analysis), scoring: word(still.is_none()) };
    let reason =
        still.map(|still| format!("nothing has been scored for {} s while contacts wait", still.as_secs()));
    if database && analysis && still.is_none() {
        HttpResponse::Ok().json(Readiness { status: "ready", checks, reason })
    } else {
        HttpResponse::ServiceUnavailable().insert_header(("Retry-After", "2")).json(Readiness {
            status: "not ready",
            checks,
            reason,
        })
    }
}

/// `GET /metrics`
async fn metrics(_: Allowed<ReadMetrics>, state: web::Data<ServiceState>) -> Result<HttpResponse, ApiError> {
    monitor::ask(&state.store, &state.metrics).await;
    let text = state.metrics.render().map_err(|failure| {
        tracing::error!(%failure, "metrics cannot be written");
        ApiError::internal()
    })?;
    Ok(HttpResponse::Ok().content_type(TEXT_FORMAT).body(text))
}
