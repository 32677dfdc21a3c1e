//! Calibration sessions over HTTP: how far they are read. What was said in them is shown in the console alone.

use actix_web::web;
use serde::Serialize;
use uuid::Uuid;

use super::access::{Allowed, ManageQuality};
use super::entry::Entry;
use super::error::ApiError;
use super::query::{Asked, NoQuery};
use super::state::ServiceState;
use crate::domain::{TeamId, UtcMillis};
use crate::store::{Calibration, CalibrationReader};

pub(super) fn routes() -> Vec<Entry> {
    vec![Entry::get("/api/v1/calibrations", "list_calibrations", list_calibrations)]
}

/// Calibration sessions.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CalibrationList {
    /// Latest first.
    items: Vec<CalibrationView>,
}

/// A calibration session.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CalibrationView {
    /// Its key.
    #[schema(value_type = String, format = Uuid)]
    id: Uuid,
    /// What it is called, redacted.
    title: String,
    /// Whose contacts are read; null for those of all teams.
    team: Option<TeamId>,
    /// Account whose reading the others are compared with.
    expert: String,
    /// Contacts that are read.
    contacts: usize,
    /// Who is invited, the expert among them.
    readers: Vec<CalibrationReaderView>,
    /// Account or key.
    made_by: String,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    made_at: UtcMillis,
    /// When it ended; null while it is open.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<UtcMillis>,
}

/// Somebody who is invited to a session.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CalibrationReaderView {
    /// Account.
    name: String,
    /// Contacts that were read.
    done: usize,
}

impl From<Calibration> for CalibrationView {
    fn from(session: Calibration) -> Self {
        let Calibration { id, title, expert, team, contacts, readers, made_by, made_at, closed_at } = session;
        let reader = |CalibrationReader { name, done }| CalibrationReaderView { name, done };
        let readers = readers.into_iter().map(reader).collect();
        Self { id, title, team, expert, contacts, readers, made_by, made_at, closed_at }
    }
}

/// List calibration sessions and how far they are read
///
/// Several reviewers and an expert read the same contacts without knowing of each other. What they say enters no rate and no
/// figure of staff, and is shown to whoever leads the session, in the console.
#[utoipa::path(
    get,
    path = "/api/v1/calibrations",
    operation_id = "list_calibrations",
    tag = "quality",
    responses((status = 200, body = CalibrationList, description = "The sessions"))
)]
async fn list_calibrations(
    caller: Allowed<ManageQuality>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<CalibrationList>, ApiError> {
    let items = state.desk.calibrations(&caller).await?.into_iter().map(CalibrationView::from).collect();
    state.desk.write_down(&caller, "calibration.list", "calibrations", true).await?;
    Ok(web::Json(CalibrationList { items }))
}
