//! EB: what pooling 60 agents is worth, and how many contacts make an agent's own coupling
//! reliable.

use super::finding::{Finding, Options, Target, finding};
use super::repetition::{mean, repeat};
use super::world::{RELIABILITY, Scenario, agent, estimates, measure, normal};
use crate::shrinkage::empirical_bayes;

/// Agents of the centre.
const AGENTS: usize = 60;
/// True couplings are normal with this mean and standard deviation.
const TRUTH: (f64, f64) = (0.15, 0.10);
/// Contacts per agent with the reference's root mean squared errors (raw, shrunk) and reliability.
const REFERENCE: [(usize, f64, f64, f64); 3] =
    [(10, 0.186, 0.097, 0.33), (30, 0.097, 0.070, 0.53), (100, 0.047, 0.045, 0.79)];
/// A root mean squared error of the reference came from another random world; ten per cent apart is
/// the same result.
const TOLERANCE: f64 = 0.10;

struct Errors {
    raw: f64,
    shrunk: f64,
    reliability: f64,
}

/// Root mean squared errors before and after shrinkage. Each repetition is a centre of 60 agents,
/// so half of the repetitions already holds thousands of agents.
pub(super) fn findings(options: &Options) -> Vec<Finding> {
    let centres = options.repetitions.div_ceil(2);
    (70_u64..)
        .zip(REFERENCE)
        .flat_map(|(experiment, (contacts, raw, shrunk, reliability))| {
            let errors = repeat(options, experiment, centres, |rng| centre(contacts, rng));
            let root = |part: &dyn Fn(&Errors) -> f64| mean(errors.iter().map(part)).sqrt();
            let share = mean(errors.iter().map(|errors| errors.reliability));
            [
                finding(
                    format!("EB coupling, 60 agents, K={contacts}: RMSE raw"),
                    root(&|e| e.raw),
                    Target::Shown(raw),
                ),
                finding(
                    format!("EB coupling, 60 agents, K={contacts}: RMSE shrunk"),
                    root(&|e| e.shrunk),
                    near(shrunk),
                ),
                finding(
                    format!("EB coupling, 60 agents, K={contacts}: reliability"),
                    share,
                    Target::Shown(reliability),
                ),
            ]
        })
        .collect()
}

fn near(value: f64) -> Target {
    Target::AtMost((value * (1.0 + TOLERANCE) * 1e4).round() / 1e4)
}

fn centre(contacts: usize, rng: &mut impl rand::Rng) -> Errors {
    let truths: Vec<f64> = (0..AGENTS).map(|_| TRUTH.0 + TRUTH.1 * normal(rng)).collect();
    let mut centre: Vec<_> = truths.iter().map(|truth| agent(contacts, &world(*truth), rng)).collect();
    measure(&mut centre, &world(0.0), RELIABILITY, rng);
    let found = estimates(&centre, RELIABILITY);
    let kept: Vec<_> =
        truths.iter().zip(found).filter_map(|(truth, estimate)| Some((*truth, estimate?))).collect();
    let (values, errors): (Vec<f64>, Vec<f64>) = kept.iter().map(|(_, e)| (e.value, e.error)).unzip();
    let shrunk = empirical_bayes(&values, &errors);
    Errors {
        raw: mean(kept.iter().map(|(truth, e)| (e.value - truth).powi(2))),
        shrunk: mean(kept.iter().zip(&shrunk.units).map(|((truth, _), unit)| (unit.value - truth).powi(2))),
        reliability: mean(shrunk.units.iter().map(|unit| unit.reliability)),
    }
}

fn world(coupling: f64) -> Scenario {
    Scenario { case_mix: true, ..Scenario::base(coupling) }
}
