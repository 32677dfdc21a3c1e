//! Whether the process lives and may be given work; the numbers that Prometheus reads.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::access::{Allowed, Public, ReadMetrics};
use super::entry::Entry;
use super::error::ApiError;
use super::state::ServiceState;
use crate::domain::UtcMillis;
use crate::metrics::{Backlog, TEXT_FORMAT};

/// Longest wait for the numbers of the database in a scrape, so that a slow database cannot hide the rest.
const SCRAPE_PATIENCE: Duration = Duration::from_secs(1);

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
}

#[derive(Debug, Serialize)]
struct Checks {
    /// The schema is current and a row can be written.
    database: &'static str,
    /// The thread that owns the model runs.
    analysis: &'static str,
}

/// `GET /readyz`: the process may be given work. The text says which check failed and nothing more.
async fn ready(_: Public, state: web::Data<ServiceState>) -> HttpResponse {
    if state.is_stopping() {
        return HttpResponse::ServiceUnavailable()
            .insert_header(("Retry-After", "2"))
            .json(serde_json::json!({ "status": "stopping" }));
    }
    let (database, analysis) = (state.probe.writable(&state.store).await, state.lane.is_alive());
    let word = |ok| if ok { "ok" } else { "failed" };
    let checks = Checks { database: word(database), analysis: word(analysis) };
    if database && analysis {
        HttpResponse::Ok().json(Readiness { status: "ready", checks })
    } else {
        HttpResponse::ServiceUnavailable()
            .insert_header(("Retry-After", "2"))
            .json(Readiness { status: "not ready", checks })
    }
}

/// `GET /metrics`
async fn metrics(_: Allowed<ReadMetrics>, state: web::Data<ServiceState>) -> Result<HttpResponse, ApiError> {
    let asked = tokio::time::timeout(SCRAPE_PATIENCE, state.store.queue_state(UtcMillis::now())).await;
    let backlog = asked.ok().and_then(Result::ok).map(|queue| Backlog {
        waiting: queue.waiting,
        quarantined: queue.quarantined,
        oldest_seconds: queue.oldest_seconds,
    });
    let text = state.metrics.render(backlog).map_err(|failure| {
        tracing::error!(%failure, "metrics cannot be written");
        ApiError::internal()
    })?;
    Ok(HttpResponse::Ok().content_type(TEXT_FORMAT).body(text))
}
