//! The way of an entry into the audit log.
//!
//! * **One commit for many.** An entry for each read is a commit for each read, and SQLite has one
//!   writer. Entries that come while one group is written are the next group. Each caller waits
//!   until its own entry is durable, so that nothing is read that is not in the log.
//! * **A full disk does not end reading.** Entries that find no room on the disk are held in
//!   memory, a bounded number of them. At the bound nothing more is read. When there is room again
//!   they are written in the order in which they came, before anything that comes later.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};

use super::{NewAudit, StoreError};

/// Entries of one transaction: some milliseconds of the writer.
pub(super) const GROUP: usize = 128;

/// Entries a second from which on a caller waits until a pause of the log is over. **Source:** a
/// page is an entry, and nobody turns sixty pages a second.
const BUSY: u32 = 64;

/// How many entries wait in memory for room on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHeld {
    /// How many there are now.
    pub entries: usize,
    /// How many there may be. With so many nothing more is read.
    pub most: usize,
}

impl AuditHeld {
    /// Whether no further entry would be taken.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.entries >= self.most
    }
}

pub(super) type Answer = oneshot::Sender<Result<(), StoreError>>;

#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) desk: Mutex<WaitingEntries>,
    pub(super) most: AtomicUsize,
    /// Taken by whoever writes what is held, so that nothing is written twice.
    pub(super) pen: tokio::sync::Mutex<()>,
    /// Somebody waits who is not busy: a pause ends.
    pub(super) ring: Notify,
    /// Where groups are written: whoever asked may go away in the middle of one.
    pub(super) runtime: Handle,
}

#[derive(Debug, Default)]
pub(super) struct WaitingEntries {
    /// Entries whose callers wait.
    pub(super) waiting: VecDeque<(NewAudit, Answer)>,
    /// Entries whose callers were answered. While there are any, whatever comes goes behind them.
    pub(super) held: VecDeque<NewAudit>,
    /// Whether a task writes.
    pub(super) writing: bool,
    /// How busy each caller is.
    pub(super) callers: CallerRates,
}

/// How many entries each caller made in this second and in the one before.
#[derive(Debug, Default)]
pub(super) struct CallerRates {
    second: Option<Instant>,
    now: HashMap<String, u32>,
    before: HashMap<String, u32>,
}

impl CallerRates {
    /// Counts an entry. Whether this caller is one of the busy ones, as of now.
    pub(super) fn count(&mut self, name: &str, at: Instant) -> bool {
        let passed = self.second.map_or(Duration::MAX, |second| at.saturating_duration_since(second));
        if passed >= Duration::from_secs(1) {
            self.before = std::mem::take(&mut self.now);
            if passed >= Duration::from_secs(2) {
                self.before.clear();
            }
            self.second = Some(at);
        }
        let count = self.now.entry(name.to_owned()).or_default();
        *count += 1;
        *count > BUSY || self.before.get(name).is_some_and(|count| *count > BUSY)
    }
}

/// What is to be written next.
pub(super) enum EntryGroup {
    Waiting(Vec<NewAudit>, Vec<Answer>),
    Held,
}

/// Says that nobody writes any more, also when the runtime ends in the middle of it. Whoever still
/// waits is told so by the end of the channel.
pub(super) struct Writing<'a>(pub(super) Option<&'a Ledger>);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if let Some(broken_off) = self.0 {
            let mut desk = broken_off.lock();
            desk.writing = false;
            desk.waiting.clear();
        }
    }
}

impl Ledger {
    /// To be made where the database is opened, for there the groups are written.
    pub(super) fn new() -> Self {
        Self {
            desk: Mutex::default(),
            // A command ends before there is room again: only a service may hold anything.
            most: AtomicUsize::new(0),
            pen: tokio::sync::Mutex::default(),
            ring: Notify::new(),
            runtime: Handle::current(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, WaitingEntries> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state(&self) -> AuditHeld {
        AuditHeld { entries: self.lock().held.len(), most: self.most.load(Ordering::Relaxed) }
    }

    /// What is to be written next; `None` when nothing is, and then nobody writes.
    pub(super) fn next(&self) -> Option<EntryGroup> {
        let mut desk = self.lock();
        if !desk.held.is_empty() {
            return Some(EntryGroup::Held);
        }
        if desk.waiting.is_empty() {
            desk.writing = false;
            return None;
        }
        let count = desk.waiting.len().min(GROUP);
        let (entries, answers) = desk.waiting.drain(..count).unzip();
        Some(EntryGroup::Waiting(entries, answers))
    }

    /// Holds what found no room on the disk, and answers as if it were written, up to the bound.
    pub(super) fn hold_all(&self, entries: Vec<NewAudit>, answers: Vec<Answer>) {
        let most = self.most.load(Ordering::Relaxed);
        let mut desk = self.lock();
        // Whoever came meanwhile comes behind these.
        let later = std::mem::take(&mut desk.waiting);
        for (entry, answer) in entries.into_iter().zip(answers).chain(later) {
            // Whoever has gone away has read nothing, but may have asked for it.
            let _ = answer.send(desk.hold(entry, most));
        }
    }
}

impl WaitingEntries {
    /// Strangers, who have no role, may not use up what readers need: half of it is all they get.
    pub(super) fn hold(&mut self, entry: NewAudit, most: usize) -> Result<(), StoreError> {
        let most = if entry.actor.role.is_none() { most / 2 } else { most };
        if self.held.len() >= most {
            return Err(StoreError::Full);
        }
        self.held.push_back(entry);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_busy_from_the_first_second_of_many_entries_to_the_end_of_the_next() {
        let (mut rates, start) = (CallerRates::default(), Instant::now());
        let after = |millis| start + Duration::from_millis(millis);

        let busy: Vec<bool> = (0..180).map(|n| rates.count("key:hot", after(n * 5))).collect();

        assert_eq!(busy.iter().filter(|busy| !**busy).count(), 64);
        assert!(!rates.count("reviewer", after(950)), "others are not");
        assert!(rates.count("key:hot", after(1_100)), "a new second does not make it quiet");
        assert!(!rates.count("key:hot", after(2_200)), "one quiet second does");
    }
}
