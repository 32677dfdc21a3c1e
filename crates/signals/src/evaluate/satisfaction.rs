//! How well the course of the customer's mood tells what the customer answered afterwards.

use serde::Serialize;

use super::ConfidenceInterval;
use super::interval::{count, resample};
use super::report::{Forecast, calibration_error};
use tingxin_text::domain::SatisfactionScores;

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
    /// What a model expects that reads in context.
    pub expected: Option<ExpectedAnswer>,
}

/// What a model expects of a customer's answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedAnswer {
    /// Satisfaction from 1 to 5.
    pub value: f64,
    /// Probability of dissatisfaction, in [0, 1].
    pub dissatisfied: f64,
}

/// Equal-width bins of the probability behind the calibration error of dissatisfaction. Fewer than
/// for utterances, because surveys are few.
const BINS: usize = 5;

/// Agreement of two orders.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Correlation {
    /// Spearman's rank correlation in [-1, 1].
    pub rho: f64,
    /// 95 % bootstrap interval of it, resampled by contact.
    pub interval: ConfidenceInterval,
}

/// Rank correlations with the customers' answers. `None` where all answers or all predictions are
/// alike.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SatisfactionReport {
    /// Number of contacts.
    pub contacts: usize,
    /// Of the average of mean, worst stretch and end.
    pub mean_worst_end: Option<Correlation>,
    /// Of the mean alone.
    pub mean: Option<Correlation>,
    /// Of the end alone.
    pub end: Option<Correlation>,
    /// Of the satisfaction that the model expects, over the contacts of which it expects any;
    /// `None` for a model that reads no context.
    pub expected: Option<Correlation>,
    /// Share of pairs of a dissatisfied and another customer of which the model is surer that the
    /// first is dissatisfied; ties count half. `None` where all or none are dissatisfied.
    pub auc: Option<f64>,
    /// Mean distance between the probability of dissatisfaction and the share of the dissatisfied,
    /// over five bins.
    pub calibration_error: Option<f64>,
}

impl SatisfactionReport {
    /// Measures; `None` without any contact.
    #[must_use]
    pub fn of(contacts: &[Surveyed]) -> Option<Self> {
        let known: Vec<(f64, ExpectedAnswer)> =
            contacts.iter().filter_map(|one| Some((one.answer, one.expected?))).collect();
        let judged: Vec<(bool, f64)> = known
            .iter()
            .map(|(answer, expected)| (is_dissatisfied(*answer), expected.dissatisfied))
            .collect();
        let values: Vec<_> = known.iter().map(|(answer, expected)| (*answer, expected.value)).collect();
        (!contacts.is_empty()).then(|| Self {
            contacts: contacts.len(),
            expected: correlation(&values),
            auc: auc(&judged),
            calibration_error: miscalibration(&judged),
            mean_worst_end: against(contacts, |one| one.predicted),
            mean: against(contacts, |one| one.mean),
            end: against(contacts, |one| one.end),
        })
    }
}

/// Rank correlation of the answers with a mood of the contacts.
fn against(contacts: &[Surveyed], mood: fn(&Surveyed) -> f64) -> Option<Correlation> {
    correlation(&contacts.iter().map(|one| (one.answer, mood(one))).collect::<Vec<_>>())
}

fn miscalibration(judged: &[(bool, f64)]) -> Option<f64> {
    let items =
        judged.iter().map(|(happened, said)| Forecast { weight: 1.0, hit: *happened, confidence: *said });
    (!judged.is_empty()).then(|| calibration_error(BINS, items))
}

/// Whether an answer from 0 to 1 lies as low as the steps that the model's probability of
/// dissatisfaction sums up.
fn is_dissatisfied(answer: f64) -> bool {
    answer * f64::from(SatisfactionScores::STEPS - 1) + 1.0 <= f64::from(SatisfactionScores::DISSATISFIED)
}

fn correlation(pairs: &[(f64, f64)]) -> Option<Correlation> {
    let rho = spearman(pairs)?;
    let interval = resample(pairs, |drawn| spearman(&drawn.iter().map(|pair| **pair).collect::<Vec<_>>()))?;
    Some(Correlation { rho, interval })
}

/// The area under the curve of hits by false alarms, as the share of pairs in the right order.
fn auc(judged: &[(bool, f64)]) -> Option<f64> {
    let of = |wanted: bool| judged.iter().filter(move |one| one.0 == wanted).map(|one| one.1);
    let (low, others) = (of(true).count(), of(false).count());
    let right: f64 = of(true)
        .flat_map(|p| {
            of(false).map(move |q| {
                if p > q {
                    1.0
                } else if p < q {
                    0.0
                } else {
                    0.5
                }
            })
        })
        .sum();
    (low > 0 && others > 0).then(|| right / (count(low) * count(others)))
}

/// Pearson's correlation of the ranks; equals share the mean of their ranks. `None` when one side
/// does not vary.
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
                let dissatisfied = 1.0 - answer;
                let expected = Some(ExpectedAnswer { value: 1.0 + 4.0 * answer, dissatisfied });
                Surveyed { answer, predicted: answer.powi(3), mean: -answer, end: 0.0, expected }
            })
            .collect();

        let found = SatisfactionReport::of(&contacts).unwrap();

        close(found.mean_worst_end.unwrap().rho, 1.0);
        close(found.mean_worst_end.unwrap().interval.low, 1.0);
        close(found.mean.unwrap().rho, -1.0);
        assert!(found.end.is_none(), "what never varies says nothing");
        assert!(SatisfactionReport::of(&[]).is_none());
        close(found.expected.unwrap().rho, 1.0);
        close(found.auc.unwrap(), 1.0);
    }

    #[test]
    fn a_model_that_says_eight_of_ten_and_is_right_so_often_is_calibrated() {
        let judged: Vec<_> = (0..10).map(|n| (n < 8, 0.8)).collect();

        close(miscalibration(&judged).unwrap(), 0.0);
        close(miscalibration(&[(true, 0.1), (false, 0.9)]).unwrap(), 0.9);
        close(auc(&[(true, 0.5), (false, 0.5)]).unwrap(), 0.5);
        assert!(auc(&[(true, 0.5)]).is_none() && miscalibration(&[]).is_none());
    }
}
