//! The forward pass with the heads and nothing else: what other inference engines compute. For
//! measuring it.

use super::{BATCH_TOKENS, EncoderModel, Pending, Sequence, evidence, voice_row};
use crate::Voice;
use crate::scorer::fitting;
use tingxin_text::domain::EmotionScores;

/// An encoder without evidence, cache and segmentation.
pub struct Forward(EncoderModel);

/// A text as the encoder takes it.
pub struct Tokenised {
    text: Pending,
    voice: Voice,
}

impl Forward {
    pub(crate) const fn new(model: EncoderModel) -> Self {
        Self(model)
    }

    /// Cuts a text into tokens.
    ///
    /// # Errors
    /// The tokenizer's, in words.
    pub fn prepare(&self, text: &str, voice: Voice) -> Result<Tokenised, String> {
        Ok(Tokenised { text: self.0.pending(text, voice)?, voice })
    }

    /// The emotions of texts, in micro-batches like those of the product.
    ///
    /// # Errors
    /// The engine's, in words.
    pub fn run(&mut self, mut texts: &[Tokenised]) -> Result<Vec<EmotionScores>, String> {
        let EncoderModel { loaded, pass, .. } = &mut self.0;
        let (outputs, width) = (&loaded.outputs, loaded.outputs.width());
        let mut emotions = Vec::with_capacity(texts.len());
        while !texts.is_empty() {
            let (now, later) = texts.split_at(fitting(texts, BATCH_TOKENS, |one| one.text.length()));
            let batch: Vec<Sequence> = now.iter().flat_map(|one| one.text.parts.iter().cloned()).collect();
            let mut rest = pass.run(&batch)?;
            for one in now {
                let (states, others) = rest.split_at((one.text.length() * width).min(rest.len()));
                let pooled = evidence::mean(states, width);
                emotions.push(outputs.read(voice_row(one.voice), &pooled).emotions);
                rest = others;
            }
            texts = later;
        }
        Ok(emotions)
    }
}

impl Tokenised {
    /// Number of tokens with the marks.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.text.length()
    }
}
