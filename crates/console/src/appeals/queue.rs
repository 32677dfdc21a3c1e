//! The list of appeals.

use askama::Template;

use super::view::AppealView;
use super::words::{AppealWords, SpokenOfAppeals};
use crate::frame::Frame;
use crate::label::Label;
use crate::lists::{Copied as _, ListTable, Listing, SpokenOfCopies as _, cell, cell_named, cell_of};
use crate::pages::Notice;
use tingxin_desk::AppealTurn;
use tingxin_store::Appeal;
use tingxin_text::domain::{AppealState, Permission, UtcMillis};

/// One state in the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealChoice {
    /// Address of the list.
    pub href: String,
    /// What it says.
    pub text: &'static str,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct AppealsInput<'a> {
    /// Appeals with what the viewer may do with each.
    pub appeals: &'a [(Appeal, AppealTurn)],
    /// The state asked for; none for all.
    pub state: Option<AppealState>,
    /// The encoded cursor of the following part.
    pub next: Option<&'a str>,
    /// The present moment, which decides what is overdue.
    pub now: UtcMillis,
}

/// The list of appeals.
#[derive(Debug, Template)]
#[template(path = "appeals.html")]
pub struct AppealsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static AppealWords,
    choices: Vec<AppealChoice>,
    appeals: Vec<AppealView>,
    next: Option<String>,
}

impl AppealsPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, input: &AppealsInput<'_>, notice: Option<Notice>) -> Self {
        let (lang, own) = (frame.lang, frame.allows(Permission::StaffOwn));
        let view = |(appeal, turn): &(Appeal, AppealTurn)| {
            AppealView::of(appeal, *turn, if own { "/me/contacts" } else { "/review" }, input.now, lang)
        };
        let here = |state: Option<AppealState>| {
            format!("/appeals?state={}", state.map(AppealState::as_str).unwrap_or_default())
        };
        let next = input.next.map(|cursor| format!("{}&cursor={cursor}", here(input.state)));
        let all =
            AppealChoice { href: here(None), text: lang.appeals().everything, chosen: input.state.is_none() };
        let each = AppealState::ALL.iter().map(|state| AppealChoice {
            href: here(Some(*state)),
            text: state.label(lang),
            chosen: input.state == Some(*state),
        });
        Self {
            notice,
            w: lang.appeals(),
            choices: std::iter::once(all).chain(each).collect(),
            appeals: input.appeals.iter().map(view).collect(),
            next,
            frame,
        }
    }
}

impl Listing for AppealsPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let (w, of) = (self.w, self.frame.lang.copies());
        let rows = self.appeals.iter().map(|one| {
            let state =
                if one.overdue { format!("{} · {}", one.state, w.overdue) } else { one.state.to_owned() };
            [
                cell(one.rule),
                cell_named(&one.staff),
                cell_named(&one.team),
                cell(state),
                cell(&one.filed),
                cell_of(one.due.as_ref()),
                cell_named(&one.first),
                cell(&one.text),
                cell_of(one.answer.as_ref()),
                cell_of(one.reason.as_ref()),
            ]
        });
        let heads = [of.rule, w.staff, w.team, of.state, w.filed, w.due, w.first, w.text, w.answer, w.reason];
        vec![ListTable::new(w.title, heads, rows)]
    }

    fn goes_on(&self) -> bool {
        self.next.is_some()
    }
}
