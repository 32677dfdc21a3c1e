//! Numbers of contacts and their weekly sums.
//!
//! Whoever stores a contact marks the sums that hold it; whoever rolls up computes one sum anew from its contacts and
//! takes the marks that it saw before in the transaction that stores it. What a sum looks like is none of the store's business.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt as _;
use sqlx::FromRow;
use uuid::Uuid;

use super::reads::StoredFlag;
use super::{FlagRow, Store, StoreError, decode, execute, reading, sql_statistics as sql, writing};
use crate::domain::{
    Analysis, ContactMeasures, ContactRef, Observation, Rule, StaffId, UtcMillis, closed_set,
};

/// Milliseconds by which Monday of week 0 in Beijing lies before the epoch: three days and eight hours.
pub(super) const WEEKS_BEFORE: i64 = 288_000_000;

closed_set! {
    /// Over whose contacts is summed.
    SumKind {
        /// A person's; the name is the work number.
        Staff => "staff", "员工";
        /// A queue's; the name is `channel/process`.
        Queue => "queue", "队列";
    }
}

/// One weekly sum.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SumKey {
    /// Over whose contacts.
    pub kind: SumKind,
    /// Whose.
    pub name: String,
    /// Which week, as [`UtcMillis::week`] counts.
    pub week: i64,
}

#[derive(FromRow)]
struct KeyRow {
    kind: String,
    name: String,
    week: i64,
}

#[derive(FromRow)]
struct MeasuresRow {
    id: Uuid,
    channel: String,
    business_process: Option<String>,
    staff_id: Option<String>,
    team: Option<String>,
    happened_at: i64,
    body: String,
    repeated: bool,
    incident: bool,
}

#[derive(FromRow)]
struct BodyRow {
    name: String,
    week: i64,
    body: String,
}

#[derive(FromRow)]
struct ConfirmedRow {
    staff_id: String,
    rule: String,
    contacts: i64,
}

impl TryFrom<MeasuresRow> for Observation {
    type Error = StoreError;

    fn try_from(row: MeasuresRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ContactRef(row.id),
            channel: decode::text("contacts.channel", &row.channel)?,
            process: decode::optional("contacts.business_process", row.business_process.as_deref())?,
            staff: decode::optional("contacts.staff_id", row.staff_id.as_deref())?,
            team: decode::optional("contacts.team", row.team.as_deref())?,
            happened_at: UtcMillis::from_millis(row.happened_at),
            repeated: row.repeated,
            incident: row.incident,
            measures: decode::json("contact_measures.body", &row.body)?,
        })
    }
}

fn observations(rows: Vec<MeasuresRow>) -> Result<Vec<Observation>, StoreError> {
    rows.into_iter().map(Observation::try_from).collect()
}

impl Store {
    /// Sums that are out of date, of one kind or of all, at most `limit`, those of the latest weeks first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stale_sums(&self, kind: Option<SumKind>, limit: u32) -> Result<Vec<SumKey>, StoreError> {
        let rows: Vec<KeyRow> = reading!(self, |pool| {
            sqlx::query_as(sql::STALE_SUMS)
                .bind(kind.map(SumKind::as_str))
                .bind(i64::from(limit))
                .fetch_all(pool)
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
        let count: i64 = reading!(self, |pool| {
            sqlx::query_scalar(sql::COUNT_STALE_SUMS)
                .bind(weeks.start)
                .bind(weeks.end)
                .fetch_one(pool)
                .await?
        });
        decode::number("stale_sums", count)
    }

    /// Computes one sum anew, unless somebody else just did. `add` turns its contacts into the sums over contacts and
    /// over turns, as JSON.
    ///
    /// Nothing is locked while contacts are read and added up. A mark that is committed meanwhile either has a number above
    /// those that were seen and stays, or is found when they are taken, and one is set again.
    ///
    /// # Errors
    /// [`StoreError`]; the sum is out of date as before then.
    pub async fn roll_up(
        &self,
        key: &SumKey,
        add: impl FnOnce(Vec<Observation>) -> (String, String),
    ) -> Result<bool, StoreError> {
        let kind = key.kind.as_str();
        let seen: Vec<i64> = reading!(self, |pool| {
            sqlx::query_scalar(sql::SEE_MARKS)
                .bind(kind)
                .bind(&key.name)
                .bind(key.week)
                .fetch_all(pool)
                .await?
        });
        if seen.is_empty() {
            return Ok(false);
        }
        let (from, until) = (UtcMillis::of_week(key.week), UtcMillis::of_week(key.week + 1));
        let statement = match key.kind {
            SumKind::Staff => sql::MEASURES_OF_STAFF,
            SumKind::Queue => sql::MEASURES_OF_QUEUE,
        };
        let rows: Vec<MeasuresRow> = reading!(self, |pool| {
            sqlx::query_as(statement)
                .bind(&key.name)
                .bind(from.as_millis())
                .bind(until.as_millis())
                .fetch_all(pool)
                .await?
        });
        let contacts = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let (body, series) = if contacts > 0 { add(observations(rows)?) } else { Default::default() };
        self.put_sums(key, &seen.into_iter().collect(), contacts, (body, series)).await
    }

    /// Takes the marks that were seen and stores the sum, or drops it when it has no contacts any more; `false` when
    /// somebody else took them.
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

    /// Hands every sum over contacts since a week to `take`, by name and week. One that `take` cannot read, for another
    /// release of the program wrote it, is marked to be computed anew and left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sums(
        &self,
        kind: SumKind,
        since: i64,
        take: impl FnMut(&str, i64, &str) -> Result<(), String>,
    ) -> Result<(), StoreError> {
        self.weekly(sql::SUMS, kind, since, take).await
    }

    /// The same for the sums over turns.
    ///
    /// # Errors
    /// As [`Store::sums`].
    pub async fn series(
        &self,
        kind: SumKind,
        since: i64,
        take: impl FnMut(&str, i64, &str) -> Result<(), String>,
    ) -> Result<(), StoreError> {
        self.weekly(sql::SERIES, kind, since, take).await
    }

    async fn weekly(
        &self,
        statement: &'static str,
        kind: SumKind,
        since: i64,
        mut take: impl FnMut(&str, i64, &str) -> Result<(), String>,
    ) -> Result<(), StoreError> {
        let mut unread: Vec<(String, i64)> = Vec::new();
        reading!(self, |pool| {
            let mut rows =
                sqlx::query_as::<_, BodyRow>(statement).bind(kind.as_str()).bind(since).fetch(pool);
            while let Some(BodyRow { name, week, body }) = rows.try_next().await? {
                if let Err(reason) = take(&name, week, &body) {
                    tracing::warn!(kind = kind.as_str(), week, reason, "a weekly sum is computed anew");
                    unread.push((name, week));
                }
            }
        });
        for (name, week) in unread {
            execute!(self, sql::MARK_SUM, kind.as_str(), name.as_str(), week);
        }
        Ok(())
    }

    /// How many contacts of everybody people have confirmed since then, by rule.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn confirmed(
        &self,
        since: UtcMillis,
    ) -> Result<BTreeMap<StaffId, BTreeMap<Rule, usize>>, StoreError> {
        let rows: Vec<ConfirmedRow> = reading!(self, |pool| {
            sqlx::query_as(sql::CONFIRMED).bind(since.as_millis()).fetch_all(pool).await?
        });
        let mut confirmed: BTreeMap<StaffId, BTreeMap<Rule, usize>> = BTreeMap::new();
        for ConfirmedRow { staff_id, rule, contacts } in rows {
            let staff = decode::text("contacts.staff_id", &staff_id)?;
            let rule = decode::text("flags.rule", &rule)?;
            let contacts = decode::number("flags", contacts)?;
            confirmed.entry(staff).or_default().insert(rule, contacts);
        }
        Ok(confirmed)
    }

    /// Contacts of one person since then with their numbers, in no order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contacts_of_staff(
        &self,
        staff: &StaffId,
        since: UtcMillis,
    ) -> Result<Vec<Observation>, StoreError> {
        observations(reading!(self, |pool| {
            sqlx::query_as(sql::MEASURES_OF_STAFF)
                .bind(staff.as_str())
                .bind(since.as_millis())
                .bind(i64::MAX)
                .fetch_all(pool)
                .await?
        }))
    }

    /// The latest contacts of everybody with their numbers, at most `limit`, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn latest_measures(
        &self,
        since: UtcMillis,
        limit: u32,
    ) -> Result<Vec<Observation>, StoreError> {
        observations(reading!(self, |pool| {
            sqlx::query_as(sql::LATEST_MEASURES)
                .bind(since.as_millis())
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await?
        }))
    }

    /// The latest analyses of one person, or of everybody, with the numbers of their contacts, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn latest_analyses(
        &self,
        staff: Option<&StaffId>,
        since: UtcMillis,
        limit: u32,
    ) -> Result<Vec<(Analysis, ContactMeasures)>, StoreError> {
        let rows: Vec<(String, String)> = reading!(self, |pool| {
            sqlx::query_as(sql::LATEST_ANALYSES)
                .bind(since.as_millis())
                .bind(staff.map(StaffId::as_str))
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await?
        });
        rows.iter()
            .map(|(analysis, measures)| {
                let analysis = decode::json("analyses.body", analysis)?;
                Ok((analysis, decode::json("contact_measures.body", measures)?))
            })
            .collect()
    }

    /// Flags of one person's contacts since then, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn flags_of_staff(
        &self,
        staff: &StaffId,
        since: UtcMillis,
        limit: u32,
    ) -> Result<Vec<FlagRow>, StoreError> {
        let rows: Vec<StoredFlag> = reading!(self, |pool| {
            sqlx::query_as(sql::FLAGS_OF_STAFF)
                .bind(staff.as_str())
                .bind(since.as_millis())
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await?
        });
        rows.into_iter().map(FlagRow::try_from).collect()
    }

    /// Links an account to the person whose results it may see; `false` when there is no such account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn link_staff(&self, user: &str, staff: &StaffId) -> Result<bool, StoreError> {
        Ok(execute!(self, sql::LINK_STAFF, user, staff.as_str()) > 0)
    }

    /// Whose results an account may see.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn staff_of(&self, user: &str) -> Result<Option<StaffId>, StoreError> {
        let found: Option<Option<String>> = reading!(self, |pool| {
            sqlx::query_scalar(sql::STAFF_OF).bind(user).fetch_optional(pool).await?
        });
        decode::optional("users.staff_id", found.flatten().as_deref())
    }
}
