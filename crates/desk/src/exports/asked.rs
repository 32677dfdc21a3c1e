//! What is asked for, what is given, and who took it.

use tingxin_store::ContactRecord;
use tingxin_text::domain::{
    Analysis, Channel, ExportForm, ExportKind, ExportReason, StaffId, TeamId, UtcMillis,
};
use uuid::Uuid;

use super::cell::ExportCell;
use crate::{Caller, DeskError};

/// Which rows. Every part is optional and they all must hold.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct ExportFilter {
    /// Touchpoint.
    pub channel: Option<Channel>,
    /// Team.
    pub team: Option<TeamId>,
    /// Member of staff.
    pub staff: Option<StaffId>,
    /// Contact began at or after.
    pub since: Option<UtcMillis>,
    /// Contact began before.
    pub until: Option<UtcMillis>,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ExportAsked {
    /// What.
    pub kind: ExportKind,
    /// In which form.
    pub form: ExportForm,
    /// What for.
    pub reason: ExportReason,
    /// Which rows.
    pub filter: ExportFilter,
}

/// A contact with what was made of it.
#[derive(Debug, Clone)]
pub struct WholeContact {
    /// The contact.
    pub record: ContactRecord,
    /// Its analysis as the caller may see it; `None` while there is none.
    pub analysis: Option<Analysis>,
}

/// A part of an export.
#[derive(Debug, Clone)]
pub enum ExportPortion {
    /// Rows of a table, in the order of [`ExportColumn::of`](super::ExportColumn::of).
    Rows(Vec<Vec<ExportCell>>),
    /// Contacts whole, for a form that is no table.
    Contacts(Vec<WholeContact>),
}

/// Who took a copy, as it stands in the copy and in the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportMark {
    /// A short name of this one export.
    pub id: String,
    /// Who.
    pub by: String,
    /// What for.
    pub reason: ExportReason,
    /// When.
    pub at: UtcMillis,
}

impl ExportMark {
    /// A mark of its own for a copy that somebody takes now.
    #[must_use]
    pub fn new(by: &Caller, reason: ExportReason) -> Self {
        let name = by.actor.name.as_str();
        let id = Uuid::new_v7(uuid::Timestamp::now(uuid::NoContext)).simple().to_string();
        // The end of the key: its beginning is the time.
        let id = id.get(20..).unwrap_or_default().to_owned();
        Self {
            id,
            by: name.split_once(':').map_or(name, |(_, name)| name).to_owned(),
            reason,
            at: UtcMillis::now(),
        }
    }
}

impl ExportAsked {
    /// Whether it holds figures, which are computed for all at once.
    pub(super) const fn of_figures(&self) -> bool {
        matches!(self.kind, ExportKind::Staff | ExportKind::Teams)
    }

    /// Whether the form and the filter fit what is asked for.
    pub(super) fn check(&self) -> Result<(), DeskError> {
        let of_contacts = matches!(self.kind, ExportKind::Contacts | ExportKind::Analyses);
        if self.form == ExportForm::Vcon && !of_contacts {
            let reason = "a vCon holds a contact: take contacts or analyses as vcon, and flags, staff and teams as csv, xlsx or parquet";
            return Err(DeskError::field("/format", reason));
        }
        let by_contact =
            self.filter.channel.is_some() || self.filter.since.is_some() || self.filter.until.is_some();
        if self.of_figures() && by_contact {
            let reason =
                "statistics are about the last 13 weeks and all channels: leave channel, since and until out";
            return Err(DeskError::field("/filter", reason));
        }
        if self.kind == ExportKind::Flags && self.filter.staff.is_some() {
            return Err(DeskError::field("/staff", "flags are exported by team, channel and time"));
        }
        Ok(())
    }
}
