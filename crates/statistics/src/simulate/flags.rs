//! V7: staff flags under the null, and the operating characteristics of the naming rule.
//!
//! 60 agents, a third on a hard queue, median 50 contacts, about 17 % bad outcomes. The case-mix
//! model is the one of production, fitted without each agent's own contacts.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::finding::{Finding, Options, Target, finding};
use super::repetition::{mean, rate, repeat};
use super::world::{log_normal, normal};
use crate::case_mix::{AgentCell, Expected, expected};
use crate::count;
use crate::discovery::benjamini_hochberg;
use crate::distribution::{Z_95, Z_998, exceeds, normal_upper};
use crate::funnel::funnel;
use crate::shrinkage::{NAMED_RELIABILITY, empirical_bayes};

/// Agents of a centre.
const AGENTS: usize = 60;
/// Log-odds of a bad outcome on the easy and on the hard queue: 12.8 % and 25 %, together about 17
/// %.
const QUEUES: (f64, f64) = (-1.92, -1.10);
/// Log-odds added by the second and third intent.
const INTENTS: [f64; 3] = [0.0, -0.4, 0.4];
/// The pre-agreed practical difference in log-odds, and the probability of exceeding it needed to
/// name.
const PRACTICAL: (f64, f64) = (0.3, 0.8);
/// False discovery rate.
const DISCOVERY: f64 = 0.10;
/// Centres per repetition; false flags are rare and their ratio between queues needs many agents.
const CENTRES: usize = 10;

/// One agent of one simulated centre with the verdict of each rule.
#[allow(clippy::struct_excessive_bools, reason = "one independent verdict per rule")]
#[derive(Debug, Clone, Copy)]
struct JudgedAgent {
    hard: bool,
    worse: bool,
    plain: bool,
    watch: bool,
    investigate: bool,
    discovery: bool,
    corrected: bool,
    named: bool,
    reliable: bool,
    squared_error: (f64, f64),
}

type DecisionRule = fn(&JudgedAgent) -> bool;

/// What is true of an agent.
struct TrueAgent {
    /// Works the hard queue.
    hard: bool,
    worse: bool,
    /// What the agent adds to the log odds of the event.
    own: f64,
}

fn centre(different: bool, rng: &mut ChaCha8Rng) -> Vec<JudgedAgent> {
    let designs: Vec<Vec<f64>> = [0.0, 1.0]
        .iter()
        .flat_map(|hard| {
            [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]].map(|intent| vec![1.0, *hard, intent[0], intent[1]])
        })
        .collect();
    let truths: Vec<TrueAgent> = (0..AGENTS)
        .map(|agent| {
            // Every tenth agent is worse, every third works the hard queue: 10 and 3 have no common
            // factor, so both queues have their share of them.
            let worse = different && agent % 10 == 0;
            let own = if worse { 2.0_f64.ln() } else { 0.2 * normal(rng) };
            TrueAgent { hard: agent % 3 == 0, worse, own: if different { own } else { 0.0 } }
        })
        .collect();
    let agents: Vec<Vec<AgentCell>> = truths.iter().map(|truth| cells(truth.hard, truth.own, rng)).collect();
    let Ok(expected) = expected(&designs, &agents) else { return Vec::new() };
    let observed: Vec<f64> = expected.iter().map(|agent| agent.observed).collect();
    let means: Vec<f64> = expected.iter().map(|agent| agent.expected).collect();
    let variances: Vec<f64> = expected.iter().map(|agent| agent.variance).collect();
    let plot = funnel(&observed, &means, &variances);
    let p: Vec<f64> = plot.units.iter().map(|unit| normal_upper(unit.z_overdispersed)).collect();
    let discovered = benjamini_hochberg(&p, DISCOVERY);
    let skewed = expected.iter().zip(&plot.units);
    let corrected: Vec<f64> =
        skewed.map(|(agent, unit)| normal_upper(symmetric(agent, unit.z, unit.z_overdispersed))).collect();
    let corrected = benjamini_hochberg(&corrected, DISCOVERY);
    let effects: Vec<f64> =
        expected.iter().map(|agent| (agent.observed - agent.expected) / agent.variance).collect();
    let errors: Vec<f64> = variances.iter().map(|variance| 1.0 / variance.sqrt()).collect();
    let shrunk = empirical_bayes(&effects, &errors);
    let verdicts =
        plot.units.iter().zip(shrunk.units.iter().zip(&effects)).zip(discovered.into_iter().zip(corrected));
    truths
        .iter()
        .zip(verdicts)
        .map(|(truth, ((unit, (pooled, raw)), (discovery, corrected)))| JudgedAgent {
            hard: truth.hard,
            worse: truth.worse,
            plain: unit.z > Z_95,
            watch: unit.z_overdispersed > Z_95,
            investigate: unit.z_overdispersed > Z_998,
            discovery,
            corrected,
            named: discovery && exceeds(pooled.value, pooled.sd, PRACTICAL.0) >= PRACTICAL.1,
            reliable: pooled.reliability >= NAMED_RELIABILITY,
            squared_error: ((raw - truth.own).powi(2), (pooled.value - truth.own).powi(2)),
        })
        .collect()
}

/// An over-dispersed z with the skewness of its count taken out (first Cornish–Fisher term, γ(z² −
/// 1)/6).
///
/// Few expected events are skewed to the right: of identical agents more than 2.5 % lie above 1.96.
/// Shown beside the rule in use to tell how much of its false discoveries is this and nothing else.
fn symmetric(agent: &Expected, plain: f64, overdispersed: f64) -> f64 {
    let skewness = (1.0 - 2.0 * agent.expected / agent.trials) / agent.variance.sqrt();
    // Ordinary spread between agents is symmetric and dilutes the skewness by the cube of the ratio
    // of deviations.
    let share = if plain == 0.0 { 1.0 } else { overdispersed / plain };
    overdispersed - share.powi(3) * skewness * (overdispersed * overdispersed - 1.0) / 6.0
}

/// An agent's contacts: a log-normal number with median 50.
///
/// The spread is the one at which the raw effects miss by the reference's .448; the reference does
/// not state it. It includes agents below the 30 contacts at which the product starts to show
/// anybody.
fn cells(hard: bool, own: f64, rng: &mut impl Rng) -> Vec<AgentCell> {
    let mut trials = [(0_usize, 0_usize); 3];
    for _ in 0..log_normal(50.0, 0.8, 10, 400, rng) {
        let intent = rng.random_range(0..3_usize);
        let queue = if hard { QUEUES.1 } else { QUEUES.0 };
        let logit = queue + own + INTENTS.get(intent).copied().unwrap_or(0.0);
        if let Some(cell) = trials.get_mut(intent) {
            cell.0 += 1;
            cell.1 += usize::from(rng.random::<f64>() < 1.0 / (1.0 + (-logit).exp()));
        }
    }
    let first = if hard { 3 } else { 0 };
    trials
        .iter()
        .enumerate()
        .map(|(intent, (n, events))| AgentCell {
            design: first + intent,
            trials: count(*n),
            events: count(*events),
        })
        .collect()
}

fn centres(options: &Options, experiment: u64, different: bool) -> Vec<Vec<JudgedAgent>> {
    let results = repeat(options, experiment, options.repetitions, |rng| {
        (0..CENTRES).map(|_| centre(different, rng)).collect::<Vec<_>>()
    });
    results.into_iter().flatten().collect()
}

/// Flags under the null, then sensitivity and precision with one agent in ten truly worse.
pub(super) fn findings(options: &Options) -> Vec<Finding> {
    let mut findings = under_the_null(&centres(options, 90, false));
    findings.extend(with_differences(&centres(options, 91, true)));
    findings
}

fn under_the_null(centres: &[Vec<JudgedAgent>]) -> Vec<Finding> {
    vec![
        // One of the two conditions of naming by itself: z takes a right-skewed count for a normal
        // one, and flags a little more often than the design's table says. Nobody is named by it
        // alone.
        finding(
            "V7 null: P(any flag), BH-FDR on τ² z alone",
            any(centres, |a| a.discovery),
            Target::Shown(0.17),
        ),
        finding(
            "V7 null: P(any flag), BH-FDR on skewness-corrected τ² z",
            any(centres, |a| a.corrected),
            Target::Shown(0.17),
        ),
        finding("V7 null: P(any flag), naming rule", any(centres, |a| a.named), Target::AtMost(0.20)),
        finding(
            "V7 null: P(any flag), 95 % + τ² (watch, nobody named)",
            any(centres, |a| a.watch),
            Target::Shown(0.79),
        ),
        finding(
            "V7 null: P(any flag), 99.8 % + τ² (investigate)",
            any(centres, |a| a.investigate),
            Target::Shown(0.08),
        ),
        finding(
            "V7 null: false flags hard/easy queue, BH-FDR",
            queue_ratio(centres, |a| a.discovery),
            Target::AtMost(1.5),
        ),
        finding(
            "V7 null: false flags hard/easy queue, watch",
            queue_ratio(centres, |a| a.watch),
            Target::AtMost(1.5),
        ),
    ]
}

/// How much more often a rule flags agents of the hard queue than of the easy one.
fn queue_ratio(centres: &[Vec<JudgedAgent>], rule: DecisionRule) -> f64 {
    flagged(centres, true, rule) / flagged(centres, false, rule)
}

fn flagged(centres: &[Vec<JudgedAgent>], hard: bool, rule: DecisionRule) -> f64 {
    rate(centres.iter().flatten().filter(|agent| agent.hard == hard).map(rule))
}

/// Share of centres in which a rule flags anybody.
fn any(centres: &[Vec<JudgedAgent>], rule: DecisionRule) -> f64 {
    rate(centres.iter().map(|centre| centre.iter().any(rule)))
}

fn with_differences(centres: &[Vec<JudgedAgent>]) -> Vec<Finding> {
    let shown: [(&str, DecisionRule, f64, f64); 4] = [
        ("O−E z>1.96", |a| a.plain, 0.48, 0.62),
        ("95 % + τ²", |a| a.watch, 0.39, 0.69),
        ("99.8 % + τ²", |a| a.investigate, 0.17, 0.91),
        ("BH-FDR 10 % on τ² z alone", |a| a.discovery, 0.27, 0.83),
    ];
    let held: [(&str, DecisionRule, f64); 1] = [("naming rule: EB P(>.3)>.8 and BH-FDR", |a| a.named, 0.18)];
    let mut findings = Vec::new();
    for (name, rule, sensitive, precise) in shown {
        findings.push(finding(
            format!("V7 10 % worse: sensitivity, {name}"),
            sensitivity(centres, rule),
            Target::Shown(sensitive),
        ));
        findings.push(finding(
            format!("V7 10 % worse: PPV, {name}"),
            precision(centres, rule),
            Target::Shown(precise),
        ));
    }
    for (name, rule, sensitive) in held {
        findings.push(finding(
            format!("V7 10 % worse: sensitivity, {name}"),
            sensitivity(centres, rule),
            Target::AtLeast(sensitive),
        ));
        findings.push(finding(
            format!("V7 10 % worse: PPV, {name}"),
            precision(centres, rule),
            Target::AtLeast(0.80),
        ));
    }
    findings.push(finding(
        "V7 10 % worse: RMSE of the agent effect, raw",
        root_mean(centres, |a| a.squared_error.0),
        Target::Shown(0.448),
    ));
    findings.push(finding(
        "V7 10 % worse: RMSE of the agent effect, EB",
        root_mean(centres, |a| a.squared_error.1),
        Target::Shown(0.240),
    ));
    let gated = sensitivity(centres, |a| a.named && a.reliable);
    let check = "V7 10 % worse: sensitivity, EB P(>.3)>.8 and BH-FDR and reliability ≥ .7";
    findings.push(finding(check, gated, Target::Shown(0.18)));
    let (precise, found) = (precision(centres, |a| a.corrected), sensitivity(centres, |a| a.corrected));
    findings.push(finding(
        "V7 10 % worse: sensitivity, BH-FDR on skewness-corrected τ² z",
        found,
        Target::Shown(0.27),
    ));
    findings.push(finding(
        "V7 10 % worse: PPV, BH-FDR on skewness-corrected τ² z",
        precise,
        Target::Shown(0.83),
    ));
    findings
}

fn root_mean(centres: &[Vec<JudgedAgent>], part: fn(&JudgedAgent) -> f64) -> f64 {
    mean(centres.iter().flatten().map(part)).sqrt()
}

/// Share of the flagged agents that are worse.
fn precision(centres: &[Vec<JudgedAgent>], rule: DecisionRule) -> f64 {
    rate(centres.iter().flatten().filter(|agent| rule(agent)).map(|agent| agent.worse))
}

/// Share of the worse agents that a rule flags.
fn sensitivity(centres: &[Vec<JudgedAgent>], rule: DecisionRule) -> f64 {
    rate(centres.iter().flatten().filter(|agent| agent.worse).map(rule))
}
