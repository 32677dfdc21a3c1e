//! What has just been done with a case, and why something was not.

use super::words::SpokenOfCases as _;
use crate::pages::Notice;
use crate::text::Lang;

/// A sentence about what has just been done or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseNotice {
    /// Opened.
    Opened,
    /// A step was taken.
    Moved,
    /// Somebody was quicker.
    Changed,
    /// The note is not accepted.
    Note,
    /// The department is not accepted.
    Department,
    /// There is no such owner.
    Owner,
    /// The grade is not accepted.
    Grade,
    /// No outcome was chosen.
    Outcome,
}

impl CaseNotice {
    /// As the address of a page says it.
    #[must_use]
    pub fn of_done(done: &str) -> Option<Self> {
        match done {
            "opened" => Some(Self::Opened),
            "moved" => Some(Self::Moved),
            _ => None,
        }
    }

    /// By the field that was refused.
    #[must_use]
    pub fn of_pointer(pointer: &str) -> Option<Self> {
        match pointer {
            "/note" => Some(Self::Note),
            "/department" => Some(Self::Department),
            "/to" => Some(Self::Owner),
            "/satisfaction" => Some(Self::Grade),
            "/outcome" => Some(Self::Outcome),
            _ => None,
        }
    }

    /// The sentence.
    #[must_use]
    pub fn notice(self, lang: Lang) -> Notice {
        let w = lang.cases();
        let (good, text) = match self {
            Self::Opened => (true, w.done_opened),
            Self::Moved => (true, w.done_moved),
            Self::Changed => (false, w.bad_changed),
            Self::Note => (false, w.bad_note),
            Self::Department => (false, w.bad_department),
            Self::Owner => (false, w.bad_owner),
            Self::Grade => (false, w.bad_grade),
            Self::Outcome => (false, w.bad_outcome),
        };
        Notice { good, text: text.to_owned() }
    }
}
