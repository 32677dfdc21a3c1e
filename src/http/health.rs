//! Whether the process lives and may be given work; the numbers that Prometheus reads.

use actix_web::{HttpResponse, web};

use super::access::{Allowed, Public, ReadMetrics};
use super::error::ApiError;
use super::routes::Entry;
use super::state::ServiceState;

pub(super) fn routes() -> Vec<Entry> {
    vec![Entry::get("/livez", "livez", live), Entry::get("/metrics", "metrics", metrics)]
}

/// `GET /livez`: the event loop turns. Asks nobody else, so that a slow database does not get the process killed.
async fn live(_: Public) -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// `GET /metrics`
async fn metrics(_: Allowed<ReadMetrics>, state: web::Data<ServiceState>) -> Result<HttpResponse, ApiError> {
    let _ = state;
    Ok(HttpResponse::Ok().finish())
}
