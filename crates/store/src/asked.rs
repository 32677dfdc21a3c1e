//! Contacts that a trainer asks reviewers to listen to first, and what they said.

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::{Actor, NewAudit, Store, StoreError, decode, reading, sql_appeals as sql, writing};
use tingxin_text::domain::{ContactRef, FlagStatus, Rule, StaffId, TeamId, UtcMillis};

/// Added to the priority of a contact that was asked for: it stands before every other. Above three steps of severity.
const FIRST: i64 = 100_000_000;

/// Contacts to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAskedReview {
    /// Whose contacts, and on which rule a confirmation is missing.
    pub people: Vec<(StaffId, Rule)>,
    /// The behaviour, by the name of its indicator.
    pub indicator: String,
    /// Only contacts since then.
    pub since: UtcMillis,
    /// Most contacts of a person.
    pub each: u32,
    /// Who asks.
    pub by: Actor,
    /// When.
    pub at: UtcMillis,
}

/// A contact that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedReview {
    /// The contact.
    pub contact: ContactRef,
    /// The flag to be judged.
    pub rule: Rule,
    /// Whose contact.
    pub staff: StaffId,
    /// The team that served it.
    pub team: Option<TeamId>,
    /// The behaviour, by the name of its indicator.
    pub indicator: String,
    /// Who asks.
    pub asked_by: String,
    /// When.
    pub asked_at: UtcMillis,
    /// What the flag shows; none where it is no longer raised.
    pub status: Option<FlagStatus>,
}

#[derive(FromRow)]
struct AskedRow {
    contact: Uuid,
    rule: String,
    staff_id: String,
    team: Option<String>,
    indicator: String,
    asked_by: String,
    asked_at: i64,
    status: Option<String>,
}

impl TryFrom<AskedRow> for AskedReview {
    type Error = StoreError;

    fn try_from(row: AskedRow) -> Result<Self, StoreError> {
        Ok(Self {
            contact: ContactRef(row.contact),
            rule: decode::text("asked_reviews.rule", &row.rule)?,
            staff: decode::text("asked_reviews.staff_id", &row.staff_id)?,
            team: decode::optional("asked_reviews.team", row.team.as_deref())?,
            indicator: row.indicator,
            asked_by: row.asked_by,
            asked_at: UtcMillis::from_millis(row.asked_at),
            status: decode::optional("flags.status", row.status.as_deref())?,
        })
    }
}

impl Store {
    /// Asks reviewers for unjudged contacts of some people, which then come first in the queue; how many were added. It is
    /// written to the audit log without the people.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ask_reviews(&self, asked: &NewAskedReview) -> Result<u64, StoreError> {
        let NewAskedReview { people, indicator, since, each, by, at } = asked;
        let entry = NewAudit {
            at: *at,
            actor: by.clone(),
            action: "review.ask",
            object: indicator.clone(),
            result: "ok",
            purpose: None,
        };
        Ok(writing!(self, |tx| {
            let mut added = 0;
            for (staff, rule) in people {
                let asking = sqlx::query(sql::ASK_REVIEW).bind(staff.as_str()).bind(rule.as_str());
                let asking = asking.bind(since.as_millis()).bind(indicator.as_str()).bind(&by.name);
                let asking = asking.bind(at.as_millis()).bind(i64::from(*each));
                added += asking.execute(&mut *tx).await?.rows_affected();
                let first = sqlx::query(sql::PUT_FIRST).bind(staff.as_str()).bind(rule.as_str()).bind(FIRST);
                first.execute(&mut *tx).await?;
            }
            append!(tx, &entry);
            added
        }))
    }

    /// What was asked for since a moment, of a team or of all, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn asked_reviews(
        &self,
        since: UtcMillis,
        team: Option<&TeamId>,
        limit: u32,
    ) -> Result<Vec<AskedReview>, StoreError> {
        let rows: Vec<AskedRow> = reading!(self, |db| {
            sqlx::query_as(sql::ASKED_REVIEWS)
                .bind(since.as_millis())
                .bind(team.map(TeamId::as_str))
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        });
        rows.into_iter().map(AskedReview::try_from).collect()
    }
}
