//! Whether somebody whose request is answered for a long time may still be answered.

use actix_web::HttpRequest;
use actix_web::http::header;

use super::session::ConsoleSession;
use crate::desk::Caller;
use crate::domain::{Permission, UtcMillis};
use crate::http::state::ServiceState;
use crate::secrets;

/// With what somebody was let in. It is looked up again and again while a stream goes on: a log-out, a key that is revoked
/// and a change of role or team end it.
#[derive(Debug, Clone)]
pub struct StreamPass {
    credential: Credential,
    caller: Caller,
    permission: Permission,
}

/// Digest of what was shown at the beginning.
#[derive(Debug, Clone)]
enum Credential {
    Session(String),
    Key(String),
    Unknown,
}

impl StreamPass {
    /// What the request was let in with.
    #[must_use]
    pub fn of(
        request: &HttpRequest,
        (caller, session): (&Caller, Option<&ConsoleSession>),
        permission: Permission,
    ) -> Self {
        let credential = match session {
            Some(session) => Credential::Session(session.token_sha256.clone()),
            None => key_digest(request).map_or(Credential::Unknown, Credential::Key),
        };
        Self { credential, caller: caller.clone(), permission }
    }

    /// Whether it still holds. What the store cannot say does not end a stream: it answers nothing either.
    pub async fn holds(&self, state: &ServiceState) -> bool {
        let now = UtcMillis::now();
        let (role, team) = match &self.credential {
            Credential::Unknown => return false,
            Credential::Session(token) => match state.store.session(token, now).await {
                Ok(Some((session, user))) => {
                    let unused = now.as_millis().saturating_sub(session.seen_at.as_millis());
                    if user.disabled || unused >= i64::from(state.exposure.idle_minutes) * 60_000 {
                        return false;
                    }
                    (user.role, user.team)
                }
                Ok(None) => return false,
                Err(_) => return true,
            },
            Credential::Key(secret) => match state.store.api_key(secret, now).await {
                Ok(Some(key)) => (key.role, key.team),
                Ok(None) => return false,
                Err(_) => return true,
            },
        };
        role.allows(self.permission) && team == self.caller.team
    }

    /// Who was let in.
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }
}

fn key_digest(request: &HttpRequest) -> Option<String> {
    let shown = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (_, secret) = shown.split_once(' ')?;
    Some(secrets::digest(secret.trim().as_bytes()))
}
