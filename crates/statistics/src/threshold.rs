//! Where a rule should begin to raise flags, by what people found in the random sample.

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::distribution::Interval;
use super::minimum::TooFew;
use super::resample::bootstrap;
use super::sampled::{ReadContact, Share, precision, recall};

/// Thresholds that are tried. Set by the project: finer steps would be told apart by no sample.
pub const STEPS: [f64; 13] = [0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90];

/// Draws behind an interval; as many as an interval whose tail is shared by all steps needs.
const DRAWS: usize = 4_000;

/// A contact that was drawn and read, with what the rule made of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoredRead {
    /// How likely it was to be drawn and read, in (0, 1].
    pub probability: f64,
    /// What the rule compares with its threshold.
    pub score: f64,
    /// A person found what the rule looks for.
    pub found: bool,
}

impl ScoredRead {
    fn at(&self, threshold: f64) -> ReadContact {
        ReadContact { probability: self.probability, flagged: self.score >= threshold, found: self.found }
    }
}

/// How a rule does at a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AtThreshold {
    /// From which score a flag is raised.
    pub threshold: f64,
    /// Of its flags, the share that people agree with.
    pub precision: Share,
    /// Of what people find, the share that it raises.
    pub recall: Share,
}

impl AtThreshold {
    /// The rule at that threshold.
    ///
    /// # Errors
    /// [`TooFew`] where precision or recall has too few contacts behind it.
    pub fn measure(read: &[ScoredRead], threshold: f64) -> Result<Self, TooFew> {
        let cut: Vec<ReadContact> = read.iter().map(|one| one.at(threshold)).collect();
        Ok(Self { threshold, precision: precision(&cut)?, recall: recall(&cut)? })
    }

    /// Harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(&self) -> f64 {
        harmonic(self.precision.value, self.recall.value)
    }
}

/// A threshold that does better than the one in use.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ThresholdProposal {
    /// As it is.
    pub now: AtThreshold,
    /// As it could be.
    pub then: AtThreshold,
    /// By how much F1 grows: the interval holds for all steps together.
    pub gain: Interval,
}

/// The threshold with the greatest F1 among those that are shown to do better than the one in use;
/// `None` where none is.
///
/// The best of many steps looks better than it is. The interval of the gain therefore shares its 5 %
/// among all steps that were tried (Bonferroni), and its lower end has to lie above 0. A step whose
/// precision may lie below `bar` is never proposed, however much it finds.
///
/// # Errors
/// [`TooFew`] where the threshold in use has too few contacts behind it.
pub fn propose(
    read: &[ScoredRead],
    now: f64,
    bar: f64,
    rng: &mut impl Rng,
) -> Result<Option<ThresholdProposal>, TooFew> {
    let now = AtThreshold::measure(read, now)?;
    let tried: Vec<AtThreshold> = STEPS
        .iter()
        .filter(|step| (**step - now.threshold).abs() > 1e-9)
        .filter_map(|step| AtThreshold::measure(read, *step).ok())
        .collect();
    let level = 1.0 - 0.05 / super::count(tried.len().max(1));
    let mut best: Option<ThresholdProposal> = None;
    for then in tried.into_iter().filter(|one| one.precision.interval.low >= bar && one.f1() > now.f1()) {
        let gain = |drawn: &[&ScoredRead]| f1(drawn, then.threshold) - f1(drawn, now.threshold);
        let Some(gain) = bootstrap(read, gain, DRAWS, level, rng).filter(|gain| gain.low > 0.0) else {
            continue;
        };
        if best.is_none_or(|best| then.f1() > best.then.f1()) {
            best = Some(ThresholdProposal { now, then, gain });
        }
    }
    Ok(best)
}

/// F1 of contacts by their weights; 0 where nothing is raised that people found.
fn f1(read: &[&ScoredRead], threshold: f64) -> f64 {
    let (mut raised, mut found, mut both) = (0.0, 0.0, 0.0);
    for one in read.iter().filter(|one| one.probability > 0.0) {
        let weight = 1.0 / one.probability;
        let flagged = one.score >= threshold;
        raised += if flagged { weight } else { 0.0 };
        found += if one.found { weight } else { 0.0 };
        both += if flagged && one.found { weight } else { 0.0 };
    }
    if both > 0.0 { harmonic(both / raised, both / found) } else { 0.0 }
}

fn harmonic(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::generator;

    /// Contacts whose event shows from a score on; nine in ten are as they look.
    fn read(n: usize, shows_from: f64) -> Vec<ScoredRead> {
        let mut rng = generator(5, &[]);
        let mut one = || {
            let score = rng.random::<f64>();
            let right = rng.random::<f64>() < 0.9;
            ScoredRead { probability: 0.1, score, found: (score >= shows_from) == right }
        };
        (0..n).map(|_| one()).collect()
    }

    #[test]
    fn a_rule_that_begins_too_late_is_told_where_to_begin() {
        let found = propose(&read(600, 0.5), 0.8, 0.5, &mut generator(1, &[])).unwrap().unwrap();

        assert!((found.then.threshold - 0.5).abs() < 0.06, "{found:?}");
        assert!(found.then.recall.value > found.now.recall.value && found.gain.low > 0.0, "{found:?}");
    }

    #[test]
    fn a_rule_that_stands_right_and_one_with_few_readings_get_no_proposal() {
        assert_eq!(propose(&read(600, 0.6), 0.6, 0.5, &mut generator(1, &[])), Ok(None));
        assert!(propose(&read(40, 0.5), 0.8, 0.5, &mut generator(1, &[])).is_err());
    }

    #[test]
    fn no_threshold_is_proposed_whose_flags_may_be_wrong_every_second_time() {
        assert_eq!(propose(&read(600, 0.5), 0.8, 0.95, &mut generator(1, &[])), Ok(None));
    }
}
