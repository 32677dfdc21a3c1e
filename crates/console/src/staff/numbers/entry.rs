//! One number with what is to be known about it.

use super::super::words::SpokenOfStaff;
use std::fmt::Display;

use super::super::form::say;
use crate::text::Lang;

/// Chinese and English.
pub(super) type Both = (&'static str, &'static str);

/// A number. `{n}` in `least` is filled from the constants that decide, so that no page tells
/// another threshold.
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
        let counts: Vec<&dyn Display> = self.counts.iter().map(|count| -> &dyn Display { count }).collect();
        let parts = vec![
            (w.n_what, pick(self.what, lang).to_owned()),
            (w.n_formula, pick(self.formula, lang).to_owned()),
            (w.n_from, pick(self.from, lang).to_owned()),
            (w.n_sure, pick(self.sure, lang).to_owned()),
            (w.n_least, say(pick(self.least, lang), &counts)),
            (w.n_known, pick(self.known, lang).to_owned()),
            (w.n_source, pick(self.source, lang).to_owned()),
        ];
        NumberExplanation { anchor: self.anchor, name: pick(self.name, lang), parts }
    }
}

fn pick((zh, en): Both, lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
