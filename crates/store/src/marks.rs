//! Sentences of which a person says that a rule should have heard them.

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::{NewAudit, Store, StoreError, decode, reading, sql_samples as sql, writing};
use tingxin_text::domain::{ContactRef, Emotion, Rule, TeamId, UtcMillis};

/// A sentence to be marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSentenceMark {
    /// Of which contact.
    pub contact: ContactRef,
    /// Revision that was listened to.
    pub revision: u32,
    /// Turn or sentence, from 0.
    pub utterance: usize,
    /// What it expresses.
    pub emotion: Emotion,
    /// What should have heard it.
    pub rule: Rule,
    /// The entry of the audit log, which says who and when.
    pub entry: NewAudit,
}

/// A marked sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentenceMark {
    /// Our key.
    pub id: Uuid,
    /// Revision that was listened to.
    pub revision: u32,
    /// Turn or sentence, from 0.
    pub utterance: usize,
    /// What it expresses.
    pub emotion: Emotion,
    /// What should have heard it.
    pub rule: Rule,
    /// Whether it was said about a draw of the random sample, where it counts for recall.
    pub sampled: bool,
    /// Account.
    pub marked_by: String,
    /// When.
    pub marked_at: UtcMillis,
}

#[derive(FromRow)]
struct MarkRow {
    id: Uuid,
    revision: i64,
    utterance: i64,
    emotion: String,
    rule: String,
    draw: Option<Uuid>,
    marked_by: String,
    marked_at: i64,
}

impl TryFrom<MarkRow> for SentenceMark {
    type Error = StoreError;

    fn try_from(row: MarkRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            revision: decode::number("sentence_marks.revision", row.revision)?,
            utterance: decode::number("sentence_marks.utterance", row.utterance)?,
            emotion: decode::text("sentence_marks.emotion", &row.emotion)?,
            rule: decode::text("sentence_marks.rule", &row.rule)?,
            sampled: row.draw.is_some(),
            marked_by: row.marked_by,
            marked_at: UtcMillis::from_millis(row.marked_at),
        })
    }
}

impl Store {
    /// Marks a sentence and writes it to the audit log; `false` when the team has no such contact, when it is another revision
    /// by now, or when it has no such sentence. Marked again for the same rule, the emotion is the later one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mark_sentence(
        &self,
        mark: &NewSentenceMark,
        team: Option<&TeamId>,
    ) -> Result<bool, StoreError> {
        let NewSentenceMark { contact, revision, utterance, emotion, rule, entry } = mark;
        Ok(writing!(self, |tx| {
            let marked = sqlx::query(sql::ADD_MARK)
                .bind(Uuid::now_v7())
                .bind(contact.0)
                .bind(i64::try_from(*utterance).unwrap_or(i64::MAX))
                .bind(emotion.as_str())
                .bind(rule.as_str())
                .bind(&entry.actor.name)
                .bind(entry.at.as_millis())
                .bind(i64::from(*revision))
                .bind(team.map(TeamId::as_str))
                .execute(&mut *tx)
                .await?
                .rows_affected()
                > 0;
            if marked {
                append!(tx, entry);
            }
            marked
        }))
    }

    /// Sentences of a contact that were marked, in their order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn marks_of(&self, contact: ContactRef) -> Result<Vec<SentenceMark>, StoreError> {
        let rows: Vec<MarkRow> =
            reading!(self, |db| sqlx::query_as(sql::MARKS).bind(contact.0).fetch_all(db).await?);
        rows.into_iter().map(SentenceMark::try_from).collect()
    }

    /// Takes an own mark back and writes it to the audit log; `false` where there is none that may go. What was said about a
    /// draw of the sample stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drop_mark(
        &self,
        contact: ContactRef,
        mark: Uuid,
        entry: &NewAudit,
    ) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let gone = sqlx::query(sql::DROP_MARK).bind(mark).bind(contact.0).bind(&entry.actor.name);
            let gone = gone.execute(&mut *tx).await?.rows_affected() > 0;
            if gone {
                append!(tx, entry);
            }
            gone
        }))
    }
}
