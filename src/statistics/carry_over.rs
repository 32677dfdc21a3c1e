//! S11 carry-over (mood spill-over): is an agent's opening tone lower after a hostile contact?
//!
//! `S_i = α_agent-day + κ · X_{i−1} · e^{−gap/τ} + λ · X_{i+1} · e^{−gap/τ} + ε`, where `S` is the residual valence of the
//! agent's first two non-template turns and `X` the exposure of a contact. κ is the carry-over. λ is a placebo: the *next*
//! customer cannot have changed this opening, so λ ≠ 0 says that a shared shock or the routing moves both, and then κ is
//! not shown either.
//!
//! Each agent-day is centred on its own mean, so a good agent or a bad day does not enter; errors are clustered by day.
//! The sums are additive: a quarter is the sum of its days, a team the sum of its agents.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::FitError;
use super::distribution::Interval;
use super::minimum::{Signal, TooFew, enough};
use super::panel::{Moments, Panel};
use super::t_test::{critical, two_sided};

/// Minutes after which a past contact weighs 1/e. Fixed in advance: an estimated τ would be fitted to noise at the size of
/// one agent, and a searched τ makes the p-value wrong.
pub const DECAY_MINUTES: f64 = 10.0;

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
    /// Residual valence of the agent's first two non-template turns; `None` when there is none to score.
    pub opening: Option<f64>,
}

/// Sums of one or many agent-days.
#[derive(Clone, Serialize, Deserialize)]
pub struct CarryOver {
    panel: Panel<2>,
    contacts: usize,
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

/// The regression rows of a day: ([decayed exposure before, decayed exposure after], opening).
///
/// Only contacts with a neighbour on both sides give a row. The first contact of a day was rejected although its
/// carry-over is zero by definition: the fresh start of a shift would then be compared with the rest of it.
/// `contacts` are in order of `start`; an overlap (two chats at once) counts as a gap of 0.
#[must_use]
pub fn day_rows(contacts: &[DayContact]) -> Vec<([f64; 2], f64)> {
    let decayed = |exposure: f64, gap: f64| exposure * (-gap.max(0.0) / DECAY_MINUTES).exp();
    contacts
        .windows(3)
        .filter_map(|window| match window {
            [before, own, after] => {
                let opening = own.opening.filter(|value| value.is_finite())?;
                let past = decayed(before.exposure, own.start - before.end);
                let future = decayed(after.exposure, after.start - own.end);
                (past.is_finite() && future.is_finite()).then_some(([past, future], opening))
            }
            _ => None,
        })
        .collect()
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
        Self { panel: Panel::default(), contacts: 0 }
    }

    /// Adds one agent-day, contacts in order of start. A day without two usable rows adds nothing.
    pub fn add_day(&mut self, contacts: &[DayContact]) {
        if let Some(moments) = Moments::of(&day_rows(contacts)) {
            self.panel.add(&moments);
            self.contacts += contacts.len();
        }
    }

    /// Adds the days of another sum (another month, another agent of the team).
    pub fn merge(&mut self, other: &Self) {
        self.panel.merge(&other.panel);
        self.contacts += other.contacts;
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
        match (fit.coefficients.as_slice(), fit.errors.as_slice()) {
            ([carry_over, lead], [error, lead_error]) if *error > 0.0 && *lead_error > 0.0 => {
                Ok(Joint { carry_over: *carry_over, error: *error, lead: *lead, lead_error: *lead_error })
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
                DayContact { start, end: start + 5.0, exposure, opening: Some(opening) }
            })
            .collect()
    }

    fn quarter(kappa: f64, shock: f64) -> CarryOver {
        let mut rng = generator(3, &[11]);
        let mut sums = CarryOver::new();
        (0..60).for_each(|_| sums.add_day(&day(&mut rng, kappa, shock)));
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
        for day in &days {
            whole.add_day(day);
        }
        days.iter().take(10).for_each(|day| first.add_day(day));
        days.iter().skip(10).for_each(|day| second.add_day(day));
        assert_eq!(first.effect(), Err(NotShown::TooFew(TooFew { needed: 500, have: 250 })));
        first.merge(&second);
        let (a, b) = (whole.effect().unwrap(), first.effect().unwrap());
        assert!((a.carry_over - b.carry_over).abs() < 1e-10 && (a.error - b.error).abs() < 1e-10);
    }

    #[test]
    fn an_hour_of_lunch_leaves_almost_nothing_to_carry_over() {
        let contact = |start: f64| DayContact { start, end: start + 5.0, exposure: 1.0, opening: Some(0.0) };
        let rows = day_rows(&[contact(0.0), contact(65.0), contact(71.0)]);
        assert!((rows[0].0[0] - (-6.0_f64).exp()).abs() < 1e-12);
        assert!((rows[0].0[1] - (-0.1_f64).exp()).abs() < 1e-12);
    }
}
