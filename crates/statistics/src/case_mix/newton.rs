//! Newton iterations of the grouped logistic model, and the short way from all contacts to all but
//! one agent's.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use crate::FitError;

/// Contacts of one agent that have the same design row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AgentCell {
    /// Index of the row among the designs.
    pub design: usize,
    /// Contacts.
    pub trials: f64,
    /// Contacts with the event.
    pub events: f64,
}

/// Penalty per trial on the squared coefficients, all of them. It is there for identifiability only
/// (a cell type without any event would send its coefficient to −∞): at 100,000 contacts it moves
/// the total of the expected events by less than one. A penalty that really shrinks was rejected,
/// because it lets case mix through.
pub const RIDGE: f64 = 1e-6;

/// Coefficients have settled when none moves by more than this (log-odds).
const SETTLED: f64 = 1e-9;
/// Newton needs 5 to 10 iterations; the rest is for designs with empty categories, where
/// coefficients crawl.
const ITERATIONS: usize = 60;
/// Steps with the factor of the centre before an agent gets full Newton iterations. Each gains the
/// digits that the agent's share leaves; an agent for whom eight do not suffice dominates the
/// centre.
const SHORT_STEPS: usize = 8;

/// Logistic function; saturates without overflow.
pub(super) fn logistic(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}

/// Design rows in one piece of memory.
pub(super) struct DesignTable {
    columns: usize,
    flat: Vec<f64>,
}

impl DesignTable {
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a [f64]>) -> Result<Self, FitError> {
        let (mut columns, mut flat) = (0, Vec::new());
        for row in rows {
            if flat.is_empty() {
                columns = row.len();
            }
            if columns == 0 || row.len() != columns || row.iter().any(|value| !value.is_finite()) {
                return Err(FitError::Malformed("design rows must be equally long, not empty, and finite"));
            }
            flat.extend_from_slice(row);
        }
        if flat.is_empty() { Err(FitError::TooFew { needed: 1, got: 0 }) } else { Ok(Self { columns, flat }) }
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.flat.chunks_exact(self.columns)
    }

    fn row(&self, index: usize) -> &[f64] {
        self.flat.get(index * self.columns..(index + 1) * self.columns).unwrap_or_default()
    }

    pub(super) fn probability(&self, index: usize, coefficients: &DVector<f64>) -> f64 {
        logistic(dot(self.row(index), coefficients.as_slice()))
    }

    /// Coefficients for the given counts per row, from `start`; with the iterations it took.
    pub(super) fn newton(
        &self,
        trials: &[f64],
        events: &[f64],
        start: DVector<f64>,
    ) -> Result<(DVector<f64>, usize), FitError> {
        let ridge = RIDGE * trials.iter().sum::<f64>();
        if ridge <= 0.0 {
            return Err(FitError::TooFew { needed: 1, got: 0 });
        }
        let mut beta = start;
        let mut reached = self.likelihood(trials, events, &beta, ridge);
        for iteration in 1..=ITERATIONS {
            let hessian = self.hessian(trials, &beta, ridge);
            let step = factor(hessian)?.solve(&self.gradient(trials, events, &beta, ridge));
            let (mut share, mut next, mut value) = (1.0, &beta + &step, f64::NEG_INFINITY);
            // a full step from far away can overshoot into saturation; half of it never does for
            // long
            while share > 1e-6 {
                next = &beta + &step * share;
                value = self.likelihood(trials, events, &next, ridge);
                // rounding alone may lower the likelihood at the end
                if value >= reached - 1e-12 * reached.abs() {
                    break;
                }
                share *= 0.5;
            }
            let moved = step.amax() * share;
            beta = next;
            reached = value;
            if moved < SETTLED {
                return Ok((beta, iteration));
            }
        }
        Err(FitError::NoConvergence(ITERATIONS))
    }

    /// Penalised log likelihood.
    fn likelihood(&self, trials: &[f64], events: &[f64], beta: &DVector<f64>, ridge: f64) -> f64 {
        let rows = self.rows().zip(trials).zip(events);
        let fitted: f64 = rows
            .map(|((row, &trials), &events)| {
                let eta = dot(row, beta.as_slice());
                events * eta - trials * (eta.max(0.0) + (-eta.abs()).exp().ln_1p())
            })
            .sum();
        fitted - 0.5 * ridge * beta.norm_squared()
    }

    fn gradient(&self, trials: &[f64], events: &[f64], beta: &DVector<f64>, ridge: f64) -> DVector<f64> {
        let mut gradient = beta * -ridge;
        for ((row, &trials), &events) in self.rows().zip(trials).zip(events) {
            let residual = events - trials * logistic(dot(row, beta.as_slice()));
            for (sum, value) in gradient.as_mut_slice().iter_mut().zip(row) {
                *sum += residual * value;
            }
        }
        gradient
    }

    fn hessian(&self, trials: &[f64], beta: &DVector<f64>, ridge: f64) -> DMatrix<f64> {
        let mut hessian = DMatrix::from_diagonal_element(self.columns, self.columns, ridge);
        for (row, &trials) in self.rows().zip(trials) {
            let p = logistic(dot(row, beta.as_slice()));
            add_outer(&mut hessian, row, trials * p * (1.0 - p));
        }
        hessian
    }
}

/// All contacts and the model fitted on them: what every leave-one-out model starts from.
pub(super) struct CentreFit<'a> {
    table: &'a DesignTable,
    trials: Vec<f64>,
    events: Vec<f64>,
    beta: DVector<f64>,
    hessian: DMatrix<f64>,
    /// p̂(1−p̂) per row at `beta`.
    spread: Vec<f64>,
}

impl<'a> CentreFit<'a> {
    pub(super) fn at(table: &'a DesignTable, trials: Vec<f64>, events: Vec<f64>, beta: DVector<f64>) -> Self {
        let hessian = table.hessian(&trials, &beta, RIDGE * trials.iter().sum::<f64>());
        let spread =
            table.rows().map(|row| logistic(dot(row, beta.as_slice()))).map(|p| p * (1.0 - p)).collect();
        Self { table, trials, events, beta, hessian, spread }
    }

    /// Coefficients of the model without `cells`.
    ///
    /// The agent's part is taken out of the centre's Hessian once and its factor kept for all
    /// steps: the solution is the same as that of a full refit, at a fifth of the work. A single
    /// step was rejected: it leaves an agent with a tenth of all contacts wrong in the third digit.
    pub(super) fn without(&self, cells: &[AgentCell]) -> Result<DVector<f64>, FitError> {
        let (mut trials, mut events) = (self.trials.clone(), self.events.clone());
        let mut hessian = self.hessian.clone();
        let mut gone = 0.0;
        for own in cells {
            let (Some(trials), Some(events)) = (trials.get_mut(own.design), events.get_mut(own.design))
            else {
                continue;
            };
            // sums of fractions: what is left of an agent's own row may be −1e-17
            *trials = (*trials - own.trials).max(0.0);
            *events = (*events - own.events).clamp(0.0, *trials);
            gone += own.trials;
            let weight = own.trials * self.spread.get(own.design).copied().unwrap_or_default();
            add_outer(&mut hessian, self.table.row(own.design), -weight);
        }
        for diagonal in hessian.as_mut_slice().iter_mut().step_by(self.table.columns + 1) {
            *diagonal -= RIDGE * gone;
        }
        let ridge = RIDGE * trials.iter().sum::<f64>();
        if let Ok(factor) = factor(hessian) {
            let mut beta = self.beta.clone();
            let mut moved = f64::INFINITY;
            for _ in 0..SHORT_STEPS {
                let step = factor.solve(&self.table.gradient(&trials, &events, &beta, ridge));
                // growing steps: too far from the centre for its factor
                if step.amax() > moved {
                    break;
                }
                moved = step.amax();
                beta += step;
                if moved < SETTLED {
                    return Ok(beta);
                }
            }
        }
        Ok(self.table.newton(&trials, &events, self.beta.clone())?.0)
    }
}

fn factor(hessian: DMatrix<f64>) -> Result<Cholesky<f64, Dyn>, FitError> {
    Cholesky::new(hessian).ok_or(FitError::Singular)
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// Adds `weight · x x'`. Rows are mostly indicators, so zeros are worth skipping.
fn add_outer(matrix: &mut DMatrix<f64>, x: &[f64], weight: f64) {
    if weight == 0.0 {
        return;
    }
    for (column, &value) in matrix.as_mut_slice().chunks_exact_mut(x.len().max(1)).zip(x) {
        if value != 0.0 {
            let scaled = weight * value;
            for (entry, other) in column.iter_mut().zip(x) {
                *entry += scaled * other;
            }
        }
    }
}
