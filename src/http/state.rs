//! What every handler may use.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, OnceCell, Semaphore, watch};

use super::access::Logins;
use super::exposure::Exposure;
use super::limits::Limits;
use super::probe::Probe;
use super::role::ServiceRole;
use super::shed::Gates;
use crate::desk::retention::Periods;
use crate::desk::{AppealTerms, Desk, DriftReference, ReviewTerms};
use crate::events::{Observer, RouteName};
use crate::metrics::Metrics;
use crate::pipeline::Lane;
use crate::redact::Redactor;
use crate::staff::Reliability;
use crate::store::Store;

/// The parts that other layers own.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Takes personal data out.
    pub redactor: Redactor,
    /// What has been measured of the model in use; `None` where nothing was.
    pub reliability: Option<Reliability>,
    /// How it read where it was measured; `None` where nothing is known of it.
    pub reference: Option<DriftReference>,
    /// Analyses while the client waits.
    pub lane: Lane,
    /// Hears what happened.
    pub observer: Arc<dyn Observer>,
    /// Counts what happened; usually the same object as `observer`.
    pub metrics: Arc<Metrics>,
    /// Wakes the workers when a contact was queued.
    pub wake: Arc<Notify>,
}

/// What every handler may use, as `web::Data<ServiceState>`. Cheap to clone; clones share
/// everything.
#[derive(Clone)]
pub struct ServiceState {
    /// The database.
    pub store: Store,
    /// Takes personal data out.
    pub redactor: Redactor,
    /// What is decided about people, flags, incidents and accounts.
    pub desk: Desk,
    /// Analyses while the client waits.
    pub lane: Lane,
    /// Hears what happened.
    pub observer: Arc<dyn Observer>,
    /// Counts what happened.
    pub metrics: Arc<Metrics>,
    /// Wakes the workers when a contact was queued.
    pub wake: Arc<Notify>,
    /// What this process does.
    pub role: ServiceRole,
    /// How much is accepted.
    pub limits: Limits,
    /// How the service stands to the network.
    pub exposure: Exposure,
    /// How long what is kept.
    pub periods: Periods,
    /// How long appeals may take.
    pub appeal_terms: AppealTerms,
    /// How the work of reviewers is shared.
    pub review_terms: ReviewTerms,
    stopping: Arc<watch::Sender<bool>>,
    demo: Arc<AtomicBool>,
    pub(super) logins: Arc<Logins>,
    /// Seals the marks of browsers; read from the store at the first login.
    pub(super) device_key: Arc<OnceCell<String>>,
    pub(super) gates: Arc<Gates>,
    pub(super) probe: Arc<Probe>,
    /// At most two Argon2 runs at once: each takes 19 MiB and a core.
    pub(super) hashing: Arc<Semaphore>,
    mounted: Arc<BTreeSet<(&'static str, &'static str)>>,
}

impl ServiceState {
    /// Puts the state together. `mounted` is the path and the method of every route: the table
    /// itself names handlers, and those use the state.
    #[must_use]
    pub fn new(
        parts: Parts,
        limits: Limits,
        exposure: Exposure,
        mounted: BTreeSet<(&'static str, &'static str)>,
    ) -> Self {
        let Parts { store, redactor, reliability, reference, lane, observer, metrics, wake } = parts;
        let desk = Desk::new(store.clone(), redactor.clone(), lane.engine().clone(), reliability);
        let desk = desk.with_reference(reference);
        metrics.describe(lane.engine());
        let gates = Arc::new(Gates::new(&limits));
        metrics.expect_routes(mounted.iter().map(|(path, verb)| (RouteName(path), *verb)));
        Self {
            store,
            redactor,
            desk,
            lane,
            observer,
            metrics,
            wake,
            role: ServiceRole::All,
            limits,
            exposure,
            periods: Periods::default(),
            appeal_terms: AppealTerms::default(),
            review_terms: ReviewTerms::default(),
            stopping: Arc::default(),
            demo: Arc::default(),
            logins: Arc::default(),
            device_key: Arc::default(),
            gates,
            probe: Arc::default(),
            hashing: Arc::new(Semaphore::new(2)),
            mounted: Arc::new(mounted),
        }
    }

    /// Answers «not ready» from now on, so that a load balancer sends its requests elsewhere while
    /// the process still finishes what it has begun. Streams, which may go on for ever, come to
    /// their end.
    pub fn stop_accepting(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether [`ServiceState::stop_accepting`] was called.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Says that what is served is the planted quarter of the demo.
    pub fn serve_demo(&self) {
        self.demo.store(true, Ordering::Relaxed);
    }

    /// Whether [`ServiceState::serve_demo`] was called.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.demo.load(Ordering::Relaxed)
    }

    /// Waits until [`ServiceState::stop_accepting`] was called.
    pub(super) async fn stopped(&self) {
        // Fails when the sender is gone, and `self` holds it.
        drop(self.stopping.subscribe().wait_for(|stopping| *stopping).await);
    }

    /// Waits until that was called so long ago.
    pub(super) async fn stopped_for(&self, span: Duration) {
        self.stopped().await;
        tokio::time::sleep(span).await;
    }

    /// The route of that template and method; anything else is [`RouteName::UNMATCHED`], also a
    /// method that a known path does not have: eight methods on every path would make thousands of
    /// series.
    #[must_use]
    pub fn route_name(&self, template: Option<&str>, method: &str) -> RouteName {
        let verb = if method == "HEAD" { "GET" } else { method };
        let known = self.mounted.iter().find(|known| template == Some(known.0) && known.1 == verb);
        known.map_or(RouteName::UNMATCHED, |known| RouteName(known.0))
    }
}
