//! Why the service does not start.

use std::net::SocketAddr;

use crate::metrics::MetricsError;
use crate::score::ModelError;
use crate::secrets;
use crate::segment::ListError;
use crate::settings::{KeyError, TokenError};
use crate::sources::SourceError;
use crate::store::StoreError;

/// Why the service does not start, or stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The pseudonym key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The token of the metrics cannot be used.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The model cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A source of contacts cannot be used.
    #[error("cannot take contacts from {0}")]
    Source(#[from] SourceError),
    /// A word list cannot be used.
    #[error(transparent)]
    List(#[from] ListError),
    /// The metrics cannot be registered.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Entropy(#[from] secrets::NoEntropy),
    /// A thread cannot be started, or the server failed.
    #[error("the operating system refuses: {0}")]
    System(#[from] std::io::Error),
}
