//! Coefficients and clustered errors from a panel's sums.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

use super::Panel;
use crate::distribution::{Interval, Z_95};
use crate::{FitError, count};

/// The measurement-error correction is dropped when it leaves less than this share of the smallest
/// eigenvalue
///: beyond it the corrected estimate is mostly the assumed reliability, not the data.
const GUARD: f64 = 0.2;
/// A regressor with less variance than this per row is constant up to rounding. Scores lie in
/// [−1, 1].
const CONSTANT: f64 = 1e-20;
/// Smallest eigenvalue of the regressors' correlation matrix that still tells them apart in double
/// precision.
const COLLINEAR: f64 = 1e-10;

/// A fitted within-contact regression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// One per kept regressor, in the order of `keep`: change of the outcome per unit of the
    /// regressor.
    pub coefficients: Vec<f64>,
    /// Standard errors of the coefficients, clustered by contact.
    pub errors: Vec<f64>,
    /// Contacts used.
    pub contacts: usize,
    /// Rows used.
    pub rows: usize,
    /// Variance of the outcome left within contacts, before any correction.
    pub residual_variance: f64,
    /// The correction for measurement error was asked for and not applied: the coefficients are
    /// biased towards 0.
    pub attenuated: bool,
}

impl Fit {
    /// 95 % interval of coefficient `i` (position in `keep`), normal approximation: it covers
    /// .92–.95 from 30 contacts.
    #[must_use]
    pub fn interval(&self, i: usize) -> Option<Interval> {
        Some(Interval::around(*self.coefficients.get(i)?, *self.errors.get(i)?, Z_95))
    }

    /// Coefficient `i` in standard errors.
    #[must_use]
    pub fn z(&self, i: usize) -> Option<f64> {
        Some(self.coefficients.get(i)? / self.errors.get(i)?)
    }
}

/// The sums of the kept regressors as matrices.
struct PanelMatrices {
    keep: Vec<usize>,
    xx: DMatrix<f64>,
    xy: DVector<f64>,
    degrees: f64,
}

impl<const P: usize> Panel<P> {
    /// Fits the outcome on the regressors in `keep` (indices below `P`, each once; submodels come
    /// from the same sums).
    ///
    /// `error_variance` holds the measurement-error variance of each of the `P` regressors, 0 for
    /// an exact one. When correcting would leave less than a fifth of the smallest eigenvalue, the
    /// result is uncorrected and says so.
    ///
    /// # Errors
    /// [`FitError::TooFew`] with no more contacts than regressors, [`FitError::Singular`] when a
    /// regressor is constant within contacts or a combination of the others,
    /// [`FitError::Malformed`] for a bad `keep` or error variance.
    pub fn fit(&self, keep: &[usize], error_variance: &[f64; P]) -> Result<Fit, FitError> {
        let sums = self.sums(keep)?;
        if error_variance.iter().any(|value| !value.is_finite() || *value < 0.0) {
            return Err(FitError::Malformed("an error variance is negative or not finite"));
        }
        let wanted =
            DVector::from_iterator(keep.len(), keep.iter().filter_map(|&i| error_variance.get(i).copied()));
        let corrected = &sums.xx - DMatrix::from_diagonal(&(&wanted * sums.degrees));
        let attenuated =
            wanted.amax() > 0.0 && smallest_eigenvalue(&corrected) < GUARD * smallest_eigenvalue(&sums.xx);
        let (moment, variance) =
            if attenuated { (sums.xx.clone(), DVector::zeros(keep.len())) } else { (corrected, wanted) };
        let inverse = moment.try_inverse().ok_or(FitError::Singular)?;
        let coefficients = &inverse * &sums.xy;
        let meat = self.meat(&sums, &coefficients, &variance);
        let clusters = count(self.contacts) / (count(self.contacts) - 1.0);
        let errors = (&inverse * meat * &inverse).diagonal().map(|value| (value * clusters).max(0.0).sqrt());
        let left = self.yy - 2.0 * coefficients.dot(&sums.xy) + coefficients.dot(&(&sums.xx * &coefficients));
        Ok(Fit {
            coefficients: coefficients.iter().copied().collect(),
            errors: errors.iter().copied().collect(),
            contacts: self.contacts,
            rows: self.rows,
            residual_variance: (left / (sums.degrees - count(keep.len())).max(1.0)).max(0.0),
            attenuated,
        })
    }

    /// The kept part of Σu, checked.
    fn sums(&self, keep: &[usize]) -> Result<PanelMatrices, FitError> {
        let repeated =
            keep.iter().enumerate().any(|(at, i)| keep.iter().skip(at + 1).any(|other| other == i));
        if keep.is_empty() || repeated || keep.iter().any(|&i| i >= P) {
            return Err(FitError::Malformed("keep must name existing regressors, each once"));
        }
        if self.contacts <= keep.len() {
            return Err(FitError::TooFew { needed: keep.len() + 1, got: self.contacts });
        }
        let size = keep.len();
        let at = |position: usize| self.sum.get(position).copied().unwrap_or_default();
        let xx = DMatrix::from_iterator(
            size,
            size,
            keep.iter().flat_map(|&i| keep.iter().map(move |&j| at(product::<P>(i, j)))),
        );
        let xy = DVector::from_iterator(size, keep.iter().map(|&i| at(i)));
        let sums = PanelMatrices { keep: keep.to_vec(), xx, xy, degrees: at(Self::WIDTH - 1) };
        let diagonal = sums.xx.diagonal();
        if diagonal.min() <= CONSTANT * sums.degrees {
            return Err(FitError::Singular);
        }
        let scale = DMatrix::from_diagonal(&diagonal.map(|value| 1.0 / value.sqrt()));
        if (&scale * &sums.xx * &scale).symmetric_eigenvalues().min() < COLLINEAR {
            return Err(FitError::Singular);
        }
        Ok(sums)
    }

    /// Σ g g' of the contacts' scores g = xy − xx·b + df·σ²·b. Each score is a linear map of `u`,
    /// so the sum is that map around Σuu'.
    fn meat(
        &self,
        sums: &PanelMatrices,
        coefficients: &DVector<f64>,
        variance: &DVector<f64>,
    ) -> DMatrix<f64> {
        let width = Self::WIDTH;
        let mut map = DMatrix::<f64>::zeros(sums.keep.len(), width);
        for (row, (&i, own)) in sums.keep.iter().zip(coefficients).enumerate() {
            put(&mut map, (row, i), 1.0);
            for (&j, coefficient) in sums.keep.iter().zip(coefficients) {
                put(&mut map, (row, product::<P>(i, j)), -coefficient);
            }
            put(&mut map, (row, width - 1), variance.get(row).copied().unwrap_or_default() * own);
        }
        let mut outer = DMatrix::<f64>::zeros(width, width);
        let pairs = (0..width).flat_map(|i| (i..width).map(move |j| (i, j)));
        for ((i, j), &value) in pairs.zip(&self.outer) {
            put(&mut outer, (i, j), value);
            put(&mut outer, (j, i), value);
        }
        &map * outer * map.transpose()
    }
}

fn smallest_eigenvalue(matrix: &DMatrix<f64>) -> f64 {
    matrix.clone().symmetric_eigenvalues().min()
}

/// Writes one entry. Positions come from the same `P` as the shape.
fn put(matrix: &mut DMatrix<f64>, at: (usize, usize), value: f64) {
    if let Some(entry) = matrix.get_mut(at) {
        *entry = value;
    }
}

/// Position in `u` of the products of regressors `i` and `j`: after the `P` products with the
/// outcome, upper triangle row by row.
fn product<const P: usize>(i: usize, j: usize) -> usize {
    let (low, high) = (i.min(j), i.max(j));
    // row `low` starts after the rows above it, which hold P, P − 1, … entries
    P + low * (2 * P + 1 - low) / 2 + (high - low)
}
