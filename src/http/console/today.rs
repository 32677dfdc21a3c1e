//! The page of today.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::page::{frame, page};
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
    page(&request, StatusCode::OK, &TodayPage::new(frame(&request, Some(session), Section::Today), &today))
}
