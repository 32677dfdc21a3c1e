//! One process analyses the contacts of a SQLite file.
//!
//! SQLite itself lets several write in turn. But whoever starts takes the leases of the last run for those of the dead
//! (`queue.rs`), and two services on one file would take each other for dead. The system lets go of the lock when the process
//! ends, however it ends. A file beside the database is locked and not the database: SQLite's own locks end with any handle of
//! the process on that file. PostgreSQL needs none, leases there end by themselves.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::connect::Backend;
use super::{Store, StoreError};

/// What the name of the lock adds to that of the database, like SQLite's own `-wal` and `-shm`.
const ENDING: &str = "-lock";

/// The lock, while it is held.
#[derive(Debug, Default)]
pub(super) struct Alone(Mutex<Option<File>>);

impl Alone {
    pub(super) fn end(&self) {
        // Closing the file lets go of the lock.
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl Store {
    /// Keeps every other process from analysing contacts of this database, until the store is closed or the process ends.
    /// Does nothing on PostgreSQL, in memory, and the second time.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process was first, [`StoreError::Lock`] when nothing can be locked there.
    pub fn keep_others_out(&self) -> Result<(), StoreError> {
        let Backend::Sqlite { writer, .. } = &self.backend else { return Ok(()) };
        let options = writer.connect_options();
        let file = options.get_filename();
        // In memory there is no such file.
        let Ok(file) = file.canonicalize() else { return Ok(()) };
        let mut held = self.alone.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_none() {
            *held = Some(lock(&file)?);
        }
        Ok(())
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
