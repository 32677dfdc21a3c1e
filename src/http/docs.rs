//! Interactive documentation of the API at `/docs/`, from files inside the binary.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_swagger_ui::{Config, serve};

use super::access::{Allowed, ReadApi};
use super::entry::Entry;
use super::error::ApiError;

/// The page sets styles from its script, which the policy of the other pages forbids. It still
/// loads nothing from elsewhere.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

pub(super) fn routes() -> Vec<Entry> {
    let config = Arc::new(Config::from("/openapi.json"));
    vec![Entry::get("/docs/{file:.*}", "docs", move |_: Allowed<ReadApi>, request: HttpRequest| {
        let answer = file(&request, &config);
        async move { answer }
    })]
}

fn file(request: &HttpRequest, config: &Arc<Config<'static>>) -> Result<HttpResponse, ApiError> {
    let name = request.match_info().get("file").filter(|name| !name.is_empty()).unwrap_or("index.html");
    let file = serve(name, Arc::clone(config)).ok().flatten().ok_or_else(ApiError::not_found)?;
    Ok(HttpResponse::Ok()
        .insert_header(("content-security-policy", POLICY))
        .content_type(file.content_type)
        .body(web::Bytes::from(file.bytes.into_owned())))
}
