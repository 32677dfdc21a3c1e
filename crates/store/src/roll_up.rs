//! Weekly sums that are out of date, and how they are computed anew.

use std::collections::BTreeSet;

use sqlx::FromRow;

use super::statistics::{MeasuresRow, SumKey, SumKind, readable};
use super::{Store, StoreError, decode, reading, sql_statistics as sql, writing};
use tingxin_text::domain::{Observation, UtcMillis};

#[derive(FromRow)]
struct SumKeyRow {
    kind: String,
    name: String,
    week: i64,
}

impl Store {
    /// Sums that are out of date, of one kind or of all, at most `limit`, those of the latest weeks
    /// first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stale_sums(&self, kind: Option<SumKind>, limit: u32) -> Result<Vec<SumKey>, StoreError> {
        let rows: Vec<SumKeyRow> = reading!(self, |db| {
            sqlx::query_as(sql::STALE_SUMS)
                .bind(kind.map(SumKind::as_str))
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        });
        rows.into_iter()
            .map(|row| {
                let kind = SumKind::from_name(&row.kind).ok_or_else(|| StoreError::Corrupt {
                    what: "stale_sums.kind",
                    reason: "it is no member of its set".to_owned(),
                })?;
                Ok(SumKey { kind, name: row.name, week: row.week })
            })
            .collect()
    }

    /// How many sums of these weeks are out of date.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_stale_sums(&self, weeks: std::ops::Range<i64>) -> Result<usize, StoreError> {
        let count: i64 = reading!(self, |db| {
            sqlx::query_scalar(sql::COUNT_STALE_SUMS).bind(weeks.start).bind(weeks.end).fetch_one(db).await?
        });
        decode::number("stale_sums", count)
    }

    /// Computes one sum anew, unless somebody else just did. `add` turns its contacts into the sums
    /// over contacts and over turns, as JSON.
    ///
    /// Nothing is locked while contacts are read and added up. A mark that is committed meanwhile
    /// either has a number above those that were seen and stays, or is found when they are taken,
    /// and one is set again.
    ///
    /// # Errors
    /// [`StoreError`]; the sum is out of date as before then.
    pub async fn roll_up(
        &self,
        key: &SumKey,
        add: impl FnOnce(Vec<Observation>) -> (String, String),
    ) -> Result<bool, StoreError> {
        let kind = key.kind.as_str();
        let seen: Vec<i64> = reading!(self, |db| {
            sqlx::query_scalar(sql::SEE_MARKS).bind(kind).bind(&key.name).bind(key.week).fetch_all(db).await?
        });
        if seen.is_empty() {
            return Ok(false);
        }
        let (from, until) = (UtcMillis::of_week(key.week), UtcMillis::of_week(key.week + 1));
        let statement = match key.kind {
            SumKind::Staff => sql::MEASURES_OF_STAFF,
            SumKind::Queue => sql::MEASURES_OF_QUEUE,
        };
        let rows: Vec<MeasuresRow> = reading!(self, |db| {
            sqlx::query_as(statement)
                .bind(&key.name)
                .bind(from.as_millis())
                .bind(until.as_millis())
                .fetch_all(db)
                .await?
        });
        let mut rows = readable(rows);
        if key.kind == SumKind::Staff {
            self.mark_contested(&key.name, (from, until), &mut rows).await?;
        }
        let contacts = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let (body, series) = if contacts > 0 { add(rows) } else { Default::default() };
        self.put_sums(key, &seen.into_iter().collect(), contacts, (body, series)).await
    }

    /// Takes the marks that were seen and stores the sum, or drops it when it has no contacts any
    /// more; `false` when somebody else took them.
    async fn put_sums(
        &self,
        key: &SumKey,
        seen: &BTreeSet<i64>,
        contacts: i64,
        (body, series): (String, String),
    ) -> Result<bool, StoreError> {
        let (kind, last) = (key.kind.as_str(), seen.last().copied().unwrap_or_default());
        Ok(writing!(self, |tx| {
            let taken: Vec<i64> = sqlx::query_scalar(sql::TAKE_MARKS)
                .bind(kind)
                .bind(&key.name)
                .bind(key.week)
                .bind(last)
                .fetch_all(&mut *tx)
                .await?;
            let ours = taken.iter().any(|id| seen.contains(id));
            if taken.iter().any(|id| !seen.contains(id)) {
                sqlx::query(sql::MARK_SUM)
                    .bind(kind)
                    .bind(&key.name)
                    .bind(key.week)
                    .execute(&mut *tx)
                    .await?;
            }
            if ours && contacts == 0 {
                sqlx::query(sql::DROP_SUMS)
                    .bind(kind)
                    .bind(&key.name)
                    .bind(key.week)
                    .execute(&mut *tx)
                    .await?;
            } else if ours {
                sqlx::query(sql::PUT_SUMS)
                    .bind(kind)
                    .bind(&key.name)
                    .bind(key.week)
                    .bind(contacts)
                    .bind(&body)
                    .bind(&series)
                    .execute(&mut *tx)
                    .await?;
            }
            ours
        }))
    }
}
