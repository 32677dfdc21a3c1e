//! Seeded resampling: surrogates, permutation p-values, bootstrap intervals and the choice of
//! pseudo-partners.
//!
//! Every draw comes from `ChaCha8`, whose stream is stable across releases and machines, and every
//! generator is named by what it is for. `StdRng` was rejected: its algorithm may change with a
//! release and a stored p-value would move.

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::count;
use super::distribution::{Interval, quantile};

/// A generator named by a seed and a path of numbers (experiment, repetition, agent …).
///
/// Equal names give equal streams on every machine; names that differ in one place give unrelated
/// streams, so the order and number of threads never change a result.
#[must_use]
pub fn generator(seed: u64, path: &[u64]) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(
        path.iter().fold(mix(seed), |state, step| mix(state ^ mix(step.wrapping_add(1)))),
    )
}

/// The finaliser of `SplitMix64` (Steele, Lea & Flood 2014): spreads neighbouring numbers over all
/// 64 bits.
fn mix(value: u64) -> u64 {
    let z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A random order of `0..n`.
pub fn order(n: usize, rng: &mut impl Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(rng);
    order
}

/// An observed value beside the values it takes when the pairing is destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Surrogates {
    /// The value of the real data.
    pub observed: f64,
    /// Mean over the surrogates.
    pub mean: f64,
    /// Standard deviation over the surrogates (divisor n − 1).
    pub sd: f64,
    /// Number of surrogates.
    pub drawn: usize,
    /// Share of surrogates at or above the observed value, (1 + hits)/(1 + drawn): never 0 (Phipson
    /// & Smyth 2010).
    pub p_above: f64,
}

impl Surrogates {
    /// Summary of `drawn` surrogates. `None` below two, or when the observed value is not finite.
    #[must_use]
    pub fn of(observed: f64, drawn: &[f64]) -> Option<Self> {
        let n = count(drawn.len());
        if drawn.len() < 2 || !observed.is_finite() || drawn.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mean = drawn.iter().sum::<f64>() / n;
        let sd = (drawn.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        // The slack keeps a surrogate that is the observed arrangement again from falling below it
        // by rounding.
        let slack = 1e-12 * (1.0 + observed.abs());
        let hits = drawn.iter().filter(|value| **value >= observed - slack).count();
        Some(Self { observed, mean, sd, drawn: drawn.len(), p_above: (1.0 + count(hits)) / (1.0 + n) })
    }

    /// The same where every unit has only a few possible partners: then the surrogates lie too near
    /// to their mean, and their deviations from it are widened by `by`
    /// ([`PseudoPartners::widening`]) before anything is read off them.
    #[must_use]
    pub fn widened(observed: f64, drawn: &[f64], by: f64) -> Option<Self> {
        let mean = drawn.iter().sum::<f64>() / count(drawn.len());
        let wider: Vec<f64> = drawn.iter().map(|value| mean + (value - mean) * by).collect();
        Self::of(observed, &wider)
    }

    /// Observed minus surrogate mean, the effect beyond chance pairing.
    #[must_use]
    pub fn excess(&self) -> f64 {
        self.observed - self.mean
    }

    /// Excess in surrogate standard deviations; 0 when the surrogates do not vary.
    #[must_use]
    pub fn z(&self) -> f64 {
        if self.sd > 0.0 { self.excess() / self.sd } else { 0.0 }
    }
}

/// Percentile bootstrap interval of `statistic` over `units`, drawn with replacement.
///
/// The unit is what is independent (a contact, a day), never a turn: turns of a contact resemble
/// each other and an interval over turns would be too short. `level` is the coverage, for example
/// .95. `None` without units or when no draw gives a finite value. The percentile form was
/// preferred to the studentised one because the shares it is used for have no closed standard
/// error; its coverage is a little low below about 30 units, which is the minimum of the signal
/// using it.
pub fn bootstrap<T>(
    units: &[T],
    statistic: impl Fn(&[&T]) -> f64,
    draws: usize,
    level: f64,
    rng: &mut impl Rng,
) -> Option<Interval> {
    if units.is_empty() {
        return None;
    }
    let mut values: Vec<f64> = Vec::with_capacity(draws);
    let mut sample: Vec<&T> = Vec::with_capacity(units.len());
    for _ in 0..draws {
        sample.clear();
        sample.extend((0..units.len()).filter_map(|_| units.get(rng.random_range(0..units.len()))));
        values.push(statistic(&sample));
    }
    values.retain(|value| value.is_finite());
    let tail = (1.0 - level) / 2.0;
    let interval = Interval { low: quantile(&values, tail), high: quantile(&values, 1.0 - tail) };
    interval.low.is_finite().then_some(interval)
}

/// Length bands for pseudo-partners: a partner is between 1/1.2 and 1.2 times as long as the series
/// it replaces.
///
/// Exactly equal lengths were rejected: half of the contacts of one agent and intent would have no
/// partner at all, and those that have one would meet it in every surrogate.
pub const LENGTH_RATIO: f64 = 1.2;

/// Who may stand in for whom: another series of the same group (agent × intent) and about the same
/// length ([`LENGTH_RATIO`]). Kept as ranges of one sorted list, so that ten thousand contacts of
/// one group need no table of pairs.
#[derive(Debug, Clone)]
pub struct PseudoPartners {
    sorted: Vec<usize>,
    /// For each series the range of `sorted` it may draw from and its own place in it.
    ranges: Vec<(std::ops::Range<usize>, usize)>,
}

impl PseudoPartners {
    /// From (group, length) of every series.
    #[must_use]
    pub fn of(series: &[(u64, usize)]) -> Self {
        let mut sorted: Vec<(u64, usize, usize)> =
            series.iter().enumerate().map(|(index, (group, length))| (*group, *length, index)).collect();
        sorted.sort_unstable();
        let mut ranges = vec![(0..0, 0); series.len()];
        for (place, (group, length, index)) in sorted.iter().enumerate() {
            let own = count(*length);
            if let Some(range) = ranges.get_mut(*index) {
                *range = (
                    sorted.partition_point(|other| {
                        other.0 < *group || (other.0 == *group && count(other.1) * LENGTH_RATIO < own)
                    })..sorted.partition_point(|other| {
                        other.0 < *group || (other.0 == *group && count(other.1) <= own * LENGTH_RATIO)
                    }),
                    place,
                );
            }
        }
        Self { sorted: sorted.into_iter().map(|(_, _, index)| index).collect(), ranges }
    }

    /// How many others may stand in for `series`.
    #[must_use]
    pub fn available(&self, series: usize) -> usize {
        self.ranges.get(series).map_or(0, |(range, _)| range.len().saturating_sub(1))
    }

    /// One of them, each equally likely; never the series itself. `None` when there is none.
    pub fn draw(&self, series: usize, rng: &mut impl Rng) -> Option<usize> {
        let (range, own) = self.ranges.get(series)?;
        if range.len() < 2 {
            return None;
        }
        let place = rng.random_range(range.start..range.end - 1);
        self.sorted.get(if place >= *own { place + 1 } else { place }).copied()
    }

    /// By how much surrogates of these units lie too near to their mean.
    ///
    /// With `m` possible partners, drawn with replacement, a unit's surrogates vary by
    /// `σ²(1 − 1/m)`, while the difference of the real partner, who is one more draw of the same
    /// kind, from their mean varies by `σ²(1 + 1/m)`. The factor is the root of the ratio of the
    /// sums over all units; units with fewer than two partners have no spread and do not belong
    /// among them.
    #[must_use]
    pub fn widening(&self, units: impl Iterator<Item = usize>) -> f64 {
        let (mut real, mut drawn) = (0.0, 0.0);
        for unit in units {
            let share = 1.0 / count(self.available(unit).max(1));
            real += 1.0 + share;
            drawn += 1.0 - share;
        }
        if drawn > 0.0 { (real / drawn).sqrt() } else { 1.0 }
    }
}

/// `partner` read at `length` evenly spaced places, so that a partner of slightly different length
/// keeps its opening at the opening and its closing at the closing. Truncation was rejected: it
/// would compare a closing with a middle.
#[must_use]
pub fn stretched(partner: &[f64], length: usize) -> Vec<f64> {
    (0..length).filter_map(|t| partner.get(t * partner.len() / length.max(1)).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_distr::{Distribution, StandardNormal};

    #[test]
    fn with_few_partners_chance_goes_beyond_two_deviations_as_seldom_as_it_should() {
        for partners in [2_u64, 3, 5] {
            // Sixty units in groups in which each has so many partners; their values are drawn for
            // each unit by itself.
            let groups: Vec<(u64, usize)> = (0..60).map(|unit| (unit / (partners + 1), 10)).collect();
            let pseudo = PseudoPartners::of(&groups);
            let usable: Vec<usize> = (0..60).filter(|unit| pseudo.available(*unit) > 1).collect();
            let by = pseudo.widening(usable.iter().copied());
            let (mut narrow, mut wide) = (0, 0);
            for world in 0..400 {
                let mut rng = generator(world, &[partners]);
                let values: Vec<Vec<f64>> = usable
                    .iter()
                    .map(|unit| {
                        (0..pseudo.available(*unit)).map(|_| StandardNormal.sample(&mut rng)).collect()
                    })
                    .collect();
                let mean = |sum: f64| sum / count(usable.len());
                let real: f64 = usable.iter().map(|_| -> f64 { StandardNormal.sample(&mut rng) }).sum();
                let drawn: Vec<f64> = (0..200)
                    .map(|_| mean(values.iter().map(|own| own[rng.random_range(0..own.len())]).sum()))
                    .collect();
                let beyond = |found: Option<Surrogates>| usize::from(found.unwrap().z().abs() > 2.0);
                narrow += beyond(Surrogates::of(mean(real), &drawn));
                wide += beyond(Surrogates::widened(mean(real), &drawn, by));
            }
            // 4.6 % are expected; 9 % are four standard errors more.
            assert!(wide < 36 && narrow > 2 * wide.min(18), "{partners}: {wide} and {narrow} of 400");
        }
    }

    #[test]
    fn a_generator_is_its_name() {
        let draw = |path: &[u64]| generator(7, path).random::<u64>();
        assert_eq!(draw(&[1, 2]), draw(&[1, 2]));
        assert_ne!(draw(&[1, 2]), draw(&[2, 1]));
        assert_ne!(draw(&[1]), draw(&[1, 0]));
    }

    #[test]
    fn the_best_of_nineteen_and_itself_is_significant_at_five_percent_and_never_at_zero() {
        let drawn: Vec<f64> = (0..19).map(f64::from).collect();
        let surrogates = Surrogates::of(100.0, &drawn).unwrap();
        assert!((surrogates.p_above - 0.05).abs() < 1e-12);
        assert!((surrogates.mean - 9.0).abs() < 1e-12);
        assert!((surrogates.z() - 91.0 / 5.627_314).abs() < 1e-4);
        assert!(Surrogates::of(1.0, &[0.0]).is_none());
    }

    #[test]
    fn a_bootstrap_of_a_hundred_coin_flips_spans_the_textbook_interval() {
        let flips: Vec<f64> = (0..100).map(|i| f64::from(i % 2)).collect();
        let mean = |sample: &[&f64]| sample.iter().copied().sum::<f64>() / count(sample.len());
        let interval = bootstrap(&flips, mean, 2000, 0.95, &mut generator(1, &[])).unwrap();
        assert!((interval.low - 0.402).abs() < 0.02 && (interval.high - 0.598).abs() < 0.02, "{interval:?}");
    }

    #[test]
    fn a_pseudo_partner_is_of_the_same_agent_and_intent_and_of_similar_length() {
        let partners = PseudoPartners::of(&[(1, 10), (1, 12), (1, 13), (2, 10), (1, 10)]);
        let available: Vec<usize> = (0..5).map(|series| partners.available(series)).collect();
        assert_eq!(available, [2, 3, 1, 0, 2]);
        let mut rng = generator(2, &[]);
        let mut drawn: Vec<usize> = (0..50).filter_map(|_| partners.draw(1, &mut rng)).collect();
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn, [0, 2, 4], "everybody similar, never itself");
        assert_eq!(partners.draw(3, &mut rng), None);
        assert_eq!(stretched(&[1.0, 2.0, 3.0], 4), vec![1.0, 1.0, 2.0, 3.0]);
    }
}
