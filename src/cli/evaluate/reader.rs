//! Lines in, figures out: every text goes through the same stages as that of a contact.

use std::time::{Duration, Instant};

use super::super::error::CliError;
use super::super::input::{Inputs, Losses, PlacedRecord, Unread, complain};
use super::candidate::Candidate;
use super::found::{ModelComparison, Timed};
use super::line::{self, EvaluationItem, Labelled};
use super::row;
use crate::domain::{RawContact, SegmentedContact};
use crate::evaluate::{Attribute, SwappedPair, Swaps};
use crate::ingest::FileRecord;
use crate::redact::Redactor;
use crate::score::EngineKind;
use crate::segment::Segmenter;
use crate::settings::KeyFile;

/// Utterances that are scored together; batches beyond this size gain nothing.
const BATCH: usize = 256;

/// Texts that wait to be scored.
#[derive(Default)]
struct PendingTexts {
    labelled: Vec<Labelled>,
    surveyed: Vec<(RawContact, f64)>,
    texts: usize,
}

/// The stages before scoring, which all models share.
pub(super) struct Stages {
    redactor: Redactor,
    segmenter: Segmenter,
}

impl Stages {
    pub(super) fn new() -> Result<Self, CliError> {
        Ok(Self {
            redactor: Redactor::new(KeyFile::throw_away().map_err(CliError::failure)?),
            segmenter: Segmenter::new().map_err(CliError::failure)?,
        })
    }

    pub(super) fn prepare(&self, contacts: Vec<RawContact>) -> Vec<SegmentedContact> {
        contacts
            .into_iter()
            .map(|contact| self.segmenter.segment(self.redactor.redact(contact).contact))
            .collect()
    }
}

/// Reads files and has every text scored by every model.
pub(super) struct EvaluationReader {
    stages: Stages,
    candidates: Vec<Candidate>,
    swaps: Option<Swaps>,
    batch: PendingTexts,
    /// Number of labelled utterances before the batch.
    labelled: usize,
    unanswered: u64,
    /// Texts that were scored, without those of the swaps.
    texts: usize,
    /// Time for redaction and segmentation of them, which all models share.
    prepared: Duration,
    pub(super) losses: Losses,
}

impl EvaluationReader {
    pub(super) fn new(models: &[&str], engine: EngineKind, fairness: bool) -> Result<Self, CliError> {
        Ok(Self {
            stages: Stages::new()?,
            candidates: models.iter().map(|name| Candidate::new(name, engine)).collect::<Result<_, _>>()?,
            swaps: fairness.then(Swaps::new).transpose().map_err(CliError::failure)?,
            batch: PendingTexts::default(),
            labelled: 0,
            unanswered: 0,
            texts: 0,
            prepared: Duration::ZERO,
            losses: Losses::default(),
        })
    }

    /// Reads every line. One that is refused is said on standard error and costs no other.
    pub(super) fn read(&mut self, inputs: Inputs) -> Result<(), CliError> {
        for item in inputs.records("text", row::meaning) {
            let parsed = item.and_then(|PlacedRecord { file, number, record }| {
                let read = match record {
                    FileRecord::Line(text) => line::parse(&text),
                    FileRecord::Row(cells) => line::parse(&row::to_json(cells)),
                };
                read.map_err(|refusal| Unread::Refused(refusal.in_file(&file, number)))
            });
            match parsed {
                Ok(item) => self.take(item)?,
                Err(unread) => complain(self.losses.count(&unread)),
            }
        }
        self.flush()
    }

    fn take(&mut self, item: EvaluationItem) -> Result<(), CliError> {
        match item {
            EvaluationItem::Labelled(line) => {
                self.batch.texts += 1;
                self.batch.labelled.push(line);
            }
            EvaluationItem::Surveyed(contact, answer) => {
                self.batch.texts += contact.body.len();
                self.batch.surveyed.push((*contact, answer));
            }
            EvaluationItem::Unanswered => self.unanswered += 1,
        }
        if self.batch.texts < BATCH { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<(), CliError> {
        let PendingTexts { labelled, surveyed, texts } = std::mem::take(&mut self.batch);
        self.compare(&labelled)?;
        let (contacts, answers): (Vec<_>, Vec<_>) = surveyed.into_iter().unzip();
        let lines = labelled
            .iter()
            .map(|line| line::contact(line.text.clone(), line.speaker, line.channel))
            .collect::<Result<Vec<_>, _>>()
            .map_err(CliError::failure)?;
        let began = Instant::now();
        let lines = self.stages.prepare(lines);
        let contacts = self.stages.prepare(contacts);
        self.prepared += began.elapsed();
        for candidate in &mut self.candidates {
            candidate.judge(&labelled, lines.clone())?;
            candidate.survey(&answers, contacts.clone())?;
        }
        self.texts += texts;
        self.labelled += labelled.len();
        Ok(())
    }

    /// Has every labelled text read with each attribute swapped, if that was asked for.
    fn compare(&mut self, labelled: &[Labelled]) -> Result<(), CliError> {
        let Some(swaps) = &self.swaps else { return Ok(()) };
        let mut attributes: Vec<Attribute> = Vec::new();
        let (mut ones, mut others) = (Vec::new(), Vec::new());
        for (number, line) in (self.labelled..).zip(labelled) {
            for SwappedPair { attribute, one, other } in swaps.pairs(&line.text, line.speaker, number) {
                attributes.push(attribute);
                ones.push(line::contact(one, line.speaker, line.channel).map_err(CliError::failure)?);
                others.push(line::contact(other, line.speaker, line.channel).map_err(CliError::failure)?);
            }
        }
        let (ones, others) = (self.stages.prepare(ones), self.stages.prepare(others));
        for candidate in &mut self.candidates {
            candidate.compare(&attributes, ones.clone(), others.clone())?;
        }
        Ok(())
    }

    /// The figures of everything that was read.
    pub(super) fn finish(self) -> ModelComparison {
        let (texts, prepared) = (self.texts, self.prepared);
        let fairness = self.swaps.is_some();
        let rate = |seconds: f64| f64::from(u32::try_from(texts).unwrap_or(u32::MAX)) / seconds.max(1e-9);
        let rows = self
            .candidates
            .into_iter()
            .map(|candidate| {
                let utterances_per_second = rate((prepared + candidate.spent).as_secs_f64());
                Timed { row: candidate.row(fairness), utterances_per_second }
            })
            .collect();
        ModelComparison { rows, refused: self.losses.refused, unanswered: self.unanswered }
    }
}
