//! What a member of staff sees of own contacts: what was confirmed, with its words.

use askama::Template;

use super::view::AppealView;
use super::words::{AppealWords, SpokenOfAppeals};
use crate::contact::{ContactView, FlagView, Neighbours, Review};
use crate::frame::Frame;
use crate::lists::{Copied as _, ListTable, Listing, SpokenOfCopies as _, cell};
use crate::pages::Notice;
use crate::text::{Lang, fill};
use tingxin_desk::{AppealTerms, AppealTurn, OwnContact};
use tingxin_store::Released;
use tingxin_text::domain::{Kind, Rule, UtcMillis};

/// A confirmed flag in the list of own results.
#[derive(Debug, Clone)]
pub struct OwnLine {
    pub(crate) flag: FlagView,
    pub(crate) key: String,
    pub(crate) href: String,
    pub(crate) at: String,
    pub(crate) seen: Option<String>,
    pub(crate) appealed: bool,
    pub(crate) may_appeal: bool,
    pub(crate) until: String,
}

impl OwnLine {
    /// Whether it is good work.
    pub(crate) fn is_praise(&self) -> bool {
        self.flag.rule == Rule::Recovery.as_str()
    }

    /// Puts a released flag into words.
    #[must_use]
    pub fn of(one: &Released, terms: AppealTerms, now: UtcMillis, lang: Lang) -> Self {
        let (w, until) = (lang.appeals(), terms.window_ends(one.released_at));
        let open = until >= now;
        let seen = one.acknowledged_at.map(|at| {
            let note = one.acknowledged_note.as_deref().map(|note| format!(" · {note}"));
            format!("{} {}{}", w.seen, at.to_beijing(), note.unwrap_or_default())
        });
        Self {
            flag: FlagView::new(&one.row.flag, Kind::Transcript, lang),
            key: one.row.id.0.to_string(),
            href: format!("/me/contacts/{}", one.row.contact),
            at: one.row.started_at.map(UtcMillis::to_beijing).unwrap_or_default(),
            seen,
            appealed: one.appeal.is_some(),
            may_appeal: open && one.appeal.is_none(),
            until: fill(if open { w.until } else { w.closed }, until.to_beijing()),
        }
    }
}

/// What the page of an own contact is made of.
#[derive(Clone, Copy)]
pub struct OwnContactInput<'a> {
    /// The contact.
    pub contact: &'a OwnContact,
    /// What the person may do with each appeal, in their order.
    pub turns: &'a [AppealTurn],
    /// How long appeals may take.
    pub terms: AppealTerms,
    /// The present moment.
    pub now: UtcMillis,
}

/// An own contact with its words.
#[derive(Debug, Template)]
#[template(path = "own_contact.html")]
pub struct OwnContactPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static AppealWords,
    items: Vec<OwnLine>,
    appeals: Vec<AppealView>,
    c: ContactView,
}

impl OwnContactPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, input: OwnContactInput<'_>, notice: Option<Notice>) -> Self {
        let OwnContactInput { contact, turns, terms, now } = input;
        let lang = frame.lang;
        let rows: Vec<_> = contact.released.iter().map(|one| one.row.clone()).collect();
        let around = Neighbours { list: "/me".to_owned(), ..Neighbours::default() };
        let review = Review { around, flags: &rows, ..Review::default() };
        Self {
            notice,
            w: lang.appeals(),
            items: contact.released.iter().map(|one| OwnLine::of(one, terms, now, lang)).collect(),
            appeals: contact
                .appeals
                .iter()
                .zip(turns)
                .map(|(appeal, turn)| AppealView::of(appeal, *turn, "/me/contacts", now, lang))
                .collect(),
            c: ContactView::new(&contact.record, contact.analysis.as_ref(), review, lang),
            frame,
        }
    }
}

impl Listing for OwnContactPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let (w, of) = (self.w, self.frame.lang.copies());
        let rows = self.items.iter().map(|line| {
            let seen = line.seen.as_deref().unwrap_or(w.unseen);
            [cell(line.flag.name), cell(&line.flag.reason), cell(seen), cell(&line.until)]
        });
        let items = ListTable::new(w.items, [of.rule, of.note, of.state, w.due], rows);
        std::iter::once(items).chain(self.c.curve_list(self.frame.t)).collect()
    }
}
