//! Incidents, for which nobody is blamed.

use sqlx::FromRow;
use uuid::Uuid;

use super::sql_statistics::WEEKS_BEFORE;
use super::{Store, StoreError, decode, reading, sql_statistics as sql, writing};
use tingxin_text::domain::{BusinessProcess, Channel, ContactRef, RedactedText, TeamId, UtcMillis};

/// A time in which something was wrong that staff cannot help, to be declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIncident {
    /// First moment.
    pub begins_at: UtcMillis,
    /// First moment after it.
    pub ends_at: UtcMillis,
    /// Only this touchpoint; none for all.
    pub channel: Option<Channel>,
    /// Only this process; none for all.
    pub business_process: Option<BusinessProcess>,
    /// Only this team; none for all.
    pub team: Option<TeamId>,
    /// What was wrong.
    pub note: RedactedText,
}

/// A declared incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Our key.
    pub id: Uuid,
    /// First moment.
    pub begins_at: UtcMillis,
    /// First moment after it.
    pub ends_at: UtcMillis,
    /// Only this touchpoint; null for all.
    pub channel: Option<Channel>,
    /// Only this process; null for all.
    pub business_process: Option<BusinessProcess>,
    /// Only this team; null for all.
    pub team: Option<TeamId>,
    /// What was wrong.
    pub note: String,
    /// Who says so.
    pub declared_by: String,
    /// Since when it is known here.
    pub declared_at: UtcMillis,
    /// No longer counted since.
    pub revoked_at: Option<UtcMillis>,
}

#[derive(FromRow)]
struct IncidentRow {
    id: Uuid,
    begins_at: i64,
    ends_at: i64,
    channel: Option<String>,
    business_process: Option<String>,
    team: Option<String>,
    note: String,
    declared_by: String,
    declared_at: i64,
    revoked_at: Option<i64>,
}

#[derive(FromRow)]
struct TimesRow {
    begins_at: i64,
    ends_at: i64,
}

impl TryFrom<IncidentRow> for Incident {
    type Error = StoreError;

    fn try_from(row: IncidentRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            begins_at: UtcMillis::from_millis(row.begins_at),
            ends_at: UtcMillis::from_millis(row.ends_at),
            channel: decode::optional("incidents.channel", row.channel.as_deref())?,
            business_process: decode::optional(
                "incidents.business_process",
                row.business_process.as_deref(),
            )?,
            team: decode::optional("incidents.team", row.team.as_deref())?,
            note: row.note,
            declared_by: row.declared_by,
            declared_at: UtcMillis::from_millis(row.declared_at),
            revoked_at: row.revoked_at.map(UtcMillis::from_millis),
        })
    }
}

/// Marks every sum that holds a contact of these times.
macro_rules! mark_time {
    ($tx:ident, $from:expr, $until:expr) => {
        sqlx::query(sql::MARK_TIME).bind($from).bind($until).bind(WEEKS_BEFORE).execute(&mut *$tx).await?
    };
}

impl Store {
    /// Declared incidents that a contact fell into.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn incidents_of(&self, contact: ContactRef) -> Result<Vec<Incident>, StoreError> {
        let rows: Vec<IncidentRow> =
            reading!(self, |db| sqlx::query_as(sql::INCIDENTS_OF).bind(contact.0).fetch_all(db).await?);
        rows.into_iter().map(Incident::try_from).collect()
    }

    /// Declares an incident: contacts within it are compared with each other from now on. Its key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn declare_incident(
        &self,
        incident: &NewIncident,
        by: &str,
        now: UtcMillis,
    ) -> Result<Uuid, StoreError> {
        let id = Uuid::now_v7();
        let (from, until) = (incident.begins_at.as_millis(), incident.ends_at.as_millis());
        writing!(self, |tx| {
            sqlx::query(sql::ADD_INCIDENT)
                .bind(id)
                .bind(from)
                .bind(until)
                .bind(incident.channel.map(Channel::as_str))
                .bind(incident.business_process.as_ref().map(BusinessProcess::as_str))
                .bind(incident.team.as_ref().map(TeamId::as_str))
                .bind(incident.note.as_str())
                .bind(by)
                .bind(now.as_millis())
                .execute(&mut *tx)
                .await?;
            mark_time!(tx, from, until);
        });
        Ok(id)
    }

    /// Takes an incident back; `false` when it is not there or was taken back before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_incident(&self, id: Uuid, now: UtcMillis) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let times: Option<TimesRow> = sqlx::query_as(sql::REVOKE_INCIDENT)
                .bind(id)
                .bind(now.as_millis())
                .fetch_optional(&mut *tx)
                .await?;
            if let Some(TimesRow { begins_at, ends_at }) = &times {
                mark_time!(tx, begins_at, ends_at);
            }
            times.is_some()
        }))
    }

    /// Incidents, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn incidents(&self, limit: u32) -> Result<Vec<Incident>, StoreError> {
        let rows: Vec<IncidentRow> = reading!(self, |db| {
            sqlx::query_as(sql::INCIDENTS).bind(i64::from(limit)).fetch_all(db).await?
        });
        rows.into_iter().map(Incident::try_from).collect()
    }
}
