//! Estimators of coupling, staff statistics and control charts: pure numbers in, pure numbers out.
//!
//! Every estimate is observational. It says what came *after* what, with its uncertainty, and never
//! why. Nothing here knows a contact, a person or a clock, so that every figure can be checked
//! against an independent implementation (`fixtures/estimators.json`, made with numpy) and in
//! simulated worlds.

pub mod acceptance;
pub mod agreement;
pub mod carry_over;
pub mod case_mix;
pub mod control;
pub mod convergence;
pub mod discovery;
pub mod distribution;
pub mod drift;
pub mod effect;
pub mod funnel;
pub mod minimum;
pub mod naming;
pub mod panel;
pub mod resample;
pub mod sampled;
pub mod scriptedness;
pub mod shrinkage;
pub mod simulate;
pub mod soothing;
pub mod t_test;
pub mod team_mood;
pub mod threshold;

/// Why a model could not be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Fewer independent units than the model needs.
    #[error("{got} units, at least {needed} are needed")]
    TooFew {
        /// Units the estimator cannot do without.
        needed: usize,
        /// Units there are.
        got: usize,
    },
    /// The regressors do not vary, or one of them is a combination of the others.
    #[error("the regressors do not determine the coefficients")]
    Singular,
    /// Iteration ended before the coefficients settled.
    #[error("no convergence after {0} iterations")]
    NoConvergence(usize),
    /// Rows of unequal length, an index out of range, or a number that is not finite.
    #[error("malformed input: {0}")]
    Malformed(&'static str),
}

/// A count as a number. Counts here are contacts, turns and people; beyond 2³² the figure
/// saturates, which no centre reaches, where a silent `as` would round.
#[must_use]
pub fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A sum of counts or of probabilities as a whole number, rounded down; 0 below zero.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, which is what a count should do"
)]
#[must_use]
pub fn whole(count: f64) -> usize {
    count.max(0.0) as usize
}

/// As how many equal shares these shares are good, `(Σn)² / Σn²`, rounded: five of whom one has
/// nearly all are as good as one.
#[must_use]
pub fn as_good_as(shares: impl Iterator<Item = f64>) -> usize {
    let (sum, squares) = shares.fold((0.0, 0.0), |(sum, squares), n| (sum + n, squares + n * n));
    if squares > 0.0 { whole((sum * sum / squares).round()) } else { 0 }
}
