//! A model behind a cache, fed in batches of bounded size.

use std::collections::HashMap;

use super::cache::ScoreCache;
use super::{EmotionModel, ModelError, ModelIdentity, ScoreInput, Voice};
use tingxin_text::domain::{ScoredContact, ScoredText, SegmentedContact, UtteranceScore};

/// Most words in one batch: it bounds the memory of a model that computes on all of a batch at
/// once.
const BATCH_WORDS: usize = 4_096;

/// A model with batching by token budget and an exact-match cache.
///
/// Service talk repeats itself, so a text that was scored before is not scored again. The key is
/// the voice and the *redacted* text, not its normalised form: the positions of evidence refer to
/// the text as written, and two texts with one normal form may differ there. Neither the cache nor
/// the batches can be seen in a result.
pub struct Scorer {
    model: Box<dyn EmotionModel>,
    cache: ScoreCache,
    hits: u64,
    misses: u64,
}

/// Where the score of an utterance comes from.
enum ScoreFrom {
    /// A system voice: nowhere.
    Unscored,
    /// Scored before.
    Known(UtteranceScore),
    /// The model's answer of that index.
    Fresh(usize),
}

impl Scorer {
    /// Wraps a model. A cache may be shared with scorers of the same model, and with no others.
    #[must_use]
    pub const fn new(model: Box<dyn EmotionModel>, cache: ScoreCache) -> Self {
        Self { model, cache, hits: 0, misses: 0 }
    }

    /// What the model is.
    #[must_use]
    pub fn identity(&self) -> &ModelIdentity {
        self.model.identity()
    }

    /// Scores every utterance of the contacts, alone and in its context; system voices get no
    /// score.
    ///
    /// # Errors
    /// [`ModelError`] when the model fails.
    pub fn score(&mut self, contacts: Vec<SegmentedContact>) -> Result<Vec<ScoredContact>, ModelError> {
        let (sources, fresh) = self.plan(&contacts);
        let scores = self.run(&fresh)?;
        for (input, score) in fresh.iter().zip(&scores) {
            self.cache.put(input.voice, input.text.scored(), score.clone());
        }
        drop(fresh);
        let mut sources = sources.into_iter();
        let mut next = |segmented| {
            let score = match sources.next() {
                Some(ScoreFrom::Known(score)) => Some(score),
                Some(ScoreFrom::Fresh(index)) => scores.get(index).cloned(),
                Some(ScoreFrom::Unscored) | None => None,
            };
            ScoredText { segmented, score, heard: None }
        };
        Ok(contacts
            .into_iter()
            .map(|contact| {
                let mut contact = contact.map(|_, segmented| next(segmented));
                self.model.hear(&mut contact);
                contact
            })
            .collect())
    }

    /// Texts found in the cache or earlier in the same call, and texts that the model had to read,
    /// since the last call.
    pub fn take_cache_counts(&mut self) -> (u64, u64) {
        (std::mem::take(&mut self.hits), std::mem::take(&mut self.misses))
    }

    /// For every text its source, and the texts that the model has to read, each once.
    fn plan<'a>(&mut self, contacts: &'a [SegmentedContact]) -> (Vec<ScoreFrom>, Vec<ScoreInput<'a>>) {
        let mut sources = Vec::new();
        let mut fresh: Vec<ScoreInput<'a>> = Vec::new();
        let mut seen: HashMap<(Voice, &str), usize> = HashMap::new();
        let texts = contacts.iter().flat_map(|contact| {
            let channel = contact.header.channel;
            contact.body.texts().map(move |(speaker, text)| (Voice::of(speaker, channel), text))
        });
        for (voice, text) in texts {
            let Some(voice) = voice else {
                sources.push(ScoreFrom::Unscored);
                continue;
            };
            let key = text.scored();
            let source = if let Some(index) = seen.get(&(voice, key)) {
                ScoreFrom::Fresh(*index)
            } else if let Some(score) = self.cache.get(voice, key) {
                ScoreFrom::Known(score)
            } else {
                self.misses += 1;
                seen.insert((voice, key), fresh.len());
                sources.push(ScoreFrom::Fresh(fresh.len()));
                fresh.push(ScoreInput { text, voice });
                continue;
            };
            self.hits += 1;
            sources.push(source);
        }
        (sources, fresh)
    }

    fn run(&mut self, inputs: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError> {
        let mut scores = Vec::with_capacity(inputs.len());
        let mut rest = inputs;
        while !rest.is_empty() {
            let (batch, later) =
                rest.split_at(fitting(rest, BATCH_WORDS, |input| input.text.tokens.len().max(1)));
            let answer = self.model.score(batch)?;
            if answer.len() != batch.len() {
                return Err(ModelError::Failed {
                    name: self.model.identity().name.clone(),
                    reason: format!("{} scores for {} texts", answer.len(), batch.len()),
                });
            }
            scores.extend(answer);
            rest = later;
        }
        Ok(scores)
    }
}

/// How many of the first items have together at most the size `budget`; at least one.
pub(super) fn fitting<T>(items: &[T], mut budget: usize, size_of: impl Fn(&T) -> usize) -> usize {
    let fits = items.iter().take_while(|item| {
        let size = size_of(item);
        let fits = size <= budget;
        budget = budget.saturating_sub(size);
        fits
    });
    fits.count().max(1)
}
