//! An export, portion by portion.

use std::sync::Arc;

use tingxin_store::{ContactFilter, ContactSummary, Cursor, FlagFilter, FlagRow, Page};
use tingxin_text::domain::{ExportForm, ExportKind, FlagStatus, Purpose};

use super::asked::{ExportAsked, ExportFilter, ExportMark, ExportPortion, WholeContact};
use super::rows;
use crate::{Caller, Desk, DeskError, Figures};

/// Rows of one portion of a list.
const ROWS: u32 = 500;

/// Contacts of one portion with their words.
const CONTACTS: u32 = 50;

/// An export that is read portion by portion.
pub struct Exporting {
    desk: Desk,
    caller: Caller,
    asked: ExportAsked,
    mark: ExportMark,
    figures: Option<Arc<Figures>>,
    after: Option<Cursor>,
    ended: bool,
}

/// What of the filter the audit log says: which parts, never their values.
fn parts(filter: &ExportFilter) -> String {
    let names = [
        ("channel", filter.channel.is_some()),
        ("team", filter.team.is_some()),
        ("staff", filter.staff.is_some()),
        ("time", filter.since.is_some() || filter.until.is_some()),
    ];
    let parts: Vec<&str> = names.into_iter().filter(|(_, asked)| *asked).map(|(name, _)| name).collect();
    if parts.is_empty() { "all".to_owned() } else { parts.join(", ") }
}

impl Desk {
    /// Begins an export and writes it down.
    ///
    /// # Errors
    /// [`DeskError::Field`] where the form does not hold what is asked for, [`DeskError::OtherTeam`],
    /// [`DeskError::ApprovalNeeded`] where a person asks for words, [`DeskError::Store`].
    pub async fn export(&self, caller: &Caller, asked: ExportAsked) -> Result<Exporting, DeskError> {
        asked.check()?;
        if caller.account.is_some() && asked.kind.holds_words(asked.form) {
            return Err(DeskError::ApprovalNeeded);
        }
        self.begin_export(caller, asked).await
    }

    /// Begins an export that the caller may take.
    pub(super) async fn begin_export(
        &self,
        caller: &Caller,
        mut asked: ExportAsked,
    ) -> Result<Exporting, DeskError> {
        asked.filter.team = caller.team_or(asked.filter.team)?;
        let caller = Caller { purpose: Some(Purpose::Export), ..caller.clone() };
        let mark = ExportMark::new(&caller, asked.reason);
        let ExportAsked { kind, form, reason, filter } = &asked;
        let object = format!("{kind} as {form} for {reason} by {}, mark {}", parts(filter), mark.id);
        self.write_down(&caller, "export", object, true).await?;
        let figures = if asked.of_figures() { Some(self.figures().await?) } else { None };
        Ok(Exporting { desk: self.clone(), caller, asked, mark, figures, after: None, ended: false })
    }
}

impl Exporting {
    /// Who takes it.
    #[must_use]
    pub const fn mark(&self) -> &ExportMark {
        &self.mark
    }

    /// What is exported.
    #[must_use]
    pub const fn asked(&self) -> &ExportAsked {
        &self.asked
    }

    /// The next portion; `None` when everything is out.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn portion(&mut self) -> Result<Option<ExportPortion>, DeskError> {
        if self.ended {
            return Ok(None);
        }
        if let Some(figures) = self.figures.take() {
            self.ended = true;
            let ExportFilter { team, staff, .. } = &self.asked.filter;
            let rows = match self.asked.kind {
                ExportKind::Staff => rows::of_staff(&figures, (team.as_ref(), staff.as_ref())),
                _ => rows::of_teams(&figures, team.as_ref()),
            };
            return Ok(Some(ExportPortion::Rows(rows)));
        }
        if self.asked.kind == ExportKind::Flags {
            let flags = self.flags().await?;
            return Ok(Some(ExportPortion::Rows(flags.iter().map(rows::of_flag).collect())));
        }
        if self.asked.kind.holds_words(self.asked.form) {
            return self.words().await.map(Some);
        }
        let contacts = self.contacts(ROWS).await?;
        Ok(Some(ExportPortion::Rows(contacts.iter().map(rows::of_contact).collect())))
    }

    /// Contacts with their words, and with their analyses where these are asked for.
    async fn words(&mut self) -> Result<ExportPortion, DeskError> {
        let mut whole = Vec::new();
        for contact in self.contacts(CONTACTS).await? {
            let team = self.caller.team.clone();
            // Erased a moment ago, or moved to another team: it is not there any more.
            let Some(record) = self.desk.store.contact(contact.id, team.as_ref()).await? else { continue };
            let analysis = match self.asked.kind {
                ExportKind::Analyses => self.desk.analysis(&self.caller, contact.id).await?,
                _ => None,
            };
            whole.push(WholeContact { record, analysis });
        }
        if self.asked.form == ExportForm::Vcon {
            return Ok(ExportPortion::Contacts(whole));
        }
        Ok(ExportPortion::Rows(whole.iter().flat_map(rows::of_analysis).collect()))
    }

    async fn contacts(&mut self, limit: u32) -> Result<Vec<ContactSummary>, DeskError> {
        let ExportFilter { channel, team, staff, since, until } = self.asked.filter.clone();
        let filter = ContactFilter { channel, team, staff, since, until, ..ContactFilter::default() };
        let page = self.desk.store.contacts(&filter, self.after.as_ref(), limit).await?;
        let mut contacts = self.turned(page);
        self.desk.count_shown(&self.caller, contacts.iter_mut()).await?;
        Ok(contacts)
    }

    async fn flags(&mut self) -> Result<Vec<FlagRow>, DeskError> {
        let ExportFilter { channel, team, since, until, staff: _ } = self.asked.filter.clone();
        let status = (!self.caller.sees_unconfirmed()).then_some(FlagStatus::SHOWN_TO_OTHERS);
        let without = self.desk.rule_states().await?.not_shown();
        let filter = FlagFilter { channel, team, since, until, status, without, ..FlagFilter::default() };
        let page = self.desk.store.flags(&filter, self.after.as_ref(), ROWS).await?;
        Ok(self.turned(page))
    }

    /// Goes on to the next page.
    fn turned<T>(&mut self, page: Page<T>) -> Vec<T> {
        let Page { items, next } = page;
        self.ended = next.is_none();
        self.after = next;
        items
    }
}
