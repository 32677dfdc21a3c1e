//! Distribution functions and the interval type, thin over `statrs`.
//!
//! Tails are computed as tails: `1 − cdf` loses every digit where the limits of a funnel lie.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::{beta, erf, gamma};

/// Two-sided 95 % point of the standard normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;
/// Two-sided 99.8 % point, the outer limit of a funnel plot (Spiegelhalter 2005).
pub const Z_998: f64 = 3.090_232_306_167_813;

/// A closed interval in the unit of the estimate it belongs to; `low <= high`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// `value ± multiple · deviation`: symmetric, for estimates that are close to normal.
    #[must_use]
    pub fn around(value: f64, deviation: f64, multiple: f64) -> Self {
        let half = (deviation * multiple).abs();
        Self { low: value - half, high: value + half }
    }

    /// Whether `value` lies in the interval, ends included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Upper minus lower end.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// P(Z ≤ z) of the standard normal distribution.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    normal_upper(-z)
}

/// P(Z > z) of the standard normal distribution, accurate far into the tail.
#[must_use]
pub fn normal_upper(z: f64) -> f64 {
    0.5 * erf::erfc(z / std::f64::consts::SQRT_2)
}

/// The value below which a standard normal variable lies with probability `p`; infinite at 0 and 1,
/// NaN outside.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    Normal::standard().inverse_cdf(p)
}

/// P(|Z| > |z|), the two-sided p-value of a standard normal statistic.
#[must_use]
pub fn two_sided(z: f64) -> f64 {
    2.0 * normal_upper(z.abs())
}

/// P(X > value) of a normal variable. A deviation of zero is a point mass, as empirical Bayes
/// yields when units do not differ.
#[must_use]
pub fn exceeds(mean: f64, deviation: f64, value: f64) -> f64 {
    if deviation > 0.0 {
        normal_upper((value - mean) / deviation)
    } else if mean > value {
        1.0
    } else {
        0.0
    }
}

/// P(X ≥ observed) of a Poisson count with mean `expected` ≥ 0: the p-value of "more than
/// expected".
#[must_use]
pub fn poisson_upper(observed: u32, expected: f64) -> f64 {
    if observed == 0 {
        1.0
    } else if expected <= 0.0 {
        0.0
    } else {
        gamma::gamma_lr(f64::from(observed), expected)
    }
}

/// P(X ≥ events) of a binomial count over `trials` with probability `rate`.
#[must_use]
pub fn binomial_upper(events: usize, trials: usize, rate: f64) -> f64 {
    if events == 0 {
        1.0
    } else if events > trials || rate <= 0.0 {
        0.0
    } else if rate >= 1.0 {
        1.0
    } else {
        beta::beta_reg(super::count(events), super::count(trials - events) + 1.0, rate)
    }
}

/// Quantile of a sample by linear interpolation between order statistics (numpy's default,
/// Hyndman–Fan type 7). `level` in [0, 1]; NaN for an empty sample.
#[must_use]
pub fn quantile(sample: &[f64], level: f64) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let target = super::count(last) * level.clamp(0.0, 1.0);
    // order statistics are walked to instead of indexed: a float-to-index conversion has no checked
    // form
    let below = (0..=last).take_while(|&i| super::count(i) <= target).last().unwrap_or(0);
    let (low, high) = (sorted.get(below).copied(), sorted.get((below + 1).min(last)).copied());
    match (low, high) {
        (Some(low), Some(high)) => low + (high - low) * (target - super::count(below)),
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P(X ≤ observed) of a Poisson count: the other side of [`poisson_upper`].
    fn poisson_lower(observed: u32, expected: f64) -> f64 {
        if expected <= 0.0 { 1.0 } else { gamma::gamma_ur(f64::from(observed) + 1.0, expected) }
    }

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-10 * want.abs().max(1e-3), "{got} instead of {want}");
    }

    #[test]
    fn the_funnel_limits_are_the_textbook_normal_points() {
        close(normal_quantile(0.975), Z_95);
        close(normal_quantile(0.999), Z_998);
        close(normal_cdf(Z_95), 0.975);
        close(two_sided(-Z_998), 0.002);
    }

    #[test]
    fn a_far_tail_keeps_its_digits() {
        // scipy.stats.norm.sf(9) = 1.1285884059538324e-19, where 1 − cdf is exactly 0
        let tail = normal_upper(9.0);
        assert!((tail / 1.128_588_405_953_832_4e-19 - 1.0).abs() < 1e-9, "{tail}");
    }

    #[test]
    fn counts_have_exact_tails() {
        close(poisson_upper(1, 2.0), 1.0 - (-2.0_f64).exp());
        close(poisson_lower(1, 2.0), 3.0 * (-2.0_f64).exp());
        close(poisson_upper(3, 0.5) + poisson_lower(2, 0.5), 1.0);
        close(binomial_upper(2, 3, 0.5), 0.5);
    }

    #[test]
    fn impossible_and_certain_counts_are_not_nan() {
        close(poisson_upper(0, 0.0), 1.0);
        close(poisson_upper(2, 0.0), 0.0);
        close(poisson_lower(0, 0.0), 1.0);
        close(binomial_upper(4, 3, 0.5), 0.0);
        close(exceeds(0.5, 0.0, 0.3), 1.0);
        close(exceeds(0.1, 0.0, 0.3), 0.0);
        assert!(normal_quantile(1.5).is_nan());
    }

    #[test]
    fn quantiles_interpolate_as_numpy_does() {
        close(quantile(&[4.0, 1.0, 3.0, 2.0], 0.1), 1.3);
        close(quantile(&[4.0, 1.0, 3.0, 2.0], 1.0), 4.0);
        close(quantile(&[7.0], 0.5), 7.0);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn an_interval_includes_its_ends() {
        let interval = Interval::around(1.0, 0.5, 2.0);
        assert!(interval.contains(0.0) && interval.contains(2.0) && !interval.contains(2.1));
        close(interval.width(), 2.0);
    }
}
