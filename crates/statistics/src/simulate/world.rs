//! The simulated centre: coupled first-order autoregressions in contacts of realistic length.
//!
//! `C_t = .4·C_{t−1} + b_AC·A_{t−1} + e` and `A_t = .3·A_{t−1} + b_CA·C_t + e` with unit
//! innovations. Lengths are those of the Chinese service corpora (median 20 utterances, 6 to 80). A
//! contact has a level of its own on both sides, and under case mix the two levels go together:
//! that is what makes pooled correlations useless.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::count;
use crate::panel::baseline::Baseline;
use crate::panel::{Moments, Panel, error_variance, partner_rows};

/// Inertia of the customer.
pub const CUSTOMER_INERTIA: f64 = 0.4;
/// Inertia of the agent.
pub const AGENT_INERTIA: f64 = 0.3;
/// Effect of the agent's turn on the next customer turn in the base world.
pub const REVERSE: f64 = 0.15;
/// Reliability of the simulated valence score.
pub const RELIABILITY: f64 = 0.65;
/// Standard deviation of a contact's level on either side.
const LEVEL: f64 = 0.5;
/// Correlation of the two levels of a contact under case mix; it puts the pooled correlation at
/// zero coupling near .15.
const SHARED: f64 = 0.8;

/// One contact: `agent[t]` answers `customer[t]`.
#[derive(Debug, Clone)]
pub struct SimulatedContact {
    /// Valence of the customer turns.
    pub customer: Vec<f64>,
    /// Valence of the agent turns.
    pub agent: Vec<f64>,
}

/// All contacts of one agent.
pub type Agent = Vec<SimulatedContact>;

/// What is true in a world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scenario {
    /// Customer → agent effect of the same exchange: what is to be estimated.
    pub coupling: f64,
    /// Agent → customer effect of the previous exchange.
    pub reverse: f64,
    /// Whether the levels of the two sides of a contact go together (case mix) or are independent.
    pub case_mix: bool,
    /// Height of a script arc common to both sides and all contacts: low in the middle, high at
    /// both ends.
    pub arc: f64,
    /// Share of the customer's valence that leaks into the score of the reply (context model,
    /// echo).
    pub leak: f64,
}

impl Scenario {
    /// The base world with the given customer → agent effect.
    #[must_use]
    pub const fn base(coupling: f64) -> Self {
        Self { coupling, reverse: REVERSE, case_mix: false, arc: 0.0, leak: 0.0 }
    }
}

/// A standard normal draw.
pub(crate) fn normal(rng: &mut impl Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// A whole number from a log-normal with the given median and log-sd, kept within bounds.
pub(crate) fn log_normal(median: f64, sd: f64, low: usize, high: usize, rng: &mut impl Rng) -> usize {
    let value = median * (sd * normal(rng)).exp();
    (low..=high).find(|n| count(*n) + 0.5 > value).unwrap_or(high)
}

/// Contacts of one agent with true valences.
pub fn agent(contacts: usize, scenario: &Scenario, rng: &mut impl Rng) -> Agent {
    (0..contacts).map(|_| contact(scenario, rng)).collect()
}

fn contact(scenario: &Scenario, rng: &mut impl Rng) -> SimulatedContact {
    // Median 20 utterances, 6 to 80, are median 10 turns a side, 3 to 40.
    let turns = log_normal(10.0, 0.6, 3, 40, rng);
    let (mood, other) = (normal(rng), normal(rng));
    let shared = if scenario.case_mix { SHARED } else { 0.0 };
    let customer_level = LEVEL * mood;
    let agent_level = LEVEL * (shared * mood + (1.0 - shared * shared).sqrt() * other);
    let mut pair = SimulatedContact { customer: Vec::with_capacity(turns), agent: Vec::with_capacity(turns) };
    let (mut c, mut a) = (0.0, 0.0);
    for t in 0..turns {
        let place = count(t) / count(turns - 1) - 0.5;
        let arc = scenario.arc * (4.0 * place * place - 0.5);
        c = CUSTOMER_INERTIA * c + scenario.reverse * a + normal(rng);
        a = AGENT_INERTIA * a + scenario.coupling * c + normal(rng);
        // Level and arc are laid over the two series: they are case and script, not something the
        // other side reacts to.
        pair.customer.push(c + arc + customer_level);
        pair.agent.push(a + arc + agent_level);
    }
    pair
}

/// Adds measurement error of the scenario's kind to every turn so that scores have the given
/// reliability.
pub fn measure(centre: &mut [Agent], scenario: &Scenario, reliability: f64, rng: &mut impl Rng) {
    let odds = (1.0 - reliability) / reliability;
    let customer = (odds * variance(centre, |pair| &pair.customer)).sqrt();
    let agent = (odds * variance(centre, |pair| &pair.agent)).sqrt();
    for pair in centre.iter_mut().flatten() {
        for (c, a) in pair.customer.iter_mut().zip(pair.agent.iter_mut()) {
            *c += customer * normal(rng);
            // What leaks is the score of the other side's words with its error, since the same
            // words are read twice.
            *a = (1.0 - scenario.leak) * (*a + agent * normal(rng)) + scenario.leak * *c;
        }
    }
}

/// Variance of all turns of one side over the centre.
#[must_use]
pub fn variance(centre: &[Agent], side: impl Fn(&SimulatedContact) -> &Vec<f64>) -> f64 {
    let (mut n, mut sum, mut squares) = (0_usize, 0.0, 0.0);
    for pair in centre.iter().flatten() {
        for value in side(pair) {
            n += 1;
            sum += value;
            squares += value * value;
        }
    }
    let n = count(n);
    (squares - sum * sum / n) / (n - 1.0)
}

/// An estimate of the customer → agent effect for one agent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Coefficient.
    pub value: f64,
    /// Contact-clustered standard error.
    pub error: f64,
    /// Contacts behind it.
    pub contacts: usize,
}

/// The estimator under test, for every agent of a centre: contact fixed effects, own lag,
/// centre-wide position baseline, correction for the given reliability of both sides. An agent
/// whose sums are singular gets no estimate.
#[must_use]
pub fn estimates(centre: &[Agent], reliability: f64) -> Vec<Option<Estimate>> {
    let pairs = || centre.iter().flatten();
    let customers = Baseline::fit(pairs().map(|pair| pair.customer.as_slice()));
    let agents = Baseline::fit(pairs().map(|pair| pair.agent.as_slice()));
    let errors = [
        error_variance(reliability, variance(centre, |pair| &pair.agent)),
        error_variance(reliability, variance(centre, |pair| &pair.customer)),
    ];
    centre
        .iter()
        .map(|contacts| {
            let mut panel = Panel::<2>::new();
            for pair in contacts {
                let rows = partner_rows(&customers.residual(&pair.customer), &agents.residual(&pair.agent));
                if let Some(moments) = Moments::of(&rows) {
                    panel.add(&moments);
                }
            }
            let fit = panel.fit(&[0, 1], &errors).ok()?;
            let (value, error) = (*fit.coefficients.get(1)?, *fit.errors.get(1)?);
            Some(Estimate { value, error, contacts: panel.contacts() })
        })
        .collect()
}

/// The same estimator in the form the service sums up: position and its square stand in the
/// regression, so that a month is a sum of contacts and no baseline has to be known beforehand.
#[must_use]
pub fn estimates_from_sums(centre: &[Agent], reliability: f64) -> Vec<Option<Estimate>> {
    let errors = [
        error_variance(reliability, variance(centre, |pair| &pair.agent)),
        error_variance(reliability, variance(centre, |pair| &pair.customer)),
        0.0,
        0.0,
    ];
    centre
        .iter()
        .map(|contacts| {
            let mut panel = Panel::<4>::new();
            contacts
                .iter()
                .filter_map(|pair| Moments::of(&placed_rows(pair)))
                .for_each(|one| panel.add(&one));
            let fit = panel.fit(&[0, 1, 2, 3], &errors).ok()?;
            let (value, error) = (*fit.coefficients.get(1)?, *fit.errors.get(1)?);
            Some(Estimate { value, error, contacts: panel.contacts() })
        })
        .collect()
}

/// Rows of the regression: own turn before, partner's turn, place and its square, and the outcome.
fn placed_rows(pair: &SimulatedContact) -> Vec<([f64; 4], f64)> {
    let last = count(pair.agent.len().saturating_sub(1).max(1));
    let partners = partner_rows(&pair.customer, &pair.agent);
    let placed = partners.into_iter().enumerate().map(|(at, ([own, partner], outcome))| {
        let place = count(at + 1) / last;
        ([own, partner, place, place * place], outcome)
    });
    placed.collect()
}

/// Correlation of all turns, whatever contact they are from: the estimator the specification
/// rejects.
#[must_use]
pub fn pooled_r(contacts: &[SimulatedContact]) -> f64 {
    let turns = || contacts.iter().flat_map(|pair| pair.customer.iter().zip(&pair.agent));
    let n = count(turns().count());
    let (sum_c, sum_a) = turns().fold((0.0, 0.0), |(c, a), (x, y)| (c + x, a + y));
    let (mean_c, mean_a) = (sum_c / n, sum_a / n);
    let (cc, aa, ca) = turns().fold((0.0, 0.0, 0.0), |(cc, aa, ca), (c, a)| {
        let (c, a) = (c - mean_c, a - mean_a);
        (cc + c * c, aa + a * a, ca + c * a)
    });
    ca / (cc * aa).sqrt()
}
