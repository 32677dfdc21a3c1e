//! What has just been done with an appeal, and why something was not.

use super::words::SpokenOfAppeals;
use crate::pages::Notice;
use crate::text::Lang;

/// A sentence about what has just been done or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealNotice {
    /// Acknowledged.
    Acknowledged,
    /// Filed.
    Filed,
    /// A step was taken.
    Moved,
    /// It is too late, or somebody was quicker.
    Closed,
    /// An own verdict.
    OwnVerdict,
    /// The text is not accepted.
    Note,
}

impl AppealNotice {
    /// As the address of a page says it.
    #[must_use]
    pub fn of_done(done: &str) -> Option<Self> {
        match done {
            "acknowledged" => Some(Self::Acknowledged),
            "filed" => Some(Self::Filed),
            "moved" => Some(Self::Moved),
            _ => None,
        }
    }

    /// The sentence.
    #[must_use]
    pub fn notice(self, lang: Lang) -> Notice {
        let w = lang.appeals();
        let (good, text) = match self {
            Self::Acknowledged => (true, w.done_acknowledged),
            Self::Filed => (true, w.done_filed),
            Self::Moved => (true, w.done_moved),
            Self::Closed => (false, w.bad_closed),
            Self::OwnVerdict => (false, w.bad_own),
            Self::Note => (false, w.bad_note),
        };
        Notice { good, text: text.to_owned() }
    }
}
