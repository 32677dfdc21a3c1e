//! One number with what is to be known about it.

use super::super::words::SpokenOfStaff;
use std::fmt::Display;

use super::super::form::say;
use crate::text::Lang;

/// Chinese and English.
pub(super) type Both = (&'static str, &'static str);

/// A number. `{n}` in `least` is filled from the constants that decide, so that no page tells another threshold.
pub(super) struct NumberEntry {
    pub(super) anchor: &'static str,
    pub(super) name: Both,
    pub(super) what: Both,
    pub(super) formula: Both,
    pub(super) from: Both,
    pub(super) sure: Both,
    pub(super) least: Both,
    pub(super) counts: &'static [usize],
    pub(super) known: Both,
    pub(super) source: Both,
}

/// One number in the language of the page.
#[derive(Debug)]
pub(super) struct NumberExplanation {
    pub(super) anchor: &'static str,
    pub(super) name: &'static str,
    pub(super) parts: Vec<(&'static str, String)>,
}

impl NumberEntry {
    pub(super) fn explain(&self, lang: Lang) -> NumberExplanation {
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
        NumberExplanation { anchor: self.anchor, name: pick(self.name), parts }
    }
}
