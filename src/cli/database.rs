//! `tingxin migrate`, `backup`, `restore`.

use std::path::PathBuf;

use clap::Args;

use super::context::{Context, audit_export, block_on, say};
use super::error::{CliError, Outcome};
use super::options::Database;
use crate::store::Store;

/// Bring the database schema up to date (`serve` does this by itself)
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin migrate
  tingxin migrate --database-url postgres://tingxin@db/tingxin

Safe to repeat. A database written by a later release is refused and not touched.")]
pub(super) struct Migrate {
    #[command(flatten)]
    database: Database,
}

/// Copy the whole database to a file while it is in use
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin backup /backup/tingxin-$(date +%F).db
  tingxin backup --database-url postgres://tingxin@db/tingxin tingxin.ndjson

The copy holds redacted contacts, accounts and the audit log, but not the pseudonym key: keep a copy of the key file apart from it.")]
pub(super) struct Backup {
    /// File to write; must not exist
    #[arg(value_name = "FILE")]
    target: PathBuf,
    #[command(flatten)]
    database: Database,
}

/// Fill an empty database from a backup
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin restore /backup/tingxin-2026-11-01.db --database-url sqlite://restored.db
  tingxin restore tingxin.ndjson --database-url postgres://tingxin@db/empty

A database that holds anything is refused. Put the pseudonym key file of the original beside it
(setting key_file) before `tingxin serve`.")]
pub(super) struct Restore {
    /// What `tingxin backup` wrote
    #[arg(value_name = "FILE")]
    source: PathBuf,
    #[command(flatten)]
    database: Database,
}

/// Runs `migrate`.
pub(super) fn migrate(context: &Context, arguments: &Migrate) -> Result<Outcome, CliError> {
    let settings = context.settings(&arguments.database.flags())?.settings;
    block_on(async {
        let store = Store::open(&settings.database_url).await.map_err(CliError::failure)?;
        let applied = store.migrate().await.map_err(CliError::failure)?;
        store.close().await;
        if applied.is_empty() {
            return say("the schema is up to date");
        }
        let versions: Vec<_> = applied.iter().map(ToString::to_string).collect();
        say(format_args!("applied migrations {}", versions.join(", ")))
    })?;
    Ok(Outcome::Done)
}

/// Runs `backup`.
pub(super) fn backup(context: &Context, arguments: &Backup) -> Result<Outcome, CliError> {
    block_on(async {
        let store = context.store(&arguments.database.flags()).await?;
        store.backup(&arguments.target).await.map_err(CliError::failure)?;
        // The name of the file may name a person or a customer; that a copy exists is what matters.
        audit_export(&store, "database.backup", "database").await?;
        store.close().await;
        say(format_args!("wrote {}", arguments.target.display()))
    })?;
    Ok(Outcome::Done)
}

/// Runs `restore`.
pub(super) fn restore(context: &Context, arguments: &Restore) -> Result<Outcome, CliError> {
    let settings = context.settings(&arguments.database.flags())?.settings;
    block_on(async {
        Store::restore(&settings.database_url, &arguments.source).await.map_err(CliError::failure)?;
        say(format_args!("restored {}", arguments.source.display()))
    })?;
    Ok(Outcome::Done)
}
