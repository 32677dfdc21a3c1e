//! Brings waiting contacts and the analysis together: claim → analyse → complete.
//!
//! A worker holds no state that matters. Whatever it was doing when it died is leased, and the
//! lease ends by itself; see `store/queue.rs`.

mod reading;

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};
use tracing::Instrument as _;

use crate::desk::{RolledUp, roll_up};
use crate::domain::{Analysed, RedactedContact, RuleThresholds, UtcMillis};
use crate::events::{Event, Observer, Stage};
use crate::pipeline::{Lane, LaneError};
use crate::store::{Ask, Claim, FailOutcome, Store, StoreError, SumKind, Ticket};

use reading::note_reading;

/// Code of an attempt that the analysis could not finish.
const FAILED: &str = "analysis_failed";

/// Code of an attempt whose result the database refuses.
const NOT_STORABLE: &str = "analysis_not_storable";

/// How often ended sessions and idempotency keys are cleared away.
const PURGE_EVERY: Duration = Duration::from_mins(10);

/// How often weekly sums are brought up to date. A figure of a quarter may be a minute old.
const ROLL_UP_EVERY: Duration = Duration::from_secs(30);

/// The same for the sums of people, which take a millisecond each: whoever reads figures computes
/// none, and waits for these.
const ROLL_UP_PEOPLE_EVERY: Duration = Duration::from_secs(5);

/// Weekly sums brought up to date at once; each takes some milliseconds, that of a large queue some
/// tens.
const ROLL_UP: u32 = 100;

/// The same while nothing else is to do: few, so that a contact that comes in waits for none of the
/// rest.
const ROLL_UP_IDLE: u32 = 20;

/// Pause before a busy analyst is asked again: shorter than any batch takes.
const BUSY_PAUSE: Duration = Duration::from_millis(5);

/// Text of one batch: 128 contacts of a quarter of an hour. What is analysed takes some fifty times
/// the memory of its text.
const BATCH_BYTES: u32 = 1024 * 1024;

/// Whatever turns contacts into analyses: the lane of the pipeline, or a stand-in of a test.
pub trait Analyst: Send + Sync {
    /// Analyses a batch; the answer has the same length and order.
    fn analyse(
        &self,
        contacts: Vec<RedactedContact>,
    ) -> impl Future<Output = Result<Vec<Analysed>, LaneError>> + Send;

    /// Is told by which thresholds flags are raised from now on.
    fn judge_by(&self, _bars: RuleThresholds) {}
}

impl Analyst for Lane {
    fn analyse(
        &self,
        contacts: Vec<RedactedContact>,
    ) -> impl Future<Output = Result<Vec<Analysed>, LaneError>> + Send {
        Lane::analyse(self, contacts)
    }

    fn judge_by(&self, bars: RuleThresholds) {
        Lane::judge_by(self, bars);
    }
}

/// How a worker works.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// Contacts claimed at once, at least 1. More make a commit cheaper and a poisonous contact
    /// dearer.
    pub batch: u32,
    /// Bytes of stored text claimed at once; a longer contact is claimed alone. It bounds the
    /// memory of an analysis.
    pub batch_bytes: u32,
    /// How long a claim is held. Must be far longer than a batch takes: a lease that ends too early
    /// has the work done twice, though never stored twice.
    pub lease: Duration,
    /// Pause between two looks at an empty queue. Covers what nobody rings for: contacts that
    /// another process took in, second attempts, leases that ran out.
    pub idle: Duration,
    /// How long a batch may go on after the signal to stop, before its leases are given back.
    pub grace: Duration,
    /// Rings when a contact came in, so that it need not wait for the next look. Whoever ingests
    /// shares it and calls `notify_one`.
    pub wake: Arc<Notify>,
}

impl Default for WorkerOptions {
    fn default() -> Self {
        Self {
            batch: 32,
            batch_bytes: BATCH_BYTES,
            lease: Duration::from_mins(2),
            idle: Duration::from_millis(500),
            grace: Duration::from_secs(20),
            wake: Arc::new(Notify::new()),
        }
    }
}

/// Works off the queue of one store with one analyst. Several may run side by side, in one process
/// or in many.
pub struct Worker<A = Lane> {
    store: Store,
    analyst: A,
    observer: Arc<dyn Observer>,
    options: WorkerOptions,
    /// Claims that the database would not take back, because its disk was full or nobody answered.
    owed: Mutex<Vec<Ticket>>,
    begun: Instant,
}

/// What became of an attempt.
enum AttemptOutcome {
    /// Every analysis is stored, or its ticket was overtaken.
    Done,
    /// Some contact of the batch is to blame; the code says for what.
    Blamed(&'static str),
    /// The analyst is busy or gone, which is no contact's fault.
    Unavailable,
}

impl<A: Analyst> Worker<A> {
    /// Puts a worker together. It does nothing until it is run.
    pub fn new(store: Store, analyst: A, observer: Arc<dyn Observer>, options: WorkerOptions) -> Self {
        Self { store, analyst, observer, options, owed: Mutex::default(), begun: Instant::now() }
    }

    /// Claims one batch and works it off. Returns how many contacts were dealt with, analysed or
    /// not; 0 when nothing waits or the analyst is unavailable.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not play along. Leases that cannot be given back then
    /// are given back by the next call.
    pub async fn run_one(&self) -> Result<usize, StoreError> {
        let (_keep, never) = watch::channel(false);
        let worked = self.work(&mut never.clone()).await;
        let returned = self.give_back_owed().await;
        worked.and_then(|count| returned.map(|()| count))
    }

    /// Works until `stop` becomes true or its sender is gone, finishes the batch in hand if that
    /// takes no longer than the grace, gives back what it still holds, and returns.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        if let Err(error) = self.store.recover().await {
            warn(&error, "leases of the last run stay until they end");
        }
        self.observer.note(Event::WorkWentOn);
        let mut purged: Option<Instant> = None;
        let (mut rolled_up, mut people_rolled_up, mut behind) = (Instant::now(), Instant::now(), true);
        while !stopped(&stop) {
            if purged.is_none_or(|at| at.elapsed() >= PURGE_EVERY) {
                self.purge().await;
                purged = Some(Instant::now());
            }
            if rolled_up.elapsed() >= ROLL_UP_EVERY {
                behind = self.roll_up(None, ROLL_UP).await;
                rolled_up = Instant::now();
            } else if people_rolled_up.elapsed() >= ROLL_UP_PEOPLE_EVERY {
                behind |= self.roll_up(Some(SumKind::Staff), ROLL_UP).await;
                people_rolled_up = Instant::now();
            }
            match self.work(&mut stop).await {
                // After an import thousands of sums wait: with nothing else to do there is no
                // reason to pause between them.
                Ok(0) if behind => behind = self.roll_up(None, ROLL_UP_IDLE).await,
                Ok(0) => self.rest(&mut stop).await,
                Ok(_) => {}
                Err(error) => {
                    warn(&error, "the worker cannot reach its queue");
                    self.rest(&mut stop).await;
                }
            }
        }
        if let Err(error) = self.give_back_owed().await {
            warn(&error, "leases of this run stay until they end");
        }
    }

    async fn rest(&self, stop: &mut watch::Receiver<bool>) {
        tokio::select! {
            () = tokio::time::sleep(self.options.idle) => {}
            () = self.options.wake.notified() => {}
            () = signalled(stop) => {}
        }
    }

    async fn purge(&self) {
        if let Err(error) = self.store.purge_expired(UtcMillis::now()).await {
            warn(&error, "ended sessions and keys stay for now");
        }
    }

    /// Whether there may be more to do.
    async fn roll_up(&self, kind: Option<SumKind>, limit: u32) -> bool {
        match roll_up(&self.store, kind, limit).await {
            Ok(RolledUp { looked_at, done }) => {
                done > 0 && looked_at == usize::try_from(limit).unwrap_or(usize::MAX)
            }
            Err(error) => {
                warn(&error, "weekly sums stay as they are for now");
                false
            }
        }
    }

    /// Leases that could not be given back, because the database did not answer or had no room, go
    /// back first: nobody shall wait for their end.
    async fn work(&self, stop: &mut watch::Receiver<bool>) -> Result<usize, StoreError> {
        self.give_back_owed().await?;
        let lease = i64::try_from(self.options.lease.as_millis()).unwrap_or(i64::MAX);
        let ask = Ask {
            limit: self.options.batch.max(1),
            bytes: self.options.batch_bytes.into(),
            lived_millis: i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX),
        };
        let claims = self.store.claim(ask, lease, UtcMillis::now()).await?;
        if claims.is_empty() {
            self.observer.note(Event::WorkWentOn);
            return Ok(0);
        }
        let tickets: Vec<Ticket> = claims.iter().map(|claim| claim.ticket).collect();
        let count = claims.len();
        let worked = tokio::select! {
            // A batch that is finished is never thrown away because the signal came at the same
            // time.
            biased;
            worked = self.work_off(claims).instrument(tracing::info_span!("batch", contacts = count)) => worked,
            () = grace_over(stop, self.options.grace) => Ok(false),
        };
        if let Ok(true) = worked {
            return Ok(count);
        }
        // No contact is to blame, so none may come nearer to quarantine. Tickets of contacts that
        // were completed meanwhile are spent: giving them back does nothing.
        self.owed.lock().unwrap_or_else(PoisonError::into_inner).extend(tickets);
        if matches!(worked, Err(StoreError::Unavailable(_))) {
            // Who was just silent for seconds is not asked at once again.
            return worked.map(|_| 0);
        }
        let returned = self.give_back_owed().await;
        worked.and(returned.map(|()| 0))
    }

    /// Gives back what the database would not take back before: nobody waits for the end of a lease
    /// once there is room again.
    async fn give_back_owed(&self) -> Result<(), StoreError> {
        let owed = self.owed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !owed.is_empty() {
            self.store.give_back(&owed).await?;
            self.owed.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        Ok(())
    }

    /// Deals with every claim. `false` when the analyst was unavailable before all were dealt with.
    async fn work_off(&self, claims: Vec<Claim>) -> Result<bool, StoreError> {
        match self.attempt(&claims).await? {
            AttemptOutcome::Done => return Ok(true),
            AttemptOutcome::Unavailable => return Ok(false),
            AttemptOutcome::Blamed(code) => {
                if let [alone] = &claims[..] {
                    self.fail(alone.ticket, code).await?;
                    return Ok(true);
                }
            }
        }
        // One of them is to blame: alone, each shows whether it is the one.
        for claim in claims {
            match self.attempt(std::slice::from_ref(&claim)).await? {
                AttemptOutcome::Done => {}
                AttemptOutcome::Unavailable => return Ok(false),
                AttemptOutcome::Blamed(code) => self.fail(claim.ticket, code).await?,
            }
        }
        Ok(true)
    }

    /// Analyses and stores these claims, all or none.
    async fn attempt(&self, claims: &[Claim]) -> Result<AttemptOutcome, StoreError> {
        self.analyst.judge_by(self.store.rule_thresholds(UtcMillis::now()).await?);
        let turns: usize = claims.iter().map(|claim| claim.contact.body.len()).sum();
        let span = tracing::info_span!("score", contacts = claims.len(), turns);
        match self.ask(claims).instrument(span).await {
            Ok(analyses) if analyses.len() == claims.len() => self.complete(claims, analyses).await,
            Ok(analyses) => {
                let (sent, came) = (claims.len(), analyses.len());
                tracing::error!(sent, came, "the analysis lost or invented contacts");
                Ok(AttemptOutcome::Blamed(FAILED))
            }
            Err(LaneError::Busy | LaneError::Stopped) => Ok(AttemptOutcome::Unavailable),
            // The cause is not logged: a panic message may repeat a text of the contact.
            Err(LaneError::Failed(_)) => Ok(AttemptOutcome::Blamed(FAILED)),
        }
    }

    async fn ask(&self, claims: &[Claim]) -> Result<Vec<Analysed>, LaneError> {
        let start = Instant::now();
        loop {
            let contacts = claims.iter().map(|claim| claim.contact.clone()).collect();
            match self.analyst.analyse(contacts).await {
                // Requests that wait for their answer share the analyst. Resting like on an empty
                // queue would let them push the backlog aside for good.
                Err(LaneError::Busy) if start.elapsed() < self.options.lease / 4 => {
                    tokio::time::sleep(BUSY_PAUSE).await;
                }
                answer => return answer,
            }
        }
    }

    async fn complete(
        &self,
        claims: &[Claim],
        analyses: Vec<Analysed>,
    ) -> Result<AttemptOutcome, StoreError> {
        let done: Vec<(Ticket, Analysed)> = claims.iter().map(|claim| claim.ticket).zip(analyses).collect();
        let (start, now) = (Instant::now(), UtcMillis::now());
        let span = tracing::info_span!("store", contacts = done.len());
        let stored = match self.store.complete(&done, now).instrument(span).await {
            Ok(stored) => stored,
            // The database works and refuses this very result; it would refuse it for ever.
            Err(error @ (StoreError::Query(_) | StoreError::Corrupt { .. })) => {
                warn(&error, "an analysis cannot be stored");
                return Ok(AttemptOutcome::Blamed(NOT_STORABLE));
            }
            Err(error) => return Err(error),
        };
        self.observer.note(Event::StageDone { stage: Stage::Store, seconds: start.elapsed().as_secs_f64() });
        for ((claim, (_, analysed)), stored) in claims.iter().zip(&done).zip(stored) {
            if stored {
                let (header, waited) = (&claim.contact.header, now.seconds_since(claim.queued_at));
                let channel = header.channel;
                self.observer.note(Event::Analysed { channel, queue_seconds: waited.max(0.0) });
                note_reading(&*self.observer, header, analysed);
            }
        }
        self.observer.note(Event::WorkWentOn);
        Ok(AttemptOutcome::Done)
    }

    async fn fail(&self, ticket: Ticket, code: &str) -> Result<(), StoreError> {
        match self.store.fail(ticket, code, UtcMillis::now()).await? {
            FailOutcome::Retried => self.observer.note(Event::AttemptFailed),
            FailOutcome::Quarantined => {
                tracing::warn!(contact = %ticket.contact, "set aside after repeated failures");
                self.observer.note(Event::Quarantined);
            }
            FailOutcome::Overtaken => {}
        }
        self.observer.note(Event::WorkWentOn);
        Ok(())
    }
}

fn warn(error: &StoreError, consequence: &str) {
    let cause: &dyn std::error::Error = error;
    tracing::warn!(error = cause, "{consequence}");
}

fn stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

/// Ends when `stop` becomes true or its sender is gone.
async fn signalled(stop: &mut watch::Receiver<bool>) {
    // Either way there is nobody left who could want more work.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn grace_over(stop: &mut watch::Receiver<bool>, grace: Duration) {
    signalled(stop).await;
    tokio::time::sleep(grace).await;
}
