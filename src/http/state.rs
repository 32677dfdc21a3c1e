//! What every handler may use.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, watch};

use super::access::Logins;
use super::health::Probe;
use super::routes;
use super::shed::Gates;
use crate::desk::Desk;
use crate::events::{Observer, RouteName};
use crate::metrics::Metrics;
use crate::pipeline::Lane;
use crate::redact::Redactor;
use crate::staff::Reliability;
use crate::store::Store;

/// How much one process accepts before it turns requests away.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Largest body of one request, and largest line of a bulk stream, in bytes.
    pub body_bytes: usize,
    /// Longest wait for the next part of a body, and for the whole body of a single contact.
    pub body_timeout: Duration,
    /// Requests in progress, health and metrics not counted. More are answered 503.
    pub in_flight: usize,
    /// Bulk streams in progress. More are answered 503.
    pub bulk_streams: usize,
    /// Requests per second of one API key or account, on average. More are answered 429.
    pub requests_per_second: NonZeroU32,
    /// Requests that one API key or account may make at once after a pause.
    pub request_burst: NonZeroU32,
    /// Ingest is turned away while the oldest unscored contact is older than this, in seconds.
    pub oldest_unscored_seconds: f64,
}

impl Default for Limits {
    /// **Source** of the figures: body size and time-out from the fault model (2 MiB, 10 s); 256 requests
    /// at 10 ms each are what two cores finish in about a second; 200 requests per second of one key are
    /// three times the busiest hour of a province's hotline; ten minutes is the age at which the alert
    /// `TingxinScoringBehind` fires.
    fn default() -> Self {
        Self {
            body_bytes: 2 * 1024 * 1024,
            body_timeout: Duration::from_secs(10),
            in_flight: 256,
            bulk_streams: 8,
            requests_per_second: NonZeroU32::MIN.saturating_add(199),
            request_burst: NonZeroU32::MIN.saturating_add(399),
            oldest_unscored_seconds: 600.0,
        }
    }
}

/// How the service stands to the network around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// Browsers reach the service by HTTPS: cookies are `Secure` and carry the `__Host-` prefix.
    pub secure_cookies: bool,
    /// Addresses of the proxies whose `X-Forwarded-For` is believed. Nobody else's is.
    pub trusted_proxies: Vec<IpAddr>,
    /// Life of a session in hours. There is no renewal, so a stolen cookie dies with it.
    pub session_hours: u32,
}

impl Default for Exposure {
    /// Plain HTTP without a proxy; a session lasts one long shift.
    fn default() -> Self {
        Self { secure_cookies: false, trusted_proxies: Vec::new(), session_hours: 12 }
    }
}

/// The parts that other layers own.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Takes personal data out.
    pub redactor: Redactor,
    /// What has been measured of the model in use; `None` where nothing was.
    pub reliability: Option<Reliability>,
    /// Analyses while the client waits.
    pub lane: Lane,
    /// Hears what happened.
    pub observer: Arc<dyn Observer>,
    /// Counts what happened; usually the same object as `observer`.
    pub metrics: Arc<Metrics>,
    /// Wakes the workers when a contact was queued.
    pub wake: Arc<Notify>,
}

/// What every handler may use, as `web::Data<ServiceState>`. Cheap to clone; clones share everything.
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
    /// How much is accepted.
    pub limits: Limits,
    /// How the service stands to the network.
    pub exposure: Exposure,
    stopping: Arc<watch::Sender<bool>>,
    pub(super) logins: Arc<Logins>,
    pub(super) gates: Arc<Gates>,
    pub(super) probe: Arc<Probe>,
    /// At most two Argon2 runs at once: each takes 19 MiB and a core.
    pub(super) hashing: Arc<Semaphore>,
    mounted: Arc<BTreeSet<(&'static str, &'static str)>>,
}

impl ServiceState {
    /// Puts the state together.
    #[must_use]
    pub fn new(parts: Parts, limits: Limits, exposure: Exposure) -> Self {
        let Parts { store, redactor, reliability, lane, observer, metrics, wake } = parts;
        let desk = Desk::new(store.clone(), redactor.clone(), lane.engine().clone(), reliability);
        metrics.describe(lane.engine());
        let gates = Arc::new(Gates::new(&limits));
        let table = routes::table();
        metrics.expect_routes(table.iter().map(|entry| (RouteName(entry.path), entry.verb.as_str())));
        let mounted = Arc::new(table.iter().map(|entry| (entry.path, entry.verb.as_str())).collect());
        Self {
            store,
            redactor,
            desk,
            lane,
            observer,
            metrics,
            wake,
            limits,
            exposure,
            stopping: Arc::default(),
            logins: Arc::default(),
            gates,
            probe: Arc::default(),
            hashing: Arc::new(Semaphore::new(2)),
            mounted,
        }
    }

    /// Answers «not ready» from now on, so that a load balancer sends its requests elsewhere while the
    /// process still finishes what it has begun. Streams, which may go on for ever, come to their end.
    pub fn stop_accepting(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether [`ServiceState::stop_accepting`] was called.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
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

    /// The route of that template and method; anything else is [`RouteName::UNMATCHED`], also a method
    /// that a known path does not have: eight methods on every path would make thousands of series.
    #[must_use]
    pub fn route_name(&self, template: Option<&str>, method: &str) -> RouteName {
        let verb = if method == "HEAD" { "GET" } else { method };
        let known = self.mounted.iter().find(|known| template == Some(known.0) && known.1 == verb);
        known.map_or(RouteName::UNMATCHED, |known| RouteName(known.0))
    }
}
