//! S11 carry-over (mood spill-over): is an agent's opening tone lower after a hostile contact?
//!
//! `S_i = α_agent-day + σ_script + κ · X_{i−1} · e^{−gap/τ} + λ · X_{i+1} · e^{−gap/τ} + ε`, where
//! `S` is the valence of the agent's first two non-template turns and `X` the exposure of a
//! contact. κ is the carry-over. λ is a placebo: the *next* customer cannot have changed this
//! opening, so λ ≠ 0 says that a shared shock or the routing moves both, and then κ is not shown
//! either.
//!
//! Each agent-day is centred on its own mean, so a good agent or a bad day does not enter, and so
//! is every script, for a complaint is opened in other words than an offer and often stands beside
//! another complaint. Errors are clustered by calendar day, whoever worked on it. The sums are
//! additive: a quarter is the sum of its weeks, a team the sum of its agents. The mean of a script
//! is therefore the agent's own of one week; one of the centre was rejected: it would need every
//! contact read twice.

use std::collections::{BTreeMap, BTreeSet};

use nalgebra::{SMatrix, SVector};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::distribution::Interval;
use super::minimum::{Minimum, TooFew, enough};
use super::panel::{Moments, Panel};
use super::t_test::{critical, two_sided};
use super::{FitError, as_good_as, count, whole};

/// Minutes after which a past contact weighs 1/e. Fixed in advance: an estimated τ would be fitted
/// to noise at the size of one agent, and a searched τ makes the p-value wrong.
pub const DECAY_MINUTES: f64 = 10.0;

/// Turns in which the means of scripts and days are taken out; a week needs a few dozen at most.
const MOST_TURNS: usize = 1_000;

/// A mean of valences that is zero but for rounding.
const SMALL: f64 = 1e-10;

/// The placebo hides the result below this p-value.
pub const PLACEBO_LEVEL: f64 = 0.05;

/// One contact in an agent's day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayContact {
    /// Start in minutes, any common origin.
    pub start: f64,
    /// End in minutes, same origin.
    pub end: f64,
    /// Customer hostility in this contact: `Σ max(−valence, 0)` over the customer's turns, weighted
    /// with shares of words; 0 or more.
    pub exposure: f64,
    /// Valence of the agent's first two non-template turns; `None` when there is none to score.
    pub opening: Option<f64>,
    /// Which script the opening follows, any number of its own.
    pub script: u64,
}

/// Sums of one or many weeks of an agent, or of several agents.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct CarryOver {
    /// By calendar day: agents who share an hour share its shocks, and stand in one cluster.
    days: BTreeMap<i64, Day>,
    contacts: usize,
    /// Degrees of freedom that the means of agent-days and of scripts took.
    absorbed: usize,
}

/// Place of the squares of the decayed exposure before among the sums of a day, and of that after.
const PAST: usize = 1;
const FUTURE: usize = 3;

/// Sums of a day's rows, all means taken out.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(from = "[f64; 7]", into = "[f64; 7]")]
struct Day([f64; 7]);

impl From<[f64; 7]> for Day {
    fn from(sums: [f64; 7]) -> Self {
        Self(sums)
    }
}

impl From<Day> for [f64; 7] {
    fn from(Day(sums): Day) -> Self {
        sums
    }
}

impl Day {
    fn take(&mut self, [past, future, opening]: [f64; 3]) {
        self.merge(&Self([
            1.0,
            past * past,
            past * future,
            future * future,
            past * opening,
            future * opening,
            opening * opening,
        ]));
    }

    fn merge(&mut self, Self(more): &Self) {
        self.0.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
    }

    fn moments(&self) -> Moments<2> {
        let Self([rows, past, both, future, past_opening, future_opening, opening]) = *self;
        Moments {
            rows: whole(rows),
            xx: SMatrix::from([[past, both], [both, future]]),
            xy: SVector::from([past_opening, future_opening]),
            yy: opening,
        }
    }
}

/// What the sums say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// κ: change of the opening valence after one unit of undecayed exposure. Negative = the
    /// opening is lower.
    pub carry_over: f64,
    /// Day-clustered standard error of κ.
    pub error: f64,
    /// 95 % interval of κ, Student's t with `days` − 1 degrees of freedom.
    pub interval: Interval,
    /// Two-sided p-value of κ = 0.
    pub p: f64,
    /// Two-sided p-value of the placebo λ = 0; here always at or above [`PLACEBO_LEVEL`].
    pub placebo_p: f64,
    /// Effective number of days: how many days of equal exposure would carry as much information.
    pub days: usize,
    /// Contacts seen in those days.
    pub contacts: usize,
}

/// Why no effect is shown.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum NotShown {
    /// Below the minimum of S11.
    #[error(transparent)]
    TooFew(#[from] TooFew),
    /// The next customer "explains" this opening: a shared shock or the routing, not carry-over.
    #[error("the placebo (the next customer's exposure) rejects, p = {placebo_p:.3}")]
    Placebo {
        /// Two-sided p-value of the placebo.
        placebo_p: f64,
    },
    /// The exposures do not vary within days, or only within a few: between contacts that are hours
    /// apart nothing is left to be carried over, and what little there is stands in single rows.
    #[error("the exposures vary within too few days")]
    NoVariation,
}

/// A row of the regression: decayed exposure before, decayed exposure after, opening.
#[derive(Debug, Clone, Copy, PartialEq)]
struct ExposureRow {
    columns: [f64; 3],
    script: u64,
}

/// The rows of a day.
///
/// Only contacts with a neighbour on both sides give a row. The first contact of a day was rejected
/// although its carry-over is zero by definition: the fresh start of a shift would then be compared
/// with the rest of it. `contacts` are in order of `start`; an overlap (two chats at once) counts
/// as a gap of 0.
fn day_rows(contacts: &[DayContact]) -> Vec<ExposureRow> {
    contacts
        .windows(3)
        .filter_map(|window| match window {
            [before, own, after] => {
                let opening = own.opening?;
                let past = decayed(before.exposure, own.start - before.end);
                let future = decayed(after.exposure, after.start - own.end);
                let columns = [past, future, opening];
                let known = columns.iter().all(|value| value.is_finite());
                known.then_some(ExposureRow { columns, script: own.script })
            }
            _ => None,
        })
        .collect()
}

/// What is left of an exposure after so many minutes.
fn decayed(exposure: f64, minutes: f64) -> f64 {
    exposure * (-minutes.max(0.0) / DECAY_MINUTES).exp()
}

/// Takes the means of scripts and of days out of a week's rows; how many scripts have a mean that
/// the days do not have already.
///
/// The two overlap, so they are taken out in turns until nothing of a script is left (von Neumann's
/// alternating projections, which converge to the regression on both).
fn without_scripts(days: &mut [Vec<ExposureRow>]) -> usize {
    let mut means: BTreeMap<u64, (f64, [f64; 3])> = BTreeMap::new();
    for _ in 0..MOST_TURNS {
        for day in days.iter_mut() {
            centre(day);
        }
        means.clear();
        for row in days.iter().flatten() {
            let (n, sums) = means.entry(row.script).or_default();
            *n += 1.0;
            sums.iter_mut().zip(row.columns).for_each(|(sum, value)| *sum += value);
        }
        for (n, sums) in means.values_mut() {
            for sum in sums.iter_mut() {
                *sum /= *n;
            }
        }
        if means.values().flat_map(|(_, sums)| sums).all(|mean| mean.abs() < SMALL) {
            break;
        }
        for row in days.iter_mut().flatten() {
            let mean = means.get(&row.script).map_or([0.0; 3], |(_, mean)| *mean);
            row.columns.iter_mut().zip(mean).for_each(|(value, mean)| *value -= mean);
        }
    }
    means.len() - groups(days)
}

/// Groups of days and scripts that have no script in common: in each, one script is told by the
/// days.
fn groups(days: &[Vec<ExposureRow>]) -> usize {
    let mut groups: Vec<BTreeSet<u64>> = Vec::new();
    for day in days.iter().filter(|day| !day.is_empty()) {
        let mut joined: BTreeSet<u64> = day.iter().map(|row| row.script).collect();
        groups.retain(|group| {
            let apart = group.is_disjoint(&joined);
            if !apart {
                joined.extend(group);
            }
            apart
        });
        groups.push(joined);
    }
    groups.len()
}

/// Takes the mean out of a day's rows.
fn centre(day: &mut [ExposureRow]) {
    for at in 0..3 {
        let column = || day.iter().filter_map(|row| row.columns.get(at));
        let mean = column().sum::<f64>() / count(day.len()).max(1.0);
        day.iter_mut().filter_map(|row| row.columns.get_mut(at)).for_each(|value| *value -= mean);
    }
}

impl CarryOver {
    /// No day yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one week of an agent by calendar day, contacts in order of start. A day without two
    /// usable rows adds nothing.
    pub fn add_week(&mut self, days: &[(i64, Vec<DayContact>)]) {
        let usable = days.iter().map(|(day, contacts)| ((*day, contacts.len()), day_rows(contacts)));
        let (keys, mut rows): (Vec<(i64, usize)>, Vec<Vec<ExposureRow>>) =
            usable.filter(|(_, rows)| rows.len() > 1).unzip();
        self.absorbed += without_scripts(&mut rows) + rows.len();
        for ((day, contacts), rows) in keys.into_iter().zip(rows) {
            self.contacts += contacts;
            let sums = self.days.entry(day).or_default();
            for row in rows {
                sums.take(row.columns);
            }
        }
    }

    /// Adds the weeks of another sum (another month, another agent of the team).
    pub fn merge(&mut self, other: &Self) {
        for (day, sums) in &other.days {
            self.days.entry(*day).or_default().merge(sums);
        }
        self.contacts += other.contacts;
        self.absorbed += other.absorbed;
    }

    /// Contacts in the days added so far.
    #[must_use]
    pub fn contacts(&self) -> usize {
        self.contacts
    }

    /// The placebo alone: (λ, two-sided p). Used to validate the hiding rule.
    ///
    /// # Errors
    /// [`NotShown::NoVariation`] when the sums are singular.
    pub fn placebo(&self) -> Result<(f64, f64), NotShown> {
        let fit = self.fit()?;
        Ok((fit.lead, two_sided(fit.lead, fit.lead_error, self.days_of(FUTURE))))
    }

    /// The effect, or the reason for not showing one.
    ///
    /// # Errors
    /// [`NotShown`]: too few contacts, a placebo that rejects, or exposures that do not vary.
    pub fn effect(&self) -> Result<Effect, NotShown> {
        enough(Minimum::CarryOver, self.contacts)?;
        let fit = self.fit()?;
        let placebo_p = two_sided(fit.lead, fit.lead_error, self.days_of(FUTURE));
        if placebo_p < PLACEBO_LEVEL {
            return Err(NotShown::Placebo { placebo_p });
        }
        let days = self.days_of(PAST);
        let half = critical(0.95, days) * fit.error;
        Ok(Effect {
            carry_over: fit.carry_over,
            error: fit.error,
            interval: Interval { low: fit.carry_over - half, high: fit.carry_over + half },
            p: two_sided(fit.carry_over, fit.error, days),
            placebo_p,
            days,
            contacts: self.contacts,
        })
    }

    /// What these sums know of the carry-over: the sum of squares of the decayed exposures before.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.days.values().filter_map(|Day(sums)| sums.get(PAST)).sum()
    }

    /// Effective number of days: how many with equal sums of squares would carry as much. They are the clusters that
    /// count, and the degrees of freedom.
    fn days_of(&self, column: usize) -> usize {
        as_good_as(self.days.values().filter_map(|Day(sums)| sums.get(column).copied()))
    }

    // Past and future are fitted together: within a centred day their exposures are negatively
    // related, and the placebo alone would inherit a part of a true carry-over.
    fn fit(&self) -> Result<Joint, NotShown> {
        if [PAST, FUTURE].iter().any(|column| enough(Minimum::CarryOverDays, self.days_of(*column)).is_err())
        {
            return Err(NotShown::NoVariation);
        }
        let mut panel = Panel::default();
        self.days.values().for_each(|day| panel.add(&day.moments()));
        let fit = panel.fit(&[0, 1], &[0.0, 0.0]).map_err(|_: FitError| NotShown::NoVariation)?;
        // What the means took is missing in the residuals, which the errors are made of. One a day
        // is no news: the clusters are counted by the panel.
        let (rows, days) = (count(panel.rows()), count(self.days.len()));
        let left = rows - count(self.absorbed);
        if left < 1.0 {
            return Err(NotShown::NoVariation);
        }
        let wider = ((rows - days) / left).max(1.0).sqrt();
        match (fit.coefficients.as_slice(), fit.errors.as_slice()) {
            ([carry_over, lead], [error, lead_error]) if *error > 0.0 && *lead_error > 0.0 => {
                let (error, lead_error) = (error * wider, lead_error * wider);
                Ok(Joint { carry_over: *carry_over, error, lead: *lead, lead_error })
            }
            _ => Err(NotShown::NoVariation),
        }
    }
}

struct Joint {
    carry_over: f64,
    error: f64,
    lead: f64,
    lead_error: f64,
}

#[cfg(test)]
mod tests;
