//! A console session, and the cookie that carries it.

use crate::http::exposure::Exposure;
use crate::store::User;

/// A console session, for pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleSession {
    /// The account as it is now, not as it was at login.
    pub user: User,
    /// Secret that every form repeats in its field [`CSRF_FIELD`](super::CSRF_FIELD), or a script
    /// in the header [`CSRF_HEADER`](super::CSRF_HEADER).
    pub csrf: String,
    /// SHA-256 of the token in the cookie.
    pub token_sha256: String,
}

/// Name of the session's cookie. `__Host-` makes browsers insist on HTTPS and on this very host.
pub(super) const fn cookie_name(exposure: &Exposure) -> &'static str {
    if exposure.secure_cookies { "__Host-tingxin_session" } else { "tingxin_session" }
}
