//! Whether the database takes a row.

use std::time::{Duration, Instant};

use crate::domain::UtcMillis;
use crate::store::{Party, Store, StoreError, on_behalf_of};

/// How long the result of a write probe is believed. Probes of a dozen load balancers cost one
/// write.
const PROBE_FRESH: Duration = Duration::from_secs(2);

/// Longest wait for the write probe.
const PROBE_PATIENCE: Duration = Duration::from_secs(2);

/// What became of a write probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writable {
    Yes,
    /// The disk is full: what is there can be read.
    Full,
    No,
}

/// The last write probe.
#[derive(Debug, Default)]
pub(super) struct Probe {
    last: tokio::sync::Mutex<Option<(Instant, Writable)>>,
}

impl Probe {
    /// Whether a row could be written lately.
    pub(super) async fn writable(&self, store: &Store) -> Writable {
        // One request probes, the others wait for its result.
        let mut last = self.last.lock().await;
        if let Some((_, fine)) = last.filter(|(at, _)| at.elapsed() < PROBE_FRESH) {
            return fine;
        }
        let probe = on_behalf_of(Party::house("probe"), store.probe(UtcMillis::now()));
        let probe = tokio::time::timeout(PROBE_PATIENCE, probe).await;
        let fine = match probe {
            Ok(Ok(())) => Writable::Yes,
            Ok(Err(StoreError::Full)) => {
                tracing::warn!("the disk of the database is full: reading goes on, nothing is taken in");
                Writable::Full
            }
            Ok(Err(failure)) => {
                tracing::warn!(%failure, "not ready: the write probe failed");
                Writable::No
            }
            Err(_) => {
                tracing::warn!("not ready: the write probe took too long");
                Writable::No
            }
        };
        *last = Some((Instant::now(), fine));
        fine
    }
}
