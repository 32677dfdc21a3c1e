//! The random sample as rates read it.

use std::collections::BTreeMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::sample_readings::{Reply, SampleAnswer};
use super::sql_statistics::WEEKS_BEFORE;
use super::{Store, StoreError, decode, reading, sql_samples as sql};
use tingxin_text::domain::{Channel, ContactRef, FlagStatus, Rule, StaffId, TeamId, UtcMillis};

/// A drawn contact with everything that was said about it as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct SampledContact {
    /// The contact.
    pub contact: ContactRef,
    /// The week it was drawn for.
    pub week: i64,
    /// Of being drawn.
    pub probability: f64,
    /// Touchpoint.
    pub channel: Channel,
    /// Team.
    pub team: Option<TeamId>,
    /// Who served.
    pub staff: Option<StaffId>,
    /// Rules with a flag now.
    pub flagged: Vec<Rule>,
    /// The first reader's words, then the second's.
    pub readings: Vec<SampledReading>,
}

/// What one reader said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampledReading {
    /// Before any flag was shown.
    pub answer: SampleAnswer,
    /// About flags that were shown afterwards.
    pub replies: Vec<Reply>,
    /// When the first word was said.
    pub read_at: UtcMillis,
    /// Nothing is left to be asked.
    pub done: bool,
}

impl SampledReading {
    /// The last word on whether a rule applies; `None` where nobody can tell.
    #[must_use]
    pub fn says(&self, rule: Rule) -> Option<bool> {
        let reply = self.replies.iter().find(|reply| reply.rule == rule);
        match reply.map(|reply| reply.status) {
            None => self.answer.says(rule),
            Some(FlagStatus::Confirmed) => Some(true),
            Some(FlagStatus::Rejected) => Some(false),
            Some(FlagStatus::Unclear | FlagStatus::Candidate) => None,
        }
    }
}

/// How many contacts of the drawn weeks a group has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameCount {
    /// Touchpoint.
    pub channel: Channel,
    /// Team.
    pub team: Option<TeamId>,
    /// Who served.
    pub staff: Option<StaffId>,
    /// With a flag of this rule; `None` for all of them.
    pub rule: Option<Rule>,
    /// Contacts.
    pub contacts: usize,
}

/// The latest word on a flag of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueWord {
    /// Whose flag.
    pub rule: Rule,
    /// Whether it was confirmed; rejected otherwise.
    pub confirmed: bool,
    /// When.
    pub at: UtcMillis,
}

#[derive(FromRow)]
struct DrawRow {
    id: Uuid,
    week: i64,
    contact: Uuid,
    probability: f64,
    channel: String,
    team: Option<String>,
    staff_id: Option<String>,
    read_at: Option<i64>,
    answer: Option<String>,
    replies: Option<String>,
    done_at: Option<i64>,
}

#[derive(FromRow)]
struct CountRow {
    channel: String,
    team: Option<String>,
    staff_id: Option<String>,
    #[sqlx(default)]
    rule: Option<String>,
    contacts: i64,
}

impl TryFrom<CountRow> for FrameCount {
    type Error = StoreError;

    fn try_from(row: CountRow) -> Result<Self, StoreError> {
        Ok(Self {
            channel: decode::text("contacts.channel", &row.channel)?,
            team: decode::optional("contacts.team", row.team.as_deref())?,
            staff: decode::optional("contacts.staff_id", row.staff_id.as_deref())?,
            rule: decode::optional("flags.rule", row.rule.as_deref())?,
            contacts: decode::number("contacts", row.contacts)?,
        })
    }
}

impl DrawRow {
    fn reading(&self) -> Result<Option<SampledReading>, StoreError> {
        let (Some(answer), Some(replies), Some(read_at)) = (&self.answer, &self.replies, self.read_at) else {
            return Ok(None);
        };
        Ok(Some(SampledReading {
            answer: decode::json("sample_readings.answer", answer)?,
            replies: decode::json("sample_readings.replies", replies)?,
            read_at: UtcMillis::from_millis(read_at),
            done: self.done_at.is_some(),
        }))
    }
}

/// What rates are made of.
impl Store {
    /// Everything that was drawn since a week, with what was said about it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sampled(&self, since_week: i64) -> Result<Vec<SampledContact>, StoreError> {
        let rows: Vec<DrawRow> =
            reading!(self, |db| sqlx::query_as(sql::DRAWS).bind(since_week).fetch_all(db).await?);
        let flags: Vec<(Uuid, String)> =
            reading!(self, |db| sqlx::query_as(sql::DRAWN_FLAGS).bind(since_week).fetch_all(db).await?);
        let mut flagged: BTreeMap<Uuid, Vec<Rule>> = BTreeMap::new();
        for (contact, rule) in flags {
            flagged.entry(contact).or_default().push(decode::text("flags.rule", &rule)?);
        }
        let mut all: Vec<SampledContact> = Vec::new();
        let mut last = None;
        for row in rows {
            let reading = row.reading()?;
            if last != Some(row.id) {
                last = Some(row.id);
                all.push(SampledContact {
                    contact: ContactRef(row.contact),
                    week: row.week,
                    probability: row.probability,
                    channel: decode::text("contacts.channel", &row.channel)?,
                    team: decode::optional("contacts.team", row.team.as_deref())?,
                    staff: decode::optional("contacts.staff_id", row.staff_id.as_deref())?,
                    flagged: flagged.get(&row.contact).cloned().unwrap_or_default(),
                    readings: Vec::new(),
                });
            }
            if let Some(one) = all.last_mut() {
                one.readings.extend(reading);
            }
        }
        Ok(all)
    }

    /// How many contacts the drawn weeks since then hold, by whose they are; and those with a flag, by rule.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn frame_counts(&self, since_week: i64) -> Result<Vec<FrameCount>, StoreError> {
        let mut rows: Vec<CountRow> = reading!(self, |db| sqlx::query_as(sql::FRAME_CONTACTS)
            .bind(since_week)
            .bind(WEEKS_BEFORE)
            .fetch_all(db)
            .await?);
        let flagged: Vec<CountRow> = reading!(self, |db| sqlx::query_as(sql::FRAME_FLAGS)
            .bind(since_week)
            .bind(WEEKS_BEFORE)
            .fetch_all(db)
            .await?);
        rows.extend(flagged);
        rows.into_iter().map(FrameCount::try_from).collect()
    }

    /// The latest word on every flag of the queue that was judged since then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue_words(&self, since: UtcMillis) -> Result<Vec<QueueWord>, StoreError> {
        let rows: Vec<(String, String, i64)> = reading!(self, |db| sqlx::query_as(sql::QUEUE_WORDS)
            .bind(since.as_millis())
            .fetch_all(db)
            .await?);
        rows.into_iter()
            .map(|(rule, verdict, at)| {
                let status: FlagStatus = decode::text("verdicts.verdict", &verdict)?;
                Ok(QueueWord {
                    rule: decode::text("verdicts.rule", &rule)?,
                    confirmed: status == FlagStatus::Confirmed,
                    at: UtcMillis::from_millis(at),
                })
            })
            .collect()
    }
}
