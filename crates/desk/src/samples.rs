//! The random sample: plans, drawing by lot, how far it is read, and whether readers agree.
//!
//! A week is drawn once, after it has ended. The lot of a contact comes from the plan's seed, the week and the contact's
//! identity at its source, so that the same plan draws the same contacts from the same archive, also after it was restored.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use tingxin_statistics::agreement::{Agreement, agreement};
use tingxin_statistics::minimum::TooFew;
use tingxin_statistics::resample::generator;
use tingxin_store::{
    DrawnWeek, FrameContact, NewAudit, NewDraw, NewSamplePlan, NewSampleWeek, SamplePlan, SampleUnit,
    SampledContact, Store,
};
use tingxin_text::domain::{Rule, UtcMillis};

use crate::error::off_the_event_loop;
use crate::figures::PERIOD_WEEKS;
use crate::{Caller, Desk, DeskError};

/// Share of the sample that two people read, one unaware of the other.
///
/// **Source**: the reliability design of the project («blind second review of 5 %»).
pub const READ_TWICE: f64 = 0.05;

/// Most contacts of one unit in a week. Set by the project: twenty a day is a reviewer's whole day for one person.
pub const MOST_PER_WEEK: u32 = 100;

/// Weeks on the page: the period of the figures.
const WEEKS_SHOWN: u32 = 13;

/// Names the random numbers of the intervals of α.
const ALPHA_SEED: u64 = 20_261_130;

/// A version of the plan as somebody asks for it.
#[derive(Debug, Clone, Copy)]
pub struct PlanAsked {
    /// What a week is drawn by.
    pub unit: SampleUnit,
    /// Contacts of each of them in a week; 0 draws none.
    pub per_week: u32,
    /// Names the lot; `None` for a new one.
    pub seed: Option<i64>,
    /// A moment of the first week it draws; `None` for the last week that has ended.
    pub since: Option<UtcMillis>,
}

/// Whether people who read the same contacts say the same about a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuleAgreement {
    /// Which rule.
    pub rule: Rule,
    /// `Ok(None)` where everybody always said the same.
    pub agreement: Result<Option<Agreement>, TooFew>,
}

/// How the sample stands.
#[derive(Debug, Clone)]
pub struct SampleStanding {
    /// Every version of the plan, oldest first.
    pub plans: Vec<SamplePlan>,
    /// Weeks that were drawn, latest first.
    pub weeks: Vec<DrawnWeek>,
    /// Contacts that the caller may read; `None` for whoever reads none.
    pub due: Option<usize>,
    /// Rule by rule.
    pub agreement: Vec<RuleAgreement>,
}

impl Desk {
    /// Adds a version of the plan and draws what it is in force for. Its number.
    ///
    /// # Errors
    /// [`DeskError::OtherTeam`] for whoever is limited to a team: the plan is everybody's. [`DeskError::Field`],
    /// [`DeskError::Store`].
    pub async fn plan_sample(&self, caller: &Caller, asked: PlanAsked) -> Result<u32, DeskError> {
        if caller.team.is_some() {
            return Err(DeskError::OtherTeam);
        }
        if asked.per_week > MOST_PER_WEEK {
            let reason = format!("at most {MOST_PER_WEEK} contacts a week can be drawn of each");
            return Err(DeskError::field("/per_week", reason));
        }
        let now = UtcMillis::now();
        let plan = NewSamplePlan {
            unit: asked.unit,
            per_week: asked.per_week,
            seed: match asked.seed {
                Some(seed) => seed,
                None => random_seed()?,
            },
            since_week: asked.since.map_or(now.week() - 1, UtcMillis::week),
        };
        let entry = NewAudit {
            at: now,
            actor: caller.actor.clone(),
            action: "sample.plan",
            object: "sample".to_owned(),
            result: "ok",
            purpose: None,
        };
        let version = self.store.add_sample_plan(&plan, &entry).await?;
        draw_due(&self.store, now).await?;
        Ok(version)
    }

    /// How the sample stands. `reads` says whether the caller reads contacts of it.
    ///
    /// # Errors
    /// [`DeskError::Store`], [`DeskError::Broken`].
    pub async fn sample_standing(&self, caller: &Caller, reads: bool) -> Result<SampleStanding, DeskError> {
        let now = UtcMillis::now();
        let sampled = self.store.sampled(now.week() - PERIOD_WEEKS).await?;
        let due = if reads {
            Some(self.store.count_due_draws(&caller.actor.name, caller.team.as_ref()).await?)
        } else {
            None
        };
        Ok(SampleStanding {
            plans: self.store.sample_plans().await?,
            weeks: self.store.drawn_weeks(WEEKS_SHOWN).await?,
            due,
            agreement: off_the_event_loop(move || agreements(&sampled)).await?,
        })
    }
}

pub(crate) fn random_seed() -> Result<i64, DeskError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| DeskError::Broken)?;
    // A number that every reader of JSON keeps whole.
    Ok(i64::from_le_bytes(bytes) & ((1 << 53) - 1))
}

/// Draws every week that has ended and was not drawn before, at most as many as figures hold; how many contacts.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn draw_due(store: &Store, now: UtcMillis) -> Result<usize, DeskError> {
    let plans = store.sample_plans().await?;
    if plans.is_empty() {
        return Ok(0);
    }
    let drawn: Vec<i64> = store.drawn_weeks(WEEKS_SHOWN).await?.iter().map(|week| week.week).collect();
    let mut contacts = 0;
    for week in now.week() - PERIOD_WEEKS..now.week() {
        let Some(plan) = in_force(&plans, week).filter(|_| !drawn.contains(&week)) else { continue };
        let frame = store.sample_frame(week).await?;
        let lots = draw(plan, week, &frame);
        let of = NewSampleWeek { week, version: plan.version, contacts: frame.len(), at: now };
        if store.keep_draws(of, &lots).await? {
            contacts += lots.len();
        }
    }
    Ok(contacts)
}

/// The latest version that is in force for a week; none where it draws nothing.
fn in_force(plans: &[SamplePlan], week: i64) -> Option<&SamplePlan> {
    let plan = plans.iter().rev().find(|one| one.plan.since_week <= week)?;
    (plan.plan.per_week > 0).then_some(plan)
}

/// Draws from one week: of every unit as many as the plan says, all of them where there are not more.
fn draw(plan: &SamplePlan, week: i64, frame: &[FrameContact]) -> Vec<NewDraw> {
    let lot = |what: &str, contact: &FrameContact| lot(plan.plan.seed, week, what, contact);
    let mut units: BTreeMap<&str, Vec<&FrameContact>> = BTreeMap::new();
    for contact in frame {
        units.entry(unit_of(plan.plan.unit, contact)).or_default().push(contact);
    }
    let per_week = usize::try_from(plan.plan.per_week).unwrap_or(usize::MAX);
    let mut drawn: Vec<(&FrameContact, f64)> = Vec::new();
    for contacts in units.values_mut() {
        contacts.sort_by_key(|contact| lot("draw", contact));
        let taken = per_week.min(contacts.len());
        let probability = tingxin_statistics::count(taken) / tingxin_statistics::count(contacts.len());
        drawn.extend(contacts.iter().take(taken).map(|contact| (*contact, probability)));
    }
    // By a lot of its own, so that whoever reads half of a week has read a sample of it.
    drawn.sort_by_key(|(contact, _)| lot("place", contact));
    let twice = read_twice(&drawn.iter().map(|(contact, _)| lot("twice", contact)).collect::<Vec<_>>());
    let places = drawn.iter().zip(twice).enumerate();
    places
        .map(|(place, ((contact, probability), twice))| NewDraw {
            contact: contact.id,
            probability: *probability,
            place,
            readers: if twice { 2 } else { 1 },
        })
        .collect()
}

/// Which of these lots are read twice: the smallest, [`READ_TWICE`] of them, rounded up.
fn read_twice(lots: &[[u8; 32]]) -> Vec<bool> {
    let wanted = tingxin_statistics::whole((tingxin_statistics::count(lots.len()) * READ_TWICE).ceil());
    let mut sorted: Vec<&[u8; 32]> = lots.iter().collect();
    sorted.sort();
    let last = wanted.checked_sub(1).and_then(|at| sorted.get(at));
    lots.iter().map(|lot| last.is_some_and(|last| lot <= last)).collect()
}

fn unit_of(unit: SampleUnit, contact: &FrameContact) -> &str {
    match unit {
        SampleUnit::Staff => contact.staff.as_ref().map_or("", |staff| staff.as_str()),
        SampleUnit::Team => contact.team.as_ref().map_or("", |team| team.as_str()),
        SampleUnit::Channel => contact.channel.as_str(),
    }
}

/// The lot of a contact for one purpose. The source names it, not our key: an archive that was read in anew has other keys.
fn lot(seed: i64, week: i64, what: &str, contact: &FrameContact) -> [u8; 32] {
    let named = serde_json::json!([seed, week, what, contact.source.as_str(), contact.contact_id.as_str()]);
    Sha256::digest(named.to_string()).into()
}

/// Agreement of those who read the same contact, by what they said before any flag was shown.
fn agreements(sampled: &[SampledContact]) -> Vec<RuleAgreement> {
    (0_u64..)
        .zip(Rule::ALL)
        .map(|(place, rule)| {
            let pairs: Vec<[u8; 2]> = sampled
                .iter()
                .filter_map(|one| {
                    let [first, second] = one.readings.as_slice() else { return None };
                    Some([u8::from(first.answer.says(*rule)?), u8::from(second.answer.says(*rule)?)])
                })
                .collect();
            let agreement = agreement(&pairs, &mut generator(ALPHA_SEED, &[place]));
            RuleAgreement { rule: *rule, agreement }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tingxin_text::domain::{Channel, ContactId, ContactRef, SourceId, StaffId};
    use uuid::Uuid;

    fn contact(n: usize, staff: &str) -> FrameContact {
        FrameContact {
            id: ContactRef(Uuid::now_v7()),
            source: SourceId::new("hotline").unwrap(),
            contact_id: ContactId::new(&format!("H-{n}")).unwrap(),
            channel: Channel::Hotline,
            staff: Some(StaffId::new(staff).unwrap()),
            team: None,
        }
    }

    fn week() -> Vec<FrameContact> {
        (0..100).map(|n| contact(n, if n < 3 { "A1" } else { "A2" })).collect()
    }

    fn plan(version: u32, seed: i64, per_week: u32, since_week: i64) -> SamplePlan {
        let plan = NewSamplePlan { unit: SampleUnit::Staff, per_week, seed, since_week };
        let made_at = UtcMillis::from_millis(0);
        SamplePlan { version, plan, made_by: "user:a".to_owned(), made_at }
    }

    fn names(frame: &[FrameContact], draws: &[NewDraw]) -> Vec<String> {
        let name =
            |draw: &NewDraw| frame.iter().find(|one| one.id == draw.contact).unwrap().contact_id.to_string();
        draws.iter().map(name).collect()
    }

    #[test]
    fn the_same_plan_draws_the_same_contacts_of_an_archive_that_was_read_in_anew() {
        let (first, mut second) = (week(), week());
        second.reverse();
        let drawn = |frame: &[FrameContact], seed| names(frame, &draw(&plan(1, seed, 5, 0), 7, frame));

        assert_eq!(drawn(&first, 11), drawn(&second, 11));
        assert_ne!(drawn(&first, 11), drawn(&first, 12), "another seed is another lot");
        assert_ne!(
            drawn(&first, 11),
            names(&first, &draw(&plan(1, 11, 5, 0), 8, &first)),
            "and so is a week"
        );
    }

    #[test]
    fn everybody_gets_their_share_with_its_probability_and_one_in_twenty_is_read_twice() {
        let frame = week();

        let draws = draw(&plan(1, 11, 5, 0), 7, &frame);

        assert_eq!(draws.len(), 8, "all three of A1 and five of A2");
        let sure = draws.iter().filter(|draw| (draw.probability - 1.0).abs() < 1e-12).count();
        let seldom = draws.iter().filter(|draw| (draw.probability - 5.0 / 97.0).abs() < 1e-12).count();
        assert_eq!((sure, seldom), (3, 5));
        assert_eq!(draws.iter().filter(|draw| draw.readers == 2).count(), 1);
        assert_eq!(draw(&plan(1, 11, 100, 0), 7, &frame).iter().filter(|draw| draw.readers == 2).count(), 5);
    }

    #[test]
    fn every_contact_of_a_unit_is_as_likely_as_the_others() {
        let frame: Vec<FrameContact> = (0..10).map(|n| contact(n, "A1")).collect();
        let mut times = BTreeMap::<String, usize>::new();
        for seed in 0..2_000 {
            for name in names(&frame, &draw(&plan(1, seed, 2, 0), 7, &frame)) {
                *times.entry(name).or_default() += 1;
            }
        }

        // 400 are expected; the standard error is 18.
        assert!(times.len() == 10 && times.values().all(|n| (310..490).contains(n)), "{times:?}");
    }

    #[test]
    fn a_later_version_draws_later_weeks_alone() {
        let plans = [plan(1, 1, 5, 10), plan(2, 2, 3, 12), plan(3, 3, 0, 14)];
        let version = |week| in_force(&plans, week).map(|plan| plan.version);

        assert_eq!(
            [9, 10, 11, 12, 13, 14].map(version),
            [None, Some(1), Some(1), Some(2), Some(2), None],
            "a plan of none a week ends the sample"
        );
    }
}
