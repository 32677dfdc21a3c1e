//! What the database knows at a scrape.

use crate::domain::{CaseKind, FlagStatus, Rule};

/// Numbers that live in the database, as they are at this scrape.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Backlog {
    /// Contacts that wait for their analysis or are being analysed.
    pub waiting: u64,
    /// Contacts set aside after repeated failures.
    pub quarantined: u64,
    /// Age of the oldest waiting contact in seconds; 0 when none waits.
    pub oldest_seconds: f64,
    /// Appeals that somebody still has to answer.
    pub appeals_open: u64,
    /// Those whose step should be done already.
    pub appeals_overdue: u64,
    /// Cases that somebody still owes an answer in, of every kind in the order of [`CaseKind::ALL`].
    pub cases: [CasesOwed; CASE_KINDS],
    /// Flags that nobody has judged.
    pub flags: StreamWaiting,
    /// Contacts of the random sample that wait for a reader.
    pub sample: StreamWaiting,
    /// Agreements with staff that are not done.
    pub coaching_open: u64,
    /// Those whose date is over.
    pub coaching_overdue: u64,
    /// Verdicts of the last 24 hours.
    pub verdicts: Vec<(Rule, FlagStatus, u64)>,
}

/// What waits in one stream of the review.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StreamWaiting {
    /// How many.
    pub count: u64,
    /// Age in seconds of the contact that has waited longest; 0 when none waits.
    pub oldest_seconds: f64,
}

/// How many kinds of cases there are.
pub const CASE_KINDS: usize = CaseKind::ALL.len();

/// Cases of one kind that somebody still owes an answer in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CasesOwed {
    /// All of them.
    pub open: u64,
    /// Those that are due within a day, or were before.
    pub due: u64,
    /// Those that were due before.
    pub overdue: u64,
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no queue reaches 2^52 contacts")]
pub(super) fn count(number: u64) -> f64 {
    number as f64
}
