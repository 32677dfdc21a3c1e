//! How the tone of staff and of customers moves together over many contacts (S6, S7, S8).
//!
//! Coefficients of regressions within contacts: what follows after what, with everything that is constant in a contact
//! taken out. They say nothing about one contact and nothing about why.

use serde::Serialize;

use crate::statistics::distribution::{Interval, Z_95};
use crate::statistics::minimum::{Signal, TooFew, enough};
use crate::statistics::panel::{Panel, error_variance};
use crate::statistics::shrinkage::{NAMED_RELIABILITY, empirical_bayes};

use super::sums::{Series, TONE};

/// A coefficient with its uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Branch {
    /// The coefficient: change of valence per unit of the regressor.
    pub value: f64,
    /// Lower end of the 95 % interval, clustered by contact.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Contacts behind it.
    pub contacts: usize,
    /// The correction by reliability was not possible: the value is too near to 0.
    pub attenuated: bool,
    /// Share of the spread between colleagues that is real for this many contacts, in [0, 1]; null for a queue or the centre.
    pub reliability: Option<f64>,
}

/// A figure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Shown {
    /// It may be shown.
    Estimate(Branch),
    /// The value is pulled towards colleagues, and too uncertain to tell people apart.
    Uncertain(Branch),
    /// Below the minimum.
    TooFew {
        /// Count from which it is shown.
        needed: usize,
        /// Count there is.
        have: usize,
    },
    /// The data do not determine it.
    NotEstimable,
}

impl From<TooFew> for Shown {
    fn from(TooFew { needed, have }: TooFew) -> Self {
        Self::TooFew { needed, have }
    }
}

/// All directions of one person, queue or centre.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Coupling {
    /// S6, β⁺: tone of staff after a pleasant turn of the customer. Above 0: pleasant turns are returned.
    pub compensation: Shown,
    /// S6, β⁻: with reversed sign the tone of staff after an unpleasant turn. Above 0: staff cool down after it; below 0:
    /// they become warmer.
    pub infection: Shown,
    /// S8: change of tone with every unpleasant turn of the customer before.
    pub wear_down: Shown,
    /// S7: the customer's next turn after the tone of staff.
    pub reciprocity: Shown,
    /// Cross-check of S6: valence on valence, corrected by the reliability of the scores.
    pub linear: Shown,
}

/// Reliability of the valence of a turn: the share of its variance that is not error of the model.
///
/// **Source**: squared correlation of the shipped model's valence with the labels of the test split, by role
/// (`models/train/reliability.py`). It is a calibration number of the model, to be measured anew for another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliability {
    /// Of turns of customers.
    pub customer: f64,
    /// Of turns of staff.
    pub agent: f64,
}

/// Places of the coefficients among the regressors of the tone.
const OWN: usize = 0;
const PLEASANT: usize = 1;
const UNPLEASANT: usize = 2;
const CUMULATED: usize = 3;
const PLACE: usize = 4;
const SQUARE: usize = 5;

/// The coefficients of one person, queue or centre by themselves.
#[must_use]
pub fn coupling(series: &Series, reliability: Reliability) -> Coupling {
    let tone = |which| coefficient(&series.tone, which);
    let contacts = series.tone.contacts();
    let errors = series.errors(reliability);
    let shown = |signal, have, of: Option<Branch>| match enough(signal, have) {
        Err(few) => few.into(),
        Ok(()) => of.map_or(Shown::NotEstimable, Shown::Estimate),
    };
    let negatives = whole(series.negative_turns);
    // What rests on unpleasant turns needs enough of them.
    let of_negatives = |which| match enough(Signal::InfectionNegativeTurns, negatives) {
        Err(few) => few.into(),
        Ok(()) => shown(Signal::Infection, contacts, tone(which)),
    };
    Coupling {
        compensation: shown(Signal::Compensation, contacts, tone(Coefficient::Compensation)),
        infection: of_negatives(Coefficient::Infection),
        wear_down: of_negatives(Coefficient::WearDown),
        reciprocity: shown(
            Signal::Reciprocity,
            series.reply.contacts(),
            raw(&series.reply, &[0, 1, 2, 3], 1, 1.0, &[0.0; 4]),
        ),
        linear: shown(Signal::Compensation, contacts, raw(&series.linear, &[0, 1, 2, 3], 1, 1.0, &errors)),
    }
}

/// Coefficients of the tone of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coefficient {
    /// β⁺.
    Compensation,
    /// β⁻.
    Infection,
    /// δ.
    WearDown,
}

/// One coefficient from the sums; `None` when the data do not determine it.
pub(super) fn coefficient(tone: &Panel<TONE>, which: Coefficient) -> Option<Branch> {
    let branches = [OWN, PLEASANT, UNPLEASANT, PLACE, SQUARE];
    let (keep, of, sign): (&[usize], usize, f64) = match which {
        Coefficient::Compensation => (&branches, PLEASANT, 1.0),
        Coefficient::Infection => (&branches, UNPLEASANT, -1.0),
        Coefficient::WearDown => (&[OWN, PLEASANT, UNPLEASANT, CUMULATED, PLACE, SQUARE], CUMULATED, 1.0),
    };
    raw(tone, keep, of, sign, &[0.0; TONE])
}

fn raw<const P: usize>(
    panel: &Panel<P>,
    keep: &[usize],
    of: usize,
    sign: f64,
    errors: &[f64; P],
) -> Option<Branch> {
    let fit = panel.fit(keep, errors).ok()?;
    let at = keep.iter().position(|one| *one == of)?;
    let (value, error) = (fit.coefficients.get(at)? * sign, *fit.errors.get(at)?);
    let Interval { low, high } = Interval::around(value, error, Z_95);
    Some(Branch { value, low, high, contacts: fit.contacts, attenuated: fit.attenuated, reliability: None })
}

/// The same for colleagues together: every coefficient is pulled towards the common mean by as much as it is noise.
#[must_use]
pub fn colleagues(all: &[&Series], reliability: Reliability) -> Vec<Coupling> {
    let mut couplings: Vec<Coupling> = all.iter().map(|series| coupling(series, reliability)).collect();
    shrink(&mut couplings, |coupling| &mut coupling.compensation);
    shrink(&mut couplings, |coupling| &mut coupling.infection);
    shrink(&mut couplings, |coupling| &mut coupling.wear_down);
    shrink(&mut couplings, |coupling| &mut coupling.reciprocity);
    shrink(&mut couplings, |coupling| &mut coupling.linear);
    couplings
}

fn shrink(couplings: &mut [Coupling], of: fn(&mut Coupling) -> &mut Shown) {
    let mut branches: Vec<&mut Shown> =
        couplings.iter_mut().map(of).filter(|shown| matches!(shown, Shown::Estimate(_))).collect();
    let estimates: Vec<(f64, f64)> = branches
        .iter()
        .filter_map(|shown| match shown {
            Shown::Estimate(Branch { value, low, high, .. }) => Some((*value, (high - low) / (2.0 * Z_95))),
            _ => None,
        })
        .collect();
    let (values, errors): (Vec<f64>, Vec<f64>) = estimates.into_iter().unzip();
    let shrunk = empirical_bayes(&values, &errors);
    for (shown, unit) in branches.iter_mut().zip(shrunk.units) {
        if let Shown::Estimate(branch) = **shown {
            let Interval { low, high } = Interval::around(unit.value, unit.sd, Z_95);
            let branch =
                Branch { value: unit.value, low, high, reliability: Some(unit.reliability), ..branch };
            let told_apart = unit.reliability >= NAMED_RELIABILITY;
            **shown = if told_apart { Shown::Estimate(branch) } else { Shown::Uncertain(branch) };
        }
    }
}

impl Series {
    /// Error variances of the regressors of the linear form: own turn, customer's turn, position twice.
    fn errors(&self, reliability: Reliability) -> [f64; 4] {
        let [customer, agent] =
            self.spread.map(
                |[n, sum, squares]| {
                    if n > 1.0 { ((squares - sum * sum / n) / (n - 1.0)).max(0.0) } else { 0.0 }
                },
            );
        [error_variance(reliability.agent, agent), error_variance(reliability.customer, customer), 0.0, 0.0]
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of turns"
)]
fn whole(count: f64) -> usize {
    count.max(0.0) as usize
}
