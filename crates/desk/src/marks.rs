//! Sentences that a reviewer heard and no rule did.
//!
//! Only what is said about a draw of the random sample counts for recall (`readings.rs`): whoever marks a sentence elsewhere
//! came to the contact for another reason, and nobody knows with what probability.

use tingxin_store::{NewAudit, NewSentenceMark, SentenceMark};
use tingxin_text::domain::{ContactRef, Emotion, Rule, UtcMillis};
use uuid::Uuid;

use crate::{Caller, Desk, DeskError};

/// A sentence as somebody marks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkAsked {
    /// Revision that was listened to.
    pub revision: u32,
    /// Turn or sentence, from 0.
    pub utterance: usize,
    /// What it expresses.
    pub emotion: Emotion,
    /// What should have heard it.
    pub rule: Rule,
}

impl Desk {
    /// Marks a sentence that no rule heard.
    ///
    /// # Errors
    /// [`DeskError::Field`] for a sentence that the contact does not have, [`DeskError::FlagChanged`] when it is another
    /// revision by now, [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn mark_sentence(
        &self,
        caller: &Caller,
        contact: ContactRef,
        asked: MarkAsked,
    ) -> Result<(), DeskError> {
        let MarkAsked { revision, utterance, emotion, rule } = asked;
        let entry = entry(caller, "sentence.mark", contact);
        let mark = NewSentenceMark { contact, revision, utterance, emotion, rule, entry };
        if self.store.mark_sentence(&mark, caller.team.as_ref()).await? {
            return Ok(());
        }
        let found = self.store.contact(contact, caller.team.as_ref()).await?.ok_or(DeskError::NotFound)?;
        if utterance >= found.contact.body.len() {
            return Err(DeskError::field("/utterance", "the contact has no such turn or sentence"));
        }
        Err(DeskError::FlagChanged)
    }

    /// Sentences of a contact that were marked. Whoever does not judge sees none: nobody has confirmed them.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn sentence_marks(
        &self,
        caller: &Caller,
        contact: ContactRef,
    ) -> Result<Vec<SentenceMark>, DeskError> {
        if !caller.sees_unconfirmed() {
            return Ok(Vec::new());
        }
        self.store.contact(contact, caller.team.as_ref()).await?.ok_or(DeskError::NotFound)?;
        Ok(self.store.marks_of(contact).await?)
    }

    /// Takes an own mark back. What was said about a draw of the random sample stays.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn unmark_sentence(
        &self,
        caller: &Caller,
        contact: ContactRef,
        mark: Uuid,
    ) -> Result<(), DeskError> {
        let entry = entry(caller, "sentence.unmark", contact);
        if self.store.drop_mark(contact, mark, &entry).await? { Ok(()) } else { Err(DeskError::NotFound) }
    }
}

fn entry(caller: &Caller, action: &'static str, contact: ContactRef) -> NewAudit {
    let (at, actor) = (UtcMillis::now(), caller.actor.clone());
    NewAudit { at, actor, action, object: contact.to_string(), result: "ok", purpose: None }
}
