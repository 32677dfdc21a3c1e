//! Appeals: staff see what was confirmed about their own contacts, say that they have seen it, or disagree.
//!
//! The lead of the team, which is a supervisor limited to it or one of all teams, answers an appeal or hands it on; the
//! person may insist. A reviewer who has not judged the flag before decides for good.

use tingxin_store::{
    Acknowledgement, Appeal, AppealFilter, AppealMoment, AppealStep, Cursor, Filed, NewAppeal, Page,
    Released, Stepped,
};
use tingxin_text::domain::{AppealState, ContactRef, DAY_MILLIS, FlagId, Permission, StaffId, UtcMillis};
use uuid::Uuid;

use crate::shown::keep_confirmed;
use crate::{Caller, Desk, DeskError};

/// Most released items of one answer.
const MOST_RELEASED: u32 = 200;

/// How long what may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppealTerms {
    /// Days from the release of a flag in which it may be appealed.
    pub window_days: u32,
    /// Days in which each step should be done.
    pub answer_days: u32,
}

impl Default for AppealTerms {
    fn default() -> Self {
        Self { window_days: 7, answer_days: 7 }
    }
}

impl AppealTerms {
    /// Until when a flag that was released then may be appealed.
    #[must_use]
    pub fn window_ends(self, released: UtcMillis) -> UtcMillis {
        released.plus_millis(i64::from(self.window_days) * DAY_MILLIS)
    }

    fn due(self, from: UtcMillis) -> UtcMillis {
        from.plus_millis(i64::from(self.answer_days) * DAY_MILLIS)
    }
}

/// What somebody may do with an appeal now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AppealTurn {
    /// Answer it or hand it on.
    pub lead: bool,
    /// Insist on it.
    pub insist: bool,
    /// Decide it.
    pub decide: bool,
}

/// A step as somebody asks for it; texts are redacted before they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppealMove {
    /// The lead answers.
    Answer(String),
    /// The lead hands it on, with or without a word.
    Forward(Option<String>),
    /// The person is not content with the answer.
    Insist,
    /// A second reviewer decides.
    Decide {
        /// Whether the flag is a false alarm.
        overturned: bool,
        /// Why.
        reason: String,
    },
}

/// An own contact with its confirmed flags.
pub struct OwnContact {
    /// The contact.
    pub record: tingxin_store::ContactRecord,
    /// Its analysis with what was confirmed.
    pub analysis: Option<tingxin_text::domain::Analysis>,
    /// What was released of it.
    pub released: Vec<Released>,
    /// Appeals about it.
    pub appeals: Vec<Appeal>,
}

impl Desk {
    /// What was confirmed about the caller's own contacts, newest first.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for an account without a work number, [`DeskError::Store`].
    pub async fn own_items(&self, caller: &Caller) -> Result<Vec<Released>, DeskError> {
        let staff = self.own_number(caller).await?.ok_or(DeskError::NotFound)?;
        Ok(self.store.released(&staff, MOST_RELEASED).await?)
    }

    /// An own contact, if something about it was confirmed, somebody filled a form in for it or an own appeal is about it;
    /// any other is not there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn own_contact(&self, caller: &Caller, id: ContactRef) -> Result<OwnContact, DeskError> {
        let staff = self.own_number(caller).await?.ok_or(DeskError::NotFound)?;
        let mut released = self.store.released(&staff, MOST_RELEASED).await?;
        released.retain(|one| one.row.contact == id);
        let mut appeals = self.store.appeals_of(id).await?;
        appeals.retain(|one| one.staff == staff);
        // What a person looked at and gave points for is shown like what a person confirmed.
        if released.is_empty() && appeals.is_empty() && self.store.sheets_of(id).await?.is_empty() {
            return Err(DeskError::NotFound);
        }
        let record = self.store.contact(id, None).await?.ok_or(DeskError::NotFound)?;
        if record.contact.header.staff.as_ref().is_none_or(|served| served.id != staff) {
            return Err(DeskError::NotFound);
        }
        let mut analysis = self.store.analysis(id, None).await?;
        if let Some(analysis) = &mut analysis {
            keep_confirmed(analysis, &self.store.flags_of_contact(id).await?);
        }
        Ok(OwnContact { record, analysis, released, appeals })
    }

    /// Says that the caller has seen a confirmed flag of an own contact.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Field`] for the note, [`DeskError::Store`].
    pub async fn acknowledge(
        &self,
        caller: &Caller,
        flag: FlagId,
        note: Option<&str>,
    ) -> Result<(), DeskError> {
        let staff = self.own_number(caller).await?.ok_or(DeskError::NotFound)?;
        let note = note.filter(|text| !text.trim().is_empty()).map(|text| self.note(text)).transpose()?;
        let said = Acknowledgement { flag, staff, note, by: caller.actor.clone(), at: UtcMillis::now() };
        if self.store.acknowledge(&said).await? { Ok(()) } else { Err(DeskError::NotFound) }
    }

    /// Files an appeal against a confirmed flag of an own contact. Its key.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::AppealClosed`], [`DeskError::Field`] for the text, [`DeskError::Store`].
    pub async fn file_appeal(
        &self,
        caller: &Caller,
        (flag, text): (FlagId, &str),
        terms: AppealTerms,
    ) -> Result<Uuid, DeskError> {
        let staff = self.own_number(caller).await?.ok_or(DeskError::NotFound)?;
        let at = UtcMillis::now();
        let new = NewAppeal {
            flag,
            staff,
            text: self.note(text)?,
            released_since: at.plus_millis(-i64::from(terms.window_days) * DAY_MILLIS),
            due_at: terms.due(at),
            by: caller.actor.clone(),
            at,
        };
        match self.store.file_appeal(&new).await? {
            Filed::Kept(id) => {
                self.forget_figures().await;
                Ok(id)
            }
            Filed::TooLate => {
                Err(DeskError::AppealClosed("the time in which this flag could be appealed is over"))
            }
            Filed::Again => Err(DeskError::AppealClosed("there is an appeal against this flag already")),
            Filed::Unknown => Err(DeskError::NotFound),
        }
    }

    /// Appeals that the caller may see: staff their own, all others those of their team.
    ///
    /// # Errors
    /// [`DeskError::OtherTeam`], [`DeskError::NotFound`] for a staff account without a work number, [`DeskError::Store`].
    pub async fn appeals(
        &self,
        caller: &Caller,
        mut filter: AppealFilter,
        (after, limit): (Option<&Cursor>, u32),
    ) -> Result<Page<Appeal>, DeskError> {
        if let Some(own) = self.only_own(caller).await? {
            if filter.staff.as_ref().is_some_and(|asked| *asked != own) {
                return Ok(Page { items: Vec::new(), next: None });
            }
            filter.staff = Some(own);
        } else {
            filter.team = caller.team_or(filter.team)?;
        }
        Ok(self.store.appeals(&filter, after, limit).await?)
    }

    /// One appeal; not there for whoever may not see it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn appeal(&self, caller: &Caller, id: Uuid) -> Result<Appeal, DeskError> {
        let found = self.store.appeal(id).await?.ok_or(DeskError::NotFound)?;
        let seen = match self.only_own(caller).await? {
            Some(own) => own == found.staff,
            None => caller.sees(found.team.as_ref()),
        };
        if seen { Ok(found) } else { Err(DeskError::NotFound) }
    }

    /// Takes a step of an appeal.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::AppealChanged`] when it is not the caller's turn, [`DeskError::OwnVerdict`],
    /// [`DeskError::Field`] for a text, [`DeskError::Store`].
    pub async fn move_appeal(
        &self,
        caller: &Caller,
        (id, wanted): (Uuid, AppealMove),
        terms: AppealTerms,
    ) -> Result<Appeal, DeskError> {
        let (at, appeal) = (UtcMillis::now(), self.appeal(caller, id).await?);
        let turn = turn(caller, &appeal, at);
        let (step, may) = match wanted {
            AppealMove::Answer(said) => (AppealStep::Answer(self.note(&said)?), turn.lead),
            AppealMove::Forward(said) => {
                let said = said.as_deref().filter(|said| !said.trim().is_empty());
                (AppealStep::Forward(said.map(|said| self.note(said)).transpose()?), turn.lead)
            }
            AppealMove::Insist => (AppealStep::Insist, turn.insist),
            AppealMove::Decide { overturned, reason } => {
                if appeal.confirmed_by == caller.actor.name {
                    return Err(DeskError::OwnVerdict);
                }
                (AppealStep::Decide { overturned, reason: self.note(&reason)? }, turn.decide)
            }
        };
        if !may {
            return Err(DeskError::AppealChanged);
        }
        match self
            .store
            .step_appeal(&appeal, &step, AppealMoment { by: &caller.actor, at, due_at: terms.due(at) })
            .await?
        {
            Stepped::Kept => {
                self.forget_figures().await;
                self.store.appeal(id).await?.ok_or(DeskError::NotFound)
            }
            Stepped::Changed => Err(DeskError::AppealChanged),
            Stepped::OwnVerdict => Err(DeskError::OwnVerdict),
        }
    }

    /// The work number of a caller who sees own appeals alone.
    async fn only_own(&self, caller: &Caller) -> Result<Option<StaffId>, DeskError> {
        if !caller.may(Permission::StaffOwn) {
            return Ok(None);
        }
        self.own_number(caller).await?.map(Some).ok_or(DeskError::NotFound)
    }
}

/// What the caller may do with an appeal now. A reviewer who belongs to the team decides none of it, and a lead who lets
/// the time pass stops nothing: a second reviewer may take it up then.
#[must_use]
pub fn turn(caller: &Caller, appeal: &Appeal, now: UtcMillis) -> AppealTurn {
    let late = appeal.state == AppealState::Filed && appeal.due_at < now;
    let of_another = appeal.confirmed_by != caller.actor.name;
    let same_team = caller.team.is_some() && caller.team == appeal.team;
    AppealTurn {
        lead: caller.may(Permission::AppealsForward) && appeal.state == AppealState::Filed,
        insist: caller.may(Permission::StaffOwn) && appeal.state == AppealState::Answered,
        decide: caller.may(Permission::FlagsJudge)
            && (appeal.state == AppealState::Forwarded || late)
            && of_another
            && !same_team,
    }
}
