//! From the bytes of parcels to durable rows, and what that costs a source to wait for.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};

use super::batches::Batches;
use super::parcel::{Fate, Turned};
use super::reading::{Contents, FoundIn, ParcelItem, bytes, findings};
use crate::desk::{DeskError, intake};
use crate::domain::Intake;
use crate::events::{Event, IngestOutcome, Observer};
use crate::ingest::ReadOptions;
use crate::redact::Redactor;
use crate::store::{IngestReceipt, Store};

/// Contacts in one transaction, as the bulk stream over HTTP has them.
const BATCH: usize = 128;

/// Batches that may wait for the database: with the bytes of a batch they bound the memory of a
/// source, whatever its parcels hold.
const WAITING: usize = 2;

/// The way in for every source of one process. Cheap to clone.
#[derive(Clone)]
pub struct SourceDoor {
    /// The database.
    pub store: Store,
    /// Takes personal data out.
    pub redactor: Redactor,
    /// Hears what came in.
    pub observer: Arc<dyn Observer>,
    /// Wakes the worker of this process, if there is one.
    pub wake: Arc<Notify>,
    /// Seconds that the oldest unscored contact may have waited before nothing more is taken in.
    pub oldest_unscored_seconds: f64,
}

impl SourceDoor {
    /// Whether scoring is too far behind to take more in, as over HTTP. A database that does not
    /// answer is no reason to wait here: storing will say so better.
    pub(super) async fn is_full(&self) -> bool {
        intake::oldest_unscored(&self.store).await.unwrap_or_default() > self.oldest_unscored_seconds
    }

    /// Takes in what is in these parcels and says what became of each. On an error of the store the
    /// parcels come again; what was stored before it is `unchanged` then.
    pub(super) async fn take(
        &self,
        contents: &[Contents],
        options: &ReadOptions,
    ) -> Result<Vec<Fate>, DeskError> {
        let (sender, mut batches) = mpsc::channel::<Vec<FoundIn>>(WAITING);
        let found = findings(contents.to_vec(), options.clone(), self.redactor.clone());
        let reading = tokio::task::spawn_blocking(move || {
            for batch in Batches::new(found, BATCH, bytes) {
                // Nobody stores any more; what is not read is not lost.
                if sender.blocking_send(batch).is_err() {
                    return;
                }
            }
        });
        let mut tallies: Vec<ParcelTally> = contents.iter().map(|_| ParcelTally::default()).collect();
        while let Some(batch) = batches.recv().await {
            self.keep(batch, &mut tallies).await?;
        }
        reading.await.map_err(|_| DeskError::Broken)?;
        let fates = tallies.into_iter().zip(contents).map(|(tally, contents)| tally.fate(&contents.name));
        Ok(fates.collect())
    }

    /// Stores one batch in one transaction.
    async fn keep(&self, batch: Vec<FoundIn>, tallies: &mut [ParcelTally]) -> Result<(), DeskError> {
        let (mut places, mut intakes) = (Vec::new(), Vec::new());
        for (at, found) in batch {
            let Some(tally) = tallies.get_mut(at) else { continue };
            match found {
                ParcelItem::Contact(intake, line) => {
                    places.push((at, line));
                    intakes.push(*intake);
                }
                ParcelItem::Refused(refusal) => {
                    tally.turned.add(refusal);
                    self.observer.note(Event::Ingested { channel: None, outcome: IngestOutcome::Refused });
                }
                ParcelItem::Gone => tally.gone = true,
            }
        }
        let receipts = intake::take_in(&self.store, None, &intakes).await?;
        for ((intake, receipt), (at, line)) in intakes.iter().zip(&receipts).zip(places) {
            if let Some(tally) = tallies.get_mut(at) {
                tally.count(intake, receipt, line);
            }
            let channel = Some(intake.contact.header.channel);
            self.observer.note(Event::Ingested { channel, outcome: outcome(receipt) });
        }
        let is_work =
            |receipt: &IngestReceipt| matches!(receipt, IngestReceipt::Queued(_) | IngestReceipt::Updated(_));
        if receipts.iter().any(is_work) {
            self.wake.notify_one();
        }
        Ok(())
    }
}

/// How long a source waits before it looks again whether there is room.
pub(super) const LOOK_AGAIN: Duration = Duration::from_secs(2);

fn outcome(receipt: &IngestReceipt) -> IngestOutcome {
    match receipt {
        IngestReceipt::Queued(_) => IngestOutcome::Queued,
        IngestReceipt::Updated(_) => IngestOutcome::Updated,
        IngestReceipt::Unchanged(_) => IngestOutcome::Unchanged,
        _ => IngestOutcome::Conflict,
    }
}

/// What was found in one parcel so far.
#[derive(Default)]
struct ParcelTally {
    turned: Turned,
    gone: bool,
}

impl ParcelTally {
    /// An older revision than the one that is there counts as taken: brokers bring messages again,
    /// and what was brought before is no fault of anybody.
    fn count(&mut self, intake: &Intake, receipt: &IngestReceipt, line: u64) {
        let stale = matches!(receipt, IngestReceipt::Stale { .. });
        match intake::refusal(intake, receipt).filter(|_| !stale) {
            None => self.turned.taken += 1,
            Some(mut refusal) => {
                refusal.line = Some(line);
                self.turned.add(refusal);
            }
        }
    }

    fn fate(self, name: &str) -> Fate {
        if self.gone { Fate::Later } else { self.turned.fate(name) }
    }
}
