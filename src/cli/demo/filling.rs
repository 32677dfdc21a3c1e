//! The quarter goes in: contacts, then what people have said and agreed about them.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::super::error::CliError;
use super::super::import::take;
use super::people::People;
use super::quarter::Quarter;
use super::{agreed, cared, owed, readings, sheeted, verdicts};
use crate::desk::{Desk, roll_up, rules};
use crate::domain::UtcMillis;
use crate::redact::Redactor;
use crate::store::Store;

/// How often the bar moves.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Weekly sums brought up to date in one round.
const SUMS: u32 = 500;

/// How far it is, on standard error: a bar on a terminal, a line a step elsewhere.
struct FillProgress(Option<ProgressBar>);

impl FillProgress {
    fn start(contacts: usize) -> Self {
        let shown = std::io::stderr().is_terminal();
        Self(shown.then(|| {
            let style = ProgressStyle::with_template("{msg}  {bar:24} {percent:>3}%  {elapsed}");
            let bar = ProgressBar::new(u64::try_from(contacts).unwrap_or(u64::MAX));
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        }))
    }

    fn step(&self, what: &'static str) {
        match &self.0 {
            Some(bar) => bar.set_message(what),
            None => drop(std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{what}\n"))),
        }
    }

    fn at(&self, done: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(done);
        }
    }
}

impl Drop for FillProgress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Fills the database of a service that already runs.
pub(super) async fn fill(
    (store, desk): (&Store, &Desk),
    redactor: Redactor,
    quarter: &Arc<Quarter>,
) -> Result<(), CliError> {
    let progress = FillProgress::start(quarter.len());
    let people = People::new(store.clone(), redactor.clone(), quarter.now);
    // First, so that every contact knows of it when it comes in.
    agreed::declare_outage(&people).await?;
    progress.step("taking contacts in and reading them");
    let tally = take(store, redactor, Arc::clone(quarter).contacts());
    let watched = async {
        tokio::select! {
            taken = tally => taken.map(|_| ()),
            () = watch(store, &progress) => Ok(()),
        }
    };
    watched.await?;
    while waiting(store).await? > 0 {
        show(store, &progress).await?;
        tokio::time::sleep(LOOK_EVERY).await;
    }
    progress.step("reviewing, sampling, coaching");
    verdicts::judge(&people, quarter).await?;
    readings::read(&people, quarter).await?;
    agreed::agree(&people, quarter).await?;
    cared::care(&people, desk).await?;
    owed::owe(&people, quarter).await?;
    sheeted::score(&people, desk).await?;
    rules::demote(store, UtcMillis::now()).await.map_err(CliError::failure)?;
    progress.step("computing figures");
    while roll_up(store, None, SUMS).await.map_err(CliError::failure)?.done > 0 {}
    Ok(())
}

async fn waiting(store: &Store) -> Result<u64, CliError> {
    Ok(store.queue_state(UtcMillis::now()).await.map_err(CliError::failure)?.waiting)
}

async fn show(store: &Store, progress: &FillProgress) -> Result<(), CliError> {
    if let Some(bar) = &progress.0 {
        progress.at(bar.length().unwrap_or_default().saturating_sub(waiting(store).await?));
    }
    Ok(())
}

/// Moves the bar while contacts come in; ends with whoever waits for that.
async fn watch(store: &Store, progress: &FillProgress) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        // While they come in nobody knows yet how many wait; the first seconds show none.
        if show(store, progress).await.is_err() {
            return std::future::pending().await;
        }
    }
}
