//! Whether the record of coached people changed by more than it would have anyway, and whether a
//! programme can show it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use tingxin_statistics::FitError;
use tingxin_statistics::case_mix::{AgentCell, CaseMixModel};
use tingxin_statistics::effect::{self, CoachingEffect, Matching, PeriodTally, Plan};
use tingxin_statistics::shrinkage::empirical_bayes;
use tingxin_text::domain::StaffId;

use super::indicator::Indicator;
use super::sums::Sums;
use super::table::Cases;

/// Weeks compared on either side of the week in which coaching was agreed. That week itself is on
/// neither side.
pub const COACHING_WEEKS: i64 = 8;

/// Power that a programme should have before it begins.
const USUAL_POWER: f64 = 0.8;

/// One coached person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coached {
    /// Whom.
    pub staff: StaffId,
    /// Week of the agreement.
    pub week: i64,
}

/// What came after coaching on one behaviour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoachingOutcome {
    /// The behaviour.
    pub indicator: Indicator,
    /// The comparison, or why there is none.
    pub effect: Result<CoachingEffect, String>,
}

/// What a programme can show before anybody is coached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Power {
    /// People to be coached.
    pub coached: usize,
    /// Colleagues they would be compared with.
    pub peers: usize,
    /// Mean number of contacts a person on either side.
    pub contacts: f64,
    /// Events a contact today.
    pub rate: f64,
    /// Smallest true decrease, in events a contact, that is found with a probability of 80 %; always less than `rate`.
    pub detectable: f64,
}

/// Weekly sums of everybody.
pub type Weeks = BTreeMap<StaffId, BTreeMap<i64, Sums>>;

/// Compares coached people with uncoached colleagues over the same weeks. People with different
/// weeks of agreement are compared each over their own; their colleagues' weeks are those of the
/// first of them. Nobody of `touched` is an uncoached colleague.
#[must_use]
pub fn effect_of(
    indicator: Indicator,
    coached: &[Coached],
    touched: &BTreeSet<StaffId>,
    weeks: &Weeks,
) -> CoachingOutcome {
    let effect = compare(indicator, coached, touched, weeks).map_err(|cause| cause.to_string());
    CoachingOutcome { indicator, effect }
}

fn compare(
    indicator: Indicator,
    coached: &[Coached],
    touched: &BTreeSet<StaffId>,
    weeks: &Weeks,
) -> Result<CoachingEffect, FitError> {
    let first = coached.iter().map(|one| one.week).min().ok_or(FitError::TooFew { needed: 1, got: 0 })?;
    let standard = Standard::of(indicator, weeks)?;
    let person = |of: Option<&BTreeMap<i64, Sums>>, week: i64| effect::BeforeAfter {
        before: standard.tally(of, week - COACHING_WEEKS..week),
        after: standard.tally(of, week + 1..week + 1 + COACHING_WEEKS),
    };
    let own: Vec<effect::BeforeAfter> =
        coached.iter().map(|one| person(weeks.get(&one.staff), one.week)).collect();
    let colleagues: Vec<effect::BeforeAfter> = weeks
        .iter()
        .filter(|(staff, _)| !touched.contains(staff))
        .map(|(_, own)| person(Some(own), first))
        .collect();
    effect::coaching(&own, &colleagues, Matching::default())
}

/// What coaching so many people on a behaviour from a week on can show.
///
/// # Errors
/// A sentence why nothing can be said.
pub fn power(indicator: Indicator, people: usize, week: i64, weeks: &Weeks) -> Result<Power, String> {
    let standard = Standard::of(indicator, weeks).map_err(|cause| cause.to_string())?;
    let tallies: Vec<PeriodTally> = weeks
        .values()
        .map(|own| standard.tally(Some(own), week - COACHING_WEEKS..week))
        .filter(|tally| tally.trials > 0.0)
        .collect();
    let sum = |of: fn(&PeriodTally) -> f64| tallies.iter().map(of).sum::<f64>();
    let trials = sum(|tally| tally.trials);
    if trials <= 0.0 {
        return Err("there is no contact in the weeks before".to_owned());
    }
    let (contacts, rate) =
        (trials / tingxin_statistics::count(tallies.len()), sum(|tally| tally.events) / trials);
    // The comparison takes the nearest few of the colleagues.
    let peers = tallies.len().saturating_sub(people).min(people * Matching::default().peers);
    let plan = Plan {
        coached: people,
        peers,
        before: contacts,
        after: contacts,
        rate,
        between: between(&tallies, rate),
        // How colleagues change by themselves is known afterwards only; the answer is the best
        // case.
        drift: 0.0,
    };
    possible(Power {
        coached: people,
        peers,
        contacts,
        rate,
        detectable: plan.minimum_detectable(USUAL_POWER),
    })
}

/// Coaching makes something happen less often, and no rate falls below 0: a larger change than the rate itself is none that
/// could be promised.
fn possible(power: Power) -> Result<Power, String> {
    if !power.detectable.is_finite() {
        return Err("there is nobody to be compared with".to_owned());
    }
    if power.detectable >= power.rate {
        return Err("the contacts are too few: even if it never happened again, nobody could tell".to_owned());
    }
    Ok(power)
}

/// Standard deviation of true rates between people.
fn between(tallies: &[PeriodTally], rate: f64) -> f64 {
    let values: Vec<f64> =
        tallies.iter().map(|tally| (tally.events - tally.expected) / tally.trials).collect();
    let errors: Vec<f64> = tallies.iter().map(|tally| (rate * (1.0 - rate) / tally.trials).sqrt()).collect();
    empirical_bayes(&values, &errors).tau2.sqrt()
}

/// The case-mix model of a behaviour over everybody.
struct Standard {
    place: usize,
    cases: Cases,
    model: CaseMixModel,
}

impl Standard {
    fn of(indicator: Indicator, weeks: &Weeks) -> Result<Self, FitError> {
        let all: Vec<&Sums> = weeks.values().flat_map(BTreeMap::values).collect();
        let cases = Cases::of(all.iter().copied());
        let cells = cases.total(all.iter().copied(), indicator);
        Ok(Self { place: indicator.place(), model: CaseMixModel::fit(&cells)?, cases })
    }

    fn tally(&self, own: Option<&BTreeMap<i64, Sums>>, weeks: std::ops::Range<i64>) -> PeriodTally {
        let mut tally = PeriodTally { trials: 0.0, events: 0.0, expected: 0.0 };
        let sums = own.into_iter().flat_map(|own| own.range(weeks.clone()).map(|(_, sums)| sums));
        for AgentCell { design, trials, events } in sums.flat_map(|sums| self.cases.cells(sums, self.place)) {
            let design = self.cases.designs.get(design).map(Vec::as_slice).unwrap_or_default();
            tally.trials += trials;
            tally.events += events;
            tally.expected += trials * self.model.probability(design);
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power_of(rate: f64, detectable: f64) -> Result<Power, String> {
        possible(Power { coached: 1, peers: 5, contacts: 2.0, rate, detectable })
    }

    #[test]
    fn nobody_is_told_that_forty_of_a_hundred_could_fall_by_more_than_a_hundred() {
        assert!(power_of(0.4, 1.258).unwrap_err().contains("too few"));
        assert!(power_of(0.4, 0.4).is_err());
        assert!(power_of(0.4, 0.25).is_ok());
        assert!(power_of(0.4, f64::INFINITY).unwrap_err().contains("nobody to be compared"));
    }
}
