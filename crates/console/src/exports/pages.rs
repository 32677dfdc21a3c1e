//! Copies: tables at once, words of contacts after a second person has approved it.

use askama::Template;

use super::words::{ExportWords, SpokenOfExports};
use crate::frame::Frame;
use crate::label::Label;
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named};
use crate::pages::Notice;
use crate::text::fill;
use tingxin_store::ExportRequest;
use tingxin_text::domain::{ExportForm, ExportKind, ExportReason, Permission, UtcMillis};

/// Copies.
#[derive(Debug, Template)]
#[template(path = "exports.html")]
pub struct ExportsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// Requests that the viewer sees.
    pub requests: Vec<ExportRequest>,
    /// Approvals that were given before then no longer hold.
    pub since: UtcMillis,
}

impl ExportsPage {
    fn w(&self) -> &'static ExportWords {
        self.frame.lang.exports()
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let needs = |kind: &ExportKind| match kind {
            ExportKind::Contacts => Some(Permission::ContactsRead),
            ExportKind::Flags => Some(Permission::FlagsRead),
            ExportKind::Staff | ExportKind::Teams => Some(Permission::StaffRead),
            ExportKind::Analyses => None,
        };
        let open =
            ExportKind::ALL.iter().filter(|kind| needs(kind).is_some_and(|need| self.frame.allows(need)));
        open.map(|kind| (kind.as_str(), kind.label(self.frame.lang))).collect()
    }

    fn forms(&self) -> Vec<(&'static str, &'static str)> {
        [ExportForm::Xlsx, ExportForm::Csv].map(|form| (form.as_str(), form.label(self.frame.lang))).to_vec()
    }

    fn reasons(&self) -> Vec<(&'static str, &'static str)> {
        ExportReason::ALL.iter().map(|reason| (reason.as_str(), reason.label(self.frame.lang))).collect()
    }

    fn what(&self, request: &ExportRequest) -> String {
        let (lang, asked) = (self.frame.lang, &request.asked);
        format!("{} · {} · {}", asked.kind.label(lang), asked.form.label(lang), asked.reason.label(lang))
    }

    fn state(&self, request: &ExportRequest) -> String {
        let w = self.w();
        let by = request.decided_by.as_deref().unwrap_or_default();
        match (request.approved, request.taken_at) {
            (None, _) => w.waits.to_owned(),
            (Some(false), _) => fill(w.refused, by),
            (Some(true), Some(at)) => fill(w.taken, at.to_beijing()),
            (Some(true), None) if request.decided_at.is_some_and(|at| at < self.since) => {
                w.expired.to_owned()
            }
            (Some(true), None) => fill(w.approved, by),
        }
    }

    fn is_own(&self, request: &ExportRequest) -> bool {
        self.frame.viewer.as_ref().is_some_and(|viewer| viewer.name == request.asked.asked_by)
    }

    fn may_take(&self, request: &ExportRequest) -> bool {
        let holds = request.decided_at.is_some_and(|at| at >= self.since);
        self.is_own(request) && request.approved == Some(true) && request.taken_at.is_none() && holds
    }

    fn may_decide(&self, request: &ExportRequest) -> bool {
        request.approved.is_none() && !self.is_own(request) && self.frame.allows(Permission::ExportsApprove)
    }
}

impl Listing for ExportsPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w();
        let rows = self.requests.iter().map(|request| {
            [
                cell(request.asked_at.to_beijing()),
                cell_named(&request.asked.asked_by),
                cell(self.what(request)),
                cell(self.state(request)),
            ]
        });
        vec![ListTable::new(w.requests, [w.time, w.who, w.what, w.state], rows)]
    }
}
