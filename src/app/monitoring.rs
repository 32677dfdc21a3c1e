//! The listener of the metrics and whoever asks the database for it.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use tokio::task::JoinHandle;

use super::error::AppError;
use super::listen::listen;
use crate::desk::Desk;
use crate::http;
use crate::metrics::Metrics;
use crate::settings::{Settings, read_token};
use crate::store::Store;

/// The metrics on a listener of their own.
pub(super) struct Monitoring {
    address: SocketAddr,
    handle: ServerHandle,
    asking: JoinHandle<()>,
    looking: Option<JoinHandle<()>>,
}

impl Monitoring {
    /// Begins to serve where the settings say; `None` when they say nothing.
    ///
    /// # Errors
    /// [`AppError::Token`] or [`AppError::Listen`].
    pub(super) fn start(
        settings: &Settings,
        store: &Store,
        metrics: &Arc<Metrics>,
    ) -> Result<Option<Self>, AppError> {
        let Some(address) = settings.metrics_listen else { return Ok(None) };
        let file = &settings.metrics_token_file;
        let token = if file.as_os_str().is_empty() { None } else { Some(read_token(file)?) };
        let listener = listen(address)?;
        let address = listener.local_addr()?;
        let server = http::serve_metrics(Arc::clone(metrics), token.as_deref(), listener)?;
        let handle = server.handle();
        tokio::spawn(server);
        let asking = tokio::spawn(http::keep_asking(store.clone(), Arc::clone(metrics)));
        Ok(Some(Self { address, handle, asking, looking: None }))
    }

    /// Begins to look at the whole house. Only now, for it needs to know the model, which takes a while to load.
    pub(super) fn look(&mut self, desk: &Desk, metrics: &Arc<Metrics>) {
        self.looking = Some(tokio::spawn(http::keep_looking(desk.clone(), Arc::clone(metrics))));
    }

    /// Where it listens, with the port that was taken.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it. A scrape in progress is not waited for.
    pub(super) async fn stop(self) {
        self.asking.abort();
        if let Some(looking) = self.looking {
            looking.abort();
        }
        self.handle.stop(false).await;
    }
}
