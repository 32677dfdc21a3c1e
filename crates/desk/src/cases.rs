//! Cases: who owes which customer an answer.
//!
//! The first owner stays responsible until the customer has the answer (首问负责), whoever works on it meanwhile. A case says
//! nothing about whoever served: it names no member of staff, and why it was opened is told as a flag only to those who see
//! flags that nobody has confirmed.

use tingxin_store::{CaseBacklog, CaseEntry, CaseFilter, CaseStep, Cursor, NewCase, Page, ServiceCase};
use tingxin_text::domain::{
    CaseCause, CaseKind, CaseOrigin, CaseOutcome, CaseState, CaseTerm, ContactRef, DAY_MILLIS, Permission,
    RedactedText, UtcMillis,
};
use uuid::Uuid;

use crate::{Caller, Desk, DeskError};

/// How long a case may take where nothing else was promised.
///
/// **Source**: the service rules of the operators, as the project was told them: an answer within three days.
pub(crate) const USUAL_MILLIS: i64 = 3 * DAY_MILLIS;

/// The same after a repair: the call that asks whether it holds.
pub(crate) const AFTER_REPAIR_MILLIS: i64 = DAY_MILLIS;

/// How long a customer who was not content stays on the list of those to win back. Set by the project.
const WIN_BACK_MILLIS: i64 = 90 * DAY_MILLIS;

/// Longest name of a department in characters.
const MAX_DEPARTMENT: usize = 60;

/// A case as somebody opens it.
#[derive(Debug, Clone)]
pub struct CaseAsked {
    /// What it is about.
    pub contact: ContactRef,
    /// What is owed.
    pub kind: CaseKind,
    /// In words, redacted before it is stored.
    pub note: Option<String>,
}

/// A step as somebody asks for it; texts are redacted before they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseMove {
    /// The caller takes it.
    Take,
    /// An account gets it.
    Assign(String),
    /// A department has to answer.
    Forward {
        /// Which.
        department: String,
        /// What is asked.
        note: Option<String>,
    },
    /// It is done.
    Close {
        /// What became of it.
        outcome: CaseOutcome,
        /// Why the customer was not helped at once.
        cause: Option<CaseCause>,
        /// What the customer says, 1 to 5.
        satisfaction: Option<u8>,
        /// In words.
        note: Option<String>,
    },
    /// It is opened again.
    Reopen(String),
}

/// A case with what was done.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The case.
    pub case: ServiceCase,
    /// What was done, oldest first.
    pub entries: Vec<CaseEntry>,
}

/// Which cases a list holds, beside what can be filtered by value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaseWishes {
    /// Those that are overdue.
    pub overdue: bool,
    /// Those whose customer is to be won back.
    pub win_back: bool,
    /// Those of the caller.
    pub own: bool,
}

impl Desk {
    /// Cases that the caller may see.
    ///
    /// # Errors
    /// [`DeskError::OtherTeam`], [`DeskError::Store`].
    pub async fn cases(
        &self,
        caller: &Caller,
        (mut filter, wishes): (CaseFilter, CaseWishes),
        (after, limit): (Option<&Cursor>, u32),
    ) -> Result<Page<ServiceCase>, DeskError> {
        let now = UtcMillis::now();
        filter.team = caller.team_or(filter.team)?;
        if wishes.overdue {
            filter.due_before = Some(now);
        }
        if wishes.win_back {
            filter.win_back_since = Some(now.plus_millis(-WIN_BACK_MILLIS));
        }
        if wishes.own {
            filter.owner = Some(caller.actor.name.clone());
        }
        let mut page = self.store.cases(&filter, after, limit).await?;
        for case in &mut page.items {
            veil(caller, case);
        }
        Ok(page)
    }

    /// One case with what was done; not there for whoever may not see it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn service_case(&self, caller: &Caller, id: Uuid) -> Result<CaseFile, DeskError> {
        let case = self.store.service_case(id).await?;
        let mut case = case.filter(|case| caller.sees(case.team.as_ref())).ok_or(DeskError::NotFound)?;
        veil(caller, &mut case);
        Ok(CaseFile { case, entries: self.store.case_entries(id).await? })
    }

    /// Cases about a contact that the caller may see, oldest first; none for whoever reads no cases.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn cases_of(
        &self,
        caller: &Caller,
        contact: ContactRef,
    ) -> Result<Vec<ServiceCase>, DeskError> {
        if !caller.may(Permission::CasesRead) {
            return Ok(Vec::new());
        }
        let mut cases = self.store.cases_of(contact).await?;
        cases.retain(|case| caller.sees(case.team.as_ref()));
        Ok(cases)
    }

    /// Opens a case about a contact that the caller may see. Its key.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Field`] for the note, [`DeskError::Store`].
    pub async fn open_case(&self, caller: &Caller, asked: CaseAsked) -> Result<Uuid, DeskError> {
        let CaseAsked { contact, kind, note } = asked;
        let at = UtcMillis::now();
        let new = NewCase {
            contact,
            kind,
            origin: CaseOrigin::Person,
            term: CaseTerm::ThreeDays,
            due_at: at.plus_millis(USUAL_MILLIS),
            owner: None,
            note: self.said(note.as_deref())?,
            by: caller.actor.clone(),
            at,
        };
        self.store.open_case(&new, caller.team.as_ref()).await?.ok_or(DeskError::NotFound)
    }

    /// Takes a step with a case; how it stands then.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::CaseChanged`] when it is not where the step begins, [`DeskError::Field`],
    /// [`DeskError::Store`].
    pub async fn move_case(
        &self,
        caller: &Caller,
        (id, wanted): (Uuid, CaseMove),
    ) -> Result<CaseFile, DeskError> {
        let (at, file) = (UtcMillis::now(), self.service_case(caller, id).await?);
        let step = match wanted {
            CaseMove::Take => CaseStep::Take,
            CaseMove::Assign(name) => CaseStep::Assign(self.owner(&file.case, &name).await?),
            CaseMove::Forward { department, note } => CaseStep::Forward {
                department: self.department(&department)?,
                note: self.said(note.as_deref())?,
            },
            CaseMove::Close { outcome, cause, satisfaction, note } => {
                if satisfaction.is_some_and(|grade| !(1..=5).contains(&grade)) {
                    return Err(DeskError::field("/satisfaction", "the satisfaction must be from 1 to 5"));
                }
                CaseStep::Close { outcome, cause, satisfaction, note: self.said(note.as_deref())? }
            }
            CaseMove::Reopen(note) => {
                CaseStep::Reopen { due_at: at.plus_millis(USUAL_MILLIS), note: self.note(&note)? }
            }
        };
        if self.store.step_case(id, &step, (&caller.actor, at)).await? {
            self.service_case(caller, id).await
        } else {
            Err(DeskError::CaseChanged)
        }
    }

    /// How many cases of the caller's team somebody still owes an answer in, by kind.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn case_backlog(&self, caller: &Caller) -> Result<Vec<(CaseKind, CaseBacklog)>, DeskError> {
        let now = UtcMillis::now();
        let times = (now, now.plus_millis(DAY_MILLIS));
        Ok(self.store.case_backlog(times, caller.team.as_ref()).await?)
    }

    /// Accounts that may have a case of the caller's team, in the order of their names.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn case_owners(&self, caller: &Caller) -> Result<Vec<String>, DeskError> {
        let users = self.store.users().await?.into_iter();
        let fit = users.filter(|user| !user.disabled && user.role.allows(Permission::CasesWrite));
        let near = fit.filter(|user| user.team.is_none() || caller.sees(user.team.as_ref()));
        Ok(near.map(|user| user.name).collect())
    }

    /// An account as the store names it, if it may have this case.
    async fn owner(&self, case: &ServiceCase, name: &str) -> Result<String, DeskError> {
        let users = self.store.users().await?;
        let found = users.iter().find(|user| user.name == name.trim());
        let fit = found.filter(|user| {
            let sees = user.team.is_none() || user.team == case.team;
            !user.disabled && user.role.allows(Permission::CasesWrite) && sees
        });
        let refusal =
            || DeskError::field("/to", "there is no such account that may work on cases of this team");
        fit.map(|user| format!("user:{}", user.name)).ok_or_else(refusal)
    }

    fn department(&self, name: &str) -> Result<String, DeskError> {
        let refusal = "the department must have 1 to 60 characters and no line breaks";
        if name.trim().chars().count() > MAX_DEPARTMENT {
            return Err(DeskError::field("/department", refusal));
        }
        let name = self.note(name).map_err(|_| DeskError::field("/department", refusal))?;
        Ok(name.as_str().to_owned())
    }

    fn said(&self, text: Option<&str>) -> Result<Option<RedactedText>, DeskError> {
        text.filter(|text| !text.trim().is_empty()).map(|text| self.note(text)).transpose()
    }
}

/// Tells whoever sees no unconfirmed flag that a machine suggested the case, and not by which flag.
fn veil(caller: &Caller, case: &mut ServiceCase) {
    if case.origin.is_flag() && !caller.sees_unconfirmed() {
        case.origin = CaseOrigin::Suggested;
    }
}

/// What somebody may do with a case now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaseTurn {
    /// Take it.
    pub take: bool,
    /// Assign it, hand it on or close it.
    pub work: bool,
    /// Open it again.
    pub reopen: bool,
}

/// What the caller may do with a case now.
#[must_use]
pub fn case_turn(caller: &Caller, case: &ServiceCase) -> CaseTurn {
    let may = caller.may(Permission::CasesWrite);
    let own = case.owner.as_deref() == Some(caller.actor.name.as_str());
    CaseTurn {
        take: may && (case.state == CaseState::Open || case.state == CaseState::Forwarded && own),
        work: may && case.state.is_open(),
        reopen: may && case.state == CaseState::Closed,
    }
}
