//! S9 soothing power in units of valence: how contacts that began negative ended, beside
//! colleagues' that began alike.

use std::collections::BTreeMap;

use tingxin_statistics::count;
use tingxin_statistics::distribution::{Interval, Z_95};
use tingxin_statistics::minimum::TRAJECTORY_TURNS;
use tingxin_statistics::panel::error_variance;
use tingxin_statistics::resample::{Surrogates, generator};
use tingxin_statistics::soothing::{
    Calibration, Expectation, Moods, Soothing, SoothingSums, Week, beside_signs, soothing as estimate,
};
use tingxin_text::domain::{BusinessProcess, Channel};

use super::SEED;
use super::case::{Case, Design, Opening};
use super::coaching::Weeks;
use super::coupling::{Branch, Reliability, Shown};
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
    /// The person's mean, before it is pulled towards colleagues, beside the same weeks with signs
    /// at random. None where no figure is shown, and below six weeks.
    pub check: Option<Surrogates>,
}

impl From<Shown> for Soothed {
    fn from(shown: Shown) -> Self {
        Self { shown, check: None }
    }
}

/// Everybody's, in their order. `weeks` are the same contacts week by week, `whole` the turns of
/// the centre, whose spread says how uncertain one opening is.
///
/// The opening mood stands in the model as a number that is corrected for its regression to the
/// mean of its own channel and process, everything else that staff cannot choose as in the
/// comparison of counts.
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
    let comparison = Comparison::of(people);
    let [known, moved] = [reliability.customer, reliability.customer.moved()]
        .map(|measured| error_variance(measured.value, customers) / count(TRAJECTORY_TURNS))
        .map(|error| comparison.calibration(error));
    let sums = comparison.sums(&known);
    let figures = comparison.figures(sums.as_deref());
    let moved = comparison.figures(comparison.sums(&moved).as_deref());
    let checks = comparison.checks(people, weeks, &known, sums.as_deref());
    figures
        .into_iter()
        .zip(moved)
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
    /// All contacts, also those that began otherwise, by where openings have a mean of their own.
    strata: BTreeMap<Stratum<'a>, Moods>,
    width: usize,
    /// By person.
    kinds: Vec<Vec<CaseOpenings<'a>>>,
}

/// One person's contacts of one kind.
struct CaseOpenings<'a> {
    case: &'a Case,
    covariates: Vec<f64>,
    /// As they were read.
    moods: Moods,
}

impl<'a> Comparison<'a> {
    fn of(people: &'a [Person]) -> Self {
        let mut strata: BTreeMap<Stratum<'_>, Moods> = BTreeMap::new();
        let mut cases: BTreeMap<Case, f64> = BTreeMap::new();
        for (case, group) in people.iter().flat_map(|person| &person.sums.cells) {
            strata.entry(stratum(case)).or_default().merge(&group.moods);
            if began_negative(case) {
                *cases.entry(comparable(case)).or_default() += group.moods.contacts();
            }
        }
        let design = Design::of(cases.iter().map(|(case, n)| (case, *n)));
        // The regression has an intercept of its own.
        let covariates = |case: &Case| design.row(&comparable(case)).split_off(1);
        let width = cases.keys().next().map_or(0, |case| covariates(case).len());
        let mut kinds: Vec<Vec<CaseOpenings<'_>>> = people
            .iter()
            .map(|person| {
                let begun = person.sums.cells.iter().filter(|(case, _)| began_negative(case));
                begun
                    .map(|(case, group)| CaseOpenings {
                        case,
                        covariates: covariates(case),
                        moods: group.moods,
                    })
                    .collect()
            })
            .collect();
        keep_comparable(&mut kinds, width);
        Self { strata, width, kinds }
    }

    /// `error` is the error variance of one observed beginning.
    fn calibration(&self, error: f64) -> Calibrated<'a> {
        let numbers: BTreeMap<Stratum<'_>, u64> = self.strata.keys().copied().zip(0..).collect();
        let strata = numbers.values().copied().zip(self.strata.values().copied()).collect();
        Calibrated { numbers, calibration: Calibration::fit(error, &strata) }
    }

    /// Everybody's sums; `None` when a mood is no number.
    fn sums(&self, calibrated: &Calibrated<'_>) -> Option<Vec<SoothingSums>> {
        self.kinds
            .iter()
            .map(|kinds| {
                let mut sums = SoothingSums::new(self.width);
                kinds
                    .iter()
                    .try_for_each(|kind| sums.add(calibrated.moods(kind.case, kind.moods), &kind.covariates))
                    .ok()?;
                Some(sums)
            })
            .collect()
    }

    fn figures(&self, sums: Option<&[SoothingSums]>) -> Vec<Shown> {
        match sums.map(estimate) {
            Some(Ok(found)) => found.into_iter().map(|one| one.map_or_else(Shown::from, shown)).collect(),
            _ => vec![Shown::NotEstimable; self.kinds.len()],
        }
    }

    /// What chance gives for everybody's weeks.
    fn checks(
        &self,
        people: &[Person],
        weeks: &Weeks,
        calibrated: &Calibrated<'_>,
        sums: Option<&[SoothingSums]>,
    ) -> Vec<Option<Surrogates>> {
        let expectation = sums.and_then(|sums| Expectation::of(sums).ok());
        let Some(expectation) = expectation else { return vec![None; people.len()] };
        (0..)
            .zip(people.iter().zip(&self.kinds))
            .map(|(place, (person, kinds))| {
                let kept: BTreeMap<&Case, &[f64]> =
                    kinds.iter().map(|kind| (kind.case, kind.covariates.as_slice())).collect();
                let own: Vec<Week> = weeks
                    .get(&person.id)
                    .into_iter()
                    .flat_map(BTreeMap::values)
                    .map(|sums| calibrated.week(sums, &kept, &expectation))
                    .filter(|week| week.contacts > 0.0)
                    .collect();
                beside_signs(&own, DRAWS, &mut generator(SEED, &[9, place]))
            })
            .collect()
    }
}

/// Beginnings corrected for their regression to the mean of their stratum.
struct Calibrated<'a> {
    numbers: BTreeMap<Stratum<'a>, u64>,
    calibration: Calibration,
}

impl Calibrated<'_> {
    fn moods(&self, case: &Case, moods: Moods) -> Moods {
        let number = self.numbers.get(&stratum(case)).copied().unwrap_or(u64::MAX);
        self.calibration.calibrated(number, moods)
    }

    fn week(&self, sums: &Sums, kept: &BTreeMap<&Case, &[f64]>, expectation: &Expectation) -> Week {
        let mut week = Week::default();
        for (case, group) in &sums.cells {
            if let Some(covariates) = kept.get(case) {
                week.contacts += group.moods.contacts();
                week.residual += expectation.residual(self.moods(case, group.moods), covariates);
            }
        }
        week
    }
}

/// Leaves out kinds of contact that next to nobody else has: they cannot be compared, and would
/// take the person's others with them. What is left out of one person's is missing for the others,
/// so it goes on until nothing more is.
fn keep_comparable(contacts: &mut [Vec<CaseOpenings<'_>>], width: usize) {
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
fn columns<'a>(kinds: impl Iterator<Item = &'a CaseOpenings<'a>>, width: usize) -> Vec<f64> {
    let mut sums = vec![0.0; width];
    for CaseOpenings { covariates, moods, .. } in kinds {
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
