//! Whether two people who read the same contact say the same: Krippendorff's α for names without
//! an order.
//!
//! Cohen's κ was rejected: it wants the same two people throughout, and here anybody may be the
//! second reader.

use rand::Rng;

use super::count;
use super::distribution::{Interval, Z_95};
use super::minimum::{Minimum, TooFew, enough};
use super::resample::bootstrap;

/// Draws behind an interval. Set by the project: the ends move by less than .01 from seed to seed.
const DRAWS: usize = 2_000;

/// How well readers agree beyond chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// 1 is always, 0 is as often as by chance.
    pub alpha: f64,
    /// 95 % interval; units are drawn with replacement.
    pub interval: Interval,
    /// Units that two people have read.
    pub units: usize,
}

/// α over units, each with what its readers said; NaN where nobody ever said anything else.
///
/// A unit with one reader has nothing to be compared with and counts for nothing (Krippendorff
/// 2011, «Computing Krippendorff's alpha-reliability»).
#[must_use]
pub fn alpha(units: &[&[u8]]) -> f64 {
    let pairable = || units.iter().filter(|unit| unit.len() > 1);
    let mut totals = [0.0_f64; 256];
    let mut within = 0.0;
    for unit in pairable() {
        let others = count(unit.len() - 1);
        for (at, said) in unit.iter().enumerate() {
            if let Some(total) = totals.get_mut(usize::from(*said)) {
                *total += 1.0;
            }
            let differing = unit.iter().enumerate().filter(|(other, says)| *other != at && *says != said);
            within += count(differing.count()) / others;
        }
    }
    let all: f64 = totals.iter().sum();
    let alike: f64 = totals.iter().map(|total| total * (total - 1.0)).sum();
    let across = all * (all - 1.0) - alike;
    if across > 0.0 { 1.0 - (all - 1.0) * within / across } else { f64::NAN }
}

/// α of contacts that people have read without knowing of each other: two in the random sample,
/// several in a calibration session. `None` where everybody always said the same: α is not defined
/// there, and not 1.
///
/// # Errors
/// [`TooFew`] below [`Minimum::Agreement`] contacts that two or more have read.
pub fn agreement(units: &[impl AsRef<[u8]>], rng: &mut impl Rng) -> Result<Option<Agreement>, TooFew> {
    let read: Vec<&[u8]> = units.iter().map(AsRef::as_ref).filter(|unit| unit.len() > 1).collect();
    enough(Minimum::Agreement, read.len())?;
    let value = alpha(&read);
    let of = |drawn: &[&&[u8]]| alpha(&drawn.iter().map(|unit| **unit).collect::<Vec<_>>());
    let interval = bootstrap(&read, of, DRAWS, 0.95, rng).filter(|_| value.is_finite());
    Ok(interval.map(|interval| Agreement { alpha: value, interval, units: read.len() }))
}

/// α of two people over everything that they were asked about the contacts both have read. What is said about one contact hangs
/// together, so the interval draws whole contacts. `None` where both always said the same single thing.
///
/// # Errors
/// [`TooFew`] below [`Minimum::Agreement`] contacts.
pub fn agreement_of_two(contacts: &[Vec<[u8; 2]>], rng: &mut impl Rng) -> Result<Option<Agreement>, TooFew> {
    enough(Minimum::Agreement, contacts.len())?;
    let value = alpha_of_two(contacts.iter());
    let of = |drawn: &[&Vec<[u8; 2]>]| alpha_of_two(drawn.iter().copied());
    let interval = bootstrap(contacts, of, DRAWS, 0.95, rng).filter(|_| value.is_finite());
    Ok(interval.map(|interval| Agreement { alpha: value, interval, units: contacts.len() }))
}

fn alpha_of_two<'a>(contacts: impl Iterator<Item = &'a Vec<[u8; 2]>>) -> f64 {
    alpha(&contacts.flatten().map(<[u8; 2]>::as_slice).collect::<Vec<_>>())
}

/// How much α has moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlphaDrift {
    /// The latest less what was before.
    pub change: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

/// How much the latest α has moved from the mean of the earlier ones, each with the weight of its contacts; `None` without an
/// earlier one. Sessions have no contact in common, so their errors add up; an error is taken from the width of an interval.
#[must_use]
pub fn drift(earlier: &[Agreement], latest: &Agreement) -> Option<AlphaDrift> {
    let error = |one: &Agreement| (one.interval.high - one.interval.low) / (2.0 * Z_95);
    let all: f64 = earlier.iter().map(|one| count(one.units)).sum();
    let mean = earlier.iter().map(|one| count(one.units) * one.alpha).sum::<f64>() / all;
    let of_mean = earlier.iter().map(|one| (count(one.units) * error(one)).powi(2)).sum::<f64>().sqrt() / all;
    let change = latest.alpha - mean;
    let interval = Interval::around(change, error(latest).hypot(of_mean), Z_95);
    change.is_finite().then_some(AlphaDrift { change, interval })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::generator;

    #[test]
    fn alpha_is_that_of_the_published_example() {
        // Krippendorff 2011, section C: four observers, twelve units, nominal, with gaps: α = .743.
        let units: [&[u8]; 12] = [
            &[1, 1, 1],
            &[2, 2, 3, 2],
            &[3, 3, 3, 3],
            &[3, 3, 3, 3],
            &[2, 2, 2, 2],
            &[1, 2, 3, 4],
            &[4, 4, 4, 4],
            &[1, 1, 2, 1],
            &[2, 2, 2, 2],
            &[5, 5, 5],
            &[1, 1],
            &[3],
        ];
        assert!((alpha(&units) - 0.743).abs() < 5e-4, "{}", alpha(&units));
    }

    #[test]
    fn two_who_draw_lots_agree_as_by_chance_and_two_who_copy_agree_always() {
        let mut rng = generator(3, &[]);
        let mut lot = || u8::from(rng.random::<f64>() < 0.3);
        let lots: Vec<[u8; 2]> = (0..400).map(|_| [lot(), lot()]).collect();
        let copies: Vec<[u8; 2]> = lots.iter().map(|[first, _]| [*first, *first]).collect();

        let by_chance = agreement(&lots, &mut generator(1, &[])).unwrap().unwrap();
        let always = agreement(&copies, &mut generator(1, &[])).unwrap().unwrap();

        assert!(by_chance.interval.contains(0.0) && by_chance.interval.width() < 0.3, "{by_chance:?}");
        assert!((always.alpha - 1.0).abs() < 1e-12 && (always.interval.low - 1.0).abs() < 1e-12);
    }

    #[test]
    fn several_readers_of_one_session_are_compared_and_whoever_read_alone_counts_for_nothing() {
        let mut units: Vec<Vec<u8>> = (0..40_u8).map(|at| vec![at % 2; 3]).collect();
        units.extend([vec![1], Vec::new()]);

        let found = agreement(&units, &mut generator(1, &[])).unwrap().unwrap();

        assert!((found.alpha - 1.0).abs() < 1e-12, "{found:?}");
        assert_eq!(found.units, 40);
        assert!(agreement(&units[11..], &mut generator(1, &[])).is_err(), "29 were read by several");
    }

    #[test]
    fn whoever_never_saw_it_shows_no_agreement_and_few_show_nothing() {
        assert_eq!(agreement(&[[0, 0]; 40], &mut generator(1, &[])), Ok(None));
        assert!(agreement(&[[0, 1]; 29], &mut generator(1, &[])).is_err());
    }

    #[test]
    fn two_who_read_the_same_contacts_are_compared_over_all_rules_and_contacts_are_drawn_whole() {
        // In every fourth contact one of them does not see what the other sees, three rules at a time.
        let contact = |at: u8| {
            vec![
                [1, u8::from(!at.is_multiple_of(4))],
                [1, u8::from(!at.is_multiple_of(4))],
                [1, 1],
                [0, 0],
                [0, 0],
            ]
        };
        let contacts: Vec<Vec<[u8; 2]>> = (0..40).map(contact).collect();

        let found = agreement_of_two(&contacts, &mut generator(1, &[])).unwrap().unwrap();

        assert!(found.interval.contains(found.alpha) && (0.7..0.9).contains(&found.alpha), "{found:?}");
        assert_eq!(found.units, 40);
        let pairs: Vec<[u8; 2]> = contacts.concat();
        let apart = agreement(&pairs, &mut generator(1, &[])).unwrap().unwrap();
        let width = |one: &Agreement| one.interval.high - one.interval.low;
        assert!(width(&found) > 1.1 * width(&apart), "{found:?} beside {apart:?}");
        assert!(agreement_of_two(&contacts[..29], &mut generator(1, &[])).is_err());
    }

    #[test]
    fn a_reader_who_has_moved_away_from_the_expert_is_told_from_one_who_has_not() {
        let one = |alpha: f64| Agreement {
            alpha,
            interval: Interval { low: alpha - 0.1, high: alpha + 0.1 },
            units: 40,
        };

        let away = drift(&[one(0.85), one(0.75)], &one(0.5)).unwrap();
        let still = drift(&[one(0.85), one(0.75)], &one(0.78)).unwrap();

        assert!((away.change + 0.3).abs() < 1e-12 && away.interval.high < 0.0, "{away:?}");
        // Half as sure as two sessions together and one: .1 · √(1 + 1/2).
        assert!((away.interval.high - away.change - 0.1 * 1.5_f64.sqrt()).abs() < 1e-9, "{away:?}");
        assert!(still.interval.contains(0.0));
        assert_eq!(drift(&[], &one(0.8)), None);
    }
}
