//! Text in its four states, and positions in it.
//!
//! `RawText → RedactedLine → SegmentedText → ScoredText`. Each state is a type of its own, so that
//! a function that stores, logs or scores text says in its signature that it was redacted.
//!
//! ```compile_fail
//! # use tingxin::domain::{RawText, RedactedText};
//! let raw = RawText::new("我的号码是19900001234".to_owned());
//! let redacted: RedactedText = raw.into(); // there is no such way
//! ```

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::mask::{FORGOTTEN, masked};
use super::{
    About, Cue, CueKind, Emotion, EmotionScores, Heard, NormalText, Span, StaffId, Valence, closed_set,
};

/// Text as it came from the source, with whatever personal data it holds.
///
/// It can be neither printed, serialised, stored nor scored: no trait here allows it.
#[derive(Clone, PartialEq, Eq)]
pub struct RawText(String);

impl RawText {
    /// Wraps text at the door.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself. Only `redact` may ask for it; `tests/it/architecture.rs` holds it to that.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing but white space is in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Length in characters.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }

    /// Length in bytes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.0.len()
    }
}

impl std::fmt::Debug for RawText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawText({} characters hidden)", self.chars())
    }
}

/// Text from which personal data has been taken out.
///
/// `redact` is the only layer that makes one; the store reads back what it wrote, which is why the
/// type can be deserialised at all. `tests/it/architecture.rs` enforces both.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct RedactedText(String);

impl RedactedText {
    /// Declares that `text` went through redaction.
    pub(crate) fn declared_by_redact(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Puts [`FORGOTTEN`] in the place of the words. Taking words away can give nobody away.
    pub(super) fn forget(&mut self) {
        FORGOTTEN.clone_into(&mut self.0);
    }

    /// Puts asterisks in the place of a work number; whether it stood there.
    pub(super) fn mask(&mut self, number: &StaffId) -> bool {
        masked(&self.0, number.as_str()).is_some_and(|text| {
            self.0 = text;
            true
        })
    }
}

closed_set! {
    /// What kind of personal data stood at a place.
    RedactionKind {
        /// Mobile or landline number.
        Phone => "phone", "电话";
        /// Resident identity card number.
        IdCard => "id_card", "身份证号";
        /// Bank card number.
        BankCard => "bank_card", "银行卡号";
        /// Vehicle registration plate.
        Plate => "plate", "车牌";
        /// E-mail address.
        Email => "email", "邮箱";
        /// A person's name.
        Name => "name", "姓名";
        /// A postal address.
        Address => "address", "地址";
        /// The day, month or year in which somebody was born.
        BirthDate => "birth_date", "出生日期";
        /// An account or handle, a password or one-time code, or a long number of unknown kind.
        Number => "number", "号码";
    }
}

/// A replaced place in a redacted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// Where the replacement stands in the redacted text.
    pub span: Span,
    /// What stood there.
    pub kind: RedactionKind,
}

/// A redacted text and what was taken out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedactedLine {
    /// The text without personal data.
    pub text: RedactedText,
    /// Replaced places in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redactions: Vec<Redaction>,
}

/// A word found by segmentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Place in the redacted text.
    pub span: Span,
    /// First byte in the normalised text.
    pub from: usize,
    /// One past the last byte in the normalised text.
    pub to: usize,
}

/// A redacted text cut into words, with the cues that fixed lists found in it.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentedText {
    /// What it was made from.
    pub line: RedactedLine,
    /// A copy in Simplified characters, one for each of the text; `None` where they are the same.
    pub simplified: Option<String>,
    /// The form in which words and cues were matched.
    pub normal: NormalText,
    /// Words in order; blanks and punctuation are left out.
    pub tokens: Vec<Token>,
    /// Cues in order of their start.
    pub cues: Vec<Cue>,
}

impl SegmentedText {
    /// The redacted text in Simplified characters, which models read.
    #[must_use]
    pub fn scored(&self) -> &str {
        self.simplified.as_deref().unwrap_or(self.line.text.as_str())
    }

    /// The words in normalised form.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(|token| self.normal.as_str().get(token.from..token.to).unwrap_or_default())
    }

    /// Whose emotion a sentence of a note reports: the customer's if it reports one other than
    /// neutral, else that of the first report in it.
    #[must_use]
    pub fn reported_about(&self) -> Option<About> {
        let reports = self.cues.iter().filter_map(|cue| match cue.kind {
            CueKind::Reported { about, emotion } => Some((about, emotion)),
            _ => None,
        });
        let customer =
            reports.clone().any(|(about, emotion)| about == About::Customer && emotion != Emotion::Neutral);
        if customer { Some(About::Customer) } else { reports.map(|(about, _)| about).next() }
    }
}

/// Words that moved a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Evidence {
    /// First character in the redacted text.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Change of valence that these words brought, in [-2, 2]; negative is unpleasant.
    pub weight: f32,
}

/// A model's reading of one utterance.
#[derive(Debug, Clone, PartialEq)]
pub struct UtteranceScore {
    /// Distribution over the eight emotions.
    pub emotions: EmotionScores,
    /// Expected valence under that distribution.
    pub valence: Valence,
    /// Standard deviation of valence under that distribution, in [0, 1].
    pub valence_sd: f32,
    /// Whether the text carries enough words to be read at all.
    pub scorable: bool,
    /// Probability that the text insults or threatens the other person, in [0, 1].
    pub abuse: f32,
    /// At most a handful of places, strongest first.
    pub evidence: Vec<Evidence>,
    /// What the model keeps of the utterance to read later ones in its context; `None` for a model
    /// that reads none.
    pub vector: Option<Arc<[f32]>>,
}

impl UtteranceScore {
    /// Builds a score whose valence and spread follow from the distribution.
    #[must_use]
    pub fn from_emotions(
        emotions: EmotionScores,
        scorable: bool,
        abuse: f32,
        evidence: Vec<Evidence>,
    ) -> Self {
        let (valence, valence_sd) = emotions.valence();
        Self { emotions, valence, valence_sd, scorable, abuse: abuse.clamp(0.0, 1.0), evidence, vector: None }
    }

    /// The same score with what the model keeps of the utterance.
    #[must_use]
    pub fn with_vector(self, vector: Option<Vec<f32>>) -> Self {
        Self { vector: vector.map(Arc::from), ..self }
    }
}

/// A segmented text with its score; `None` for a system voice, which is never scored.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredText {
    /// What was scored.
    pub segmented: SegmentedText,
    /// The reading of the text alone.
    pub score: Option<UtteranceScore>,
    /// How it is heard after the turns before; `None` for a system voice, and from a model that
    /// reads no context.
    pub heard: Option<Heard>,
}

impl ScoredText {
    /// What a listener hears: the mood in its context where the model reads one, else that of the
    /// text alone.
    #[must_use]
    pub fn mood(&self) -> Option<&EmotionScores> {
        let heard = self.heard.as_ref().map(|heard| &heard.emotions);
        heard.or_else(|| self.score.as_ref().filter(|score| score.scorable).map(|score| &score.emotions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_text_keeps_silent_when_printed() {
        let raw = RawText::new("我的号码19900001234".to_owned());

        assert_eq!(format!("{raw:?}"), "RawText(15 characters hidden)");
    }
}
