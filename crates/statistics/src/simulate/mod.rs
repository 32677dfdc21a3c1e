//! Worlds with a known truth, and what the estimators make of them.
//!
//! No public corpus carries agents, so the staff statistics are validated where the truth is known
//! because it was put there. Every figure of the validation plan is computed here with the
//! estimators that also run in production; a finding that misses its target is reported as missed.
//!
//! Results depend on the seed and the number of repetitions and on nothing else: every repetition
//! has a generator named by (seed, experiment, repetition), so threads only change the duration.

mod branches;
mod control;
mod coupling;
pub mod dialogues;
mod finding;
mod flags;
mod misnaming;
mod misreading;
mod placebo;
mod pooling;
mod reference;
mod regression_to_mean;
mod repetition;
pub mod satisfaction;
#[cfg(test)]
mod tests;
pub mod world;

pub use finding::{Finding, Options, Target, finding};

type Experiment = fn(&Options) -> Vec<Finding>;

/// Experiments and the checks they yield, cheapest to read first.
const EXPERIMENTS: [(&[&str], Experiment); 11] = [
    (&["V1"], reference::findings),
    (&["V2"], coupling::no_coupling),
    (&["V3", "V4"], coupling::recovery),
    (&["LEAK"], coupling::leak),
    (&["EB"], pooling::findings),
    (&["V6"], placebo::findings),
    (&["V7"], flags::findings),
    (&["CUSUM", "EWMA"], control::findings),
    (&["V8"], regression_to_mean::findings),
    (&["DSL"], misreading::findings),
    (&["DIALECT"], misnaming::findings),
];

/// Runs the experiments and returns their findings in the order of the validation plan.
#[must_use]
pub fn run(options: &Options) -> Vec<Finding> {
    let experiments =
        EXPERIMENTS.iter().filter(|(checks, _)| checks.iter().any(|check| options.wants(check)));
    let findings = experiments.flat_map(|(_, experiment)| experiment(options));
    findings
        .filter(|finding| finding.check.split(' ').next().is_some_and(|check| options.wants(check)))
        .collect()
}
