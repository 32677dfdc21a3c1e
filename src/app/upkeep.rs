//! What a service does by itself for the data it keeps: periods once a day, files without what was
//! deleted, an index for contacts of earlier releases, the work of reviewers, the lot of the random
//! sample, and rules that people disagree with.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use crate::desk::retention::{self, Periods};
use crate::desk::{
    AppealTerms, Caller, DeskError, ReviewTerms, assignments, care, case_leads, rules, samples,
};
use crate::domain::UtcMillis;
use crate::settings::Settings;
use crate::store::{Expired, Store, StoreError};

/// How often it looks whether there is something to do.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// How often it looks whether analysed contacts ask for a case.
const CASES_EVERY: Duration = Duration::from_secs(5);

/// Shortest time between two rounds that write the database anew: nobody else writes meanwhile.
const SCRUB_EVERY: Duration = Duration::from_hours(1);

/// Shortest time between two looks at weeks to be drawn and at rules: a week ends once in seven days, and what people think of
/// a rule does not change within the hour.
const QUALITY_EVERY: Duration = Duration::from_hours(1);
/// Shortest time between two looks for contacts without an index. One is at every start; later ones find what another release, which
/// runs beside this one while it is replaced, has analysed.
const INDEX_EVERY: Duration = Duration::from_hours(24);

/// The periods of the settings.
#[must_use]
pub const fn periods(settings: &Settings) -> Periods {
    let crate::settings::Retention { text_days, analyses_days, sums_days, audit_days } = settings.retention;
    Periods { text_days, analyses_days, sums_days, audit_days }
}

/// How long appeals may take, of the settings.
#[must_use]
pub const fn appeal_terms(settings: &Settings) -> AppealTerms {
    let crate::settings::Appeals { window_days, answer_days } = settings.appeals;
    AppealTerms { window_days, answer_days }
}

/// How the work of reviewers is shared, of the settings.
#[must_use]
pub const fn review_terms(settings: &Settings) -> ReviewTerms {
    let crate::settings::ReviewSettings { claim_minutes, most_open } = settings.review;
    ReviewTerms { claim_minutes, most_open }
}

/// The upkeep of one process.
pub(super) struct Upkeep {
    task: JoinHandle<()>,
    cases: JoinHandle<()>,
    stop: watch::Sender<bool>,
    /// Whoever has it keeps cases and tasks of care from being made.
    pub(super) owing: Arc<Mutex<()>>,
}

impl Upkeep {
    /// Begins to look after the data.
    pub(super) fn start(store: Store, periods: Periods, terms: ReviewTerms) -> Self {
        let (stop, stopping) = watch::channel(false);
        let owing = Arc::new(Mutex::new(()));
        let cases = tokio::spawn(take_up_cases(store.clone(), Arc::clone(&owing), stopping.clone()));
        let kept = keep(store, (periods, terms), Arc::clone(&owing), stopping);
        Self { task: tokio::spawn(kept), cases, stop, owing }
    }

    /// Ends; what is half done goes on at the next start.
    pub(super) async fn stop(self) {
        // Fails only when it has ended already.
        let _ = self.stop.send(true);
        let (kept, taken_up) = tokio::join!(self.task, self.cases);
        if kept.and(taken_up).is_err() {
            tracing::error!("the upkeep of data ended by a defect; it goes on after the next start");
        }
    }
}

async fn keep(
    store: Store,
    (periods, terms): (Periods, ReviewTerms),
    owing: Arc<Mutex<()>>,
    mut stop: watch::Receiver<bool>,
) {
    let mut scrubbed: Option<Instant> = None;
    let mut looked: Option<Instant> = None;
    let mut indexed: Option<Instant> = None;
    loop {
        let round = async {
            let_go(&store, &periods).await;
            distribute(&store, terms).await;
            if let Ok(_turn) = owing.try_lock() {
                owe_care(&store).await;
            }
            if indexed.is_none_or(|at| at.elapsed() >= INDEX_EVERY) && index(&store).await {
                indexed = Some(Instant::now());
            }
            if scrubbed.is_none_or(|at| at.elapsed() >= SCRUB_EVERY) && scrub(&store).await {
                // Also after a round that failed: it would cost as much in a minute again.
                scrubbed = Some(Instant::now());
            }
            if looked.is_none_or(|at| at.elapsed() >= QUALITY_EVERY) {
                look_after_quality(&store, UtcMillis::now()).await;
                looked = Some(Instant::now());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        };
        tokio::select! {
            () = round => {}
            // Either way there is nobody left who could want more of it.
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

async fn let_go(store: &Store, periods: &Periods) {
    match retention::expire_daily(store, periods).await {
        Ok(None) => {}
        Ok(Some(Expired { texts, contacts, sums, events, audit_entries })) => {
            tracing::info!(
                texts,
                contacts,
                sums,
                events,
                audit_entries,
                "what is older than its period is gone"
            );
        }
        Err(DeskError::Store(error)) => warn(&error, "what is older than its period stays for now"),
        Err(error) => warn(&error, "what is older than its period stays for now"),
    }
}

/// Gives to reviewers what was flagged since the last look.
async fn distribute(store: &Store, terms: ReviewTerms) {
    match assignments::distribute(store, &Caller::system(), terms).await {
        Ok(0) => {}
        Ok(contacts) => tracing::info!(contacts, "contacts are given to reviewers"),
        Err(error) => warn(&error, "contacts are given to reviewers later"),
    }
}

/// Makes the tasks of care that no verdict of a person has made.
async fn owe_care(store: &Store) {
    match care::make_missing(store).await {
        Ok(0) => {}
        Ok(tasks) => tracing::info!(tasks, "somebody is owed care after abuse"),
        Err(error) => warn(&error, "tasks of care wait"),
    }
}

/// Opens the cases that analysed contacts ask for, apart from the rest: a round of that may take long.
async fn take_up_cases(store: Store, owing: Arc<Mutex<()>>, mut stop: watch::Receiver<bool>) {
    loop {
        let round = async {
            let turn = owing.lock().await;
            if let Err(error) = case_leads::take_up(&store, UtcMillis::now()).await {
                warn(&error, "some contacts that ask for a call back wait");
            }
            drop(turn);
            tokio::time::sleep(CASES_EVERY).await;
        };
        tokio::select! {
            () = round => {}
            // Either way there is nobody left who could want more of it.
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

async fn look_after_quality(store: &Store, now: UtcMillis) {
    match samples::draw_due(store, now).await {
        Ok(0) => {}
        Ok(contacts) => tracing::info!(contacts, "contacts are drawn for the random sample"),
        Err(error) => warn(&error, "the random sample is drawn later"),
    }
    // What it finds it tells in the log itself.
    if let Err(error) = rules::demote(store, now).await {
        warn(&error, "rules stay as they are for now");
    }
}

/// Whether every contact can be searched now.
async fn index(store: &Store) -> bool {
    match store.fill_index().await {
        Ok(0) => true,
        Ok(contacts) => {
            tracing::info!(contacts, "contacts of an earlier release can be searched now");
            true
        }
        Err(error) => {
            warn(&error, "some contacts cannot be searched yet");
            false
        }
    }
}

/// Whether it was tried to write the files anew.
async fn scrub(store: &Store) -> bool {
    let scrubbed = async {
        if !store.needs_scrubbing().await? {
            return Ok(false);
        }
        let begun = Instant::now();
        store.scrub().await?;
        let seconds = begun.elapsed().as_secs_f64();
        tracing::info!(seconds, "the database is written anew without what was deleted");
        Ok::<_, StoreError>(true)
    };
    scrubbed.await.unwrap_or_else(|error| {
        warn(&error, "what was deleted may still be found in the files of the database");
        true
    })
}

fn warn(error: &(dyn std::error::Error + 'static), consequence: &str) {
    tracing::warn!(error, "{consequence}");
}
