//! Weekly sums, brought up to date.

use tingxin_store::{Store, StoreError, SumKind};

/// What a round over weekly sums came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RolledUp {
    /// Sums that were out of date, at most as many as were asked for.
    pub looked_at: usize,
    /// Those that are up to date now.
    pub done: usize,
}

/// Brings at most `limit` weekly sums up to date, of one kind or of all, those of the latest weeks
/// first. One that cannot be computed stays marked; the rest of the round goes on.
///
/// # Errors
/// [`StoreError`] when the marks cannot be read.
pub async fn roll_up(store: &Store, kind: Option<SumKind>, limit: u32) -> Result<RolledUp, StoreError> {
    let stale = store.stale_sums(kind, limit).await?;
    let mut done = 0;
    for key in &stale {
        let add = match key.kind {
            SumKind::Staff => tingxin_staff::sum,
            SumKind::Queue => tingxin_staff::sum_of_queue,
        };
        match store.roll_up(key, |contacts| add(contacts).to_json()).await {
            Ok(_) => done += 1,
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, "one weekly sum stays as it is for now");
            }
        }
    }
    Ok(RolledUp { looked_at: stale.len(), done })
}
