//! What one thread does with a batch: redact, analyse, write down.

use std::sync::{Arc, Mutex, PoisonError};

use super::super::error::CliError;
use super::super::input::Unread;
use super::super::options::{ModelArguments, OutputShape};
use super::table::ContactRow;
use crate::domain::{Analysis, Channel, RedactedContact};
use crate::events::Deaf;
use crate::ingest::Placed;
use crate::pipeline::Analyzer;
use crate::redact::Redactor;
use crate::score::{EmotionModel, ScoreCache, Scorer};
use crate::segment::Segmenter;
use crate::settings::KeyFile;

/// Contacts and refusals as the reader found them.
pub(super) type Batch = Vec<Result<Placed, Unread>>;

/// Where a contact stands.
struct FileLine {
    file: Arc<str>,
    line: u64,
}

/// Why nothing more follows.
type Broken = Box<dyn std::error::Error + Send + Sync>;

/// What became of a batch.
#[derive(Default)]
pub(super) struct AnalyzedBatch {
    /// Analyses, one a line; empty for tables.
    pub(super) ndjson: Vec<u8>,
    /// Rows of the table; empty for NDJSON.
    pub(super) rows: Vec<ContactRow>,
    /// What was not read or not analysed, in order.
    pub(super) unread: Vec<Unread>,
    /// Number of analysed contacts.
    pub(super) contacts: u64,
    /// Number of their turns and sentences.
    pub(super) utterances: u64,
    /// Why nothing more follows.
    pub(super) broken: Option<Broken>,
}

/// What workers are made from. They share the dictionary and the scores of what was said before.
pub(super) struct Kit {
    redactor: Redactor,
    segmenter: Segmenter,
    cache: ScoreCache,
    model: ModelArguments,
    /// The model of the first worker: a name that nobody knows is refused before anything is read.
    first: Mutex<Option<Box<dyn EmotionModel>>>,
    shape: OutputShape,
}

impl Kit {
    pub(super) fn new(model: &ModelArguments, shape: OutputShape) -> Result<Self, CliError> {
        Ok(Self {
            // Pseudonyms of customers and digests of contents are not part of the output: any key
            // will do.
            redactor: Redactor::new(KeyFile::throw_away().map_err(CliError::failure)?),
            segmenter: Segmenter::new().map_err(CliError::failure)?,
            first: Mutex::new(Some(model.load().map_err(CliError::failure)?)),
            cache: ScoreCache::default(),
            model: model.clone(),
            shape,
        })
    }

    /// One worker as a function; called on the thread that will use it, where its model is loaded.
    pub(super) fn worker(&self) -> impl FnMut(Batch) -> AnalyzedBatch + use<> {
        let mut worker = self.load();
        move |batch| match &mut worker {
            Ok(worker) => worker.work(batch),
            // Told with the first batch; nobody looks at those after it.
            Err(cause) => AnalyzedBatch { broken: cause.take(), ..AnalyzedBatch::default() },
        }
    }

    fn load(&self) -> Result<AnalysisThread, Option<Broken>> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let model = match first {
            Some(model) => model,
            None => self.model.load().map_err(|cause| Some(cause.into()))?,
        };
        let scorer = Scorer::new(model, self.cache.clone());
        let analyzer = Analyzer::new(self.segmenter.clone(), scorer, Arc::new(Deaf));
        Ok(AnalysisThread { redactor: self.redactor.clone(), analyzer, shape: self.shape })
    }
}

/// One thread's stages.
struct AnalysisThread {
    redactor: Redactor,
    analyzer: Analyzer,
    shape: OutputShape,
}

impl AnalysisThread {
    fn work(&mut self, batch: Batch) -> AnalyzedBatch {
        let mut done = AnalyzedBatch::default();
        let mut contacts = Vec::with_capacity(batch.len());
        for item in batch {
            match item {
                Ok(Placed { contact, file, line }) => {
                    contacts.push((self.redactor.redact(contact).contact, FileLine { file, line }));
                }
                Err(unread) => done.unread.push(unread),
            }
        }
        let (contacts, places): (Vec<_>, Vec<_>) = contacts.into_iter().unzip();
        self.analyse(contacts, &places, &mut done);
        done
    }

    fn analyse(&mut self, contacts: Vec<RedactedContact>, places: &[FileLine], done: &mut AnalyzedBatch) {
        let channels: Vec<_> = contacts.iter().map(|contact| contact.header.channel).collect();
        match self.analyzer.analyse_each(contacts) {
            Ok(each) => {
                for ((one, channel), place) in each.into_iter().zip(channels).zip(places) {
                    match one {
                        Ok(analysed) => self.write(&analysed.analysis, channel, done),
                        Err(refusal) => {
                            done.unread.push(Unread::Refused(refusal.in_file(&place.file, place.line)));
                        }
                    }
                }
            }
            Err(cause) => done.broken = Some(Box::new(cause)),
        }
    }

    fn write(&self, analysis: &Analysis, channel: Channel, done: &mut AnalyzedBatch) {
        done.contacts += 1;
        let texts = analysis.utterances.len() + analysis.reported.len();
        done.utterances += u64::try_from(texts).unwrap_or_default();
        match self.shape {
            OutputShape::Table => done.rows.push(ContactRow::of(analysis, channel)),
            OutputShape::Ndjson => match serde_json::to_writer(&mut done.ndjson, analysis) {
                Ok(()) => done.ndjson.push(b'\n'),
                Err(cause) => done.broken = Some(Box::new(cause)),
            },
        }
    }
}
