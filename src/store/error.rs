//! What the databases' errors mean to a caller.

use sqlx::error::DatabaseError;

use super::StoreError;

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
                Kind::Full => Self::Full,
                Kind::Unavailable => Self::Unavailable(error),
                Kind::NotMigrated => Self::NotMigrated,
                Kind::Other => Self::Query(error),
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

enum Kind {
    Full,
    Unavailable,
    NotMigrated,
    Other,
}

fn kind(error: &dyn DatabaseError) -> Kind {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        return match &*code {
            postgres::DISK_FULL => Kind::Full,
            postgres::UNDEFINED_TABLE => Kind::NotMigrated,
            code if postgres::UNAVAILABLE.iter().any(|class| code.starts_with(class)) => Kind::Unavailable,
            _ => Kind::Other,
        };
    }
    // SQLite has no code of its own for a missing table.
    match code.parse::<u32>().unwrap_or_default() & 0xff {
        sqlite::FULL => Kind::Full,
        sqlite::BUSY | sqlite::LOCKED | sqlite::IO_ERROR | sqlite::CANNOT_OPEN => Kind::Unavailable,
        _ if error.message().starts_with("no such table") => Kind::NotMigrated,
        _ => Kind::Other,
    }
}
