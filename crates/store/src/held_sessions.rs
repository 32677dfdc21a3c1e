//! Sessions that begin or end while the disk is full: people log in to read, and reading goes on.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Session, StoreError};
use tingxin_text::domain::UtcMillis;

/// Sessions held in memory at most. **Source**: set by the project; a thousand people share one
/// service.
const MOST: usize = 1_000;

/// What the database does not know yet. Lost when the process ends: people log in again.
#[derive(Debug, Default)]
pub(super) struct HeldSessions(Mutex<SessionsInMemory>);

#[derive(Debug, Default)]
struct SessionsInMemory {
    begun: HashMap<String, Session>,
    /// Digests of sessions of the database that were ended.
    ended: HashSet<String>,
    /// When sessions of the database were last used.
    seen: HashMap<String, UtcMillis>,
}

impl HeldSessions {
    fn lock(&self) -> MutexGuard<'_, SessionsInMemory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds a session that has begun.
    pub(super) fn begin(&self, session: &Session) -> Result<(), StoreError> {
        let mut held = self.lock();
        if held.begun.len() >= MOST {
            return Err(StoreError::Full);
        }
        held.begun.insert(session.token_sha256.clone(), session.clone());
        Ok(())
    }

    /// Remembers that a session of the database is over.
    pub(super) fn end(&self, token_sha256: &str) -> Result<(), StoreError> {
        let mut held = self.lock();
        if held.ended.len() >= MOST {
            return Err(StoreError::Full);
        }
        held.ended.insert(token_sha256.to_owned());
        Ok(())
    }

    /// Ends a session that the database does not know; `false` when there is none.
    pub(super) fn forget(&self, token_sha256: &str) -> bool {
        self.lock().begun.remove(token_sha256).is_some()
    }

    /// Ends those of an account.
    pub(super) fn forget_all_of(&self, user: &str) {
        self.lock().begun.retain(|_, session| session.user != user);
    }

    /// Ends those of an account but one.
    pub(super) fn forget_others_of(&self, user: &str, token_sha256: &str) {
        self.lock().begun.retain(|digest, session| session.user != user || digest == token_sha256);
    }

    /// Notes that a session which the database does not know was used; `false` when there is none.
    pub(super) fn see(&self, token_sha256: &str, now: UtcMillis) -> bool {
        let mut held = self.lock();
        let known = held.begun.get_mut(token_sha256);
        known.map(|session| session.seen_at = now).is_some()
    }

    /// Notes that a session of the database was used. Beyond [`MOST`] it ends when its time without
    /// use is over.
    pub(super) fn remember_seen(&self, token_sha256: &str, now: UtcMillis) {
        let mut held = self.lock();
        if held.seen.len() < MOST || held.seen.contains_key(token_sha256) {
            held.seen.insert(token_sha256.to_owned(), now);
        }
    }

    /// The database knows when that session was used.
    pub(super) fn seen_written(&self, token_sha256: &str) {
        self.lock().seen.remove(token_sha256);
    }

    /// When a session of the database was used while nothing could be written.
    pub(super) fn seen(&self, token_sha256: &str) -> Option<UtcMillis> {
        self.lock().seen.get(token_sha256).copied()
    }

    /// The session of that digest that has not expired.
    pub(super) fn find(&self, token_sha256: &str, now: UtcMillis) -> Option<Session> {
        self.lock().begun.get(token_sha256).filter(|session| session.expires_at > now).cloned()
    }

    /// Whether the session of that digest was ended.
    pub(super) fn is_over(&self, token_sha256: &str) -> bool {
        self.lock().ended.contains(token_sha256)
    }

    /// What is to be written: sessions that have begun, and digests of those that have ended.
    pub(super) fn all(&self) -> (Vec<Session>, Vec<String>) {
        let held = self.lock();
        (held.begun.values().cloned().collect(), held.ended.iter().cloned().collect())
    }

    /// When sessions of the database were used, as it does not know yet.
    pub(super) fn all_seen(&self) -> Vec<(String, UtcMillis)> {
        self.lock().seen.iter().map(|(digest, at)| (digest.clone(), *at)).collect()
    }

    /// The database knows that it is over.
    pub(super) fn ended(&self, token_sha256: &str) {
        self.lock().ended.remove(token_sha256);
    }
}
