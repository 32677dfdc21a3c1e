//! Copies of lists and figures as files, written while they are read.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use futures_util::stream;
use serde::Deserialize;

use super::access::{Allowed, ConsoleSession, ReadContacts, ReadFlags, ReadStaff};
use super::entry::Entry;
use super::error::{ApiError, Problem, ProblemBody};
use super::query::{Asked, Bound};
use super::sending::Outgoing;
use super::state::ServiceState;
use crate::desk::{Caller, ExportAsked, ExportFilter, Exporting};
use crate::domain::{Channel, ExportForm, ExportKind, ExportReason, Lang, StaffId, TeamId};
use crate::export::{ExportError, ExportFile, ReadBy};

pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/export/contacts", "export_contacts", export_contacts),
        Entry::get("/api/v1/export/analyses", "export_analyses", export_analyses),
        Entry::get("/api/v1/export/flags", "export_flags", export_flags),
        Entry::get("/api/v1/export/staff", "export_staff", export_staff),
        Entry::get("/api/v1/export/teams", "export_teams", export_teams),
    ]
}

/// What to export, how and what for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// How it is written; csv when absent. `vcon` for contacts and analyses, `parquet` where the
    /// program was built with it.
    format: Option<ExportForm>,
    /// What the copy is for; it goes into the audit log and into the copy. A key may leave it out: `transfer`.
    purpose: Option<ExportReason>,
    /// Touchpoint; contacts, analyses and flags only.
    channel: Option<Channel>,
    /// Team.
    #[param(value_type = Option<String>)]
    team: Option<TeamId>,
    /// Work number; not for flags and teams.
    #[param(value_type = Option<String>)]
    staff: Option<StaffId>,
    /// The contact began at or after, a day in Beijing or RFC 3339; contacts, analyses and flags only.
    #[param(value_type = Option<String>)]
    since: Option<Bound>,
    /// The contact began before the end of this day, or before this moment; contacts, analyses and flags only.
    #[param(value_type = Option<String>)]
    until: Option<Bound>,
}

async fn answer(
    (caller, session): (&Caller, Option<&ConsoleSession>),
    asked: ExportQuery,
    kind: ExportKind,
    state: &ServiceState,
) -> Result<HttpResponse, ApiError> {
    let ExportQuery { format, purpose, channel, team, staff, since, until } = asked;
    let form = format.unwrap_or(ExportForm::Csv);
    let reason = match (purpose, session) {
        (Some(reason), _) => reason,
        (None, None) => ExportReason::Transfer,
        (None, Some(_)) => {
            let why = "say what the copy is for: `purpose` is one of review, coaching, reporting, complaint, checking, transfer";
            return Err(ApiError::new(Problem::InvalidQuery, why));
        }
    };
    let (since, until) = (since.map(Bound::begins), until.map(Bound::ends));
    let filter = ExportFilter { channel, team, staff, since, until };
    // Before anything is written down: a form that this program does not have is a wrong question.
    if cfg!(not(feature = "parquet")) && form == ExportForm::Parquet {
        return Err(ExportError::WithoutParquet.into());
    }
    let exporting = state.desk.export(caller, ExportAsked { kind, form, reason, filter }).await?;
    send(exporting, session.is_some())
}

/// The answer that carries an export; for a person with headings and a mark.
pub(super) fn send(exporting: Exporting, for_a_person: bool) -> Result<HttpResponse, ApiError> {
    let (kind, form) = (exporting.asked().kind, exporting.asked().form);
    let reader = if for_a_person { ReadBy::Person(exporting.mark(), Lang::Zh) } else { ReadBy::Program };
    let (file, begun) = ExportFile::of(form, kind, reader)?;
    let name = format!("tingxin-{kind}-{}.{}", exporting.mark().id, form.ending());
    let outgoing = Outgoing::begin(file, begun);
    let parts = stream::try_unfold((outgoing, exporting), |(mut outgoing, mut exporting)| async move {
        if let Some(begun) = outgoing.begun() {
            return Ok(Some((begun, (outgoing, exporting))));
        }
        let bytes = match exporting.portion().await? {
            Some(portion) => Some(outgoing.take(&portion)?),
            None => outgoing.rest().await?,
        };
        Ok::<_, ApiError>(bytes.map(|bytes| (bytes, (outgoing, exporting))))
    });
    Ok(HttpResponse::Ok()
        .content_type(form.media_type())
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(Box::pin(parts)))
}

macro_rules! export {
    ($(#[$doc:meta])* $path:literal, $name:ident, $grant:ident, $kind:ident) => {
        $(#[$doc])*
        #[utoipa::path(
            get,
            path = $path,
            tag = "export",
            params(ExportQuery),
            responses(
                (status = 200, body = String, content_type = "text/csv", description = "The file, in the form that was asked for"),
                (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
                (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "Another team's, or `approval_needed`: words of contacts leave by a person's hand when a second person has approved it"),
                (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "The form does not hold what is asked for"),
            )
        )]
        async fn $name(
            caller: Allowed<$grant>,
            Asked(asked): Asked<ExportQuery>,
            state: web::Data<ServiceState>,
        ) -> Result<HttpResponse, ApiError> {
            answer((&caller.caller, caller.session.as_ref()), asked, ExportKind::$kind, &state).await
        }
    };
}

export!(
    /// Export contacts, one row each, without their words
    ///
    /// As `vcon` with their words, for programs and after approval.
    "/api/v1/export/contacts", export_contacts, ReadContacts, Contacts
);
export!(
    /// Export readings, one row an utterance, with the redacted words
    ///
    /// As `vcon` one contact a line, the analysis in an entry of type `sentiment` whose schema is
    /// `urn:tingxin:schema:analysis:v1` (`tingxin schema analysis`).
    "/api/v1/export/analyses", export_analyses, ReadContacts, Analyses
);
export!(
    /// Export flags, one row each
    "/api/v1/export/flags", export_flags, ReadFlags, Flags
);
export!(
    /// Export figures of staff, one row a person and behaviour
    ///
    /// What is below its minimum is left out, as everywhere. By work number, not by result.
    "/api/v1/export/staff", export_staff, ReadStaff, Staff
);
export!(
    /// Export figures of teams, one row a day
    "/api/v1/export/teams", export_teams, ReadStaff, Teams
);
