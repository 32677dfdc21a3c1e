//! Places of which nobody gets all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A number of places, and how many of them one name may take.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    each: usize,
    taken: Mutex<HashMap<String, usize>>,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// They are all taken.
    Left,
    /// This name has its part.
    ForOneMore,
}

/// A place that is taken until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    name: String,
    _permit: OwnedSemaphorePermit,
}

impl Places {
    /// So many places. One name may take half of them: a program that works in parallel gets on,
    /// and the others do too.
    pub(super) fn new(all: usize) -> Arc<Self> {
        let taken = Mutex::default();
        Arc::new(Self { all: Arc::new(Semaphore::new(all)), each: all.div_ceil(2), taken })
    }

    /// Takes a place for `name`.
    pub(super) fn take(self: &Arc<Self>, name: &str) -> Result<Place, NoPlace> {
        let mut taken = self.lock();
        let own = taken.get(name).copied().unwrap_or_default();
        let permit = Arc::clone(&self.all).try_acquire_owned().map_err(|_| NoPlace::Left)?;
        if own >= self.each {
            return Err(NoPlace::ForOneMore);
        }
        taken.insert(name.to_owned(), own + 1);
        Ok(Place { places: Arc::clone(self), name: name.to_owned(), _permit: permit })
    }

    /// How many are free.
    pub(super) fn free(&self) -> usize {
        self.all.available_permits()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        if let Some(own) = taken.get_mut(&self.name) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_takes_half_of_the_places_and_leaves_the_rest_to_others() {
        let places = Places::new(4);
        let _held = [places.take("key:a").unwrap(), places.take("key:a").unwrap()];

        assert_eq!(places.take("key:a").unwrap_err(), NoPlace::ForOneMore);
        let _other = [places.take("key:b").unwrap(), places.take("key:c").unwrap()];
        assert_eq!(places.take("key:d").unwrap_err(), NoPlace::Left);
    }

    #[test]
    fn a_place_that_is_given_back_may_be_taken_again_and_its_name_is_forgotten() {
        let places = Places::new(2);

        drop(places.take("key:a").unwrap());

        assert_eq!(places.free(), 2);
        assert!(places.lock().is_empty());
        assert!(places.take("key:a").is_ok());
    }

    #[test]
    fn a_single_place_may_be_taken_by_anybody() {
        assert!(Places::new(1).take("key:a").is_ok());
        assert_eq!(Places::new(0).take("key:a").unwrap_err(), NoPlace::Left);
    }
}
