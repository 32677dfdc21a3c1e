//! Worlds with a known truth, and what the estimators make of them.
//!
//! No public corpus carries agents, so the staff statistics are validated where the truth is known because it was put
//! there. Every figure of the validation plan is computed here with the estimators that also run in production; a finding
//! that misses its target is reported as missed.
//!
//! Results depend on the seed and the number of repetitions and on nothing else: every repetition has a generator named by
//! (seed, experiment, repetition), so threads only change the duration.

mod branches;
mod control;
mod coupling;
pub mod dialogues;
mod flags;
mod placebo;
mod pooling;
mod reference;
mod regression_to_mean;
pub mod satisfaction;
#[cfg(test)]
mod tests;
pub mod world;

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::count;
use crate::resample::generator;

/// What to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Names all random streams.
    pub seed: u64,
    /// Repetitions of each experiment. With 400 a true rate of .06 is measured to about ±.01 or better.
    pub repetitions: usize,
    /// Only these checks, by the first word of [`Finding::check`] ("V2", "V7", "EB", "CUSUM", "LEAK"); `None` = all.
    pub only: Option<Vec<String>>,
    /// Threads to spread repetitions over, at least 1. No effect on any figure.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 20_261_122, repetitions: 400, only: None, threads: 2 }
    }
}

/// One figure beside its target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was measured, starting with the number of the check in the validation plan.
    pub check: String,
    /// The figure.
    pub value: f64,
    /// The target in words, for example "≤ .09".
    pub target: String,
    /// Whether the figure meets the target.
    pub holds: bool,
}

/// A target a figure is held against. Bounds themselves are inside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Not above.
    AtMost(f64),
    /// Not below.
    AtLeast(f64),
    /// Above, the bound itself outside.
    Above(f64),
    /// Neither below the first nor above the second.
    Between(f64, f64),
    /// A reference figure shown for comparison only; always holds.
    Shown(f64),
}

/// A finding from a figure and its target. Also for figures measured elsewhere, such as the leak alarm on the product's
/// own scorer. A figure that is not a number never holds.
#[must_use]
pub fn finding(check: impl Into<String>, value: f64, target: Target) -> Finding {
    let (text, holds) = match target {
        Target::AtMost(high) => (format!("≤ {}", short(high)), value <= high),
        Target::AtLeast(low) => (format!("≥ {}", short(low)), value >= low),
        Target::Above(low) => (format!("> {}", short(low)), value > low),
        Target::Between(low, high) => {
            (format!("{} to {}", short(low), short(high)), (low..=high).contains(&value))
        }
        Target::Shown(reference) => (format!("shown, reference {}", short(reference)), value.is_finite()),
    };
    Finding { check: check.into(), value, target: text, holds }
}

/// A number as statisticians write it: no zero before the point.
fn short(value: f64) -> String {
    let text = if value != 0.0 && value.abs() < 1e-3 { format!("{value:e}") } else { format!("{value}") };
    match text.strip_prefix("0.").map(|rest| format!(".{rest}")) {
        Some(text) => text,
        None => text.strip_prefix("-0.").map_or(text.clone(), |rest| format!("−.{rest}")),
    }
}

type Experiment = fn(&Options) -> Vec<Finding>;

/// Experiments and the checks they yield, cheapest to read first.
const EXPERIMENTS: [(&[&str], Experiment); 9] = [
    (&["V1"], reference::findings),
    (&["V2"], coupling::no_coupling),
    (&["V3", "V4"], coupling::recovery),
    (&["LEAK"], coupling::leak),
    (&["EB"], pooling::findings),
    (&["V6"], placebo::findings),
    (&["V7"], flags::findings),
    (&["CUSUM", "EWMA"], control::findings),
    (&["V8"], regression_to_mean::findings),
];

/// Runs the experiments and returns their findings in the order of the validation plan.
#[must_use]
pub fn run(options: &Options) -> Vec<Finding> {
    let wanted = |check: &str| options.only.as_ref().is_none_or(|only| only.iter().any(|name| name == check));
    let experiments = EXPERIMENTS.iter().filter(|(checks, _)| checks.iter().any(|check| wanted(check)));
    let findings = experiments.flat_map(|(_, experiment)| experiment(options));
    findings.filter(|finding| finding.check.split(' ').next().is_some_and(wanted)).collect()
}

/// `repetitions` results of `body`, in the order of the repetitions whatever the number of threads.
fn repeat<T: Send>(
    options: &Options,
    experiment: u64,
    repetitions: usize,
    body: impl Fn(&mut ChaCha8Rng) -> T + Sync,
) -> Vec<T> {
    let threads = options.threads.max(1);
    let body = &body;
    let work = |first: usize| -> Vec<(usize, T)> {
        let own = (first..repetitions).step_by(threads);
        own.map(|repetition| {
            let number = u64::try_from(repetition).unwrap_or(u64::MAX);
            (repetition, body(&mut generator(options.seed, &[experiment, number])))
        })
        .collect()
    };
    let mut results: Vec<(usize, T)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|first| scope.spawn(move || work(first))).collect();
        handles
            .into_iter()
            .flat_map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    results.sort_by_key(|(repetition, _)| *repetition);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Share of true values; NaN (which meets no target) for none at all.
fn rate(hits: impl IntoIterator<Item = bool>) -> f64 {
    mean(hits.into_iter().map(|hit| if hit { 1.0 } else { 0.0 }))
}

/// Mean; NaN for no values.
fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, n) = values.into_iter().fold((0.0, 0_usize), |(sum, n), value| (sum + value, n + 1));
    sum / count(n)
}
