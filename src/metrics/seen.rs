//! What is known without asking anybody: who was heard last, and when. A scrape waits for nothing
//! else.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::backlog::Backlog;

/// How long an answer of the database is believed. It is asked every five seconds, so two answers
/// may be late.
const FRESH: Duration = Duration::from_secs(15);

/// Who was heard last, and when.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// The last answer of the database; gone when it did not answer since.
    backlog: Option<Backlog>,
    answered: Option<Instant>,
    work_went_on: Option<Instant>,
}

/// What of it is worth telling now.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownOfDatabase {
    /// What the database said when it was asked last. A number of a database that is silent is told
    /// to nobody: it would look like a backlog that neither grows nor shrinks.
    pub(super) backlog: Option<Backlog>,
    /// Time since the database answered last.
    pub(super) database_silent: Option<Duration>,
    /// Time since the worker was heard last.
    pub(super) worker_still: Option<Duration>,
}

impl Seen {
    pub(super) fn database(&self, answer: Option<Backlog>) {
        let mut inner = self.inner();
        if answer.is_some() {
            inner.answered = Some(Instant::now());
        }
        inner.backlog = answer;
    }

    pub(super) fn work_went_on(&self) {
        self.inner().work_went_on = Some(Instant::now());
    }

    pub(super) fn known(&self) -> KnownOfDatabase {
        let inner = self.inner();
        let since = |at: Option<Instant>| at.map(|at| at.elapsed());
        let database_silent = since(inner.answered);
        let fresh = database_silent.is_some_and(|silent| silent < FRESH);
        KnownOfDatabase {
            backlog: inner.backlog.clone().filter(|_| fresh),
            database_silent,
            worker_still: since(inner.work_went_on),
        }
    }

    /// Nobody can leave it half written.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
