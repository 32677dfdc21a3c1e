//! `tingxin migrate`, `backup`, `restore`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::context::{Context, audit_export, block_on, say};
use super::error::{CliError, Outcome};
use super::options::DatabaseArguments;
use super::sealing;
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
    database: DatabaseArguments,
}

/// Copy the whole database to a file while it is in use
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin backup /backup/tingxin-$(date +%F).db
  tingxin backup --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p /backup/tingxin.db.age
  tingxin backup --database-url postgres://tingxin@db/tingxin tingxin.ndjson

The copy holds redacted contacts, accounts and the audit log, but not the pseudonym key: keep a copy of the key file apart from it. With --recipient only the holder of the secret key can read it; until it is encrypted a plain copy lies beside it, readable by its owner only.")]
pub(super) struct Backup {
    /// File to write; must not exist
    #[arg(value_name = "FILE")]
    target: PathBuf,
    /// Encrypt for this public key of age (`age-keygen`); may be repeated
    #[arg(long, value_name = "AGE_KEY", value_parser = sealing::recipient)]
    recipient: Vec<age::x25519::Recipient>,
    #[command(flatten)]
    database: DatabaseArguments,
}

/// Fill an empty database from a backup
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin restore /backup/tingxin-2026-11-01.db --database-url sqlite://restored.db
  tingxin restore tingxin.db.age --identity key.txt --database-url sqlite://restored.db
  tingxin restore tingxin.ndjson --database-url postgres://tingxin@db/empty

A database that holds anything is refused. People who were erased after the backup are in it: erase them again. Put the pseudonym key file of the original beside it
(setting key_file) before `tingxin serve`.")]
pub(super) struct Restore {
    /// What `tingxin backup` wrote
    #[arg(value_name = "FILE")]
    source: PathBuf,
    /// File with the secret key, as `age-keygen` writes it, for an encrypted backup
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
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
        write_backup(&store, &arguments.target, &arguments.recipient).await?;
        // The name of the file may name a person or a customer; that a copy exists is what matters.
        audit_export(&store, "database.backup", "database").await?;
        store.close().await;
        say(format_args!("wrote {}", arguments.target.display()))
    })?;
    Ok(Outcome::Done)
}

/// The folder that a file lies in.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

async fn write_backup(
    store: &Store,
    target: &Path,
    recipients: &[age::x25519::Recipient],
) -> Result<(), CliError> {
    if recipients.is_empty() {
        return store.backup(target).await.map_err(CliError::failure);
    }
    if target.exists() {
        let there = format!("{} exists already; name another file", target.display());
        return Err(CliError::failure(there));
    }
    let folder = folder_of(target);
    let plain = tempfile::tempdir_in(folder).map_err(CliError::failure)?;
    let (copy, sealed) = (plain.path().join("backup"), plain.path().join("sealed"));
    store.backup(&copy).await.map_err(CliError::failure)?;
    sealing::seal(&copy, &sealed, recipients)?;
    // A file of that name is never half a backup, and its name is on the disk when the folder is.
    std::fs::rename(&sealed, target).map_err(CliError::failure)?;
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(CliError::failure)
}

/// Runs `restore`.
pub(super) fn restore(context: &Context, arguments: &Restore) -> Result<Outcome, CliError> {
    let settings = context.settings(&arguments.database.flags())?.settings;
    block_on(async {
        match &arguments.identity {
            None => {
                Store::restore(&settings.database_url, &arguments.source).await.map_err(CliError::failure)?;
            }
            Some(identity) => {
                // Beside the backup, where there is room for it; it goes whatever comes of it.
                let plain = tempfile::tempdir_in(folder_of(&arguments.source)).map_err(CliError::failure)?;
                let file = plain.path().join("backup");
                sealing::open(&arguments.source, &file, identity)?;
                Store::restore(&settings.database_url, &file).await.map_err(CliError::failure)?;
            }
        }
        say(format_args!("restored {}", arguments.source.display()))
    })?;
    Ok(Outcome::Done)
}
