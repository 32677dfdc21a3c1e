//! What waits for a trainer, beside the people to talk to.

use tingxin_text::domain::{Permission, UtcMillis};

use crate::{Caller, Desk, DeskError};

/// What waits for a trainer, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrainerDesk {
    /// People who are owed care after abuse.
    pub care: usize,
    /// Those of them who have waited too long.
    pub care_overdue: usize,
    /// Agreements that are open.
    pub agreed: usize,
    /// Those of them whose date is over.
    pub agreed_overdue: usize,
    /// Those of them that the person has not acknowledged.
    pub unread: usize,
    /// Good examples to choose from.
    pub proposed: usize,
    /// Examples that were chosen and wait to be released.
    pub chosen: usize,
}

impl Desk {
    /// What waits for a trainer; `None` for whoever does not coach.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn trainer_desk(&self, caller: &Caller) -> Result<Option<TrainerDesk>, DeskError> {
        if !caller.may(Permission::CoachingWrite) {
            return Ok(None);
        }
        let now = UtcMillis::now();
        let care = self.care(caller).await?;
        let open_care = || care.iter().filter(|task| task.done_at.is_none());
        let agreed = self.open_coaching(caller).await?;
        Ok(Some(TrainerDesk {
            care: open_care().count(),
            care_overdue: open_care().filter(|task| task.due_at < now).count(),
            agreed: agreed.len(),
            agreed_overdue: agreed.iter().filter(|one| one.is_overdue(now)).count(),
            unread: agreed.iter().filter(|one| one.acknowledged_at.is_none()).count(),
            proposed: self.proposals(caller).await?.len(),
            chosen: self.store.chosen_learning().await?.len(),
        }))
    }
}
