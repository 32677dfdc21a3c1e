//! What the database knows at a scrape.

/// Numbers that live in the database, as they are at this scrape.
#[derive(Debug, Clone, Copy, PartialEq)]
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
}
