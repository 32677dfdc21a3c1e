//! Whose contacts a rate is about.

use tingxin_text::domain::{Channel, StaffId, TeamId};

/// Whose contacts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RateGroup {
    /// Of one channel.
    Channel(Channel),
    /// Of one team.
    Team(TeamId),
    /// Of one member of staff.
    Staff(StaffId),
}
