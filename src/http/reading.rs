//! What every reading route does: find the key.

use actix_web::HttpRequest;

use super::error::ApiError;
use crate::domain::ContactRef;

/// The key in the path. What is no key names no contact.
pub(super) fn contact_key(request: &HttpRequest) -> Result<ContactRef, ApiError> {
    request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(ApiError::not_found)
}
