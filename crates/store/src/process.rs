//! How much work people have before them, and what they said of late: numbers for monitoring.

use super::{Store, StoreError, decode, reading, sql_process as sql};
use tingxin_text::domain::{FlagStatus, Rule, UtcMillis};

/// Work that waits in one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StreamBacklog {
    /// How much of it.
    pub waiting: u64,
    /// When the contact began that has waited longest; `None` when nothing waits.
    pub oldest: Option<UtcMillis>,
}

/// Verdicts of one kind on one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerdictCount {
    /// Which rule.
    pub rule: Rule,
    /// What was said.
    pub status: FlagStatus,
    /// How often.
    pub count: u64,
}

/// What people have before them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProcessState {
    /// Flags that nobody has judged.
    pub flags: StreamBacklog,
    /// Contacts of the random sample that nobody has read, or not often enough.
    pub sample: StreamBacklog,
    /// Agreements with staff that are not done.
    pub coaching_open: u64,
    /// Those whose date is over.
    pub coaching_overdue: u64,
    /// Verdicts since a moment; those that were taken back are [`FlagStatus::Candidate`].
    pub verdicts: Vec<VerdictCount>,
}

impl Store {
    /// What people have before them, with the verdicts from `since` on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn process_state(&self, since: UtcMillis, now: UtcMillis) -> Result<ProcessState, StoreError> {
        let backlog = |(waiting, oldest): (i64, Option<i64>)| -> Result<StreamBacklog, StoreError> {
            Ok(StreamBacklog {
                waiting: decode::number("waiting", waiting)?,
                oldest: oldest.map(UtcMillis::from_millis),
            })
        };
        let flags: (i64, Option<i64>) =
            reading!(self, |db| sqlx::query_as(sql::FLAGS_WAITING).fetch_one(db).await?);
        let sample: (i64, Option<i64>) =
            reading!(self, |db| sqlx::query_as(sql::SAMPLE_WAITING).fetch_one(db).await?);
        let (open, overdue): (i64, i64) = reading!(self, |db| {
            sqlx::query_as(sql::COACHING_WAITING).bind(now.as_millis()).fetch_one(db).await?
        });
        let verdicts: Vec<(String, String, i64)> = reading!(self, |db| {
            sqlx::query_as(sql::VERDICTS_SINCE).bind(since.as_millis()).fetch_all(db).await?
        });
        let count = |(rule, status, count): (String, String, i64)| {
            Ok(VerdictCount {
                rule: decode::text("verdicts.rule", &rule)?,
                status: decode::text("verdicts.verdict", &status)?,
                count: decode::number("verdicts", count)?,
            })
        };
        Ok(ProcessState {
            flags: backlog(flags)?,
            sample: backlog(sample)?,
            coaching_open: decode::number("coaching", open)?,
            coaching_overdue: decode::number("coaching", overdue)?,
            verdicts: verdicts.into_iter().map(count).collect::<Result<_, StoreError>>()?,
        })
    }
}
