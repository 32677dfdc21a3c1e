//! How good a model's readings are, measured against labels that people gave.
//!
//! Pure mathematics over pairs of «label» and «distribution»: no files, no model, no clock. The
//! bootstrap is seeded, so the same pairs give the same figures to the last digit.
//!
//! | file | asks |
//! |---|---|
//! | `report` | is the class right, and the probability honest? |
//! | `detection` | is abuse found? |
//! | `satisfaction` | does the mood of a contact go with the customer's answer? |
//! | `checks`, `suite` | does the model keep to what must hold whatever it was trained on? |
//! | `redaction` | is what is personal masked, and nothing else? |
//! | `fairness`, `swaps` | does a word change the reading that says nothing about the matter? |

mod checks;
mod classes;
mod detection;
mod fairness;
mod interval;
mod redaction;
mod report;
mod satisfaction;
mod suite;
mod swaps;

pub use checks::{Capability, CheckCase, CheckKind, CheckResult, ExpectedReading, Turns};
pub use classes::{Classified, ValenceClass};
pub use detection::Detection;
pub use fairness::{Attribute, GATE, PairShare, Sensitivity, SwapPair, SwapReading, fairness};
pub use interval::{ConfidenceInterval, RESAMPLES};
pub use redaction::{FoundShare, PersonalPlace, RedactionCount, RedactionFaults, RedactionReport};
pub use report::{CALIBRATION_BINS, ClassReport, ClassificationReport, Confusion};
pub use satisfaction::{Correlation, ExpectedAnswer, SatisfactionReport, Surveyed};
pub use suite::{missed, suite};
pub use swaps::{SwappedPair, Swaps};

use detection::Marked;
use tingxin_text::domain::{Emotion, UtteranceScore};

/// One labelled utterance with a model's reading of it.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedUtterance {
    /// The emotion a person heard, if labelled.
    pub emotion: Option<Emotion>,
    /// The valence class a person heard. Where only the emotion is labelled, its class follows from
    /// it.
    pub valence_class: Option<ValenceClass>,
    /// Whether a person heard an insult or a threat, if labelled.
    pub abuse: Option<bool>,
    /// How much the utterance counts; greater than 0, 1 unless the label file says otherwise.
    pub weight: f64,
    /// The model's reading.
    pub score: UtteranceScore,
}

/// The figures of one set of labelled utterances.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Over the eight emotions; `None` when no utterance is labelled with one.
    pub emotion: Option<ClassificationReport>,
    /// Over negative, neutral and positive; `None` when no utterance is labelled either way.
    pub valence: Option<ClassificationReport>,
    /// Of insults and threats; `None` when no utterance is labelled either way.
    pub abuse: Option<Detection>,
}

impl Evaluation {
    /// Whether nothing was labelled.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.emotion.is_none() && self.valence.is_none() && self.abuse.is_none()
    }
}

/// Compares labels with readings.
#[must_use]
pub fn evaluate(judged: &[JudgedUtterance]) -> Evaluation {
    let emotions: Vec<_> = judged
        .iter()
        .filter_map(|one| {
            let top = one.score.emotions.top();
            one.emotion.map(|label| Classified {
                label,
                predicted: top,
                confidence: f64::from(one.score.emotions.get(top)),
                weight: one.weight,
            })
        })
        .collect();
    let classes: Vec<_> = judged
        .iter()
        .filter_map(|one| {
            let label = one.valence_class.or_else(|| one.emotion.map(ValenceClass::of_emotion))?;
            let (predicted, confidence) = ValenceClass::predicted(&one.score.emotions);
            Some(Classified { label, predicted, confidence, weight: one.weight })
        })
        .collect();
    let marked: Vec<_> = judged
        .iter()
        .filter_map(|one| {
            let probability = f64::from(one.score.abuse);
            one.abuse.map(|label| Marked { label, probability, weight: one.weight })
        })
        .collect();
    Evaluation {
        emotion: ClassificationReport::of(&emotions, Emotion::ALL, Emotion::as_str),
        valence: ClassificationReport::of(&classes, ValenceClass::ALL, ValenceClass::as_str),
        abuse: Detection::of(&marked),
    }
}

#[cfg(test)]
mod tests;
