//! Copies with words of contacts that somebody asked for, and what a second person said.

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::{NewAudit, Store, StoreError, decode, reading, sql_hooks as sql, writing};
use tingxin_text::domain::{ExportForm, ExportKind, ExportReason, UtcMillis};

/// What somebody asks to take.
#[derive(Debug, Clone)]
pub struct NewExportRequest {
    /// What.
    pub kind: ExportKind,
    /// In which form.
    pub form: ExportForm,
    /// What for.
    pub reason: ExportReason,
    /// Which contacts, as JSON.
    pub filter: String,
    /// The account that asks.
    pub asked_by: String,
}

/// What somebody asked to take, and what became of it.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// Our key.
    pub id: Uuid,
    /// What was asked for.
    pub asked: NewExportRequest,
    /// When.
    pub asked_at: UtcMillis,
    /// Whether a second person approved it; `None` while nobody has said.
    pub approved: Option<bool>,
    /// Who said so.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<UtcMillis>,
    /// When it was taken.
    pub taken_at: Option<UtcMillis>,
}

#[derive(FromRow)]
struct RequestRow {
    id: Uuid,
    kind: String,
    form: String,
    reason: String,
    filter: String,
    asked_by: String,
    asked_at: i64,
    approved: Option<bool>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    taken_at: Option<i64>,
}

impl TryFrom<RequestRow> for ExportRequest {
    type Error = StoreError;

    fn try_from(row: RequestRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            asked: NewExportRequest {
                kind: decode::text("export_requests.kind", &row.kind)?,
                form: decode::text("export_requests.form", &row.form)?,
                reason: decode::text("export_requests.reason", &row.reason)?,
                filter: row.filter,
                asked_by: row.asked_by,
            },
            asked_at: UtcMillis::from_millis(row.asked_at),
            approved: row.approved,
            decided_by: row.decided_by,
            decided_at: row.decided_at.map(UtcMillis::from_millis),
            taken_at: row.taken_at.map(UtcMillis::from_millis),
        })
    }
}

impl Store {
    /// Keeps a request and writes it to the audit log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ask_export(&self, new: &NewExportRequest, entry: &NewAudit) -> Result<Uuid, StoreError> {
        let id = Uuid::now_v7();
        writing!(self, |tx| {
            sqlx::query(sql::ADD_EXPORT_REQUEST)
                .bind(id)
                .bind(new.kind.as_str())
                .bind(new.form.as_str())
                .bind(new.reason.as_str())
                .bind(&new.filter)
                .bind(&new.asked_by)
                .bind(entry.at.as_millis())
                .execute(&mut *tx)
                .await?;
            append!(tx, entry);
        });
        Ok(id)
    }

    /// Requests, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn export_requests(&self, limit: u32) -> Result<Vec<ExportRequest>, StoreError> {
        let rows: Vec<RequestRow> = reading!(self, |db| {
            sqlx::query_as(sql::EXPORT_REQUESTS).bind(i64::from(limit)).fetch_all(db).await?
        });
        rows.into_iter().map(ExportRequest::try_from).collect()
    }

    /// One request.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn export_request(&self, id: Uuid) -> Result<Option<ExportRequest>, StoreError> {
        let row: Option<RequestRow> =
            reading!(self, |db| { sqlx::query_as(sql::EXPORT_REQUEST).bind(id).fetch_optional(db).await? });
        row.map(ExportRequest::try_from).transpose()
    }

    /// Approves or refuses a request that waits, and writes it to the audit log; `false` when
    /// somebody was quicker, or it is the account's own.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn decide_export(
        &self,
        id: Uuid,
        approved: bool,
        (by, entry): (&str, &NewAudit),
    ) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let decided = sqlx::query(sql::DECIDE_EXPORT).bind(id).bind(approved).bind(by);
            let decided = decided.bind(entry.at.as_millis()).execute(&mut *tx).await?.rows_affected();
            if decided > 0 {
                append!(tx, entry);
            }
            decided > 0
        }))
    }

    /// Uses an approval that was given since a moment; `false` when there is none that this account
    /// has not used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_export(
        &self,
        id: Uuid,
        by: &str,
        (now, since): (UtcMillis, UtcMillis),
    ) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let taken = sqlx::query(sql::TAKE_EXPORT).bind(id).bind(by).bind(now.as_millis());
            taken.bind(since.as_millis()).execute(&mut *tx).await?.rows_affected() > 0
        }))
    }
}
