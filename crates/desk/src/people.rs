//! One person: the figures, and what stands beside them.

use std::sync::Arc;

use tingxin_staff::{
    CarriedOver, Coupling, Indicator, Profile, Soothed, StaffLine, Sums, Worded, profile, wording,
};
use tingxin_store::{Coaching, FlagRow};
use tingxin_text::domain::{Analysis, ContactMeasures, StaffId, UtcMillis};

use crate::computing::counts;
use crate::error::off_the_event_loop;
use crate::{Caller, Desk, DeskError, Figures};

/// Latest contacts of a person whose wording is described.
const OWN_WORDS: u32 = 100;

/// Latest contacts of everybody with whose wording it is compared: with 600, two of them are more
/// than .2 %.
const OTHER_WORDS: u32 = 600;

/// One person as of the latest figures.
pub struct OnePerson {
    /// The figures of everybody.
    pub figures: Arc<Figures>,
    /// What was computed for this person alone.
    pub profile: Arc<Profile>,
    at: usize,
}

/// What stands beside the figures of a person.
pub struct PersonFile {
    /// Flags of the period, latest first.
    pub flags: Vec<FlagRow>,
    /// Coaching that was ever agreed with the person, latest first, without private notes.
    pub coaching: Vec<Coaching>,
    /// What the person is called, where the operator gives it.
    pub name: Option<String>,
}

impl OnePerson {
    /// The person compared with colleagues.
    #[must_use]
    pub fn line(&self) -> Option<&StaffLine> {
        self.figures.lines.get(self.at)
    }

    /// How the tone moves after the customer's.
    #[must_use]
    pub fn coupling(&self) -> Option<&Coupling> {
        self.figures.couplings.get(self.at)
    }

    /// Soothing power (S9).
    #[must_use]
    pub fn soothed(&self) -> Option<Soothed> {
        self.figures.soothing.get(self.at).copied()
    }

    /// The opening tone after what was listened to before (S11).
    #[must_use]
    pub fn carried_over(&self) -> Option<CarriedOver> {
        self.figures.carried.get(self.at).copied()
    }
}

impl Desk {
    /// One person; not there for whoever is limited to another team.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] also where the period holds no contact of that number.
    pub async fn person(&self, caller: &Caller, id: &StaffId) -> Result<OnePerson, DeskError> {
        let figures = self.figures().await?;
        let at = figures.place(id).ok_or(DeskError::NotFound)?;
        if !caller.sees(figures.people.get(at).and_then(|person| person.sums.team.as_ref())) {
            return Err(DeskError::NotFound);
        }
        self.computed(id, figures, at).await
    }

    /// The own results of whoever has this work number, whatever the team.
    ///
    /// # Errors
    /// As [`Desk::person`].
    pub async fn own_results(&self, id: &StaffId) -> Result<OnePerson, DeskError> {
        let figures = self.figures().await?;
        let at = figures.place(id).ok_or(DeskError::NotFound)?;
        self.computed(id, figures, at).await
    }

    /// Flags and coaching of a person in the weeks of the figures, at most `flags` flags.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn file_of(
        &self,
        id: &StaffId,
        figures: &Figures,
        flags: u32,
    ) -> Result<PersonFile, DeskError> {
        let since = UtcMillis::of_week(figures.since_week);
        let states = self.rule_states().await?;
        let mut flags = self.store.flags_of_staff(id, since, flags).await?;
        flags.retain(|row| states.counts(row.flag.rule));
        let mut coaching = self.store.coaching_of(id).await?;
        coaching.reverse();
        for one in &mut coaching {
            one.private_note = None;
        }
        Ok(PersonFile { flags, coaching, name: self.store.staff_name(id).await? })
    }

    async fn computed(&self, id: &StaffId, figures: Arc<Figures>, at: usize) -> Result<OnePerson, DeskError> {
        let kept = figures.profile(id).await;
        let profile = kept.get_or_try_init(|| self.profile(id, Arc::clone(&figures), at)).await?;
        Ok(OnePerson { profile: Arc::clone(profile), figures, at })
    }

    async fn profile(
        &self,
        id: &StaffId,
        figures: Arc<Figures>,
        at: usize,
    ) -> Result<Arc<Profile>, DeskError> {
        let since = UtcMillis::of_week(figures.since_week);
        let contacts = self.store.contacts_of_staff(id, since).await?;
        let own_words = worded(self.store.latest_analyses(Some(id), since, OWN_WORDS).await?);
        let other_words = worded(self.store.latest_analyses(None, since, OTHER_WORDS).await?);
        let states = self.rule_states().await?;
        let work = move || {
            let people = &figures.people;
            let others = people.iter().enumerate().filter(|(other, _)| *other != at);
            let colleagues: Vec<&Sums> = others.map(|(_, one)| &one.sums).collect();
            let words = wording(&own_words, &other_words);
            let mut profile = profile(people.get(at)?, &contacts, &colleagues, words);
            profile.trends.retain(|(indicator, _)| counts(*indicator, &states));
            profile.lapses = profile.lapses.filter(|_| counts(Indicator::Lapse, &states));
            Some(Arc::new(profile))
        };
        off_the_event_loop(work).await?.ok_or(DeskError::NotFound)
    }
}

fn worded(contacts: Vec<(Analysis, ContactMeasures)>) -> Vec<Worded> {
    let worded =
        |(analysis, measures): (_, ContactMeasures)| Worded { analysis, formulas: measures.formulas };
    contacts.into_iter().map(worded).collect()
}
