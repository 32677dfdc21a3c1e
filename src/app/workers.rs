//! Analysis in the background: one worker that takes contacts from the database, several threads
//! that analyse them.

use std::sync::Arc;

use futures_util::future::try_join_all;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::error::AppError;
use crate::domain::{Analysed, Engine, RedactedContact};
use crate::events::Observer;
use crate::flag;
use crate::pipeline::{Analyzer, Lane, LaneError};
use crate::score::{self, ScoreCache, Scorer};
use crate::segment::Segmenter;
use crate::settings::Settings;
use crate::store::{Party, Store, on_behalf_of};
use crate::worker::{Analyst, Worker, WorkerOptions};

/// Contacts that one thread gets at once.
const BATCH_PER_LANE: u32 = 32;

/// Several lanes as one analyst: a batch is cut into equal parts that are analysed at the same
/// time.
///
/// Rejected: a worker for each lane. Every worker commits by itself, and on SQLite commits queue up
/// for the one writer anyway.
struct Lanes(Vec<Lane>);

impl Analyst for Lanes {
    async fn analyse(&self, mut contacts: Vec<RedactedContact>) -> Result<Vec<Analysed>, LaneError> {
        let size = contacts.len().div_ceil(self.0.len().max(1)).max(1);
        let mut parts = Vec::with_capacity(self.0.len());
        for lane in &self.0 {
            if contacts.is_empty() {
                break;
            }
            let rest = contacts.split_off(size.min(contacts.len()));
            parts.push(lane.analyse(std::mem::replace(&mut contacts, rest)));
        }
        Ok(try_join_all(parts).await?.into_iter().flatten().collect())
    }
}

/// The background work of one process.
pub struct Workers {
    /// Absent where what waits is analysed by other processes.
    worker: Option<JoinHandle<()>>,
    stop: watch::Sender<bool>,
    interactive: Lane,
}

impl Workers {
    /// Loads dictionary and model once for each thread and begins to work off the queue.
    ///
    /// # Errors
    /// [`AppError::Model`], [`AppError::List`] or [`AppError::System`].
    pub async fn start(
        settings: &Settings,
        store: &Store,
        observer: Arc<dyn Observer>,
        wake: Arc<Notify>,
    ) -> Result<Self, AppError> {
        let lanes = start_lanes(settings.analysis_threads() + 1, settings, Arc::clone(&observer)).await?;
        Self::over(lanes, store, observer, wake)
    }

    /// Only the lane for those who wait for an answer: other processes work off the queue.
    ///
    /// # Errors
    /// [`AppError::Model`], [`AppError::List`] or [`AppError::System`].
    pub async fn at_once(settings: &Settings, observer: Arc<dyn Observer>) -> Result<Self, AppError> {
        Ok(Self::idle(start_lane(settings, observer).await?))
    }

    /// Nothing is analysed here, and no model is loaded.
    #[must_use]
    pub fn elsewhere(settings: &Settings) -> Self {
        Self::idle(Lane::stopped(engine_without_model(settings)))
    }

    fn idle(interactive: Lane) -> Self {
        Self { worker: None, stop: watch::channel(false).0, interactive }
    }

    /// Workers that analyse nothing, because the model cannot be used: what comes in is kept and
    /// waits.
    ///
    /// # Errors
    /// [`AppError::System`].
    pub fn without_model(
        settings: &Settings,
        store: &Store,
        observer: Arc<dyn Observer>,
        wake: Arc<Notify>,
    ) -> Result<Self, AppError> {
        let lane = Lane::stopped(engine_without_model(settings));
        Self::over(vec![lane.clone(), lane], store, observer, wake)
    }

    fn over(
        mut lanes: Vec<Lane>,
        store: &Store,
        observer: Arc<dyn Observer>,
        wake: Arc<Notify>,
    ) -> Result<Self, AppError> {
        // Whoever waits for an answer has a lane of his own: behind the queue he would wait for
        // everybody.
        let Some(interactive) = lanes.pop() else {
            return Err(AppError::System(std::io::Error::other("no analysis thread")));
        };
        let batch = u32::try_from(lanes.len()).unwrap_or(1).max(1).saturating_mul(BATCH_PER_LANE);
        let options = WorkerOptions { batch, wake, ..WorkerOptions::default() };
        let worker = Worker::new(store.clone(), Lanes(lanes), observer, options);
        let (stop, stopping) = watch::channel(false);
        let work = on_behalf_of(Party::scoring(), worker.run(stopping));
        Ok(Self { worker: Some(tokio::spawn(work)), stop, interactive })
    }

    /// The lane for those who wait for an answer.
    #[must_use]
    pub fn lane(&self) -> Lane {
        self.interactive.clone()
    }

    /// Finishes what is in hand and ends.
    pub async fn stop(self) {
        // Fails only when the worker has ended already.
        let _ = self.stop.send(true);
        if let Some(worker) = self.worker
            && worker.await.is_err()
        {
            tracing::error!("the worker ended by a defect; its contacts are analysed after the next start");
        }
    }
}

fn engine_without_model(settings: &Settings) -> Engine {
    Engine {
        model: settings.model.clone(),
        model_sha256: String::new(),
        lexicon_version: String::new(),
        rules_version: flag::RULES_VERSION.to_owned(),
    }
}

/// One analysis thread with the model of the settings.
///
/// # Errors
/// [`AppError::Model`], [`AppError::List`] or [`AppError::System`].
pub async fn start_lane(settings: &Settings, observer: Arc<dyn Observer>) -> Result<Lane, AppError> {
    let lanes = start_lanes(1, settings, observer).await?;
    lanes.into_iter().next().ok_or_else(|| AppError::System(std::io::Error::other("no analysis thread")))
}

/// Reading word lists and a model takes a second of one core: not on the event loop's threads.
async fn start_lanes(
    count: usize,
    settings: &Settings,
    observer: Arc<dyn Observer>,
) -> Result<Vec<Lane>, AppError> {
    let settings = settings.clone();
    tokio::task::spawn_blocking(move || load_lanes(count, &settings, &observer))
        .await
        .map_err(|_| std::io::Error::other("the model could not be loaded"))?
}

fn load_lanes(
    count: usize,
    settings: &Settings,
    observer: &Arc<dyn Observer>,
) -> Result<Vec<Lane>, AppError> {
    let (segmenter, cache) = (Segmenter::new()?, ScoreCache::default());
    (0..count)
        .map(|_| {
            let scorer = Scorer::new(score::load_on(&settings.model, settings.engine)?, cache.clone());
            let analyzer = Analyzer::new(segmenter.clone(), scorer, Arc::clone(observer));
            // The thread ends with its last handle; nobody needs to join it.
            let (lane, _) = Lane::start(analyzer, settings.lane_queue)?;
            Ok(lane)
        })
        .collect()
}
