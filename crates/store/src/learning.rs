//! Good examples that a person chose and released for everybody to learn from.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, StoreError, decode, execute, reading, sql_care as sql};
use tingxin_text::domain::{Channel, ContactRef, RedactedText, TeamId, UtcMillis};

/// A confirmed recovery that may be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningProposal {
    /// Which contact.
    pub contact: ContactRef,
    /// Revision that it is about.
    pub revision: u32,
    /// The turns that the flag points at.
    pub utterances: Vec<usize>,
    /// How certain it is.
    pub probability: f64,
    /// Touchpoint.
    pub channel: Channel,
    /// When the contact began.
    pub started_at: Option<UtcMillis>,
}

/// What somebody chooses from a proposal.
#[derive(Debug, Clone, Copy)]
pub struct LearningChoice<'a> {
    /// First turn shown, from 0.
    pub first: usize,
    /// Last turn shown.
    pub last: usize,
    /// What there is to learn.
    pub remark: &'a RedactedText,
    /// Who chooses.
    pub by: &'a str,
    /// When.
    pub at: UtcMillis,
}

/// An example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearningItem {
    /// Which contact.
    pub contact: ContactRef,
    /// Revision that was read.
    pub revision: u32,
    /// First turn shown, from 0.
    pub first: usize,
    /// Last turn shown.
    pub last: usize,
    /// What there is to learn.
    pub remark: String,
    /// Who chose it.
    pub chosen_by: String,
    /// When it was released; none until then.
    pub released_at: Option<UtcMillis>,
}

#[derive(FromRow)]
struct ProposalRow {
    contact: Uuid,
    revision: i64,
    utterances: String,
    probability: f64,
    channel: String,
    started_at: Option<i64>,
}

#[derive(FromRow)]
struct ItemRow {
    contact: Uuid,
    revision: i64,
    first_turn: i64,
    last_turn: i64,
    remark: String,
    chosen_by: String,
    released_at: Option<i64>,
}

impl TryFrom<ProposalRow> for LearningProposal {
    type Error = StoreError;

    fn try_from(row: ProposalRow) -> Result<Self, StoreError> {
        Ok(Self {
            contact: ContactRef(row.contact),
            revision: decode::number("contacts.revision", row.revision)?,
            utterances: decode::json("flags.utterances", &row.utterances)?,
            probability: row.probability,
            channel: decode::text("contacts.channel", &row.channel)?,
            started_at: row.started_at.map(UtcMillis::from_millis),
        })
    }
}

impl TryFrom<ItemRow> for LearningItem {
    type Error = StoreError;

    fn try_from(row: ItemRow) -> Result<Self, StoreError> {
        Ok(Self {
            contact: ContactRef(row.contact),
            revision: decode::number("learning_items.revision", row.revision)?,
            first: decode::number("learning_items.first_turn", row.first_turn)?,
            last: decode::number("learning_items.last_turn", row.last_turn)?,
            remark: row.remark,
            chosen_by: row.chosen_by,
            released_at: row.released_at.map(UtcMillis::from_millis),
        })
    }
}

impl Store {
    /// Confirmed recoveries since a moment that nobody has chosen yet, the most certain first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn learning_proposals(
        &self,
        since: UtcMillis,
        team: Option<&TeamId>,
        limit: u32,
    ) -> Result<Vec<LearningProposal>, StoreError> {
        let rows: Vec<ProposalRow> = reading!(self, |db| {
            sqlx::query_as(sql::LEARNING_PROPOSALS)
                .bind(since.as_millis())
                .bind(team.map(TeamId::as_str))
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        });
        rows.into_iter().map(LearningProposal::try_from).collect()
    }

    /// Chooses an example; `false` when it was chosen before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn choose_learning(
        &self,
        proposal: &LearningProposal,
        choice: &LearningChoice<'_>,
    ) -> Result<bool, StoreError> {
        let LearningChoice { first, last, remark, by, at } = *choice;
        let position = |turn| i64::try_from(turn).unwrap_or(i64::MAX);
        let added = execute!(
            self,
            sql::CHOOSE_LEARNING,
            proposal.contact.0,
            i64::from(proposal.revision),
            position(first),
            position(last),
            remark.as_str(),
            by,
            at.as_millis(),
        );
        Ok(added > 0)
    }

    /// Takes an example back, released or not; `false` when there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drop_learning(&self, contact: ContactRef) -> Result<bool, StoreError> {
        Ok(execute!(self, sql::DROP_LEARNING, contact.0) > 0)
    }

    /// Releases everything that was chosen; how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release_learning(&self, by: &str, now: UtcMillis) -> Result<u64, StoreError> {
        Ok(execute!(self, sql::RELEASE_LEARNING, now.as_millis(), by))
    }

    /// What was chosen and waits, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn chosen_learning(&self) -> Result<Vec<LearningItem>, StoreError> {
        let rows: Vec<ItemRow> =
            reading!(self, |db| sqlx::query_as(sql::CHOSEN_LEARNING).fetch_all(db).await?);
        rows.into_iter().map(LearningItem::try_from).collect()
    }

    /// What was released since a moment, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn released_learning(
        &self,
        since: UtcMillis,
        limit: u32,
    ) -> Result<Vec<LearningItem>, StoreError> {
        let rows: Vec<ItemRow> = reading!(self, |db| {
            sqlx::query_as(sql::RELEASED_LEARNING)
                .bind(since.as_millis())
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        });
        rows.into_iter().map(LearningItem::try_from).collect()
    }
}
