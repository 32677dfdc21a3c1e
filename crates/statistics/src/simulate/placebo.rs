//! V6: four tests that must reject at their level, because what they test was destroyed on purpose.

use rand::Rng;

use super::branches::{Branched, NEGATIVE, POSITIVE, panel_of};
use super::finding::{Finding, Options, Target, finding};
use super::repetition::{rate, repeat};
use super::world::{log_normal, normal};
use crate::carry_over::{CarryOver, DayContact};
use crate::resample::{PseudoPartners, order, stretched};
use crate::soothing::{Expectation, Moods, SoothingSums, Week, beside_signs};
use crate::t_test::two_sided;
use crate::team_mood::{AgentDay, team_mood};

/// The range of the validation plan for a test of level .05.
const RANGE: Target = Target::Between(0.03, 0.075);
/// Worlds per repetition: 400 repetitions then give 2,000 tests and ±.005.
const WORLDS: usize = 5;

/// Placebo lead (S11), permuted pairing (S6), permuted teams (S13), signs of weeks at random (S9).
pub(super) fn findings(options: &Options) -> Vec<Finding> {
    let placebo = worlds(options, 80, |rng| quarter(-0.3, rng).placebo().is_ok_and(|(_, p)| p < 0.05));
    let branches = worlds(options, 81, permuted_pairing);
    let teams = worlds(options, 82, permuted_teams);
    let weeks = worlds(options, 83, signs_of_weeks);
    vec![
        finding("V6 placebo lead with true carry-over (S11): rejection rate", rate(placebo), RANGE),
        finding(
            "V6 permuted pairing, β⁺ (S6): rejection rate",
            rate(branches.iter().map(|both| both.0)),
            RANGE,
        ),
        finding(
            "V6 permuted pairing, β⁻ (S6): rejection rate",
            rate(branches.iter().map(|both| both.1)),
            RANGE,
        ),
        finding("V6 signs of weeks at random, equal people (S9): rejection rate", rate(weeks), RANGE),
        finding("V6 permuted teams with true team moods (S13): rejection rate", rate(teams), RANGE),
    ]
}

fn worlds<T: Send>(
    options: &Options,
    experiment: u64,
    world: impl Fn(&mut rand_chacha::ChaCha8Rng) -> T + Sync,
) -> Vec<T> {
    let results = repeat(options, experiment, options.repetitions, |rng| {
        (0..WORLDS).map(|_| world(rng)).collect::<Vec<T>>()
    });
    results.into_iter().flatten().collect()
}

/// Scripts of the world of S11: how unpleasant their customers are, and in what tone they open.
const SCRIPTS: [(f64, f64); 3] = [(0.0, 0.0), (0.2, -0.2), (0.4, -0.4)];

/// A quarter of one agent: 12 weeks of 5 days of 25 contacts, day moods, exponential pauses,
/// scripts that come in runs, and a true carry-over.
fn quarter(kappa: f64, rng: &mut impl Rng) -> CarryOver {
    let mut sums = CarryOver::new();
    for week in 0..12 {
        let days: Vec<(i64, Vec<DayContact>)> =
            (0..5).map(|day| (7 * week + day, work_day(kappa, rng))).collect();
        sums.add_week(&days);
    }
    sums
}

fn work_day(kappa: f64, rng: &mut impl Rng) -> Vec<DayContact> {
    let day_mood = 0.3 * normal(rng);
    let (mut clock, mut carried, mut script) = (0.0_f64, 0.0_f64, 0);
    (0..25)
        .map(|_| {
            if rng.random::<f64>() < 0.4 {
                script = rng.random_range(0..SCRIPTS.len());
            }
            let (hostile, tone) = SCRIPTS.get(script).copied().unwrap_or_default();
            let pause = -3.0 * (1.0 - rng.random::<f64>()).ln();
            let start = clock + pause;
            clock = start + 6.0;
            let exposure = (hostile + 0.2 * normal(rng)).max(0.0);
            let opening = day_mood + tone + kappa * carried * (-pause / 10.0).exp() + 0.3 * normal(rng);
            carried = exposure;
            let script = u64::try_from(script).unwrap_or_default();
            DayContact { start, end: clock, exposure, opening: Some(opening), script }
        })
        .collect()
}

/// Probabilities of a customer who stays in a class with probability .5, as seen by a classifier
/// with logit noise.
fn customer(turns: usize, rng: &mut impl Rng) -> (Vec<f64>, Vec<f64>) {
    let mut class = draw_class(rng);
    (0..turns)
        .map(|_| {
            if rng.random::<f64>() > 0.5 {
                class = draw_class(rng);
            }
            let mut weight = |own: u8| (if own == class { 2.5 } else { 0.0 } + normal(rng)).exp();
            let (negative, neutral, positive) = (weight(0), weight(1), weight(2));
            let all = negative + neutral + positive;
            (positive / all, negative / all)
        })
        .unzip()
}

/// Negative, neutral or positive, as customers begin.
fn draw_class(rng: &mut impl Rng) -> u8 {
    match rng.random::<f64>() {
        u if u < 0.15 => 0_u8,
        u if u < 0.75 => 1,
        _ => 2,
    }
}

/// An agent who truly reacts (β⁺ = β⁻ = .3), each contact paired with the customer of another one:
/// whether β⁺ and β⁻ reject.
fn permuted_pairing(rng: &mut rand_chacha::ChaCha8Rng) -> (bool, bool) {
    let contacts: Vec<Branched> = (0..100)
        .map(|_| {
            let (positive, negative) = customer(log_normal(10.0, 0.6, 3, 40, rng), rng);
            let mut last = 0.0;
            let agent = positive
                .iter()
                .zip(&negative)
                .map(|(p, n)| {
                    last = 0.3 * last + 0.3 * p - 0.3 * n + 0.4 * normal(rng);
                    last
                })
                .collect();
            Branched { agent, positive, negative }
        })
        .collect();
    let partners =
        PseudoPartners::of(&contacts.iter().map(|contact| (1, contact.agent.len())).collect::<Vec<_>>());
    let permuted: Vec<Branched> = contacts
        .iter()
        .enumerate()
        .filter_map(|(index, own)| {
            let other = contacts.get(partners.draw(index, rng)?)?;
            let turns = own.agent.len();
            let (positive, negative) = (stretched(&other.positive, turns), stretched(&other.negative, turns));
            Some(Branched { agent: own.agent.clone(), positive, negative })
        })
        .collect();
    let panel = panel_of(&permuted);
    let Ok(fit) = panel.fit(&[0, POSITIVE, NEGATIVE], &[0.0; 3]) else { return (false, false) };
    let rejects = |at: usize| match (fit.coefficients.get(at), fit.errors.get(at)) {
        (Some(value), Some(error)) => two_sided(*value, *error, panel.contacts()) < 0.05,
        _ => false,
    };
    (rejects(POSITIVE), rejects(NEGATIVE))
}

/// Twelve equal people with thirteen weeks of two to twelve contacts that began negative, whose
/// ends are skewed and share something within a week: whether the check finds the first of them,
/// with the expectation fitted as the service does.
fn signs_of_weeks(rng: &mut rand_chacha::ChaCha8Rng) -> bool {
    let mut weeks = Vec::with_capacity(156);
    for _ in 0..156 {
        let mut moods = Moods::default();
        let shared = 0.15 * normal(rng);
        for _ in 0..rng.random_range(2..=12_u8) {
            let start = -0.5 + 0.2 * normal(rng);
            let skewed = 0.3 * (-(1.0 - rng.random::<f64>()).ln() - 1.0);
            moods.merge(&Moods::of(start, 0.2 + 0.5 * start + shared + skewed));
        }
        weeks.push(moods);
    }
    let people: Vec<SoothingSums> = weeks
        .chunks(13)
        .map(|own| {
            let mut sums = SoothingSums::new(0);
            // Without covariates and with finite moods nothing can be refused.
            for moods in own {
                sums.add(*moods, &[]).unwrap_or_default();
            }
            sums
        })
        .collect();
    let Ok(expectation) = Expectation::of(&people) else { return false };
    let first: Vec<Week> = weeks
        .iter()
        .take(13)
        .map(|moods| Week { contacts: moods.contacts(), residual: expectation.residual(*moods, &[]) })
        .collect();
    beside_signs(&first, 199, rng).is_some_and(|found| found.p_above <= 0.05)
}

/// Eight teams of eight agents with true team-day moods, labels dealt out anew before the test with
/// 99 permutations.
fn permuted_teams(rng: &mut rand_chacha::ChaCha8Rng) -> bool {
    let tempers: Vec<f64> = (0..64).map(|_| 0.5 * normal(rng)).collect();
    let dealt = order(64, rng);
    let mut rows = Vec::with_capacity(320);
    for day in 0..5 {
        let shock = normal(rng);
        let moods: Vec<f64> = (0..8).map(|_| normal(rng)).collect();
        for (agent, temper) in tempers.iter().enumerate() {
            let customers = normal(rng);
            let mood = moods.get(agent % 8).copied().unwrap_or(0.0);
            let tone = temper + mood + shock + 0.3 * customers + 0.5 * normal(rng);
            let team = dealt.get(agent).map_or(0, |seat| u64::try_from(seat % 8).unwrap_or(0));
            let agent = u64::try_from(agent).unwrap_or(0);
            rows.push(AgentDay { agent, team, day, contacts: 20, tone, customers });
        }
    }
    team_mood(&rows, 99, rng).icc.is_some_and(|icc| icc.p_above <= 0.05)
}
