//! The audit log as a page.

use askama::Template;

use crate::acts::{act, acts};
use crate::frame::Frame;
use crate::label::Label;
use crate::pages::Notice;
use crate::text::{Lang, fill, texts};
use tingxin_desk::AuditStanding;
use tingxin_store::{AuditCheck, AuditEntry};
use tingxin_text::domain::ExportReason;

texts! {
    /// The words of the filter in one language.
    pub(crate) AuditWords:

    filter: "筛选", "Filter";
    all: "全部", "All";
    from: "从", "From";
    to: "到", "To";
    show: "筛选", "Show";
    export: "导出", "Export";
}

/// The audit log.
#[derive(Debug, Template)]
#[template(path = "audit.html")]
pub struct AuditPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Entries, newest first.
    pub entries: Vec<AuditEntry>,
    /// The address of the part after this one.
    pub next: Option<String>,
    /// What the list is narrowed to.
    pub asked: AuditAsked,
    /// What the last check of the log found; `None` before the first.
    pub standing: Option<AuditStanding>,
}

/// What the list of the audit log is narrowed to, as a form has it; empty for nothing.
#[derive(Debug, Clone, Default)]
pub struct AuditAsked {
    /// Account, key or `system`.
    pub actor: String,
    /// The act, by its code.
    pub action: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

impl AuditPage {
    const fn w(&self) -> &'static AuditWords {
        match self.frame.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    fn reasons(&self) -> Vec<(&'static str, &'static str)> {
        ExportReason::ALL.iter().map(|reason| (reason.as_str(), reason.label(self.frame.lang))).collect()
    }

    fn acts(&self) -> Vec<(&'static str, &'static str)> {
        acts(self.frame.lang)
    }

    fn act<'a>(&self, entry: &'a AuditEntry) -> &'a str {
        act(&entry.action, self.frame.lang)
    }

    fn role(&self, entry: &AuditEntry) -> &'static str {
        entry.role.map_or("", |role| role.label(self.frame.lang))
    }

    fn purpose(&self, entry: &AuditEntry) -> &'static str {
        entry.purpose.map_or("", |purpose| purpose.label(self.frame.lang))
    }

    /// What the last check found, with its time.
    fn notice(&self) -> Option<Notice> {
        let (t, standing) = (self.frame.t, self.standing?);
        let (good, found) = match standing.check {
            AuditCheck::Intact { entries } => (true, fill(t.audit_intact, entries)),
            AuditCheck::Broken { seq } => (false, fill(t.audit_broken, seq)),
        };
        Some(Notice { good, text: format!("{found}{}", fill(t.audit_checked, standing.at.to_beijing())) })
    }
}
