//! Deliveries to other systems: bodies, signatures, and a way out that leads to no private place.
//!
//! Every address is resolved first and looked at: a receiver inside the network of the service, or
//! the service itself, is refused unless the settings allow it. The connection goes to the very
//! address that was looked at, redirections are not followed, and no proxy of the environment is
//! used, so that none of the three leads elsewhere.

mod body;
mod private;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::Url;
use reqwest::redirect::Policy;

use crate::desk::hooks::Delivery;
use crate::domain::{HookForm, UtcMillis};

pub use body::{Signed, message, signed};
pub use private::is_private;

/// Longest time of one delivery.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of an answer that are looked at.
const MOST_ANSWER: usize = 16 * 1024;

/// Why a delivery did not arrive. The code is kept and shown; it holds nothing of address or body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// The address is none.
    #[error("bad_address")]
    BadAddress,
    /// It is not HTTPS, and leads out of the network.
    #[error("not_https")]
    NotHttps,
    /// It leads to a private place.
    #[error("private_address")]
    PrivateAddress,
    /// The name cannot be resolved.
    #[error("unknown_host")]
    UnknownHost,
    /// Nobody answers, or not in time, or not who was asked.
    #[error("no_answer")]
    NoAnswer,
    /// The receiver answered with this status.
    #[error("status_{0}")]
    Status(u16),
    /// The robot took the message and refused it with this code of its own.
    #[error("robot_{0}")]
    Robot(i64),
}

/// Where deliveries may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// Whether private addresses and plain HTTP are allowed.
    pub private_addresses: bool,
}

impl Reach {
    /// The addresses of a receiver, all of which may be reached.
    async fn resolve(self, url: &Url) -> Result<Vec<SocketAddr>, Undelivered> {
        let host = url.host_str().ok_or(Undelivered::BadAddress)?;
        let port = url.port_or_known_default().ok_or(Undelivered::BadAddress)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found: Vec<SocketAddr> = match bare.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => {
                let looked = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((bare, port))).await;
                looked.map_err(|_| Undelivered::UnknownHost)?.map_err(|_| Undelivered::UnknownHost)?.collect()
            }
        };
        if found.is_empty() {
            return Err(Undelivered::UnknownHost);
        }
        if self.private_addresses {
            return Ok(found);
        }
        if found.iter().any(|address| is_private(address.ip())) {
            return Err(Undelivered::PrivateAddress);
        }
        if url.scheme() == "https" { Ok(found) } else { Err(Undelivered::NotHttps) }
    }

    /// Sends one delivery.
    ///
    /// # Errors
    /// [`Undelivered`].
    pub async fn send(self, delivery: &Delivery, now: UtcMillis) -> Result<(), Undelivered> {
        let Signed { url, headers, body } = signed(delivery, now).ok_or(Undelivered::BadAddress)?;
        let addresses = self.resolve(&url).await?;
        let host = url.host_str().unwrap_or_default().to_owned();
        name_tls_provider();
        // A client for each delivery: it must use these addresses and no connection made before.
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .resolve_to_addrs(&host, &addresses)
            .build()
            .map_err(|_| Undelivered::NoAnswer)?;
        let mut request = client.post(url).header("content-type", "application/json").body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let mut answer = request.send().await.map_err(|_| Undelivered::NoAnswer)?;
        if !answer.status().is_success() {
            return Err(Undelivered::Status(answer.status().as_u16()));
        }
        if delivery.hook.told.form == HookForm::Generic {
            return Ok(());
        }
        let mut said = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|_| Undelivered::NoAnswer)? {
            said.extend_from_slice(&part);
            if said.len() > MOST_ANSWER {
                break;
            }
        }
        refused_by_robot(&said)
    }
}

/// Names what computes TLS for every client of this process. Before the first client is built; a
/// second time changes nothing.
pub fn name_tls_provider() {
    // Fails when one is named already, and that is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// Robots answer 200 also when they refuse: the code stands in the body.
fn refused_by_robot(said: &[u8]) -> Result<(), Undelivered> {
    let answer: serde_json::Value = serde_json::from_slice(said).unwrap_or_default();
    let code = ["errcode", "code", "StatusCode"].iter().find_map(|name| answer.get(name)?.as_i64());
    match code {
        None | Some(0) => Ok(()),
        Some(code) => Err(Undelivered::Robot(code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_like_the_address_itself() {
        let strict = Reach::default();
        let reach =
            async |url: &str| strict.resolve(&Url::parse(url).unwrap()).await.map(|found| found.len());

        assert_eq!(reach("https://127.0.0.1/x").await, Err(Undelivered::PrivateAddress));
        assert_eq!(reach("https://localhost:8080/x").await, Err(Undelivered::PrivateAddress));
        assert_eq!(reach("https://[::1]/x").await, Err(Undelivered::PrivateAddress));
        assert_eq!(reach("https://169.254.169.254/latest").await, Err(Undelivered::PrivateAddress));
        assert_eq!(reach("http://8.8.8.8/").await, Err(Undelivered::NotHttps));
        assert_eq!(reach("https://8.8.8.8/").await, Ok(1));
        let inside = Reach { private_addresses: true };
        assert!(inside.resolve(&Url::parse("http://127.0.0.1:9/").unwrap()).await.is_ok());
    }

    #[test]
    fn a_robot_that_answers_200_and_refuses_is_heard() {
        assert_eq!(refused_by_robot(br#"{"errcode":0,"errmsg":"ok"}"#), Ok(()));
        assert_eq!(
            refused_by_robot(br#"{"errcode":310000,"errmsg":"sign not match"}"#),
            Err(Undelivered::Robot(310_000))
        );
        assert_eq!(
            refused_by_robot(br#"{"code":19021,"msg":"sign match fail"}"#),
            Err(Undelivered::Robot(19_021))
        );
        assert_eq!(refused_by_robot(b"ok"), Ok(()));
    }
}
