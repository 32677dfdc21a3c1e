//! What a random sample of contacts, read by people, says about all of them.
//!
//! Every figure rests on contacts that were drawn by lot with a known probability. Flags that
//! people worked off are no such sample: the most urgent come first.

use serde::{Deserialize, Serialize};
use statrs::distribution::{Beta, ContinuousCDF};

use super::count;
use super::distribution::Interval;
use super::minimum::{Minimum, TooFew, enough};
use super::t_test::critical;

/// A contact that was drawn and read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadContact {
    /// How likely it was to be drawn and read, in (0, 1].
    pub probability: f64,
    /// The rule raised a flag.
    pub flagged: bool,
    /// A person found what the rule looks for.
    pub found: bool,
}

impl ReadContact {
    /// How many contacts it stands for.
    fn weight(self) -> f64 {
        if self.probability > 0.0 { 1.0 / self.probability } else { 0.0 }
    }

    /// What the model got wrong: 1 missed, −1 raised for nothing.
    fn missed(self) -> f64 {
        f64::from(u8::from(self.found)) - f64::from(u8::from(self.flagged))
    }
}

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The share, in [0, 1].
    pub value: f64,
    /// 95 % interval.
    pub interval: Interval,
    /// Contacts behind it.
    pub judged: usize,
}

/// Of the flags of a rule, the share that people agree with.
///
/// # Errors
/// [`TooFew`] below [`Minimum::RuleJudged`] flagged contacts.
pub fn precision(read: &[ReadContact]) -> Result<Share, TooFew> {
    let flagged = read.iter().filter(|one| one.flagged);
    share(&flagged.map(|one| (one.weight(), one.found)).collect::<Vec<_>>())
}

/// Of what people find, the share that the rule has raised.
///
/// # Errors
/// [`TooFew`] below [`Minimum::RuleJudged`] contacts in which people found it.
pub fn recall(read: &[ReadContact]) -> Result<Share, TooFew> {
    let found = read.iter().filter(|one| one.found);
    share(&found.map(|one| (one.weight(), one.flagged)).collect::<Vec<_>>())
}

/// A share of what people have looked at one by one, each counting the same.
///
/// # Errors
/// [`TooFew`] below [`Minimum::RuleJudged`].
pub fn plain_share(hits: usize, trials: usize) -> Result<Share, TooFew> {
    share(&(0..trials).map(|at| (1.0, at < hits)).collect::<Vec<_>>())
}

/// A weighted share (Hájek) with the exact interval of a count at its effective size (Korn &
/// Graubard 1998).
///
/// The interval of the normal distribution was rejected: near 0 and 1 it is too short, and a rule
/// would demote itself by it.
fn share(read: &[(f64, bool)]) -> Result<Share, TooFew> {
    enough(Minimum::RuleJudged, read.len())?;
    let weight: f64 = read.iter().map(|(weight, _)| weight).sum();
    let squares: f64 = read.iter().map(|(weight, _)| weight * weight).sum();
    let hits: f64 = read.iter().filter(|(_, hit)| *hit).map(|(weight, _)| weight).sum();
    if weight <= 0.0 {
        return Err(TooFew { needed: Minimum::RuleJudged.needed(), have: 0 });
    }
    let (value, size) = (hits / weight, weight * weight / squares);
    Ok(Share { value, interval: exact(value * size, size), judged: read.len() })
}

/// Clopper and Pearson's interval, also for counts that are not whole.
fn exact(hits: f64, trials: f64) -> Interval {
    let point =
        |a: f64, b: f64, at: f64, edge: f64| Beta::new(a, b).map_or(edge, |beta| beta.inverse_cdf(at));
    Interval {
        low: point(hits, trials - hits + 1.0, 0.025, 0.0),
        high: point(hits + 1.0, trials - hits, 0.975, 1.0),
    }
}

/// All contacts of a group, as the model read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupFrame {
    /// Contacts.
    pub contacts: usize,
    /// Those with a flag of the rule.
    pub flagged: usize,
}

/// A rate as the model has it, and corrected by what people found in the sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CorrectedRate {
    /// Flagged contacts among all: carries every error of the model.
    pub raw: f64,
    /// The same corrected, in [0, 1].
    pub corrected: f64,
    /// Standard error of `corrected`.
    pub error: f64,
    /// 95 % interval of `corrected`, in [0, 1].
    pub interval: Interval,
    /// Contacts of the sample behind the correction.
    pub judged: usize,
}

/// The rate of an event among the contacts of a group, corrected for the model's own errors.
///
/// Every contact gets the pseudo-outcome `flag + (verdict − flag) / π` (for whoever was not drawn:
/// `flag`), whose mean is right whatever the model gets wrong, for π is known (design-based
/// supervised learning: Egami, Hinck, Stewart & Wei 2023, arXiv 2306.04746).
///
/// The interval holds two parts: what the lot leaves open of the disagreements, and that the
/// contacts of a period are themselves some of many. One more disagreement than was seen enters the
/// first: a sample without any is no proof that there is none. Student's t counts the contacts that
/// were read.
///
/// # Errors
/// [`TooFew`] below [`Minimum::CorrectedJudged`] read contacts.
pub fn corrected_rate(frame: GroupFrame, read: &[ReadContact]) -> Result<CorrectedRate, TooFew> {
    enough(Minimum::CorrectedJudged, read.len())?;
    let (all, n) = (count(frame.contacts.max(read.len())), count(read.len()));
    let weight: f64 = read.iter().map(|one| one.weight()).sum();
    let missed: f64 = read.iter().map(|one| one.weight() * one.missed()).sum();
    let raw = count(frame.flagged) / all;
    let corrected = (raw + missed / all).clamp(0.0, 1.0);
    let centre = missed / weight;
    let drawn: f64 = read
        .iter()
        .map(|one| (1.0 - one.probability) * (one.weight() * (one.missed() - centre)).powi(2))
        .sum();
    let unseen = (weight / n).powi(2);
    let by_lot = (drawn * n / (n - 1.0) + unseen) / (all * all);
    let error = (by_lot + corrected * (1.0 - corrected) / all).sqrt();
    let Interval { low, high } = Interval::around(corrected, error, critical(0.95, read.len()));
    let interval = Interval { low: low.max(0.0), high: high.min(1.0) };
    Ok(CorrectedRate { raw, corrected, error, interval, judged: read.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(probability: f64, flagged: bool, found: bool) -> ReadContact {
        ReadContact { probability, flagged, found }
    }

    #[test]
    fn a_count_has_the_textbook_interval() {
        // scipy.stats.binomtest(7, 40).proportion_ci(method="exact"): .0734–.3278
        let share = plain_share(7, 40).unwrap();
        assert!((share.interval.low - 0.0734).abs() < 1e-4, "{share:?}");
        assert!((share.interval.high - 0.3278).abs() < 1e-4, "{share:?}");
        assert!((plain_share(0, 40).unwrap().interval.low).abs() < 1e-12);
        assert!((plain_share(40, 40).unwrap().interval.high - 1.0).abs() < 1e-12);
        assert!(plain_share(29, 29).is_err());
    }

    #[test]
    fn whoever_was_drawn_seldom_stands_for_many() {
        let mut all = vec![read(0.5, true, true); 30];
        all.extend([read(0.1, true, false); 6]);

        let precision = precision(&all).unwrap();

        assert!((precision.value - 0.5).abs() < 1e-12, "60 of 120 contacts: {precision:?}");
        assert!(precision.interval.width() > plain_share(18, 36).unwrap().interval.width());
        assert_eq!(recall(&all).unwrap().judged, 30);
    }

    #[test]
    fn a_rate_is_corrected_for_what_the_model_missed_and_for_what_it_invented() {
        // 1,000 contacts, a tenth was read. The model flags 200, half of them for nothing, and misses 50.
        let mut sample = vec![read(0.1, true, true); 10];
        sample.extend([read(0.1, true, false); 10]);
        sample.extend([read(0.1, false, true); 5]);
        sample.extend([read(0.1, false, false); 75]);

        let rate = corrected_rate(GroupFrame { contacts: 1_000, flagged: 200 }, &sample).unwrap();

        assert!((rate.raw - 0.2).abs() < 1e-12);
        assert!((rate.corrected - 0.15).abs() < 1e-12, "{rate:?}");
        assert!(rate.interval.contains(0.15) && rate.interval.width() < 0.2, "{rate:?}");
        assert_eq!(rate.judged, 100);
    }

    #[test]
    fn a_sample_without_a_disagreement_is_no_proof_that_there_is_none() {
        let sample = vec![read(0.05, false, false); 50];

        let rate = corrected_rate(GroupFrame { contacts: 1_000, flagged: 0 }, &sample).unwrap();

        assert!(rate.corrected.abs() < 1e-12 && rate.interval.high > 0.02, "{rate:?}");
        assert!(corrected_rate(GroupFrame { contacts: 1_000, flagged: 0 }, &sample[..29]).is_err());
    }
}
