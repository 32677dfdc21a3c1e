//! What a search of contacts asks, and how far it is counted.

use super::search_words::SearchWords;
use super::{ContactFilter, StoreError, decode};
use tingxin_text::domain::{BusinessProcess, FlagStatus, Rule, Severity, closed_set};

closed_set! {
    /// What comes first.
    ContactSort {
        /// The latest contact.
        Newest => "newest", "最新在前";
        /// The earliest contact.
        Oldest => "oldest", "最早在前";
        /// The contact whose customer was most probably dissatisfied. Contacts without an expectation are left out.
        Dissatisfied => "dissatisfied", "最可能不满在前";
    }
}

/// What the customer answered afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurveyAsked {
    /// Anything.
    Answered,
    /// At most this many of five.
    AtMost(u8),
}

/// Which contacts, and in which order. Every part is optional and they all must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ContactSearch {
    /// What must stand in their text.
    pub words: Option<SearchWords>,
    /// What the contact itself says.
    pub contact: ContactFilter,
    /// What it was about.
    pub process: Option<BusinessProcess>,
    /// A flag of this rule; with severity and status it is one flag that has them all.
    pub rule: Option<Rule>,
    /// A flag that is so urgent.
    pub severity: Option<Severity>,
    /// A flag about which people said so.
    pub status: Option<FlagStatus>,
    /// Somebody who judged a flag of it, by the name in the audit log.
    pub judged_by: Option<String>,
    /// What the customer answered.
    pub survey: Option<SurveyAsked>,
    /// The least probability that the customer was dissatisfied, in thousandths.
    pub dissatisfied: Option<u16>,
    /// What comes first; the newest when nobody says.
    pub sort: Option<ContactSort>,
}

/// How many there are; counted up to [`BoundedCount::MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BoundedCount {
    /// So many were counted.
    pub counted: u64,
    /// There are more.
    pub more: bool,
}

impl BoundedCount {
    /// Beyond that nobody counts: a list of which people look at the first pages needs no more.
    pub const MOST: u64 = 10_000;

    pub(super) fn of(counted: i64) -> Result<Self, StoreError> {
        let counted: u64 = decode::number("contacts", counted)?;
        Ok(Self { counted: counted.min(Self::MOST), more: counted > Self::MOST })
    }
}

/// One more than is counted.
pub(super) const COUNT_TO: i64 = 10_001;
