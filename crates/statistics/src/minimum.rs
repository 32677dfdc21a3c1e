//! How much data each signal needs before it may be shown, in one place.
//!
//! The numbers come from the measured power and reliability of the estimators (the simulation of
//! `simulate` repeats them). A page, an export and a report ask [`enough`]; none of them carries a
//! number of its own, because two copies of a threshold drift apart and the lower one wins.

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use super::shrinkage::NAMED_RELIABILITY;

/// S1: customer turns for start, peak and end of a trajectory. Start and end are means of three
/// turns.
pub const TRAJECTORY_TURNS: usize = 3;
/// S2: customer turns for escalation. A third of the contact must hold two turns.
pub const ESCALATION_TURNS: usize = 6;
/// S3: customer turns for recovery. Same reason as [`ESCALATION_TURNS`].
pub const RECOVERY_TURNS: usize = 6;
/// S6 β⁺: contacts of one agent. Power for a true .1 is .49 at 100 contacts and .97 at 400.
pub const COMPENSATION_CONTACTS: usize = 100;
/// S6: turn pairs a contact must have to count towards [`COMPENSATION_CONTACTS`].
pub const COMPENSATION_PAIRS: usize = 4;
/// S6 β⁻: contacts of one agent. Power for a true .1 is only .17–.22 at 100 contacts and .48–.56 at
/// 400.
pub const INFECTION_CONTACTS: usize = 400;
/// S6 β⁻: negative customer turns among those contacts; the coefficient rests on them alone.
pub const INFECTION_NEGATIVE_TURNS: usize = 30;
/// S7: contacts of one agent for agent → customer reciprocity.
pub const RECIPROCITY_CONTACTS: usize = 100;
/// S9: contacts of one agent that start negative.
pub const SOOTHING_CONTACTS: usize = 50;
/// S11: contacts of one agent and quarter. Power for .2 sd is .26 / .82 / 1.0 with 5 / 20 / 60 days
/// of 25 contacts.
pub const CARRY_OVER_CONTACTS: usize = 500;
/// S11: days among which what is carried over must be spread, counted as if every day had as much
/// of it. With fewer the error clustered by day is far too small (Carter, Schnepel & Steigerwald
/// 2017).
pub const CARRY_OVER_DAYS: usize = 10;
/// S6–S8, S12 of a queue: people who serve it. With fewer its figures would be somebody's in
/// particular.
pub const QUEUE_STAFF: usize = 5;
/// S12: contacts of a queue and month. No coefficient stands on fewer.
pub const CONVERGENCE_CONTACTS: usize = 100;
/// S12: surrogates behind a z value.
pub const CONVERGENCE_SURROGATES: usize = 200;
/// S13: agents of a team on a day.
pub const TEAM_AGENTS: usize = 5;
/// S13: contacts of a team on a day.
pub const TEAM_CONTACTS: usize = 50;
/// S14: contacts of one agent.
pub const SCRIPTEDNESS_CONTACTS: usize = 30;
/// Staff statistics: contacts before an agent appears at all.
pub const STAFF_APPEAR: usize = 30;
/// Staff statistics: contacts before an agent is compared beyond *watch*: sensitivity to a doubled
/// odds is below .8 under it.
pub const STAFF_COMPARE: usize = 100;

/// Rule health: flags of a rule, or contacts in which people found it, behind a precision or a
/// recall. Set by the project, as [`STAFF_APPEAR`]: with fewer the interval is wider than ± .18.
pub const RULE_JUDGED: usize = 30;
/// Corrected rates: read contacts of a group. No rate of a person stands on fewer, and the interval
/// leans on the spread of as many.
pub const CORRECTED_JUDGED: usize = 30;
/// Contacts that two people have read behind an α: the bootstrap covers too little with fewer
/// ([`super::resample::bootstrap`]).
pub const AGREEMENT_PAIRS: usize = 30;
/// Drift of readings: contacts of a channel. With 100 calls of ten turns the noise of ten bins is about a tenth of the bar
/// of the alert.
pub const DRIFT_CONTACTS: usize = 100;

/// What is counted before a signal may be shown. A signal with two conditions has two members; both
/// are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Minimum {
    /// S1, customer turns of a contact.
    Trajectory,
    /// S2, customer turns of a contact.
    Escalation,
    /// S3, customer turns of a contact.
    Recovery,
    /// S6 β⁺, contacts of an agent with at least [`COMPENSATION_PAIRS`] pairs.
    Compensation,
    /// S6, turn pairs of one contact.
    CompensationPairs,
    /// S6 β⁻, contacts of an agent with at least [`COMPENSATION_PAIRS`] pairs.
    Infection,
    /// S6 β⁻, negative customer turns in those contacts.
    InfectionNegativeTurns,
    /// S7, contacts of an agent.
    Reciprocity,
    /// S9, contacts of an agent that start negative.
    Soothing,
    /// S11, contacts of an agent.
    CarryOver,
    /// S11, days as good as those there are.
    CarryOverDays,
    /// S6–S8 and S12 of a queue, people who serve it.
    QueueStaff,
    /// S12, contacts of a queue and month.
    ConvergenceContacts,
    /// S12, surrogates drawn.
    Convergence,
    /// S13, agents of a team on a day.
    TeamAgents,
    /// S13, contacts of a team on a day.
    TeamContacts,
    /// S14, contacts of an agent.
    Scriptedness,
    /// Staff statistics, contacts of an agent: to appear.
    StaffAppear,
    /// Staff statistics, contacts of an agent: to be compared.
    StaffCompare,
    /// Rule health, flags that people judged or contacts in which they found it.
    RuleJudged,
    /// Corrected rates, read contacts of a group.
    CorrectedJudged,
    /// α, contacts that two people have read.
    Agreement,
    /// Drift of readings, contacts of a channel.
    DriftContacts,
}

impl Minimum {
    /// The smallest count with which the signal may be shown.
    #[must_use]
    pub fn needed(self) -> usize {
        match self {
            Self::Trajectory => TRAJECTORY_TURNS,
            Self::Escalation => ESCALATION_TURNS,
            Self::Recovery => RECOVERY_TURNS,
            Self::Compensation => COMPENSATION_CONTACTS,
            Self::CompensationPairs => COMPENSATION_PAIRS,
            Self::Infection => INFECTION_CONTACTS,
            Self::InfectionNegativeTurns => INFECTION_NEGATIVE_TURNS,
            Self::Reciprocity => RECIPROCITY_CONTACTS,
            Self::Soothing => SOOTHING_CONTACTS,
            Self::CarryOver => CARRY_OVER_CONTACTS,
            Self::CarryOverDays => CARRY_OVER_DAYS,
            Self::QueueStaff => QUEUE_STAFF,
            Self::ConvergenceContacts => CONVERGENCE_CONTACTS,
            Self::Convergence => CONVERGENCE_SURROGATES,
            Self::TeamAgents => TEAM_AGENTS,
            Self::TeamContacts => TEAM_CONTACTS,
            Self::Scriptedness => SCRIPTEDNESS_CONTACTS,
            Self::StaffAppear => STAFF_APPEAR,
            Self::StaffCompare => STAFF_COMPARE,
            Self::RuleJudged => RULE_JUDGED,
            Self::CorrectedJudged => CORRECTED_JUDGED,
            Self::Agreement => AGREEMENT_PAIRS,
            Self::DriftContacts => DRIFT_CONTACTS,
        }
    }
}

/// The signal is not shown yet. Both counts are given so that a reader learns how far away it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("not enough data: {have} of {needed} needed")]
pub struct TooFew {
    /// Count from which the signal may be shown.
    pub needed: usize,
    /// Count there is.
    pub have: usize,
}

/// Whether `have` is enough for `signal`.
///
/// # Errors
/// [`TooFew`] below [`Minimum::needed`]; exactly the minimum is enough.
pub fn enough(signal: Minimum, have: usize) -> Result<(), TooFew> {
    let needed = signal.needed();
    if have >= needed { Ok(()) } else { Err(TooFew { needed, have }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_itself_is_enough_and_one_less_says_what_is_missing() {
        assert_eq!(enough(Minimum::CarryOver, 500), Ok(()));
        let refused = enough(Minimum::CarryOver, 499).unwrap_err();
        assert_eq!((refused.needed, refused.have), (500, 499));
        assert_eq!(refused.to_string(), "not enough data: 499 of 500 needed");
    }

    #[test]
    fn an_infected_agent_needs_more_contacts_than_a_compensating_one_and_angry_turns_on_top() {
        assert_eq!(enough(Minimum::Compensation, 120), Ok(()));
        assert!(enough(Minimum::Infection, 120).is_err());
        assert!(enough(Minimum::InfectionNegativeTurns, 29).is_err());
    }
}
