//! Reading contacts of the random sample: first without a word about flags, then about those that were not named.

use tingxin_store::{ContactRecord, DueDraw, NewAudit, NewReading, OwnReading, Reply, SampleAnswer};
use tingxin_text::domain::{FlagStatus, Purpose, Rule, UtcMillis};
use uuid::Uuid;

use crate::care::make_missing;
use crate::verdicts::took;
use crate::{Caller, Desk, DeskError};

/// Contacts among which the next one is chosen, so that people who read at the same time begin with different ones.
const AHEAD: u32 = 40;

/// What somebody says who has read a contact of the sample.
#[derive(Debug, Clone)]
pub struct ReadingAsked {
    /// Revision that was read.
    pub revision: u32,
    /// Rules that apply or cannot be told.
    pub answer: SampleAnswer,
    /// When the contact was opened; `None` where nobody measured.
    pub opened: Option<UtcMillis>,
}

/// What comes after a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// The rule has raised a flag that was not named: it is shown and asked for.
    Flag(Rule),
    /// Nothing is left to be asked about this contact.
    Done,
}

/// A contact of the sample as its reader sees it.
pub struct SampleToRead {
    /// The contact.
    pub record: ContactRecord,
    /// What the reader has said so far; `None` before the first word, and no flag may be shown then.
    pub own: Option<OwnReading>,
}

impl Desk {
    /// The contact that the caller is to read next; `None` where everything is read.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn next_of_sample(&self, caller: &Caller) -> Result<Option<DueDraw>, DeskError> {
        let due = self.store.due_draws(&caller.actor.name, caller.team.as_ref(), AHEAD).await?;
        let (Some(first), Some(earliest)) = (due.first(), due.iter().map(|one| one.week).min()) else {
            return Ok(None);
        };
        // What was begun comes first.
        if self.store.own_reading(first.id, &caller.actor.name).await?.is_some() {
            return Ok(Some(*first));
        }
        let week: Vec<&DueDraw> = due.iter().filter(|one| one.week == earliest).collect();
        let offset =
            caller.actor.name.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31) + usize::from(byte));
        Ok(offset.checked_rem(week.len()).and_then(|at| week.get(at)).map(|one| **one))
    }

    /// A contact of the sample for its reader; not there for whoever neither has read it nor is still to.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn sample_to_read(&self, caller: &Caller, draw: Uuid) -> Result<SampleToRead, DeskError> {
        let team = caller.team.as_ref();
        let found = self.store.sample_draw(draw, team).await?;
        let own = self.store.own_reading(draw, &caller.actor.name).await?;
        let contact = found.filter(|(_, wanted)| own.is_some() || *wanted > 0).map(|(contact, _)| contact);
        let record = match contact {
            Some(contact) => self.store.contact(contact, team).await?,
            None => None,
        };
        let reads = Caller { purpose: Some(Purpose::Review), ..caller.clone() };
        let object = record.as_ref().map_or_else(|| draw.to_string(), |record| record.id.to_string());
        self.write_down(&reads, "contact.read", object, record.is_some()).await?;
        Ok(SampleToRead { record: record.ok_or(DeskError::NotFound)?, own })
    }

    /// Keeps the first word about a contact.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::FlagChanged`] when others have read it meanwhile or it is not what was read
    /// any more; [`DeskError::Store`].
    pub async fn read_sample(
        &self,
        caller: &Caller,
        draw: Uuid,
        asked: ReadingAsked,
    ) -> Result<NextStep, DeskError> {
        let at = UtcMillis::now();
        let team = caller.team.as_ref();
        let (contact, _) = self.store.sample_draw(draw, team).await?.ok_or(DeskError::NotFound)?;
        let states = self.rule_states().await?;
        let mut raised: Vec<Rule> = Vec::new();
        for row in self.store.flags_of_contact(contact).await? {
            let rule = row.flag.rule;
            if states.shows(rule) && asked.answer.says(rule) == Some(false) && !raised.contains(&rule) {
                raised.push(rule);
            }
        }
        let next = raised.first().map_or(NextStep::Done, |rule| NextStep::Flag(*rule));
        let reading = NewReading {
            draw,
            revision: asked.revision,
            answer: asked.answer,
            raised,
            took_ms: asked.opened.and_then(|opened| took(opened, at)),
            entry: entry(caller, draw, "sample.read", at),
        };
        if self.store.keep_reading(&reading).await? { Ok(next) } else { Err(DeskError::FlagChanged) }
    }

    /// Keeps what the reader says about a flag that was shown afterwards.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] where the reader is not asked for this flag, [`DeskError::Field`],
    /// [`DeskError::FlagChanged`], [`DeskError::Store`].
    pub async fn reply_to_flag(
        &self,
        caller: &Caller,
        draw: Uuid,
        reply: Reply,
    ) -> Result<NextStep, DeskError> {
        if reply.status == FlagStatus::Candidate {
            return Err(DeskError::field("/status", "confirmed, rejected or unclear"));
        }
        let own = self.store.own_reading(draw, &caller.actor.name).await?.ok_or(DeskError::NotFound)?;
        if own.open() != Some(reply.rule) {
            return Err(DeskError::NotFound);
        }
        let before = own.replies.clone();
        let mut after = own;
        after.replies.push(reply);
        let next = after.open().map_or(NextStep::Done, NextStep::Flag);
        let entry = entry(caller, draw, "sample.reply", UtcMillis::now());
        let said = (before.as_slice(), after.replies.as_slice());
        if !self.store.keep_replies(draw, said, next == NextStep::Done, &entry).await? {
            return Err(DeskError::FlagChanged);
        }
        if reply.status == FlagStatus::Confirmed {
            make_missing(&self.store).await?;
        }
        Ok(next)
    }
}

fn entry(caller: &Caller, draw: Uuid, action: &'static str, at: UtcMillis) -> NewAudit {
    let (actor, object) = (caller.actor.clone(), draw.to_string());
    NewAudit { at, actor, action, object, result: "ok", purpose: None }
}
