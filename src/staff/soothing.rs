//! S9 soothing power in units of valence: how contacts that began negative ended, beside colleagues' that began alike.

use std::collections::BTreeMap;

use crate::domain::{BusinessProcess, Channel};
use crate::statistics::count;
use crate::statistics::distribution::{Interval, Z_95};
use crate::statistics::minimum::TRAJECTORY_TURNS;
use crate::statistics::panel::error_variance;
use crate::statistics::soothing::{Calibration, Moods, Soothing, Sums as Regression, soothing as estimate};

use super::case::{Case, Design, Opening};
use super::coupling::{Branch, Reliability, Shown};
use super::series::Series;
use super::table::Person;

/// Contacts of colleagues that a kind of contact needs to be compared.
const OTHERS: f64 = 10.0;

/// Everybody's, in their order. `whole` are the turns of the centre, whose spread says how uncertain one opening is.
///
/// The opening mood stands in the model as a number that is corrected for its regression to the mean of its own channel
/// and process, everything else that staff cannot choose as in the comparison of counts.
#[must_use]
pub fn soothing(people: &[Person], whole: &Series, reliability: Option<Reliability>) -> Vec<Shown> {
    let Some(reliability) = reliability else { return vec![Shown::Uncalibrated; people.len()] };
    let [customers, _] = whole.variances();
    // An opening is the mean of three turns whose errors have nothing to do with each other.
    let error = error_variance(reliability.customer.value, customers) / count(TRAJECTORY_TURNS);
    let sums = regressions(people, error);
    match sums.as_deref().map(estimate) {
        Some(Ok(found)) => found.into_iter().map(|one| one.map_or_else(Shown::from, shown)).collect(),
        _ => vec![Shown::NotEstimable; people.len()],
    }
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

/// Everybody's sums; `None` when a mood is no number.
fn regressions(people: &[Person], error: f64) -> Option<Vec<Regression>> {
    let mut strata: BTreeMap<Stratum<'_>, Moods> = BTreeMap::new();
    let mut cases: BTreeMap<Case, f64> = BTreeMap::new();
    for (case, group) in people.iter().flat_map(|person| &person.sums.cells) {
        strata.entry(stratum(case)).or_default().merge(&group.moods);
        if began_negative(case) {
            *cases.entry(comparable(case)).or_default() += group.moods.contacts();
        }
    }
    let places: BTreeMap<Stratum<'_>, u64> = strata.keys().copied().zip(0..).collect();
    let place = |case: &Case| places.get(&stratum(case)).copied().unwrap_or(u64::MAX);
    let calibration =
        Calibration::fit(error, &places.values().copied().zip(strata.values().copied()).collect());
    let design = Design::of(cases.iter().map(|(case, n)| (case, *n)));
    // The regression has an intercept of its own.
    let covariates = |case: &Case| design.row(&comparable(case)).split_off(1);
    let width = cases.keys().next().map_or(0, |case| covariates(case).len());
    let negative = |person: &'_ Person| -> Vec<(Vec<f64>, Moods)> {
        let begun = person.sums.cells.iter().filter(|(case, _)| began_negative(case));
        begun
            .map(|(case, group)| (covariates(case), calibration.calibrated(place(case), group.moods)))
            .collect()
    };
    let mut contacts: Vec<Vec<(Vec<f64>, Moods)>> = people.iter().map(negative).collect();
    keep_comparable(&mut contacts, width);
    let own = |contacts: &Vec<(Vec<f64>, Moods)>| {
        let mut sums = Regression::new(width);
        contacts.iter().try_for_each(|(row, moods)| sums.add(*moods, row)).ok()?;
        Some(sums)
    };
    contacts.iter().map(own).collect()
}

/// Leaves out kinds of contact that next to nobody else has: they cannot be compared, and would take the person's others with
/// them. What is left out of one person's is missing for the others, so it goes on until nothing more is.
fn keep_comparable(contacts: &mut [Vec<(Vec<f64>, Moods)>], width: usize) {
    loop {
        let everybody = columns(contacts.iter().flatten(), width);
        let mut dropped = false;
        for own in contacts.iter_mut() {
            let (mine, before) = (columns(own.iter(), width), own.len());
            own.retain(|(row, _)| {
                let mut kinds = row.iter().zip(everybody.iter().zip(&mine));
                kinds.all(|(value, (all, own))| *value == 0.0 || all - own >= OTHERS)
            });
            dropped |= own.len() < before;
        }
        if !dropped {
            return;
        }
    }
}

/// Contacts by column.
fn columns<'a>(rows: impl Iterator<Item = &'a (Vec<f64>, Moods)>, width: usize) -> Vec<f64> {
    let mut sums = vec![0.0; width];
    for (row, moods) in rows {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value * moods.contacts());
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
mod tests {
    use super::*;
    use crate::domain::{ContactMeasures, ContactRef, Exchange, Observation, StaffId, Tone, UtcMillis};
    use crate::staff::{Measured, sum};

    /// A contact of a queue whose openings scatter around −.5.
    fn contact(at: u32, gift: f32, channel: Channel) -> Observation {
        let part = |salt: u32| f32::from(u8::try_from(at * salt % 17).unwrap()) / 17.0 - 0.5;
        let start = -0.6 + 0.4 * part(7);
        let turn = |valence: f32| Exchange {
            customer: Some(Tone { valence, positive: 0.1, negative: 0.6 }),
            agent: None,
        };
        Observation {
            id: ContactRef(uuid::Uuid::from_u128(u128::from(at))),
            channel,
            process: None,
            staff: None,
            team: None,
            happened_at: UtcMillis::from_millis(i64::from(at) * 600_000),
            repeated: false,
            incident: false,
            measures: ContactMeasures {
                exchanges: (0..4).map(|turns: u32| turn(start + 0.3 * part(3 + turns))).collect(),
                start: Some(start),
                customer_turns: 6,
                end: Some(0.1 + 0.5 * start + 0.3 * part(11) + gift),
                ..ContactMeasures::default()
            },
        }
    }

    fn people(gifts: &[(f32, u32)]) -> (Vec<Person>, Series) {
        let mut whole = Series::default();
        let people = gifts
            .iter()
            .zip(0_u32..)
            .map(|((gift, contacts), at)| {
                let mut sums = sum((0..*contacts)
                    // The second has a single contact of a kind that nobody else has.
                    .map(|one| {
                        let rare = at == 1 && one == 0;
                        let channel = if rare { Channel::Visit } else { Channel::Hotline };
                        contact(at * 1_000 + one, *gift, channel)
                    })
                    .collect());
                whole.merge(&sums.take_series());
                let id = StaffId::new(&format!("A{at:04}")).unwrap();
                Person { id, sums, confirmed: BTreeMap::new() }
            })
            .collect();
        (people, whole)
    }

    const SOLID: Reliability = Reliability {
        customer: Measured { value: 0.75, error: 0.03 },
        agent: Measured { value: 0.8, error: 0.03 },
    };

    #[test]
    fn whoever_calms_more_than_colleagues_stands_out_in_units_of_valence_and_a_newcomer_is_not_judged() {
        let mut gifts = vec![(0.0, 80); 20];
        gifts[0].0 = 0.3;
        gifts[19].1 = 20;
        let (people, whole) = people(&gifts);

        let found = soothing(&people, &whole, Some(SOLID));

        let Shown::Estimate(gifted) = found[0] else { panic!("{:?}", found[0]) };
        assert!((gifted.value - 0.3).abs() < 0.06 && gifted.low > 0.2 && gifted.contacts == 80, "{gifted:?}");
        assert_eq!(found[19], Shown::TooFew { needed: 50, have: 20 });
        let Shown::Estimate(other) = found[1] else { panic!("{:?}", found[1]) };
        assert!(other.low < 0.0 && other.high > -0.05 && other.contacts == 79, "{other:?}");
    }

    #[test]
    fn a_kind_that_one_person_has_fifty_times_and_another_five_times_is_left_out_of_both() {
        let row = |kind: f64, contacts: usize| {
            let mut moods = Moods::default();
            (0..contacts).for_each(|_| moods.merge(&Moods::of(-0.5, 0.1)));
            (vec![kind], moods)
        };
        let mut contacts =
            vec![vec![row(0.0, 30), row(1.0, 50)], vec![row(0.0, 75), row(1.0, 5)], vec![row(0.0, 80)]];

        keep_comparable(&mut contacts, 1);

        let kept: Vec<f64> =
            contacts.iter().map(|own| own.iter().map(|(_, moods)| moods.contacts()).sum()).collect();
        assert_eq!(kept, [30.0, 75.0, 80.0]);
    }

    #[test]
    fn without_a_measured_reliability_nothing_is_said() {
        let (people, whole) = people(&[(0.0, 80), (0.0, 80)]);
        assert_eq!(soothing(&people, &whole, None), [Shown::Uncalibrated; 2]);
    }
}
