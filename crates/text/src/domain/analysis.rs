//! The answer that the product gives for one contact: `tingxin.analysis.v1`.

use serde::{Deserialize, Serialize};

use super::{
    About, ContactId, Emotion, EmotionScores, Evidence, Flag, InContext, PublishedFlag, RedactedText,
    RedactionKind, Satisfaction, Signal, Skipped, SourceId, Speaker, Valence,
};

/// What produced an analysis. Two analyses with the same engine and the same input are equal byte
/// by byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Engine {
    /// Name of the emotion model, for example `lexicon-1`.
    pub model: String,
    /// SHA-256 of the model's files, hexadecimal.
    pub model_sha256: String,
    /// Version of the word lists: the first 12 digits of their SHA-256.
    pub lexicon_version: String,
    /// Version of signals and rules.
    pub rules_version: String,
}

impl Engine {
    /// One text that tells this engine from every other.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let model = self.model_sha256.get(..12).unwrap_or(&self.model_sha256);
        format!("{}@{}/lex-{}/rules-{}", self.model, model, self.lexicon_version, self.rules_version)
    }
}

/// A word at its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TokenRecord {
    /// The word as written.
    pub text: String,
    /// First character in the redacted text.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// One turn of a transcript as the model read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UtteranceAnalysis {
    /// Position in the contact, from 0.
    pub index: usize,
    /// Who speaks.
    pub speaker: Speaker,
    /// What was said, without personal data.
    #[schema(value_type = String)]
    pub text: RedactedText,
    /// Words in order.
    pub tokens: Vec<TokenRecord>,
    /// Most probable emotion; null for a system voice.
    pub emotion: Option<Emotion>,
    /// The whole distribution; null for a system voice.
    pub emotions: Option<EmotionScores>,
    /// Expected pleasantness in [-1, 1]; null for a system voice.
    pub valence: Option<Valence>,
    /// Standard deviation of the valence under the distribution, in [0, 1].
    pub valence_sd: Option<f32>,
    /// Whether the text carries enough words to be read.
    pub scorable: bool,
    /// Words that moved the valence, strongest first.
    pub evidence: Vec<Evidence>,
    /// The turn as it is heard after those before it; null for a system voice, and from a model
    /// that reads no context.
    #[serde(default)]
    pub in_context: Option<InContext>,
}

/// What a listener hears in a turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mood {
    /// Most probable emotion.
    pub emotion: Emotion,
    /// Expected pleasantness in [-1, 1].
    pub valence: f32,
    /// Its standard deviation under the distribution, in [0, 1].
    pub spread: f32,
}

impl UtteranceAnalysis {
    /// The mood in its context where the model reads one, else that of the words alone; `None`
    /// where nothing can be read.
    #[must_use]
    pub fn mood(&self) -> Option<Mood> {
        if let Some(InContext { emotion, emotions, valence }) = &self.in_context {
            return Some(Mood { emotion: *emotion, valence: valence.get(), spread: emotions.valence().1 });
        }
        let (emotion, valence) = self.emotion.zip(self.valence).filter(|_| self.scorable)?;
        Some(Mood { emotion, valence: valence.get(), spread: self.valence_sd.unwrap_or_default() })
    }
}

/// One sentence of a note with the emotion that staff *report*. It is never mixed with the emotion
/// that a speaker *expresses*: it has its own list, its own signal and its own rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReportedEmotion {
    /// Position of the sentence in the note, from 0.
    pub index: usize,
    /// The sentence, without personal data.
    #[schema(value_type = String)]
    pub text: RedactedText,
    /// Words in order.
    pub tokens: Vec<TokenRecord>,
    /// Whose emotion it is; null when the sentence reports none.
    pub about: Option<About>,
    /// The reported emotion; null when the sentence reports none.
    pub emotion: Option<Emotion>,
    /// The whole distribution; null when the sentence reports none.
    pub emotions: Option<EmotionScores>,
    /// Expected pleasantness in [-1, 1]; null when the sentence reports none.
    pub valence: Option<Valence>,
    /// Standard deviation of the valence.
    pub valence_sd: Option<f32>,
    /// The words that report it.
    pub evidence: Vec<Evidence>,
}

/// A replaced place in the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RedactionRecord {
    /// Index of the utterance, or of the sentence of a note.
    pub utterance: usize,
    /// First character of the replacement.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// What stood there.
    pub kind: RedactionKind,
}

/// The answer for one contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Analysis {
    /// Always [`Analysis::SCHEMA`].
    pub schema: String,
    /// The contact's source.
    pub source: SourceId,
    /// The contact's id there.
    pub contact_id: ContactId,
    /// The revision that was analysed.
    pub revision: u32,
    /// What produced it.
    pub engine: Engine,
    /// Turns of a transcript; empty for a note.
    pub utterances: Vec<UtteranceAnalysis>,
    /// Sentences of a note; empty for a transcript.
    pub reported: Vec<ReportedEmotion>,
    /// How satisfied the customer is expected to be; null where there is nothing to judge.
    #[serde(default)]
    pub satisfaction: Option<Satisfaction>,
    /// What was measured.
    pub signals: Vec<Signal>,
    /// Reasons to listen to it.
    #[schema(value_type = Vec<PublishedFlag>)]
    pub flags: Vec<Flag>,
    /// What was taken out.
    pub redactions: Vec<RedactionRecord>,
    /// What was not computed, and why.
    pub skipped: Vec<Skipped>,
}

impl Analysis {
    /// The name and version of this format.
    pub const SCHEMA: &'static str = "tingxin.analysis.v1";
}
