//! How well a yes-or-no probability finds what people marked.

use serde::Serialize;

use super::ConfidenceInterval;
use super::interval::resample;

/// Probability from which something counts as found.
const FOUND: f64 = 0.5;

/// Precision, recall and F1 of a probability at one half. All figures are weighted and in [0, 1].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detection {
    /// Number of utterances marked either way.
    pub utterances: usize,
    /// Number of those marked with yes.
    pub positives: usize,
    /// Of what was found, the part that is marked; 0 when nothing was found.
    pub precision: f64,
    /// 95 % bootstrap interval of it.
    pub precision_interval: ConfidenceInterval,
    /// Of what is marked, the part that was found; 0 when nothing is marked.
    pub recall: f64,
    /// 95 % bootstrap interval of it.
    pub recall_interval: ConfidenceInterval,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// 95 % bootstrap interval of it.
    pub f1_interval: ConfidenceInterval,
}

/// One utterance that people marked or did not mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marked {
    pub(super) label: bool,
    pub(super) probability: f64,
    pub(super) weight: f64,
}

#[derive(Default)]
struct DetectionCounts {
    hit: f64,
    found: f64,
    marked: f64,
}

impl DetectionCounts {
    fn of<'a>(items: impl Iterator<Item = &'a Marked>) -> Self {
        let mut counts = Self::default();
        for item in items {
            let found = item.probability >= FOUND;
            counts.found += if found { item.weight } else { 0.0 };
            counts.marked += if item.label { item.weight } else { 0.0 };
            counts.hit += if found && item.label { item.weight } else { 0.0 };
        }
        counts
    }

    fn precision(&self) -> f64 {
        super::report::ratio(self.hit, self.found)
    }

    fn recall(&self) -> f64 {
        super::report::ratio(self.hit, self.marked)
    }

    fn f1(&self) -> f64 {
        super::report::ratio(2.0 * self.hit, self.found + self.marked)
    }
}

impl Detection {
    /// Measures; `None` without any marked utterance.
    pub(super) fn of(items: &[Marked]) -> Option<Self> {
        let counts = DetectionCounts::of(items.iter());
        let interval = |figure: fn(&DetectionCounts) -> f64| {
            resample(items, |drawn| Some(figure(&DetectionCounts::of(drawn.iter().copied()))))
        };
        Some(Self {
            utterances: items.len(),
            positives: items.iter().filter(|item| item.label).count(),
            precision: counts.precision(),
            precision_interval: interval(DetectionCounts::precision)?,
            recall: counts.recall(),
            recall_interval: interval(DetectionCounts::recall)?,
            f1: counts.f1(),
            f1_interval: interval(DetectionCounts::f1)?,
        })
    }
}
