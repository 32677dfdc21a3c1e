//! From a contact's bytes to a durable row, the same way for one contact and for a stream of them.

use crate::domain::{Channel, ContactRef, Intake, Refusal, UtcMillis};
use crate::events::{Event, IngestOutcome};
use crate::ingest;
use crate::redact::Redactor;
use crate::store::IngestReceipt;

use super::error::{ApiError, Problem};
use super::state::ServiceState;

/// A contact that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) id: ContactRef,
    pub(super) outcome: IngestOutcome,
}

/// Reads and redacts one contact. Costs milliseconds for a long one: keep it off the event loop.
pub(super) fn read(redactor: &Redactor, json: &[u8]) -> Result<Intake, Refusal> {
    ingest::parse_contact(json).map(|contact| redactor.redact(contact))
}

/// Stores contacts in one transaction and tells what became of each. Wakes the workers.
pub(super) async fn keep(
    state: &ServiceState,
    intakes: &[Intake],
) -> Result<Vec<Result<Kept, ApiError>>, ApiError> {
    let receipts = state.store.ingest(intakes, UtcMillis::now()).await?;
    let outcomes: Vec<_> = receipts.into_iter().map(outcome).collect();
    for (intake, outcome) in intakes.iter().zip(&outcomes) {
        let noted = outcome.as_ref().map_or(IngestOutcome::Conflict, |kept| kept.outcome);
        note(state, Some(intake.contact.header.channel), noted);
    }
    let work = |kept: &Kept| matches!(kept.outcome, IngestOutcome::Queued | IngestOutcome::Updated);
    if outcomes.iter().flatten().any(work) {
        state.wake.notify_one();
    }
    Ok(outcomes)
}

/// Counts one contact.
pub(super) fn note(state: &ServiceState, channel: Option<Channel>, outcome: IngestOutcome) {
    state.observer.note(Event::Ingested { channel, outcome });
}

fn outcome(receipt: IngestReceipt) -> Result<Kept, ApiError> {
    let (id, outcome) = match receipt {
        IngestReceipt::Queued(id) => (id, IngestOutcome::Queued),
        IngestReceipt::Updated(id) => (id, IngestOutcome::Updated),
        IngestReceipt::Unchanged(id) => (id, IngestOutcome::Unchanged),
        IngestReceipt::Conflict(id) => {
            let detail =
                format!("{id} has this revision with other content: send the correction as a new one");
            return Err(ApiError::new(Problem::ContactConflict, detail).at("/revision"));
        }
        IngestReceipt::Stale { id, current } => {
            let detail = format!("{id} is at revision {current} already");
            return Err(ApiError::new(Problem::StaleRevision, detail).at("/revision"));
        }
    };
    Ok(Kept { id, outcome })
}

/// Turns ingest away while scoring is too far behind: more contacts would only wait longer.
pub(super) async fn check_backlog(state: &ServiceState) -> Result<(), ApiError> {
    let oldest = state.gates.oldest_unscored(&state.store).await;
    if oldest > state.limits.oldest_unscored_seconds {
        let detail = "contacts wait too long for their analysis already; nothing was stored";
        return Err(ApiError::new(Problem::Overloaded, detail).retry_after(state.gates.spread(15)));
    }
    Ok(())
}
