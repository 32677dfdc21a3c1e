//! What went well, for everybody to learn from: confirmed recoveries are proposed, a person chooses and releases, and whoever
//! reads learns nobody's number, name or team.

use tingxin_store::{LearningChoice, LearningItem, LearningProposal};
use tingxin_text::domain::{Channel, ContactRef, DAY_MILLIS, FORGOTTEN, Speaker, UtcMillis};

use crate::{Caller, Desk, DeskError};

/// Days from which examples are proposed: this week and the one before.
const PROPOSED_DAYS: i64 = 14;

/// Days that a released example can be read.
const SHOWN_DAYS: i64 = 91;

/// Most proposals, and most examples of one answer.
const MOST: u32 = 50;

/// Turns of an example at most.
const TURNS: usize = 40;

/// What stands for a name that is said.
const NAMELESS: &str = "[姓名]";

/// An example as everybody may read it.
pub struct Example {
    /// Which contact; shown to whoever chooses alone.
    pub contact: ContactRef,
    /// Touchpoint.
    pub channel: Channel,
    /// What there is to learn.
    pub remark: String,
    /// When it was released; `None` until then.
    pub released_at: Option<UtcMillis>,
    /// The turns, without numbers and names.
    pub turns: Vec<(Option<Speaker>, String)>,
}

/// What somebody who chooses sees.
pub struct LearningDesk {
    /// Confirmed recoveries, the most certain first, with their words.
    pub proposed: Vec<Example>,
    /// What was chosen and waits.
    pub chosen: Vec<Example>,
}

impl Desk {
    /// What was released in the last three months, latest first.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn learning(&self) -> Result<Vec<Example>, DeskError> {
        let since = UtcMillis::now().plus_millis(-SHOWN_DAYS * DAY_MILLIS);
        let items = self.store.released_learning(since, MOST).await?;
        self.examples(items).await
    }

    /// What may be chosen, and what waits to be released.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn learning_desk(&self, caller: &Caller) -> Result<LearningDesk, DeskError> {
        let proposals = self.proposals(caller).await?;
        let as_item = |one: &LearningProposal| {
            let (first, last) = around(&one.utterances);
            let (contact, revision, chosen_by) = (one.contact, one.revision, String::new());
            LearningItem {
                contact,
                revision,
                first,
                last,
                remark: String::new(),
                chosen_by,
                released_at: None,
            }
        };
        let proposed = self.examples(proposals.iter().map(as_item).collect()).await?;
        let chosen = self.examples(self.store.chosen_learning().await?).await?;
        Ok(LearningDesk { proposed, chosen })
    }

    pub(crate) async fn proposals(&self, caller: &Caller) -> Result<Vec<LearningProposal>, DeskError> {
        let since = UtcMillis::now().plus_millis(-PROPOSED_DAYS * DAY_MILLIS);
        Ok(self.store.learning_proposals(since, caller.team.as_ref(), MOST).await?)
    }

    /// Chooses a proposed example.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for what is not proposed, [`DeskError::Field`] for the remark, [`DeskError::Store`].
    pub async fn choose_learning(
        &self,
        caller: &Caller,
        contact: ContactRef,
        remark: &str,
    ) -> Result<(), DeskError> {
        let proposals = self.proposals(caller).await?;
        let proposal = proposals.iter().find(|one| one.contact == contact).ok_or(DeskError::NotFound)?;
        let (remark, (first, last)) = (self.note(remark)?, around(&proposal.utterances));
        let by = caller.actor.name.as_str();
        let choice = LearningChoice { first, last, remark: &remark, by, at: UtcMillis::now() };
        if !self.store.choose_learning(proposal, &choice).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "learning.choose", contact.to_string(), true).await
    }

    /// Takes an example back, released or not.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn drop_learning(&self, caller: &Caller, contact: ContactRef) -> Result<(), DeskError> {
        if !self.store.drop_learning(contact).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "learning.drop", contact.to_string(), true).await
    }

    /// Releases everything that was chosen; how many.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn release_learning(&self, caller: &Caller) -> Result<u64, DeskError> {
        let released = self.store.release_learning(&caller.actor.name, UtcMillis::now()).await?;
        self.write_down(caller, "learning.release", released.to_string(), true).await?;
        Ok(released)
    }

    /// Examples with their words; one whose contact has changed since, or whose words are gone, is left out.
    async fn examples(&self, items: Vec<LearningItem>) -> Result<Vec<Example>, DeskError> {
        let mut examples = Vec::with_capacity(items.len());
        for LearningItem { contact, revision, first, last, remark, released_at, .. } in items {
            let Some(mut record) = self.store.contact(contact, None).await? else { continue };
            if record.contact.header.revision != revision {
                continue;
            }
            let mut name = None;
            if let Some(staff) = record.contact.header.staff.clone() {
                name = self.store.staff_name(&staff.id).await?;
                record.contact.forget_staff(&staff.id);
            }
            let nameless = |text: &str| {
                name.as_ref().map_or_else(|| text.to_owned(), |name| text.replace(name.as_str(), NAMELESS))
            };
            let texts = record.contact.body.texts().skip(first).take((last + 1).saturating_sub(first));
            let turns: Vec<_> =
                texts.map(|(speaker, line)| (speaker, nameless(line.text.as_str()))).collect();
            if turns.iter().all(|(_, text)| text == FORGOTTEN) {
                continue;
            }
            let (channel, remark) = (record.contact.header.channel, nameless(&remark));
            examples.push(Example { contact, channel, remark, released_at, turns });
        }
        Ok(examples)
    }
}

/// The turns around what a flag points at.
fn around(utterances: &[usize]) -> (usize, usize) {
    let first = utterances.iter().min().copied().unwrap_or_default().saturating_sub(1);
    let last = utterances.iter().max().copied().unwrap_or_default() + 1;
    (first, last.min(first + TURNS - 1))
}
