//! How long appeals may take.

use serde::Deserialize;

/// Days that steps of an appeal may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appeals {
    /// Days after a flag was confirmed in which staff may appeal it.
    pub window_days: u32,
    /// Days in which each step should be done.
    pub answer_days: u32,
}

impl Appeals {
    /// What must hold, as [`super::Settings`] checks it.
    pub(super) fn rules(self) -> [(&'static str, bool, &'static str); 2] {
        let month = 1..=30;
        [
            ("appeals.window_days", month.contains(&self.window_days), "must be between 1 and 30"),
            ("appeals.answer_days", month.contains(&self.answer_days), "must be between 1 and 30"),
        ]
    }

    /// The settings with their names.
    pub(super) fn lines(self) -> [(&'static str, String); 2] {
        let Self { window_days, answer_days } = self;
        [("appeals.window_days", window_days.to_string()), ("appeals.answer_days", answer_days.to_string())]
    }
}
