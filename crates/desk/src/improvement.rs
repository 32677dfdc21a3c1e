//! Incidents: what may be declared and taken back.

use tingxin_store::{Incident, NewIncident, SumKind};
use tingxin_text::domain::{BusinessProcess, Channel, TeamId, UtcMillis};
use uuid::Uuid;

use crate::sums::roll_up;
use crate::{Caller, Desk, DeskError};

/// Sums brought up to date while somebody waits who declares an incident.
const AT_ONCE: u32 = 200;

/// Most rows of one answer.
pub(crate) const MOST: u32 = 200;

/// A time in which something was wrong that staff cannot help, as somebody declares it.
#[derive(Debug, Clone)]
pub struct IncidentAsked {
    /// First moment.
    pub begins_at: UtcMillis,
    /// First moment after it.
    pub ends_at: UtcMillis,
    /// Only this touchpoint; `None` for all.
    pub channel: Option<Channel>,
    /// Only this process; `None` for all.
    pub business_process: Option<BusinessProcess>,
    /// Only this team; `None` for all.
    pub team: Option<TeamId>,
    /// What was wrong, as it was written. It is redacted before it is stored.
    pub note: String,
}

impl Desk {
    /// Declares an incident; a caller who is limited to a team declares it for that team. Its key.
    ///
    /// # Errors
    /// [`DeskError::Field`], [`DeskError::OtherTeam`], [`DeskError::Store`].
    pub async fn declare_incident(&self, caller: &Caller, asked: IncidentAsked) -> Result<Uuid, DeskError> {
        if asked.ends_at <= asked.begins_at {
            return Err(DeskError::field("/ends_at", "the end must be after the beginning"));
        }
        let incident = NewIncident {
            begins_at: asked.begins_at,
            ends_at: asked.ends_at,
            channel: asked.channel,
            business_process: asked.business_process,
            team: caller.team_or(asked.team)?,
            note: self.note(&asked.note)?,
        };
        let id = self.store.declare_incident(&incident, &caller.actor.name, UtcMillis::now()).await?;
        self.sum_anew().await?;
        self.write_down(caller, "incident.declare", id.to_string(), true).await?;
        Ok(id)
    }

    /// Brings the sums of people up to date that an incident has marked, so that whoever declared
    /// it sees what it changes. The rest waits for the worker.
    async fn sum_anew(&self) -> Result<(), DeskError> {
        roll_up(&self.store, Some(SumKind::Staff), AT_ONCE).await?;
        self.forget_figures().await;
        Ok(())
    }

    /// Incidents that touch the caller's team, latest first, at most 200.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn incidents(&self, caller: &Caller) -> Result<Vec<Incident>, DeskError> {
        let mut items = self.store.incidents(MOST).await?;
        items.retain(|incident| incident.team.is_none() || caller.sees(incident.team.as_ref()));
        Ok(items)
    }

    /// Takes an incident back. Whoever is limited to a team takes back what was declared for that
    /// team, not for everybody.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn revoke_incident(&self, caller: &Caller, id: Uuid) -> Result<(), DeskError> {
        let mut visible = self.incidents(caller).await?.into_iter();
        let own = visible.any(|incident| incident.id == id && caller.sees(incident.team.as_ref()));
        if !own || !self.store.revoke_incident(id, UtcMillis::now()).await? {
            return Err(DeskError::NotFound);
        }
        self.sum_anew().await?;
        self.write_down(caller, "incident.revoke", id.to_string(), true).await
    }
}
