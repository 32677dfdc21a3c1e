//! Calls the stages in order and measures them. No mathematics and no I/O of its own.

mod assemble;
mod lane;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use crate::contagion;
use crate::events::{Event, Observer, Stage};
use crate::flag;
use tingxin_score::{ModelError, Scorer};
use tingxin_text::domain::{
    Analysed, ContactMeasures, Engine, Header, RedactedContact, Refusal, RuleThresholds, ScoredContact,
    Signals,
};
use tingxin_text::segment::Segmenter;

pub use lane::{Lane, LaneError};

/// The stages after redaction: segment → score → contagion → flag.
///
/// One thread owns one analyzer; several of them work side by side without sharing anything but
/// the dictionary.
pub struct Analyzer {
    segmenter: Segmenter,
    scorer: Scorer,
    engine: Engine,
    observer: Arc<dyn Observer>,
    bars: RuleThresholds,
}

/// What an analysis made with this scorer names as its engine.
#[must_use]
pub fn engine_of(scorer: &Scorer) -> Engine {
    let identity = scorer.identity();
    Engine {
        model: identity.name.clone(),
        model_sha256: identity.sha256.clone(),
        lexicon_version: identity.lexicon_version.clone(),
        rules_version: flag::RULES_VERSION.to_owned(),
    }
}

impl Analyzer {
    /// Puts the stages together.
    #[must_use]
    pub fn new(segmenter: Segmenter, scorer: Scorer, observer: Arc<dyn Observer>) -> Self {
        let engine = engine_of(&scorer);
        Self { segmenter, scorer, engine, observer, bars: RuleThresholds::default() }
    }

    /// What produces the analyses.
    #[must_use]
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Raises flags by these thresholds from now on.
    pub fn judge_by(&mut self, bars: RuleThresholds) {
        self.bars = bars;
    }

    /// Analyses contacts; the answer has the same length and order.
    ///
    /// # Errors
    /// [`ModelError`] when the model fails; no contact of the batch is analysed then.
    pub fn analyse(&mut self, contacts: Vec<RedactedContact>) -> Result<Vec<Analysed>, ModelError> {
        let observer = Arc::clone(&self.observer);
        let segmented = timed(&*observer, Stage::Segment, || {
            contacts.into_iter().map(|c| self.segmenter.segment(c)).collect()
        });
        let scored = timed(&*observer, Stage::Score, || self.scorer.score(segmented))?;
        let (hits, misses) = self.scorer.take_cache_counts();
        observer.note(Event::CacheLooked { hits, misses });
        let signals: Vec<_> =
            timed(&*observer, Stage::Contagion, || scored.iter().map(contagion::measure).collect());
        let flags: Vec<_> = timed(&*observer, Stage::Flag, || {
            scored
                .iter()
                .zip(&signals)
                .map(|(contact, signals)| flag::raise(contact, signals, &self.bars))
                .collect()
        });
        Ok(scored
            .into_iter()
            .zip(signals)
            .zip(flags)
            .map(|((mut contact, signals), flags)| {
                let measures = measures_alone(&mut contact, &signals);
                let follow_up = flag::follow_up(&contact, &flags);
                let analysis = assemble::assemble(contact, signals, flags, self.engine.clone());
                Analysed { analysis, measures, follow_up }
            })
            .collect())
    }

    /// The same, but a defect that shows on one contact does not cost its neighbours: the contact is refused and the others are
    /// analysed. The only state of an analyzer is a cache whose entries are written whole, so it can go on.
    ///
    /// # Errors
    /// [`ModelError`] when the model fails.
    pub fn analyse_each(
        &mut self,
        contacts: Vec<RedactedContact>,
    ) -> Result<Vec<Result<Analysed, Refusal>>, ModelError> {
        // Kept for the case below; a copy of the texts costs little beside reading them.
        let copies = contacts.clone();
        match catch_unwind(AssertUnwindSafe(|| self.analyse(contacts))) {
            Ok(done) => Ok(done?.into_iter().map(Ok).collect()),
            Err(_) => copies.into_iter().map(|contact| self.analyse_alone(contact)).collect(),
        }
    }

    fn analyse_alone(&mut self, contact: RedactedContact) -> Result<Result<Analysed, Refusal>, ModelError> {
        let refusal = defect(&contact.header);
        match catch_unwind(AssertUnwindSafe(|| self.analyse(vec![contact]))) {
            Ok(done) => Ok(done?.pop().ok_or(refusal)),
            Err(_) => Ok(Err(refusal)),
        }
    }
}

fn defect(header: &Header) -> Refusal {
    Refusal::new(
        "analysis_failed",
        format!("contact {} of {} met a defect of this program", header.contact_id, header.source),
    )
}

/// The numbers for statistics, from readings alone: one that has seen its neighbours would couple
/// the two sides by itself. What was heard in context is put aside meanwhile.
fn measures_alone(contact: &mut ScoredContact, signals: &Signals) -> Option<ContactMeasures> {
    let mut heard = Vec::with_capacity(contact.body.len());
    contact.body.each_mut(|_, text| heard.push(text.heard.take()));
    let alone = heard.iter().any(Option::is_some).then(|| contagion::measure(contact));
    let signals = alone.as_ref().unwrap_or(signals);
    let asked = flag::asked_for_satisfaction(contact, signals);
    let measures = contagion::reduce(contact, signals, asked);
    let mut heard = heard.into_iter();
    contact.body.each_mut(|_, text| text.heard = heard.next().flatten());
    measures
}

fn timed<T>(observer: &dyn Observer, stage: Stage, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    observer.note(Event::StageDone { stage, seconds: start.elapsed().as_secs_f64() });
    result
}
