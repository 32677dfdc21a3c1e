//! Numbers of contacts and their weekly sums.
//!
//! Whoever stores a contact marks the sums that hold it; whoever rolls up computes one sum anew
//! from its contacts and takes the marks that it saw before in the transaction that stores it. What
//! a sum looks like is none of the store's business.

use std::collections::BTreeMap;

use futures_util::TryStreamExt as _;
use sqlx::FromRow;
use uuid::Uuid;

use super::reads::StoredFlag;
use super::{FlagRow, Store, StoreError, decode, execute, reading, sql_statistics as sql, writing};
use tingxin_text::domain::{
    Analysis, ContactMeasures, ContactRef, Observation, Rule, StaffId, UtcMillis, closed_set,
};

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
pub(super) struct MeasuresRow {
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
struct SumRow {
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
            contested: Vec::new(),
        })
    }
}

/// Contacts with their numbers, without those whose numbers are damaged: one of them must not keep
/// a person's week from being summed, or a page from being shown.
pub(super) fn readable(rows: Vec<MeasuresRow>) -> Vec<Observation> {
    rows.into_iter().filter_map(|row| known(Observation::try_from(row))).collect()
}

/// What could be read; what could not is told in the log.
fn known<T>(read: Result<T, StoreError>) -> Option<T> {
    let damaged = |error: &StoreError| {
        let cause: &dyn std::error::Error = error;
        tracing::warn!(
            error = cause,
            "a damaged contact stays out of the statistics until it is analysed anew"
        );
    };
    read.inspect_err(damaged).ok()
}

impl Store {
    /// Hands every sum over contacts since a week to `take`, by name and week. One that `take`
    /// cannot read, for another release of the program wrote it, is marked to be computed anew and
    /// left out.
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
        reading!(self, |db| {
            let mut rows = sqlx::query_as::<_, SumRow>(statement).bind(kind.as_str()).bind(since).fetch(db);
            while let Some(SumRow { name, week, body }) = rows.try_next().await? {
                if let Err(reason) = take(&name, week, &body) {
                    tracing::warn!(kind = kind.as_str(), week, reason, "a weekly sum is computed anew");
                    unread.push((name, week));
                }
            }
        });
        if unread.is_empty() {
            return Ok(());
        }
        writing!(self, |tx| {
            for (name, week) in &unread {
                sqlx::query(sql::MARK_UNREAD)
                    .bind(kind.as_str())
                    .bind(name.as_str())
                    .bind(*week)
                    .execute(&mut *tx)
                    .await?;
            }
        });
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
        let rows: Vec<ConfirmedRow> = reading!(self, |db| {
            sqlx::query_as(sql::CONFIRMED).bind(since.as_millis()).fetch_all(db).await?
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
        let mut contacts = readable(reading!(self, |db| {
            sqlx::query_as(sql::MEASURES_OF_STAFF)
                .bind(staff.as_str())
                .bind(since.as_millis())
                .bind(i64::MAX)
                .fetch_all(db)
                .await?
        }));
        let until = UtcMillis::from_millis(i64::MAX);
        self.mark_contested(staff.as_str(), (since, until), &mut contacts).await?;
        Ok(contacts)
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
        Ok(readable(reading!(self, |db| {
            sqlx::query_as(sql::LATEST_MEASURES)
                .bind(since.as_millis())
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        })))
    }

    /// The latest analyses of one person, or of everybody, with the numbers of their contacts,
    /// newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn latest_analyses(
        &self,
        staff: Option<&StaffId>,
        since: UtcMillis,
        limit: u32,
    ) -> Result<Vec<(Analysis, ContactMeasures)>, StoreError> {
        let rows: Vec<(String, String)> = reading!(self, |db| {
            sqlx::query_as(sql::LATEST_ANALYSES)
                .bind(since.as_millis())
                .bind(staff.map(StaffId::as_str))
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        });
        let read = |(analysis, measures): &(String, String)| {
            let analysis = decode::json("analyses.body", analysis)?;
            Ok((analysis, decode::json("contact_measures.body", measures)?))
        };
        Ok(rows.iter().filter_map(|row| known(read(row))).collect())
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
        let rows: Vec<StoredFlag> = reading!(self, |db| {
            sqlx::query_as(sql::FLAGS_OF_STAFF)
                .bind(staff.as_str())
                .bind(since.as_millis())
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        });
        rows.into_iter().map(FlagRow::try_from).collect()
    }

    /// Links an account to the person whose results it may see; `false` when there is no such
    /// account.
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
        let found: Option<Option<String>> =
            reading!(self, |db| sqlx::query_scalar(sql::STAFF_OF).bind(user).fetch_optional(db).await?);
        decode::optional("users.staff_id", found.flatten().as_deref())
    }
}
