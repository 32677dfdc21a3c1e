//! From expected events to what may be said about a person: one place, so that no screen invents
//! its own threshold.
//!
//! Naming takes several agreements: enough contacts, false discovery rate, a practically relevant
//! effect, and humans who listened. In simulated centres of 60 agents without any true difference
//! the statistical ones name somebody in 4 of 1,000 centres, where a bottom-ten-percent list always
//! names six. There is no rank here and none can be derived without its interval.

mod corrected;
mod matrix;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use corrected::{StaffRate, corrected_records, hold_to_sample};
pub use matrix::{Quadrant, quadrant};

use super::case_mix::Expected;
use super::count;
use super::discovery::benjamini_hochberg;
use super::distribution::{Interval, Z_95, Z_998, exceeds, normal_upper};
use super::funnel::funnel_of;
use super::minimum::{STAFF_APPEAR, STAFF_COMPARE};
use super::shrinkage::empirical_bayes;

/// Contacts in the period from which a person appears at all.
pub const MIN_CONTACTS: usize = STAFF_APPEAR;
/// False discovery rate among the named, per direction.
pub const FALSE_DISCOVERY_RATE: f64 = 0.10;
/// Smallest difference worth a coaching hour, in log-odds; agreed beforehand: .3 is 17 % becoming
/// 22 %.
pub const PRACTICAL_DIFFERENCE: f64 = 0.3;
/// Posterior probability that the practical difference is exceeded.
pub const PROBABILITY_BEYOND: f64 = 0.8;
/// Contacts that a human has listened to and confirmed.
pub const MIN_CONFIRMED: usize = 3;

/// One person in one period on one indicator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Observed and expected events. The event is the *unwanted* outcome; for a wanted one pass
    /// what did not happen.
    pub expected: Expected,
    /// Contacts a human has confirmed in the direction of the deviation: lapses for a worse, good
    /// examples for a better record.
    pub confirmed: usize,
}

/// On which side of the expectation a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More unwanted events than expected.
    Worse,
    /// No more unwanted events than expected.
    Better,
}

/// What may be said about a person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Too few contacts to appear.
    NotEnoughData {
        /// Contacts in the period.
        contacts: f64,
        /// Contacts needed.
        needed: f64,
    },
    /// Inside the 95 % funnel limits.
    AsExpected,
    /// Outside 95 %: look again next period, no name in lists.
    Watch,
    /// Outside 99.8 %: find out what these contacts have in common.
    Investigate,
    /// All conditions met: coach, or praise.
    Named,
}

/// A condition of being named that is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Fewer than [`MIN_CONTACTS`].
    Contacts,
    /// Fewer than [`STAFF_COMPARE`]: nobody is compared with colleagues beyond a look next time.
    Comparison,
    /// Not a discovery at [`FALSE_DISCOVERY_RATE`] among all colleagues.
    Discovery,
    /// The difference is not known to exceed [`PRACTICAL_DIFFERENCE`].
    PracticalDifference,
    /// Fewer than [`MIN_CONFIRMED`] contacts confirmed.
    Confirmation,
    /// The random sample does not bear it out.
    Sample,
}

/// Observed over expected events.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// O/E; 1 is as expected.
    pub value: f64,
    /// 95 % interval.
    pub interval: Interval,
}

/// What is known about one person, with everything needed to explain it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// What may be said.
    pub standing: Standing,
    /// Side of the expectation; meaningful from [`Standing::Watch`] on.
    pub direction: Direction,
    /// (O−E)/√V, positive is worse.
    pub z: f64,
    /// The same with ordinary spread between colleagues added.
    pub z_overdispersed: f64,
    /// Log odds ratio against the colleagues, shrunk, positive is worse.
    pub effect: f64,
    /// 95 % interval of `effect`; a point when colleagues do not differ beyond chance.
    pub interval: Interval,
    /// Posterior probability that `effect` exceeds the practical difference in `direction`.
    pub probability_beyond: f64,
    /// Share of the spread that is real for this many contacts, in [0, 1].
    pub reliability: f64,
    /// O/E with its interval; `None` when nothing was expected.
    pub ratio: Option<Ratio>,
    /// Why the person is not named; empty exactly when they are.
    pub missing: Vec<Missing>,
}

/// Whether a person with so many contacts appears at all.
#[must_use]
pub fn appears(contacts: f64) -> bool {
    contacts >= count(MIN_CONTACTS)
}

/// Judges all members of a centre together, in their order.
///
/// Members below [`MIN_CONTACTS`] get a shrunk value from what their colleagues look like, and
/// influence nobody.
#[must_use]
pub fn stand(members: &[Member]) -> Vec<Assessment> {
    let rest: Vec<&Expected> = members
        .iter()
        .filter(|member| appears(member.expected.trials))
        .map(|member| &member.expected)
        .collect();
    let plot = funnel_of(&rest);
    let (estimates, errors): (Vec<f64>, Vec<f64>) =
        rest.iter().map(|expected| expected.log_odds().unwrap_or((f64::NAN, f64::NAN))).unzip();
    let shrunk = empirical_bayes(&estimates, &errors);
    let mut centre =
        CentrePrior { funnel_tau2: plot.tau2, tau2: shrunk.tau2, mean: shrunk.mean, worse: 0.0, better: 0.0 };
    let z: Vec<f64> = plot.units.iter().map(|unit| unit.z_overdispersed).collect();
    centre.worse = critical(&z);
    centre.better = critical(&z.iter().map(|z| -z).collect::<Vec<_>>());
    members.iter().map(|member| centre.verdict(member)).collect()
}

/// Smallest z that is a discovery; infinite when there is none.
fn critical(z: &[f64]) -> f64 {
    let p: Vec<f64> = z.iter().map(|z| normal_upper(*z)).collect();
    let hits = benjamini_hochberg(&p, FALSE_DISCOVERY_RATE);
    z.iter().zip(hits).filter(|(_, hit)| *hit).map(|(z, _)| *z).fold(f64::INFINITY, f64::min)
}

/// What may be said about somebody who is compared and not named.
fn outside(z_overdispersed: f64) -> Standing {
    match z_overdispersed.abs() {
        z if z > Z_998 => Standing::Investigate,
        z if z > Z_95 => Standing::Watch,
        _ => Standing::AsExpected,
    }
}

/// What all members have in common.
struct CentrePrior {
    /// Between-unit variance of the funnel, from winsorised z: what colleagues ordinarily differ
    /// by.
    funnel_tau2: f64,
    /// Between-unit variance with the outliers in: what is known about any colleague beforehand.
    tau2: f64,
    mean: f64,
    worse: f64,
    better: f64,
}

impl CentrePrior {
    fn verdict(&self, member: &Member) -> Assessment {
        let Expected { observed, expected, trials, .. } = member.expected;
        let direction = if observed > expected { Direction::Worse } else { Direction::Better };
        let estimate = member.expected.log_odds();
        let (z, z_overdispersed) = estimate.map_or((0.0, 0.0), |(value, error)| {
            (value / error, value / error.hypot(self.funnel_tau2.sqrt()))
        });
        let ShrunkEstimate { mean: effect, sd, reliability } = self.shrink(estimate);
        let towards = if direction == Direction::Worse { effect } else { -effect };
        let probability_beyond = exceeds(towards, sd, PRACTICAL_DIFFERENCE);
        let discovered = z_overdispersed >= self.worse || -z_overdispersed >= self.better;
        let compared = trials >= count(STAFF_COMPARE);
        let conditions = [
            (appears(trials), Missing::Contacts),
            (compared, Missing::Comparison),
            (discovered, Missing::Discovery),
            (probability_beyond >= PROBABILITY_BEYOND, Missing::PracticalDifference),
            (member.confirmed >= MIN_CONFIRMED, Missing::Confirmation),
        ];
        let missing: Vec<Missing> =
            conditions.into_iter().filter(|(met, _)| !met).map(|(_, what)| what).collect();
        let standing = if !appears(trials) {
            Standing::NotEnoughData { contacts: trials, needed: count(MIN_CONTACTS) }
        } else if missing.is_empty() {
            Standing::Named
        } else if compared {
            outside(z_overdispersed)
        } else if z_overdispersed.abs() > Z_95 {
            Standing::Watch
        } else {
            Standing::AsExpected
        };
        let interval = Interval::around(effect, sd, Z_95);
        Assessment {
            standing,
            direction,
            z,
            z_overdispersed,
            effect,
            interval,
            probability_beyond,
            reliability,
            ratio: ratio(&member.expected),
            missing,
        }
    }

    /// As in [`empirical_bayes`] for a unit that was not part of it.
    fn shrink(&self, estimate: Option<(f64, f64)>) -> ShrunkEstimate {
        let Some((value, error)) = estimate else {
            return ShrunkEstimate { mean: self.mean, sd: self.tau2.sqrt(), reliability: 0.0 };
        };
        let reliability = self.tau2 / (self.tau2 + error * error);
        ShrunkEstimate {
            mean: self.mean + reliability * (value - self.mean),
            sd: reliability.sqrt() * error,
            reliability,
        }
    }
}

/// What is believed of one unit after a look at all of them.
struct ShrunkEstimate {
    mean: f64,
    sd: f64,
    reliability: f64,
}

/// O/E with Byar's interval (Breslow & Day 1987, vol. II, 2.3), which is within a percent of the
/// exact Poisson one from one event.
///
/// A contact has the event at most once, so the count varies less than a Poisson one, by V/E. Both
/// counts are divided by that factor before Byar's formula; for rare events it is 1, for frequent
/// ones it keeps the interval from being half again as wide as the data. The upper end is at most
/// every contact having the event.
#[must_use]
pub fn ratio(member: &Expected) -> Option<Ratio> {
    let Expected { observed, expected, variance, trials } = *member;
    if !(expected > 0.0 && variance > 0.0) {
        return None;
    }
    let (count, base) = (observed * expected / variance, expected * expected / variance);
    let low = if observed > 0.0 { byar(count, -Z_95) / base } else { 0.0 };
    let high = (byar(count + 1.0, Z_95) / base).min(trials / expected);
    let value = observed / expected;
    Some(Ratio { value, interval: Interval { low, high: high.max(value) } })
}

/// Byar's approximation of a limit of a Poisson count.
fn byar(n: f64, z: f64) -> f64 {
    n * (1.0 - 1.0 / (9.0 * n) + z / (3.0 * n.sqrt())).max(0.0).powi(3)
}
