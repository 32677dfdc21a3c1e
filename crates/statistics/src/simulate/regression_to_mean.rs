//! V8: identical agents on an easy and a hard queue. Nobody may be flagged more often than chance
//! flags, on either.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;

use super::finding::{Finding, Options, Target, finding};
use super::repetition::{mean, rate, repeat};
use super::world::normal;
use crate::count;
use crate::distribution::Z_95;
use crate::soothing::{Calibration, Moods, NEGATIVE_START, SoothingSums, soothing};

/// Agents of a centre, every other one on the hard queue.
const AGENTS: usize = 60;
/// Negative-start contacts of each agent.
const CONTACTS: usize = 60;
/// Mean true start on the easy and on the hard queue, and its standard deviation on both.
const STARTS: (f64, f64, f64) = (-0.1, -0.5, 0.35);

/// Standard deviation of the measurement error of a start; reliability over a centre is about .65.
const NOISE: f64 = 0.3;

struct ContactMoods {
    truth: f64,
    start: f64,
    end: f64,
}

/// One agent's verdicts: whether the low tail is flagged by each method.
#[allow(clippy::struct_excessive_bools, reason = "one independent verdict per method")]
struct FlaggedAgent {
    hard: bool,
    adjusted: bool,
    gain: bool,
    end: bool,
}

/// All contacts of an agent until there are [`CONTACTS`] that start negative by the observed start.
fn contacts(hard: bool, rng: &mut ChaCha8Rng) -> Vec<ContactMoods> {
    let queue = if hard { STARTS.1 } else { STARTS.0 };
    let mut contacts = Vec::with_capacity(3 * CONTACTS);
    let mut negative = 0;
    while negative < CONTACTS {
        let truth = queue + STARTS.2 * normal(rng);
        let start = truth + NOISE * normal(rng);
        // The end depends on the true start and on nothing the agent does: all agents are the same.
        contacts.push(ContactMoods { truth, start, end: 0.2 + 0.5 * truth + 0.3 * normal(rng) });
        negative += usize::from(start < f64::from(NEGATIVE_START));
    }
    contacts
}

fn centre(rng: &mut ChaCha8Rng) -> Vec<FlaggedAgent> {
    let agents: Vec<(bool, Vec<ContactMoods>)> =
        (0..AGENTS).map(|agent| agent % 2 == 1).map(|hard| (hard, contacts(hard, rng))).collect();
    let mut strata: BTreeMap<u64, Moods> = BTreeMap::new();
    for (hard, contacts) in &agents {
        let moods = strata.entry(u64::from(*hard)).or_default();
        for contact in contacts {
            moods.merge(&Moods::of(contact.start, contact.end));
        }
    }
    // The error of exactly these contacts: what a calibration study on this centre would publish.
    let all = || agents.iter().flat_map(|(_, contacts)| contacts);
    let error = variance(all().map(|contact| contact.start)) - variance(all().map(|contact| contact.truth));
    let calibration = Calibration::fit(error, &strata);
    let sums: Vec<SoothingSums> = agents
        .iter()
        .map(|(hard, contacts)| {
            let (mut sums, mut moods) = (SoothingSums::new(0), Moods::default());
            for (start, end) in negative_starts(contacts) {
                moods.merge(&Moods::of(start, end));
            }
            // No column for the queue: the calibrated start alone has to carry the difference.
            let _ = sums.add(calibration.calibrated(u64::from(*hard), moods), &[]);
            sums
        })
        .collect();
    let Ok(adjusted) = soothing(&sums) else { return Vec::new() };
    let gains = low_tail(
        &agents.iter().map(|(_, c)| c.iter().map(|c| c.end - c.start).collect()).collect::<Vec<_>>(),
    );
    let ends = low_tail(
        &agents.iter().map(|(_, c)| negative_starts(c).iter().map(|(_, e)| *e).collect()).collect::<Vec<_>>(),
    );
    agents
        .iter()
        .zip(adjusted.into_iter().zip(gains.into_iter().zip(ends)))
        .map(|((hard, _), (adjusted, (gain, end)))| FlaggedAgent {
            hard: *hard,
            adjusted: adjusted.is_ok_and(|soothing| soothing.z() < -Z_95),
            gain,
            end,
        })
        .collect()
}

/// Start and end of the contacts that began negative.
fn negative_starts(contacts: &[ContactMoods]) -> Vec<(f64, f64)> {
    contacts.iter().filter(|c| c.start < f64::from(NEGATIVE_START)).map(|c| (c.start, c.end)).collect()
}

/// Whether an agent's raw mean lies more than 1.96 standard errors below the centre's.
fn low_tail(agents: &[Vec<f64>]) -> Vec<bool> {
    let all = || agents.iter().flatten().copied();
    let (centre, spread) = (mean(all()), variance(all()));
    agents
        .iter()
        .map(|own| (mean(own.iter().copied()) - centre) / (spread / count(own.len())).sqrt() < -Z_95)
        .collect()
}

fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let centre = mean(values.clone());
    mean(values.map(|value| (value - centre).powi(2)))
}

/// False flags by queue: the method in use, and the two raw ones it replaces.
pub(super) fn findings(options: &Options) -> Vec<Finding> {
    let agents: Vec<FlaggedAgent> =
        repeat(options, 110, options.repetitions, centre).into_iter().flatten().collect();
    let chance = Target::Between(0.01, 0.04);
    vec![
        finding(
            "V8 identical agents, adjusted and corrected: flagged, easy queue",
            flagged(&agents, false, |a| a.adjusted),
            chance,
        ),
        finding(
            "V8 identical agents, adjusted and corrected: flagged, hard queue",
            flagged(&agents, true, |a| a.adjusted),
            chance,
        ),
        finding(
            "V8 identical agents, raw gain of all contacts: flagged, easy queue",
            flagged(&agents, false, |a| a.gain),
            Target::Shown(0.30),
        ),
        finding(
            "V8 identical agents, raw end mood: flagged, hard queue",
            flagged(&agents, true, |a| a.end),
            Target::Shown(0.37),
        ),
    ]
}

/// The share of agents of a queue that a method flags.
fn flagged(agents: &[FlaggedAgent], hard: bool, method: fn(&FlaggedAgent) -> bool) -> f64 {
    rate(agents.iter().filter(|agent| agent.hard == hard).map(method))
}
