//! Style sheet, script and icon.

use actix_web::http::header::{self, CacheDirective, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::console::asset;
use crate::http::access::Public;
use crate::http::error::ApiError;

const YEAR: u32 = 31_536_000;

/// A file under its versioned address never changes; under its bare name it is asked for again each
/// time.
pub(super) async fn file(
    _: Public,
    request: HttpRequest,
    name: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let asset = asset(&name).ok_or_else(ApiError::not_found)?;
    let versioned = request.query_string() == format!("v={}", asset.version);
    let caching = if versioned {
        vec![
            CacheDirective::Public,
            CacheDirective::MaxAge(YEAR),
            CacheDirective::Extension("immutable".to_owned(), None),
        ]
    } else {
        vec![CacheDirective::NoCache]
    };
    // Weak, for the compression layer may change the bytes.
    let tag = EntityTag::new_weak(asset.version);
    let known = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|given| given.weak_eq(&tag)),
        Ok(IfNoneMatch::Any) => true,
        Err(_) => false,
    };
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header(header::CacheControl(caching)).insert_header(header::ETag(tag));
    if known {
        return Ok(answer.finish());
    }
    Ok(answer.content_type(asset.media_type).body(asset.body.into_owned()))
}
