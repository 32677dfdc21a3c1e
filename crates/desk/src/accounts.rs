//! Accounts of people and keys of programs: who may be created, and what of it is written down.

use tingxin_store::{ApiKey, NewApiKey, Store, User};
use tingxin_text::domain::{DAY_MILLIS, Role, StaffId, TeamId, UtcMillis};

use crate::{Caller, DeskError, secrets, write_down};

/// Roles of people. Programs have keys instead.
pub const ROLES_OF_PEOPLE: &[Role] =
    &[Role::Reviewer, Role::Trainer, Role::Supervisor, Role::Staff, Role::Admin, Role::Auditor];

/// Roles of programs.
pub const ROLES_OF_PROGRAMS: &[Role] = &[Role::Integrator, Role::Analyst, Role::Monitor];

/// Longest name of an account or a key, in characters.
const MAX_NAME: usize = 64;

/// Longest life of a key in days, if it ends at all.
pub const MAX_KEY_DAYS: u16 = 3_650;

/// Whether an account may have this name.
///
/// # Errors
/// [`DeskError::Field`] says what a name is.
pub fn check_account_name(name: &str) -> Result<(), DeskError> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || name.chars().count() > MAX_NAME || !name.chars().all(plain) {
        let reason = "a name holds up to 64 letters, digits, dots, dashes and underscores";
        return Err(DeskError::field("/name", reason));
    }
    Ok(())
}

/// An account of a person or a key of a program, before it exists.
#[derive(Debug, Clone)]
pub struct NewAccount<'a> {
    /// The name of the account, or what the key is for.
    pub name: &'a str,
    /// What it may do.
    pub role: Role,
    /// The team whose contacts it sees; all of them when `None`.
    pub team: Option<TeamId>,
}

/// Creates an account.
///
/// # Errors
/// [`DeskError::Field`] for the name or the role, [`DeskError::Store`], also when the name is
/// taken.
pub async fn create_user(
    store: &Store,
    caller: &Caller,
    account: NewAccount<'_>,
    password_hash: &str,
) -> Result<(), DeskError> {
    let NewAccount { name, role, team } = account;
    check_account_name(name)?;
    if !ROLES_OF_PEOPLE.contains(&role) {
        return Err(DeskError::field("/role", "this role is for programs: create a key"));
    }
    let user = User { name: name.to_owned(), role, team, disabled: false, created_at: UtcMillis::now() };
    store.create_user(&user, password_hash).await?;
    write_down(store, caller, "user.create", name, true).await
}

/// Locks an account and ends its sessions, or unlocks it. Nobody can lock themselves out, so at
/// least one administrator always remains.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Field`] for the account in use, [`DeskError::Store`].
pub async fn disable_user(
    store: &Store,
    caller: &Caller,
    name: &str,
    disabled: bool,
) -> Result<(), DeskError> {
    refuse_own(caller, name)?;
    let user = user(store, name).await?;
    if !store.set_user_state(&user.name, user.role, disabled).await? {
        return Err(DeskError::NotFound);
    }
    let action = if disabled { "user.disable" } else { "user.enable" };
    write_down(store, caller, action, name, true).await
}

/// The account of that name.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Store`].
pub async fn user(store: &Store, name: &str) -> Result<User, DeskError> {
    let users = store.users().await?;
    users.into_iter().find(|user| user.name == name).ok_or(DeskError::NotFound)
}

fn refuse_own(caller: &Caller, name: &str) -> Result<(), DeskError> {
    if caller.account.as_deref() == Some(name) {
        return Err(DeskError::field("/name", "this is the account in use"));
    }
    Ok(())
}

/// What an account may do, what it sees, and whose results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountChange {
    /// What the person may do.
    pub role: Role,
    /// Limits what the person sees to one team; `None` sees all.
    pub team: Option<TeamId>,
    /// The work number whose results the person may see.
    pub staff: Option<StaffId>,
}

/// The present standing of an account.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Store`].
pub async fn standing(store: &Store, name: &str) -> Result<AccountChange, DeskError> {
    let User { role, team, .. } = user(store, name).await?;
    Ok(AccountChange { role, team, staff: store.staff_of(name).await? })
}

/// Gives an account another role, team or work number. It acts on the next request. Nobody changes
/// the account in use: an administrator who made himself a reviewer could read transcripts, and
/// nobody would be left to undo it.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Field`] for the role or the account in use,
/// [`DeskError::Store`].
pub async fn change_user(
    store: &Store,
    caller: &Caller,
    name: &str,
    new: &AccountChange,
) -> Result<(), DeskError> {
    refuse_own(caller, name)?;
    if !ROLES_OF_PEOPLE.contains(&new.role) {
        return Err(DeskError::field("/role", "this role is for programs: create a key"));
    }
    let old = standing(store, name).await?;
    if !store.change_user(name, new.role, new.team.as_ref(), new.staff.as_ref()).await? {
        return Err(DeskError::NotFound);
    }
    let changes = [
        ("user.role", old.role != new.role),
        ("user.team", old.team != new.team),
        ("user.link", old.staff != new.staff),
    ];
    for (action, _) in changes.into_iter().filter(|(_, changed)| *changed) {
        write_down(store, caller, action, name, true).await?;
    }
    Ok(())
}

/// Removes an account and ends its sessions. What it did stays in the audit log and beside its
/// verdicts.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Field`] for the account in use, [`DeskError::Store`].
pub async fn delete_user(store: &Store, caller: &Caller, name: &str) -> Result<(), DeskError> {
    refuse_own(caller, name)?;
    if !store.delete_user(name).await? {
        return Err(DeskError::NotFound);
    }
    write_down(store, caller, "user.delete", name, true).await
}

/// Sets the caller's own new password and ends all sessions but the one of `token_sha256`.
///
/// # Errors
/// [`DeskError::NotFound`] for a program, [`DeskError::Store`].
pub async fn set_own_password(
    store: &Store,
    caller: &Caller,
    password_hash: &str,
    token_sha256: &str,
) -> Result<(), DeskError> {
    let name = caller.account.as_deref().ok_or(DeskError::NotFound)?;
    if !store.set_own_password(name, password_hash, token_sha256).await? {
        return Err(DeskError::NotFound);
    }
    write_down(store, caller, "user.password_own", name, true).await
}

/// Sets a new password and ends the account's sessions.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Store`].
pub async fn set_password(
    store: &Store,
    caller: &Caller,
    name: &str,
    password_hash: &str,
) -> Result<(), DeskError> {
    if !store.set_password(name, password_hash).await? {
        return Err(DeskError::NotFound);
    }
    write_down(store, caller, "user.password", name, true).await
}

/// Lets a staff account see the results of one work number.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Store`].
pub async fn link_staff(
    store: &Store,
    caller: &Caller,
    name: &str,
    staff: &StaffId,
) -> Result<(), DeskError> {
    if !store.link_staff(name, staff).await? {
        return Err(DeskError::NotFound);
    }
    write_down(store, caller, "user.link", name, true).await
}

/// Creates a key and returns its secret, which exists nowhere else.
///
/// # Errors
/// [`DeskError::Field`] for a field, [`DeskError::Store`], also when the name is taken;
/// [`DeskError::Broken`] without random numbers.
pub async fn create_key(
    store: &Store,
    caller: &Caller,
    account: NewAccount<'_>,
    days: Option<u16>,
) -> Result<String, DeskError> {
    let NewAccount { name, role, .. } = account;
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(DeskError::field("/name", "the purpose must have 1 to 64 characters"));
    }
    if !ROLES_OF_PROGRAMS.contains(&role) {
        return Err(DeskError::field("/role", "keys are for programs: integrator, analyst or monitor"));
    }
    add_key(store, caller, account, days).await
}

/// Creates the key of the demo, which may what all programs may. Nobody can ask for such a key: where contacts are
/// somebody's, each program has its own.
///
/// # Errors
/// As [`create_key`].
pub async fn create_demo_key(store: &Store, caller: &Caller, name: &str) -> Result<String, DeskError> {
    add_key(store, caller, NewAccount { name, role: Role::Demo, team: None }, None).await
}

async fn add_key(
    store: &Store,
    caller: &Caller,
    account: NewAccount<'_>,
    days: Option<u16>,
) -> Result<String, DeskError> {
    let NewAccount { name, role, team } = account;
    if days.is_some_and(|days| !(1..=MAX_KEY_DAYS).contains(&days)) {
        let reason = "the days must be a whole number from 1 to 3650, or empty";
        return Err(DeskError::field("/days", reason));
    }
    let secret = secrets::new_api_key().map_err(|failure| {
        tracing::error!(%failure, "no key can be made");
        DeskError::Broken
    })?;
    let now = UtcMillis::now();
    let key = ApiKey {
        name: name.to_owned(),
        prefix: secrets::api_key_label(&secret),
        role,
        team,
        created_at: now,
        expires_at: days.map(|days| now.plus_millis(i64::from(days) * DAY_MILLIS)),
        revoked_at: None,
    };
    store.create_api_key(&NewApiKey { key, secret_sha256: secrets::digest(secret.as_bytes()) }).await?;
    write_down(store, caller, "key.create", name, true).await?;
    Ok(secret)
}

/// Stops accepting a key.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Store`].
pub async fn revoke_key(store: &Store, caller: &Caller, name: &str) -> Result<(), DeskError> {
    if !store.revoke_api_key(name, UtcMillis::now()).await? {
        return Err(DeskError::NotFound);
    }
    write_down(store, caller, "key.revoke", name, true).await
}
