//! Whether the audit log is still as it was written, asked again and again.

use std::sync::{PoisonError, RwLock};

use tingxin_store::{AuditCheck, AuditMark, Store, StoreError};
use tingxin_text::domain::UtcMillis;
use tokio::sync::Mutex;

/// How often every entry is read again. In between only new ones are: a log of years must not cost
/// its whole length every hour, and an old entry that somebody changes while the service runs is
/// found within this time.
const WHOLE_EVERY_MILLIS: i64 = 24 * 3_600_000;

/// What the last check of the audit log found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditStanding {
    /// What it found.
    pub check: AuditCheck,
    /// When.
    pub at: UtcMillis,
}

impl AuditStanding {
    /// The first entry that is not as it was written.
    #[must_use]
    pub const fn broken(&self) -> Option<i64> {
        match self.check {
            AuditCheck::Intact { .. } => None,
            AuditCheck::Broken { seq } => Some(seq),
        }
    }
}

/// How far the log has been checked, and with what result.
#[derive(Default)]
pub(crate) struct AuditWatch {
    progress: Mutex<CheckProgress>,
    standing: RwLock<Option<AuditStanding>>,
}

#[derive(Default)]
struct CheckProgress {
    mark: AuditMark,
    /// When everything was read last; `None` asks for it.
    whole_at: Option<UtcMillis>,
}

impl AuditWatch {
    /// Checks the log: all of it the first time, once a day and after a break was found, else what
    /// has been written since the last check.
    pub(crate) async fn check(&self, store: &Store, now: UtcMillis) -> Result<AuditStanding, StoreError> {
        let mut progress = self.progress.lock().await;
        let since = progress.whole_at.map(|at| now.as_millis().saturating_sub(at.as_millis()));
        if since.is_none_or(|millis| millis >= WHOLE_EVERY_MILLIS) {
            *progress = CheckProgress { mark: AuditMark::default(), whole_at: None };
        }
        let check = store.verify_audit_after(&mut progress.mark).await?;
        progress.whole_at = match check {
            AuditCheck::Intact { .. } => Some(progress.whole_at.unwrap_or(now)),
            AuditCheck::Broken { .. } => None,
        };
        let standing = AuditStanding { check, at: now };
        *self.standing.write().unwrap_or_else(PoisonError::into_inner) = Some(standing);
        Ok(standing)
    }

    /// What the last check found; `None` before the first.
    pub(crate) fn standing(&self) -> Option<AuditStanding> {
        *self.standing.read().unwrap_or_else(PoisonError::into_inner)
    }
}
