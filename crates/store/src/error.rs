//! Why the store did not do what was asked, and what the databases' errors mean to a caller.

use std::path::PathBuf;

use sqlx::error::DatabaseError;

/// Why the store did not do what was asked.
///
/// Callers may act on the named cases. `Unavailable` and `Query` are for the log: their text names
/// tables and hosts and must not reach a client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names no database this program knows.
    #[error("`{0}` is no database URL; use sqlite://FILE or postgres://USER@HOST/NAME")]
    BadUrl(String),
    /// A library with a known corruption bug.
    #[error("SQLite {0} is too old: versions before 3.51.3 can corrupt a database in WAL mode")]
    OldSqlite(String),
    /// A later release has written here.
    #[error("the database has schema {found}, this program knows up to {known}: use the newer release")]
    NewerSchema {
        /// Version in the database.
        found: i64,
        /// Latest version of this program.
        known: i64,
    },
    /// Another process analyses contacts of this file.
    #[error(
        "another tingxin works on {} already: stop that one first, or give this one another database; several \
         on one database need PostgreSQL (database_url)", .0.display()
    )]
    InUse(PathBuf),
    /// Nothing can be locked beside the database.
    #[error("cannot lock {}, which tells other programs that the database is in use", .file.display())]
    Lock {
        /// The file to be locked.
        file: PathBuf,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
    /// The schema is not there yet.
    #[error("the database has no current schema: run `tingxin migrate` first")]
    NotMigrated,
    /// Another pseudonym key was used before.
    #[error(
        "this database was written with another pseudonym key ({bound}) than the one configured ({given}): \
         set key_file to the file that was used before"
    )]
    OtherKey {
        /// Fingerprint of the key in use.
        bound: String,
        /// Fingerprint of the key offered.
        given: String,
    },
    /// The name is in use.
    #[error("the name `{0}` is taken")]
    NameTaken(String),
    /// The file is there already, or is no backup, or the database is not empty.
    #[error("{0}")]
    Backup(String),
    /// The disk is full; space must be freed, no restart is needed.
    #[error("the disk of the database is full")]
    Full,
    /// No connection could be made at the start.
    #[error("cannot connect to PostgreSQL at {place}: {reason}")]
    Unreachable {
        /// Host and port, or the socket.
        place: String,
        /// Why, without anything secret.
        reason: String,
    },
    /// The database does not answer.
    #[error("database unavailable")]
    Unavailable(#[source] sqlx::Error),
    /// A statement failed.
    #[error("database query failed")]
    Query(#[source] sqlx::Error),
    /// A stored value cannot be read back.
    #[error("stored {what} cannot be read: {reason}")]
    Corrupt {
        /// Table and column.
        what: &'static str,
        /// Why.
        reason: String,
    },
}

/// Primary result codes of SQLite; an extended code carries one in its lowest byte.
mod sqlite {
    pub(super) const BUSY: u32 = 5;
    pub(super) const LOCKED: u32 = 6;
    pub(super) const IO_ERROR: u32 = 10;
    pub(super) const FULL: u32 = 13;
    pub(super) const CANNOT_OPEN: u32 = 14;
}

/// SQLSTATEs of PostgreSQL.
mod postgres {
    pub(super) const UNDEFINED_TABLE: &str = "42P01";
    /// Connection exceptions, insufficient resources, shutting down, and time limits.
    pub(super) const UNAVAILABLE: [&str; 4] = ["08", "53", "57", "55P03"];
    pub(super) const DISK_FULL: &str = "53100";
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Database(cause) => match kind(&**cause) {
                DatabaseErrorKind::Full => Self::Full,
                DatabaseErrorKind::Unavailable => Self::Unavailable(error),
                DatabaseErrorKind::NotMigrated => Self::NotMigrated,
                DatabaseErrorKind::Other => Self::Query(error),
            },
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
                Self::Unavailable(error)
            }
            _ => Self::Query(error),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError as M;
        match error {
            M::Execute(cause) | M::ExecuteMigration(cause, _) => cause.into(),
            other => Self::Query(sqlx::Error::Migrate(Box::new(other))),
        }
    }
}

enum DatabaseErrorKind {
    Full,
    Unavailable,
    NotMigrated,
    Other,
}

fn kind(error: &dyn DatabaseError) -> DatabaseErrorKind {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        return match &*code {
            postgres::DISK_FULL => DatabaseErrorKind::Full,
            postgres::UNDEFINED_TABLE => DatabaseErrorKind::NotMigrated,
            code if postgres::UNAVAILABLE.iter().any(|class| code.starts_with(class)) => {
                DatabaseErrorKind::Unavailable
            }
            _ => DatabaseErrorKind::Other,
        };
    }
    // SQLite has no code of its own for a missing table.
    match code.parse::<u32>().unwrap_or_default() & 0xff {
        sqlite::FULL => DatabaseErrorKind::Full,
        sqlite::BUSY | sqlite::LOCKED | sqlite::IO_ERROR | sqlite::CANNOT_OPEN => {
            DatabaseErrorKind::Unavailable
        }
        _ if error.message().starts_with("no such table") => DatabaseErrorKind::NotMigrated,
        _ => DatabaseErrorKind::Other,
    }
}
