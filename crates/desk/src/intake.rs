//! The one door through which contacts come in, whoever brings them: HTTP, files, folders, brokers.
//!
//! A contact is known by its source and its id. Whoever brings it twice is told so, and nothing is
//! there twice; every source may therefore begin again where it is not sure.

use tingxin_store::{IngestReceipt, Party, Store, on_behalf_of};
use tingxin_text::domain::{Intake, Refusal, TeamId, UtcMillis};

use crate::error::DeskError;

/// Stores redacted contacts in one transaction and tells what became of each. Whoever is limited to
/// the team `own` reaches that team's contacts only.
///
/// # Errors
/// [`DeskError::Store`] when nothing was stored.
pub async fn take_in(
    store: &Store,
    own: Option<&TeamId>,
    intakes: &[Intake],
) -> Result<Vec<IngestReceipt>, DeskError> {
    Ok(store.ingest_for(own, intakes, UtcMillis::now()).await?)
}

/// Seconds for which the oldest contact without an analysis has waited.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn oldest_unscored(store: &Store) -> Result<f64, DeskError> {
    Ok(on_behalf_of(Party::house("backlog"), store.queue_state(UtcMillis::now())).await?.oldest_seconds)
}

/// Why a contact was not taken; `None` when it was, or was there already.
#[must_use]
pub fn refusal(intake: &Intake, receipt: &IngestReceipt) -> Option<Refusal> {
    match receipt {
        IngestReceipt::Queued(_) | IngestReceipt::Updated(_) | IngestReceipt::Unchanged(_) => None,
        IngestReceipt::Stale { current, .. } => Some(stale(intake, *current)),
        // Only whoever is limited to a team is given the last two.
        IngestReceipt::Conflict(_) | IngestReceipt::SentForOtherTeam | IngestReceipt::HeldByOtherTeam => {
            Some(conflict(intake))
        }
    }
}

fn stale(intake: &Intake, current: u32) -> Refusal {
    let header = &intake.contact.header;
    Refusal::new(
        "stale",
        format!(
            "contact {} of {} is there in revision {current}: the older revision {} was not taken",
            header.contact_id, header.source, header.revision
        ),
    )
}

fn conflict(intake: &Intake) -> Refusal {
    let header = &intake.contact.header;
    Refusal::new(
        "conflict",
        format!(
            "contact {} of {} is there in revision {} with other content: send the correction as a newer revision",
            header.contact_id, header.source, header.revision
        ),
    )
}
