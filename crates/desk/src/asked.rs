//! Where somebody stands outside the limits and nobody has listened yet: reviewers are asked for exactly those contacts.

use std::collections::BTreeMap;

use tingxin_staff::{Indicator, StaffLine};
use tingxin_statistics::naming::{Direction, MIN_CONFIRMED, Missing, Standing};
use tingxin_store::{AskedReview, NewAskedReview};
use tingxin_text::domain::{FlagStatus, Rule, TeamId, UtcMillis};

use crate::{Caller, Desk, DeskError, Figures};

/// Contacts of a person that are asked for at once: twice as many as a name needs, for some are no case of it.
const EACH: u32 = 6;

/// Most that were asked for of one answer.
const MOST: u32 = 2_000;

/// A behaviour on which people stand outside the limits and confirmations are missing. Nobody is named by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outside {
    /// The behaviour.
    pub indicator: Indicator,
    /// How many people.
    pub people: usize,
    /// What reviewers said of what was asked for.
    pub asked: AskedSoFar,
}

/// What reviewers said of the contacts that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AskedSoFar {
    /// Confirmed.
    pub confirmed: usize,
    /// Judged otherwise, or no longer flagged.
    pub otherwise: usize,
    /// Not judged yet.
    pub waiting: usize,
}

impl Desk {
    /// Behaviours on which somebody of the caller's team stands outside the 99.8 % limits for want of confirmations, and
    /// those for which reviewers were asked in these weeks.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn outside(&self, caller: &Caller, figures: &Figures) -> Result<Vec<Outside>, DeskError> {
        let since = UtcMillis::of_week(figures.since_week);
        let asked = self.store.asked_reviews(since, caller.team.as_ref(), MOST).await?;
        let mut so_far: BTreeMap<&str, AskedSoFar> = BTreeMap::new();
        for one in &asked {
            let counts = so_far.entry(one.indicator.as_str()).or_default();
            match one.status {
                Some(FlagStatus::Confirmed) => counts.confirmed += 1,
                Some(FlagStatus::Candidate) => counts.waiting += 1,
                _ => counts.otherwise += 1,
            }
        }
        let of = |indicator: &Indicator| Outside {
            indicator: *indicator,
            people: waiting(figures, caller.team.as_ref(), *indicator).count(),
            asked: so_far.get(indicator.as_str()).copied().unwrap_or_default(),
        };
        let told = |one: &Outside| one.people > 0 || one.asked != AskedSoFar::default();
        Ok(Indicator::ALL.iter().map(of).filter(told).collect())
    }

    /// Asks reviewers for the contacts of those people; how many were added.
    ///
    /// # Errors
    /// [`DeskError::Store`], [`DeskError::Broken`].
    pub async fn ask_reviews(&self, caller: &Caller, indicator: Indicator) -> Result<u64, DeskError> {
        let figures = self.figures().await?;
        let people = waiting(&figures, caller.team.as_ref(), indicator)
            .map(|(line, rule)| (line.staff.clone(), rule))
            .collect();
        let asked = NewAskedReview {
            people,
            indicator: indicator.as_str().to_owned(),
            since: UtcMillis::of_week(figures.since_week),
            each: EACH.max(u32::try_from(MIN_CONFIRMED).unwrap_or(EACH)),
            by: caller.actor.clone(),
            at: UtcMillis::now(),
        };
        Ok(self.store.ask_reviews(&asked).await?)
    }

    /// What trainers asked for in the last weeks, for the queue that marks it.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn asked_reviews(&self, caller: &Caller) -> Result<Vec<AskedReview>, DeskError> {
        let since = UtcMillis::of_week(UtcMillis::now().week() - crate::PERIOD_WEEKS);
        let mut asked = self.store.asked_reviews(since, caller.team.as_ref(), MOST).await?;
        asked.retain(|one| one.status == Some(FlagStatus::Candidate));
        Ok(asked)
    }
}

/// People outside the 99.8 % limits on a behaviour whose name waits for confirmations, with what would have to be confirmed.
fn waiting<'a>(
    figures: &'a Figures,
    team: Option<&'a TeamId>,
    indicator: Indicator,
) -> impl Iterator<Item = (&'a StaffLine, Rule)> {
    let own = figures.lines.iter().filter(move |line| team.is_none() || line.team.as_ref() == team);
    own.filter_map(move |line| {
        let verdict = &line.on(indicator)?.verdict;
        let waits =
            verdict.standing == Standing::Investigate && verdict.missing.contains(&Missing::Confirmation);
        let (worse, better) = indicator.evidence();
        let rule = if verdict.direction == Direction::Worse { worse } else { better };
        waits.then_some((line, rule))
    })
}
