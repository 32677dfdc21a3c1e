//! The page of one case.

use askama::Template;

use super::view::CaseView;
use super::words::{CaseWords, SpokenOfCases as _};
use crate::frame::Frame;
use crate::label::{Label, actor};
use crate::lists::{Copied as _, ListTable, Listing, SpokenOfCopies as _, cell, cell_of};
use crate::pages::Notice;
use crate::text::Lang;
use tingxin_desk::{CaseFile, CaseTurn};
use tingxin_store::CaseEntry;
use tingxin_text::domain::{CaseAct, CaseCause, CaseOutcome, UtcMillis};

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct CasePageInput<'a> {
    /// The case with what was done.
    pub file: &'a CaseFile,
    /// What the viewer may do.
    pub turn: CaseTurn,
    /// Accounts that may get it.
    pub owners: &'a [String],
    /// The present moment.
    pub now: UtcMillis,
}

/// A line of what was done.
#[derive(Debug)]
struct DoneLine {
    at: String,
    text: String,
    note: Option<String>,
    contact: Option<String>,
}

/// One case.
#[derive(Debug, Template)]
#[template(path = "case.html")]
pub struct CasePage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static CaseWords,
    c: CaseView,
    turn: CaseTurn,
    steps: Vec<DoneLine>,
    owners: Vec<String>,
    outcomes: Vec<(&'static str, &'static str)>,
    causes: Vec<(&'static str, &'static str)>,
}

impl CasePage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, input: CasePageInput<'_>, notice: Option<Notice>) -> Self {
        let CasePageInput { file, turn, owners, now } = input;
        let lang = frame.lang;
        Self {
            notice,
            w: lang.cases(),
            c: CaseView::of(&file.case, now, lang),
            turn,
            steps: file.entries.iter().map(|entry| DoneLine::of(entry, lang)).collect(),
            owners: owners.to_vec(),
            outcomes: CaseOutcome::ALL.iter().map(|one| (one.as_str(), one.label(lang))).collect(),
            causes: CaseCause::ALL.iter().map(|one| (one.as_str(), one.label(lang))).collect(),
            frame,
        }
    }
}

impl DoneLine {
    fn of(entry: &CaseEntry, lang: Lang) -> Self {
        let to = entry.to.as_deref().map(|to| match entry.act {
            CaseAct::Forwarded => to.to_owned(),
            _ => actor(to, lang),
        });
        let to = to.map(|to| format!(" → {to}")).unwrap_or_default();
        Self {
            at: entry.at.to_beijing(),
            text: format!("{} · {}{to}", actor(&entry.by, lang), entry.act.label(lang)),
            note: entry.note.clone(),
            contact: entry.contact.map(|contact| format!("/review/{contact}")),
        }
    }
}

impl Listing for CasePage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let (w, of) = (self.w, self.frame.lang.copies());
        let rows =
            self.steps.iter().map(|step| [cell(&step.at), cell(&step.text), cell_of(step.note.as_ref())]);
        vec![ListTable::new(w.steps, [of.time, w.steps, of.note], rows)]
    }
}
