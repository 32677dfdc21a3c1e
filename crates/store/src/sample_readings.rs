//! What people say who read contacts of the random sample.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::{NewAudit, Store, StoreError, decode, reading, sql_samples as sql, writing};
use tingxin_text::domain::{ContactRef, Emotion, FlagStatus, Rule, TeamId};

/// A contact that somebody is to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDraw {
    /// Key of the draw.
    pub id: Uuid,
    /// The contact.
    pub contact: ContactRef,
    /// The week it was drawn for.
    pub week: i64,
}

/// A rule that somebody found to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRule {
    /// Which.
    pub rule: Rule,
    /// The turn that shows it, from 0; `None` for the contact as a whole.
    pub turn: Option<usize>,
    /// What that turn expresses, where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emotion: Option<Emotion>,
}

/// What somebody says before any flag is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SampleAnswer {
    /// Rules that apply; all others do not.
    pub found: Vec<FoundRule>,
    /// Rules that nobody can tell from what is there.
    pub unclear: Vec<Rule>,
}

impl SampleAnswer {
    /// Whether a rule applies; `None` where nobody can tell.
    #[must_use]
    pub fn says(&self, rule: Rule) -> Option<bool> {
        let unclear = self.unclear.contains(&rule);
        (!unclear).then(|| self.found.iter().any(|found| found.rule == rule))
    }
}

/// What somebody says about a flag that was shown afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Whose flag.
    pub rule: Rule,
    /// Confirmed, rejected or unclear.
    pub status: FlagStatus,
}

/// A first word to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReading {
    /// Which draw.
    pub draw: Uuid,
    /// Revision that was read.
    pub revision: u32,
    /// What was said.
    pub answer: SampleAnswer,
    /// Rules with a flag that were not named.
    pub raised: Vec<Rule>,
    /// Milliseconds from opening the contact.
    pub took_ms: Option<u32>,
    /// The entry of the audit log, which says who and when.
    pub entry: NewAudit,
}

/// What somebody has said about a draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnReading {
    /// Before any flag was shown.
    pub answer: SampleAnswer,
    /// Rules with a flag that were not named.
    pub raised: Vec<Rule>,
    /// What was said about those so far.
    pub replies: Vec<Reply>,
    /// Nothing is left to be asked.
    pub done: bool,
}

impl OwnReading {
    /// The rule that is asked for next.
    #[must_use]
    pub fn open(&self) -> Option<Rule> {
        self.raised.iter().copied().find(|rule| !self.replies.iter().any(|reply| reply.rule == *rule))
    }
}

#[derive(FromRow)]
struct OwnRow {
    answer: String,
    raised: String,
    replies: String,
    done_at: Option<i64>,
}

impl TryFrom<OwnRow> for OwnReading {
    type Error = StoreError;

    fn try_from(row: OwnRow) -> Result<Self, StoreError> {
        Ok(Self {
            answer: decode::json("sample_readings.answer", &row.answer)?,
            raised: decode::json("sample_readings.raised", &row.raised)?,
            replies: decode::json("sample_readings.replies", &row.replies)?,
            done: row.done_at.is_some(),
        })
    }
}

/// A turn that shows a rule.
struct RuleMark {
    utterance: i64,
    emotion: Emotion,
    rule: Rule,
}

/// Sentences that the answer points at with an emotion.
fn marks(answer: &SampleAnswer) -> Vec<RuleMark> {
    let mark = |found: &FoundRule| {
        let utterance = i64::try_from(found.turn?).ok()?;
        Some(RuleMark { utterance, emotion: found.emotion?, rule: found.rule })
    };
    answer.found.iter().filter_map(mark).collect()
}

/// Reading what was drawn.
impl Store {
    /// What an account is to read next, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due_draws(
        &self,
        reader: &str,
        team: Option<&TeamId>,
        limit: u32,
    ) -> Result<Vec<DueDraw>, StoreError> {
        let rows: Vec<(Uuid, Uuid, i64)> = reading!(self, |db| sqlx::query_as(sql::DUE)
            .bind(reader)
            .bind(team.map(TeamId::as_str))
            .bind(i64::from(limit))
            .fetch_all(db)
            .await?);
        let draw = |(id, contact, week)| DueDraw { id, contact: ContactRef(contact), week };
        Ok(rows.into_iter().map(draw).collect())
    }

    /// How many contacts an account may read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_due_draws(&self, reader: &str, team: Option<&TeamId>) -> Result<usize, StoreError> {
        let due: i64 = reading!(self, |db| sqlx::query_scalar(sql::COUNT_DUE)
            .bind(reader)
            .bind(team.map(TeamId::as_str))
            .fetch_one(db)
            .await?);
        decode::number("sample_draws", due)
    }

    /// The contact of a draw that the team may see, and how many people are still to read it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sample_draw(
        &self,
        draw: Uuid,
        team: Option<&TeamId>,
    ) -> Result<Option<(ContactRef, usize)>, StoreError> {
        let row: Option<(Uuid, i64)> = reading!(self, |db| sqlx::query_as(sql::DRAW)
            .bind(draw)
            .bind(team.map(TeamId::as_str))
            .fetch_optional(db)
            .await?);
        row.map(|(contact, wanted)| {
            Ok((ContactRef(contact), decode::number("sample_draws.readers", wanted)?))
        })
        .transpose()
    }

    /// What an account has said about a draw.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn own_reading(&self, draw: Uuid, reader: &str) -> Result<Option<OwnReading>, StoreError> {
        let row: Option<OwnRow> = reading!(self, |db| sqlx::query_as(sql::OWN_READING)
            .bind(draw)
            .bind(reader)
            .fetch_optional(db)
            .await?);
        row.map(OwnReading::try_from).transpose()
    }

    /// Keeps a first word and writes it to the audit log. `false` when enough people have read the contact, when this
    /// one has, or when the contact is not what was read any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_reading(&self, new: &NewReading) -> Result<bool, StoreError> {
        let NewReading { draw, revision, answer, raised, took_ms, entry } = new;
        let marks = marks(answer);
        let (answer, asked) = (
            decode::to_json("sample_readings.answer", answer)?,
            decode::to_json("sample_readings.raised", raised)?,
        );
        let done = raised.is_empty().then(|| entry.at.as_millis());
        let by = &entry.actor.name;
        Ok(writing!(self, |tx| {
            sqlx::query(sql::LOCK_DRAW).bind(draw).execute(&mut *tx).await?;
            let rows = sqlx::query(sql::ADD_READING)
                .bind(draw)
                .bind(i64::from(*revision))
                .bind(by)
                .bind(entry.at.as_millis())
                .bind(took_ms.map(i64::from))
                .bind(&answer)
                .bind(&asked)
                .bind(done)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if rows > 0 {
                for RuleMark { utterance, emotion, rule } in &marks {
                    let mark =
                        sqlx::query(sql::ADD_SAMPLE_MARK).bind(Uuid::now_v7()).bind(draw).bind(*utterance);
                    let mark = mark.bind(emotion.as_str()).bind(rule.as_str()).bind(by);
                    mark.bind(entry.at.as_millis()).execute(&mut *tx).await?;
                }
                sqlx::query(sql::COUNT_READING).bind(draw).execute(&mut *tx).await?;
                append!(tx, entry);
            }
            rows > 0
        }))
    }

    /// Keeps what was said about a flag that was shown afterwards. `false` when something else was said meanwhile.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_replies(
        &self,
        draw: Uuid,
        (before, replies): (&[Reply], &[Reply]),
        done: bool,
        entry: &NewAudit,
    ) -> Result<bool, StoreError> {
        let (before, replies) = (
            decode::to_json("sample_readings.replies", &before)?,
            decode::to_json("sample_readings.replies", &replies)?,
        );
        Ok(writing!(self, |tx| {
            let rows = sqlx::query(sql::ADD_REPLY)
                .bind(draw)
                .bind(&entry.actor.name)
                .bind(&replies)
                .bind(done.then(|| entry.at.as_millis()))
                .bind(&before)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if rows > 0 {
                append!(tx, entry);
            }
            rows > 0
        }))
    }
}
