//! Accuracy, F1, confusion and calibration of one set of classes.

use serde::Serialize;

use super::interval::{Seeded, count};
use super::{Classified, ConfidenceInterval, RESAMPLES};

/// Equal-width bins of the top probability behind the calibration error, the number used by
/// Guo et al. 2017 («On Calibration of Modern Neural Networks») and most work since.
pub const CALIBRATION_BINS: usize = 15;

/// How well one class is found. All figures are weighted and in [0, 1] except the supports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassReport {
    /// Name of the class.
    pub class: &'static str,
    /// Of what was predicted as the class, the part that is; 0 when it was never predicted.
    pub precision: f64,
    /// Of what is the class, the part that was found.
    pub recall: f64,
    /// Harmonic mean of the two; 0 when both are.
    pub f1: f64,
    /// Sum of weights labelled with the class.
    pub support: f64,
}

/// Sums of weights by label (rows) and prediction (columns).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confusion {
    /// Names of rows and columns.
    pub classes: Vec<&'static str>,
    /// `rows[label][prediction]`.
    pub rows: Vec<Vec<f64>>,
}

/// The figures over one set of classes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassificationReport {
    /// Number of labelled utterances.
    pub utterances: usize,
    /// Weighted part of utterances whose prediction is the label.
    pub accuracy: f64,
    /// 95 % bootstrap interval of it.
    pub accuracy_interval: ConfidenceInterval,
    /// Mean F1 over the classes that occur among the labels.
    pub macro_f1: f64,
    /// 95 % bootstrap interval of it.
    pub macro_f1_interval: ConfidenceInterval,
    /// Expected calibration error in [0, 1].
    pub calibration_error: f64,
    /// Figures of each class that occurs among the labels.
    pub per_class: Vec<ClassReport>,
    /// Classes that no label names; left out of `macro_f1`.
    pub absent_classes: Vec<&'static str>,
    /// Who was taken for whom.
    pub confusion: Confusion,
}

impl ClassificationReport {
    /// Measures; `None` without any utterance.
    pub(super) fn of<C: Copy + PartialEq>(
        items: &[Classified<C>],
        classes: &[C],
        name: impl Fn(C) -> &'static str,
    ) -> Option<Self> {
        let cells: Vec<LabelledPrediction> = items
            .iter()
            .map(|item| LabelledPrediction {
                label: index_of(classes, item.label),
                predicted: index_of(classes, item.predicted),
                weight: item.weight,
            })
            .collect();
        let matrix = ConfusionMatrix::of(cells.iter(), classes.len());
        let (accuracy, macro_f1) = (matrix.accuracy()?, matrix.macro_f1()?);
        let intervals = bootstrap(&cells, classes.len())?;
        let names: Vec<_> = classes.iter().map(|class| name(*class)).collect();
        let present = |at: &usize| matrix.support(*at) > 0.0;
        Some(Self {
            utterances: items.len(),
            accuracy,
            accuracy_interval: intervals.accuracy,
            macro_f1,
            macro_f1_interval: intervals.macro_f1,
            calibration_error: calibration_error(
                CALIBRATION_BINS,
                items.iter().map(|item| Forecast {
                    weight: item.weight,
                    hit: item.label == item.predicted,
                    confidence: item.confidence,
                }),
            ),
            per_class: names
                .iter()
                .enumerate()
                .filter(|(at, _)| present(at))
                .map(|(at, class)| matrix.class(at, class))
                .collect(),
            absent_classes: names
                .iter()
                .enumerate()
                .filter(|(at, _)| !present(at))
                .map(|(_, name)| *name)
                .collect(),
            confusion: Confusion { classes: names, rows: matrix.rows },
        })
    }
}

fn index_of<C: Copy + PartialEq>(classes: &[C], class: C) -> usize {
    classes.iter().position(|c| *c == class).unwrap_or_default()
}

#[derive(Clone, Copy)]
struct LabelledPrediction {
    label: usize,
    predicted: usize,
    weight: f64,
}

struct ConfusionMatrix {
    rows: Vec<Vec<f64>>,
}

impl ConfusionMatrix {
    fn of<'a>(cells: impl Iterator<Item = &'a LabelledPrediction>, classes: usize) -> Self {
        let mut rows = vec![vec![0.0; classes]; classes];
        for cell in cells {
            if let Some(sum) = rows.get_mut(cell.label).and_then(|row| row.get_mut(cell.predicted)) {
                *sum += cell.weight;
            }
        }
        Self { rows }
    }

    fn at(&self, label: usize, predicted: usize) -> f64 {
        self.rows.get(label).and_then(|row| row.get(predicted)).copied().unwrap_or_default()
    }

    fn support(&self, label: usize) -> f64 {
        self.rows.get(label).map(|row| row.iter().sum()).unwrap_or_default()
    }

    fn class(&self, at: usize, class: &'static str) -> ClassReport {
        let (hit, support) = (self.at(at, at), self.support(at));
        let predicted: f64 = (0..self.rows.len()).map(|label| self.at(label, at)).sum();
        ClassReport {
            class,
            precision: ratio(hit, predicted),
            recall: ratio(hit, support),
            // 2·hit / (predicted + support) is the harmonic mean without its 0 / 0.
            f1: ratio(2.0 * hit, predicted + support),
            support,
        }
    }

    fn accuracy(&self) -> Option<f64> {
        let total: f64 = self.rows.iter().flatten().sum();
        let hits: f64 = (0..self.rows.len()).map(|at| self.at(at, at)).sum();
        (total > 0.0).then(|| hits / total)
    }

    /// Mean F1 over classes with support. A prediction of a class without support still costs: it
    /// is missing from the recall of the class that was labelled.
    fn macro_f1(&self) -> Option<f64> {
        let scores: Vec<f64> = (0..self.rows.len())
            .filter(|at| self.support(*at) > 0.0)
            .map(|at| self.class(at, "").f1)
            .collect();
        mean(&scores)
    }
}

pub(super) fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count(values.len()))
}

struct BootstrapIntervals {
    accuracy: ConfidenceInterval,
    macro_f1: ConfidenceInterval,
}

/// One draw serves both figures. Draws as many utterances as there are, with replacement,
/// [`RESAMPLES`] times.
fn bootstrap(cells: &[LabelledPrediction], classes: usize) -> Option<BootstrapIntervals> {
    let mut seeded = Seeded::fixed();
    let (mut accuracies, mut scores) = (Vec::with_capacity(RESAMPLES), Vec::with_capacity(RESAMPLES));
    for _ in 0..RESAMPLES {
        let drawn = (0..cells.len()).filter_map(|_| cells.get(seeded.below(cells.len())));
        let matrix = ConfusionMatrix::of(drawn, classes);
        accuracies.extend(matrix.accuracy());
        scores.extend(matrix.macro_f1());
    }
    Some(BootstrapIntervals {
        accuracy: ConfidenceInterval::of_draws(accuracies)?,
        macro_f1: ConfidenceInterval::of_draws(scores)?,
    })
}

/// Something said with a probability.
pub(super) struct Forecast {
    /// How much it counts, from 0.
    pub(super) weight: f64,
    /// Whether it came true.
    pub(super) hit: bool,
    /// The probability, in [0, 1].
    pub(super) confidence: f64,
}

/// Expected calibration error over `items`, in equal-width bins.
pub(super) fn calibration_error(bins: usize, items: impl Iterator<Item = Forecast>) -> f64 {
    #[derive(Clone, Copy, Default)]
    struct Bin {
        weight: f64,
        hits: f64,
        confidence: f64,
    }
    let mut filled = vec![Bin::default(); bins];
    for Forecast { weight, hit, confidence } in items {
        if let Some(bin) = filled.get_mut(bin_of(confidence, bins)) {
            bin.weight += weight;
            bin.confidence += weight * confidence;
            bin.hits += if hit { weight } else { 0.0 };
        }
    }
    let total: f64 = filled.iter().map(|bin| bin.weight).sum();
    ratio(filled.iter().map(|bin| (bin.hits - bin.confidence).abs()).sum(), total)
}

/// Bins are open below and closed above, so that a probability of 1 lies in the last one.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the product lies between 0 and the number of bins"
)]
fn bin_of(confidence: f64, bins: usize) -> usize {
    let place = (confidence.clamp(0.0, 1.0) * bins as f64).ceil() as usize;
    place.saturating_sub(1)
}
