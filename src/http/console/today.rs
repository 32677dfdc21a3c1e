//! The page of today.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::copy::listing;
use super::page::frame;
use crate::console::{Section, TodayPage};
use crate::http::access::{Allowed, ReadStaff};
use crate::http::error::ApiError;
use crate::http::state::ServiceState;

pub(super) async fn show(
    who: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    let today = state.desk.today(&who).await?;
    state.desk.write_down(&who, "today.read", "today", true).await?;
    let shown = TodayPage::new(frame(&request, Some(session), Section::Today), &today);
    listing(&who, (&request, StatusCode::OK), &state, &shown).await
}
