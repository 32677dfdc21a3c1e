//! How the service stands to the network.

use std::net::IpAddr;

use serde::Deserialize;

/// How the service stands to the network around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// Browsers reach the service by HTTPS: cookies are `Secure` and carry the `__Host-` prefix.
    pub secure_cookies: bool,
    /// Addresses of the proxies whose header about the client's address is believed. Nobody else's
    /// is.
    pub trusted_proxies: Vec<IpAddr>,
    /// The header in which they name it.
    pub proxy_header: ProxyHeader,
    /// Life of a session in hours. There is no renewal, so a stolen cookie dies with it.
    pub session_hours: u32,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
}

/// The header in which proxies say who asked them. A closed set of two: every proxy writes one of
/// them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, what nearly every proxy writes.
    #[default]
    XForwardedFor,
    /// `Forwarded` of RFC 7239.
    Forwarded,
}

impl ProxyHeader {
    /// Its name, as in a request and in the settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }
}

impl Default for Exposure {
    /// Plain HTTP without a proxy; a session lasts one long shift.
    fn default() -> Self {
        Self {
            secure_cookies: false,
            trusted_proxies: Vec::new(),
            proxy_header: ProxyHeader::XForwardedFor,
            session_hours: 12,
            idle_minutes: 30,
        }
    }
}
