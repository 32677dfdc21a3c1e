//! How the tone of staff and of customers moves together over many contacts (S6, S7, S8).
//!
//! Coefficients of regressions within contacts: what follows after what, with everything that is
//! constant in a contact taken out. They say nothing about one contact and nothing about why.

use serde::Serialize;

use tingxin_statistics::distribution::{Interval, Z_95};
use tingxin_statistics::minimum::{Minimum, TooFew, enough};
use tingxin_statistics::panel::{Panel, error_variance};
use tingxin_statistics::shrinkage::{NAMED_RELIABILITY, empirical_bayes};
use tingxin_statistics::whole;

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
    /// Share of the spread between colleagues that is real for this many contacts, in [0, 1]; null
    /// for a queue or the centre.
    pub reliability: Option<f64>,
}

impl Branch {
    /// The standard error that the interval is made of.
    fn error(self) -> f64 {
        (self.high - self.low) / (2.0 * Z_95)
    }
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
    /// The placebo moves along too: a shared cause, not what the figure is about.
    Placebo,
    /// The data do not determine it.
    NotEstimable,
    /// It needs the reliability of the scores, which nobody has measured for the model in use.
    Uncalibrated,
}

impl Shown {
    /// A figure of a person that was pulled towards colleagues: whether it tells the person apart
    /// from them.
    pub(super) fn beside_colleagues(branch: Branch) -> Self {
        let told_apart = branch.reliability.is_some_and(|reliability| reliability >= NAMED_RELIABILITY);
        if told_apart { Self::Estimate(branch) } else { Self::Uncertain(branch) }
    }

    /// The same where it rests on a measured number: what it moves by when that number is moved by
    /// its standard error is added to its own error in squares.
    pub(super) fn uncertain_by(self, moved: Self) -> Self {
        match (self, moved.branch()) {
            (Self::Estimate(branch), Some(moved)) => Self::Estimate(widened(branch, moved)),
            (Self::Uncertain(branch), Some(moved)) => Self::Uncertain(widened(branch, moved)),
            (shown, _) => shown,
        }
    }

    /// The figure, if there is one.
    #[must_use]
    pub const fn branch(self) -> Option<Branch> {
        match self {
            Self::Estimate(branch) | Self::Uncertain(branch) => Some(branch),
            Self::TooFew { .. }
            | Self::TooFewStaff { .. }
            | Self::Placebo
            | Self::NotEstimable
            | Self::Uncalibrated => None,
        }
    }
}

/// The interval with the error of moving to the other branch.
fn widened(branch: Branch, moved: Branch) -> Branch {
    let error = branch.error().hypot(moved.value - branch.value);
    let Interval { low, high } = Interval::around(branch.value, error, Z_95);
    Branch { low, high, ..branch }
}

impl From<TooFew> for Shown {
    fn from(TooFew { needed, have }: TooFew) -> Self {
        Self::TooFew { needed, have }
    }
}

/// All directions of one person, queue or centre.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Coupling {
    /// S6, β⁺: tone of staff after a pleasant turn of the customer. Above 0: pleasant turns are
    /// returned.
    pub compensation: Shown,
    /// S6, β⁻: with reversed sign the tone of staff after an unpleasant turn. Above 0: staff cool
    /// down after it; below 0: they become warmer.
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

/// The same computation with customers whom staff never met: for every direction that is shown, and
/// from as many contacts.
///
/// An interval without 0 says that what the pairs share – a script, a kind of trouble – moves both
/// sides. The real figure is then worth only what it exceeds this one by.
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
/// (`models/train/reliability.py`). It is a calibration number of one model, to be measured anew
/// for another one.
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

/// The coefficients of one queue or of the centre. Without a measured reliability there is no
/// linear form.
#[must_use]
pub(super) fn couple(series: &Series, reliability: Option<Reliability>) -> Coupling {
    let mut found = alone(series, reliability);
    for moved in reliability.into_iter().flat_map(Reliability::moved) {
        found.linear = found.linear.uncertain_by(linear(series, moved));
    }
    found
}

/// The coefficients by themselves, as if the reliability were known.
fn alone(series: &Series, reliability: Option<Reliability>) -> Coupling {
    let met = |which| raw(&series.met, which);
    let contacts = series.met.tone.contacts();
    let negatives = whole(series.negative_turns);
    // What rests on unpleasant turns needs enough of them.
    let of_negatives = |which| match enough(Minimum::InfectionNegativeTurns, negatives) {
        Err(few) => few.into(),
        Ok(()) => shown(Minimum::Infection, contacts, met(which)),
    };
    Coupling {
        compensation: shown(Minimum::Compensation, contacts, met(Coefficient::Compensation)),
        infection: of_negatives(Coefficient::Infection),
        wear_down: of_negatives(Coefficient::WearDown),
        reciprocity: shown(Minimum::Reciprocity, series.met.reply.contacts(), met(Coefficient::Reciprocity)),
        linear: reliability.map_or(Shown::Uncalibrated, |reliability| linear(series, reliability)),
    }
}

/// The linear form with its correction by a reliability.
fn linear(series: &Series, reliability: Reliability) -> Shown {
    let panel = &series.met.linear;
    let found = fitted(panel, &[0, PARTNER, 2, 3], PARTNER, 1.0, &series.errors(reliability));
    shown(Minimum::Compensation, panel.contacts(), found)
}

fn shown(signal: Minimum, have: usize, of: Option<Branch>) -> Shown {
    match enough(signal, have) {
        Err(few) => few.into(),
        Ok(()) => of.map_or(Shown::NotEstimable, Shown::Estimate),
    }
}

/// The strangers beside a queue's or the centre's figures.
#[must_use]
pub(super) fn beside(series: &Series, coupling: &Coupling) -> Beside {
    let Some(strangers) = &series.strangers else { return Beside::default() };
    Beside {
        compensation: with_strangers(strangers, coupling.compensation, Coefficient::Compensation),
        infection: with_strangers(strangers, coupling.infection, Coefficient::Infection),
        wear_down: with_strangers(strangers, coupling.wear_down, Coefficient::WearDown),
        reciprocity: with_strangers(strangers, coupling.reciprocity, Coefficient::Reciprocity),
        linear: with_strangers(strangers, coupling.linear, Coefficient::Linear),
    }
}

/// The estimate with strangers beside one that is shown.
fn with_strangers(strangers: &Panels, shown: Shown, which: Coefficient) -> Option<Branch> {
    let found = shown.branch().and_then(|_| raw(strangers, which))?;
    enough(Minimum::Compensation, found.contacts).ok().map(|()| found)
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

/// The same for colleagues together: every coefficient is pulled towards the common mean by as much
/// as it is noise.
#[must_use]
pub fn colleagues(all: &[&Series], reliability: Option<Reliability>) -> Vec<Coupling> {
    let mut couplings: Vec<Coupling> = all.iter().map(|series| alone(series, reliability)).collect();
    pull(&mut couplings, |coupling| &mut coupling.compensation);
    pull(&mut couplings, |coupling| &mut coupling.infection);
    pull(&mut couplings, |coupling| &mut coupling.wear_down);
    pull(&mut couplings, |coupling| &mut coupling.reciprocity);
    pull(&mut couplings, |coupling| &mut coupling.linear);
    // After the pulling: the error of the reliability is everybody's alike, and no noise that
    // pulling could take out.
    for moved in reliability.into_iter().flat_map(Reliability::moved) {
        let mut others: Vec<Shown> = all.iter().map(|series| linear(series, moved)).collect();
        pull(&mut others, |shown| shown);
        for (coupling, other) in couplings.iter_mut().zip(others) {
            coupling.linear = coupling.linear.uncertain_by(other);
        }
    }
    couplings
}

/// Pulls the estimates among these towards their common mean.
pub(super) fn pull<T>(all: &mut [T], of: fn(&mut T) -> &mut Shown) {
    let mut shown: Vec<&mut Shown> =
        all.iter_mut().map(of).filter(|shown| matches!(shown, Shown::Estimate(_))).collect();
    let branches = shown.iter().filter_map(|shown| shown.branch());
    let (values, errors): (Vec<f64>, Vec<f64>) =
        branches.map(|branch| (branch.value, branch.error())).unzip();
    let units = empirical_bayes(&values, &errors).units;
    for (shown, unit) in shown.iter_mut().zip(units) {
        if let Some(branch) = shown.branch() {
            let Interval { low, high } = Interval::around(unit.value, unit.error, Z_95);
            let reliability = Some(unit.reliability);
            **shown =
                Shown::beside_colleagues(Branch { value: unit.value, low, high, reliability, ..branch });
        }
    }
}

impl Reliability {
    /// Each role's moved by its standard error.
    fn moved(self) -> [Self; 2] {
        let Self { customer, agent } = self;
        [Self { customer: customer.moved(), agent }, Self { customer, agent: agent.moved() }]
    }
}

impl Measured {
    /// The number moved by its standard error; it is a share.
    pub(super) fn moved(self) -> Self {
        Self { value: (self.value + self.error).min(1.0), ..self }
    }
}

impl Series {
    /// Error variances of the regressors of the linear form: own turn, customer's turn, position
    /// twice.
    fn errors(&self, Reliability { customer, agent }: Reliability) -> [f64; REPLY] {
        let [customers, agents] = self.variances();
        [error_variance(agent.value, agents), error_variance(customer.value, customers), 0.0, 0.0]
    }
}
