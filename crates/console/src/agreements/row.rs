//! An agreement in a list.

use super::words::{AgreementWords, SpokenOfAgreements as _};
use crate::label::{Label as _, actor};
use crate::lists::{CopyWords, cell, cell_named, cell_of};
use crate::query::encode;
use crate::text::{Lang, fill};
use tingxin_desk::ExportCell;
use tingxin_staff::Indicator;
use tingxin_store::Coaching;
use tingxin_text::domain::UtcMillis;

/// Agreed coaching.
#[derive(Debug, Clone)]
pub(crate) struct AgreedRow {
    pub(crate) staff: String,
    /// The page of the person.
    pub(crate) href: String,
    /// The agreement for whoever coaches.
    pub(crate) open: String,
    /// The agreement for the person.
    pub(crate) own: String,
    pub(crate) indicator: String,
    pub(crate) programme: &'static str,
    pub(crate) training: Option<String>,
    pub(crate) note: String,
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) due: String,
    pub(crate) state: &'static str,
    pub(crate) late: bool,
    pub(crate) is_open: bool,
    pub(crate) read: String,
}

impl AgreedRow {
    pub(crate) fn of(one: &Coaching, now: UtcMillis, lang: Lang) -> Self {
        let w = lang.agreements();
        let known = Indicator::from_name(&one.indicator).map(|indicator| indicator.label(lang));
        let late = one.is_overdue(now);
        Self {
            staff: one.staff.to_string(),
            href: format!("/coaching/{}", encode(one.staff.as_str())),
            open: format!("/coaching/agreements/{}", one.id),
            own: format!("/me/coaching/{}", one.id),
            indicator: known.unwrap_or(&one.indicator).to_owned(),
            programme: one.programme.map_or(w.none, |programme| programme.label(lang)),
            training: one.training_title.as_ref().map(|(zh, en)| title(zh, en.as_deref(), lang)),
            note: one.note.clone(),
            by: actor(&one.agreed_by, lang),
            at: one.agreed_at.to_beijing(),
            due: one.due_at.map_or_else(|| w.none.to_owned(), day),
            state: state(one, late, lang),
            late,
            is_open: one.is_open(),
            read: one.acknowledged_at.map_or_else(|| w.unread.to_owned(), |at| fill(w.read, day(at))),
        }
    }
}

impl AgreedRow {
    /// Heads of [`AgreedRow::cells`]; `staff` is what a work number is called.
    pub(crate) const fn heads(staff: &'static str, w: &AgreementWords, of: &CopyWords) -> [&'static str; 9] {
        [staff, w.behaviour, w.programme, w.training, of.note, w.due, w.state, of.read, w.by]
    }

    /// The row as data.
    pub(crate) fn cells(&self) -> [ExportCell; 9] {
        [
            cell_named(&self.staff),
            cell(&self.indicator),
            cell(self.programme),
            cell_of(self.training.as_ref()),
            cell(&self.note),
            cell(&self.due),
            cell(self.state),
            cell(&self.read),
            cell_named(format_args!("{} {}", self.by, self.at)),
        ]
    }
}

/// The title of a training in a language; one that nobody translated stays as it is.
pub(super) fn title(zh: &str, en: Option<&str>, lang: Lang) -> String {
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.unwrap_or(zh).to_owned(),
    }
}

/// `2026-11-26`.
pub(super) fn day(at: UtcMillis) -> String {
    at.to_beijing().chars().take(10).collect()
}

fn state(one: &Coaching, late: bool, lang: Lang) -> &'static str {
    let w = lang.agreements();
    match (one.ended_at, one.done_at) {
        (Some(_), _) => w.ended,
        (None, Some(_)) => w.done,
        (None, None) if late => w.overdue,
        (None, None) => w.open,
    }
}
