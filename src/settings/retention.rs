//! How long what is kept.

use serde::Deserialize;

/// Fewest days that the audit log may be kept: six months, which the Cybersecurity Law (article 21)
/// asks of logs.
const FEWEST_AUDIT_DAYS: u32 = 183;

/// Days that each class of data is kept; 0 keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Words of contacts.
    pub text_days: u32,
    /// Contacts with their analyses, flags, verdicts and numbers.
    pub analyses_days: u32,
    /// Weekly sums, incidents, coaching.
    pub sums_days: u32,
    /// Entries of the audit log.
    pub audit_days: u32,
}

impl Retention {
    /// What must hold, as [`super::Settings`] checks it.
    pub(super) const fn rule(&self) -> (&'static str, bool, &'static str) {
        let holds = self.audit_days == 0 || self.audit_days >= FEWEST_AUDIT_DAYS;
        ("retention.audit_days", holds, "must be 0 or at least 183, the six months that the law asks of logs")
    }

    /// The settings with their names.
    pub(super) fn lines(&self) -> [(&'static str, String); 4] {
        let Self { text_days, analyses_days, sums_days, audit_days } = self;
        [
            ("retention.text_days", text_days.to_string()),
            ("retention.analyses_days", analyses_days.to_string()),
            ("retention.sums_days", sums_days.to_string()),
            ("retention.audit_days", audit_days.to_string()),
        ]
    }
}
