//! The one durable state: contacts, jobs, analyses, flags, accounts, audit.
//!
//! SQLite or PostgreSQL behind one type; every statement is written once (`sql.rs`) and every
//! function has one body, which a macro below compiles against both. Only connecting, migrating,
//! beginning a transaction and claiming know which database is there.
//! `docs/adr/0002-two-databases-one-text.md` says why.

mod accounts;
mod alone;
mod appeal_rows;
mod appeals;
mod approvals;
mod asked;
mod assignment_rows;
mod assignments;
mod audit;
mod backup;
mod bulk;
mod calibrations;
mod care;
mod case_leads;
mod case_rows;
mod cases;
mod coaching;
mod connect;
mod contacts;
mod copy;
mod decode;
mod erase;
mod error;
mod fill_index;
mod forget;
mod forms;
mod handover;
mod held_sessions;
mod holds;
mod hooks;
mod idempotency;
mod improvement;
mod index;
mod jobs;
mod journal;
mod keys;
mod learning;
mod ledger;
mod list;
mod marks;
mod model;
mod news;
mod patience;
mod process;
mod queue;
mod reads;
mod retain;
mod roll_up;
mod rules;
mod sample_rates;
mod sample_readings;
mod samples;
mod scores;
mod scrub;
mod search;
mod search_asked;
mod search_query;
mod search_words;
mod serving;
mod sessions;
mod set_aside;
mod sql;
mod sql_accounts;
mod sql_appeals;
mod sql_assignments;
mod sql_bulk;
mod sql_calibrations;
mod sql_care;
mod sql_cases;
mod sql_coaching;
mod sql_forms;
mod sql_hooks;
mod sql_lists;
mod sql_news;
mod sql_privacy;
mod sql_process;
mod sql_queue;
mod sql_samples;
mod sql_search;
mod sql_statistics;
mod sql_today;
mod staff_names;
mod statistics;
#[cfg(test)]
mod tests;
mod today;
mod tower;
mod trainings;
mod turns;
mod verdicts;
mod views;

use std::sync::Arc;

use tokio::sync::OnceCell;

use tingxin_text::domain::UtcMillis;

use alone::Alone;
use connect::Backend;
use held_sessions::HeldSessions;
use ledger::Ledger;
use turns::TurnQueue;

pub use appeal_rows::{
    Acknowledgement, Appeal, AppealBacklog, AppealFilter, AppealMoment, AppealStep, Filed, NewAppeal,
    Released, Stepped,
};
pub use approvals::{ExportRequest, NewExportRequest};
pub use asked::{AskedReview, NewAskedReview};
pub use assignment_rows::{
    Assignment, DistributionMethod, DistributionRule, FreeContact, NewAssignment, NewDistributionRule,
    OpenLoad, ReviewClaim,
};
pub use audit::{AuditCheck, AuditFilter, AuditMark};
pub use backup::Inventory;
pub use bulk::{
    AcceptanceSample, BulkVerdict, DrawnFlag, NewAcceptance, NewBulkVerdict, WordingFlag, WordingGroup,
};
pub use calibrations::{
    Calibration, CalibrationCandidate, CalibrationItem, CalibrationReader, CalibrationReading, NewCalibration,
};
pub use care::{CareTask, CareTimes};
pub use case_rows::{
    CaseBacklog, CaseEntry, CaseFilter, CaseLead, CaseStep, NewCase, ServiceCase, SettledLead, StandingCase,
};
pub use coaching::{Clip, Coaching, CoachingTerms, NewCoaching};
pub use erase::{Erasable, Extent};
pub use error::StoreError;
pub use forms::{InspectionForm, InspectionSheet, NewSheet};
pub use handover::{HeldContact, HeldSum};
pub use holds::{Held, LegalHold};
pub use hooks::{Hook, NewHook};
pub use idempotency::HOLD_EVERY_MILLIS;
pub use improvement::{Incident, NewIncident};
pub use learning::{LearningChoice, LearningItem, LearningProposal};
pub use ledger::AuditHeld;
pub use marks::{NewSentenceMark, SentenceMark};
pub use model::{
    Actor, ApiKey, Ask, AuditEntry, Claim, ContactFilter, ContactRecord, ContactSummary, Cursor, FailOutcome,
    FlagFilter, FlagRow, FlaggedContact, IdempotencyVerdict, IngestReceipt, NewApiKey, NewAudit, Page,
    QueueState, Session, SetAside, Ticket, User,
};
pub use news::{News, NewsContact};
pub use patience::one_request;
pub use process::{ProcessState, StreamBacklog, VerdictCount};
pub use queue::MAX_ATTEMPTS;
pub use retain::{Expired, Horizons};
pub use rules::{
    Demotion, EvidenceStream, NewRuleChange, RuleChange, ThresholdChange, ThresholdReplay, states_at,
    thresholds_at,
};
pub use sample_rates::{FrameCount, QueueWord, SampledContact, SampledReading};
pub use sample_readings::{DueDraw, FoundRule, NewReading, OwnReading, Reply, SampleAnswer};
pub use samples::{DrawnWeek, FrameContact, NewDraw, NewSamplePlan, NewSampleWeek, SamplePlan, SampleUnit};
pub use scores::SignalScore;
pub use search::ContactFound;
pub use search_asked::{BoundedCount, ContactSearch, ContactSort, SurveyAsked};
pub use search_words::SearchWords;
pub use statistics::{SumKey, SumKind};
pub use today::{DayCount, DayFlags, HeardSum};
pub use tower::{LateSpan, SENDER_WEEKS, SenderHour};
pub use trainings::Training;
pub use turns::{Party, on_behalf_of};
pub use verdicts::{Judged, NewVerdict, Pace, Verdict};
pub use views::{NewView, SavedView};

/// Compiles one body against the connections of both databases. `$db` is for reading, `$Db` its
/// type for a body that needs to know it. The body may leave with `?`, with an error that becomes a
/// [`StoreError`]. `patience.rs` says how long it may take.
macro_rules! reading {
    ($store:expr, |$db:ident| $body:expr) => {
        $crate::reading!($store, |$db: _Db| $body)
    };
    ($store:expr, |$db:ident: $Db:ident| $body:expr) => {
        match &$store.backend {
            $crate::connect::Backend::Sqlite { readers, .. } => {
                type $Db = sqlx::Sqlite;
                let turn = $store.turns.readers.wait().await?;
                let mut lease = $crate::patience::spend(Box::pin(readers.acquire())).await?;
                let $db = &mut *lease;
                let read = $body;
                drop(turn);
                read
            }
            $crate::connect::Backend::Postgres(pool) => {
                type $Db = sqlx::Postgres;
                $crate::patience::spend(async {
                    let mut lease = $crate::patience::Lease::of(pool).await?;
                    let $db = &mut lease;
                    let value = $body;
                    Ok::<_, $crate::StoreError>(value)
                })
                .await?
            }
        }
    };
}

/// Compiles one body into a write transaction on either database. The body may leave with `?`: the
/// transaction is rolled back then. Its value is returned after the commit. `patience.rs` says how
/// long it may take.
///
/// SQLite begins `IMMEDIATE`: a deferred transaction that reads before it writes is refused with
/// «database is locked» at once, whatever the busy timeout.
macro_rules! writing {
    ($store:expr, |$tx:ident| $body:expr) => {
        match &$store.backend {
            $crate::connect::Backend::Sqlite { writer, .. } => {
                let _turn = $store.turns.writer.wait().await?;
                let mut lease = $crate::patience::spend(Box::pin(writer.acquire())).await?;
                let mut $tx = sqlx::Connection::begin_with(&mut *lease, "BEGIN IMMEDIATE").await?;
                let value = $body;
                $tx.commit().await?;
                value
            }
            $crate::connect::Backend::Postgres(pool) => {
                $crate::patience::spend(async {
                    let mut lease = $crate::patience::Lease::of(pool).await?;
                    lease.begin().await?;
                    let $tx = &mut lease;
                    let outcome = async {
                        let value = $body;
                        Ok::<_, $crate::StoreError>(value)
                    }
                    .await;
                    lease.end(outcome).await
                })
                .await?
            }
        }
    };
}

/// Runs one statement with its values in a transaction of its own; how many rows it changed.
macro_rules! execute {
    ($store:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::writing!($store, |tx| {
            sqlx::query($sql)$(.bind($value))*.execute(&mut *tx).await?.rows_affected()
        })
    };
}

pub(crate) use {execute, reading, writing};

/// A database. Cheap to clone; clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Backend,
    /// Whose turn it is on SQLite.
    turns: Queues,
    ledger: Arc<Ledger>,
    sessions: Arc<HeldSessions>,
    /// Filled when the leases of the last run have been released.
    recovered: Arc<OnceCell<u64>>,
    /// Keeps other processes from analysing contacts of the same SQLite file.
    alone: Arc<Alone>,
}

/// Who waits for SQLite's writer, and who for its readers.
#[derive(Debug, Clone)]
struct Queues {
    writer: Arc<TurnQueue>,
    readers: Arc<TurnQueue>,
}

/// Opening and keeping the database.
impl Store {
    fn on(backend: Backend) -> Self {
        let turns = Queues { writer: TurnQueue::new(1), readers: TurnQueue::new(connect::READERS) };
        Self {
            backend,
            turns,
            ledger: Arc::new(Ledger::new()),
            sessions: Arc::default(),
            recovered: Arc::default(),
            alone: Arc::default(),
        }
    }

    /// Opens `sqlite://path`, `sqlite::memory:` or `postgres://…` and checks that it is fit to use:
    /// SQLite of at least 3.51.3, and a schema that this program knows. Does not migrate;
    /// [`Store::bind_key`] checks the pseudonym key.
    ///
    /// # Errors
    /// [`StoreError`] with a sentence that says what to do.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let store = Self::on(connect::open(url).await?);
        connect::patiently(|| store.refuse_newer_schema()).await?;
        Ok(store)
    }

    /// Brings the schema up to date; does nothing when it is. Returns the versions that were
    /// applied. Each migration is one transaction: whenever the process dies, it is there whole or
    /// not at all.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] when a later release has written here.
    pub async fn migrate(&self) -> Result<Vec<i64>, StoreError> {
        connect::patiently(|| self.migrate_now()).await
    }

    async fn migrate_now(&self) -> Result<Vec<i64>, StoreError> {
        loop {
            self.refuse_newer_schema().await?;
            let before = self.schema_version().await?;
            let Err(cause) = connect::migrate(&self.backend).await else {
                let known = connect::SQLITE_MIGRATIONS.iter().map(|migration| migration.version);
                return Ok(known.filter(|version| before.is_none_or(|before| *version > before)).collect());
            };
            // Another program may have been quicker, with this migration and not yet with the next.
            let now = self.schema_version().await?;
            if !connect::is_race(&cause) || now == before {
                return Err(cause.into());
            }
            if now == Some(connect::latest_migration()) {
                return Ok(Vec::new());
            }
        }
    }

    /// The version of the schema; `None` before the first migration.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn schema_version(&self) -> Result<Option<i64>, StoreError> {
        let found: Result<Option<i64>, sqlx::Error> =
            reading!(self, |db| sqlx::query_scalar(sql::SCHEMA_VERSION).fetch_one(db).await);
        match found.map_err(StoreError::from) {
            Err(StoreError::NotMigrated) => Ok(None),
            other => other,
        }
    }

    async fn refuse_newer_schema(&self) -> Result<(), StoreError> {
        let known = connect::latest_migration();
        match self.schema_version().await? {
            Some(found) if found > known => Err(StoreError::NewerSchema { found, known }),
            _ => Ok(()),
        }
    }

    /// Writes and reads one row, for the readiness check.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn probe(&self, now: UtcMillis) -> Result<(), StoreError> {
        let _: i64 = writing!(self, |tx| {
            sqlx::query_scalar(sql::PROBE).bind(now.as_millis()).fetch_one(&mut *tx).await?
        });
        Ok(())
    }

    /// Forgets sessions, idempotency keys and claims that have ended; how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn purge_expired(&self, now: UtcMillis) -> Result<u64, StoreError> {
        let sessions = execute!(self, sql_accounts::PURGE_SESSIONS, now.as_millis());
        let keys = execute!(self, sql::PURGE_KEYS, now.as_millis());
        let claims = execute!(self, sql_assignments::PURGE_CLAIMS, now.as_millis());
        Ok(sessions + keys + claims)
    }

    /// Closes every connection, after a last attempt to write what is held of the audit log, and
    /// lets other processes at the file.
    pub async fn close(&self) {
        self.write_what_is_held().await;
        match &self.backend {
            Backend::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Backend::Postgres(pool) => pool.close().await,
        }
        self.alone.end();
    }
}
