//! What people say about flags.
//!
//! A verdict is about a flag of one revision that points at certain turns. When a contact is analysed anew, a flag that is
//! the same in all three keeps it; one that points elsewhere waits for a person again.

use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, StoreError, decode, reading, sql, writing};
use crate::domain::{ContactRef, FlagId, FlagStatus, RedactedText, Rule, TeamId, UtcMillis};

/// What a person says about a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVerdict {
    /// Which flag.
    pub flag: FlagId,
    /// Confirmed or rejected; a candidate again when the person takes back what was said.
    pub status: FlagStatus,
    /// Why.
    pub note: Option<RedactedText>,
    /// Who says so.
    pub judged_by: String,
    /// When.
    pub judged_at: UtcMillis,
}

/// What a person said about a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Verdict {
    /// Which flag.
    pub flag: FlagId,
    /// What had raised it.
    pub rule: Rule,
    /// Revision of the contact that was listened to.
    pub revision: u32,
    /// Confirmed or rejected; `candidate` when it was taken back.
    pub status: FlagStatus,
    /// Why.
    pub note: Option<String>,
    /// Who said so.
    pub judged_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub judged_at: UtcMillis,
}

#[derive(FromRow)]
struct VerdictRow {
    flag: Uuid,
    rule: String,
    revision: i64,
    verdict: String,
    note: Option<String>,
    judged_by: String,
    judged_at: i64,
}

impl TryFrom<VerdictRow> for Verdict {
    type Error = StoreError;

    fn try_from(row: VerdictRow) -> Result<Self, StoreError> {
        Ok(Self {
            flag: FlagId(row.flag),
            rule: decode::text("verdicts.rule", &row.rule)?,
            revision: decode::number("verdicts.revision", row.revision)?,
            status: decode::text("verdicts.verdict", &row.verdict)?,
            note: row.note,
            judged_by: row.judged_by,
            judged_at: UtcMillis::from_millis(row.judged_at),
        })
    }
}

impl Store {
    /// Keeps a verdict and lets the flag show it; the contact it is about. `None` when there is no such flag, or it is
    /// another team's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn judge(
        &self,
        verdict: &NewVerdict,
        team: Option<&TeamId>,
    ) -> Result<Option<ContactRef>, StoreError> {
        let NewVerdict { flag, status, note, judged_by, judged_at } = verdict;
        Ok(writing!(self, |tx| {
            let contact: Option<Uuid> = sqlx::query_scalar(sql::CONTACT_OF_FLAG)
                .bind(flag.0)
                .bind(team.map(TeamId::as_str))
                .fetch_optional(&mut *tx)
                .await?;
            match contact {
                None => None,
                Some(contact) => {
                    // The lock order of the store, see `queue.rs`. Between the two statements the flag may be gone.
                    sqlx::query(sql::LOCK_CONTACT).bind(contact).execute(&mut *tx).await?;
                    let kept = sqlx::query(sql::ADD_VERDICT)
                        .bind(flag.0)
                        .bind(status.as_str())
                        .bind(note.as_ref().map(RedactedText::as_str))
                        .bind(judged_by)
                        .bind(judged_at.as_millis())
                        .execute(&mut *tx)
                        .await?
                        .rows_affected();
                    sqlx::query(sql::SHOW_VERDICT)
                        .bind(flag.0)
                        .bind(status.as_str())
                        .execute(&mut *tx)
                        .await?;
                    (kept > 0).then_some(ContactRef(contact))
                }
            }
        }))
    }

    /// Every verdict on the flags of a contact, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn verdicts(&self, contact: ContactRef) -> Result<Vec<Verdict>, StoreError> {
        let rows: Vec<VerdictRow> =
            reading!(self, |pool| sqlx::query_as(sql::VERDICTS).bind(contact.0).fetch_all(pool).await?);
        rows.into_iter().map(Verdict::try_from).collect()
    }
}
