//! One model under test, and what it made of the texts.

use std::time::{Duration, Instant};

use super::super::error::CliError;
use super::arguments::CONTROL;
use super::found::ModelRow;
use super::line::Labelled;
use crate::contagion::{self, Course};
use crate::domain::{
    EmotionScores, Engine, Rule, RuleThresholds, ScoredContact, ScoredText, SegmentedContact,
};
use crate::evaluate::{
    Attribute, ExpectedAnswer, JudgedUtterance, SatisfactionReport, Surveyed, SwapPair, SwapReading,
    ValenceClass, evaluate, fairness,
};
use crate::flag;
use crate::pipeline::engine_of;
use crate::score::{self, EngineKind, ScoreCache, Scorer};

/// A model with its readings of everything read so far.
pub(super) struct Candidate {
    scorer: Scorer,
    engine: Engine,
    judged: Vec<JudgedUtterance>,
    surveyed: Vec<Surveyed>,
    pairs: Vec<SwapPair>,
    /// Time for scoring, without that of the swaps.
    pub(super) spent: Duration,
}

impl Candidate {
    pub(super) fn new(model: &str, engine: EngineKind) -> Result<Self, CliError> {
        // Without a cache: what counts is how fast the model reads, not how often people repeat
        // themselves.
        let engine = if model == CONTROL { EngineKind::Embedded } else { engine };
        let scorer =
            Scorer::new(score::load_on(model, engine).map_err(CliError::failure)?, ScoreCache::new(0));
        let engine = engine_of(&scorer);
        Ok(Self {
            scorer,
            engine,
            judged: Vec::new(),
            surveyed: Vec::new(),
            pairs: Vec::new(),
            spent: Duration::ZERO,
        })
    }

    /// Reads labelled utterances, one a contact.
    pub(super) fn judge(
        &mut self,
        labelled: &[Labelled],
        lines: Vec<SegmentedContact>,
    ) -> Result<(), CliError> {
        let scored = self.timed(lines)?;
        self.judged.extend(labelled.iter().zip(&scored).filter_map(|(line, contact)| {
            Some(JudgedUtterance {
                emotion: line.emotion,
                valence_class: line.valence_class,
                abuse: line.abuse,
                weight: line.weight,
                score: only(contact)?.score.clone()?,
            })
        }));
        Ok(())
    }

    /// Reads surveyed contacts.
    pub(super) fn survey(
        &mut self,
        answers: &[f64],
        contacts: Vec<SegmentedContact>,
    ) -> Result<(), CliError> {
        let scored = self.timed(contacts)?;
        self.surveyed.extend(answers.iter().zip(&scored).map(|(answer, contact)| {
            // Where nothing can be read a model knows nothing, and neutral is what it says then.
            // Leaving the contact out would compare models on different contacts.
            let signals = contagion::measure(contact);
            let expected = signals.satisfaction.as_ref();
            let expected =
                expected.map(|one| ExpectedAnswer { value: one.value, dissatisfied: one.dissatisfied });
            let course = Course::of(&signals);
            let course = course.unwrap_or(Course { mean: 0.0, worst: 0.0, end: 0.0 });
            Surveyed {
                answer: *answer,
                predicted: course.satisfaction(),
                mean: course.mean,
                end: course.end,
                expected,
            }
        }));
        Ok(())
    }

    /// Reads pairs of texts that differ in one attribute.
    pub(super) fn compare(
        &mut self,
        attributes: &[Attribute],
        ones: Vec<SegmentedContact>,
        others: Vec<SegmentedContact>,
    ) -> Result<(), CliError> {
        let ones = self.scorer.score(ones).map_err(CliError::failure)?;
        let others = self.scorer.score(others).map_err(CliError::failure)?;
        self.pairs.extend(attributes.iter().zip(ones.iter().zip(&others)).filter_map(
            |(attribute, (one, other))| {
                Some(SwapPair {
                    attribute: *attribute,
                    alike: only(one)?.segmented.line.text == only(other)?.segmented.line.text,
                    one: side(one)?,
                    other: side(other)?,
                })
            },
        ));
        Ok(())
    }

    /// What an analysis names as its model.
    pub(super) fn model(&self) -> &str {
        &self.engine.model
    }

    /// The reading of the last turn of every contact: in its context where the model reads one and
    /// turns stand before it, else alone. Nothing that can be read is read as neutral.
    pub(super) fn hear(&mut self, contacts: Vec<SegmentedContact>) -> Result<Vec<EmotionScores>, CliError> {
        let scored = self.scorer.score(contacts).map_err(CliError::failure)?;
        Ok(scored.iter().map(last_reading).collect())
    }

    fn timed(&mut self, contacts: Vec<SegmentedContact>) -> Result<Vec<ScoredContact>, CliError> {
        let began = Instant::now();
        let scored = self.scorer.score(contacts).map_err(CliError::failure)?;
        self.spent += began.elapsed();
        Ok(scored)
    }

    /// The figures of this model over everything it read.
    pub(super) fn row(self, swapped: bool) -> ModelRow {
        let found = evaluate(&self.judged);
        ModelRow {
            engine: self.engine,
            emotion: found.emotion,
            valence: found.valence,
            abuse: found.abuse,
            satisfaction: SatisfactionReport::of(&self.surveyed),
            fairness: swapped.then(|| fairness(&self.pairs)),
        }
    }
}

fn last_reading(contact: &ScoredContact) -> EmotionScores {
    let last = contact.body.texts().last().map(|(_, text)| text);
    let heard =
        last.and_then(|text| text.heard).filter(|_| contact.body.len() > 1).map(|heard| heard.emotions);
    let alone = last.and_then(|text| text.score.as_ref()).map(|score| score.emotions);
    heard.or(alone).unwrap_or(EmotionScores::NEUTRAL)
}

/// The text of a contact that has one.
fn only(contact: &ScoredContact) -> Option<&ScoredText> {
    contact.body.texts().next().map(|(_, text)| text)
}

/// What the product makes of a contact of one text: class, probability, flags.
fn side(contact: &ScoredContact) -> Option<SwapReading> {
    let score = only(contact)?.score.as_ref()?;
    let mut flags: Vec<Rule> = flag::raise(contact, &contagion::measure(contact), &RuleThresholds::default())
        .into_iter()
        .map(|flag| flag.rule)
        .collect();
    flags.sort_unstable();
    Some(SwapReading {
        class: ValenceClass::predicted(&score.emotions).0,
        negative: f64::from(score.emotions.negative()),
        flags,
    })
}
