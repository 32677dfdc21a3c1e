//! Copies of the whole database, and what a database holds in numbers.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use super::alone::Alone;
use super::connect::Backend;
use super::{Store, StoreError, connect, copy, decode, reading, sql};

/// What a database holds. Two databases with the same inventory hold the same contacts and
/// analyses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// Number of contacts.
    pub contacts: u64,
    /// Number of jobs, waiting or set aside.
    pub jobs: u64,
    /// Number of analyses, earlier ones included.
    pub analyses: u64,
    /// Number of flags of current analyses.
    pub flags: u64,
    /// Number of verdicts on flags.
    pub verdicts: u64,
    /// Number of accounts.
    pub users: u64,
    /// Number of API keys.
    pub api_keys: u64,
    /// Number of entries of the audit log.
    pub audit_entries: u64,
    /// SHA-256 over every contact with its current analysis, in order of their keys, hexadecimal.
    pub sha256: String,
}

#[derive(FromRow)]
struct Counts {
    contacts: i64,
    jobs: i64,
    analyses: i64,
    flags: i64,
    verdicts: i64,
    users: i64,
    api_keys: i64,
    audit_entries: i64,
}

#[derive(FromRow)]
struct InventoryRow {
    id: Uuid,
    revision: i64,
    state: String,
    digest: String,
    body: String,
    analysis: Option<String>,
}

fn refused(reason: impl Into<String>) -> StoreError {
    StoreError::Backup(reason.into())
}

impl Store {
    /// Copies the whole database to `target` while it is in use (`VACUUM INTO` on SQLite). On
    /// PostgreSQL writes a logical copy of every table as NDJSON, as of one moment.
    ///
    /// The copy gets its name only when it is complete and on the disk: a file of that name is
    /// never half a backup.
    ///
    /// # Errors
    /// [`StoreError`] when `target` exists or cannot be written.
    pub async fn backup(&self, target: &Path) -> Result<(), StoreError> {
        if target.exists() {
            return Err(refused(format!("{} exists already; name another file", target.display())));
        }
        let part = beside(target, ".part");
        remove_if_there(&part)?;
        // A copy holds as much as the database: transcripts and password hashes.
        connect::keep_private(&part);
        match &self.backend {
            Backend::Sqlite { readers, .. } => {
                let name = part.to_str().ok_or_else(|| refused("the name of the backup is not UTF-8"))?;
                sqlx::query("VACUUM INTO $1").bind(name).execute(readers).await?;
            }
            Backend::Postgres(pool) => copy::write(pool, &part, self.schema_version().await?).await?,
        }
        settle(&part, target)
    }

    /// Fills an empty database from what [`Store::backup`] wrote.
    ///
    /// # Errors
    /// [`StoreError`] when the database is not empty or the file is no backup.
    pub async fn restore(url: &str, from: &Path) -> Result<(), StoreError> {
        if !from.is_file() {
            return Err(refused(format!("{} is no file", from.display())));
        }
        match connect::sqlite_file(url)? {
            Some(file) => restore_sqlite(url, &file, from).await,
            None if url.starts_with("sqlite") => Err(refused("a database in memory cannot be restored into")),
            None => {
                let store = Self::open(url).await?;
                store.migrate().await?;
                store.refuse_used(url).await?;
                let Backend::Postgres(pool) = &store.backend else { return Ok(()) };
                let restored = copy::read(pool, from, connect::latest_migration()).await;
                store.close().await;
                restored
            }
        }
    }

    async fn refuse_used(&self, url: &str) -> Result<(), StoreError> {
        let used: Result<i64, sqlx::Error> =
            reading!(self, |db| sqlx::query_scalar(sql::IS_USED).fetch_one(db).await);
        match used.map_err(StoreError::from) {
            Ok(0) | Err(StoreError::NotMigrated) => Ok(()),
            Ok(_) => {
                let name = url.rsplit('/').next().unwrap_or_default();
                Err(refused(format!("the database {name} is not empty; restore into a new one")))
            }
            Err(cause) => Err(cause),
        }
    }

    /// Counts everything and adds up every contact, to compare a database with its copy.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn inventory(&self) -> Result<Inventory, StoreError> {
        let counts: Counts = reading!(self, |db| sqlx::query_as(sql::COUNTS).fetch_one(db).await?);
        let mut sum = Sha256::new();
        let mut after = Uuid::nil();
        loop {
            let rows: Vec<InventoryRow> =
                reading!(self, |db| sqlx::query_as(sql::INVENTORY).bind(after).fetch_all(db).await?);
            let Some(last) = rows.last() else { break };
            after = last.id;
            for row in &rows {
                let analysis = row.analysis.as_deref().unwrap_or_default();
                sum.update(row.id.as_bytes());
                sum.update(row.revision.to_be_bytes());
                for text in [&row.state, &row.digest, &row.body, analysis] {
                    // With its length before it, no text can pass for parts of two.
                    sum.update(text.len().to_be_bytes());
                    sum.update(text);
                }
            }
        }
        let count = |value| decode::number("inventory", value);
        Ok(Inventory {
            contacts: count(counts.contacts)?,
            jobs: count(counts.jobs)?,
            analyses: count(counts.analyses)?,
            flags: count(counts.flags)?,
            verdicts: count(counts.verdicts)?,
            users: count(counts.users)?,
            api_keys: count(counts.api_keys)?,
            audit_entries: count(counts.audit_entries)?,
            sha256: tingxin_text::domain::ContentDigest(sum.finalize().into()).to_hex(),
        })
    }
}

/// Checks the backup, then puts a copy of it where the database belongs.
async fn restore_sqlite(url: &str, file: &Path, from: &Path) -> Result<(), StoreError> {
    // A service that runs on the file would go on in one that is no longer there; one that starts
    // before the copy has its name would make a database of its own, and lose it.
    let alone = Alone::default();
    alone.hold(file)?;
    if file.exists() {
        let present = Store::open(url).await?;
        let empty = present.refuse_used(url).await;
        present.close().await;
        empty?;
    }
    let part = beside(file, ".part");
    // The companions of an earlier copy would be taken for the changes of this one.
    remove_database(&part)?;
    let restored = match copy_checked(from, &part).await {
        Ok(()) => remove_database(file).and_then(|()| settle(&part, file)),
        refused => refused,
    };
    // SQLite leaves companions beside a file that it had only to check, and a copy that failed
    // holds as much as the database.
    let cleaned = remove_database(&part);
    restored.and(cleaned)
}

async fn copy_checked(from: &Path, part: &Path) -> Result<(), StoreError> {
    connect::keep_private(part);
    let copied = std::fs::File::open(from).and_then(|mut from| {
        let mut to = std::fs::OpenOptions::new().write(true).open(part)?;
        std::io::copy(&mut from, &mut to)
    });
    copied.map_err(|cause| refused(format!("cannot copy the backup: {cause}")))?;
    check_sqlite(part).await
}

/// Removes what is there of a SQLite database: the file and its companions.
fn remove_database(file: &Path) -> Result<(), StoreError> {
    ["", "-wal", "-shm"].into_iter().try_for_each(|suffix| remove_if_there(&beside(file, suffix)))
}

async fn check_sqlite(copy: &Path) -> Result<(), StoreError> {
    let no_backup = |_| refused("the file is no backup of this program");
    let name = copy.to_str().ok_or_else(|| refused("the name of the database is not UTF-8"))?;
    let store = Store::open(&format!("sqlite://{name}")).await.map_err(|cause| match cause {
        newer @ StoreError::NewerSchema { .. } => newer,
        _ => refused("the file is no backup of this program"),
    })?;
    let sound: Result<String, sqlx::Error> = match &store.backend {
        Backend::Sqlite { readers, .. } => {
            sqlx::query_scalar("PRAGMA integrity_check").fetch_one(readers).await
        }
        Backend::Postgres(_) => return Ok(()),
    };
    let schema = store.schema_version().await;
    store.close().await;
    if sound.map_err(no_backup)? != "ok" {
        return Err(refused("the backup is damaged: SQLite's integrity check fails"));
    }
    schema?.map(drop).ok_or_else(|| refused("the file is no backup of this program"))
}

/// `file` with something added to its name.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn remove_if_there(file: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(file) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(refused(format!("cannot remove {}: {cause}", file.display())))
        }
        _ => Ok(()),
    }
}

/// Puts a finished file on the disk and gives it its name.
fn settle(part: &Path, target: &Path) -> Result<(), StoreError> {
    let settled = std::fs::File::open(part)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(part, target))
        // The name is on the disk when the folder is.
        .and_then(|()| match target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) => std::fs::File::open(folder)?.sync_all(),
            None => std::fs::File::open(".")?.sync_all(),
        });
    settled.map_err(|cause| refused(format!("cannot write {}: {cause}", target.display())))
}
