//! How the service stands to the network.

use std::net::IpAddr;

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
