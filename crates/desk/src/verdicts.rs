//! What people say about flags.

use tingxin_store::{Judged, NewVerdict, Pace};
use tingxin_text::domain::{ContactRef, FlagId, FlagStatus, Objection, UtcMillis};

use crate::{Caller, Desk, DeskError};

/// What somebody says who has listened.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The flag.
    pub flag: FlagId,
    /// What it shall show; `candidate` takes back what was said before.
    pub status: FlagStatus,
    /// The turns that were listened to, as the flag named them.
    pub utterances: Vec<usize>,
    /// The revision that was listened to; `None` for the current one.
    pub revision: Option<u32>,
    /// How many verdicts on the same turns were known; `None` where it does not matter.
    pub seen: Option<usize>,
    /// Why it was rejected, of the fixed list; kept with a rejection alone.
    pub objection: Option<Objection>,
    /// When the contact was opened for this verdict; `None` where nobody measured.
    pub opened: Option<UtcMillis>,
    /// Why, as it was written. It is redacted before it is stored.
    pub note: Option<String>,
}

impl Desk {
    /// Keeps a verdict, and says which contact it is about.
    ///
    /// # Errors
    /// [`DeskError::FlagChanged`], [`DeskError::NotFound`], [`DeskError::Field`] for the note,
    /// [`DeskError::Store`].
    pub async fn judge(&self, caller: &Caller, judgement: Judgement) -> Result<ContactRef, DeskError> {
        self.judge_together(caller, vec![judgement]).await
    }

    /// The same for several flags of one contact that somebody judges as one matter: all are kept, each with a row of its
    /// own, or none is.
    ///
    /// # Errors
    /// [`DeskError::FlagChanged`], [`DeskError::NotFound`], [`DeskError::Field`] for the note,
    /// [`DeskError::Store`].
    pub async fn judge_together(
        &self,
        caller: &Caller,
        judgements: Vec<Judgement>,
    ) -> Result<ContactRef, DeskError> {
        let at = UtcMillis::now();
        let first = judgements.first().map(|judgement| judgement.flag).ok_or(DeskError::NotFound)?;
        let mut verdicts = Vec::with_capacity(judgements.len());
        for judgement in judgements {
            let Judgement { flag, status, utterances, revision, seen, objection, opened, note } = judgement;
            let note = note.as_deref().filter(|text| !text.trim().is_empty());
            // The time was spent once.
            let opened = opened.filter(|_| verdicts.is_empty());
            verdicts.push(NewVerdict {
                flag,
                utterances,
                revision,
                seen,
                status,
                objection: objection.filter(|_| status == FlagStatus::Rejected),
                note: note.map(|text| self.note(text)).transpose()?,
                took_ms: opened.and_then(|opened| took(opened, at)),
                by: caller.actor.clone(),
                at,
            });
        }
        // What somebody is named for hangs on it, within a minute: figures that were computed anew
        // for every verdict would never be kept.
        match self.store.judge_together(&verdicts, caller.team.as_ref()).await? {
            Judged::Kept(contact) => {
                if verdicts.iter().any(|verdict| verdict.status == FlagStatus::Confirmed) {
                    self.care_for(contact).await?;
                }
                Ok(contact)
            }
            Judged::Changed => Err(DeskError::FlagChanged),
            Judged::Appealed => Err(DeskError::Appealed),
            Judged::Unknown => {
                self.write_down(caller, "flag.judge", first.0.to_string(), false).await?;
                Err(DeskError::NotFound)
            }
        }
    }

    /// How the caller gets on with reviewing today. It is shown to the caller alone.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn pace(&self, caller: &Caller) -> Result<Pace, DeskError> {
        Ok(self.store.pace(&caller.actor.name, UtcMillis::now().start_of_day()).await?)
    }
}

/// Longest time that one verdict is believed to take: whoever was away longer has not been
/// reviewing.
const LONGEST_MS: i64 = 30 * 60 * 1000;

/// Milliseconds from opening to verdict; `None` outside of what can be.
pub(crate) fn took(opened: UtcMillis, at: UtcMillis) -> Option<u32> {
    let took = at.as_millis().checked_sub(opened.as_millis())?;
    u32::try_from(took).ok().filter(|_| took <= LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_went_for_lunch_did_not_take_an_hour_for_a_verdict() {
        let at = |ms| UtcMillis::from_millis(ms);

        assert_eq!(took(at(1_000), at(15_000)), Some(14_000));
        assert_eq!(took(at(0), at(3_600_000)), None);
        assert_eq!(took(at(15_000), at(1_000)), None, "an address of tomorrow");
    }
}
