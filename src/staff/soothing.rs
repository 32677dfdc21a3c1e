//! S9 soothing power in units of valence: how contacts that began negative ended, beside colleagues' that began alike.

use std::collections::BTreeMap;

use crate::domain::{BusinessProcess, Channel};
use crate::statistics::count;
use crate::statistics::distribution::{Interval, Z_95};
use crate::statistics::minimum::TRAJECTORY_TURNS;
use crate::statistics::panel::error_variance;
use crate::statistics::resample::{Surrogates, generator};
use crate::statistics::soothing::{
    Calibration, Expectation, Moods, Soothing, Sums as Regression, Week, beside_signs, soothing as estimate,
};

use super::SEED;
use super::case::{Case, Design, Opening};
use super::coaching::Weeks;
use super::coupling::{Branch, Measured, Reliability, Shown};
use super::series::Series;
use super::sums::Sums;
use super::table::Person;

/// Contacts of colleagues that a kind of contact needs to be compared.
const OTHERS: f64 = 10.0;

/// Draws behind the check.
const DRAWS: usize = 200;

/// S9 of a person with its check.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Soothed {
    /// The figure, or why there is none.
    pub shown: Shown,
    /// The person's mean, before it is pulled towards colleagues, beside the same weeks with signs at random. None where no
    /// figure is shown, and below six weeks.
    pub check: Option<Surrogates>,
}

impl From<Shown> for Soothed {
    fn from(shown: Shown) -> Self {
        Self { shown, check: None }
    }
}

/// Everybody's, in their order. `weeks` are the same contacts week by week, `whole` the turns of the centre, whose spread
/// says how uncertain one opening is.
///
/// The opening mood stands in the model as a number that is corrected for its regression to the mean of its own channel
/// and process, everything else that staff cannot choose as in the comparison of counts.
#[must_use]
pub fn soothing(
    people: &[Person],
    weeks: &Weeks,
    whole: &Series,
    reliability: Option<Reliability>,
) -> Vec<Soothed> {
    let Some(reliability) = reliability else { return vec![Shown::Uncalibrated.into(); people.len()] };
    let [customers, _] = whole.variances();
    // An opening is the mean of three turns whose errors have nothing to do with each other.
    let error = |one: Measured| error_variance(one.value, customers) / count(TRAJECTORY_TURNS);
    let of_contacts = Comparison::of(people, error(reliability.customer));
    let of_reliability = Comparison::of(people, error(reliability.customer.moved()));
    let figures = of_contacts.figures().into_iter().zip(of_reliability.figures());
    let checks = of_contacts.checks(people, weeks);
    figures
        .zip(checks)
        .map(|((shown, moved), check)| {
            let shown = shown.uncertain_by(moved);
            Soothed { shown, check: check.filter(|_| shown.branch().is_some()) }
        })
        .collect()
}

fn shown(found: Soothing) -> Shown {
    let Interval { low, high } = Interval::around(found.value, found.sd, Z_95);
    let (contacts, reliability) = (found.contacts, Some(found.reliability));
    Shown::beside_colleagues(Branch {
        value: found.value,
        low,
        high,
        contacts,
        attenuated: false,
        reliability,
    })
}

/// Everybody's contacts that began negative, made comparable.
struct Comparison<'a> {
    calibration: Calibration,
    strata: BTreeMap<Stratum<'a>, u64>,
    width: usize,
    /// By person.
    kinds: Vec<Vec<Kind<'a>>>,
}

/// One person's contacts of one kind.
struct Kind<'a> {
    case: &'a Case,
    covariates: Vec<f64>,
    /// With calibrated beginnings.
    moods: Moods,
}

impl<'a> Comparison<'a> {
    /// `error` is the error variance of one observed beginning.
    fn of(people: &'a [Person], error: f64) -> Self {
        let mut strata: BTreeMap<Stratum<'_>, Moods> = BTreeMap::new();
        let mut cases: BTreeMap<Case, f64> = BTreeMap::new();
        for (case, group) in people.iter().flat_map(|person| &person.sums.cells) {
            strata.entry(stratum(case)).or_default().merge(&group.moods);
            if began_negative(case) {
                *cases.entry(comparable(case)).or_default() += group.moods.contacts();
            }
        }
        let places: BTreeMap<Stratum<'_>, u64> = strata.keys().copied().zip(0..).collect();
        let calibration =
            Calibration::fit(error, &places.values().copied().zip(strata.values().copied()).collect());
        let design = Design::of(cases.iter().map(|(case, n)| (case, *n)));
        // The regression has an intercept of its own.
        let covariates = |case: &Case| design.row(&comparable(case)).split_off(1);
        let width = cases.keys().next().map_or(0, |case| covariates(case).len());
        let mut found = Self { calibration, strata: places, width, kinds: Vec::new() };
        let negative = |person: &'a Person| -> Vec<Kind<'a>> {
            let begun = person.sums.cells.iter().filter(|(case, _)| began_negative(case));
            begun
                .map(|(case, group)| Kind {
                    case,
                    covariates: covariates(case),
                    moods: found.calibrated(case, group.moods),
                })
                .collect()
        };
        let mut kinds: Vec<Vec<Kind<'_>>> = people.iter().map(negative).collect();
        keep_comparable(&mut kinds, width);
        found.kinds = kinds;
        found
    }

    fn queue(&self, case: &Case) -> u64 {
        self.strata.get(&stratum(case)).copied().unwrap_or(u64::MAX)
    }

    fn calibrated(&self, case: &Case, moods: Moods) -> Moods {
        self.calibration.calibrated(self.queue(case), moods)
    }

    /// Everybody's sums; `None` when a mood is no number.
    fn sums(&self) -> Option<Vec<Regression>> {
        let own = |kinds: &Vec<Kind<'_>>| {
            let mut sums = Regression::new(self.width);
            kinds.iter().try_for_each(|kind| sums.add(kind.moods, &kind.covariates)).ok()?;
            Some(sums)
        };
        self.kinds.iter().map(own).collect()
    }

    fn figures(&self) -> Vec<Shown> {
        match self.sums().as_deref().map(estimate) {
            Some(Ok(found)) => found.into_iter().map(|one| one.map_or_else(Shown::from, shown)).collect(),
            _ => vec![Shown::NotEstimable; self.kinds.len()],
        }
    }

    /// What chance gives for everybody's weeks.
    fn checks(&self, people: &[Person], weeks: &Weeks) -> Vec<Option<Surrogates>> {
        let expectation = self.sums().and_then(|sums| Expectation::of(&sums).ok());
        let Some(expectation) = expectation else { return vec![None; people.len()] };
        let of = |(place, (person, kinds)): (u64, (&Person, &Vec<Kind<'_>>))| {
            let kept: BTreeMap<&Case, &[f64]> =
                kinds.iter().map(|kind| (kind.case, kind.covariates.as_slice())).collect();
            let own: Vec<Week> = weeks
                .get(&person.id)
                .into_iter()
                .flat_map(BTreeMap::values)
                .map(|sums| self.week(sums, &kept, &expectation))
                .filter(|week| week.contacts > 0.0)
                .collect();
            beside_signs(&own, DRAWS, &mut generator(SEED, &[9, place]))
        };
        (0..).zip(people.iter().zip(&self.kinds)).map(of).collect()
    }

    fn week(&self, sums: &Sums, kept: &BTreeMap<&Case, &[f64]>, expectation: &Expectation) -> Week {
        let mut week = Week::default();
        for (case, group) in &sums.cells {
            if let Some(covariates) = kept.get(case) {
                week.contacts += group.moods.contacts();
                week.residual += expectation.residual(self.calibrated(case, group.moods), covariates);
            }
        }
        week
    }
}

/// Leaves out kinds of contact that next to nobody else has: they cannot be compared, and would take the person's others with
/// them. What is left out of one person's is missing for the others, so it goes on until nothing more is.
fn keep_comparable(contacts: &mut [Vec<Kind<'_>>], width: usize) {
    loop {
        let everybody = columns(contacts.iter().flatten(), width);
        let mut dropped = false;
        for own in contacts.iter_mut() {
            let (mine, before) = (columns(own.iter(), width), own.len());
            own.retain(|kind| {
                let mut columns = kind.covariates.iter().zip(everybody.iter().zip(&mine));
                columns.all(|(value, (all, own))| *value == 0.0 || all - own >= OTHERS)
            });
            dropped |= own.len() < before;
        }
        if !dropped {
            return;
        }
    }
}

/// Contacts by column.
fn columns<'a>(kinds: impl Iterator<Item = &'a Kind<'a>>, width: usize) -> Vec<f64> {
    let mut sums = vec![0.0; width];
    for Kind { covariates, moods, .. } in kinds {
        sums.iter_mut().zip(covariates).for_each(|(sum, value)| *sum += value * moods.contacts());
    }
    sums
}

/// Where openings have a mean of their own.
type Stratum<'a> = (Channel, Option<&'a BusinessProcess>);

fn stratum(case: &Case) -> Stratum<'_> {
    (case.channel, case.process.as_ref())
}

const fn began_negative(case: &Case) -> bool {
    matches!(case.opening, Opening::Hostile | Opening::Negative)
}

/// The case without its opening, which stands in the model as a number.
fn comparable(case: &Case) -> Case {
    Case { opening: Opening::Negative, ..case.clone() }
}

#[cfg(test)]
mod tests;
