//! Who asks, and what of it is written to the audit log.

use tingxin_store::{Actor, NewAudit, Store};
use tingxin_text::domain::{Permission, Purpose, Role, StaffId, TeamId, UtcMillis};

use crate::audit_watch::AuditStanding;
use crate::{Desk, DeskError};

/// Who asks, and what they may see of the rest.
#[derive(Debug, Clone)]
pub struct Caller {
    /// For the audit log.
    pub actor: Actor,
    /// Limits what is seen to one team; `None` sees all.
    pub team: Option<TeamId>,
    /// The name of the account; `None` for a program.
    pub account: Option<String>,
    /// What is read for; `None` where nothing is.
    pub purpose: Option<Purpose>,
}

impl Caller {
    /// The command line of the machine itself.
    #[must_use]
    pub fn system() -> Self {
        Self { actor: Actor::here("system", None), team: None, account: None, purpose: None }
    }

    /// The command line of the machine itself when it takes something out.
    #[must_use]
    pub fn exporting() -> Self {
        Self { purpose: Some(Purpose::Export), ..Self::system() }
    }

    /// The team to ask for: the caller's own, if it is limited to one.
    ///
    /// # Errors
    /// [`DeskError::OtherTeam`] when another one is asked for.
    pub fn team_or(&self, asked: Option<TeamId>) -> Result<Option<TeamId>, DeskError> {
        match (&self.team, asked) {
            (None, asked) => Ok(asked),
            (Some(own), Some(asked)) if asked != *own => Err(DeskError::OtherTeam),
            (Some(own), _) => Ok(Some(own.clone())),
        }
    }

    /// Whether the caller's role may do this.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.actor.role.is_some_and(|role| role.allows(permission))
    }

    /// Whether the caller sees what a machine found and nobody has confirmed. Whoever has the command line of the machine, and
    /// with it no role, has the database itself.
    #[must_use]
    pub fn sees_unconfirmed(&self) -> bool {
        self.actor.role.is_none_or(Role::sees_unconfirmed)
    }

    /// Whether the caller may see what belongs to `team`.
    pub(crate) fn sees(&self, team: Option<&TeamId>) -> bool {
        self.team.is_none() || self.team.as_ref() == team
    }
}

/// Writes what somebody did or read to the audit log.
///
/// # Errors
/// [`DeskError::Store`]: no entry, no answer.
pub async fn write_down(
    store: &Store,
    caller: &Caller,
    action: &'static str,
    object: impl Into<String> + Send,
    allowed: bool,
) -> Result<(), DeskError> {
    let result = if allowed { "ok" } else { "refused" };
    let (at, actor, object) = (UtcMillis::now(), caller.actor.clone(), object.into());
    Ok(store.audit(&NewAudit { at, actor, action, object, result, purpose: caller.purpose }).await?)
}

impl Desk {
    /// Writes what somebody did or read to the audit log, before the answer goes out.
    ///
    /// # Errors
    /// [`DeskError::Store`]: no entry, no answer.
    pub async fn write_down(
        &self,
        caller: &Caller,
        action: &'static str,
        object: impl Into<String> + Send,
        allowed: bool,
    ) -> Result<(), DeskError> {
        write_down(&self.store, caller, action, object, allowed).await
    }

    /// The work number whose results the caller's account may see; a program has none.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn own_number(&self, caller: &Caller) -> Result<Option<StaffId>, DeskError> {
        match &caller.account {
            Some(name) => Ok(self.store.staff_of(name).await?),
            None => Ok(None),
        }
    }

    /// Checks whether the audit log is still as it was written: all of it the first time, once a
    /// day and after a break was found, else what has been written since the last check.
    ///
    /// # Errors
    /// [`DeskError::Store`] when the log cannot be read; the last finding stays then.
    pub async fn check_audit(&self, now: UtcMillis) -> Result<AuditStanding, DeskError> {
        Ok(self.audit.check(&self.store, now).await?)
    }

    /// What the last check found; `None` before the first.
    #[must_use]
    pub fn audit_standing(&self) -> Option<AuditStanding> {
        self.audit.standing()
    }
}
