//! S9 soothing power: do an agent's negative-start contacts end better than others' that started
//! alike?
//!
//! `r_i = E_i − Ê(S*_i, covariates)`, where `E` is the end mood and `S*` the start mood after
//! regression calibration, `S* = ρ·S + (1 − ρ)·mean`, mean and ρ of the contact's stratum (queue ×
//! intent). The observed start carries measurement error and regresses to the mean of *its own*
//! queue; with one common mean the hard queue would look ineffective. Raw gain E − S was rejected
//! because it flags agents of easy queues, raw end mood because it flags agents of hard queues (the
//! simulation shows both).
//!
//! The expectation is fitted without the agent's own contacts. Sums are additive over contacts,
//! days and months.

mod signs;
#[cfg(test)]
mod tests;

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::FitError;
use super::minimum::{Minimum, TooFew, enough};
use super::shrinkage::empirical_bayes;
use super::{count, whole};

pub use signs::{Week, beside_signs};

/// Observed start mood below which a contact counts as starting negative; valence in [−1, 1].
pub const NEGATIVE_START: f32 = -0.2;

/// Added-up start and end moods of contacts that share their covariates: all that the regression
/// needs of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 6]", into = "[f64; 6]")]
pub struct Moods([f64; 6]);

impl From<[f64; 6]> for Moods {
    fn from(sums: [f64; 6]) -> Self {
        Self(sums)
    }
}

impl From<Moods> for [f64; 6] {
    fn from(Moods(sums): Moods) -> Self {
        sums
    }
}

impl Moods {
    /// The sums of a single contact.
    #[must_use]
    pub fn of(start: f64, end: f64) -> Self {
        Self([1.0, start, start * start, end, end * end, start * end])
    }

    /// Adds other contacts.
    pub fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum += more);
    }

    /// Contacts, as a number to calculate with.
    #[must_use]
    pub fn contacts(&self) -> f64 {
        self.0[0]
    }

    /// The same contacts with every start at `slope · start + shift`.
    fn moved(self, slope: f64, shift: f64) -> Self {
        let [n, start, squares, end, end_squares, product] = self.0;
        let moved = slope * start + shift * n;
        let moved_squares = slope * slope * squares + 2.0 * slope * shift * start + shift * shift * n;
        Self([n, moved, moved_squares, end, end_squares, slope * product + shift * end])
    }

    /// Mean and variance of the starts.
    fn spread(&self) -> (f64, f64) {
        let [n, start, squares, ..] = self.0;
        let mean = start / n.max(1.0);
        (mean, ((squares - start * mean) / (n - 1.0).max(1.0)).max(0.0))
    }
}

/// Contacts from which a stratum has a mean and a reliability of its own.
const OWN_MEAN: f64 = 30.0;

/// Added to the diagonal: a column without contacts gets a coefficient of 0 with an error a
/// thousand times the residual's.
const RIDGE: f64 = 1e-6;

/// Regression calibration of start moods by stratum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    strata: BTreeMap<u64, (f64, f64)>,
    overall: (f64, f64),
}

impl Calibration {
    /// Fitted on **all** contacts, added up by stratum, not only those that start negative: a
    /// truncated mean is no mean to regress to.
    ///
    /// `error` is the error variance of an observed start, taken as common, so a stratum with
    /// little true spread gets a lower reliability of its own. An unknown stratum, and one with
    /// fewer than 30 contacts, uses the overall mean.
    #[must_use]
    pub fn fit(error: f64, strata: &BTreeMap<u64, Moods>) -> Self {
        let mut all = Moods::default();
        for moods in strata.values() {
            all.merge(moods);
        }
        let several = strata.iter().filter(|(_, moods)| moods.contacts() >= OWN_MEAN);
        Self {
            strata: several.map(|(stratum, moods)| (*stratum, mean_and_reliability(moods, error))).collect(),
            overall: mean_and_reliability(&all, error),
        }
    }

    /// The contacts of a stratum with their expected true starts given the observed ones.
    #[must_use]
    pub fn calibrated(&self, stratum: u64, moods: Moods) -> Moods {
        let (mean, reliability) = self.strata.get(&stratum).copied().unwrap_or(self.overall);
        moods.moved(reliability, (1.0 - reliability) * mean)
    }
}

/// Mean of the openings, and the share of their spread that is no error.
fn mean_and_reliability(moods: &Moods, error: f64) -> (f64, f64) {
    let (mean, variance) = moods.spread();
    (mean, if variance > error { 1.0 - error / variance } else { 0.0 })
}

/// Regression sums of one agent's negative-start contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SoothingSums {
    columns: usize,
    contacts: f64,
    xx: Vec<f64>,
    xy: Vec<f64>,
    yy: f64,
}

impl SoothingSums {
    /// No contact yet, `covariates` columns beside the intercept and the calibrated start.
    #[must_use]
    pub fn new(covariates: usize) -> Self {
        let columns = covariates + 2;
        Self { columns, contacts: 0.0, xx: vec![0.0; columns * columns], xy: vec![0.0; columns], yy: 0.0 }
    }

    /// Adds contacts with calibrated starts that share their covariates (dummies of intent,
    /// channel, queue, hour, repeat contact).
    ///
    /// # Errors
    /// [`FitError::Malformed`] when the number of covariates differs or a value is not finite;
    /// nothing is added.
    pub fn add(&mut self, moods: Moods, covariates: &[f64]) -> Result<(), FitError> {
        let Moods([n, start, start_squares, end, end_squares, product]) = moods;
        let finite = moods.0.iter().chain(covariates).all(|value| value.is_finite());
        if covariates.len() + 2 != self.columns || !finite {
            return Err(FitError::Malformed("a soothing row needs the agreed number of finite columns"));
        }
        // Everything but the start is the same for all of them: products with it are sums times
        // constants.
        let constants: Vec<f64> = [1.0, 0.0].iter().chain(covariates).copied().collect();
        let products = (0..self.columns).flat_map(|i| (0..self.columns).map(move |j| (i, j)));
        for ((i, j), sum) in products.zip(&mut self.xx) {
            let [own, other] = [i, j].map(|at| constants.get(at).copied().unwrap_or_default());
            *sum += match (i, j) {
                (1, 1) => start_squares,
                (1, _) => other * start,
                (_, 1) => own * start,
                _ => own * other * n,
            };
        }
        for ((at, constant), sum) in constants.iter().enumerate().zip(&mut self.xy) {
            *sum += if at == 1 { product } else { constant * end };
        }
        self.yy += end_squares;
        self.contacts += n;
        Ok(())
    }

    /// Adds the contacts of another sum of the same shape.
    ///
    /// # Errors
    /// [`FitError::Malformed`] when the shapes differ.
    pub fn merge(&mut self, other: &Self) -> Result<(), FitError> {
        if other.columns != self.columns {
            return Err(FitError::Malformed("soothing sums of different shape"));
        }
        self.xx.iter_mut().zip(&other.xx).for_each(|(sum, value)| *sum += value);
        self.xy.iter_mut().zip(&other.xy).for_each(|(sum, value)| *sum += value);
        self.yy += other.yy;
        self.contacts += other.contacts;
        Ok(())
    }

    /// Everybody's.
    fn of_all(agents: &[Self]) -> Result<Self, FitError> {
        let columns = agents.first().map_or(0, |first| first.columns.saturating_sub(2));
        let mut total = Self::new(columns);
        agents.iter().try_for_each(|agent| total.merge(agent))?;
        Ok(total)
    }

    /// Contacts added.
    #[must_use]
    pub fn contacts(&self) -> usize {
        whole(self.contacts)
    }

    fn matrix(&self) -> DMatrix<f64> {
        DMatrix::from_row_slice(self.columns, self.columns, &self.xx)
    }

    fn vector(&self) -> DVector<f64> {
        DVector::from_column_slice(&self.xy)
    }

    /// Column means; the first row of X'X holds the column sums because the first column is the
    /// intercept.
    fn means(&self) -> DVector<f64> {
        let sums = self.xx.iter().take(self.columns).copied();
        DVector::from_iterator(self.columns, sums) / self.contacts.max(1.0)
    }
}

/// Soothing power of one agent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Soothing {
    /// Mean end mood beyond expectation, in valence units; above 0 = calms more than expected.
    pub residual: f64,
    /// Standard error of `residual`, including the uncertainty of the expectation.
    pub error: f64,
    /// Empirical-Bayes value of `residual`.
    pub value: f64,
    /// Posterior standard deviation of `value`, with the error of the common mean in it.
    pub sd: f64,
    /// Share of the residual's variance that is the agent, in [0, 1].
    pub reliability: f64,
    /// Negative-start contacts.
    pub contacts: usize,
}

impl Soothing {
    /// Residual in standard errors, for the funnel.
    #[must_use]
    pub fn z(&self) -> f64 {
        self.residual / self.error
    }
}

/// Soothing power of every agent, in the order given; an agent below 50 negative-start contacts is
/// refused by itself but still informs the expectation of the others.
///
/// A covariate that only this agent has cannot be judged without them: their error then becomes so
/// large that the estimate says nothing, and everybody else's stays as it is.
///
/// # Errors
/// [`FitError`] when the starts do not vary or the shapes differ.
pub fn soothing(agents: &[SoothingSums]) -> Result<Vec<Result<Soothing, TooFew>>, FitError> {
    if agents.is_empty() {
        return Ok(Vec::new());
    }
    let total = SoothingSums::of_all(agents)?;
    let (xx, xy) = (total.matrix(), total.vector());
    let all = solve(&xx, &xy)?;
    let spare = (total.contacts - count(total.columns)).max(1.0);
    // One residual variance for the centre: an agent's own, from 50 contacts, would add t-like
    // tails to every z.
    let variance = ((total.yy - all.0.dot(&xy)) / spare).max(0.0);
    let mut raw = Vec::with_capacity(agents.len());
    for agent in agents {
        if let Err(few) = enough(Minimum::Soothing, agent.contacts()) {
            raw.push(Err(few));
            continue;
        }
        let (coefficients, inverse) = solve(&(&xx - agent.matrix()), &(&xy - agent.vector()))?;
        let means = agent.means();
        let end = agent.xy.first().copied().unwrap_or(0.0) / agent.contacts;
        let leverage = (means.transpose() * &inverse * &means).sum();
        let error = (variance * (1.0 / agent.contacts + leverage)).sqrt();
        raw.push(Ok(Unshrunk {
            residual: end - means.dot(&coefficients),
            error,
            contacts: agent.contacts(),
        }));
    }
    Ok(shrunk(raw))
}

/// What everybody's contacts together let expect.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation(DVector<f64>);

impl Expectation {
    /// Fitted on all of them.
    ///
    /// # Errors
    /// [`FitError`] when the starts do not vary or the shapes differ.
    pub fn of(agents: &[SoothingSums]) -> Result<Self, FitError> {
        let total = SoothingSums::of_all(agents)?;
        Ok(Self(solve(&total.matrix(), &total.vector())?.0))
    }

    /// Sum over contacts of the end mood beyond expectation; starts calibrated, covariates as for
    /// [`SoothingSums::add`].
    #[must_use]
    pub fn residual(&self, moods: Moods, covariates: &[f64]) -> f64 {
        let Moods([n, start, _, end, ..]) = moods;
        let row = [n, start].into_iter().chain(covariates.iter().map(|value| value * n));
        end - self.0.iter().zip(row).map(|(coefficient, value)| coefficient * value).sum::<f64>()
    }
}

fn solve(xx: &DMatrix<f64>, xy: &DVector<f64>) -> Result<(DVector<f64>, DMatrix<f64>), FitError> {
    let held = xx + DMatrix::identity(xx.nrows(), xx.ncols()) * RIDGE;
    let inverse = held.cholesky().ok_or(FitError::Singular)?.inverse();
    let coefficients = &inverse * xy;
    if coefficients.iter().all(|value| value.is_finite()) {
        Ok((coefficients, inverse))
    } else {
        Err(FitError::Singular)
    }
}

/// What somebody's contacts say alone.
struct Unshrunk {
    residual: f64,
    error: f64,
    contacts: usize,
}

fn shrunk(raw: Vec<Result<Unshrunk, TooFew>>) -> Vec<Result<Soothing, TooFew>> {
    let (estimates, errors): (Vec<f64>, Vec<f64>) =
        raw.iter().filter_map(|row| row.as_ref().ok()).map(|row| (row.residual, row.error)).unzip();
    let mut units = empirical_bayes(&estimates, &errors).units.into_iter();
    raw.into_iter()
        .map(|row| {
            row.map(|Unshrunk { residual, error, contacts }| {
                let (value, sd, reliability) =
                    units.next().map_or((0.0, error, 0.0), |unit| (unit.value, unit.error, unit.reliability));
                Soothing { residual, error, value, sd, reliability, contacts }
            })
        })
        .collect()
}
