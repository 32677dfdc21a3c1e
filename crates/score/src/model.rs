//! What a model is to everybody else: what it reads, what it says of itself, and how it fails.

use tingxin_text::domain::{Channel, ScoredContact, SegmentedText, Speaker, UtteranceScore};

/// Whose words are read, and whether they were spoken. The same words mean different things:
/// courtesy of staff is a formula, a note reports what somebody else felt, and on a recorded call a
/// mark or a filler is the recogniser's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Voice {
    /// The customer types, or nobody knows how the words came about.
    Customer,
    /// The agent types, or nobody knows.
    Agent,
    /// Staff report in a note.
    Report,
    /// The customer on a recorded conversation.
    CustomerAloud,
    /// The agent on a recorded conversation.
    AgentAloud,
}

impl Voice {
    /// Whose words a text of a contact holds, where `speaker` is `None` for a sentence of a note;
    /// `None` for a system voice, which is never scored.
    #[must_use]
    pub const fn of(speaker: Option<Speaker>, channel: Channel) -> Option<Self> {
        match (speaker, channel.is_spoken()) {
            (Some(Speaker::Customer), false) => Some(Self::Customer),
            (Some(Speaker::Customer), true) => Some(Self::CustomerAloud),
            (Some(Speaker::Agent), false) => Some(Self::Agent),
            (Some(Speaker::Agent), true) => Some(Self::AgentAloud),
            (Some(Speaker::System), _) => None,
            (None, _) => Some(Self::Report),
        }
    }

    /// Whether staff speak to the customer.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Agent | Self::AgentAloud)
    }
}

/// One text to be read.
#[derive(Debug, Clone, Copy)]
pub struct ScoreInput<'a> {
    /// The words to read, with their cues.
    pub text: &'a SegmentedText,
    /// Whose words they are.
    pub voice: Voice,
}

/// What a model is, for the `engine` part of an analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelIdentity {
    /// Name, for example `lexicon-1`.
    pub name: String,
    /// SHA-256 of its files, hexadecimal.
    pub sha256: String,
    /// First 12 digits of the SHA-256 of the word lists.
    pub lexicon_version: String,
}

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// No model of that name.
    #[error("there is no model `{name}`; available: {available}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        available: String,
    },
    /// A file of the model is damaged.
    #[error("model `{name}` cannot be loaded: {reason}")]
    Damaged {
        /// The model.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The program cannot do what was asked for.
    #[error("engine `{engine}` cannot be used: {reason}")]
    Engine {
        /// Its name.
        engine: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// The model failed on a batch.
    #[error("model `{name}` failed: {reason}")]
    Failed {
        /// The model.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

/// Reads emotions. Synchronous and pure: no clock, no metrics, no I/O, and the score of a text
/// depends on that text and its voice alone, never on its neighbours or on the batch.
pub trait EmotionModel: Send {
    /// What it is.
    fn identity(&self) -> &ModelIdentity;

    /// Scores a batch; the answer has the same length and order.
    ///
    /// # Errors
    /// [`ModelError::Failed`] when no text of the batch could be scored.
    fn score(&mut self, batch: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError>;

    /// Reads a scored contact once more, every turn after those before it. A model that reads no
    /// context leaves it as it is.
    fn hear(&self, contact: &mut ScoredContact) {
        let _ = contact;
    }
}
