//! People outside the limits whom nobody has listened to yet: how many, never who.

use super::form::say;
use super::words::SpokenOfStaff;
use crate::label::Label;
use crate::pages::Notice;
use crate::text::Lang;
use tingxin_desk::{AskedSoFar, Outside};

/// A behaviour on which people stand outside the limits; nobody is named by it.
#[derive(Debug)]
pub(super) struct OutsideRow {
    pub(super) code: &'static str,
    pub(super) people: Option<String>,
    pub(super) asked: Option<String>,
    pub(super) ask: String,
}

impl OutsideRow {
    pub(super) fn of(one: &Outside, lang: Lang) -> Self {
        let (w, name) = (lang.staff(), one.indicator.label(lang));
        let AskedSoFar { confirmed, otherwise, waiting } = one.asked;
        let all = confirmed + otherwise + waiting;
        Self {
            code: one.indicator.as_str(),
            people: (one.people > 0).then(|| say(w.outside_row, &[&name, &one.people])),
            asked: (all > 0).then(|| say(w.outside_asked, &[&all, &confirmed, &otherwise, &waiting])),
            ask: say(w.outside_ask, &[&name]),
        }
    }
}

/// That reviewers have been asked.
#[must_use]
pub fn asked_notice(lang: Lang) -> Notice {
    Notice { good: true, text: lang.staff().outside_done.to_owned() }
}
