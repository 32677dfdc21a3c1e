//! What is shown to whom: others than reviewers and senders see nothing about a person before a reviewer confirmed it.

use tingxin_store::{ContactSummary, Cursor, FlagFilter, FlagRow, Page, Verdict};
use tingxin_text::domain::{Analysis, ContactRef, Flag, FlagStatus, Rule, SignalKind};

use crate::{Caller, Desk, DeskError};

impl Desk {
    /// The analysis of a contact as the caller may see it: others see the flags that were confirmed, and of the
    /// probabilities of events those of the same rules alone.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn analysis(&self, caller: &Caller, id: ContactRef) -> Result<Option<Analysis>, DeskError> {
        let Some(mut analysis) = self.store.analysis(id, caller.team.as_ref()).await? else {
            return Ok(None);
        };
        if !caller.sees_unconfirmed() {
            keep_confirmed(&mut analysis, &self.store.flags_of_contact(id).await?);
        }
        Ok(Some(analysis))
    }

    /// Flags as the caller may see them.
    ///
    /// # Errors
    /// [`DeskError::Unconfirmed`] when others ask for what nobody confirmed, [`DeskError::Store`].
    pub async fn flags(
        &self,
        caller: &Caller,
        mut filter: FlagFilter,
        (after, limit): (Option<&Cursor>, u32),
    ) -> Result<Page<FlagRow>, DeskError> {
        if !caller.sees_unconfirmed() {
            let shown = *filter.status.get_or_insert(FlagStatus::SHOWN_TO_OTHERS);
            if shown != FlagStatus::SHOWN_TO_OTHERS {
                return Err(DeskError::Unconfirmed);
            }
        }
        Ok(self.store.flags(&filter, after, limit).await?)
    }

    /// Has contacts in a list count the flags that the caller may see.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub(crate) async fn count_shown<'a>(
        &self,
        caller: &Caller,
        contacts: impl Iterator<Item = &'a mut ContactSummary>,
    ) -> Result<(), DeskError> {
        if caller.sees_unconfirmed() {
            return Ok(());
        }
        let contacts: Vec<&mut ContactSummary> = contacts.collect();
        let keys: Vec<ContactRef> = contacts.iter().map(|contact| contact.id).collect();
        let confirmed = self.store.count_flags(&keys, FlagStatus::SHOWN_TO_OTHERS).await?;
        for contact in contacts {
            contact.flags = confirmed.get(&contact.id).copied().unwrap_or_default();
        }
        Ok(())
    }

    /// What people said about the flags of a contact; others see what was said about what stands confirmed.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn verdicts(&self, caller: &Caller, contact: ContactRef) -> Result<Vec<Verdict>, DeskError> {
        let said = self.store.verdicts(contact).await?;
        if caller.sees_unconfirmed() {
            return Ok(said);
        }
        let stands = |one: &Verdict| {
            let last = said.iter().rev().find(|other| same_matter(one, other));
            last.is_some_and(|last| last.status == FlagStatus::SHOWN_TO_OTHERS)
        };
        Ok(said.iter().filter(|one| stands(one)).cloned().collect())
    }
}

fn same_matter(one: &Verdict, other: &Verdict) -> bool {
    (one.rule, one.revision, &one.utterances) == (other.rule, other.revision, &other.utterances)
}

/// Leaves in an analysis what a reviewer confirmed.
pub(crate) fn keep_confirmed(analysis: &mut Analysis, rows: &[FlagRow]) {
    let confirmed = |flag: &Flag| {
        rows.iter().any(|row| {
            row.flag.status == FlagStatus::SHOWN_TO_OTHERS
                && (row.flag.rule, &row.flag.utterances) == (flag.rule, &flag.utterances)
        })
    };
    analysis.flags.retain(|flag| confirmed(flag));
    for flag in &mut analysis.flags {
        flag.status = FlagStatus::SHOWN_TO_OTHERS;
    }
    let rules: Vec<Rule> = analysis.flags.iter().map(|flag| flag.rule).collect();
    // A probability says of a person what its flag says; the customer's course of mood says nothing of anybody else.
    analysis.signals.retain(|signal| {
        signal.kind == SignalKind::Valence
            || Rule::from_name(signal.name.as_str()).is_some_and(|rule| rules.contains(&rule))
    });
}
