//! Words of contacts leave by a person's hand when a second person has approved it.

use tingxin_store::{ExportRequest, NewAudit, NewExportRequest};
use tingxin_text::domain::{Permission, UtcMillis};
use uuid::Uuid;

use super::asked::{ExportAsked, ExportFilter};
use super::exporting::Exporting;
use crate::{Caller, Desk, DeskError};

/// Requests that a page shows.
const SHOWN: u32 = 100;

/// How long an approval holds: a day.
const HOLDS_MILLIS: i64 = 86_400_000;

fn entry(caller: &Caller, action: &'static str, object: String) -> NewAudit {
    NewAudit {
        at: UtcMillis::now(),
        actor: caller.actor.clone(),
        action,
        object,
        result: "ok",
        purpose: None,
    }
}

fn asked_of(request: &ExportRequest) -> Result<ExportAsked, DeskError> {
    let filter: ExportFilter = serde_json::from_str(&request.asked.filter).map_err(|_| DeskError::Broken)?;
    let NewExportRequest { kind, form, reason, .. } = request.asked;
    Ok(ExportAsked { kind, form, reason, filter })
}

impl Desk {
    /// Asks to take words of contacts.
    ///
    /// # Errors
    /// [`DeskError::Field`] where no approval is needed or nothing could be taken,
    /// [`DeskError::OtherTeam`], [`DeskError::NotFound`] for a program, [`DeskError::Store`].
    pub async fn ask_export(&self, caller: &Caller, mut asked: ExportAsked) -> Result<Uuid, DeskError> {
        let account = caller.account.clone().ok_or(DeskError::NotFound)?;
        asked.check()?;
        if !asked.kind.holds_words(asked.form) {
            let reason = "this holds no words of contacts: take it without asking";
            return Err(DeskError::field("/kind", reason));
        }
        asked.filter.team = caller.team_or(asked.filter.team)?;
        let filter = serde_json::to_string(&asked.filter).map_err(|_| DeskError::Broken)?;
        let ExportAsked { kind, form, reason, .. } = asked;
        let new = NewExportRequest { kind, form, reason, filter, asked_by: account };
        let entry = entry(caller, "export.ask", format!("{kind} as {form} for {reason}"));
        Ok(self.store.ask_export(&new, &entry).await?)
    }

    /// Requests: those of the caller, and for whoever may approve those of all whose contacts they see.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn export_requests(&self, caller: &Caller) -> Result<Vec<ExportRequest>, DeskError> {
        let mut requests = self.store.export_requests(SHOWN).await?;
        let approves = caller.may(Permission::ExportsApprove);
        requests.retain(|request| {
            let is_own = caller.account.as_ref() == Some(&request.asked.asked_by);
            is_own
                || (approves && asked_of(request).is_ok_and(|asked| caller.sees(asked.filter.team.as_ref())))
        });
        Ok(requests)
    }

    /// Approves or refuses what somebody else asked for.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] where it is not there, was decided, or is the caller's own,
    /// [`DeskError::Store`].
    pub async fn decide_export(&self, caller: &Caller, id: Uuid, approve: bool) -> Result<(), DeskError> {
        let account = caller.account.as_deref().ok_or(DeskError::NotFound)?;
        let request = self.store.export_request(id).await?.ok_or(DeskError::NotFound)?;
        if !caller.sees(asked_of(&request)?.filter.team.as_ref()) {
            return Err(DeskError::NotFound);
        }
        let action = if approve { "export.approve" } else { "export.refuse" };
        let entry = entry(caller, action, id.to_string());
        if self.store.decide_export(id, approve, (account, &entry)).await? {
            Ok(())
        } else {
            Err(DeskError::NotFound)
        }
    }

    /// Begins the export that a second person approved: once, within a day.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::ApprovalNeeded`], [`DeskError::Store`].
    pub async fn take_export(&self, caller: &Caller, id: Uuid) -> Result<Exporting, DeskError> {
        let account = caller.account.as_deref().ok_or(DeskError::NotFound)?;
        let request = self.store.export_request(id).await?.ok_or(DeskError::NotFound)?;
        let now = UtcMillis::now();
        let asked = asked_of(&request)?;
        if !self.store.take_export(id, account, (now, now.plus_millis(-HOLDS_MILLIS))).await? {
            return Err(DeskError::ApprovalNeeded);
        }
        self.begin_export(caller, asked).await
    }
}
