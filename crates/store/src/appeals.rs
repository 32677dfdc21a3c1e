//! What staff say about confirmed flags of their own contacts: that they have seen them, or that they disagree.
//!
//! An appeal is about a rule at certain turns of a revision, as a verdict is. While somebody still has to answer, the flag
//! is out of the rates; every step marks the sums that hold the contact, in the transaction that takes it.

use std::collections::HashMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::list::{self, list};
use super::reads::StoredFlag;
use super::sql_statistics::{MARK_CONTACT, WEEKS_BEFORE};
use super::{
    Actor, Cursor, FlagRow, NewAudit, Page, Store, StoreError, decode, reading, sql_appeals as sql,
    sql_queue, writing,
};
use tingxin_text::domain::{
    AppealState, ContactRef, Contest, FlagId, Observation, RedactedText, Rule, StaffId, TeamId, UtcMillis,
};

/// A confirmed flag as the person sees it whose contact it is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    /// The flag.
    pub row: FlagRow,
    /// Revision of the contact that was listened to.
    pub revision: u32,
    /// When it was confirmed, which released it.
    pub released_at: UtcMillis,
    /// Who confirmed it.
    pub confirmed_by: String,
    /// When the person acknowledged it.
    pub acknowledged_at: Option<UtcMillis>,
    /// What the person said with that.
    pub acknowledged_note: Option<String>,
    /// The appeal against it.
    pub appeal: Option<Uuid>,
}

/// An appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    /// Our key.
    pub id: Uuid,
    /// The flag.
    pub flag: FlagId,
    /// Its contact.
    pub contact: ContactRef,
    /// Revision of the contact that was listened to.
    pub revision: u32,
    /// What had raised the flag.
    pub rule: Rule,
    /// The turns it pointed at.
    pub utterances: Vec<usize>,
    /// Who appeals.
    pub staff: StaffId,
    /// Team that served the contact.
    pub team: Option<TeamId>,
    /// How far it is.
    pub state: AppealState,
    /// What the person says; none when the words of the contact are gone.
    pub text: Option<String>,
    /// The account that filed it.
    pub filed_by: String,
    /// When.
    pub filed_at: UtcMillis,
    /// Whose verdict it is about.
    pub confirmed_by: String,
    /// What the lead says.
    pub answer: Option<String>,
    /// The lead who answered or forwarded it.
    pub answered_by: Option<String>,
    /// When.
    pub answered_at: Option<UtcMillis>,
    /// Why it was decided so.
    pub reason: Option<String>,
    /// The second reviewer.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<UtcMillis>,
    /// When the present step should be done.
    pub due_at: UtcMillis,
}

/// An appeal to be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppeal {
    /// The flag.
    pub flag: FlagId,
    /// Whose contact it must be of.
    pub staff: StaffId,
    /// What the person says.
    pub text: RedactedText,
    /// Flags that were released before this moment are too old.
    pub released_since: UtcMillis,
    /// When the lead should have answered.
    pub due_at: UtcMillis,
    /// Who files it.
    pub by: Actor,
    /// When.
    pub at: UtcMillis,
}

/// What became of an appeal that was to be filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filed {
    /// It is filed; its key.
    Kept(Uuid),
    /// The window is over.
    TooLate,
    /// There is one already.
    Again,
    /// There is no such confirmed flag of this person.
    Unknown,
}

/// What is done with an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppealStep {
    /// The lead answers it.
    Answer(RedactedText),
    /// The lead hands it to a second reviewer, with or without a word.
    Forward(Option<RedactedText>),
    /// The person is not content with the answer.
    Insist,
    /// A second reviewer decides it for good.
    Decide {
        /// Whether the flag is a false alarm.
        overturned: bool,
        /// Why.
        reason: RedactedText,
    },
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stepped {
    /// It is taken.
    Kept,
    /// The appeal is not where the step begins.
    Changed,
    /// Whoever decides has judged the same before.
    OwnVerdict,
}

/// Which appeals. Every part is optional and they all must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AppealFilter {
    /// How far it is.
    pub state: Option<AppealState>,
    /// Who appeals.
    pub staff: Option<StaffId>,
    /// Team that served.
    pub team: Option<TeamId>,
}

/// That a person has seen a confirmed flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The flag.
    pub flag: FlagId,
    /// Whose contact it must be of.
    pub staff: StaffId,
    /// What the person says.
    pub note: Option<RedactedText>,
    /// Who says so.
    pub by: Actor,
    /// When.
    pub at: UtcMillis,
}

/// Appeals that somebody still has to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AppealBacklog {
    /// All of them.
    pub open: u64,
    /// Those whose step should be done already.
    pub overdue: u64,
}

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

#[derive(FromRow)]
struct AppealRow {
    id: Uuid,
    flag: Uuid,
    contact: Uuid,
    revision: i64,
    rule: String,
    utterances: String,
    staff_id: String,
    team: Option<String>,
    state: String,
    text: Option<String>,
    filed_by: String,
    filed_at: i64,
    confirmed_by: String,
    answer: Option<String>,
    answered_by: Option<String>,
    answered_at: Option<i64>,
    reason: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    due_at: i64,
}

#[derive(FromRow)]
struct ContestRow {
    contact: Uuid,
    rule: String,
    state: String,
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

impl TryFrom<AppealRow> for Appeal {
    type Error = StoreError;

    fn try_from(row: AppealRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            flag: FlagId(row.flag),
            contact: ContactRef(row.contact),
            revision: decode::number("appeals.revision", row.revision)?,
            rule: decode::text("appeals.rule", &row.rule)?,
            utterances: decode::json("appeals.utterances", &row.utterances)?,
            staff: decode::text("appeals.staff_id", &row.staff_id)?,
            team: decode::optional("appeals.team", row.team.as_deref())?,
            state: decode::text("appeals.state", &row.state)?,
            text: row.text,
            filed_by: row.filed_by,
            filed_at: UtcMillis::from_millis(row.filed_at),
            confirmed_by: row.confirmed_by,
            answer: row.answer,
            answered_by: row.answered_by,
            answered_at: row.answered_at.map(UtcMillis::from_millis),
            reason: row.reason,
            decided_by: row.decided_by,
            decided_at: row.decided_at.map(UtcMillis::from_millis),
            due_at: UtcMillis::from_millis(row.due_at),
        })
    }
}

impl AppealStep {
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
        (by, at, due_at): (&Actor, UtcMillis, UtcMillis),
    ) -> Result<Stepped, StoreError> {
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

    /// How many appeals somebody still has to answer, and how many of those are overdue.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn appeal_backlog(&self, now: UtcMillis) -> Result<AppealBacklog, StoreError> {
        let (open, overdue): (i64, i64) = reading!(self, |db| {
            sqlx::query_as(sql::APPEAL_BACKLOG).bind(now.as_millis()).fetch_one(db).await?
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
