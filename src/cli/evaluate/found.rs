//! What was found of each model.

use serde::Serialize;

use crate::domain::Engine;
use crate::evaluate::{ClassificationReport, Detection, SatisfactionReport, Sensitivity};

/// The figures of one model. Those over the eight emotions stand at the top; `valence` has the same
/// fields over negative, neutral and positive.
#[derive(Debug, Serialize)]
pub(super) struct ModelRow {
    pub(super) engine: Engine,
    #[serde(flatten)]
    pub(super) emotion: Option<ClassificationReport>,
    pub(super) valence: Option<ClassificationReport>,
    pub(super) abuse: Option<Detection>,
    pub(super) satisfaction: Option<SatisfactionReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fairness: Option<Vec<Sensitivity>>,
}

/// A row with what differs from run to run.
#[derive(Debug, Serialize)]
pub(super) struct Timed {
    #[serde(flatten)]
    pub(super) row: ModelRow,
    /// One thread, no cache, redaction and segmentation included.
    pub(super) utterances_per_second: f64,
}

impl ModelRow {
    pub(super) const fn is_empty(&self) -> bool {
        self.emotion.is_none()
            && self.valence.is_none()
            && self.abuse.is_none()
            && self.satisfaction.is_none()
    }
}

/// Everything that was found.
pub(super) struct ModelComparison {
    pub(super) rows: Vec<Timed>,
    /// Lines that were refused.
    pub(super) refused: u64,
    /// Contacts that carry no survey, or no words of the customer's own.
    pub(super) unanswered: u64,
}
