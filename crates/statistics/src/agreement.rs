//! Whether two people who read the same contact say the same: Krippendorff's α for names without
//! an order.
//!
//! Cohen's κ was rejected: it wants the same two people throughout, and here anybody may be the
//! second reader.

use rand::Rng;

use super::count;
use super::distribution::Interval;
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
}
