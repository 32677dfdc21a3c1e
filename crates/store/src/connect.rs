//! Connections, their settings, and the migrations that are compiled in.

use std::future::Future;
use std::path::Path;
use std::str::FromStr as _;
use std::time::{Duration, Instant};

use sqlx::Connection as _;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::StoreError;
use super::patience::{PATIENCE, answers};

pub(super) static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
pub(super) static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// First version without the WAL-reset bug (3.7.0 to 3.51.2), which can corrupt a database.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// Readers beside the one writer. Reads are short; more would only compete for the same cores.
const SQLITE_READERS: u32 = 4;

/// As many may read at the same time.
pub(super) const READERS: usize = 4;

/// Page cache of the writer in KiB. A group of contacts changes about a thousand pages; with
/// SQLite's 2 MB they do not fit, and every page is written to the log several times in one
/// transaction.
const WRITER_CACHE_KIB: &str = "-65536";

/// Pages in the log before they are brought over into the database: 16 MB instead of 4. A page that
/// is changed by many transactions in a row is then copied once. Recovery reads the log in well
/// under a second.
const CHECKPOINT_PAGES: &str = "4000";

/// Connections of one program to PostgreSQL, whose default limit of 100 several replicas share.
const POSTGRES_CONNECTIONS: u32 = 16;

/// Pause before a locked file is tried again.
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// How long the attempt may take that only asks why the others failed.
const LAST_ATTEMPT: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub(super) enum Backend {
    /// One connection that writes and some that read. In memory, both are the same one.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// The latest schema that this program knows. Both databases have the same numbers.
pub(super) fn latest_migration() -> i64 {
    SQLITE_MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Applies the migrations that are missing.
pub(super) async fn migrate(backend: &Backend) -> Result<(), MigrateError> {
    match backend {
        Backend::Sqlite { writer, .. } => SQLITE_MIGRATIONS.run(writer).await,
        Backend::Postgres(pool) => {
            // Building an index may take longer than any request, and so may waiting for another
            // replica that builds it.
            let own = unhurried(pool).await?;
            let migrated = POSTGRES_MIGRATIONS.run(&own).await;
            own.close().await;
            migrated
        }
    }
}

/// A connection of its own for work that takes as long as it takes.
pub(super) async fn unhurried(pool: &PgPool) -> Result<PgPool, sqlx::Error> {
    let options =
        (*pool.connect_options()).clone().options([("statement_timeout", "0"), ("lock_timeout", "0")]);
    PgPoolOptions::new().max_connections(1).connect_with(options).await
}

/// Whether a migration failed at a statement, as it does when another program applies it at the
/// same time. A migration that was edited after its release fails otherwise, and is never a race.
pub(super) const fn is_race(error: &MigrateError) -> bool {
    matches!(error, MigrateError::Execute(_) | MigrateError::ExecuteMigration(..))
}

/// Tries again while SQLite says that another program holds the file. Two steps do not wait for the
/// lock by themselves, whatever `busy_timeout` says: turning a new file to WAL, and a reading
/// transaction that begins to write.
pub(super) async fn patiently<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let begun = Instant::now();
    loop {
        match attempt().await {
            Err(StoreError::Unavailable(cause)) if is_locked(&cause) && begun.elapsed() < PATIENCE => {
                tokio::time::sleep(LOCK_PAUSE).await;
            }
            answer => return answer,
        }
    }
}

/// `SQLITE_BUSY` and its two variants.
fn is_locked(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| matches!(&*code, "5" | "261" | "517"))
}

pub(super) async fn open(url: &str) -> Result<Backend, StoreError> {
    match url.split_once(':') {
        Some(("sqlite", _)) => {
            let (options, memory) = (sqlite_options(url)?, is_memory(url));
            patiently(|| sqlite(options.clone(), memory)).await
        }
        Some(("postgres" | "postgresql", _)) => postgres(url).await,
        _ => Err(bad_url(url)),
    }
}

/// The file behind a SQLite URL; `None` for PostgreSQL and for a database in memory.
pub(super) fn sqlite_file(url: &str) -> Result<Option<std::path::PathBuf>, StoreError> {
    match url.split_once(':') {
        Some(("sqlite", _)) if is_memory(url) => Ok(None),
        Some(("sqlite", _)) => Ok(Some(sqlite_options(url)?.get_filename().to_owned())),
        Some(("postgres" | "postgresql", _)) => Ok(None),
        _ => Err(bad_url(url)),
    }
}

fn is_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}

/// A URL can hold a password: the refusal repeats no more than what stands before the first colon.
fn bad_url(url: &str) -> StoreError {
    StoreError::BadUrl(
        url.split_once(':').map_or_else(|| "…".to_owned(), |(scheme, _)| format!("{scheme}:…")),
    )
}

/// Rows that the thread of a connection may be ahead of whoever reads them: a page of a list. At
/// the driver's 50 it waits for the reader once a page, two switches between threads.
const ROWS_AT_ONCE: usize = 512;

/// Settings of every SQLite connection.
///
/// `synchronous = FULL` is the only setting under which an acknowledged write survives a power cut
/// in WAL mode: `NORMAL` lost rows in 112 of 120 simulated cuts, `FULL` in none. Group commit, not
/// `NORMAL`, is where throughput comes from. No `mmap_size`: an I/O error would become a signal.
pub(super) fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    Ok(SqliteConnectOptions::from_str(url)
        .map_err(|_| bad_url(url))?
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .row_buffer_size(ROWS_AT_ONCE)
        .pragma("secure_delete", "ON"))
}

pub(super) async fn sqlite(options: SqliteConnectOptions, in_memory: bool) -> Result<Backend, StoreError> {
    if in_memory {
        // The database lives as long as its one connection: that one must never be replaced.
        let only = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        refuse_old_sqlite(&only).await?;
        return Ok(Backend::Sqlite { writer: only.clone(), readers: only });
    }
    keep_private(options.get_filename());
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        // When the disk is full, SQLite has rolled back already and the driver's own ROLLBACK
        // fails. The connection then counts itself inside a transaction for ever, also after space
        // is free again. Such a connection is replaced.
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .connect_with(
            options
                .clone()
                .pragma("cache_size", WRITER_CACHE_KIB)
                .pragma("wal_autocheckpoint", CHECKPOINT_PAGES),
        )
        .await?;
    refuse_old_sqlite(&writer).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(PATIENCE)
        .connect_with(options.create_if_missing(false).read_only(true))
        .await?;
    Ok(Backend::Sqlite { writer, readers })
}

/// Creates the file readable by its owner only; SQLite gives its companions the same rights.
pub(super) fn keep_private(file: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // A file that is there keeps its rights; any other obstacle shows when SQLite opens it.
    let _ = options.open(file);
}

async fn refuse_old_sqlite(pool: &SqlitePool) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    if is_too_old(&version) { Err(StoreError::OldSqlite(version)) } else { Ok(()) }
}

fn is_too_old(version: &str) -> bool {
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    parts.as_slice() < OLDEST_SQLITE.as_slice()
}

async fn postgres(url: &str) -> Result<Backend, StoreError> {
    // PostgreSQL waits without limit by default; a statement that nobody waits for any more must
    // end.
    let options =
        PgConnectOptions::from_str(url).map_err(|_| bad_url(url))?.application_name("tingxin").options([
            ("statement_timeout", "5s"),
            ("lock_timeout", "2s"),
            ("idle_in_transaction_session_timeout", "10s"),
            // Our statements read few rows by an index. Compiled, one of many parts took a second where
            // it needs two milliseconds: guesses about a young table are far too high.
            ("jit", "off"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        // sqlx asks the same of an idle connection, but waits for the answer without end.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(answers(connection)))
        .after_release(|connection, _| Box::pin(answers(connection)))
        .connect_with(options.clone())
        .await;
    match pool {
        Ok(pool) => Ok(Backend::Postgres(pool)),
        Err(cause) => Err(unreachable(&options, cause).await),
    }
}

/// Says where nobody answered and why. The pool tries again until its time is over and then tells
/// nothing but that; one more attempt without it tells the cause.
async fn unreachable(options: &PgConnectOptions, cause: sqlx::Error) -> StoreError {
    let cause = match cause {
        sqlx::Error::PoolTimedOut => {
            match tokio::time::timeout(LAST_ATTEMPT, PgConnection::connect_with(options)).await {
                Ok(Err(cause)) => cause,
                Ok(Ok(_)) | Err(_) => sqlx::Error::PoolTimedOut,
            }
        }
        told => told,
    };
    let reason = match &cause {
        sqlx::Error::PoolTimedOut => format!("no answer within {} s", PATIENCE.as_secs()),
        sqlx::Error::Io(cause) => cause.to_string(),
        sqlx::Error::Database(cause) if cause.code().is_some_and(|code| code.starts_with("28")) => {
            format!("authentication failed: {}", cause.message())
        }
        sqlx::Error::Database(cause) => cause.message().to_owned(),
        other => other.to_string(),
    };
    let place = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("host {}, port {}", options.get_host(), options.get_port()),
    };
    StoreError::Unreachable { place, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_with_the_corruption_bug_are_too_old() {
        for (version, too_old) in
            [("3.40.1", true), ("3.51.2", true), ("3.51.3", false), ("3.52.0", false), ("4.0.0", false)]
        {
            assert_eq!(is_too_old(version), too_old, "{version}");
        }
    }

    #[test]
    fn a_refused_url_does_not_give_its_password_away() {
        let refused = bad_url("mysql://tingxin:geheim@db/tingxin");

        assert!(!refused.to_string().contains("geheim"), "{refused}");
    }
}
