//! One process analyses the contacts of a SQLite file.
//!
//! SQLite itself lets several write in turn. But whoever starts takes the leases of the last run
//! for those of the dead (`queue.rs`), and two services on one file would take each other for dead.
//! The system lets go of the lock when the process ends, however it ends. A file beside the
//! database is locked and not the database: SQLite's own locks end with any handle of the process
//! on that file. PostgreSQL needs none, leases there end by themselves.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::StoreError;

/// What the name of the lock adds to that of the database, like SQLite's own `-wal` and `-shm`.
const ENDING: &str = "-lock";

/// The lock, while it is held.
#[derive(Debug, Default)]
pub(super) struct Alone(Mutex<Option<File>>);

impl Alone {
    /// Locks beside that file, unless it is locked by this process already.
    pub(super) fn hold(&self, file: &Path) -> Result<(), StoreError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_none() {
            *held = Some(lock(file)?);
        }
        Ok(())
    }

    pub(super) fn end(&self) {
        // Closing the file lets go of the lock.
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

fn lock(database: &Path) -> Result<File, StoreError> {
    let mut name = database.as_os_str().to_owned();
    name.push(ENDING);
    let failed = |cause: io::Error| StoreError::Lock { file: PathBuf::from(&name), cause };
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&name).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(database.to_owned())),
        Err(TryLockError::Error(cause)) => Err(failed(cause)),
    }
}
