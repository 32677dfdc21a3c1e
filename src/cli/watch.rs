//! `tingxin watch`: a folder whose files are taken in as they come.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use tokio::sync::{Notify, watch};

use super::context::{Context, announce, block_on, say};
use super::error::{CliError, Outcome};
use super::options::{DatabaseArguments, Reading};
use crate::app::{self, Stop};
use crate::events::Deaf;
use crate::sources::{self, FolderSource, FolderTerms, SourceDoor, Worked};
use crate::telemetry;

/// Pause between two looks of `--once` while a file is not complete.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Take contacts in from a folder as files come into it; `serve` analyses them
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin watch /data/inbox
  tingxin watch /data/inbox --source hotline-10086 --done-days 30
  tingxin watch /data/inbox --once

Files of every format of `tingxin formats` are read, also in folders within. Write a file under another name (hidden, or ending in .tmp or .part) and rename it when it is complete; without that a file counts as complete when it has not changed for --quiet-seconds. A file whose contacts were all taken goes to `done`, any other to `failed` with the reason beside it in NAME.reason.txt; put back when it is mended, nothing of it is taken twice. A watch that was killed goes on where it was. `serve` does the same with the setting sources.folder.path.
Exit status with --once: 0 all taken, 2 some files went to `failed`, 1 the database or the folder failed.")]
pub(super) struct WatchArguments {
    /// The folder; `done` and `failed` are made in it
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Seconds for which a file must stay as it is before it is read
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u32).range(..=3600))]
    quiet_seconds: u32,
    /// Remove files of `done` after so many days; 0 keeps them
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    done_days: u32,
    /// Take in what is there and end
    #[arg(long)]
    once: bool,
}

/// Runs the command.
pub(super) fn run(context: &Context, arguments: &WatchArguments) -> Result<Outcome, CliError> {
    let settings = context.settings(&arguments.database.flags())?.settings;
    telemetry::start_logging(&settings.log).map_err(CliError::failure)?;
    let quiet = Duration::from_secs(arguments.quiet_seconds.into());
    let terms = FolderTerms {
        path: arguments.folder.clone(),
        quiet,
        done_days: arguments.done_days,
        reading: arguments.reading.options(),
    };
    let source = FolderSource::open(terms).map_err(CliError::failure)?;
    block_on(async {
        let mut stop = Stop::listen().map_err(CliError::failure)?;
        let app::Database { store, redactor } =
            app::open_database(&settings).await.map_err(CliError::failure)?;
        let door = SourceDoor {
            store: store.clone(),
            redactor,
            observer: Arc::new(Deaf),
            wake: Arc::new(Notify::new()),
            oldest_unscored_seconds: settings.limits.oldest_unscored_seconds.into(),
        };
        let outcome = if arguments.once {
            once(source, &door, quiet).await?
        } else {
            let (stopping, stopped) = watch::channel(false);
            announce(format_args!("watching {}", arguments.folder.display()));
            let watching = tokio::spawn(sources::run(source, door, stopped));
            stop.next().await;
            // Fails only when it has ended already.
            let _ = stopping.send(true);
            tokio::select! {
                ended = watching => ended.map_err(CliError::failure)?,
                // What is in hand then is read again at the next start.
                _ = stop.next() => {}
            }
            Outcome::Done
        };
        store.close().await;
        Ok(outcome)
    })
}

/// Takes in what is complete, waiting for files that may be so in a moment.
async fn once(mut source: FolderSource, door: &SourceDoor, quiet: Duration) -> Result<Outcome, CliError> {
    let begun = Instant::now();
    let mut all = Worked::default();
    loop {
        let Worked { taken, refused, later } =
            sources::run_once(&mut source, door).await.map_err(CliError::failure)?;
        all.taken += taken;
        all.refused += refused;
        all.later += later;
        if later > 0 || !source.is_waiting() || begun.elapsed() > quiet * 3 {
            break;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    say(format_args!("files: done {}, failed {}, left for later {}", all.taken, all.refused, all.later))?;
    Ok(Outcome::of(all.refused, all.later))
}
