//! How well the course of the customer's mood tells what the customer answered afterwards.

use serde::Serialize;

use super::Interval;
use super::interval::{count, resample};

/// One contact with a survey. The moods are valences in [-1, 1].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surveyed {
    /// What the customer answered, 0 (worst) to 1.
    pub answer: f64,
    /// The prediction from mean, worst stretch and end.
    pub predicted: f64,
    /// The mean mood alone.
    pub mean: f64,
    /// The mood at the end alone.
    pub end: f64,
}

/// Agreement of two orders.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Correlation {
    /// Spearman's rank correlation in [-1, 1].
    pub rho: f64,
    /// 95 % bootstrap interval of it, resampled by contact.
    pub interval: Interval,
}

/// Rank correlations with the customers' answers. `None` where all answers or all predictions are alike.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Satisfaction {
    /// Number of contacts.
    pub contacts: usize,
    /// Of the average of mean, worst stretch and end.
    pub mean_worst_end: Option<Correlation>,
    /// Of the mean alone.
    pub mean: Option<Correlation>,
    /// Of the end alone.
    pub end: Option<Correlation>,
}

impl Satisfaction {
    /// Measures; `None` without any contact.
    #[must_use]
    pub fn of(contacts: &[Surveyed]) -> Option<Self> {
        let against = |mood: fn(&Surveyed) -> f64| {
            let pairs: Vec<_> = contacts.iter().map(|one| (one.answer, mood(one))).collect();
            Some(Correlation {
                rho: spearman(&pairs)?,
                interval: resample(&pairs, |drawn| {
                    spearman(&drawn.iter().map(|pair| **pair).collect::<Vec<_>>())
                })?,
            })
        };
        (!contacts.is_empty()).then(|| Self {
            contacts: contacts.len(),
            mean_worst_end: against(|one| one.predicted),
            mean: against(|one| one.mean),
            end: against(|one| one.end),
        })
    }
}

/// Pearson's correlation of the ranks; equals share the mean of their ranks. `None` when one side does
/// not vary.
fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    let one = ranks(pairs.iter().map(|pair| pair.0).collect());
    let other = ranks(pairs.iter().map(|pair| pair.1).collect());
    // The mean of ranks is the same with ties as without.
    let middle = f64::midpoint(count(pairs.len()), 1.0);
    let (mut both, mut left, mut right) = (0.0, 0.0, 0.0);
    for (a, b) in one.iter().zip(&other) {
        let (a, b) = (a - middle, b - middle);
        both += a * b;
        left += a * a;
        right += b * b;
    }
    (left > 0.0 && right > 0.0).then(|| both / (left * right).sqrt())
}

fn ranks(values: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<_> = values.into_iter().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut ranked = vec![0.0; order.len()];
    let mut before = 0;
    for equals in order.chunk_by(|a, b| a.1.total_cmp(&b.1).is_eq()) {
        let rank = count(before) + f64::midpoint(count(equals.len()), 1.0);
        for (at, _) in equals {
            if let Some(place) = ranked.get_mut(*at) {
                *place = rank;
            }
        }
        before += equals.len();
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    /// By hand: answers rank 1, 2.5, 2.5, 4; moods rank 1, 3, 2, 4. Deviations from 2.5 give
    /// (2.25 + 0 + 0 + 2.25) / √(4.5 · 5) = .948683.
    #[test]
    fn equals_share_the_mean_of_their_ranks() {
        let rho = spearman(&[(1.0, -0.9), (2.0, 0.4), (2.0, 0.1), (5.0, 0.5)]).unwrap();

        close(rho, 4.5 / 22.5_f64.sqrt());
    }

    #[test]
    fn a_perfect_order_is_one_and_a_reversed_one_is_minus_one() {
        let contacts: Vec<_> = (0..30)
            .map(|n| {
                let answer = f64::from(n) / 30.0;
                Surveyed { answer, predicted: answer.powi(3), mean: -answer, end: 0.0 }
            })
            .collect();

        let found = Satisfaction::of(&contacts).unwrap();

        close(found.mean_worst_end.unwrap().rho, 1.0);
        close(found.mean_worst_end.unwrap().interval.low, 1.0);
        close(found.mean.unwrap().rho, -1.0);
        assert!(found.end.is_none(), "what never varies says nothing");
        assert!(Satisfaction::of(&[]).is_none());
    }
}
