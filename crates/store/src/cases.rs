//! Cases: who owes which customer an answer, and what was done about it.
//!
//! A step is fenced by the state it begins in and is written to the audit log in its own transaction.

use uuid::Uuid;

use super::audit::append;
use super::case_rows::{
    CaseBacklog, CaseEntry, CaseFilter, CaseStep, NewCase, ServiceCase, StepRow, StoredCase,
};
use super::list::{self, list};
use super::news::news_of_case;
use super::{
    Actor, Cursor, NewAudit, Page, Store, StoreError, decode, reading, sql_cases as sql, sql_queue, writing,
};
use tingxin_text::domain::{
    CaseAct, CaseCause, CaseKind, CaseState, ContactRef, RedactedText, TeamId, UtcMillis,
};

/// A step as the log of the case and the audit log name it.
struct Named<'a> {
    act: CaseAct,
    action: &'static str,
    to: Option<&'a str>,
    note: Option<&'a str>,
}

impl CaseStep {
    fn named(&self) -> Named<'_> {
        match self {
            Self::Take => Named { act: CaseAct::Taken, action: "case.take", to: None, note: None },
            Self::Assign(to) => {
                Named { act: CaseAct::Assigned, action: "case.assign", to: Some(to), note: None }
            }
            Self::Forward { department, note } => Named {
                act: CaseAct::Forwarded,
                action: "case.forward",
                to: Some(department),
                note: note.as_ref().map(RedactedText::as_str),
            },
            Self::Close { note, .. } => Named {
                act: CaseAct::Closed,
                action: "case.close",
                to: None,
                note: note.as_ref().map(RedactedText::as_str),
            },
            Self::Reopen { note, .. } => {
                Named { act: CaseAct::Reopened, action: "case.reopen", to: None, note: Some(note.as_str()) }
            }
        }
    }
}

/// Opens a case with its first entry; how many rows that were.
macro_rules! open_case {
    ($tx:ident, $id:expr, $new:expr, $team:expr) => {{
        // Once: an expression that makes a key would make another at every place.
        let (id, new): (uuid::Uuid, &$crate::NewCase) = ($id, $new);
        let state = if new.owner.is_some() { "taken" } else { "open" };
        let opened = sqlx::query($crate::sql_cases::ADD_CASE)
            .bind(id)
            .bind(new.contact.0)
            .bind(new.kind.as_str())
            .bind(new.origin.as_str())
            .bind(state)
            .bind(new.term.as_str())
            .bind(new.at.as_millis())
            .bind(&new.by.name)
            .bind(new.due_at.as_millis())
            .bind(new.owner.as_deref())
            .bind($team)
            .execute(&mut *$tx)
            .await?
            .rows_affected();
        if opened > 0 {
            sqlx::query($crate::sql_cases::ADD_CASE_STEP)
                .bind(uuid::Uuid::now_v7())
                .bind(id)
                .bind(new.at.as_millis())
                .bind(&new.by.name)
                .bind(tingxin_text::domain::CaseAct::Opened.as_str())
                .bind(new.owner.as_deref())
                .bind(None::<uuid::Uuid>)
                .bind(new.note.as_ref().map(tingxin_text::domain::RedactedText::as_str))
                .execute(&mut *$tx)
                .await?;
            let act = tingxin_text::domain::CaseAct::Opened;
            $crate::news::news_of_case!($tx, id, act, new.at.as_millis());
        }
        opened
    }};
}

pub(super) use open_case;

impl Store {
    /// Opens a case about a contact that `team` may see, and writes it to the audit log; its key, or none where there is no
    /// such contact.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_case(&self, new: &NewCase, team: Option<&TeamId>) -> Result<Option<Uuid>, StoreError> {
        let id = Uuid::now_v7();
        let entry = entry("case.open", id, &new.by, new.at);
        Ok(writing!(self, |tx| {
            // The lock order of the store, see `queue.rs`.
            sqlx::query(sql_queue::LOCK_CONTACT).bind(new.contact.0).execute(&mut *tx).await?;
            let opened = open_case!(tx, id, new, team.map(TeamId::as_str));
            if opened > 0 {
                append!(tx, &entry);
            }
            (opened > 0).then_some(id)
        }))
    }

    /// Takes a step with a case and writes it to the audit log, all or nothing; `false` when the case is not where the step
    /// begins.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn step_case(
        &self,
        id: Uuid,
        step: &CaseStep,
        (by, at): (&Actor, UtcMillis),
    ) -> Result<bool, StoreError> {
        let Named { act, action, to, note } = step.named();
        let (entry, now) = (entry(action, id, by, at), at.as_millis());
        Ok(writing!(self, |tx| {
            let moved = match step {
                CaseStep::Take => sqlx::query(sql::TAKE_CASE).bind(id).bind(&by.name),
                CaseStep::Assign(owner) => sqlx::query(sql::ASSIGN_CASE).bind(id).bind(owner),
                CaseStep::Forward { department, .. } => {
                    sqlx::query(sql::FORWARD_CASE).bind(id).bind(&by.name).bind(department).bind(now)
                }
                CaseStep::Close { outcome, cause, satisfaction, .. } => sqlx::query(sql::CLOSE_CASE)
                    .bind(id)
                    .bind(&by.name)
                    .bind(outcome.as_str())
                    .bind(cause.map(CaseCause::as_str))
                    .bind(satisfaction.map(i64::from))
                    .bind(now),
                CaseStep::Reopen { due_at, .. } => {
                    sqlx::query(sql::REOPEN_CASE).bind(id).bind(&by.name).bind(due_at.as_millis())
                }
            };
            let taken = moved.execute(&mut *tx).await?.rows_affected() > 0;
            if taken {
                let written = sqlx::query(sql::ADD_CASE_STEP).bind(Uuid::now_v7()).bind(id).bind(now);
                let written =
                    written.bind(&by.name).bind(act.as_str()).bind(to).bind(None::<Uuid>).bind(note);
                written.execute(&mut *tx).await?;
                news_of_case!(tx, id, act, now);
                append!(tx, &entry);
            }
            taken
        }))
    }

    /// One case.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn service_case(&self, id: Uuid) -> Result<Option<ServiceCase>, StoreError> {
        let row: Option<StoredCase> =
            reading!(self, |db| sqlx::query_as(sql::CASE).bind(id).fetch_optional(db).await?);
        row.map(ServiceCase::try_from).transpose()
    }

    /// What was done with a case, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn case_entries(&self, id: Uuid) -> Result<Vec<CaseEntry>, StoreError> {
        let rows: Vec<StepRow> =
            reading!(self, |db| sqlx::query_as(sql::CASE_STEPS).bind(id).fetch_all(db).await?);
        rows.into_iter().map(CaseEntry::try_from).collect()
    }

    /// Cases of a contact, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cases_of(&self, contact: ContactRef) -> Result<Vec<ServiceCase>, StoreError> {
        let rows: Vec<StoredCase> =
            reading!(self, |db| sqlx::query_as(sql::CASES_OF_CONTACT).bind(contact.0).fetch_all(db).await?);
        rows.into_iter().map(ServiceCase::try_from).collect()
    }

    /// Cases of a customer, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cases_of_customer(&self, customer: &str) -> Result<Vec<ServiceCase>, StoreError> {
        let rows: Vec<StoredCase> =
            reading!(self, |db| sqlx::query_as(sql::CASES_OF_CUSTOMER).bind(customer).fetch_all(db).await?);
        rows.into_iter().map(ServiceCase::try_from).collect()
    }

    /// Cases that were opened in a time, oldest first, at most so many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cases_between(
        &self,
        (from, until): (UtcMillis, UtcMillis),
        team: Option<&TeamId>,
        most: u32,
    ) -> Result<Vec<ServiceCase>, StoreError> {
        let rows: Vec<StoredCase> = reading!(self, |db| {
            sqlx::query_as(sql::CASES_BETWEEN)
                .bind(from.as_millis())
                .bind(until.as_millis())
                .bind(team.map(TeamId::as_str))
                .bind(i64::from(most))
                .fetch_all(db)
                .await?
        });
        rows.into_iter().map(ServiceCase::try_from).collect()
    }

    /// Cases: those that are not closed most urgent first, all others newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cases(
        &self,
        filter: &CaseFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<ServiceCase>, StoreError> {
        let urgent =
            filter.open || filter.due_before.is_some() || filter.state.is_some_and(CaseState::is_open);
        let order = if urgent { list::CASE_DUE_ORDER } else { list::CASE_ORDER };
        let rows: Vec<StoredCase> =
            list!(self, StoredCase, sql::CASE_LIST, filter.conditions(), order, after, limit);
        let place = |row: &StoredCase| (if urgent { -row.due_at } else { row.opened_at }, row.id);
        list::page(rows, limit, place, TryInto::try_into)
    }

    /// How many cases somebody still owes an answer in, by kind, of one team or of all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn case_backlog(
        &self,
        (now, due_until): (UtcMillis, UtcMillis),
        team: Option<&TeamId>,
    ) -> Result<Vec<(CaseKind, CaseBacklog)>, StoreError> {
        let rows: Vec<(String, i64, i64, i64)> = reading!(self, |db| {
            sqlx::query_as(sql::CASE_BACKLOG)
                .bind(now.as_millis())
                .bind(due_until.as_millis())
                .bind(team.map(TeamId::as_str))
                .fetch_all(db)
                .await?
        });
        let count = |value| decode::number("cases", value);
        let read = |(kind, open, due, overdue): (String, i64, i64, i64)| {
            let backlog = CaseBacklog { open: count(open)?, due: count(due)?, overdue: count(overdue)? };
            Ok((decode::text("cases.kind", &kind)?, backlog))
        };
        rows.into_iter().map(read).collect()
    }
}

/// The entry of the audit log.
pub(super) fn entry(action: &'static str, id: Uuid, by: &Actor, at: UtcMillis) -> NewAudit {
    NewAudit { at, actor: by.clone(), action, object: id.to_string(), result: "ok", purpose: None }
}
