//! Care after abuse: who should have been talked to, by whom, until when.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, StoreError, decode, execute, reading, sql_care as sql};
use tingxin_text::domain::{ContactRef, RedactedText, StaffId, TeamId, UtcMillis};

/// A task to support somebody who was insulted or threatened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareTask {
    /// Where it happened; a contact has one task.
    pub contact: ContactRef,
    /// Who needs support.
    pub staff: StaffId,
    /// The team that served.
    pub team: Option<TeamId>,
    /// The account that sees to it; none until somebody takes it.
    pub owner: Option<String>,
    /// When it was made.
    pub made_at: UtcMillis,
    /// Until when somebody should have talked to the person.
    pub due_at: UtcMillis,
    /// When it was done.
    pub done_at: Option<UtcMillis>,
    /// Who says so.
    pub done_by: Option<String>,
    /// What was done.
    pub note: Option<String>,
}

/// When tasks are made, and until when they should be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CareTimes {
    /// Now.
    pub now: UtcMillis,
    /// Until when.
    pub due: UtcMillis,
    /// Only what was confirmed since then.
    pub since: UtcMillis,
}

#[derive(FromRow)]
struct CareRow {
    contact: Uuid,
    staff_id: String,
    team: Option<String>,
    owner: Option<String>,
    made_at: i64,
    due_at: i64,
    done_at: Option<i64>,
    done_by: Option<String>,
    note: Option<String>,
}

impl TryFrom<CareRow> for CareTask {
    type Error = StoreError;

    fn try_from(row: CareRow) -> Result<Self, StoreError> {
        Ok(Self {
            contact: ContactRef(row.contact),
            staff: decode::text("care_tasks.staff_id", &row.staff_id)?,
            team: decode::optional("care_tasks.team", row.team.as_deref())?,
            owner: row.owner,
            made_at: UtcMillis::from_millis(row.made_at),
            due_at: UtcMillis::from_millis(row.due_at),
            done_at: row.done_at.map(UtcMillis::from_millis),
            done_by: row.done_by,
            note: row.note,
        })
    }
}

impl Store {
    /// Makes the tasks that are missing, of one contact or of all; how many. Safe to repeat.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn make_care(
        &self,
        contact: Option<ContactRef>,
        CareTimes { now, due, since }: CareTimes,
    ) -> Result<u64, StoreError> {
        let (now, due, since) = (now.as_millis(), due.as_millis(), since.as_millis());
        Ok(match contact {
            Some(contact) => execute!(self, sql::MAKE_CARE_OF, now, due, since, contact.0),
            None => execute!(self, sql::MAKE_CARE, now, due, since),
        })
    }

    /// Tasks of a team or of all: open ones by their date, then what was done, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn care(&self, team: Option<&TeamId>, limit: u32) -> Result<Vec<CareTask>, StoreError> {
        let rows: Vec<CareRow> = reading!(self, |db| {
            sqlx::query_as(sql::CARE)
                .bind(team.map(TeamId::as_str))
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        });
        rows.into_iter().map(CareTask::try_from).collect()
    }

    /// One task.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn one_care(&self, contact: ContactRef) -> Result<Option<CareTask>, StoreError> {
        let row: Option<CareRow> =
            reading!(self, |db| sqlx::query_as(sql::ONE_CARE).bind(contact.0).fetch_optional(db).await?);
        row.map(CareTask::try_from).transpose()
    }

    /// Tasks about a person, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn care_of(&self, staff: &StaffId) -> Result<Vec<CareTask>, StoreError> {
        let rows: Vec<CareRow> = reading!(self, |db| {
            sqlx::query_as(sql::CARE_OF_STAFF).bind(staff.as_str()).fetch_all(db).await?
        });
        rows.into_iter().map(CareTask::try_from).collect()
    }

    /// Takes a task over, with another date or the same; `false` when it is not open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_care(
        &self,
        contact: ContactRef,
        owner: &str,
        due: Option<UtcMillis>,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, sql::TAKE_CARE, contact.0, owner, due.map(UtcMillis::as_millis)) > 0)
    }

    /// Says that a task was done; `false` when it is not open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finish_care(
        &self,
        contact: ContactRef,
        (by, note): (&str, &RedactedText),
        now: UtcMillis,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, sql::FINISH_CARE, contact.0, now.as_millis(), by, note.as_str()) > 0)
    }
}
