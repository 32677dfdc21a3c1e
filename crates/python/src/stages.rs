//! One thread's stages, from a contact as it was read to its analysis.

use std::sync::Arc;

use tingxin_score::{EmotionModel, ScoreCache, Scorer, load};
use tingxin_signals::events::Deaf;
use tingxin_signals::pipeline::Analyzer;
use tingxin_text::domain::{Analysed, Engine, RawContact, Refusal};
use tingxin_text::redact::{PseudonymKey, Redactor};
use tingxin_text::segment::Segmenter;

/// Redaction first, by the types: nothing behind it takes a contact that was not redacted.
pub(super) struct PackageStages {
    redactor: Redactor,
    analyzer: Analyzer,
}

/// What stages are made from; they share the dictionary and the scores of what was said before.
pub(super) struct StageParts {
    redactor: Redactor,
    segmenter: Segmenter,
    cache: ScoreCache,
}

impl StageParts {
    pub(super) fn new() -> Result<Self, String> {
        // Neither pseudonyms nor digests are part of an analysis: a key that nobody keeps will do.
        let mut key = [0; 32];
        getrandom::fill(&mut key)
            .map_err(|cause| format!("the operating system gives no random bytes: {cause}"))?;
        Ok(Self {
            redactor: Redactor::new(PseudonymKey::new(key)),
            segmenter: Segmenter::new().map_err(|cause| cause.to_string())?,
            cache: ScoreCache::default(),
        })
    }

    /// The stages of one thread; each has a model of its own.
    pub(super) fn stages(&self, model: &str) -> Result<PackageStages, String> {
        let model: Box<dyn EmotionModel> = load(model).map_err(|cause| cause.to_string())?;
        let scorer = Scorer::new(model, self.cache.clone());
        let analyzer = Analyzer::new(self.segmenter.clone(), scorer, Arc::new(Deaf));
        Ok(PackageStages { redactor: self.redactor.clone(), analyzer })
    }
}

impl PackageStages {
    pub(super) const fn engine(&self) -> &Engine {
        self.analyzer.engine()
    }

    /// Analyses contacts in their order; one that meets a defect costs no other.
    pub(super) fn analyse(
        &mut self,
        contacts: Vec<RawContact>,
    ) -> Result<Vec<Result<Analysed, Refusal>>, String> {
        let redacted = contacts.into_iter().map(|contact| self.redactor.redact(contact).contact).collect();
        self.analyzer.analyse_each(redacted).map_err(|cause| cause.to_string())
    }
}
