//! The service: JSON API, console pages, health, metrics.
//!
//! Handlers are thin: who may (in the argument's type), what is asked, one call, what is answered.
//! The order of the gates is: credentials (401) → the caller's bucket (429) → place among the
//! requests in progress (503, and 429 for who has half of them) → permission (403) → body within
//! its size and time (413, 408) → content (422). Whoever is not known takes no place that a caller
//! could need.

pub mod access;
mod added;
mod api;
mod appeals;
mod assignments;
mod audit;
mod body;
mod bulk;
mod calibrations;
mod care;
mod case_rows;
mod case_steps;
mod cases;
mod coaching;
mod console;
mod contacts;
#[cfg(feature = "swagger-ui")]
mod docs;
mod entry;
pub mod error;
mod events;
mod exports;
mod exposure;
mod figures_view;
mod flags;
mod form_shapes;
mod forms;
mod health;
mod idempotency;
mod incidents;
mod intake;
mod limits;
mod lines;
mod middleware;
mod monitor;
pub mod openapi;
mod packed;
mod places;
mod privacy;
mod probe;
mod query;
mod reading;
mod role;
pub mod routes;
mod rows;
mod rules;
mod samples;
pub mod schemas;
mod search;
mod sending;
mod shed;
mod signals_view;
mod staff;
mod state;
mod thresholds;
mod today;
mod trainings;
mod verdicts;
mod view;
mod visitors;

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};

pub use exposure::{Exposure, ProxyHeader};
pub use limits::Limits;
pub use monitor::{keep_asking, keep_looking, serve_metrics};
pub use role::ServiceRole;
pub use state::{Parts, ServiceState};

/// Longest wait for running requests when the server stops.
pub const SHUTDOWN_SECONDS: u64 = 25;

/// What every handler of a process may use that does this part of the work, with the routes of the table as the service counts them.
#[must_use]
pub fn service_state(role: ServiceRole, parts: Parts, limits: Limits, exposure: Exposure) -> ServiceState {
    let table = routes::table_of(role);
    let mounted = table.iter().map(|entry| (entry.path, entry.verb.as_str())).collect();
    let mut state = ServiceState::new(parts, limits, exposure, mounted);
    state.role = role;
    state
}

/// Mounts the routes of a role and the handlers of actix's own errors. The state must be there as
/// app data.
pub fn configure(app: &mut web::ServiceConfig, role: ServiceRole) {
    routes::mount(app, role);
}

/// Serves on a listener that is bound already. Stops gracefully on `Server::handle().stop(true)`;
/// does not listen to signals itself, for the caller also has workers to stop.
///
/// # Errors
/// The operating system's, when the listener cannot be used.
pub fn serve(state: ServiceState, listener: TcpListener, threads: usize) -> std::io::Result<Server> {
    let role = state.role;
    let state = web::Data::new(state);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .wrap(Compress::default())
            .wrap(from_fn(middleware::watch))
            .configure(move |app| configure(app, role))
    })
    .workers(threads.max(1))
    .client_request_timeout(Duration::from_secs(5))
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}
