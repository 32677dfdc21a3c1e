//! What every reading route does: find the key and the part of the list.

use actix_web::HttpRequest;

use super::error::ApiError;
use super::query::Query;
use crate::domain::ContactRef;
use crate::store::Cursor;

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
