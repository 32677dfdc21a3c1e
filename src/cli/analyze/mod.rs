//! `tingxin analyze`: contacts in, analyses out, no database.

mod parallel;
mod progress;
mod table;
mod worker;

use std::io::{BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use clap::Args;

use super::batches::{Batches, read_bytes};
use super::error::{CliError, Outcome};
use super::input::{Inputs, Losses, Unread, complain};
use super::options::{ModelArguments, OutputShape, Reading};
use crate::settings::{thread_count, threads_or_cores};
use parallel::Stopped;
use progress::Progress;
use table::Overview;
use worker::{AnalyzedBatch, Batch, Kit};

/// Contacts that travel together. Large enough that a hand-over costs nothing beside the work
/// (about a thousand utterances), small enough that the batches in flight stay far below 100 MB.
const BATCH: usize = 64;

const EXAMPLES: &str = "\
Examples:
  tingxin analyze calls.csv > analyses.ndjson
  tingxin analyze calls.xlsx --explain --output table
  tingxin analyze call.vtt --speakers SPEAKER_00=agent,SPEAKER_01=customer
  tingxin analyze samples/hotline --output table

Refused contacts are named on standard error, one JSON object a line with file, line, field, code and message; the others are analysed. A file that cannot be read or holds no contact is named there, too, and costs no other. Exit status: 0 all analysed, 2 some refused, 1 failed or a file could not be read, 64 wrong usage.";

/// Analyse contacts without a database: files of many formats in (`tingxin formats`), one analysis a line out
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct AnalyzeArguments {
    /// Files or folders to read; `-` or nothing reads standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// How results are written
    #[arg(long, value_enum, default_value_t = OutputShape::Ndjson)]
    output: OutputShape,
    #[command(flatten)]
    model: ModelArguments,
    /// Threads that analyse; 0 for one a core. The output is the same for every number
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = thread_count)]
    threads: usize,
    /// No progress bar and no summary on standard error
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &AnalyzeArguments) -> Result<Outcome, CliError> {
    let inputs = Inputs::find(&arguments.files)?;
    let read = Arc::new(AtomicU64::new(0));
    let mut report = AnalysisOutput::new(arguments, &inputs, Arc::clone(&read));
    for unread in &inputs.unread {
        report.unread(unread);
    }
    let kit = Kit::new(&arguments.model, arguments.output)?;
    let threads = threads_or_cores(arguments.threads);
    let batches = Batches::new(inputs.contacts(arguments.reading.options(), read), BATCH, read_bytes);
    let weigh = |batch: &Batch| batch.iter().map(read_bytes).sum();
    let ended = parallel::in_order(batches, threads, weigh, move || kit.worker(), |done| report.take(done));
    let finished = report.finish();
    match ended {
        Ok(()) => finished,
        Err(Stopped::Taker(cause)) => Err(cause),
        Err(Stopped::Thread(cause)) => Err(CliError::failure(cause)),
    }
}

/// Where results, refusals and figures go.
struct AnalysisOutput {
    out: BufWriter<std::io::StdoutLock<'static>>,
    overview: Option<Overview>,
    progress: Progress,
    losses: Losses,
}

impl AnalysisOutput {
    fn new(arguments: &AnalyzeArguments, inputs: &Inputs, read: Arc<AtomicU64>) -> Self {
        // Lines of results on the same terminal would run into the bar.
        let mixed = arguments.output == OutputShape::Ndjson && std::io::stdout().is_terminal();
        Self {
            out: BufWriter::with_capacity(256 * 1024, std::io::stdout().lock()),
            overview: (arguments.output == OutputShape::Table).then(Overview::default),
            progress: Progress::start(arguments.quiet || mixed, inputs.bytes, read),
            losses: Losses::default(),
        }
    }

    fn take(&mut self, done: AnalyzedBatch) -> Result<(), CliError> {
        for unread in &done.unread {
            self.unread(unread);
        }
        self.out.write_all(&done.ndjson).map_err(CliError::of_output)?;
        if let Some(overview) = &mut self.overview {
            overview.add(done.rows);
        }
        self.progress.add(done.contacts, done.utterances);
        match done.broken {
            Some(cause) => Err(CliError::failure(cause)),
            None => Ok(()),
        }
    }

    fn unread(&mut self, unread: &Unread) {
        let refusal = self.losses.count(unread);
        self.progress.above(|| complain(refusal));
    }

    /// Writes what is still to be written, also after a failure: what was analysed is not lost.
    fn finish(mut self) -> Result<Outcome, CliError> {
        self.progress.finish(self.losses.refused);
        if let Some(overview) = self.overview.take() {
            overview.write(&mut self.out).map_err(CliError::of_output)?;
        }
        self.out.flush().map_err(CliError::of_output)?;
        Ok(Outcome::of(self.losses.refused, self.losses.failed))
    }
}
