//! Did the record change after coaching by more than it would have changed anyway?
//!
//! People are coached after a bad month, and after a bad month a better one follows by itself. The
//! before-value is therefore replaced by what it lets expect (empirical Bayes over everybody), and
//! the change is compared with that of similar uncoached colleagues over the same weeks (difference
//! in differences). What remains is an observed difference *after* coaching: no assignment was
//! random.

mod power;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use power::Plan;

use super::distribution::{Interval, Z_95, two_sided};
use super::shrinkage::empirical_bayes;
use super::{FitError, count};

/// One period of one person on one indicator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PeriodTally {
    /// Contacts.
    pub trials: f64,
    /// Contacts with the event.
    pub events: f64,
    /// Events the case-mix model expected; `trials` times the centre's rate without one.
    pub expected: f64,
}

impl PeriodTally {
    /// Deviation from the expectation in events per contact.
    fn deviation(&self) -> f64 {
        (self.events - self.expected) / self.trials
    }

    /// Events per contact the case mix lets expect.
    fn mix(&self) -> f64 {
        self.expected / self.trials
    }

    /// Sampling variance of the deviation when the true rate is `rate`. The rate is kept half an
    /// event away from 0 and 1: an empty month is not known without error.
    fn variance(&self, rate: f64) -> f64 {
        let edge = (0.5 / self.trials).min(0.5);
        let rate = rate.clamp(edge, 1.0 - edge);
        rate * (1.0 - rate) / self.trials
    }

    fn usable(&self) -> bool {
        self.trials.is_finite()
            && self.trials > 0.0
            && [self.events, self.expected].iter().all(|value| (0.0..=self.trials).contains(value))
    }
}

/// One person before and after the day coaching began; for a colleague, the same two periods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BeforeAfter {
    /// Period before.
    pub before: PeriodTally,
    /// Period after.
    pub after: PeriodTally,
}

impl BeforeAfter {
    fn is_usable(&self) -> bool {
        self.before.usable() && self.after.usable()
    }
}

/// How colleagues are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Matching {
    /// Nearest colleagues per coached person, at least 1; a colleague may serve several.
    pub peers: usize,
    /// Farthest allowed distance, in standard deviations of everybody's before-rate and case mix
    /// together.
    pub caliper: f64,
}

impl Default for Matching {
    /// Five colleagues within one standard deviation. More colleagues are less alike, fewer make
    /// the comparison noisier; beyond one deviation a "similar" colleague of the worst would be an
    /// average one.
    fn default() -> Self {
        Self { peers: 5, caliper: 1.0 }
    }
}

/// Change after coaching, in events per contact: −.05 is five fewer per hundred contacts.
///
/// `crude = regression_to_mean + peers + difference`, so a screen can show where an impressive
/// crude change went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoachingEffect {
    /// Change beyond regression to the mean and beyond the colleagues' change.
    pub difference: f64,
    /// 95 % interval of `difference`.
    pub interval: Interval,
    /// Two-sided p-value of `difference`.
    pub p: f64,
    /// Plain after minus before of the coached, case mix aside.
    pub crude: f64,
    /// Part of `crude` that a bad or lucky before-period makes expect.
    pub regression_to_mean: f64,
    /// Change of the matched colleagues over the same time.
    pub peers: f64,
    /// Coached people in the comparison.
    pub matched: usize,
    /// Positions in `coached` without a similar colleague or without contacts in one period; they
    /// are not in the comparison.
    pub unmatched: Vec<usize>,
}

/// A person's change and what it is compared by.
#[derive(Clone, Copy)]
struct Change {
    /// After-deviation minus the one expected from before.
    moved: f64,
    variance: f64,
    crude: f64,
    /// Events per contact after.
    after: f64,
    /// Shrunk before-deviation and case mix: the coordinates of matching.
    at: [f64; 2],
}

/// Compares `coached` people with `colleagues` who were not coached.
///
/// # Errors
/// [`FitError::TooFew`] with fewer than two usable colleagues, or when no coached person has a
/// similar one; [`FitError::Malformed`] when more events than contacts are reported or `matching`
/// asks for no peers.
pub fn coaching(
    coached: &[BeforeAfter],
    colleagues: &[BeforeAfter],
    matching: Matching,
) -> Result<CoachingEffect, FitError> {
    if matching.peers == 0 || matching.caliper.is_nan() || matching.caliper < 0.0 {
        return Err(FitError::Malformed("matching needs at least one peer and a caliper of 0 or more"));
    }
    let everyone: Vec<&BeforeAfter> = coached.iter().chain(colleagues).collect();
    if everyone.iter().flat_map(|p| [&p.before, &p.after]).any(|tally| tally.trials > 0.0 && !tally.usable())
    {
        return Err(FitError::Malformed("events and expected events must lie between 0 and the contacts"));
    }
    let changes = measure_changes(&everyone);
    let (coached, colleagues) = changes.split_at(coached.len());
    let peers: Vec<Change> = colleagues.iter().flatten().copied().collect();
    if peers.len() < 2 {
        return Err(FitError::TooFew { needed: 2, got: peers.len() });
    }
    let scale = spread(&changes.iter().flatten().map(|change| change.at).collect::<Vec<_>>());
    let mut pairs: Vec<(Change, Vec<usize>)> = Vec::new();
    let mut unmatched = Vec::new();
    for (position, own) in coached.iter().enumerate() {
        match own.map(|own| (own, nearest(&own, &peers, scale, matching))) {
            Some((own, near)) if !near.is_empty() => pairs.push((own, near)),
            _ => unmatched.push(position),
        }
    }
    if pairs.is_empty() {
        return Err(FitError::TooFew { needed: 1, got: 0 });
    }
    Ok(compare(&pairs, &peers, unmatched))
}

/// Changes of all people; `None` for those without contacts in one of the periods.
fn measure_changes(people: &[&BeforeAfter]) -> Vec<Option<Change>> {
    let (deviations, errors): (Vec<f64>, Vec<f64>) = people
        .iter()
        .map(|p| {
            if p.is_usable() {
                (p.before.deviation(), p.before.variance(p.before.mix()).sqrt())
            } else {
                (f64::NAN, f64::NAN)
            }
        })
        .unzip();
    let shrunk = empirical_bayes(&deviations, &errors);
    people
        .iter()
        .zip(&shrunk.units)
        .map(|(person, prior)| {
            let after = person.after.deviation();
            person.is_usable().then(|| Change {
                moved: after - prior.value,
                variance: prior.sd * prior.sd + person.after.variance(person.after.mix() + prior.value),
                crude: after - person.before.deviation(),
                after: person.after.events / person.after.trials,
                at: [prior.value, person.before.mix()],
            })
        })
        .collect()
}

/// Standard deviation of each coordinate.
fn spread(points: &[[f64; 2]]) -> [f64; 2] {
    let n = count(points.len()).max(1.0);
    let mean = points.iter().fold([0.0; 2], |[a, b], [x, y]| [a + x / n, b + y / n]);
    let sum =
        points.iter().fold([0.0; 2], |[a, b], [x, y]| [a + (x - mean[0]).powi(2), b + (y - mean[1]).powi(2)]);
    sum.map(|value| (value / n).sqrt())
}

/// Positions of the nearest peers within the caliper.
fn nearest(own: &Change, peers: &[Change], scale: [f64; 2], matching: Matching) -> Vec<usize> {
    let distance = |peer: &Change| {
        scaled(own.at[0] - peer.at[0], scale[0]).hypot(scaled(own.at[1] - peer.at[1], scale[1]))
    };
    let mut near: Vec<(f64, usize)> = peers.iter().map(distance).zip(0..).collect();
    near.retain(|(distance, _)| *distance <= matching.caliper);
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    near.into_iter().take(matching.peers).map(|(_, peer)| peer).collect()
}

/// A coordinate in which nobody differs tells nobody apart.
fn scaled(difference: f64, scale: f64) -> f64 {
    if scale > 1e-12 { difference / scale } else { 0.0 }
}

fn compare(pairs: &[(Change, Vec<usize>)], peers: &[Change], unmatched: Vec<usize>) -> CoachingEffect {
    let n = count(pairs.len());
    let mut weights = vec![0.0; peers.len()];
    for (_, near) in pairs {
        for &peer in near {
            if let Some(weight) = weights.get_mut(peer) {
                *weight += 1.0 / (n * count(near.len()));
            }
        }
    }
    // people change between two periods without any coaching, beyond sampling error; colleagues
    // show by how much
    let (moves, errors): (Vec<f64>, Vec<f64>) =
        peers.iter().map(|peer| (peer.moved, peer.variance.sqrt())).unzip();
    let drift = empirical_bayes(&moves, &errors).tau2;
    let (own, crude) = (mean(pairs, |change| change.moved), mean(pairs, |change| change.crude));
    let others: f64 = peers.iter().zip(&weights).map(|(peer, weight)| weight * peer.moved).sum();
    let variance = pairs.iter().map(|(own, _)| (own.variance + drift) / (n * n)).sum::<f64>()
        + peers
            .iter()
            .zip(&weights)
            .map(|(peer, weight)| weight * weight * (peer.variance + drift))
            .sum::<f64>();
    let (difference, error) = (own - others, variance.sqrt());
    CoachingEffect {
        difference,
        interval: possible(difference, error, mean(pairs, |change| change.after)),
        p: two_sided(difference / error),
        crude,
        regression_to_mean: crude - own,
        peers: others,
        matched: pairs.len(),
        unmatched,
    }
}

/// The interval, within what can be: what would have happened anyway is a rate, and no change takes it below 0 or above 1.
fn possible(difference: f64, error: f64, after: f64) -> Interval {
    let anyway = (after - difference).clamp(0.0, 1.0);
    let Interval { low, high } = Interval::around(difference, error, Z_95);
    Interval { low: low.max((-anyway).min(difference)), high: high.min((1.0 - anyway).max(difference)) }
}

fn mean(pairs: &[(Change, Vec<usize>)], value: fn(&Change) -> f64) -> f64 {
    pairs.iter().map(|(own, _)| value(own)).sum::<f64>() / count(pairs.len())
}
