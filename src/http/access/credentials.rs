//! From an `Authorization` header or a cookie to a caller.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header;

use super::peer::peer;
use super::session::{ConsoleSession, cookie_name};
use crate::desk::Caller;
use crate::domain::UtcMillis;
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;
use crate::secrets;
use crate::store::Actor;

/// Longest secret that is looked at, in bytes; ours have 67.
const MAX_SECRET_BYTES: usize = 256;

/// How exactly the use of a session is noted: a write at every request would be one too many.
const MINUTE_MILLIS: i64 = 60_000;

/// A caller, with the session of a console.
pub(super) struct Identified {
    pub(super) caller: Caller,
    pub(super) session: Option<ConsoleSession>,
}

/// A request with an `Authorization` header is judged by it alone: a wrong key is not saved by a
/// cookie.
pub(super) async fn identify(request: &HttpRequest, state: &ServiceState) -> Result<Identified, ApiError> {
    if let Some(authorization) = request.headers().get(header::AUTHORIZATION) {
        let secret = authorization.to_str().ok().and_then(bearer).ok_or_else(|| {
            ApiError::new(Problem::Unauthenticated, "the Authorization header needs the form `Bearer tx_…`")
        })?;
        return by_key(secret, peer(request, state), state).await;
    }
    let Some(cookie) = request.cookie(cookie_name(&state.exposure)) else {
        let detail = "send an API key as `Authorization: Bearer tx_…`, or log in to the console";
        return Err(ApiError::new(Problem::Unauthenticated, detail));
    };
    by_session(cookie.value(), peer(request, state), state).await
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, secret) = header.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && secret.len() <= MAX_SECRET_BYTES).then_some(secret)
}

/// The store looks the key up by its digest, so the time of the look-up tells nothing about the
/// secret.
async fn by_key(secret: &str, address: IpAddr, state: &ServiceState) -> Result<Identified, ApiError> {
    let known = state.store.api_key(&secrets::digest(secret.as_bytes()), UtcMillis::now()).await?;
    let Some(key) = known else {
        return Err(ApiError::new(Problem::Unauthenticated, "the API key is unknown, revoked or expired"));
    };
    let actor = Actor { name: format!("key:{}", key.name), role: Some(key.role), address: Some(address) };
    Ok(Identified { caller: Caller { actor, team: key.team, account: None, purpose: None }, session: None })
}

async fn by_session(token: &str, address: IpAddr, state: &ServiceState) -> Result<Identified, ApiError> {
    let ended = || ApiError::new(Problem::Unauthenticated, "the session has ended: log in again");
    if token.len() > MAX_SECRET_BYTES {
        return Err(ended());
    }
    let token_sha256 = secrets::digest(token.as_bytes());
    let now = UtcMillis::now();
    let found = state.store.session(&token_sha256, now).await?;
    let (session, user) = found.filter(|(_, user)| !user.disabled).ok_or_else(ended)?;
    let unused = now.as_millis().saturating_sub(session.seen_at.as_millis());
    if unused >= i64::from(state.exposure.idle_minutes) * MINUTE_MILLIS {
        return Err(ended());
    }
    if unused >= MINUTE_MILLIS {
        remember_use(state, token_sha256.clone(), now);
    }
    let actor = Actor { name: format!("user:{}", user.name), role: Some(user.role), address: Some(address) };
    let (team, account) = (user.team.clone(), Some(user.name.clone()));
    let caller = Caller { actor, team, account, purpose: None };
    Ok(Identified { caller, session: Some(ConsoleSession { user, csrf: session.csrf, token_sha256 }) })
}

/// Notes once a minute that the session is in use. Beside the request: whoever reads must not wait
/// for a writer.
fn remember_use(state: &ServiceState, token_sha256: String, now: UtcMillis) {
    let store = state.store.clone();
    tokio::spawn(async move {
        if let Err(failure) = store.see_session(&token_sha256, now).await {
            tracing::warn!(%failure, "the use of a session could not be noted; it may end early");
        }
    });
}
