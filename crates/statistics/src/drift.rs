//! Whether what a model reads is still spread as it was where the model was measured.
//!
//! The population stability index `Σ (p − q) ln(p/q)` over bins, with its standard error. Two things are done that the
//! usual index leaves out:
//!
//! * Turns of one contact are alike, so the unit is the **contact**: variances are those of a ratio over contacts, and how
//!   many independent readings they are worth follows from them (Rao & Scott 1981).
//! * Two samples of one population differ, too. Their index is a χ² with `K − 1` degrees of freedom times `1/n + 1/m`
//!   (Yurdakul 2018). That **expected noise is taken off**, and its spread is part of the error.

use super::count;
use super::minimum::{Minimum, TooFew, enough};

/// Added to every bin: an empty one has no logarithm (Jeffreys' prior).
const PRIOR: f64 = 0.5;

/// How readings were spread where the model was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingSpread {
    /// Between the bins, in order; one fewer than there are bins.
    pub edges: Vec<f64>,
    /// Readings in each bin.
    pub counts: Vec<f64>,
    /// How many independent readings they are worth.
    pub worth: f64,
}

/// How far readings have moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// The index, less what chance alone makes of it; not below 0.
    pub psi: f64,
    /// Its standard error.
    pub error: f64,
    /// Contacts behind it.
    pub contacts: usize,
}

impl ReadingSpread {
    /// The bin of a reading: one that lies on an edge belongs below it.
    fn bin(&self, reading: f64) -> usize {
        self.edges.partition_point(|edge| *edge < reading)
    }

    /// Readings of one contact, bin by bin.
    fn counted(&self, readings: &[f64]) -> Vec<f64> {
        let mut counts = vec![0.0; self.edges.len() + 1];
        for reading in readings {
            if let Some(bin) = counts.get_mut(self.bin(*reading)) {
                *bin += 1.0;
            }
        }
        counts
    }
}

/// How far the readings of these contacts have moved from the reference. Contacts without a reading do not count.
///
/// # Errors
/// [`TooFew`] below [`Minimum::DriftContacts`].
pub fn drift(reference: &ReadingSpread, contacts: &[Vec<f64>]) -> Result<Drift, TooFew> {
    let counted: Vec<Vec<f64>> =
        contacts.iter().filter(|one| !one.is_empty()).map(|one| reference.counted(one)).collect();
    enough(Minimum::DriftContacts, counted.len())?;
    let bins = reference.edges.len() + 1;
    let sums: Vec<f64> = (0..bins).map(|bin| counted.iter().filter_map(|one| one.get(bin)).sum()).collect();
    let (now, then) = (shares(&sums), shares(&reference.counts));
    let pairs = || now.iter().zip(&then);
    let raw: f64 = pairs().map(|(p, q)| (p - q) * (p / q).ln()).sum();
    let by_now: Vec<f64> = pairs().map(|(p, q)| (p / q).ln() + 1.0 - q / p).collect();
    let by_then: Vec<f64> = pairs().map(|(p, q)| (q / p).ln() + 1.0 - p / q).collect();
    // A worth of nothing would make the error infinite and the alarm silent for ever: one reading is the least.
    let worth = (1.0 / worth(&counted, &now), 1.0 / reference.worth.max(1.0));
    let each = worth.0 + worth.1;
    let free = count(bins - 1);
    let variance = over_contacts(&counted, &now, &by_now)
        + of_shares(&then, &by_then) * worth.1
        + 2.0 * free * each * each;
    Ok(Drift { psi: (raw - free * each).max(0.0), error: variance.sqrt(), contacts: counted.len() })
}

fn shares(counts: &[f64]) -> Vec<f64> {
    let all: f64 = counts.iter().sum::<f64>() + PRIOR * count(counts.len());
    counts.iter().map(|one| (one + PRIOR) / all).collect()
}

/// Variance of `Σ slope · share` where whole contacts are drawn.
fn over_contacts(counted: &[Vec<f64>], shares: &[f64], slopes: &[f64]) -> f64 {
    let readings: f64 = counted.iter().flatten().sum();
    let mean: f64 = shares.iter().zip(slopes).map(|(share, slope)| share * slope).sum();
    let squares: f64 = counted
        .iter()
        .map(|one| {
            let own: f64 = one.iter().zip(slopes).map(|(count, slope)| count * (slope - mean)).sum();
            own * own
        })
        .sum();
    let n = count(counted.len());
    squares / (readings * readings) * n / (n - 1.0)
}

/// Variance of `Σ slope · share` for one independent reading.
fn of_shares(shares: &[f64], slopes: &[f64]) -> f64 {
    let mean: f64 = shares.iter().zip(slopes).map(|(share, slope)| share * slope).sum();
    shares.iter().zip(slopes).map(|(share, slope)| share * (slope - mean) * (slope - mean)).sum()
}

/// As how many independent readings those of whole contacts are good: at least one, and no more than there are.
fn worth(counted: &[Vec<f64>], shares: &[f64]) -> f64 {
    let readings: f64 = counted.iter().flatten().sum();
    let mut slopes = vec![0.0; shares.len()];
    let mut relative = 0.0;
    for (bin, share) in shares.iter().enumerate() {
        slopes.fill(0.0);
        if let Some(slope) = slopes.get_mut(bin) {
            *slope = 1.0;
        }
        relative += over_contacts(counted, shares, &slopes) / share;
    }
    let independent = count(shares.len().saturating_sub(1)) / relative;
    if independent.is_finite() { independent.clamp(1.0, readings) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use rand::Rng as _;

    use super::*;
    use crate::resample::generator;

    fn reference(counts: &[f64], worth: f64) -> ReadingSpread {
        let edges = (1..counts.len()).map(|edge| count(edge) / count(counts.len())).collect();
        ReadingSpread { edges, counts: counts.to_vec(), worth }
    }

    /// Contacts of ten turns whose readings come from a uniform mood of their own, bent by a power.
    fn contacts(number: usize, power: f64, seed: u64) -> Vec<Vec<f64>> {
        let mut rng = generator(seed, &[1]);
        let contact = |_| {
            let mood: f64 = rng.random();
            (0..10).map(|_| (0.6 * mood + 0.4 * rng.random::<f64>()).powf(power)).collect()
        };
        (0..number).map(contact).collect()
    }

    fn measured(power: f64, seed: u64) -> ReadingSpread {
        let mut spread = reference(&[0.0; 5], 1.0);
        let counted: Vec<Vec<f64>> =
            contacts(2_000, power, seed).iter().map(|one| spread.counted(one)).collect();
        spread.counts = (0..5).map(|bin| counted.iter().map(|one| one[bin]).sum()).collect();
        spread.worth = worth(&counted, &shares(&spread.counts));
        spread
    }

    #[test]
    fn a_reading_on_an_edge_belongs_below_it_and_none_is_lost() {
        let spread = reference(&[1.0; 4], 4.0);
        assert_eq!(spread.counted(&[-1.0, 0.25, 0.26, 0.75, 2.0]), [2.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn the_index_of_many_independent_readings_is_that_of_the_textbook() {
        // Shares .4/.3/.2/.1 where .25 each were expected: Σ (p − q) ln(p/q) = .2282.
        let spread = reference(&[250_000.0; 4], 1_000_000.0);
        let one = |at: f64, n: usize| vec![vec![at]; n];
        let now = [one(0.1, 4_000), one(0.3, 3_000), one(0.6, 2_000), one(0.9, 1_000)].concat();

        let found = drift(&spread, &now).unwrap();

        assert!((found.psi - 0.2282).abs() < 1e-3, "{found:?}");
        assert!(found.error < 0.02 && found.contacts == 10_000, "{found:?}");
    }

    #[test]
    fn below_the_minimum_nothing_is_said() {
        let spread = reference(&[1.0; 4], 4.0);
        let refused = drift(&spread, &vec![vec![0.5]; 99]).unwrap_err();
        assert_eq!((refused.needed, refused.have), (100, 99));
        let mut silent = vec![vec![0.5]; 99];
        silent.extend(vec![Vec::new(); 50]);
        assert!(drift(&spread, &silent).is_err(), "a contact without a reading says nothing");
    }

    #[test]
    fn where_nothing_has_moved_chance_alone_makes_no_drift() {
        let spread = measured(1.0, 7);
        let worlds = 200;
        let found: Vec<Drift> =
            (0..worlds).map(|seed| drift(&spread, &contacts(150, 1.0, 100 + seed)).unwrap()).collect();

        let mean = found.iter().map(|one| one.psi).sum::<f64>() / 200.0;
        let alarmed = found.iter().filter(|one| one.psi - 2.0 * one.error > 0.0).count();
        assert!(mean < 0.02, "{mean}");
        assert!(alarmed <= 20, "{alarmed} of {worlds}");
    }

    #[test]
    fn the_error_is_as_large_as_the_index_scatters_over_worlds_that_have_moved() {
        let spread = measured(1.0, 7);
        let found: Vec<Drift> =
            (0..200).map(|seed| drift(&spread, &contacts(150, 2.0, 500 + seed)).unwrap()).collect();

        let mean = found.iter().map(|one| one.psi).sum::<f64>() / 200.0;
        let scatter = (found.iter().map(|one| (one.psi - mean).powi(2)).sum::<f64>() / 199.0).sqrt();
        let told = found.iter().map(|one| one.error).sum::<f64>() / 200.0;
        let truth = drift(&spread, &contacts(20_000, 2.0, 9)).unwrap().psi;
        assert!((mean - truth).abs() < 0.05, "{mean} {truth}");
        assert!(told > 0.8 * scatter && told < 1.4 * scatter, "{told} {scatter}");
    }

    #[test]
    fn ten_turns_of_one_mood_are_not_worth_ten_readings() {
        let spread = reference(&[1.0; 5], 5.0);
        let counted: Vec<Vec<f64>> = contacts(500, 1.0, 3).iter().map(|one| spread.counted(one)).collect();
        let sums: Vec<f64> = (0..5).map(|bin| counted.iter().map(|one| one[bin]).sum()).collect();

        let worth = worth(&counted, &shares(&sums));

        assert!(worth > 500.0 && worth < 2_500.0, "{worth} of 5,000");
    }
}
