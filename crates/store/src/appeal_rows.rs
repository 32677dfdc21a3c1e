//! What goes into and comes out of the store about appeals and acknowledgements.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Actor, FlagRow, StoreError, decode};
use tingxin_text::domain::{AppealState, ContactRef, FlagId, RedactedText, Rule, StaffId, TeamId, UtcMillis};

/// A confirmed flag as the person sees it whose contact it is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    /// The flag.
    pub row: FlagRow,
    /// Revision of the contact that was listened to.
    pub revision: u32,
    /// When it was confirmed, which released it.
    pub released_at: UtcMillis,
    /// Who confirmed it.
    pub confirmed_by: String,
    /// When the person acknowledged it.
    pub acknowledged_at: Option<UtcMillis>,
    /// What the person said with that.
    pub acknowledged_note: Option<String>,
    /// The appeal against it.
    pub appeal: Option<Uuid>,
}

/// An appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    /// Our key.
    pub id: Uuid,
    /// The flag.
    pub flag: FlagId,
    /// Its contact.
    pub contact: ContactRef,
    /// Revision of the contact that was listened to.
    pub revision: u32,
    /// What had raised the flag.
    pub rule: Rule,
    /// The turns it pointed at.
    pub utterances: Vec<usize>,
    /// Who appeals.
    pub staff: StaffId,
    /// Team that served the contact.
    pub team: Option<TeamId>,
    /// How far it is.
    pub state: AppealState,
    /// What the person says; none when the words of the contact are gone.
    pub text: Option<String>,
    /// The account that filed it.
    pub filed_by: String,
    /// When.
    pub filed_at: UtcMillis,
    /// Whose verdict it is about.
    pub confirmed_by: String,
    /// What the lead says.
    pub answer: Option<String>,
    /// The lead who answered or forwarded it.
    pub answered_by: Option<String>,
    /// When.
    pub answered_at: Option<UtcMillis>,
    /// Why it was decided so.
    pub reason: Option<String>,
    /// The second reviewer.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<UtcMillis>,
    /// When the present step should be done.
    pub due_at: UtcMillis,
}

/// An appeal to be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppeal {
    /// The flag.
    pub flag: FlagId,
    /// Whose contact it must be of.
    pub staff: StaffId,
    /// What the person says.
    pub text: RedactedText,
    /// Flags that were released before this moment are too old.
    pub released_since: UtcMillis,
    /// When the lead should have answered.
    pub due_at: UtcMillis,
    /// Who files it.
    pub by: Actor,
    /// When.
    pub at: UtcMillis,
}

/// What became of an appeal that was to be filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filed {
    /// It is filed; its key.
    Kept(Uuid),
    /// The window is over.
    TooLate,
    /// There is one already.
    Again,
    /// There is no such confirmed flag of this person.
    Unknown,
}

/// What is done with an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppealStep {
    /// The lead answers it.
    Answer(RedactedText),
    /// The lead hands it to a second reviewer, with or without a word.
    Forward(Option<RedactedText>),
    /// The person is not content with the answer.
    Insist,
    /// A second reviewer decides it for good.
    Decide {
        /// Whether the flag is a false alarm.
        overturned: bool,
        /// Why.
        reason: RedactedText,
    },
}

/// Who takes a step, and when.
#[derive(Debug, Clone, Copy)]
pub struct AppealMoment<'a> {
    /// Who takes it.
    pub by: &'a Actor,
    /// When.
    pub at: UtcMillis,
    /// When the step after it should be done.
    pub due_at: UtcMillis,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stepped {
    /// It is taken.
    Kept,
    /// The appeal is not where the step begins.
    Changed,
    /// Whoever decides has judged the same before.
    OwnVerdict,
}

/// Which appeals. Every part is optional and they all must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AppealFilter {
    /// How far it is.
    pub state: Option<AppealState>,
    /// Who appeals.
    pub staff: Option<StaffId>,
    /// Team that served.
    pub team: Option<TeamId>,
}

/// That a person has seen a confirmed flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The flag.
    pub flag: FlagId,
    /// Whose contact it must be of.
    pub staff: StaffId,
    /// What the person says.
    pub note: Option<RedactedText>,
    /// Who says so.
    pub by: Actor,
    /// When.
    pub at: UtcMillis,
}

/// Appeals that somebody still has to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AppealBacklog {
    /// All of them.
    pub open: u64,
    /// Those whose step should be done already.
    pub overdue: u64,
}

#[derive(FromRow)]
pub(super) struct AppealRow {
    pub(super) id: Uuid,
    flag: Uuid,
    contact: Uuid,
    revision: i64,
    rule: String,
    utterances: String,
    staff_id: String,
    team: Option<String>,
    state: String,
    text: Option<String>,
    filed_by: String,
    pub(super) filed_at: i64,
    confirmed_by: String,
    answer: Option<String>,
    answered_by: Option<String>,
    answered_at: Option<i64>,
    reason: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    due_at: i64,
}

#[derive(FromRow)]
pub(super) struct ContestRow {
    pub(super) contact: Uuid,
    pub(super) rule: String,
    pub(super) state: String,
}

impl TryFrom<AppealRow> for Appeal {
    type Error = StoreError;

    fn try_from(row: AppealRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            flag: FlagId(row.flag),
            contact: ContactRef(row.contact),
            revision: decode::number("appeals.revision", row.revision)?,
            rule: decode::text("appeals.rule", &row.rule)?,
            utterances: decode::json("appeals.utterances", &row.utterances)?,
            staff: decode::text("appeals.staff_id", &row.staff_id)?,
            team: decode::optional("appeals.team", row.team.as_deref())?,
            state: decode::text("appeals.state", &row.state)?,
            text: row.text,
            filed_by: row.filed_by,
            filed_at: UtcMillis::from_millis(row.filed_at),
            confirmed_by: row.confirmed_by,
            answer: row.answer,
            answered_by: row.answered_by,
            answered_at: row.answered_at.map(UtcMillis::from_millis),
            reason: row.reason,
            decided_by: row.decided_by,
            decided_at: row.decided_at.map(UtcMillis::from_millis),
            due_at: UtcMillis::from_millis(row.due_at),
        })
    }
}
