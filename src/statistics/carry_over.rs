//! S11 carry-over (mood spill-over): is an agent's opening tone lower after a hostile contact?
//!
//! `S_i = α_agent-day + σ_script + κ · X_{i−1} · e^{−gap/τ} + λ · X_{i+1} · e^{−gap/τ} + ε`, where `S` is the valence of the
//! agent's first two non-template turns and `X` the exposure of a contact. κ is the carry-over. λ is a placebo: the *next*
//! customer cannot have changed this opening, so λ ≠ 0 says that a shared shock or the routing moves both, and then κ is
//! not shown either.
//!
//! Each agent-day is centred on its own mean, so a good agent or a bad day does not enter, and so is every script, for a
//! complaint is opened in other words than an offer and often stands beside another complaint. Errors are clustered by day.
//! The sums are additive: a quarter is the sum of its weeks, a team the sum of its agents. The mean of a script is
//! therefore the agent's own of one week; one of the centre was rejected: it would need every contact read twice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::distribution::Interval;
use super::minimum::{Signal, TooFew, enough};
use super::panel::{Moments, Panel};
use super::t_test::{critical, two_sided};
use super::{FitError, count};

/// Minutes after which a past contact weighs 1/e. Fixed in advance: an estimated τ would be fitted to noise at the size of
/// one agent, and a searched τ makes the p-value wrong.
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
    /// Customer hostility in this contact: `Σ max(−valence, 0)` over the customer's turns, weighted with shares of words; 0 or
    /// more.
    pub exposure: f64,
    /// Valence of the agent's first two non-template turns; `None` when there is none to score.
    pub opening: Option<f64>,
    /// Which script the opening follows, any number of its own.
    pub script: u64,
}

/// Sums of one or many weeks of an agent.
#[derive(Clone, Serialize, Deserialize)]
pub struct CarryOver {
    panel: Panel<2>,
    contacts: usize,
    /// Degrees of freedom that the means of the scripts took.
    absorbed: usize,
}

/// What the sums say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// κ: change of the opening valence after one unit of undecayed exposure. Negative = the opening is lower.
    pub carry_over: f64,
    /// Day-clustered standard error of κ.
    pub error: f64,
    /// 95 % interval of κ, Student's t with days − 1 degrees of freedom.
    pub interval: Interval,
    /// Two-sided p-value of κ = 0.
    pub p: f64,
    /// Two-sided p-value of the placebo λ = 0; here always at or above [`PLACEBO_LEVEL`].
    pub placebo_p: f64,
    /// Agent-days that contributed.
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
    /// The exposures do not vary within days, so nothing can be estimated.
    #[error("the exposures do not vary within the days")]
    NoVariation,
}

/// A row of the regression: decayed exposure before, decayed exposure after, opening.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    columns: [f64; 3],
    script: u64,
}

/// The rows of a day.
///
/// Only contacts with a neighbour on both sides give a row. The first contact of a day was rejected although its
/// carry-over is zero by definition: the fresh start of a shift would then be compared with the rest of it.
/// `contacts` are in order of `start`; an overlap (two chats at once) counts as a gap of 0.
fn day_rows(contacts: &[DayContact]) -> Vec<Row> {
    let decayed = |exposure: f64, gap: f64| exposure * (-gap.max(0.0) / DECAY_MINUTES).exp();
    contacts
        .windows(3)
        .filter_map(|window| match window {
            [before, own, after] => {
                let opening = own.opening?;
                let past = decayed(before.exposure, own.start - before.end);
                let future = decayed(after.exposure, after.start - own.end);
                let columns = [past, future, opening];
                let known = columns.iter().all(|value| value.is_finite());
                known.then_some(Row { columns, script: own.script })
            }
            _ => None,
        })
        .collect()
}

/// Takes the means of scripts and of days out of a week's rows; how many scripts there were.
///
/// The two overlap, so they are taken out in turns until nothing of a script is left (von Neumann's alternating projections,
/// which converge to the regression on both).
fn without_scripts(days: &mut [Vec<Row>]) -> usize {
    let mut means: BTreeMap<u64, (f64, [f64; 3])> = BTreeMap::new();
    for _ in 0..MOST_TURNS {
        days.iter_mut().for_each(|day| centre(day));
        means.clear();
        for row in days.iter().flatten() {
            let (n, sums) = means.entry(row.script).or_default();
            *n += 1.0;
            sums.iter_mut().zip(row.columns).for_each(|(sum, value)| *sum += value);
        }
        for (n, sums) in means.values_mut() {
            sums.iter_mut().for_each(|sum| *sum /= *n);
        }
        if means.values().flat_map(|(_, sums)| sums).all(|mean| mean.abs() < SMALL) {
            break;
        }
        for row in days.iter_mut().flatten() {
            let mean = means.get(&row.script).map_or([0.0; 3], |(_, mean)| *mean);
            row.columns.iter_mut().zip(mean).for_each(|(value, mean)| *value -= mean);
        }
    }
    means.len()
}

/// Takes the mean out of a day's rows.
fn centre(day: &mut [Row]) {
    for at in 0..3 {
        let column = || day.iter().filter_map(|row| row.columns.get(at));
        let mean = column().sum::<f64>() / count(day.len()).max(1.0);
        day.iter_mut().filter_map(|row| row.columns.get_mut(at)).for_each(|value| *value -= mean);
    }
}

impl Default for CarryOver {
    fn default() -> Self {
        Self::new()
    }
}

impl CarryOver {
    /// No day yet.
    #[must_use]
    pub fn new() -> Self {
        Self { panel: Panel::default(), contacts: 0, absorbed: 0 }
    }

    /// Adds one week of an agent day by day, contacts in order of start. A day without two usable rows adds nothing.
    pub fn add_week(&mut self, days: &[Vec<DayContact>]) {
        let usable = days.iter().map(|day| (day.len(), day_rows(day))).filter(|(_, rows)| rows.len() > 1);
        let (contacts, mut rows): (Vec<usize>, Vec<Vec<Row>>) = usable.unzip();
        self.absorbed += without_scripts(&mut rows).saturating_sub(1);
        self.contacts += contacts.iter().sum::<usize>();
        for day in &rows {
            let row = |row: &Row| {
                let [past, future, opening] = row.columns;
                ([past, future], opening)
            };
            if let Some(moments) = Moments::of(&day.iter().map(row).collect::<Vec<_>>()) {
                self.panel.add(&moments);
            }
        }
    }

    /// Adds the weeks of another sum (another month, another agent of the team).
    pub fn merge(&mut self, other: &Self) {
        self.panel.merge(&other.panel);
        self.contacts += other.contacts;
        self.absorbed += other.absorbed;
    }

    /// Contacts in the days added so far.
    #[must_use]
    pub fn contacts(&self) -> usize {
        self.contacts
    }

    /// Agent-days added so far.
    #[must_use]
    pub fn days(&self) -> usize {
        self.panel.contacts()
    }

    /// The placebo alone: (λ, two-sided p). Used to validate the hiding rule.
    ///
    /// # Errors
    /// [`NotShown::NoVariation`] when the sums are singular.
    pub fn placebo(&self) -> Result<(f64, f64), NotShown> {
        let fit = self.fit()?;
        Ok((fit.lead, two_sided(fit.lead, fit.lead_error, self.panel.contacts())))
    }

    /// The effect, or the reason for not showing one.
    ///
    /// # Errors
    /// [`NotShown`]: too few contacts, a placebo that rejects, or exposures that do not vary.
    pub fn effect(&self) -> Result<Effect, NotShown> {
        enough(Signal::CarryOver, self.contacts)?;
        let fit = self.fit()?;
        let days = self.panel.contacts();
        let placebo_p = two_sided(fit.lead, fit.lead_error, days);
        if placebo_p < PLACEBO_LEVEL {
            return Err(NotShown::Placebo { placebo_p });
        }
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

    // Past and future are fitted together: within a centred day their exposures are negatively related, and the placebo
    // alone would inherit a part of a true carry-over.
    fn fit(&self) -> Result<Joint, NotShown> {
        let fit = self.panel.fit(&[0, 1], &[0.0, 0.0]).map_err(|_: FitError| NotShown::NoVariation)?;
        // What the scripts' means took is missing in the residuals, which the errors are made of.
        let within = count(self.panel.rows()) - count(self.panel.contacts());
        let left = within - count(self.absorbed);
        if left < 1.0 {
            return Err(NotShown::NoVariation);
        }
        let wider = (within / left).sqrt();
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
mod tests {
    use super::*;
    use crate::statistics::resample::generator;
    use rand::Rng;

    /// A day of 25 contacts of five minutes, two minutes apart; `kappa` acts on the next opening, `shock` on the whole day
    /// half by half (outage in the afternoon: hostile customers and a low tone together).
    fn day(rng: &mut impl Rng, kappa: f64, shock: f64) -> Vec<DayContact> {
        let mut last = 0.0;
        (0..25)
            .map(|i| {
                let outage = if i >= 12 { shock } else { 0.0 };
                let exposure: f64 = rng.random::<f64>() + outage;
                let noise: f64 = rng.random::<f64>() - 0.5;
                let opening = kappa * last * (-0.2_f64).exp() + noise - outage;
                last = exposure;
                let start = 7.0 * f64::from(i);
                DayContact { start, end: start + 5.0, exposure, opening: Some(opening), script: 0 }
            })
            .collect()
    }

    fn quarter(kappa: f64, shock: f64) -> CarryOver {
        let mut rng = generator(3, &[11]);
        let mut sums = CarryOver::new();
        (0..60).for_each(|_| sums.add_week(&[day(&mut rng, kappa, shock)]));
        sums
    }

    #[test]
    fn a_lower_opening_after_hostile_contacts_is_found_with_its_size() {
        let effect = quarter(-0.3, 0.0).effect().unwrap();
        assert!((effect.carry_over + 0.3).abs() < 0.06, "{effect:?}");
        assert!(effect.p < 1e-6 && effect.interval.high < 0.0);
        assert_eq!((effect.days, effect.contacts), (60, 1500));
    }

    #[test]
    fn an_outage_that_moves_both_sides_is_caught_by_the_next_customer_and_nothing_is_shown() {
        let outcome = quarter(0.0, 0.6).effect();
        assert!(matches!(outcome, Err(NotShown::Placebo { placebo_p }) if placebo_p < 1e-6), "{outcome:?}");
    }

    #[test]
    fn a_quarter_is_the_sum_of_its_months_and_a_week_is_too_short() {
        let mut rng = generator(4, &[]);
        let days: Vec<_> = (0..30).map(|_| day(&mut rng, -0.2, 0.0)).collect();
        let (mut whole, mut first, mut second) = (CarryOver::new(), CarryOver::new(), CarryOver::new());
        let weeks: Vec<&[Vec<DayContact>]> = days.chunks(5).collect();
        weeks.iter().for_each(|week| whole.add_week(week));
        weeks.iter().take(2).for_each(|week| first.add_week(week));
        weeks.iter().skip(2).for_each(|week| second.add_week(week));
        assert_eq!(first.effect(), Err(NotShown::TooFew(TooFew { needed: 500, have: 250 })));
        first.merge(&second);
        let (a, b) = (whole.effect().unwrap(), first.effect().unwrap());
        assert!((a.carry_over - b.carry_over).abs() < 1e-10 && (a.error - b.error).abs() < 1e-10);
    }

    #[test]
    fn an_hour_of_lunch_leaves_almost_nothing_to_carry_over() {
        let contact =
            |start: f64| DayContact { start, end: start + 5.0, exposure: 1.0, opening: Some(0.0), script: 0 };
        let rows = day_rows(&[contact(0.0), contact(65.0), contact(71.0)]);
        assert!((rows[0].columns[0] - (-6.0_f64).exp()).abs() < 1e-12);
        assert!((rows[0].columns[1] - (-0.1_f64).exp()).abs() < 1e-12);
    }

    /// A quarter in which complaints come in runs, are hostile, and are opened in a lower tone because the script says so.
    fn runs(kappa: f64, known: bool) -> CarryOver {
        let mut rng = generator(5, &[3]);
        let mut sums = CarryOver::new();
        for _ in 0..12 {
            let week: Vec<Vec<DayContact>> = (0..5)
                .map(|_| {
                    let mut complaint = false;
                    let mut day = day(&mut rng, 0.0, 0.0);
                    let mut last = 0.0;
                    for contact in &mut day {
                        complaint = if rng.random::<f64>() < 0.3 { !complaint } else { complaint };
                        let (hostile, tone) = if complaint { (0.8, -0.4) } else { (0.0, 0.0) };
                        contact.exposure += hostile;
                        contact.opening =
                            contact.opening.map(|own| own + tone + kappa * last * (-0.2_f64).exp());
                        contact.script = u64::from(complaint && known);
                        last = contact.exposure;
                    }
                    day
                })
                .collect();
            sums.add_week(&week);
        }
        sums
    }

    #[test]
    fn complaints_that_follow_each_other_and_have_a_script_of_their_own_are_no_carry_over() {
        assert!(matches!(runs(0.0, false).effect(), Err(NotShown::Placebo { .. })));
        let none = runs(0.0, true).effect().unwrap();
        assert!(none.interval.low < 0.0 && none.interval.high > 0.0, "{none:?}");
        let some = runs(-0.3, true).effect().unwrap();
        assert!((some.carry_over + 0.3).abs() < 0.06 && some.interval.high < 0.0, "{some:?}");
    }

    #[test]
    fn the_means_of_scripts_are_what_a_regression_on_them_gives() {
        // One day of two scripts: taking out both means equals taking out each script's own.
        let row = |script, columns| Row { columns, script };
        let mut days = vec![
            vec![row(1, [1.0, 0.0, 2.0]), row(1, [3.0, 1.0, 1.0]), row(2, [0.0, 5.0, 4.0])],
            vec![row(2, [2.0, 2.0, 0.0]), row(1, [1.0, 1.0, 1.0]), row(2, [4.0, 0.0, 3.0])],
        ];
        assert_eq!(without_scripts(&mut days), 2);
        for at in 0..3 {
            let sum = |of: &dyn Fn(usize, &Row) -> bool| -> f64 {
                let rows =
                    days.iter().enumerate().flat_map(|(day, rows)| rows.iter().map(move |row| (day, row)));
                rows.filter(|(day, row)| of(*day, row)).map(|(_, row)| row.columns[at]).sum()
            };
            assert!(sum(&|day, _| day == 0).abs() < 1e-9 && sum(&|day, _| day == 1).abs() < 1e-9);
            assert!(
                sum(&|_, row| row.script == 1).abs() < 1e-9 && sum(&|_, row| row.script == 2).abs() < 1e-9
            );
        }
    }
}
