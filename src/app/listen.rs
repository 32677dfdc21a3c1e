//! Addresses to listen on.

use std::net::{SocketAddr, TcpListener};

use super::error::AppError;

/// Takes the address. Port 0 takes a free one.
///
/// # Errors
/// [`AppError::Listen`].
pub fn listen(address: SocketAddr) -> Result<TcpListener, AppError> {
    TcpListener::bind(address).map_err(|cause| AppError::Listen { address, cause })
}
