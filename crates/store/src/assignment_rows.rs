//! What is known of claims, assignments and the rules by which work is distributed.

use sqlx::FromRow;
use uuid::Uuid;

use super::{StoreError, decode};
use tingxin_text::domain::{Channel, ContactRef, Rule, TeamId, UtcMillis, closed_set};

closed_set! {
    /// Who of several reviewers gets the next contact.
    DistributionMethod {
        /// Whoever has the least left to do.
        Load => "load", "按负荷";
        /// Each in turn.
        Turn => "turn", "轮流";
    }
}

/// A contact that somebody looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewClaim {
    /// Which contact.
    pub contact: ContactRef,
    /// Who looks at it.
    pub account: String,
    /// Until when the others are told.
    pub until: UtcMillis,
}

/// A contact that is somebody's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Which contact.
    pub contact: ContactRef,
    /// Whose work.
    pub account: String,
    /// Account, key or `system`.
    pub assigned_by: String,
    /// When.
    pub assigned_at: UtcMillis,
}

/// A contact to be given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssignment {
    /// Which contact.
    pub contact: ContactRef,
    /// To whom.
    pub account: String,
}

/// A contact that is nobody's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeContact {
    /// Which contact.
    pub contact: ContactRef,
    /// The team that served it.
    pub team: Option<TeamId>,
}

/// What is left of somebody's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLoad {
    /// Whose.
    pub account: String,
    /// Contacts with an unjudged flag.
    pub contacts: usize,
}

/// By what contacts are given to reviewers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDistributionRule {
    /// Contacts of this team; `None` for all.
    pub team: Option<TeamId>,
    /// Contacts with an unjudged flag of this rule; `None` for any.
    pub rule: Option<Rule>,
    /// Contacts of this channel; `None` for all.
    pub channel: Option<Channel>,
    /// Accounts that get them; empty for every reviewer.
    pub reviewers: Vec<String>,
    /// Who of them gets the next.
    pub method: DistributionMethod,
}

/// A rule of distribution as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistributionRule {
    /// Our key.
    pub id: Uuid,
    /// What it says.
    pub what: NewDistributionRule,
    /// Who got the latest.
    pub last_given: Option<String>,
    /// Account or key.
    pub made_by: String,
    /// When.
    pub made_at: UtcMillis,
}

#[derive(FromRow)]
pub(super) struct ReviewClaimRow {
    contact: Uuid,
    account: String,
    until_at: i64,
}

#[derive(FromRow)]
pub(super) struct AssignmentRow {
    contact: Uuid,
    account: String,
    assigned_by: String,
    assigned_at: i64,
}

#[derive(FromRow)]
pub(super) struct FreeRow {
    contact: Uuid,
    team: Option<String>,
}

#[derive(FromRow)]
pub(super) struct DistributionRow {
    id: Uuid,
    team: Option<String>,
    rule: Option<String>,
    channel: Option<String>,
    reviewers: String,
    method: String,
    last_given: Option<String>,
    made_by: String,
    made_at: i64,
}

impl From<ReviewClaimRow> for ReviewClaim {
    fn from(row: ReviewClaimRow) -> Self {
        let until = UtcMillis::from_millis(row.until_at);
        Self { contact: ContactRef(row.contact), account: row.account, until }
    }
}

impl From<AssignmentRow> for Assignment {
    fn from(row: AssignmentRow) -> Self {
        Self {
            contact: ContactRef(row.contact),
            account: row.account,
            assigned_by: row.assigned_by,
            assigned_at: UtcMillis::from_millis(row.assigned_at),
        }
    }
}

impl TryFrom<FreeRow> for FreeContact {
    type Error = StoreError;

    fn try_from(row: FreeRow) -> Result<Self, StoreError> {
        let team = decode::optional("flags.team", row.team.as_deref())?;
        Ok(Self { contact: ContactRef(row.contact), team })
    }
}

impl TryFrom<DistributionRow> for DistributionRule {
    type Error = StoreError;

    fn try_from(row: DistributionRow) -> Result<Self, StoreError> {
        let unknown =
            || StoreError::Corrupt { what: "distribution_rules.method", reason: "no such method".to_owned() };
        Ok(Self {
            id: row.id,
            what: NewDistributionRule {
                team: decode::optional("distribution_rules.team", row.team.as_deref())?,
                rule: decode::optional("distribution_rules.rule", row.rule.as_deref())?,
                channel: decode::optional("distribution_rules.channel", row.channel.as_deref())?,
                reviewers: decode::json("distribution_rules.reviewers", &row.reviewers)?,
                method: DistributionMethod::from_name(&row.method).ok_or_else(unknown)?,
            },
            last_given: row.last_given,
            made_by: row.made_by,
            made_at: UtcMillis::from_millis(row.made_at),
        })
    }
}
