//! How the tone of staff and of customers moves together over many contacts (S6, S7, S8).
//!
//! Coefficients of regressions within contacts: what follows after what, with everything that is constant in a contact
//! taken out. They say nothing about one contact and nothing about why.

use serde::Serialize;

use crate::statistics::distribution::{Interval, Z_95};
use crate::statistics::minimum::{Signal, TooFew, enough};
use crate::statistics::panel::{Panel, error_variance};
use crate::statistics::shrinkage::{NAMED_RELIABILITY, empirical_bayes};
use crate::statistics::whole;

use super::series::{Panels, REPLY, Series, TONE};

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
    /// So few people serve the queue that it would be a figure of somebody in particular.
    TooFewStaff {
        /// People from which it is shown.
        needed: usize,
        /// People there are.
        have: usize,
    },
    /// The data do not determine it.
    NotEstimable,
    /// It needs the reliability of the scores, which nobody has measured for the model in use.
    Uncalibrated,
}

impl Shown {
    /// A figure of a person that was pulled towards colleagues: whether it tells the person apart from them.
    pub(super) fn beside_colleagues(branch: Branch) -> Self {
        let told_apart = branch.reliability.is_some_and(|reliability| reliability >= NAMED_RELIABILITY);
        if told_apart { Self::Estimate(branch) } else { Self::Uncertain(branch) }
    }

    /// The figure, if there is one.
    #[must_use]
    pub const fn branch(self) -> Option<Branch> {
        match self {
            Self::Estimate(branch) | Self::Uncertain(branch) => Some(branch),
            Self::TooFew { .. } | Self::TooFewStaff { .. } | Self::NotEstimable | Self::Uncalibrated => None,
        }
    }
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

impl Coupling {
    /// The same for every direction.
    pub(super) const fn all(shown: Shown) -> Self {
        Self { compensation: shown, infection: shown, wear_down: shown, reciprocity: shown, linear: shown }
    }
}

/// The same computation with customers whom staff never met, for every direction that is shown, from as many contacts.
///
/// An interval that does not hold 0 says: what the pairs share – a script, a kind of trouble – moves both sides, and the
/// real figure is worth only what it exceeds this one by.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, utoipa::ToSchema)]
pub struct Beside {
    /// S6, β⁺.
    pub compensation: Option<Branch>,
    /// S6, β⁻.
    pub infection: Option<Branch>,
    /// S8.
    pub wear_down: Option<Branch>,
    /// S7.
    pub reciprocity: Option<Branch>,
    /// The linear form of S6, without the correction by reliability.
    pub linear: Option<Branch>,
}

/// Reliability of the valence of a turn: the share of its variance that is not error of the model.
///
/// **Source**: squared correlation of a model's valence with the labels of the test split, by role
/// (`models/train/reliability.py`). It is a calibration number of one model, to be measured anew for another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliability {
    /// Of turns of customers.
    pub customer: Measured,
    /// Of turns of staff.
    pub agent: Measured,
}

/// A number that was measured on a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The number.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

/// Places of the coefficients among the regressors of the tone.
const OWN: usize = 0;
const PLEASANT: usize = 1;
const UNPLEASANT: usize = 2;
const CUMULATED: usize = 3;
const PLACE: usize = 4;
const SQUARE: usize = 5;

/// Place of the other side among the regressors of the customer's next turn and of the linear form.
const PARTNER: usize = 1;

/// The coefficients of one person, queue or centre by themselves. Without a measured reliability there is no linear form.
#[must_use]
pub(super) fn coupling(series: &Series, reliability: Option<Reliability>) -> Coupling {
    let met = |which| raw(&series.met, which);
    let contacts = series.met.tone.contacts();
    let shown = |signal, have, of: Option<Branch>| match enough(signal, have) {
        Err(few) => few.into(),
        Ok(()) => of.map_or(Shown::NotEstimable, Shown::Estimate),
    };
    let negatives = whole(series.negative_turns);
    // What rests on unpleasant turns needs enough of them.
    let of_negatives = |which| match enough(Signal::InfectionNegativeTurns, negatives) {
        Err(few) => few.into(),
        Ok(()) => shown(Signal::Infection, contacts, met(which)),
    };
    Coupling {
        compensation: shown(Signal::Compensation, contacts, met(Coefficient::Compensation)),
        infection: of_negatives(Coefficient::Infection),
        wear_down: of_negatives(Coefficient::WearDown),
        reciprocity: shown(Signal::Reciprocity, series.met.reply.contacts(), met(Coefficient::Reciprocity)),
        linear: reliability.map_or(Shown::Uncalibrated, |reliability| {
            shown(Signal::Compensation, contacts, corrected(series, reliability))
        }),
    }
}

/// The strangers beside a queue's or the centre's figures.
#[must_use]
pub(super) fn beside(series: &Series, coupling: &Coupling) -> Beside {
    let Some(strangers) = &series.strangers else { return Beside::default() };
    let found = |shown: Shown, which| {
        let found = shown.branch().and_then(|_| raw(strangers, which))?;
        enough(Signal::Compensation, found.contacts).ok().map(|()| found)
    };
    Beside {
        compensation: found(coupling.compensation, Coefficient::Compensation),
        infection: found(coupling.infection, Coefficient::Infection),
        wear_down: found(coupling.wear_down, Coefficient::WearDown),
        reciprocity: found(coupling.reciprocity, Coefficient::Reciprocity),
        linear: found(coupling.linear, Coefficient::Linear),
    }
}

/// All that the sums give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coefficient {
    /// β⁺.
    Compensation,
    /// β⁻.
    Infection,
    /// δ.
    WearDown,
    /// γ.
    Reciprocity,
    /// Valence on valence.
    Linear,
}

/// One coefficient from the sums as they are; `None` when the data do not determine it.
pub(super) fn raw(panels: &Panels, which: Coefficient) -> Option<Branch> {
    const ALL: [usize; 4] = [0, PARTNER, 2, 3];
    let branches = [OWN, PLEASANT, UNPLEASANT, PLACE, SQUARE];
    let tone = |keep: &[usize], of, sign| fitted(&panels.tone, keep, of, sign, &[0.0; TONE]);
    match which {
        Coefficient::Compensation => tone(&branches, PLEASANT, 1.0),
        Coefficient::Infection => tone(&branches, UNPLEASANT, -1.0),
        Coefficient::WearDown => tone(&[OWN, PLEASANT, UNPLEASANT, CUMULATED, PLACE, SQUARE], CUMULATED, 1.0),
        Coefficient::Reciprocity => fitted(&panels.reply, &ALL, PARTNER, 1.0, &[0.0; REPLY]),
        Coefficient::Linear => fitted(&panels.linear, &ALL, PARTNER, 1.0, &[0.0; REPLY]),
    }
}

/// The linear form with its correction. How uncertain the reliability is widens the interval: each role's is moved by its
/// standard error, and what the coefficient then moves by is added in squares.
fn corrected(series: &Series, reliability: Reliability) -> Option<Branch> {
    let at = |reliability| {
        let errors = series.errors(reliability);
        fitted(&series.met.linear, &[0, PARTNER, 2, 3], PARTNER, 1.0, &errors)
    };
    let Reliability { customer, agent } = reliability;
    let moved = |one: Measured| Measured { value: (one.value + one.error).min(1.0), ..one };
    let branch = at(reliability)?;
    let others = [
        at(Reliability { customer: moved(customer), agent }),
        at(Reliability { customer, agent: moved(agent) }),
    ];
    let of_reliability: f64 =
        others.into_iter().flatten().map(|other| (other.value - branch.value).powi(2)).sum();
    let of_contacts = (branch.high - branch.low) / (2.0 * Z_95);
    let Interval { low, high } =
        Interval::around(branch.value, (of_contacts * of_contacts + of_reliability).sqrt(), Z_95);
    Some(Branch { low, high, ..branch })
}

fn fitted<const P: usize>(
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
pub fn colleagues(all: &[&Series], reliability: Option<Reliability>) -> Vec<Coupling> {
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
            **shown = Shown::beside_colleagues(branch);
        }
    }
}

impl Series {
    /// Error variances of the regressors of the linear form: own turn, customer's turn, position twice.
    fn errors(&self, Reliability { customer, agent }: Reliability) -> [f64; REPLY] {
        let [customers, agents] = self.variances();
        [error_variance(agent.value, agents), error_variance(customer.value, customers), 0.0, 0.0]
    }
}
