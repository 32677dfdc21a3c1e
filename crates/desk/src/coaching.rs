//! Coaching: what a trainer and a person agree, with which turns of contacts, and what came after it.
//!
//! A turn that shows what went wrong comes from a contact of the person about which a reviewer confirmed something: the
//! person can open it and appeal. What went well needs nobody's confirmation.

use std::collections::{BTreeMap, BTreeSet};

use tingxin_staff::{COACHING_WEEKS, Coached, CoachingOutcome, Indicator, Power, effect_of};
use tingxin_store::{Clip, Coaching, CoachingTerms, NewCoaching};
use tingxin_text::domain::{
    Channel, ContactRef, FlagStatus, Programme, RedactedText, Speaker, StaffId, TeamId, UtcMillis,
};
use uuid::Uuid;

use crate::computing::weeks;
use crate::error::off_the_event_loop;
use crate::improvement::MOST;
use crate::{Caller, Desk, DeskError};

/// Why there is no comparison yet.
const WAITING: &str = "sums of past weeks are still being brought up to date; ask again in a moment";

/// Turns of a clip at most.
///
/// **Source**: set by the project. Longer ones are not talked through.
const CLIP_TURNS: usize = 40;

/// Clips of an agreement, if it has any.
const CLIPS: std::ops::RangeInclusive<usize> = 2..=3;

/// Coaching as somebody agrees it.
#[derive(Debug, Clone)]
pub struct CoachingAsked {
    /// Whom.
    pub staff: StaffId,
    /// The behaviour it is about.
    pub indicator: Indicator,
    /// Agreed action, as it was written. It is redacted before it is stored.
    pub note: String,
    /// What else is agreed.
    pub more: CoachingMore,
}

/// What may be agreed beside the action. Notes are redacted before they are stored.
#[derive(Debug, Clone, Default)]
pub struct CoachingMore {
    /// Until when it should be done.
    pub due_at: Option<UtcMillis>,
    /// The kind of help.
    pub programme: Option<Programme>,
    /// Item of the catalogue.
    pub training: Option<Uuid>,
    /// For whoever agrees it alone.
    pub private_note: Option<String>,
    /// For the person, too.
    pub shared_note: Option<String>,
    /// Two or three, of which one is good; or none.
    pub clips: Vec<ClipAsked>,
}

/// Turns of a contact that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClipAsked {
    /// Which contact.
    pub contact: ContactRef,
    /// First turn, from 0.
    pub first: usize,
    /// Last turn.
    pub last: usize,
    /// Whether it shows what went well.
    pub good: bool,
}

/// Coaching that was agreed.
#[derive(Debug, Clone, Copy)]
pub struct CoachingAgreed {
    /// Its key.
    pub id: Uuid,
    /// What it can show; `None` where nothing can be said.
    pub power: Option<Power>,
}

/// An agreement with the words of its clips.
pub struct CoachingPaper {
    /// What was agreed.
    pub coaching: Coaching,
    /// What the person is called, where the operator gives it.
    pub name: Option<String>,
    /// Its clips.
    pub clips: Vec<ClipWords>,
}

/// A clip with its words.
pub struct ClipWords {
    /// Which turns.
    pub clip: Clip,
    /// When the contact began.
    pub at: Option<UtcMillis>,
    /// Touchpoint.
    pub channel: Channel,
    /// Turns with whoever said them; none where the contact has changed since.
    pub turns: Vec<(Option<Speaker>, RedactedText)>,
}

impl Desk {
    /// Agrees coaching; a person of another team is not there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Field`] for a note, a date, an entry of the catalogue or the clips,
    /// [`DeskError::Store`], [`DeskError::Broken`].
    pub async fn agree_coaching(
        &self,
        caller: &Caller,
        asked: CoachingAsked,
    ) -> Result<CoachingAgreed, DeskError> {
        let CoachingAsked { staff, indicator, note, more } = asked;
        let (now, note) = (UtcMillis::now(), self.note(&note)?);
        let figures = self.figures().await?;
        let person =
            figures.place(&staff).and_then(|at| figures.people.get(at)).ok_or(DeskError::NotFound)?;
        let team = person.sums.team.clone();
        if !caller.sees(team.as_ref()) {
            return Err(DeskError::NotFound);
        }
        let clips = self.clips(caller, &staff, &more.clips).await?;
        let terms = self.terms(more, now).await?;
        let power = figures.powers.iter().find(|(of, _)| *of == indicator).and_then(|(_, power)| *power);
        let coaching =
            NewCoaching { staff, team, indicator: indicator.as_str().to_owned(), note, terms, clips };
        let id = self.store.agree_coaching(&coaching, &caller.actor.name, now).await?;
        self.write_down(caller, "coaching.agree", id.to_string(), true).await?;
        Ok(CoachingAgreed { id, power })
    }

    async fn terms(&self, more: CoachingMore, now: UtcMillis) -> Result<CoachingTerms, DeskError> {
        if more.due_at.is_some_and(|due| due <= now) {
            return Err(DeskError::field("/due", "the date must be in the future"));
        }
        if let Some(id) = more.training
            && !self.store.trainings().await?.iter().any(|one| one.id == id && one.retired_at.is_none())
        {
            return Err(DeskError::field("/training", "the catalogue offers no such training"));
        }
        let written = |text: Option<String>| {
            text.filter(|text| !text.trim().is_empty()).map(|text| self.note(&text)).transpose()
        };
        Ok(CoachingTerms {
            due_at: more.due_at,
            programme: more.programme,
            training: more.training,
            private_note: written(more.private_note)?,
            shared_note: written(more.shared_note)?,
        })
    }

    /// The clips as they are kept, if they may be.
    async fn clips(
        &self,
        caller: &Caller,
        staff: &StaffId,
        asked: &[ClipAsked],
    ) -> Result<Vec<Clip>, DeskError> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let refused = |reason: &str| DeskError::field("/clips", reason);
        if !CLIPS.contains(&asked.len()) || !asked.iter().any(|clip| clip.good) {
            return Err(refused("two or three clips of which one is good, or none"));
        }
        let mut clips = Vec::with_capacity(asked.len());
        for ClipAsked { contact, first, last, good } in asked.iter().copied() {
            let record = self.store.contact(contact, caller.team.as_ref()).await?;
            let own =
                record.filter(|one| one.contact.header.staff.as_ref().is_some_and(|own| own.id == *staff));
            let record = own.ok_or_else(|| refused("the person has no such contact"))?;
            let body = &record.contact.body;
            if first > last || last >= body.len() || last - first >= CLIP_TURNS {
                return Err(refused("the contact has no such turns, or they are more than 40"));
            }
            if !good && !self.is_confirmed(contact).await? {
                return Err(refused(
                    "only a contact about which a reviewer confirmed something may show what went wrong",
                ));
            }
            clips.push(Clip { contact, revision: record.contact.header.revision, first, last, good });
        }
        Ok(clips)
    }

    async fn is_confirmed(&self, contact: ContactRef) -> Result<bool, DeskError> {
        let flags = self.store.flags_of_contact(contact).await?;
        Ok(flags.iter().any(|row| row.flag.status == FlagStatus::SHOWN_TO_OTHERS))
    }

    /// Takes coaching back; that of another team is not there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn end_coaching(&self, caller: &Caller, id: Uuid) -> Result<(), DeskError> {
        self.seen_coaching(caller, id).await?;
        if !self.store.end_coaching(id, UtcMillis::now()).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "coaching.end", id.to_string(), true).await
    }

    /// Says that coaching was done; that of another team is not there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn finish_coaching(&self, caller: &Caller, id: Uuid) -> Result<(), DeskError> {
        self.seen_coaching(caller, id).await?;
        if !self.store.finish_coaching(id, UtcMillis::now()).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "coaching.finish", id.to_string(), true).await
    }

    async fn seen_coaching(&self, caller: &Caller, id: Uuid) -> Result<(Coaching, Vec<Clip>), DeskError> {
        let found = self.store.one_coaching(id).await?;
        let (mut coaching, clips) =
            found.filter(|(one, _)| caller.sees(one.team.as_ref())).ok_or(DeskError::NotFound)?;
        for_eyes_of(caller, &mut coaching);
        Ok((coaching, clips))
    }

    /// An agreement with the words of its clips; that of another team is not there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn agreement(&self, caller: &Caller, id: Uuid) -> Result<CoachingPaper, DeskError> {
        let (coaching, clips) = self.seen_coaching(caller, id).await?;
        self.with_words(coaching, clips).await
    }

    /// An agreement with the caller; any other is not there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn own_agreement(&self, caller: &Caller, id: Uuid) -> Result<CoachingPaper, DeskError> {
        let staff = self.own_number(caller).await?.ok_or(DeskError::NotFound)?;
        let found = self.store.one_coaching(id).await?;
        let (mut coaching, clips) = found.filter(|(one, _)| one.staff == staff).ok_or(DeskError::NotFound)?;
        coaching.private_note = None;
        self.with_words(coaching, clips).await
    }

    async fn with_words(&self, coaching: Coaching, clips: Vec<Clip>) -> Result<CoachingPaper, DeskError> {
        let mut shown = Vec::with_capacity(clips.len());
        for clip in clips {
            let Some(record) = self.store.contact(clip.contact, None).await? else { continue };
            let header = record.contact.header;
            let texts = record.contact.body.texts().skip(clip.first).take(clip.last + 1 - clip.first);
            let turns = texts.map(|(speaker, line)| (speaker, line.text.clone())).collect();
            let turns = if header.revision == clip.revision { turns } else { Vec::new() };
            shown.push(ClipWords { clip, at: header.started_at, channel: header.channel, turns });
        }
        let name = self.store.staff_name(&coaching.staff).await?;
        Ok(CoachingPaper { coaching, name, clips: shown })
    }

    /// Says that the caller has read what was agreed with them. A second time is not there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Field`] for the note, [`DeskError::Store`].
    pub async fn acknowledge_coaching(
        &self,
        caller: &Caller,
        id: Uuid,
        note: Option<&str>,
    ) -> Result<(), DeskError> {
        let staff = self.own_number(caller).await?.ok_or(DeskError::NotFound)?;
        let note = note.filter(|text| !text.trim().is_empty()).map(|text| self.note(text)).transpose()?;
        if !self.store.acknowledge_coaching(id, &staff, (note.as_ref(), UtcMillis::now())).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "coaching.acknowledge", id.to_string(), true).await
    }

    /// What is neither done nor taken back, by its date.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn open_coaching(&self, caller: &Caller) -> Result<Vec<Coaching>, DeskError> {
        let mut open = self.store.open_coaching(caller.team.as_ref(), MOST).await?;
        for one in &mut open {
            for_eyes_of(caller, one);
        }
        Ok(open)
    }

    /// Agreed coaching of a team or of all, and what came after it, behaviour by behaviour.
    ///
    /// # Errors
    /// [`DeskError::Store`], [`DeskError::Broken`].
    pub async fn coaching(
        &self,
        caller: &Caller,
        team: Option<&TeamId>,
    ) -> Result<(Vec<Coaching>, Vec<CoachingOutcome>), DeskError> {
        let all = self.store.coaching(None, MOST).await?;
        // Whoever was ever coached is no uncoached colleague, whatever the team and whether it was
        // taken back.
        let touched: BTreeSet<StaffId> = all.iter().map(|one| one.staff.clone()).collect();
        let mut own: Vec<Coaching> =
            all.into_iter().filter(|one| team.is_none() || one.team.as_ref() == team).collect();
        for one in &mut own {
            for_eyes_of(caller, one);
        }
        let mut coached: BTreeMap<Indicator, Vec<Coached>> = BTreeMap::new();
        for one in own.iter().filter(|one| one.ended_at.is_none()) {
            if let Some(indicator) = Indicator::from_name(&one.indicator) {
                let person = Coached { staff: one.staff.clone(), week: one.agreed_at.week() };
                coached.entry(indicator).or_default().push(person);
            }
        }
        let Some(first) = coached.values().flatten().map(|one| one.week).min() else {
            return Ok((own, Vec::new()));
        };
        if self.store.count_stale_sums(first - COACHING_WEEKS..UtcMillis::now().week()).await? > 0 {
            // A week that is not summed yet would look like one without contacts.
            let later = |indicator: &Indicator| CoachingOutcome {
                indicator: *indicator,
                effect: Err(WAITING.to_owned()),
            };
            return Ok((own, coached.keys().map(later).collect()));
        }
        let weeks = weeks(&self.store, first - COACHING_WEEKS).await?;
        let work = move || {
            let outcome = |(indicator, people): (&Indicator, &Vec<Coached>)| {
                effect_of(*indicator, people, &touched, &weeks)
            };
            coached.iter().map(outcome).collect()
        };
        Ok((own, off_the_event_loop(work).await?))
    }
}

/// A private note is for whoever wrote it alone.
fn for_eyes_of(caller: &Caller, coaching: &mut Coaching) {
    if coaching.agreed_by != caller.actor.name {
        coaching.private_note = None;
    }
}
