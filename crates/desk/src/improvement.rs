//! Incidents and coaching: what may be declared, agreed and taken back, and what came after it.

use std::collections::{BTreeMap, BTreeSet};

use tingxin_staff::{COACHING_WEEKS, Coached, CoachingOutcome, Indicator, Power, effect_of};
use tingxin_store::{Coaching, Incident, NewCoaching, NewIncident, SumKind};
use tingxin_text::domain::{BusinessProcess, Channel, StaffId, TeamId, UtcMillis};
use uuid::Uuid;

use crate::computing::weeks;
use crate::error::off_the_event_loop;
use crate::sums::roll_up;
use crate::{Caller, Desk, DeskError};

/// Why there is no comparison yet.
const WAITING: &str = "sums of past weeks are still being brought up to date; ask again in a moment";

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

/// Coaching as somebody agrees it.
#[derive(Debug, Clone)]
pub struct CoachingAsked {
    /// Whom.
    pub staff: StaffId,
    /// The behaviour it is about.
    pub indicator: Indicator,
    /// Agreed action, as it was written. It is redacted before it is stored.
    pub note: String,
}

/// Coaching that was agreed.
#[derive(Debug, Clone, Copy)]
pub struct CoachingAgreed {
    /// Its key.
    pub id: Uuid,
    /// What it can show; `None` where nothing can be said.
    pub power: Option<Power>,
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

    /// Agrees coaching; a person of another team is not there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Field`] for the note, [`DeskError::Store`],
    /// [`DeskError::Broken`].
    pub async fn agree_coaching(
        &self,
        caller: &Caller,
        asked: CoachingAsked,
    ) -> Result<CoachingAgreed, DeskError> {
        let CoachingAsked { staff, indicator, note } = asked;
        let (now, note) = (UtcMillis::now(), self.note(&note)?);
        let figures = self.figures().await?;
        let person =
            figures.place(&staff).and_then(|at| figures.people.get(at)).ok_or(DeskError::NotFound)?;
        let team = person.sums.team.clone();
        if !caller.sees(team.as_ref()) {
            return Err(DeskError::NotFound);
        }
        let power = figures.powers.iter().find(|(of, _)| *of == indicator).and_then(|(_, power)| *power);
        let coaching = NewCoaching { staff, team, indicator: indicator.as_str().to_owned(), note };
        let id = self.store.agree_coaching(&coaching, &caller.actor.name, now).await?;
        self.write_down(caller, "coaching.agree", id.to_string(), true).await?;
        Ok(CoachingAgreed { id, power })
    }

    /// Takes coaching back; that of another team is not there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn end_coaching(&self, caller: &Caller, id: Uuid) -> Result<(), DeskError> {
        let own = self.store.coaching(caller.team.as_ref(), MOST).await?;
        if !own.iter().any(|one| one.id == id) || !self.store.end_coaching(id, UtcMillis::now()).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "coaching.end", id.to_string(), true).await
    }

    /// Agreed coaching of a team or of all, and what came after it, behaviour by behaviour.
    ///
    /// # Errors
    /// [`DeskError::Store`], [`DeskError::Broken`].
    pub async fn coaching(
        &self,
        team: Option<&TeamId>,
    ) -> Result<(Vec<Coaching>, Vec<CoachingOutcome>), DeskError> {
        let all = self.store.coaching(None, MOST).await?;
        // Whoever was ever coached is no uncoached colleague, whatever the team and whether it was
        // taken back.
        let touched: BTreeSet<StaffId> = all.iter().map(|one| one.staff.clone()).collect();
        let own: Vec<Coaching> =
            all.into_iter().filter(|one| team.is_none() || one.team.as_ref() == team).collect();
        let mut coached: BTreeMap<Indicator, Vec<Coached>> = BTreeMap::new();
        for one in own.iter().filter(|one| one.ended_at.is_none()) {
            if let Some(indicator) = Indicator::from_name(&one.indicator) {
                let person = Coached { staff: one.staff.clone(), week: one.agreed_at.week() };
                coached.entry(indicator).or_default().push(person);
            }
        }
        let Some(first) = coached.values().flatten().map(|one| one.week).min() else {
            return Ok((own, Vec::new()));
        };
        if self.store.count_stale_sums(first - COACHING_WEEKS..UtcMillis::now().week()).await? > 0 {
            // A week that is not summed yet would look like one without contacts.
            let later = |indicator: &Indicator| CoachingOutcome {
                indicator: *indicator,
                effect: Err(WAITING.to_owned()),
            };
            return Ok((own, coached.keys().map(later).collect()));
        }
        let weeks = weeks(&self.store, first - COACHING_WEEKS).await?;
        let work = move || {
            let outcome = |(indicator, people): (&Indicator, &Vec<Coached>)| {
                effect_of(*indicator, people, &touched, &weeks)
            };
            coached.iter().map(outcome).collect()
        };
        Ok((own, off_the_event_loop(work).await?))
    }
}
