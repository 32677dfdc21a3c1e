//! From which address somebody asks.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;

use crate::http::exposure::ProxyHeader;
use crate::http::state::ServiceState;

/// The address of whoever asks. Behind a trusted proxy it is the last entry of the proxies' header
/// that no trusted proxy made; from anybody else the header means nothing. Only one of the two
/// headers is read: a proxy that writes one passes the other on as the client sent it.
#[must_use]
pub fn peer(request: &HttpRequest, state: &ServiceState) -> IpAddr {
    let direct = request.peer_addr().map_or(std::net::Ipv4Addr::UNSPECIFIED.into(), |address| address.ip());
    // A listener for both families shows 10.0.0.1 as ::ffff:10.0.0.1.
    let direct = direct.to_canonical();
    let trusted = &state.exposure.trusted_proxies;
    if !trusted.contains(&direct) {
        return direct;
    }
    let header = state.exposure.proxy_header;
    let values = request.headers().get_all(header.name()).filter_map(|value| value.to_str().ok());
    let chain: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    let named = chain.iter().rev().map_while(|entry| match header {
        ProxyHeader::XForwardedFor => address(entry),
        ProxyHeader::Forwarded => forwarded_for(entry),
    });
    named.into_iter().find(|address| !trusted.contains(address)).unwrap_or(direct)
}

/// The address of one proxy's part of `Forwarded` (RFC 7239), for example
/// `for="[2001:db8::17]:4711";proto=https`. A name that hides the address (`for=_x`, `for=unknown`)
/// is none.
fn forwarded_for(part: &str) -> Option<IpAddr> {
    let pairs = part.split(';').filter_map(|pair| pair.split_once('='));
    let mut nodes = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    address(nodes.next()?.1.trim().trim_matches('"'))
}

/// An address with or without brackets and port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    text.parse().ok().or_else(bare).or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_and_without_its_port() {
        for (text, found) in [
            ("192.0.2.7", Some("192.0.2.7")),
            ("192.0.2.7:4711", Some("192.0.2.7")),
            ("2001:db8::17", Some("2001:db8::17")),
            ("[2001:db8::17]", Some("2001:db8::17")),
            ("[2001:db8::17]:4711", Some("2001:db8::17")),
            ("::ffff:192.0.2.7", Some("192.0.2.7")),
            ("unknown", None),
            ("", None),
        ] {
            assert_eq!(address(text), found.map(|found| found.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn the_client_is_found_among_the_parts_of_forwarded() {
        let found = |part| forwarded_for(part).map(|address| address.to_string());

        assert_eq!(
            found("by=10.0.0.1; For=\"[2001:db8::17]:4711\";proto=https").as_deref(),
            Some("2001:db8::17")
        );
        assert_eq!(found("for=192.0.2.7").as_deref(), Some("192.0.2.7"));
        assert_eq!(found("for=_hidden"), None);
        assert_eq!(found("proto=https"), None);
    }
}
