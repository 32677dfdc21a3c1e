//! How the work of reviewers is shared.

use serde::Deserialize;

/// How the work of reviewers is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewSettings {
    /// Minutes for which the others are told that somebody looks at a contact.
    pub claim_minutes: u32,
    /// Unjudged contacts up to which a reviewer is given more.
    pub most_open: u32,
}

impl ReviewSettings {
    /// What must hold, as [`super::Settings`] checks it.
    pub(super) fn rules(self) -> [(&'static str, bool, &'static str); 2] {
        [
            (
                "review.claim_minutes",
                (1..=480).contains(&self.claim_minutes),
                "must be between 1 and 480 (8 hours)",
            ),
            ("review.most_open", (1..=1000).contains(&self.most_open), "must be between 1 and 1000"),
        ]
    }

    /// The settings with their names.
    pub(super) fn lines(self) -> [(&'static str, String); 2] {
        let Self { claim_minutes, most_open } = self;
        [("review.claim_minutes", claim_minutes.to_string()), ("review.most_open", most_open.to_string())]
    }
}
