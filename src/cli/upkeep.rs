//! `tingxin audit` and `tingxin queue`: what an operator looks after by hand.

use clap::{Args, Subcommand};

use super::context::{Context, audit, block_on, say};
use super::error::{CliError, Outcome};
use super::options::Database;
use crate::domain::UtcMillis;
use crate::store::{AuditCheck, Store};

/// Check the audit log
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Example: tingxin audit verify

Exit status 2 when an entry was changed, removed or moved; the first such entry is named. `tingxin serve` checks the same at its start and every hour. Somebody who can rewrite the whole log is found only by comparing the number of entries with a copy kept elsewhere.")]
pub(super) struct Audit {
    #[command(subcommand)]
    action: AuditAction,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Clone, Subcommand)]
enum AuditAction {
    /// Recompute the chain of all entries and compare
    #[command(after_help = "Example: tingxin audit verify")]
    Verify,
}

/// Look after the queue of contacts that wait for their analysis
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin queue show
  tingxin queue retry")]
pub(super) struct Queue {
    #[command(subcommand)]
    action: QueueAction,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Clone, Subcommand)]
enum QueueAction {
    /// Say how many contacts wait, and how many were set aside after repeated failures
    #[command(after_help = "Example: tingxin queue show")]
    Show,
    /// Give every contact that was set aside new attempts, for example after a release that mends what made them fail
    #[command(after_help = "Example: tingxin queue retry")]
    Retry,
}

/// Runs `audit`.
pub(super) fn audit_log(context: &Context, arguments: &Audit) -> Result<Outcome, CliError> {
    let Audit { action: AuditAction::Verify, database } = arguments;
    block_on(async {
        let store = context.store(&database.flags()).await?;
        let check = store.verify_audit().await.map_err(CliError::failure)?;
        store.close().await;
        match check {
            AuditCheck::Intact { entries } => {
                say(format_args!("{entries} entries, each as it was written"))?;
                Ok(Outcome::Done)
            }
            AuditCheck::Broken { seq } => {
                say(format_args!(
                    "entry {seq} of the audit log was changed, removed or moved; compare it with a backup"
                ))?;
                Ok(Outcome::Broken)
            }
        }
    })
}

/// Runs `queue`.
pub(super) fn queue(context: &Context, arguments: &Queue) -> Result<Outcome, CliError> {
    block_on(async {
        let store = context.store(&arguments.database.flags()).await?;
        let done = queue_action(&store, &arguments.action).await;
        store.close().await;
        done
    })?;
    Ok(Outcome::Done)
}

async fn queue_action(store: &Store, action: &QueueAction) -> Result<(), CliError> {
    let now = UtcMillis::now();
    match action {
        QueueAction::Show => {
            let state = store.queue_state(now).await.map_err(CliError::failure)?;
            say(format_args!("{} wait, {} were set aside", state.waiting, state.quarantined))
        }
        QueueAction::Retry => {
            let revived = store.requeue_quarantined(now).await.map_err(CliError::failure)?;
            audit(store, "queue.retry", "queue").await?;
            say(format_args!("{revived} contacts get new attempts; `serve` reads them"))
        }
    }
}
