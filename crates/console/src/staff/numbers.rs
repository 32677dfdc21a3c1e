//! «Where this number comes from»: every number of the pages about staff, teams and signals.

mod moods;
mod people;

use std::fmt::Display;

use askama::Template;

use crate::frame::Frame;
use crate::text::Lang;

use super::form::say;
use super::words::Words;

/// Chinese and English.
type Both = (&'static str, &'static str);

/// A number. `{n}` in `least` is filled from the constants that decide, so that no page tells another threshold.
struct Entry {
    anchor: &'static str,
    name: Both,
    what: Both,
    formula: Both,
    from: Both,
    sure: Both,
    least: Both,
    counts: &'static [usize],
    known: Both,
    source: Both,
}

/// One number in the language of the page.
#[derive(Debug)]
struct Explained {
    anchor: &'static str,
    name: &'static str,
    parts: Vec<(&'static str, String)>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "numbers.html")]
pub struct NumbersPage {
    /// What surrounds it.
    pub frame: Frame,
    w: &'static Words,
    entries: Vec<Explained>,
}

impl NumbersPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame) -> Self {
        let lang = frame.lang;
        Self { w: lang.staff(), entries: entries().map(|entry| entry.explain(lang)).collect(), frame }
    }
}

impl Entry {
    fn explain(&self, lang: Lang) -> Explained {
        let w = lang.staff();
        let pick = |(zh, en): Both| match lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        let counts: Vec<&dyn Display> = self.counts.iter().map(|count| -> &dyn Display { count }).collect();
        let text = |both: Both| pick(both).to_owned();
        let parts = vec![
            (w.n_what, text(self.what)),
            (w.n_formula, text(self.formula)),
            (w.n_from, text(self.from)),
            (w.n_sure, text(self.sure)),
            (w.n_least, say(pick(self.least), &counts)),
            (w.n_known, text(self.known)),
            (w.n_source, text(self.source)),
        ];
        Explained { anchor: self.anchor, name: pick(self.name), parts }
    }
}

/// Every number, in the order of the page.
fn entries() -> impl Iterator<Item = &'static Entry> {
    people::ENTRIES.iter().chain(moods::ENTRIES)
}

#[cfg(test)]
pub(super) fn anchors() -> Vec<&'static str> {
    entries().map(|entry| entry.anchor).collect()
}
