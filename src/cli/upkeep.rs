//! `tingxin audit` and `tingxin queue`: what an operator looks after by hand.

use clap::{Args, Subcommand};

use super::context::{Context, block_on, say};
use super::error::{CliError, Outcome};
use super::options::DatabaseArguments;
use super::tables::empty;
use crate::desk::{Caller, DeskError, queue};
use crate::domain::{ContactId, ContactRef, SourceId, UtcMillis};
use crate::store::{AuditCheck, ContactFilter, SetAside, Store};

/// Check the audit log
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Example: tingxin audit verify

Exit status 2 when an entry was changed, removed or moved; the first such entry is named. `tingxin serve` checks the same at its start and every hour. Somebody who can rewrite the whole log is found only by comparing the number of entries with a copy kept elsewhere.")]
pub(super) struct AuditArguments {
    #[command(subcommand)]
    action: AuditAction,
    #[command(flatten)]
    database: DatabaseArguments,
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
  tingxin queue list
  tingxin queue retry
  tingxin queue drop hotline-10086/H-20261104-000465")]
pub(super) struct QueueArguments {
    #[command(subcommand)]
    action: QueueAction,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Debug, Clone, Subcommand)]
enum QueueAction {
    /// Say how many contacts wait, and list those that were set aside after repeated failures, with
    /// the reason
    #[command(
        alias = "show",
        after_help = "\
Examples:
  tingxin queue list
  tingxin queue list --json | jq -r .reason

Reasons: analysis_failed, the program met a defect; process_died, the process died five times while it analysed this contact and nothing else; analysis_not_storable, the database refused the result; stored_contact_unreadable, the stored text is damaged."
    )]
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Give contacts that were set aside new attempts, for example after a release that mends what
    /// made them fail
    #[command(after_help = "\
Examples:
  tingxin queue retry
  tingxin queue retry hotline-10086/H-20261104-000465")]
    Retry {
        /// SOURCE/ID or our key of a contact; without any, all that were set aside
        #[arg(value_name = "CONTACT")]
        contacts: Vec<String>,
    },
    /// Give up contacts that were set aside: they stay stored without an analysis until their
    /// source sends a newer revision
    #[command(after_help = "Example: tingxin queue drop hotline-10086/H-20261104-000465")]
    Drop {
        /// SOURCE/ID or our key of a contact
        #[arg(value_name = "CONTACT", required = true)]
        contacts: Vec<String>,
    },
}

/// Runs `audit`.
pub(super) fn audit_log(context: &Context, arguments: &AuditArguments) -> Result<Outcome, CliError> {
    let AuditArguments { action: AuditAction::Verify, database } = arguments;
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
pub(super) fn queue(context: &Context, arguments: &QueueArguments) -> Result<Outcome, CliError> {
    block_on(async {
        let store = context.store(&arguments.database.flags()).await?;
        let done = queue_action(&store, &arguments.action).await;
        store.close().await;
        done
    })?;
    Ok(Outcome::Done)
}

async fn queue_action(store: &Store, action: &QueueAction) -> Result<(), CliError> {
    match action {
        QueueAction::List { json } => list(store, *json).await,
        QueueAction::Retry { contacts } if contacts.is_empty() => {
            let revived = queue::retry_all(store, &Caller::system()).await.map_err(CliError::failure)?;
            say(format_args!("{revived} contacts get new attempts; `serve` reads them"))
        }
        QueueAction::Retry { contacts } => {
            for name in contacts {
                let done = queue::retry(store, &Caller::system(), find(store, name).await?).await;
                done.map_err(|cause| not_aside(name, cause))?;
                say(format_args!("{name} gets new attempts; `serve` reads it"))?;
            }
            Ok(())
        }
        QueueAction::Drop { contacts } => {
            for name in contacts {
                let done = queue::give_up(store, &Caller::system(), find(store, name).await?).await;
                done.map_err(|cause| not_aside(name, cause))?;
                say(format_args!("{name} was given up; it stays stored without an analysis"))?;
            }
            Ok(())
        }
    }
}

async fn list(store: &Store, json: bool) -> Result<(), CliError> {
    let set_aside = queue::set_aside(store).await.map_err(CliError::failure)?;
    if json {
        for one in &set_aside {
            say(serde_json::json!({
                "id": one.contact, "source": one.source, "contact_id": one.contact_id, "revision": one.revision,
                "attempts": one.attempts, "deaths": one.deaths, "reason": one.reason,
                "set_aside_at": one.since.to_rfc3339(),
            }))?;
        }
        return Ok(());
    }
    let state = store.queue_state(UtcMillis::now()).await.map_err(CliError::failure)?;
    say(format_args!("{} wait, {} were set aside", state.waiting, state.quarantined))?;
    if set_aside.is_empty() {
        return Ok(());
    }
    let mut table = empty(vec!["contact", "revision", "set aside", "attempts", "reason"]);
    for one in set_aside {
        let SetAside { source, contact_id, revision, since, attempts, reason, .. } = one;
        table.add_row([
            format!("{source}/{contact_id}"),
            revision.to_string(),
            since.to_beijing(),
            attempts.to_string(),
            reason,
        ]);
    }
    say(table)
}

/// The contact that `SOURCE/ID` or our own key names.
async fn find(store: &Store, name: &str) -> Result<ContactRef, CliError> {
    if let Ok(key) = name.parse() {
        return Ok(ContactRef(key));
    }
    let unknown = || {
        CliError::Failure(format!("`{name}` names no contact: write SOURCE/ID, as `queue list` does").into())
    };
    let (source, id) = name.split_once('/').ok_or_else(unknown)?;
    let filter = ContactFilter {
        source: Some(SourceId::new(source).map_err(|_| unknown())?),
        contact_id: Some(ContactId::new(id).map_err(|_| unknown())?),
        ..ContactFilter::default()
    };
    let found = store.contacts(&filter, None, 1).await.map_err(CliError::failure)?;
    found.items.first().map(|contact| contact.id).ok_or_else(unknown)
}

fn not_aside(name: &str, cause: DeskError) -> CliError {
    match cause {
        DeskError::NotFound => {
            CliError::failure(format!("{name} was not set aside; see `tingxin queue list`"))
        }
        other => CliError::failure(other),
    }
}
