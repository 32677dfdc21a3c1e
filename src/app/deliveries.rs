//! Sends what happened to whoever is to hear of it, and looks for what somebody should look at.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::deliver::Reach;
use crate::desk::hooks;
use crate::desk::{Desk, DeskError};
use crate::domain::UtcMillis;
use crate::store::{Hook, Store};

/// How often it looks whether something is to be sent.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How often it looks for surges, overdue work, silent sources and readings that have moved.
const WATCH_EVERY: Duration = Duration::from_mins(1);

/// The deliveries of one process.
pub(super) struct Deliveries {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Deliveries {
    pub(super) fn start(store: Store, desk: Desk, reach: Reach) -> Self {
        let (stop, stopping) = watch::channel(false);
        Self { task: tokio::spawn(keep_telling(store, desk, reach, stopping)), stop }
    }

    /// Ends after the round that runs: what was sent is also remembered as sent.
    pub(super) async fn stop(self) {
        // Fails only when it has ended already.
        let _ = self.stop.send(true);
        if self.task.await.is_err() {
            tracing::error!("deliveries ended by a defect; they go on after the next start");
        }
    }
}

async fn keep_telling(store: Store, desk: Desk, reach: Reach, mut stop: watch::Receiver<bool>) {
    let mut watched: Option<Instant> = None;
    while !*stop.borrow() {
        if watched.is_none_or(|at| at.elapsed() >= WATCH_EVERY) {
            if let Err(failure) = hooks::watch(&desk, UtcMillis::now()).await {
                tracing::warn!(%failure, "alerts are looked for again in a minute");
            }
            watched = Some(Instant::now());
        }
        round(&store, reach).await;
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Tells every receiver what is due to it. All at once: one that does not answer keeps no other
/// waiting longer than one delivery takes.
async fn round(store: &Store, reach: Reach) {
    match store.hooks().await {
        Ok(hooks) => {
            join_all(hooks.into_iter().map(|hook| tell(store, reach, hook))).await;
        }
        Err(failure) => tracing::warn!(%failure, "receivers of events cannot be read; it is tried again"),
    }
}

async fn tell(store: &Store, reach: Reach, hook: Hook) {
    let name = hook.told.name.clone();
    let told = async {
        let Some(delivery) = hooks::due(store, hook, UtcMillis::now()).await? else { return Ok(()) };
        let failed = reach.send(&delivery, UtcMillis::now()).await.err();
        if let Some(failed) = &failed {
            tracing::warn!(receiver = %name, code = %failed, "a delivery failed; it is tried again later");
        }
        let code = failed.map(|failed| failed.to_string());
        delivery.settle(store, code.as_deref(), UtcMillis::now()).await
    };
    if let Err(failure) = told.await {
        let failure: DeskError = failure;
        tracing::warn!(receiver = %name, %failure, "a delivery is tried again later");
    }
}
