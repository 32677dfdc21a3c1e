//! Opening and ending console sessions.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

use super::device;
use super::peer::peer;
use super::session::{ConsoleSession, cookie_name};
use super::throttle::Attempt;
use crate::domain::{HOUR_MILLIS, Role, UtcMillis};
use crate::http::error::{ApiError, Problem};
use crate::http::exposure::Exposure;
use crate::http::state::ServiceState;
use crate::secrets;
use crate::store::{Actor, NewAudit, Session, User};

/// Longest account name that is looked at, in bytes.
const MAX_NAME_BYTES: usize = 256;

/// From where somebody logs in.
#[derive(Debug, Clone)]
pub struct LoginFrom {
    /// The address.
    pub address: IpAddr,
    /// What the browser keeps from an earlier login.
    pub mark: Option<String>,
}

impl LoginFrom {
    /// From where a request comes.
    #[must_use]
    pub fn of(request: &HttpRequest, state: &ServiceState) -> Self {
        let mark = request.cookie(device::cookie_name(&state.exposure));
        Self { address: peer(request, state), mark: mark.map(|cookie| cookie.value().to_owned()) }
    }
}

impl From<IpAddr> for LoginFrom {
    /// A browser that was never here.
    fn from(address: IpAddr) -> Self {
        Self { address, mark: None }
    }
}

/// A session that has just begun.
#[derive(Debug)]
pub struct LoggedIn {
    /// To be set on the response.
    pub cookie: Cookie<'static>,
    /// To be set as well: by it the browser is known the next time.
    pub mark: Cookie<'static>,
    /// Whose.
    pub user: User,
}

/// The first account, made with the one-time set-up token that the service printed at its first
/// start.
pub struct FirstAccount<'a> {
    /// The set-up token.
    pub token: &'a str,
    /// Login name.
    pub name: &'a str,
    /// Its password.
    pub password: &'a str,
}

/// Opens a session. The answer to a wrong name and to a wrong password is the same and takes as
/// long.
///
/// # Errors
/// [`Problem::LoginFailed`], [`Problem::TooManyRequests`] after repeated failures,
/// [`Problem::Overloaded`] when too many passwords are being checked.
pub async fn log_in(
    state: &ServiceState,
    name: &str,
    password: &str,
    place: impl Into<LoginFrom>,
) -> Result<LoggedIn, ApiError> {
    let (now, name, place) = (UtcMillis::now(), name.trim(), place.into());
    let attempt = begin(state, name, &place, now).await?;
    let known = if name.len() > MAX_NAME_BYTES { None } else { state.store.user_for_login(name).await? };
    let (user, hash) = known.filter(|(user, _)| !user.disabled).unzip();
    let fits = verify(state, hash, password).await?;
    let Some(user) = user.filter(|_| fits) else {
        // A wrong name may be a password typed into the wrong field: it is not written down.
        let unknown = Actor { name: "user:?".to_owned(), role: None, address: Some(place.address) };
        audit(state, unknown, "session.open", "refused").await?;
        return Err(ApiError::new(Problem::LoginFailed, "name or password is wrong"));
    };
    state.logins.succeeded(&attempt);
    open(state, user, place.address, now).await
}

/// Makes sure that whoever uses a session knows its password: a screen left open must not be enough
/// to change it.
///
/// # Errors
/// [`Problem::LoginFailed`], [`Problem::TooManyRequests`] and [`Problem::Overloaded`] as for a
/// login.
pub async fn confirm_password(
    state: &ServiceState,
    session: &ConsoleSession,
    password: &str,
    place: &LoginFrom,
) -> Result<(), ApiError> {
    let name = &session.user.name;
    let attempt = begin(state, name, place, UtcMillis::now()).await?;
    let hash = state.store.user_for_login(name).await?.map(|(_, hash)| hash);
    if !verify(state, hash, password).await? {
        audit(state, actor(&session.user, place.address), "user.password_own", "refused").await?;
        return Err(ApiError::new(Problem::LoginFailed, "the present password is wrong"));
    }
    state.logins.succeeded(&attempt);
    Ok(())
}

/// Ends a session and returns the cookie that makes the browser forget it.
///
/// # Errors
/// The store's.
pub async fn log_out(
    state: &ServiceState,
    session: &ConsoleSession,
    actor: &Actor,
) -> Result<Cookie<'static>, ApiError> {
    state.store.close_session(&session.token_sha256).await?;
    audit(state, actor.clone(), "session.close", "ok").await?;
    let mut cookie = cookie(&state.exposure, String::new());
    cookie.make_removal();
    Ok(cookie)
}

/// Makes the first account, an administrator, and opens its session.
///
/// # Errors
/// [`Problem::SetupRefused`] when the token does not fit or an account exists,
/// [`Problem::WeakPassword`], [`Problem::InvalidField`] for an impossible name.
pub async fn redeem_setup(
    state: &ServiceState,
    account: FirstAccount<'_>,
    place: impl Into<LoginFrom>,
) -> Result<LoggedIn, ApiError> {
    let FirstAccount { token, name, password } = account;
    let (now, name, place) = (UtcMillis::now(), name.trim(), place.into());
    if name.is_empty() || name.len() > MAX_NAME_BYTES || name.chars().any(char::is_control) {
        return Err(
            ApiError::new(Problem::InvalidField, "the name must not be empty or very long").at("/name")
        );
    }
    acceptable(name, password)?;
    let attempt = begin(state, "", &place, now).await?;
    let hash = hash_new_password(state, name, password).await?;
    let user =
        User { name: name.to_owned(), role: Role::Admin, team: None, disabled: false, created_at: now };
    if !state.store.redeem_setup_token(&secrets::digest(token.trim().as_bytes()), &user, &hash).await? {
        let detail = "the token does not fit, or an account exists already: use `tingxin user create`";
        return Err(ApiError::new(Problem::SetupRefused, detail));
    }
    state.logins.succeeded(&attempt);
    audit(state, actor(&user, place.address), "setup.redeem", "ok").await?;
    open(state, user, place.address, now).await
}

/// Checks and hashes a new password of account `name`, off the event loop.
///
/// # Errors
/// [`Problem::WeakPassword`] says what to change; [`Problem::Overloaded`] when too many passwords
/// are being hashed.
pub async fn hash_new_password(state: &ServiceState, name: &str, password: &str) -> Result<String, ApiError> {
    acceptable(name, password)?;
    let password = password.to_owned();
    hashing(state, move || secrets::hash_password(&password)).await?.map_err(|failure| {
        tracing::error!(%failure, "a password could not be hashed");
        ApiError::internal()
    })
}

fn acceptable(name: &str, password: &str) -> Result<(), ApiError> {
    let checked = secrets::check_password(name, password);
    checked.map_err(|weak| ApiError::new(Problem::WeakPassword, weak.to_string()).at("/password"))
}

async fn begin(
    state: &ServiceState,
    name: &str,
    place: &LoginFrom,
    now: UtcMillis,
) -> Result<Attempt, ApiError> {
    let key = device_key(state).await?;
    let known = place.mark.as_deref().and_then(|mark| device::known(key, name, mark));
    state.logins.begin(name, place.address, known, now).map_err(|seconds| {
        let detail = "too many failed attempts: wait, then try again";
        ApiError::new(Problem::TooManyRequests, detail).retry_after(seconds)
    })
}

/// The key of the marks; the first login of all makes it.
async fn device_key(state: &ServiceState) -> Result<&str, ApiError> {
    let key = state.device_key.get_or_try_init(|| async {
        let fresh = secrets::random_token().map_err(no_entropy)?;
        Ok::<_, ApiError>(state.store.device_key(&fresh).await?)
    });
    Ok(key.await?)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that `map_err` asks for")]
fn no_entropy(failure: secrets::NoEntropy) -> ApiError {
    tracing::error!(%failure, "nobody can log in");
    ApiError::internal()
}

async fn verify(state: &ServiceState, hash: Option<String>, password: &str) -> Result<bool, ApiError> {
    let password = password.to_owned();
    hashing(state, move || secrets::verify_password(hash.as_deref(), &password)).await
}

/// Waits for one of the places where passwords are hashed, but not for ever.
async fn hashing<T: Send + 'static>(
    state: &ServiceState,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    let busy = || ApiError::new(Problem::Overloaded, "too many logins at once").retry_after(2);
    let place =
        tokio::time::timeout(std::time::Duration::from_secs(5), state.hashing.clone().acquire_owned());
    let place = place.await.map_err(|_| busy())?.map_err(|_| busy())?;
    let done = tokio::task::spawn_blocking(move || {
        // The place is taken until the work is done, also when the client has gone away.
        let _place = place;
        work()
    });
    done.await.map_err(|_| ApiError::internal())
}

async fn open(state: &ServiceState, user: User, peer: IpAddr, now: UtcMillis) -> Result<LoggedIn, ApiError> {
    let mark = device::mark(&state.exposure, device_key(state).await?, &user.name).map_err(no_entropy)?;
    let token = secrets::random_token().map_err(no_entropy)?;
    let session = Session {
        token_sha256: secrets::digest(token.as_bytes()),
        csrf: secrets::random_token().map_err(no_entropy)?,
        user: user.name.clone(),
        created_at: now,
        expires_at: now.plus_millis(i64::from(state.exposure.session_hours) * HOUR_MILLIS),
        seen_at: now,
    };
    audit(state, actor(&user, peer), "session.open", "ok").await?;
    state.store.open_session(&session).await?;
    Ok(LoggedIn { cookie: cookie(&state.exposure, token), mark, user })
}

/// A session cookie without `Max-Age`: it also ends with the browser.
fn cookie(exposure: &Exposure, token: String) -> Cookie<'static> {
    Cookie::build(cookie_name(exposure), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(exposure.secure_cookies)
        .finish()
}

fn actor(user: &User, peer: IpAddr) -> Actor {
    Actor { name: format!("user:{}", user.name), role: Some(user.role), address: Some(peer) }
}

async fn audit(
    state: &ServiceState,
    actor: Actor,
    action: &'static str,
    result: &'static str,
) -> Result<(), ApiError> {
    let object = actor.name.clone();
    let entry = NewAudit { at: UtcMillis::now(), actor, action, object, result, purpose: None };
    Ok(state.store.audit(&entry).await?)
}
