//! What goes into and comes out of the store about cases.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Actor, StoreError, decode};
use tingxin_text::domain::{
    BusinessProcess, CaseAct, CaseCause, CaseKind, CaseOrigin, CaseOutcome, CaseState, CaseTerm, Channel,
    ContactRef, RedactedText, TeamId, UtcMillis,
};

/// A case: somebody owes a customer an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCase {
    /// Our key.
    pub id: Uuid,
    /// What it is about.
    pub contact: ContactRef,
    /// Pseudonym of the customer.
    pub customer: Option<String>,
    /// Team that served.
    pub team: Option<TeamId>,
    /// Touchpoint.
    pub channel: Channel,
    /// What the contact was about.
    pub business_process: Option<BusinessProcess>,
    /// What is owed.
    pub kind: CaseKind,
    /// Why it was opened.
    pub origin: CaseOrigin,
    /// How far it is.
    pub state: CaseState,
    /// How long it may take.
    pub term: CaseTerm,
    /// When it was opened.
    pub opened_at: UtcMillis,
    /// By whom.
    pub opened_by: String,
    /// When the customer should have the answer.
    pub due_at: UtcMillis,
    /// Who took it first and stays responsible.
    pub first_owner: Option<String>,
    /// Who has it now.
    pub owner: Option<String>,
    /// Department that was asked last.
    pub department: Option<String>,
    /// How often it went on to another department.
    pub bounces: u32,
    /// Why the customer was not helped at once.
    pub cause: Option<CaseCause>,
    /// What became of it.
    pub outcome: Option<CaseOutcome>,
    /// What the customer says afterwards, 1 to 5.
    pub satisfaction: Option<u8>,
    /// When it was closed.
    pub closed_at: Option<UtcMillis>,
    /// By whom.
    pub closed_by: Option<String>,
    /// How often it was opened again.
    pub reopened: u32,
    /// When the customer came back after it was closed and said that nothing is settled.
    pub came_back_at: Option<UtcMillis>,
    /// With which contact.
    pub came_back: Option<ContactRef>,
}

/// Something that was done with a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEntry {
    /// When.
    pub at: UtcMillis,
    /// Who did it.
    pub by: String,
    /// What.
    pub act: CaseAct,
    /// The account or department it went to.
    pub to: Option<String>,
    /// The contact with which the customer came back.
    pub contact: Option<ContactRef>,
    /// What was said about it.
    pub note: Option<String>,
}

/// A case to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCase {
    /// What it is about.
    pub contact: ContactRef,
    /// What is owed.
    pub kind: CaseKind,
    /// Why.
    pub origin: CaseOrigin,
    /// How long it may take.
    pub term: CaseTerm,
    /// When the customer should have the answer.
    pub due_at: UtcMillis,
    /// Who has it from the start.
    pub owner: Option<String>,
    /// In words.
    pub note: Option<RedactedText>,
    /// Who opens it.
    pub by: Actor,
    /// When.
    pub at: UtcMillis,
}

/// What is done with a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseStep {
    /// Whoever asks takes it.
    Take,
    /// Somebody gets it.
    Assign(String),
    /// A department has to answer.
    Forward {
        /// Which.
        department: String,
        /// What is asked.
        note: Option<RedactedText>,
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
        note: Option<RedactedText>,
    },
    /// It is opened again.
    Reopen {
        /// Until when.
        due_at: UtcMillis,
        /// Why.
        note: RedactedText,
    },
}

/// Which cases. Every part is optional and they all must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CaseFilter {
    /// What is owed.
    pub kind: Option<CaseKind>,
    /// How far it is.
    pub state: Option<CaseState>,
    /// Those that are not closed.
    pub open: bool,
    /// Those that are not closed and were due before.
    pub due_before: Option<UtcMillis>,
    /// Who has it.
    pub owner: Option<String>,
    /// Department that was asked last.
    pub department: Option<String>,
    /// Pseudonym of the customer.
    pub customer: Option<String>,
    /// What it is about.
    pub contact: Option<ContactRef>,
    /// Team that served.
    pub team: Option<TeamId>,
    /// Those whose customer came back after they were closed.
    pub came_back: bool,
    /// Those that were closed since and left a customer who is not content: to win back.
    pub win_back_since: Option<UtcMillis>,
}

/// An analysed contact that asks for a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent findings, as they were read")]
pub struct CaseLead {
    /// Which.
    pub contact: ContactRef,
    /// Staff promised to come back.
    pub promised: bool,
    /// Within so many hours.
    pub promised_hours: Option<u32>,
    /// The customer says that an earlier matter is not settled.
    pub unsettled: bool,
    /// It has a flag of a negative ending that nobody rejected.
    pub ended_badly: bool,
    /// The same of a customer who is probably dissatisfied.
    pub dissatisfied: bool,
    /// The same of an upset customer in a note.
    pub distressed: bool,
    /// Pseudonym of the customer.
    pub customer: Option<String>,
    /// Touchpoint.
    pub channel: Channel,
    /// What it was about.
    pub business_process: Option<BusinessProcess>,
    /// When it began.
    pub happened_at: UtcMillis,
    /// There is a case about it already.
    pub known: bool,
    /// The latest case of the customer.
    pub standing: Option<StandingCase>,
}

/// The latest case of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingCase {
    /// Its key.
    pub id: Uuid,
    /// How far it is.
    pub state: CaseState,
    /// When it was closed.
    pub closed_at: Option<UtcMillis>,
    /// Who is responsible.
    pub first_owner: Option<String>,
}

/// What becomes of a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledLead {
    /// Which contact.
    pub contact: ContactRef,
    /// A case that the customer came back to.
    pub came_back_to: Option<Uuid>,
    /// Whether that case had been closed.
    pub was_closed: bool,
    /// A case to be opened.
    pub open: Option<NewCase>,
}

/// Cases that somebody still owes an answer in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaseBacklog {
    /// All of them.
    pub open: u64,
    /// Those that are due within a day, or were before.
    pub due: u64,
    /// Those that were due before.
    pub overdue: u64,
}

#[derive(FromRow)]
pub(super) struct StoredCase {
    pub(super) id: Uuid,
    contact: Uuid,
    customer: Option<String>,
    team: Option<String>,
    channel: String,
    business_process: Option<String>,
    kind: String,
    origin: String,
    state: String,
    term: String,
    pub(super) opened_at: i64,
    opened_by: String,
    pub(super) due_at: i64,
    first_owner: Option<String>,
    owner: Option<String>,
    department: Option<String>,
    bounces: i64,
    cause: Option<String>,
    outcome: Option<String>,
    satisfaction: Option<i64>,
    closed_at: Option<i64>,
    closed_by: Option<String>,
    reopened: i64,
    came_back_at: Option<i64>,
    came_back: Option<Uuid>,
}

impl TryFrom<StoredCase> for ServiceCase {
    type Error = StoreError;

    fn try_from(row: StoredCase) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            contact: ContactRef(row.contact),
            customer: row.customer,
            team: decode::optional("cases.team", row.team.as_deref())?,
            channel: decode::text("cases.channel", &row.channel)?,
            business_process: decode::optional("cases.business_process", row.business_process.as_deref())?,
            kind: decode::text("cases.kind", &row.kind)?,
            origin: decode::text("cases.origin", &row.origin)?,
            state: decode::text("cases.state", &row.state)?,
            term: decode::text("cases.term", &row.term)?,
            opened_at: UtcMillis::from_millis(row.opened_at),
            opened_by: row.opened_by,
            due_at: UtcMillis::from_millis(row.due_at),
            first_owner: row.first_owner,
            owner: row.owner,
            department: row.department,
            bounces: decode::number("cases.bounces", row.bounces)?,
            cause: decode::optional("cases.cause", row.cause.as_deref())?,
            outcome: decode::optional("cases.outcome", row.outcome.as_deref())?,
            satisfaction: row
                .satisfaction
                .map(|grade| decode::number("cases.satisfaction", grade))
                .transpose()?,
            closed_at: row.closed_at.map(UtcMillis::from_millis),
            closed_by: row.closed_by,
            reopened: decode::number("cases.reopened", row.reopened)?,
            came_back_at: row.came_back_at.map(UtcMillis::from_millis),
            came_back: row.came_back.map(ContactRef),
        })
    }
}

#[derive(FromRow)]
pub(super) struct StepRow {
    at: i64,
    by_whom: String,
    act: String,
    to_whom: Option<String>,
    contact: Option<Uuid>,
    note: Option<String>,
}

impl TryFrom<StepRow> for CaseEntry {
    type Error = StoreError;

    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        Ok(Self {
            at: UtcMillis::from_millis(row.at),
            by: row.by_whom,
            act: decode::text("case_steps.act", &row.act)?,
            to: row.to_whom,
            contact: row.contact.map(ContactRef),
            note: row.note,
        })
    }
}
