//! What the threads of a process have one copy of.

use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Things in use, by key. Reading and checking thirty megabytes for every thread would be most of
/// the start, and a copy of them for every thread most of the memory.
pub(super) struct SharedByKey<T>(Mutex<Vec<(String, Weak<T>)>>);

impl<T> SharedByKey<T> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// What is in use under the key; otherwise `read` is asked for it, while everybody else waits.
    pub(super) fn get<E>(&self, key: &str, read: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(_, weak)| weak.strong_count() > 0);
        let found = known.iter().find(|(known, _)| known == key).and_then(|(_, weak)| weak.upgrade());
        if let Some(found) = found {
            return Ok(found);
        }
        let read = Arc::new(read()?);
        known.push((key.to_owned(), Arc::downgrade(&read)));
        Ok(read)
    }
}
