//! The composition root: the only place that knows every layer.
//!
//! [`App::build`] opens what is needed and starts what runs by itself; [`App::run_until_stopped`]
//! waits for a signal and takes it down in order: readiness → listener → running requests → workers
//! → database.

mod audit_watch;
mod database;
mod deliveries;
mod error;
mod listen;
mod monitoring;
mod sources;
mod stop;
mod upkeep;
mod workers;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use tokio::sync::{Notify, OwnedMutexGuard};
use tokio::task::JoinHandle;

use crate::deliver::Reach;
use crate::desk::{Desk, DriftReference};
use crate::domain::Engine;
use crate::events::Observer;
use crate::http::{self, Exposure, Limits, Parts, ServiceRole, ServiceState};
use crate::metrics::Metrics;
use crate::score::{self, ModelError, ReferenceSpread};
use crate::secrets;
use crate::settings::Settings;
use crate::sources::SourceDoor;
use crate::staff::{Measured, Reliability};
use crate::statistics::drift::ReadingSpread;
use crate::store::Store;

use database::open_to_serve;
pub use database::{Database, open_database};
use deliveries::Deliveries;
pub use error::AppError;
pub use listen::listen;
use monitoring::Monitoring;
use sources::RunningSources;
pub use stop::Stop;
use upkeep::Upkeep;
pub use upkeep::{appeal_terms, periods, review_terms};
pub use workers::{Workers, start_lane};

/// Longest time from the first signal to the end of the process: what orchestrators grant by
/// default.
const STOP_WITHIN: Duration = Duration::from_secs(30);

/// A service that runs.
pub struct App {
    address: SocketAddr,
    set_up_token: Option<String>,
    store: Store,
    state: ServiceState,
    workers: Workers,
    sources: RunningSources,
    /// Where the data is looked after.
    house: Option<House>,
    server: Server,
    handle: ServerHandle,
    monitoring: Option<Monitoring>,
}

/// What looks after the data: in one process that does everything, or in those of the console.
struct House {
    audit_watch: JoinHandle<()>,
    upkeep: Upkeep,
    deliveries: Deliveries,
}

impl House {
    fn start(settings: &Settings, state: &ServiceState, observer: Arc<dyn Observer>) -> Self {
        let store = &state.store;
        let reach = Reach { private_addresses: settings.hooks.private_addresses };
        Self {
            audit_watch: audit_watch::start(state.desk.clone(), observer),
            upkeep: Upkeep::start(store.clone(), periods(settings), review_terms(settings)),
            deliveries: Deliveries::start(store.clone(), state.desk.clone(), reach),
        }
    }

    async fn stop(self) {
        self.audit_watch.abort();
        self.upkeep.stop().await;
        self.deliveries.stop().await;
    }
}

/// What has been measured of the model in use.
fn reliability(engine: &Engine) -> Option<Reliability> {
    let measured = |[value, error]: [f64; 2]| Measured { value, error };
    let known = score::valence_reliability(&engine.model)?;
    Some(Reliability { customer: measured(known.customer), agent: measured(known.agent) })
}

/// How the model in use read where it was measured.
fn reference(engine: &Engine) -> Option<DriftReference> {
    let spread = |known: ReferenceSpread| ReadingSpread {
        edges: known.edges,
        counts: known.counts,
        worth: known.worth,
    };
    let known = score::reading_reference(&engine.model)?;
    Some(DriftReference { spoken: spread(known.spoken), written: spread(known.written) })
}

impl App {
    /// Opens the database, loads the model, starts workers and server on `listener`. A damaged
    /// model is no reason to turn contacts away: the service takes them and answers «not ready».
    ///
    /// # Errors
    /// [`AppError`] with a sentence that says what to do.
    pub async fn build(settings: &Settings, listener: TcpListener) -> Result<Self, AppError> {
        let address = listener.local_addr()?;
        let Database { store, redactor } = open_to_serve(settings).await?;
        redactor.warm_up();
        store.check_statements().await?;
        store.hold_audit_entries(settings.limits.held_audit_entries);
        let metrics = Arc::new(Metrics::new()?);
        let mut monitoring = Monitoring::start(settings, &store, &metrics)?;
        let wake = Arc::new(Notify::new());
        let observer: Arc<dyn Observer> = metrics.clone();
        let workers = match start_workers(settings, &store, &observer, &wake).await {
            Err(AppError::Model(damaged @ ModelError::Damaged { .. })) => {
                // Contacts that are not taken now may never be sent again; analyses can be made
                // later.
                tracing::error!(%damaged, "not ready: contacts are taken and wait; repair the model and start again");
                if settings.role.scores() {
                    Workers::without_model(settings, &store, Arc::clone(&observer), Arc::clone(&wake))?
                } else {
                    Workers::elsewhere(settings)
                }
            }
            started => started?,
        };
        let door = SourceDoor {
            store: store.clone(),
            redactor: redactor.clone(),
            observer: Arc::clone(&observer),
            wake: Arc::clone(&wake),
            oldest_unscored_seconds: limits(settings).oldest_unscored_seconds,
        };
        let parts = Parts {
            store: store.clone(),
            redactor,
            reliability: reliability(workers.lane().engine()),
            reference: reference(workers.lane().engine()),
            lane: workers.lane(),
            observer: Arc::clone(&observer),
            metrics,
            wake,
        };
        let role = settings.role;
        let mut state = http::service_state(role, parts, limits(settings), exposure(settings));
        if let Some(monitoring) = &mut monitoring {
            monitoring.look(&state.desk, &state.metrics);
        }
        state.periods = periods(settings);
        state.appeal_terms = appeal_terms(settings);
        state.review_terms = review_terms(settings);
        let server = http::serve(state.clone(), listener, settings.analysis_threads())?;
        let handle = server.handle();
        let set_up_token = if role.keeps_house() { offer_set_up(&store).await? } else { None };
        let house = role.keeps_house().then(|| House::start(settings, &state, observer));
        let sources =
            if role.takes_in() { RunningSources::start(settings, &door)? } else { RunningSources::none() };
        Ok(Self { address, set_up_token, store, state, workers, sources, house, server, handle, monitoring })
    }

    /// Where it listens, with the port that was taken.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base of its links. An address that means «every interface» leads nowhere, so links name
    /// the loopback interface then.
    #[must_use]
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("http://{address}")
    }

    /// Where the metrics are served alone; `None` when they are not.
    #[must_use]
    pub fn metrics_url(&self) -> Option<String> {
        self.monitoring.as_ref().map(|monitoring| format!("http://{}/metrics", monitoring.address()))
    }

    /// The one-time link under which the first account is created; `None` once there is an account.
    /// The token is kept nowhere but in this answer.
    #[must_use]
    pub fn set_up_link(&self) -> Option<String> {
        self.set_up_token.as_ref().map(|token| format!("{}/setup/{token}", self.url()))
    }

    /// Whether it analyses contacts. It does not when the files of its model are damaged.
    #[must_use]
    pub fn analyses(&self) -> bool {
        self.state.lane.is_alive()
    }

    /// Shows the page about what is planted in the demo.
    pub fn serve_demo(&self) {
        self.state.serve_demo();
    }

    /// Keeps the upkeep from opening cases and making tasks of care until the answer is dropped: whoever writes down what
    /// was done in the weeks before does that first.
    ///
    /// `None` in a process that looks after no data.
    pub async fn hold_owing(&self) -> Option<OwnedMutexGuard<()>> {
        let owing = Arc::clone(&self.house.as_ref()?.upkeep.owing);
        Some(owing.lock_owned().await)
    }

    /// What decides between its database and its faces.
    #[must_use]
    pub const fn desk(&self) -> &Desk {
        &self.state.desk
    }

    /// Its database.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Serves until the first signal, then ends in order within 30 seconds. A second signal ends
    /// the waiting: what is unfinished then is finished by the next start. `stop` should be made
    /// before the service is built, so that no signal finds nobody listening.
    ///
    /// # Errors
    /// [`AppError::System`] when the server fails by itself.
    pub async fn run_until_stopped(self, mut stop: Stop) -> Result<(), AppError> {
        let Self { store, state, workers, sources, house, mut server, handle, monitoring, .. } = self;
        let failed = tokio::select! {
            ended = &mut server => Some(ended),
            signal = stop.next() => {
                tracing::info!(signal, "stopping");
                None
            }
        };
        let running = failed.is_none();
        let orderly = async {
            state.stop_accepting();
            if running {
                // The server must be polled while it stops: dropping it would abandon requests in
                // progress.
                tokio::join!(handle.stop(true), async { drop(server.await) });
            }
            sources.stop().await;
            workers.stop().await;
            if let Some(house) = house {
                house.stop().await;
            }
            // Last, so that the end can be watched.
            if let Some(monitoring) = monitoring {
                monitoring.stop().await;
            }
        };
        tokio::select! {
            () = orderly => tracing::info!("stopped in order"),
            () = tokio::time::sleep(STOP_WITHIN) => tracing::warn!("stopped before everything was finished"),
            _ = stop.next() => tracing::warn!("stopped at once by a second signal"),
        }
        // Closing waits for connections in use; after a hurried stop nobody may ever give them
        // back.
        drop(tokio::time::timeout(Duration::from_secs(2), store.close()).await);
        failed.unwrap_or(Ok(())).map_err(AppError::System)
    }
}

/// What analyses in a process of that role. A damaged model of an intake is nobody's concern there.
async fn start_workers(
    settings: &Settings,
    store: &Store,
    observer: &Arc<dyn Observer>,
    wake: &Arc<Notify>,
) -> Result<Workers, AppError> {
    let observer = Arc::clone(observer);
    match settings.role {
        ServiceRole::Intake => Ok(Workers::elsewhere(settings)),
        ServiceRole::Console => Workers::at_once(settings, observer).await,
        ServiceRole::All | ServiceRole::Score => {
            Workers::start(settings, store, observer, Arc::clone(wake)).await
        }
    }
}

/// Makes a set-up token when nobody has an account, and forgets an earlier one otherwise.
async fn offer_set_up(store: &Store) -> Result<Option<String>, AppError> {
    if !store.users().await?.is_empty() {
        store.set_setup_token(None).await?;
        return Ok(None);
    }
    let token = secrets::random_token()?;
    store.set_setup_token(Some(&secrets::digest(token.as_bytes()))).await?;
    Ok(Some(token))
}

fn limits(settings: &Settings) -> Limits {
    let limits = &settings.limits;
    Limits {
        body_bytes: limits.body_bytes,
        body_timeout: Duration::from_secs(limits.body_seconds.into()),
        in_flight: limits.in_flight,
        bulk_streams: limits.bulk_streams,
        requests_per_second: limits.requests_per_second,
        request_burst: limits.request_burst,
        oldest_unscored_seconds: limits.oldest_unscored_seconds.into(),
        ..Limits::default()
    }
}

fn exposure(settings: &Settings) -> Exposure {
    Exposure {
        secure_cookies: settings.secure_cookies,
        trusted_proxies: settings.trusted_proxies.clone(),
        proxy_header: settings.proxy_header,
        session_hours: settings.session_hours,
        idle_minutes: settings.session_idle_minutes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Flags, load};

    #[test]
    fn the_defaults_of_the_settings_are_those_of_the_service() {
        let settings = load(None, [], &Flags::default()).unwrap().settings;

        assert_eq!(limits(&settings), Limits::default());
        assert_eq!(exposure(&settings), Exposure::default());
    }
}
