//! Whether the database takes a row.

use std::time::{Duration, Instant};

use crate::domain::UtcMillis;
use crate::store::Store;

/// How long the result of a write probe is believed. Probes of a dozen load balancers cost one write.
const PROBE_FRESH: Duration = Duration::from_secs(2);

/// Longest wait for the write probe.
const PROBE_PATIENCE: Duration = Duration::from_secs(2);

/// The last write probe.
#[derive(Debug, Default)]
pub(super) struct Probe {
    last: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

impl Probe {
    /// Whether a row could be written lately.
    pub(super) async fn writable(&self, store: &Store) -> bool {
        // One request probes, the others wait for its result.
        let mut last = self.last.lock().await;
        if let Some((_, fine)) = last.filter(|(at, _)| at.elapsed() < PROBE_FRESH) {
            return fine;
        }
        let probe = tokio::time::timeout(PROBE_PATIENCE, store.probe(UtcMillis::now())).await;
        let fine = match probe {
            Ok(Ok(())) => true,
            Ok(Err(failure)) => {
                tracing::warn!(%failure, "not ready: the write probe failed");
                false
            }
            Err(_) => {
                tracing::warn!("not ready: the write probe took too long");
                false
            }
        };
        *last = Some((Instant::now(), fine));
        fine
    }
}
