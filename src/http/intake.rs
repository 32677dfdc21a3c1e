//! From a contact's bytes to a durable row, the same way for one contact and for a stream of them.

use tracing::Instrument as _;

use crate::desk::intake as door;
use crate::domain::{Channel, ContactRef, Intake, Refusal, TeamId};
use crate::events::{Event, IngestOutcome};
use crate::ingest;
use crate::redact::Redactor;
use crate::store::{ContactFilter, IngestReceipt};

use super::error::{ApiError, Problem};
use super::state::ServiceState;

/// A contact that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeptContact {
    pub(super) id: ContactRef,
    pub(super) outcome: IngestOutcome,
}

/// Reads and redacts one contact. Costs milliseconds for a long one: keep it off the event loop.
pub(super) fn read(redactor: &Redactor, json: &[u8]) -> Result<Intake, Refusal> {
    ingest::parse_contact(json).map(|contact| redactor.redact(contact))
}

/// The same for a line of a stream, whose answer has the number of the line already.
pub(super) fn read_line(redactor: &Redactor, json: &[u8]) -> Result<Intake, Refusal> {
    ingest::parse_line(json).map(|contact| redactor.redact(contact))
}

/// Stores contacts in one transaction and tells what became of each. Wakes the workers. A caller
/// who is limited to the team `own` reaches that team's contacts only.
pub(super) async fn keep(
    state: &ServiceState,
    own: Option<&TeamId>,
    intakes: &[Intake],
) -> Result<Vec<Result<KeptContact, ApiError>>, ApiError> {
    let stored = door::take_in(&state.store, own, intakes);
    let receipts = stored.instrument(tracing::info_span!("store", contacts = intakes.len())).await?;
    let outcomes: Vec<_> = receipts.into_iter().map(outcome).collect();
    for (intake, outcome) in intakes.iter().zip(&outcomes) {
        let (channel, noted) = match outcome {
            Ok(kept) => (Some(intake.contact.header.channel), kept.outcome),
            Err(error) if error.problem() == Problem::OtherTeam => (None, IngestOutcome::Refused),
            Err(_) => (Some(intake.contact.header.channel), IngestOutcome::Conflict),
        };
        note(state, channel, noted);
    }
    let work = |kept: &KeptContact| matches!(kept.outcome, IngestOutcome::Queued | IngestOutcome::Updated);
    if outcomes.iter().flatten().any(work) {
        state.wake.notify_one();
    }
    Ok(outcomes)
}

/// Counts one contact.
pub(super) fn note(state: &ServiceState, channel: Option<Channel>, outcome: IngestOutcome) {
    state.observer.note(Event::Ingested { channel, outcome });
}

fn outcome(receipt: IngestReceipt) -> Result<KeptContact, ApiError> {
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
        IngestReceipt::SentForOtherTeam => {
            let detail = "this key is limited to a team: `staff.team` must name that team";
            return Err(ApiError::new(Problem::OtherTeam, detail).at("/staff/team"));
        }
        IngestReceipt::HeldByOtherTeam => return Err(held_by_other_team()),
    };
    Ok(KeptContact { id, outcome })
}

fn held_by_other_team() -> ApiError {
    let detail = "a contact of this source and id is there and not of this key's team; nothing was changed";
    ApiError::new(Problem::OtherTeam, detail)
}

/// The contact that an answer to be repeated is about. Refused when it is not, or no longer, of the
/// caller's team, or not there any more.
pub(super) async fn repeatable(
    state: &ServiceState,
    own: Option<&TeamId>,
    json: &[u8],
) -> Result<ContactRef, ApiError> {
    // Only an accepted contact has an answer to repeat, so that this reads what was read before.
    let header = ingest::parse_contact(json)?.header;
    let filter = ContactFilter {
        source: Some(header.source),
        contact_id: Some(header.contact_id),
        team: own.cloned(),
        ..ContactFilter::default()
    };
    let found = state.store.contacts(&filter, None, 1).await?;
    let gone = || if own.is_some() { held_by_other_team() } else { ApiError::not_found() };
    found.items.first().map(|contact| contact.id).ok_or_else(gone)
}

/// Turns ingest away while scoring is too far behind: more contacts would only wait longer. Not
/// while there is no scoring at all: it ends when the model is repaired, and until then contacts
/// are kept.
pub(super) async fn check_backlog(state: &ServiceState) -> Result<(), ApiError> {
    if state.role.scores() && !state.lane.is_alive() {
        return Ok(());
    }
    let oldest = state.gates.oldest_unscored(&state.store).await;
    if oldest > state.limits.oldest_unscored_seconds {
        let detail = "contacts wait too long for their analysis already; nothing was stored";
        return Err(ApiError::new(Problem::Overloaded, detail).retry_after(state.gates.spread(15)));
    }
    Ok(())
}
