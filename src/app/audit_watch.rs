//! The audit log is checked when the service starts and every hour.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::desk::{AuditStanding, Desk};
use crate::domain::UtcMillis;
use crate::events::{Event, Observer};

/// Time between two checks.
const EVERY: Duration = Duration::from_hours(1);

/// Checks now and every hour until it is aborted. In the background, for contacts must not wait
/// until years of entries are read.
pub(super) fn start(desk: Desk, observer: Arc<dyn Observer>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut hourly = tokio::time::interval(EVERY);
        hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            hourly.tick().await;
            check(&desk, &*observer).await;
        }
    })
}

async fn check(desk: &Desk, observer: &dyn Observer) {
    let now = UtcMillis::now();
    let standing = match desk.check_audit(now).await {
        Ok(standing) => standing,
        Err(failure) => {
            tracing::warn!(%failure, "the audit log could not be checked; it is tried again in an hour");
            return;
        }
    };
    observer.note(Event::AuditChecked {
        intact: standing.broken().is_none(),
        at_seconds: now.as_millis() / 1000,
    });
    say(&standing);
}

fn say(standing: &AuditStanding) {
    if let Some(entry) = standing.broken() {
        tracing::error!(
            entry,
            "the audit log was changed, cut or moved at this entry; compare it with a backup"
        );
    } else {
        tracing::debug!("the audit log is as it was written");
    }
}
