//! Entries of the audit log as callers hand them in, and the task that writes them;
//! [`Ledger`](super::ledger) holds them meanwhile.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::audit::append;
use super::ledger::{Answer, AuditHeld, EntryGroup, GROUP, Writing};
use super::turns::{Party, on_behalf_of};
use super::{NewAudit, Store, StoreError, writing};

/// Pause before a full disk is tried again.
const RETRY_EVERY: Duration = Duration::from_millis(500);

/// How many times as long as its last transaction the log leaves the writer to others, when there
/// are any: a thirteenth of it is the log's at most.
const LEAVE_TO_OTHERS: u32 = 12;

/// Longest such pause. Only callers who read all the time wait as long.
const LONGEST_PAUSE: Duration = Duration::from_millis(60);

impl Store {
    /// Sets how many entries of the audit log may wait in memory while the disk is full. With 0, as
    /// it is at first, nothing is read without an entry on the disk.
    pub fn hold_audit_entries(&self, most: usize) {
        self.ledger.most.store(most, Ordering::Relaxed);
    }

    /// How many entries of the audit log wait in memory for room on the disk.
    #[must_use]
    pub fn audit_held(&self) -> AuditHeld {
        self.ledger.state()
    }

    /// Appends to the audit log, chained by SHA-256 to the entry before. Returns when the entry is
    /// durable, or held in memory because the disk is full.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Full`] when no more may be held either.
    pub async fn audit(&self, entry: &NewAudit) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        {
            let mut desk = self.ledger.lock();
            if !desk.held.is_empty() {
                let most = self.ledger.most.load(Ordering::Relaxed);
                return desk.hold(entry.clone(), most);
            }
            desk.waiting.push_back((entry.clone(), answer));
            if !desk.callers.count(&entry.actor.name, Instant::now()) {
                self.ledger.ring.notify_one();
            }
            if !std::mem::replace(&mut desk.writing, true) {
                let work = on_behalf_of(Party::house("audit"), self.clone().write_out());
                drop(self.ledger.runtime.spawn(work));
            }
        }
        answered.await.unwrap_or(Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed)))
    }

    /// Writes group after group until nothing is left.
    async fn write_out(self) {
        let mut writing = Writing(Some(&self.ledger));
        let mut last: Option<(Duration, u64)> = None;
        while let Some(group) = self.ledger.next() {
            if let Some((took, turns)) = last.filter(|_| matches!(group, EntryGroup::Waiting(..))) {
                self.leave_to_others(took, turns).await;
            }
            let begun = Instant::now();
            match group {
                EntryGroup::Waiting(entries, answers) => self.write_waiting(entries, answers).await,
                EntryGroup::Held => match self.write_held().await {
                    Ok(()) => {}
                    Err(StoreError::Unavailable(sqlx::Error::PoolClosed)) => return,
                    // Whatever it is: these were answered, so they are kept until they are written.
                    Err(_) => tokio::time::sleep(RETRY_EVERY).await,
                },
            }
            last = Some((begun.elapsed(), self.turns.writer.given()));
        }
        // Another task may write already.
        writing.0 = None;
        if let Err(failure) = self.write_sessions().await {
            tracing::warn!(%failure, "sessions stay in memory for now");
        }
    }

    /// Waits a while if anybody else has written since the last group: readers who ask without a
    /// pause must not take every second turn. Whoever asks now and then ends the pause.
    async fn leave_to_others(&self, took: Duration, turns: u64) {
        if self.turns.writer.given() > turns {
            let pause = (took * LEAVE_TO_OTHERS).min(LONGEST_PAUSE);
            let _ = tokio::time::timeout(pause, self.ledger.ring.notified()).await;
        }
    }

    async fn write_waiting(&self, entries: Vec<NewAudit>, answers: Vec<Answer>) {
        match self.append_all(&entries).await {
            Ok(()) => answers.into_iter().for_each(|answer| drop(answer.send(Ok(())))),
            Err(StoreError::Full) => {
                tracing::error!("the disk is full: entries of the audit log are held in memory");
                self.ledger.hold_all(entries, answers);
            }
            Err(failure) => answers.into_iter().for_each(|answer| drop(answer.send(Err(same(&failure))))),
        }
    }

    /// Writes the oldest of what is held.
    async fn write_held(&self) -> Result<(), StoreError> {
        let _pen = self.ledger.pen.lock().await;
        let entries: Vec<NewAudit> = self.ledger.lock().held.iter().take(GROUP).cloned().collect();
        self.append_all(&entries).await?;
        let mut desk = self.ledger.lock();
        desk.held.drain(..entries.len());
        if desk.held.is_empty() {
            tracing::info!("the entries of the audit log that were held in memory are on the disk");
        }
        Ok(())
    }

    async fn append_all(&self, entries: &[NewAudit]) -> Result<(), StoreError> {
        writing!(self, |tx| {
            for entry in entries {
                append!(tx, entry);
            }
        });
        Ok(())
    }

    /// The last attempt before the database is closed.
    pub(super) async fn write_what_is_held(&self) {
        loop {
            let entries = self.audit_held().entries;
            if entries == 0 {
                return;
            }
            if let Err(failure) = self.write_held().await {
                tracing::error!(%failure, entries, "entries of the audit log are lost");
                return;
            }
        }
    }
}

/// The failure of a group for each of those who waited for it.
fn same(failure: &StoreError) -> StoreError {
    let told = |cause: &sqlx::Error| sqlx::Error::Protocol(cause.to_string());
    match failure {
        StoreError::Full => StoreError::Full,
        StoreError::NotMigrated => StoreError::NotMigrated,
        StoreError::Unavailable(cause) => StoreError::Unavailable(told(cause)),
        StoreError::Query(cause) => StoreError::Query(told(cause)),
        other => StoreError::Query(sqlx::Error::Protocol(other.to_string())),
    }
}
