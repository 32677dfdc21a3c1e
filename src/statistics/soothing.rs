//! S9 soothing power: do an agent's negative-start contacts end better than others' that started alike?
//!
//! `r_i = E_i − Ê(S*_i, covariates)`, where `E` is the end mood and `S*` the start mood after regression calibration,
//! `S* = ρ·S + (1 − ρ)·mean`, mean and ρ of the contact's stratum (queue × intent). The observed start carries
//! measurement error and regresses to the mean of *its own* queue; with one common mean the hard queue would look
//! ineffective. Raw gain E − S was rejected because it flags agents of easy queues, raw end mood because it flags agents of
//! hard queues (the simulation shows both).
//!
//! The expectation is fitted without the agent's own contacts. Sums are additive over contacts, days and months.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::FitError;
use super::count;
use super::minimum::{Signal, TooFew, enough};
use super::shrinkage::empirical_bayes;

/// Observed start mood below which a contact counts as starting negative; valence in [−1, 1].
pub const NEGATIVE_START: f64 = -0.2;

/// Regression calibration of start moods by stratum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    strata: BTreeMap<u64, (f64, f64)>,
    overall: (f64, f64),
}

impl Calibration {
    /// Fitted on **all** contacts as (stratum, observed start), not only those that start negative: a truncated mean is no
    /// mean to regress to.
    ///
    /// `reliability` in [0, 1] is the published one of the customer's start mood over all contacts. The error variance it
    /// implies is taken as common, so a stratum with little true spread gets a lower reliability of its own. An unknown
    /// stratum uses the overall mean.
    #[must_use]
    pub fn fit(reliability: f64, starts: &[(u64, f64)]) -> Self {
        let (mean, variance) = moments(starts.iter().map(|(_, start)| *start));
        let error = (1.0 - reliability.clamp(0.0, 1.0)) * variance;
        let share = |variance: f64| if variance > error { 1.0 - error / variance } else { 0.0 };
        let mut groups: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for (stratum, start) in starts {
            groups.entry(*stratum).or_default().push(*start);
        }
        let strata = groups
            .into_iter()
            .filter(|(_, values)| values.len() > 1)
            .map(|(stratum, values)| {
                let (mean, variance) = moments(values.iter().copied());
                (stratum, (mean, share(variance)))
            })
            .collect();
        Self { strata, overall: (mean, share(variance)) }
    }

    /// The expected true start given the observed one.
    #[must_use]
    pub fn calibrated(&self, stratum: u64, start: f64) -> f64 {
        let (mean, reliability) = self.strata.get(&stratum).copied().unwrap_or(self.overall);
        reliability * start + (1.0 - reliability) * mean
    }
}

fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = count(values.clone().count());
    let mean = values.clone().sum::<f64>() / n.max(1.0);
    (mean, values.map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0))
}

/// Regression sums of one agent's negative-start contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    columns: usize,
    contacts: usize,
    xx: Vec<f64>,
    xy: Vec<f64>,
    yy: f64,
}

impl Sums {
    /// No contact yet, `covariates` columns beside the intercept and the calibrated start.
    #[must_use]
    pub fn new(covariates: usize) -> Self {
        let columns = covariates + 2;
        Self { columns, contacts: 0, xx: vec![0.0; columns * columns], xy: vec![0.0; columns], yy: 0.0 }
    }

    /// Adds a contact: calibrated start, covariates (dummies of intent, channel, queue, hour, repeat contact), end mood.
    ///
    /// # Errors
    /// [`FitError::Malformed`] when the number of covariates differs or a value is not finite; nothing is added.
    pub fn add(&mut self, calibrated_start: f64, covariates: &[f64], end: f64) -> Result<(), FitError> {
        let mut row = vec![1.0, calibrated_start];
        row.extend_from_slice(covariates);
        if row.len() != self.columns || !end.is_finite() || row.iter().any(|value| !value.is_finite()) {
            return Err(FitError::Malformed("a soothing row needs the agreed number of finite columns"));
        }
        let products = row.iter().flat_map(|a| row.iter().map(move |b| a * b));
        self.xx.iter_mut().zip(products).for_each(|(sum, product)| *sum += product);
        self.xy.iter_mut().zip(&row).for_each(|(sum, value)| *sum += value * end);
        self.yy += end * end;
        self.contacts += 1;
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

    /// Contacts added.
    #[must_use]
    pub fn contacts(&self) -> usize {
        self.contacts
    }

    fn matrix(&self) -> DMatrix<f64> {
        DMatrix::from_row_slice(self.columns, self.columns, &self.xx)
    }

    fn vector(&self) -> DVector<f64> {
        DVector::from_column_slice(&self.xy)
    }

    /// Column means; the first row of X'X holds the column sums because the first column is the intercept.
    fn means(&self) -> DVector<f64> {
        let sums = self.xx.iter().take(self.columns).copied();
        DVector::from_iterator(self.columns, sums) / count(self.contacts.max(1))
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
    /// Posterior standard deviation of `value`.
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

/// Soothing power of every agent, in the order given; an agent below 50 negative-start contacts is refused by itself but
/// still informs the expectation of the others.
///
/// # Errors
/// [`FitError`] when the rest of the centre does not determine the expectation (a covariate only one agent has) or the
/// shapes differ.
pub fn soothing(agents: &[Sums]) -> Result<Vec<Result<Soothing, TooFew>>, FitError> {
    let Some(first) = agents.first() else { return Ok(Vec::new()) };
    let mut total = Sums::new(first.columns.saturating_sub(2));
    agents.iter().try_for_each(|agent| total.merge(agent))?;
    let (xx, xy) = (total.matrix(), total.vector());
    let all = solve(&xx, &xy)?;
    let spare = total.contacts.saturating_sub(total.columns);
    // One residual variance for the centre: an agent's own, from 50 contacts, would add t-like tails to every z.
    let variance = ((total.yy - all.0.dot(&xy)) / count(spare.max(1))).max(0.0);
    let mut raw = Vec::with_capacity(agents.len());
    for agent in agents {
        if let Err(few) = enough(Signal::Soothing, agent.contacts) {
            raw.push(Err(few));
            continue;
        }
        let (coefficients, inverse) = solve(&(&xx - agent.matrix()), &(&xy - agent.vector()))?;
        let means = agent.means();
        let end = agent.xy.first().copied().unwrap_or(0.0) / count(agent.contacts);
        let leverage = (means.transpose() * &inverse * &means).sum();
        let error = (variance * (1.0 / count(agent.contacts) + leverage)).sqrt();
        raw.push(Ok((end - means.dot(&coefficients), error, agent.contacts)));
    }
    Ok(shrunk(raw))
}

fn solve(xx: &DMatrix<f64>, xy: &DVector<f64>) -> Result<(DVector<f64>, DMatrix<f64>), FitError> {
    let inverse = xx.clone().cholesky().ok_or(FitError::Singular)?.inverse();
    let coefficients = &inverse * xy;
    if coefficients.iter().all(|value| value.is_finite()) {
        Ok((coefficients, inverse))
    } else {
        Err(FitError::Singular)
    }
}

fn shrunk(raw: Vec<Result<(f64, f64, usize), TooFew>>) -> Vec<Result<Soothing, TooFew>> {
    let (estimates, errors): (Vec<f64>, Vec<f64>) = raw
        .iter()
        .filter_map(|row| row.as_ref().ok())
        .map(|(residual, error, _)| (*residual, *error))
        .unzip();
    let mut units = empirical_bayes(&estimates, &errors).units.into_iter();
    raw.into_iter()
        .map(|row| {
            row.map(|(residual, error, contacts)| {
                let (value, sd, reliability) =
                    units.next().map_or((0.0, error, 0.0), |unit| (unit.value, unit.sd, unit.reliability));
                Soothing { residual, error, value, sd, reliability, contacts }
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::resample::generator;
    use rand_distr::{Distribution, StandardNormal};

    #[test]
    fn a_start_regresses_to_the_mean_of_its_own_queue() {
        let starts: Vec<(u64, f64)> = (0..400)
            .map(|i| {
                let spread = if i % 4 < 2 { 0.5 } else { -0.5 };
                (i % 2, spread - f64::from(u8::try_from(i % 2).unwrap()))
            })
            .collect();
        let calibration = Calibration::fit(0.8, &starts);
        // Total variance .5 (.25 within, .25 between), error .1: reliability within a queue is 1 − .1/.25 = .6.
        assert!((calibration.calibrated(0, 0.5) - 0.3).abs() < 0.01);
        assert!((calibration.calibrated(1, -0.5) + 0.7).abs() < 0.01);
    }

    #[test]
    fn an_agent_who_calms_more_than_expected_stands_out_and_a_newcomer_is_not_judged() {
        let mut rng = generator(8, &[9]);
        let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
        let agents: Vec<Sums> = (0..20)
            .map(|agent| {
                let mut sums = Sums::new(0);
                for _ in 0..if agent == 19 { 20 } else { 80 } {
                    let start = -0.6 + 0.2 * normal();
                    let gift = if agent == 0 { 0.3 } else { 0.0 };
                    sums.add(start, &[], 0.1 + 0.5 * start + gift + 0.3 * normal()).unwrap();
                }
                sums
            })
            .collect();
        let result = soothing(&agents).unwrap();
        let gifted = result[0].unwrap();
        assert!((gifted.residual - 0.3).abs() < 0.1 && gifted.z() > 5.0, "{gifted:?}");
        assert!(gifted.value < gifted.residual && gifted.value > 0.15);
        assert_eq!(result[19], Err(TooFew { needed: 50, have: 20 }));
    }

    #[test]
    fn a_quarter_is_the_sum_of_its_months_and_a_broken_row_is_refused() {
        let (mut first, mut second, mut both) = (Sums::new(1), Sums::new(1), Sums::new(1));
        first.add(-0.5, &[1.0], 0.1).unwrap();
        second.add(-0.25, &[0.0], 0.5).unwrap();
        both.add(-0.5, &[1.0], 0.1).unwrap();
        both.add(-0.25, &[0.0], 0.5).unwrap();
        first.merge(&second).unwrap();
        assert_eq!(first, both);
        assert!(first.add(-0.5, &[], 0.1).is_err() && first.add(f64::NAN, &[1.0], 0.1).is_err());
        assert_eq!(first.contacts(), 2);
        assert_eq!(soothing(&[]), Ok(Vec::new()));
    }
}
