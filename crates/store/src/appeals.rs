//! What staff say about confirmed flags of their own contacts: that they have seen them, or that they disagree.
//!
//! An appeal is about a rule at certain turns of a revision, as a verdict is. While somebody still has to answer, the flag
//! is out of the rates; every step marks the sums that hold the contact, in the transaction that takes it.

use std::collections::HashMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::appeal_rows::{
    Acknowledgement, Appeal, AppealBacklog, AppealFilter, AppealMoment, AppealRow, AppealStep, ContestRow,
    Filed, NewAppeal, Released, Stepped,
};
use super::audit::append;
use super::list::{self, list};
use super::news::{AppealDetail, news, news_of_verdict};
use super::reads::StoredFlag;
use super::sql_statistics::{MARK_CONTACT, WEEKS_BEFORE};
use super::{
    Actor, Cursor, NewAudit, Page, Store, StoreError, decode, reading, sql_appeals as sql, sql_queue, writing,
};
use tingxin_text::domain::{
    AppealState, ContactRef, Contest, NewsKind, Observation, RedactedText, StaffId, TeamId, UtcMillis,
};

#[derive(FromRow)]
struct ReleasedRow {
    #[sqlx(flatten)]
    flag: StoredFlag,
    revision: i64,
    released_at: i64,
    confirmed_by: String,
    acknowledged_note: Option<String>,
    acknowledged_at: Option<i64>,
    appeal: Option<Uuid>,
}

impl TryFrom<ReleasedRow> for Released {
    type Error = StoreError;

    fn try_from(row: ReleasedRow) -> Result<Self, StoreError> {
        Ok(Self {
            row: row.flag.try_into()?,
            revision: decode::number("verdicts.revision", row.revision)?,
            released_at: UtcMillis::from_millis(row.released_at),
            confirmed_by: row.confirmed_by,
            acknowledged_at: row.acknowledged_at.map(UtcMillis::from_millis),
            acknowledged_note: row.acknowledged_note,
            appeal: row.appeal,
        })
    }
}

impl AppealStep {
    /// Where the appeal is after it.
    const fn leads_to(&self) -> AppealState {
        match self {
            Self::Answer(_) => AppealState::Answered,
            Self::Forward(_) | Self::Insist => AppealState::Forwarded,
            Self::Decide { overturned: true, .. } => AppealState::Overturned,
            Self::Decide { overturned: false, .. } => AppealState::Upheld,
        }
    }

    /// The entry of the audit log.
    fn entry(&self, id: Uuid, by: &Actor, at: UtcMillis) -> NewAudit {
        let action = match self {
            Self::Answer(_) => "appeal.answer",
            Self::Forward(_) => "appeal.forward",
            Self::Insist => "appeal.insist",
            Self::Decide { overturned: true, .. } => "appeal.overturn",
            Self::Decide { overturned: false, .. } => "appeal.uphold",
        };
        NewAudit { at, actor: by.clone(), action, object: id.to_string(), result: "ok", purpose: None }
    }
}

/// Marks the sums that hold a contact.
macro_rules! mark {
    ($tx:ident, $contact:expr) => {
        sqlx::query(MARK_CONTACT).bind($contact).bind(WEEKS_BEFORE).execute(&mut *$tx).await?
    };
}

/// Overturns the verdict that an appeal is about, and lets the flag show it.
macro_rules! overturn {
    ($tx:ident, $appeal:ident, $reason:expr, $by:expr, $at:expr) => {{
        let utterances = decode::to_json("appeals.utterances", &$appeal.utterances)?;
        let verdict = sqlx::query(sql::OVERTURN).bind($appeal.id).bind($reason).bind($by).bind($at);
        verdict.execute(&mut *$tx).await?;
        let shown = sqlx::query(sql::SHOW_OVERTURNED).bind($appeal.contact.0).bind($appeal.rule.as_str());
        shown.bind(utterances).execute(&mut *$tx).await?;
        news_of_verdict!($tx, $appeal.flag.0, $appeal.contact.0, $at);
    }};
}

/// Tells how far an appeal is.
macro_rules! tell {
    ($tx:ident, $id:expr, ($flag:expr, $contact:expr, $rule:expr, $revision:expr), $state:expr, $at:expr) => {{
        let detail = AppealDetail { flag: $flag, rule: $rule, state: $state.as_str(), revision: $revision };
        let detail = decode::to_json("news.detail", &detail)?;
        news!($tx, NewsKind::AppealMoved, Some($contact), $id.to_string(), detail, $at)
    }};
}

impl Store {
    /// What was released to a person, newest contact first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn released(&self, staff: &StaffId, limit: u32) -> Result<Vec<Released>, StoreError> {
        let rows: Vec<ReleasedRow> = reading!(self, |db| {
            sqlx::query_as(sql::RELEASED).bind(staff.as_str()).bind(i64::from(limit)).fetch_all(db).await?
        });
        rows.into_iter().map(Released::try_from).collect()
    }

    /// Says that a person has seen a confirmed flag, and writes it to the audit log; `false` when there is no such flag of
    /// this person. A second time changes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn acknowledge(&self, said: &Acknowledgement) -> Result<bool, StoreError> {
        let Acknowledgement { flag, staff, note, by, at } = said;
        let (note, object) = (note.as_ref().map(RedactedText::as_str), flag.0.to_string());
        let entry = NewAudit {
            at: *at,
            actor: by.clone(),
            action: "flag.acknowledge",
            object,
            result: "ok",
            purpose: None,
        };
        Ok(writing!(self, |tx| {
            let found: Option<ReleasedRow> = sqlx::query_as(sql::RELEASED_ONE)
                .bind(staff.as_str())
                .bind(flag.0)
                .fetch_optional(&mut *tx)
                .await?;
            let found = found.map(Released::try_from).transpose()?;
            if let Some(Released { row, revision, .. }) = &found {
                sqlx::query(sql::ADD_ACKNOWLEDGEMENT)
                    .bind(Uuid::now_v7())
                    .bind(row.contact.0)
                    .bind(i64::from(*revision))
                    .bind(row.flag.rule.as_str())
                    .bind(decode::to_json("flags.utterances", &row.flag.utterances)?)
                    .bind(note)
                    .bind(&by.name)
                    .bind(at.as_millis())
                    .execute(&mut *tx)
                    .await?;
                append!(tx, &entry);
            }
            found.is_some()
        }))
    }

    /// Files an appeal and writes it to the audit log, all or nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn file_appeal(&self, new: &NewAppeal) -> Result<Filed, StoreError> {
        let NewAppeal { flag, staff, text, released_since, due_at, by, at } = new;
        let id = Uuid::now_v7();
        let object = id.to_string();
        let entry = NewAudit {
            at: *at,
            actor: by.clone(),
            action: "appeal.file",
            object,
            result: "ok",
            purpose: None,
        };
        Ok(writing!(self, |tx| {
            let found: Option<ReleasedRow> = sqlx::query_as(sql::RELEASED_ONE)
                .bind(staff.as_str())
                .bind(flag.0)
                .fetch_optional(&mut *tx)
                .await?;
            match found.map(Released::try_from).transpose()? {
                None => Filed::Unknown,
                Some(found) if found.appeal.is_some() => Filed::Again,
                Some(found) if found.released_at < *released_since => Filed::TooLate,
                Some(Released { row, revision, confirmed_by, .. }) => {
                    // The lock order of the store, see `queue.rs`.
                    sqlx::query(sql_queue::LOCK_CONTACT).bind(row.contact.0).execute(&mut *tx).await?;
                    sqlx::query(sql::ADD_APPEAL)
                        .bind(id)
                        .bind(flag.0)
                        .bind(row.contact.0)
                        .bind(i64::from(revision))
                        .bind(row.flag.rule.as_str())
                        .bind(decode::to_json("flags.utterances", &row.flag.utterances)?)
                        .bind(staff.as_str())
                        .bind(row.team.as_ref().map(TeamId::as_str))
                        .bind(text.as_str())
                        .bind(&by.name)
                        .bind(at.as_millis())
                        .bind(confirmed_by)
                        .bind(due_at.as_millis())
                        .execute(&mut *tx)
                        .await?;
                    tell!(
                        tx,
                        id,
                        (*flag, row.contact.0, row.flag.rule, revision),
                        AppealState::Filed,
                        at.as_millis()
                    );
                    mark!(tx, row.contact.0);
                    append!(tx, &entry);
                    Filed::Kept(id)
                }
            }
        }))
    }

    /// Takes a step of an appeal as it was read, and writes it to the audit log, all or nothing. What a second reviewer
    /// overturns becomes a verdict.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn step_appeal(
        &self,
        appeal: &Appeal,
        step: &AppealStep,
        taken: AppealMoment<'_>,
    ) -> Result<Stepped, StoreError> {
        let AppealMoment { by, at, due_at } = taken;
        let (entry, now) = (step.entry(appeal.id, by, at), at.as_millis());
        Ok(writing!(self, |tx| {
            sqlx::query(sql_queue::LOCK_CONTACT).bind(appeal.contact.0).execute(&mut *tx).await?;
            let judged: i64 = sqlx::query_scalar(sql::JUDGED_BEFORE)
                .bind(appeal.id)
                .bind(&by.name)
                .fetch_one(&mut *tx)
                .await?;
            let taken = match step {
                AppealStep::Decide { .. } if judged > 0 => None,
                AppealStep::Decide { overturned, reason } => {
                    let state = if *overturned { AppealState::Overturned } else { AppealState::Upheld };
                    let decided = sqlx::query(sql::DECIDE_APPEAL).bind(appeal.id).bind(state.as_str());
                    let decided = decided.bind(reason.as_str()).bind(&by.name).bind(now);
                    let done = decided.execute(&mut *tx).await?.rows_affected();
                    if done > 0 && *overturned {
                        overturn!(tx, appeal, reason.as_str(), &by.name, now);
                    }
                    Some(done)
                }
                AppealStep::Insist => {
                    let insisted = sqlx::query(sql::INSIST).bind(appeal.id).bind(due_at.as_millis());
                    Some(insisted.execute(&mut *tx).await?.rows_affected())
                }
                AppealStep::Answer(_) | AppealStep::Forward(_) => {
                    let (state, said) = match step {
                        AppealStep::Answer(said) => (AppealState::Answered, Some(said)),
                        AppealStep::Forward(said) => (AppealState::Forwarded, said.as_ref()),
                        _ => (AppealState::Forwarded, None),
                    };
                    let moved = sqlx::query(sql::STEP_APPEAL).bind(appeal.id).bind(state.as_str());
                    let moved = moved.bind(said.map(RedactedText::as_str)).bind(&by.name).bind(now);
                    Some(moved.bind(due_at.as_millis()).execute(&mut *tx).await?.rows_affected())
                }
            };
            match taken {
                None => Stepped::OwnVerdict,
                Some(0) => Stepped::Changed,
                Some(_) => {
                    let of = (appeal.flag, appeal.contact.0, appeal.rule, appeal.revision);
                    tell!(tx, appeal.id, (of.0, of.1, of.2, of.3), step.leads_to(), now);
                    mark!(tx, appeal.contact.0);
                    append!(tx, &entry);
                    Stepped::Kept
                }
            }
        }))
    }

    /// One appeal.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn appeal(&self, id: Uuid) -> Result<Option<Appeal>, StoreError> {
        let row: Option<AppealRow> =
            reading!(self, |db| sqlx::query_as(sql::APPEAL).bind(id).fetch_optional(db).await?);
        row.map(Appeal::try_from).transpose()
    }

    /// Appeals about a contact, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn appeals_of(&self, contact: ContactRef) -> Result<Vec<Appeal>, StoreError> {
        let rows: Vec<AppealRow> = reading!(self, |db| sqlx::query_as(sql::APPEALS_OF_CONTACT)
            .bind(contact.0)
            .fetch_all(db)
            .await?);
        rows.into_iter().map(Appeal::try_from).collect()
    }

    /// Appeals, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn appeals(
        &self,
        filter: &AppealFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<Appeal>, StoreError> {
        let rows: Vec<AppealRow> =
            list!(self, AppealRow, sql::APPEAL_LIST, filter.conditions(), list::APPEAL_ORDER, after, limit);
        list::page(rows, limit, |row| (row.filed_at, row.id), TryInto::try_into)
    }

    /// How many appeals somebody still has to answer, and how many of those are overdue, of one team or of all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn appeal_backlog(
        &self,
        now: UtcMillis,
        team: Option<&TeamId>,
    ) -> Result<AppealBacklog, StoreError> {
        let (open, overdue): (i64, i64) = reading!(self, |db| {
            sqlx::query_as(sql::APPEAL_BACKLOG)
                .bind(now.as_millis())
                .bind(team.map(TeamId::as_str))
                .fetch_one(db)
                .await?
        });
        Ok(AppealBacklog {
            open: decode::number("appeals", open)?,
            overdue: decode::number("appeals", overdue)?,
        })
    }

    /// Marks what of a person's contacts is under appeal or was overturned.
    pub(super) async fn mark_contested(
        &self,
        staff: &str,
        (from, until): (UtcMillis, UtcMillis),
        contacts: &mut [Observation],
    ) -> Result<(), StoreError> {
        let rows: Vec<ContestRow> = reading!(self, |db| {
            sqlx::query_as(sql::CONTESTED)
                .bind(staff)
                .bind(from.as_millis())
                .bind(until.as_millis())
                .fetch_all(db)
                .await?
        });
        let mut contested: HashMap<Uuid, Vec<Contest>> = HashMap::new();
        for ContestRow { contact, rule, state } in rows {
            let rule = decode::text("appeals.rule", &rule)?;
            let overturned = state == AppealState::Overturned.as_str();
            contested.entry(contact).or_default().push(Contest { rule, overturned });
        }
        for contact in contacts {
            contact.contested = contested.remove(&contact.id.0).unwrap_or_default();
        }
        Ok(())
    }
}
