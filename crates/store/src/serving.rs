//! Who serves a database: on SQLite one process a file.

use super::connect::Backend;
use super::{Store, StoreError};

impl Store {
    /// Keeps every other process from analysing contacts of this database, until the store is
    /// closed or the process ends. Does nothing on PostgreSQL, in memory, and the second time.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process was first, [`StoreError::Lock`] when nothing can
    /// be locked there.
    pub fn keep_others_out(&self) -> Result<(), StoreError> {
        let Backend::Sqlite { writer, .. } = &self.backend else { return Ok(()) };
        let options = writer.connect_options();
        let file = options.get_filename();
        // In memory there is no such file.
        let Ok(file) = file.canonicalize() else { return Ok(()) };
        self.alone.hold(&file)
    }
}
