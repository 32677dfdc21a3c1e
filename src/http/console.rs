//! The pages that people use in a browser.

use actix_web::HttpResponse;

use super::error::ApiError;
use super::routes::Entry;

/// The console's part of the route table.
pub(super) fn routes() -> Vec<Entry> {
    Vec::new()
}

/// The page that a person sees instead of problem details. `request_id` helps to find it in the log.
pub(super) fn error_page(error: &ApiError, request_id: &str) -> HttpResponse {
    let _ = request_id;
    actix_web::ResponseError::error_response(error)
}
