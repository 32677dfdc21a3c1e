//! Control charts: whether one agent's, queue's or centre's rate changes over time.
//!
//! Charts are risk-adjusted: each outcome is judged by its own probability under the case-mix
//! model, so a week of hard contacts is no signal. Paths are returned whole, because a trainer
//! looks at where a line began to rise.

use serde::{Deserialize, Serialize};

use super::count;
use super::distribution::{Interval, binomial_upper};

/// Odds ratio a CUSUM is tuned to detect: a doubling (Steiner et al. 2000).
pub const CUSUM_ODDS_RATIO: f64 = 2.0;
/// Alarm height of the CUSUM. By simulation at a risk of 14 to 17 %: about 2,700 contacts between
/// false alarms, 92 to 101 until a doubling is seen, false alarms in 4 to 5 of 100 series of 200
/// contacts (`tingxin simulate --only CUSUM`).
pub const CUSUM_ALARM: f64 = 4.5;
/// Weight of the newest outcome in the EWMA. By simulation with limits at 2.8 and a risk of 14 to
/// 17 %: about 1,550 contacts between false alarms, 54 until a doubling is seen
/// (`tingxin simulate --only EWMA`).
pub const EWMA_WEIGHT: f64 = 0.02;
/// Half width of the EWMA limits in standard errors.
pub const EWMA_LIMIT: f64 = 2.8;

/// Risk-adjusted CUSUM: `S_t = max(0, S_{t−1} + y·ln OR − ln(1 − p + OR·p))`, one value per
/// outcome.
///
/// `outcomes` are true where the event happened, `probabilities` what the case-mix model expected,
/// in [0, 1]; an odds ratio above 1 watches for more events, below 1 for fewer. The shorter input
/// counts.
#[must_use]
pub fn cusum(outcomes: &[bool], probabilities: &[f64], odds_ratio: f64) -> Vec<f64> {
    outcomes
        .iter()
        .zip(probabilities)
        .scan(0.0, |sum, (&event, &p)| {
            let gain = if event { odds_ratio.ln() } else { 0.0 };
            *sum = (*sum + gain - (1.0 - p + odds_ratio * p).ln()).max(0.0);
            Some(*sum)
        })
        .collect()
}

/// Position of the first value at or above `threshold`.
#[must_use]
pub fn first_alarm(path: &[f64], threshold: f64) -> Option<usize> {
    path.iter().position(|value| *value >= threshold)
}

/// One point of a risk-adjusted EWMA chart, in units of probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EwmaPoint {
    /// Smoothed outcome minus expectation; 0 is as expected.
    pub value: f64,
    /// Half width of the limits at this point; they widen from the start to their steady state.
    pub limit: f64,
}

impl EwmaPoint {
    /// Outside the limits, on either side.
    #[must_use]
    pub fn alarms(&self) -> bool {
        self.value.abs() > self.limit
    }
}

/// Risk-adjusted EWMA: `Z_t = (1−λ)Z_{t−1} + λ(y−p)` with exact limits `±L·√(λ²Σ(1−λ)^{2k}p(1−p))`.
///
/// `weight` is λ in (0, 1], `limit` is L; see [`EWMA_WEIGHT`] and [`EWMA_LIMIT`]. The shorter input
/// counts.
#[must_use]
pub fn ewma(outcomes: &[bool], probabilities: &[f64], weight: f64, limit: f64) -> Vec<EwmaPoint> {
    let keep = 1.0 - weight;
    outcomes
        .iter()
        .zip(probabilities)
        .scan((0.0, 0.0), |state, (&event, &p)| {
            let y = if event { 1.0 } else { 0.0 };
            *state =
                (keep * state.0 + weight * (y - p), keep * keep * state.1 + weight * weight * p * (1.0 - p));
            Some(EwmaPoint { value: state.0, limit: limit * state.1.max(0.0).sqrt() })
        })
        .collect()
}

/// Uneventful stretches between rare events (g-chart, Benneyan).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gaps {
    /// Uneventful trials (contacts or turns) before each event, in order.
    pub closed: Vec<usize>,
    /// Uneventful trials since the last event; not yet a gap.
    pub open: usize,
}

impl Gaps {
    /// Gaps of a series of trials in time order.
    #[must_use]
    pub fn of(events: &[bool]) -> Self {
        let mut gaps = Self::default();
        for &event in events {
            if event {
                gaps.closed.push(std::mem::take(&mut gaps.open));
            } else {
                gaps.open += 1;
            }
        }
        gaps
    }

    /// Events per trial; `None` without trials.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        let trials = self.closed.iter().sum::<usize>() + self.closed.len() + self.open;
        (trials > 0).then(|| count(self.closed.len()) / count(trials))
    }
}

/// Exact probability limits of one gap at `rate` events per trial, `tail` on each side (.001 for a
/// 99.8 % chart).
///
/// A gap below `low` or above `high` is a signal. `low` is 0 when even two events in a row are
/// likelier than `tail`, as with every `rate` ≥ `tail`: one short gap then proves nothing and
/// [`crowding`] must be asked. Shewhart's mean ± 3 deviations was rejected: for a geometric count
/// its lower limit is always negative. Without a rate inside (0, 1) nothing is unusual: 0 to
/// infinity.
#[must_use]
pub fn gap_limits(rate: f64, tail: f64) -> Interval {
    if !(rate > 0.0 && rate < 1.0 && tail > 0.0 && tail < 1.0) {
        return Interval { low: 0.0, high: f64::INFINITY };
    }
    let survive = (-rate).ln_1p();
    // P(G < low) = 1 − (1−p)^low ≤ tail, and P(G > high) = (1−p)^(high+1) ≤ tail
    let low = ((-tail).ln_1p() / survive).floor();
    let high = (tail.ln() / survive).ceil() - 1.0;
    Interval { low, high: high.max(0.0) }
}

/// Probability that the latest gaps are together this short by chance: P(as many events within the
/// trials they span).
///
/// `gaps` are consecutive closed gaps, fixed in number beforehand (five is usual); `rate` is the
/// expected events per trial. Small values speak of lapses that crowd together. 1 without gaps.
#[must_use]
pub fn crowding(gaps: &[usize], rate: f64) -> f64 {
    binomial_upper(gaps.len(), gaps.iter().sum::<usize>() + gaps.len(), rate)
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_path_of_the_reference_is_walked_exactly() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/estimators.json"));
        let all: Value = serde_json::from_str(text).unwrap();
        let numbers = |key: &str| -> Vec<f64> {
            all["cusum"][key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
        };
        let outcomes: Vec<bool> = numbers("outcomes").iter().map(|y| *y > 0.5).collect();
        let path = cusum(&outcomes, &numbers("probabilities"), CUSUM_ODDS_RATIO);
        let want = numbers("expect");
        assert_eq!(path.len(), want.len());
        assert!(path.iter().zip(&want).all(|(got, want)| (got - want).abs() < 1e-8));
    }

    fn contacts(rng: &mut ChaCha8Rng, n: usize, odds: f64) -> (Vec<bool>, Vec<f64>) {
        let one = |_| {
            let p: f64 = rng.random_range(0.05..0.3);
            (rng.random::<f64>() < odds * p / (1.0 - p + odds * p), p)
        };
        (0..n).map(one).unzip()
    }

    #[test]
    fn a_doubling_is_seen_within_a_few_hundred_contacts_and_calm_stays_calm() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let mut alarms = |odds: f64| -> usize {
            let seen = |_: &usize| {
                let (outcomes, p) = contacts(&mut rng, 300, odds);
                first_alarm(&cusum(&outcomes, &p, CUSUM_ODDS_RATIO), CUSUM_ALARM).is_some()
            };
            (0..200).filter(seen).count()
        };
        let (calm, doubled) = (alarms(1.0), alarms(2.0));
        assert!(calm <= 20 && doubled >= 180, "{calm} of 200 false alarms, {doubled} of 200 seen");
    }

    #[test]
    fn a_hard_week_is_no_signal() {
        // every contact has the event, as the case mix said: W = ln OR − ln OR = 0
        assert!(cusum(&[true; 50], &[1.0; 50], 2.0).iter().all(|sum| sum.abs() < 1e-12));
        assert!(ewma(&[true; 50], &[1.0; 50], 0.02, 2.8).iter().all(|point| !point.alarms()));
    }

    #[test]
    fn smoothed_deviations_have_the_limits_of_their_own_variance() {
        let path = ewma(&[true, false], &[0.2, 0.4], 0.1, 2.0);
        let want = [(0.08, 0.04), (0.9 * 0.08 - 0.04, 2.0 * (0.01_f64 * (0.81 * 0.16 + 0.24)).sqrt())];
        for (point, (value, _)) in path.iter().zip(want) {
            assert!((point.value - value).abs() < 1e-12);
        }
        assert!((path[0].limit - 2.0 * 0.04).abs() < 1e-12 && (path[1].limit - want[1].1).abs() < 1e-12);
        assert!(!path[0].alarms());
    }

    #[test]
    fn gaps_count_the_quiet_between_lapses() {
        let gaps = Gaps::of(&[false, false, true, true, false]);
        assert_eq!(gaps, Gaps { closed: vec![2, 0], open: 1 });
        assert_eq!((gaps.rate(), Gaps::of(&[]).rate()), (Some(0.4), None));
    }

    #[test]
    fn the_limits_of_a_gap_are_exact() {
        for (rate, tail) in [(0.005, 0.001), (0.0001, 0.001), (0.2, 0.05), (0.01, 0.05)] {
            let Interval { low, high } = gap_limits(rate, tail);
            let stays = |trials: f64| ((-rate).ln_1p() * trials).exp();
            assert!(
                1.0 - stays(low) <= tail + 1e-12 && 1.0 - stays(low + 1.0) > tail,
                "{rate} {tail}: low {low}"
            );
            assert!(stays(high + 1.0) <= tail + 1e-12 && stays(high) > tail, "{rate} {tail}: high {high}");
        }
        assert!(gap_limits(0.005, 0.001).low.abs() < f64::EPSILON);
        assert!(gap_limits(0.0, 0.001).high.is_infinite());
    }

    #[test]
    fn one_short_gap_proves_nothing_and_five_do() {
        let together = crowding(&[10, 3, 20, 0, 8], 0.005);
        assert!(together < 1e-5, "{together}");
        assert!(
            crowding(&[200, 180, 260, 150, 240], 0.005) > 0.3 && (crowding(&[], 0.005) - 1.0).abs() < 1e-12
        );
    }
}
