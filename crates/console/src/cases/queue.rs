//! The queue of cases.

use askama::Template;

use super::view::CaseView;
use super::words::{CaseWords, SpokenOfCases as _};
use crate::appeals::AppealChoice as TabChoice;
use crate::frame::Frame;
use crate::label::Label;
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named, cell_of};
use crate::pages::Notice;
use crate::text::fill;
use tingxin_store::{CaseBacklog, ServiceCase};
use tingxin_text::domain::{CaseKind, UtcMillis};

/// Which cases the page lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CaseTab {
    /// Those that are not closed.
    #[default]
    Open,
    /// Those of them that the viewer has.
    Own,
    /// Those of them that are overdue.
    Overdue,
    /// Those that wait for a department.
    Forwarded,
    /// Those whose customer came back after they were closed.
    CameBack,
    /// Those whose customer is to be won back.
    WinBack,
    /// Those that are closed.
    Closed,
}

impl CaseTab {
    const ALL: [Self; 7] =
        [Self::Open, Self::Own, Self::Overdue, Self::Forwarded, Self::CameBack, Self::WinBack, Self::Closed];

    /// As an address has it.
    const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Own => "own",
            Self::Overdue => "overdue",
            Self::Forwarded => "forwarded",
            Self::CameBack => "came_back",
            Self::WinBack => "win_back",
            Self::Closed => "closed",
        }
    }

    /// From an address.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.code() == code)
    }

    const fn text(self, w: &CaseWords) -> &'static str {
        match self {
            Self::Open => w.tab_open,
            Self::Own => w.tab_own,
            Self::Overdue => w.tab_overdue,
            Self::Forwarded => w.tab_forwarded,
            Self::CameBack => w.tab_came_back,
            Self::WinBack => w.tab_win_back,
            Self::Closed => w.tab_closed,
        }
    }
}

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct CasesInput<'a> {
    /// The cases of this part.
    pub cases: &'a [ServiceCase],
    /// How many wait, by kind.
    pub backlog: &'a [(CaseKind, CaseBacklog)],
    /// Which of them it lists.
    pub tab: CaseTab,
    /// The contact they are about, as the address has it.
    pub contact: Option<&'a str>,
    /// The encoded cursor of the following part.
    pub next: Option<&'a str>,
    /// The present moment, which decides what is overdue.
    pub now: UtcMillis,
}

/// The queue of cases.
#[derive(Debug, Template)]
#[template(path = "cases.html")]
pub struct CasesPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static CaseWords,
    about: Option<&'static str>,
    tabs: Vec<TabChoice>,
    backlog: Vec<String>,
    cases: Vec<CaseView>,
    next: Option<String>,
}

impl CasesPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, input: &CasesInput<'_>, notice: Option<Notice>) -> Self {
        let (lang, w) = (frame.lang, frame.lang.cases());
        let tab = |tab: CaseTab| TabChoice {
            href: format!("/cases?tab={}", tab.code()),
            text: tab.text(w),
            chosen: tab == input.tab && input.contact.is_none(),
        };
        let line = |(kind, owed): &(CaseKind, CaseBacklog)| {
            let counts = [
                fill(w.owed, owed.open),
                fill(w.due_soon, owed.due - owed.overdue),
                fill(w.overdue_count, owed.overdue),
            ];
            format!("{} · {}", kind.label(lang), counts.join(" · "))
        };
        let of = input.contact.map(|contact| format!("&contact={contact}")).unwrap_or_default();
        let here = format!("/cases?tab={}{of}", input.tab.code());
        Self {
            notice,
            w,
            about: match input.tab {
                CaseTab::CameBack => Some(w.lead_came_back),
                CaseTab::WinBack => Some(w.lead_win_back),
                _ => None,
            },
            tabs: CaseTab::ALL.into_iter().map(tab).collect(),
            backlog: input.backlog.iter().map(line).collect(),
            cases: input.cases.iter().map(|case| CaseView::of(case, input.now, lang)).collect(),
            next: input.next.map(|cursor| format!("{here}&cursor={cursor}")),
            frame,
        }
    }
}

impl Listing for CasesPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w;
        let rows = self.cases.iter().map(|case| {
            let state =
                if case.overdue { format!("{} · {}", case.state, w.overdue) } else { case.state.to_owned() };
            [
                cell(&case.matter),
                cell(case.channel),
                cell_named(&case.team),
                cell(state),
                cell_of(case.department.as_ref()),
                cell(&case.opened),
                cell(&case.due),
                cell_of(case.owner.as_ref()),
                cell(format_args!("{} · {}", case.kind, case.origin)),
                cell_of(case.outcome),
                cell_of(case.cause),
            ]
        });
        let heads = [
            w.col_matter,
            w.channel,
            w.team,
            w.col_state,
            w.department,
            w.opened,
            w.col_due,
            w.col_owner,
            w.col_origin,
            w.outcome,
            w.cause,
        ];
        vec![ListTable::new(w.title, heads, rows)]
    }

    fn goes_on(&self) -> bool {
        self.next.is_some()
    }
}
