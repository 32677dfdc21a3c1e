//! One thread that owns an analyzer, behind a bounded queue.
//!
//! A model is a large mutable thing that wants one core; a web server is many small tasks. The lane
//! is where they meet: a full queue is an answer («busy»), never an unbounded wait.

use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::Analyzer;
use tingxin_text::domain::{Analysed, Engine, RedactedContact, RuleThresholds};

struct Job {
    contacts: Vec<RedactedContact>,
    answer: oneshot::Sender<Result<Vec<Analysed>, LaneError>>,
}

/// Why the lane gave no analyses.
#[derive(Debug, thiserror::Error)]
pub enum LaneError {
    /// The queue is full; the same call may succeed in a moment.
    #[error("the analysis queue is full")]
    Busy,
    /// The thread has ended.
    #[error("the analysis thread has stopped")]
    Stopped,
    /// The model failed, or a stage panicked on this batch.
    #[error("analysis failed: {0}")]
    Failed(String),
}

/// A handle to the thread; clones share it. The thread ends when the last handle is dropped.
#[derive(Clone)]
pub struct Lane {
    jobs: SyncSender<Job>,
    engine: Arc<Engine>,
    bars: Arc<RwLock<RuleThresholds>>,
}

impl Lane {
    /// Starts the thread. At most `queue` batches wait.
    ///
    /// # Errors
    /// The operating system's, when no thread can be started.
    pub fn start(analyzer: Analyzer, queue: usize) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (jobs, waiting) = sync_channel::<Job>(queue);
        let engine = Arc::new(analyzer.engine().clone());
        let bars = Arc::<RwLock<RuleThresholds>>::default();
        let in_force = Arc::clone(&bars);
        let thread = std::thread::Builder::new().name("tingxin-lane".to_owned()).spawn(move || {
            let mut analyzer = analyzer;
            while let Ok(Job { contacts, answer }) = waiting.recv() {
                // Nobody waits any more: the work would be for nothing.
                if answer.is_closed() {
                    continue;
                }
                analyzer.judge_by(in_force.read().unwrap_or_else(PoisonError::into_inner).clone());
                // The receiver may leave at any time; that is its business.
                let _ = answer.send(guarded(&mut analyzer, contacts));
            }
        })?;
        Ok((Self { jobs, engine, bars }, thread))
    }

    /// A lane whose thread has ended already, for a service whose model cannot be used: contacts
    /// are kept, and nobody gets an analysis.
    #[must_use]
    pub fn stopped(engine: Engine) -> Self {
        let (jobs, _) = sync_channel(0);
        Self { jobs, engine: Arc::new(engine), bars: Arc::default() }
    }

    /// What produces the analyses.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Raises flags by these thresholds from the next batch on, whichever handle sends it.
    pub fn judge_by(&self, bars: RuleThresholds) {
        *self.bars.write().unwrap_or_else(PoisonError::into_inner) = bars;
    }

    /// Whether the thread runs. Asks with an empty job that nobody waits for.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        let (answer, _) = oneshot::channel();
        let asked = self.jobs.try_send(Job { contacts: Vec::new(), answer });
        !matches!(asked, Err(TrySendError::Disconnected(_)))
    }

    /// Analyses a batch; the answer has the same length and order.
    ///
    /// # Errors
    /// [`LaneError::Busy`] at once when the queue is full, the others when the batch cannot be
    /// analysed.
    ///
    /// # Cancel safety
    /// Dropping the future takes the batch out of the queue before it is begun.
    pub async fn analyse(&self, contacts: Vec<RedactedContact>) -> Result<Vec<Analysed>, LaneError> {
        let (answer, result) = oneshot::channel();
        self.jobs.try_send(Job { contacts, answer }).map_err(|refused| match refused {
            TrySendError::Full(_) => LaneError::Busy,
            TrySendError::Disconnected(_) => LaneError::Stopped,
        })?;
        result.await.map_err(|_| LaneError::Stopped)?
    }
}

/// A contact on which a stage panics must not take the thread with it: the worker counts the
/// attempt and quarantines it in the end. The analyzer holds no invariant that a panic could break:
/// its only state is a cache whose entries are written whole.
fn guarded(analyzer: &mut Analyzer, contacts: Vec<RedactedContact>) -> Result<Vec<Analysed>, LaneError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| analyzer.analyse(contacts)))
        .map_err(|_| LaneError::Failed("a stage panicked".to_owned()))?
        .map_err(|cause| LaneError::Failed(cause.to_string()))
}
