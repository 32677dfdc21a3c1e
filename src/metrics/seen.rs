//! What is known without asking anybody: who was heard last, and when. A scrape waits for nothing
//! else.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::backlog::Backlog;
use super::watched::Watched;

/// How long an answer of the database is believed. It is asked every five seconds, so two answers
/// may be late.
const FRESH: Duration = Duration::from_secs(15);

/// How often somebody looks at the whole house. What is found there moves within hours.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// How long what was found is told: two looks may fail.
const LOOK_HOLDS: Duration = Duration::from_mins(3);

/// Who was heard last, and when.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// The last answer of the database; gone when it did not answer since.
    backlog: Option<Backlog>,
    answered: Option<Instant>,
    work_went_on: Option<Instant>,
    /// What was found when somebody looked last.
    watched: Option<(Watched, Instant)>,
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

    pub(super) fn looked(&self, watched: Watched) {
        self.inner().watched = Some((watched, Instant::now()));
    }

    pub(super) fn look_is_due(&self) -> bool {
        self.inner().watched.as_ref().is_none_or(|(_, at)| at.elapsed() >= LOOK_EVERY)
    }

    pub(super) fn watched(&self) -> Option<Watched> {
        let inner = self.inner();
        let fresh = inner.watched.as_ref().filter(|(_, at)| at.elapsed() < LOOK_HOLDS);
        fresh.map(|(watched, _)| watched.clone())
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
