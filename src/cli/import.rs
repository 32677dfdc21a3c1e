//! `tingxin import`: files and folders into the database.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use clap::Args;
use tokio::sync::{Notify, mpsc};

use super::batches::Batches;
use super::context::{Context, block_on, say};
use super::error::{CliError, Outcome};
use super::input::{Inputs, Losses, Unread, complain};
use super::options::{DatabaseArguments, Reading};
use crate::app::{self, Workers};
use crate::desk::intake;
use crate::domain::{Intake, UtcMillis};
use crate::events::Deaf;
use crate::ingest::Placed;
use crate::redact::Redactor;
use crate::settings::Settings;
use crate::store::{IngestReceipt, Store};

/// Contacts in one transaction: large enough that a durable commit costs little beside the work.
const BATCH: usize = 128;

/// Batches that may wait for the database.
const WAITING: usize = 4;

/// How often the queue is looked at while waiting for it to run empty.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Read contacts into the database; `serve` analyses them
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin import /data/contacts/2026-11
  tingxin import calls.csv --source hotline-10086 --channel hotline
  tingxin import --analyze samples

Safe to repeat: a contact that is there with the same content is `unchanged`, one with a newer revision `updated`. What is not taken is named on standard error, one JSON object a line with file, line, field, code and message: contacts that are refused, in conflict (other content in the same revision) or stale (there in a newer revision), and files that cannot be read.
Exit status: 0 all taken, 2 some refused, in conflict or stale, 1 failed or a file could not be read, 64 wrong usage.")]
pub(super) struct ImportArguments {
    /// Files or folders; of a folder .json, .ndjson, .jsonl, .csv and .txt are read. `-` reads
    /// standard input
    #[arg(value_name = "FILE|FOLDER", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Analyse in this process, too, and wait until nothing is left to do
    #[arg(long)]
    analyze: bool,
}

/// What became of the contacts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) queued: u64,
    updated: u64,
    unchanged: u64,
    conflict: u64,
    stale: u64,
    losses: Losses,
}

impl Tally {
    /// Says what was not read and counts it.
    fn count(&mut self, unread: &Unread) {
        complain(self.losses.count(unread));
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { queued, updated, unchanged, conflict, stale, losses: Losses { refused, .. } } = self;
        write!(
            f,
            "queued {queued}, updated {updated}, unchanged {unchanged}, conflict {conflict}, stale {stale}, \
             refused {refused}"
        )
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, arguments: &ImportArguments) -> Result<Outcome, CliError> {
    let settings = context.settings(&arguments.database.flags())?.settings;
    let inputs = Inputs::find(&arguments.files)?;
    let mut before = Losses::default();
    for unread in &inputs.unread {
        complain(before.count(unread));
    }
    let tally = block_on(async {
        let app::Database { store, redactor } =
            app::open_database(&settings).await.map_err(CliError::failure)?;
        let items = inputs.contacts(arguments.reading.options(), Arc::new(AtomicU64::new(0)));
        let tally = take(&store, redactor, items).await?;
        if arguments.analyze {
            analyse_all(&settings, &store).await?;
        }
        store.close().await;
        Ok(tally)
    })?;
    say(tally)?;
    Ok(Outcome::of(tally.losses.refused + tally.conflict + tally.stale, tally.losses.failed + before.failed))
}

/// A redacted contact with its file and its line.
struct PlacedIntake {
    intake: Intake,
    file: Arc<str>,
    line: u64,
}

type Item = Result<PlacedIntake, Unread>;

fn bytes(item: &Item) -> usize {
    item.as_ref().map_or(0, |PlacedIntake { intake, .. }| {
        intake.contact.body.texts().map(|(_, line)| line.text.as_str().len()).sum()
    })
}

/// Redacts and stores contacts in batches; reading and redacting run beside the database.
pub(super) async fn take(
    store: &Store,
    redactor: Redactor,
    items: impl Iterator<Item = Result<Placed, Unread>> + Send + 'static,
) -> Result<Tally, CliError> {
    let (sender, mut batches) = mpsc::channel::<Vec<Item>>(WAITING);
    let reading = tokio::task::spawn_blocking(move || {
        let items = items.map(|item| {
            item.map(|Placed { contact, file, line }| {
                let intake = redactor.redact(contact);
                PlacedIntake { intake, file, line }
            })
        });
        for batch in Batches::new(items, BATCH, bytes) {
            // The database has failed; what is not read is not lost.
            if sender.blocking_send(batch).is_err() {
                return;
            }
        }
    });
    let mut tally = Tally::default();
    while let Some(batch) = batches.recv().await {
        store_batch(store, batch, &mut tally).await?;
    }
    reading.await.map_err(CliError::failure)?;
    Ok(tally)
}

async fn store_batch(store: &Store, batch: Vec<Item>, tally: &mut Tally) -> Result<(), CliError> {
    let mut intakes = Vec::with_capacity(batch.len());
    let mut places = Vec::with_capacity(batch.len());
    for item in batch {
        match item {
            Ok(PlacedIntake { intake, file, line }) => {
                intakes.push(intake);
                places.push((file, line));
            }
            Err(unread) => tally.count(&unread),
        }
    }
    let receipts = intake::take_in(store, None, &intakes).await.map_err(CliError::failure)?;
    for ((receipt, intake), (file, line)) in receipts.into_iter().zip(&intakes).zip(places) {
        match receipt {
            IngestReceipt::Queued(_) => tally.queued += 1,
            IngestReceipt::Updated(_) => tally.updated += 1,
            IngestReceipt::Unchanged(_) => tally.unchanged += 1,
            IngestReceipt::Stale { .. } => tally.stale += 1,
            // Whoever runs the command has the database in hand and is limited to no team; the last
            // two answers are never given.
            IngestReceipt::Conflict(_) | IngestReceipt::SentForOtherTeam | IngestReceipt::HeldByOtherTeam => {
                tally.conflict += 1;
            }
        }
        if let Some(refusal) = intake::refusal(intake, &receipt) {
            complain(&refusal.in_file(&file, line));
        }
    }
    Ok(())
}

/// Works the queue off in this process.
pub(super) async fn analyse_all(settings: &Settings, store: &Store) -> Result<(), CliError> {
    let workers = Workers::start(settings, store, Arc::new(Deaf), Arc::new(Notify::new()))
        .await
        .map_err(CliError::failure)?;
    until_idle(store).await?;
    workers.stop().await;
    Ok(())
}

/// Waits until nothing waits for its analysis. What fails repeatedly is set aside and no longer
/// waits.
pub(super) async fn until_idle(store: &Store) -> Result<(), CliError> {
    while store.queue_state(UtcMillis::now()).await.map_err(CliError::failure)?.waiting > 0 {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}
