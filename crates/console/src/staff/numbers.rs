//! «Where this number comes from»: every number of the pages about staff, teams and signals.

mod entry;
mod moods;
mod people;

use askama::Template;

use crate::frame::Frame;

use super::words::{SpokenOfStaff, StaffWords};
use entry::{NumberEntry, NumberExplanation};

/// The page that explains every number.
#[derive(Debug, Template)]
#[template(path = "numbers.html")]
pub struct NumbersPage {
    /// What surrounds it.
    pub frame: Frame,
    w: &'static StaffWords,
    entries: Vec<NumberExplanation>,
}

impl NumbersPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame) -> Self {
        let lang = frame.lang;
        Self { w: lang.staff(), entries: entries().map(|entry| entry.explain(lang)).collect(), frame }
    }
}

/// Every number, in the order of the page.
fn entries() -> impl Iterator<Item = &'static NumberEntry> {
    people::ENTRIES.iter().chain(moods::ENTRIES)
}

#[cfg(test)]
pub(super) fn anchors() -> Vec<&'static str> {
    entries().map(|entry| entry.anchor).collect()
}
