//! Satisfaction (1 to 3) from the customer's valence: multinomial logistic regression and its
//! macro-F1.
//!
//! The upper bound of what a perfect sentiment classifier could give. Multinomial instead of
//! one-against-the-rest: the middle class is no half-space, and three separate models leave it
//! nothing.

use nalgebra::{DMatrix, DVector};

use crate::{FitError, count};

/// Classes told apart.
pub const CLASSES: usize = 3;
/// Columns of a feature row: intercept, mean, worst, best, mean of the last three customer turns
/// (peak-end rule).
pub const COLUMNS: usize = 5;
/// Ridge on everything but intercepts, that of scikit-learn's default: keeps a class that separates
/// perfectly finite.
const RIDGE: f64 = 1.0;
/// Newton steps allowed; a convex problem of ten parameters settles in under ten.
const STEPS: usize = 50;
/// Largest change of a coefficient that counts as settled.
const SETTLED: f64 = 1e-8;

/// Features of a customer's turns, valence in [−1, 1]; `None` without a turn.
#[must_use]
pub fn features(turns: &[f64]) -> Option<[f64; COLUMNS]> {
    let last = turns.get(turns.len().saturating_sub(3)..)?;
    if turns.is_empty() {
        return None;
    }
    let worst = turns.iter().copied().fold(f64::INFINITY, f64::min);
    let best = turns.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some([1.0, mean(turns), worst, best, mean(last)])
}

fn mean(turns: &[f64]) -> f64 {
    turns.iter().sum::<f64>() / count(turns.len())
}

/// A fitted model: scores of classes 1 and 2 relative to class 0, linear in the features.
#[derive(Debug, Clone, PartialEq)]
pub struct SatisfactionModel {
    coefficients: DVector<f64>,
}

impl SatisfactionModel {
    /// Fits by Newton's method on (features, class below [`CLASSES`]).
    ///
    /// # Errors
    /// [`FitError::TooFew`] with fewer rows than coefficients, [`FitError::Malformed`] for a class
    /// out of range, [`FitError::Singular`] or [`FitError::NoConvergence`] when Newton's method
    /// does not settle.
    pub fn fit(rows: &[([f64; COLUMNS], usize)]) -> Result<Self, FitError> {
        let size = COLUMNS * (CLASSES - 1);
        if rows.len() < size {
            return Err(FitError::TooFew { needed: size, got: rows.len() });
        }
        if rows.iter().any(|(_, class)| *class >= CLASSES) {
            return Err(FitError::Malformed("a satisfaction class is out of range"));
        }
        let mut model = Self { coefficients: DVector::zeros(size) };
        for _ in 0..STEPS {
            let (gradient, information) = model.derivatives(rows);
            let step = information.cholesky().ok_or(FitError::Singular)?.solve(&gradient);
            model.coefficients += &step;
            if step.amax() < SETTLED {
                return Ok(model);
            }
        }
        Err(FitError::NoConvergence(STEPS))
    }

    /// Gradient and information of the penalised log-likelihood. With `d_k = 1[class = k] − p_k`
    /// and `w_kl = p_k (1[k = l] − p_l)` a row adds `d ⊗ x` and `w ⊗ xx'`.
    fn derivatives(&self, rows: &[([f64; COLUMNS], usize)]) -> (DVector<f64>, DMatrix<f64>) {
        let size = self.coefficients.len();
        let ridge = DVector::from_fn(size, |at, _| if at % COLUMNS == 0 { 0.0 } else { RIDGE });
        let mut gradient = -ridge.component_mul(&self.coefficients);
        let mut information = DMatrix::from_diagonal(&ridge);
        for (x, class) in rows {
            let [_, one, two] = self.probabilities(x);
            let hit = |k: usize| if *class == k { 1.0 } else { 0.0 };
            let missed = DVector::from_column_slice(&[hit(1) - one, hit(2) - two]);
            let weights =
                DMatrix::from_row_slice(2, 2, &[one - one * one, -one * two, -one * two, two - two * two]);
            let x = DVector::from_column_slice(x);
            gradient += missed.kronecker(&x);
            information += weights.kronecker(&(&x * x.transpose()));
        }
        (gradient, information)
    }

    /// Probabilities of the classes, summing to 1.
    #[must_use]
    pub fn probabilities(&self, x: &[f64; COLUMNS]) -> [f64; CLASSES] {
        let mut scores = [0.0; CLASSES];
        for (score, own) in scores.iter_mut().skip(1).zip(self.coefficients.as_slice().chunks(COLUMNS)) {
            *score = own.iter().zip(x).map(|(b, x)| b * x).sum();
        }
        let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let all: f64 = scores.iter().map(|score| (score - top).exp()).sum();
        scores.map(|score| (score - top).exp() / all)
    }

    /// The most probable class.
    #[must_use]
    pub fn class(&self, x: &[f64; COLUMNS]) -> usize {
        let p = self.probabilities(x);
        p.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(class, _)| class)
    }
}

/// Mean over classes of F1 of (true, predicted) pairs; a class that never occurs on either side is
/// left out. NaN without any pair.
#[must_use]
pub fn macro_f1(pairs: &[(usize, usize)]) -> f64 {
    let f1: Vec<f64> = (0..CLASSES)
        .filter_map(|class| {
            let number = |hit: fn(bool, bool) -> bool| {
                count(pairs.iter().filter(|(truth, said)| hit(*truth == class, *said == class)).count())
            };
            let (both, either) = (number(|t, s| t && s), number(|t, s| t != s));
            (both + either > 0.0).then(|| 2.0 * both / (2.0 * both + either))
        })
        .collect();
    f1.iter().sum::<f64>() / count(f1.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::generator;
    use rand::Rng;

    #[test]
    fn peak_and_end_are_read_off_the_turns() {
        assert_eq!(features(&[1.0, -1.0, 0.0, 0.0, 0.0]), Some([1.0, 0.0, -1.0, 1.0, 0.0]));
        assert_eq!(features(&[0.5]), Some([1.0, 0.5, 0.5, 0.5, 0.5]));
        assert_eq!(features(&[]), None);
    }

    #[test]
    fn the_model_finds_the_probabilities_the_data_were_made_with() {
        let mut rng = generator(1, &[9]);
        let truth = SatisfactionModel {
            coefficients: DVector::from_vec(vec![0.5, 1.0, 0.0, 0.0, 0.5, -0.5, 3.0, 0.0, 0.0, 1.0]),
        };
        let rows: Vec<([f64; COLUMNS], usize)> = (0..6000)
            .map(|_| {
                let mut turn = || 2.0 * rng.random::<f64>() - 1.0;
                let x = [1.0, turn(), turn(), turn(), turn()];
                let (p, u) = (truth.probabilities(&x), rng.random::<f64>());
                (x, if u < p[0] { 0 } else { usize::from(u >= p[0] + p[1]) + 1 })
            })
            .collect();
        let model = SatisfactionModel::fit(&rows).unwrap();
        assert!((&model.coefficients - &truth.coefficients).amax() < 0.25, "{}", model.coefficients);
        assert!((model.probabilities(&rows[0].0).iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn macro_f1_counts_every_class_alike() {
        assert!((macro_f1(&[(0, 0), (1, 1), (2, 2)]) - 1.0).abs() < 1e-12);
        // F1 of class 0 is 2/3, of class 1 is 0, of class 2 is 1.
        assert!((macro_f1(&[(0, 0), (1, 0), (2, 2)]) - 5.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn a_class_out_of_range_is_refused() {
        assert!(matches!(SatisfactionModel::fit(&[([1.0; COLUMNS], 3); 20]), Err(FitError::Malformed(_))));
        assert!(matches!(SatisfactionModel::fit(&[]), Err(FitError::TooFew { needed: 10, got: 0 })));
    }
}
