//! The lexicon model: word lists, what stands around the words, and arithmetic that can be followed
//! by hand.
//!
//! It is the explainable control, not a language model. In order:
//!
//! 1. Emotion terms are found by longest match in the normalised text, among those for everybody
//!    and for the voice that speaks. Neutral entries protect their place: «怎么办理» is no despair.
//! 2. Terms inside script formulas count nothing; a customer's closing «谢谢» counts as a hint. What
//!    staff say *about the customer's* feeling («您别着急», «您说太慢了») is not theirs and counts nothing.
//! 3. Words around a term turn it: negators within their reach invert pleasant terms to mild
//!    annoyance and take unpleasant ones away, two negators cancel out, degree words multiply, and
//!    what is wished for or supposed is hardly there yet.
//! 4. Cues add their evidence: rhetorical questions, insults, threats, lapses of staff. Praise
//!    beside a hostile cue is not meant.
//! 5. The pieces are weighed by `weigh.rs`; exclamation marks amplify what is there and create
//!    nothing.
//!
//! In a note only reported emotions count. What it cannot do is written in `models/README.md`:
//! irony without a hostile word, and anger in plain words, escape it.

mod abuse;
mod modifiers;
mod report;
mod speech;
mod terms;
mod weigh;

use std::sync::{Arc, OnceLock};

use speech::SpeechReader;

use crate::{EmotionModel, ModelError, ModelIdentity, ScoreInput, Voice};
use tingxin_text::domain::UtteranceScore;
use tingxin_text::lexicon::ListError;

/// The automata never change: one copy serves every thread's model.
static SPEECH: OnceLock<Arc<SpeechReader>> = OnceLock::new();

/// Reads emotions with word lists.
pub(super) struct LexiconModel {
    identity: ModelIdentity,
    speech: Arc<SpeechReader>,
}

impl LexiconModel {
    /// Loads the embedded lists.
    pub(super) fn new(identity: ModelIdentity) -> Result<Self, ListError> {
        if let Some(speech) = SPEECH.get() {
            return Ok(Self { identity, speech: Arc::clone(speech) });
        }
        let loaded = Arc::new(SpeechReader::new()?);
        // Two threads may load at the same time; one result is kept and both are equal.
        Ok(Self { identity, speech: Arc::clone(SPEECH.get_or_init(|| loaded)) })
    }

    fn read(&self, input: &ScoreInput<'_>) -> UtteranceScore {
        match input.voice {
            Voice::Report => report::read(input.text),
            voice => self.speech.read(input.text, voice.is_staff()),
        }
    }
}

impl EmotionModel for LexiconModel {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn score(&mut self, batch: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError> {
        Ok(batch.iter().map(|input| self.read(input)).collect())
    }
}
