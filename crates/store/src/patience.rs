//! Every wait for the database ends, whatever has become of it.
//!
//! A server that is gone without a word (a cable, a firewall that forgot, a host without power)
//! answers nothing and refuses nothing: its own time limits end nothing here. So the clock runs on
//! this side, in one place, for
//!
//! * taking a **connection**, with the question whether an old one still answers,
//! * each **statement**,
//! * one **piece of work** of several statements,
//! * all the work of **one request** ([`one_request`]).
//!
//! A connection whose statement did not come to its end is thrown away: nobody knows what it would
//! say next. sqlx offers neither TCP keep-alives nor a user time-out; these clocks need none.

use std::cell::Cell;
use std::future::Future;
use std::io;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, TryStreamExt as _, try_unfold};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Connection as _, Describe, Either, Execute, Executor, Postgres, SqlStr};
use tokio::time::timeout;

use super::StoreError;

/// Longest wait for a connection, a statement or a lock: as long as a request may take at most.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Longest piece of work. Half the lease of a worker: what takes longer is done twice.
const WORK: Duration = Duration::from_mins(1);

/// What one request waits for the database in all: with what it must still put in order after that
/// ([`LAST_WORD`]) it stays below [`PATIENCE`].
const REQUEST: Duration = Duration::from_secs(4);

/// What a request whose time is used up may still take for one piece of work, such as giving back
/// what it had reserved.
const LAST_WORD: Duration = Duration::from_millis(250);

/// Longest wait for a sign of life of an idle connection. The nearest server answers within a
/// millisecond, one on another continent within 300.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

tokio::task_local! {
    /// What is left of [`REQUEST`].
    static LEFT: Cell<Duration>;
}

/// Runs what one request does: all it asks of the database together takes at most five seconds.
/// What it waits for elsewhere does not count, nor do tasks that it spawns.
pub async fn one_request<T>(request: impl Future<Output = T>) -> T {
    LEFT.scope(Cell::new(REQUEST), request).await
}

/// Waits for one piece of work, no longer than is allowed to it or left to the request.
pub(super) async fn spend<T, E>(work: impl Future<Output = Result<T, E>>) -> Result<T, StoreError>
where
    StoreError: From<E>,
{
    let begun = Instant::now();
    let allowed = LEFT.try_with(|left| left.get().max(LAST_WORD)).unwrap_or(WORK);
    let done = timeout(allowed, work).await;
    // Fails where no request is, and then nothing is counted.
    let _ = LEFT.try_with(|left| left.set(left.get().saturating_sub(begun.elapsed())));
    Ok(done.map_err(|_| silent(allowed))??)
}

fn silent(after: Duration) -> sqlx::Error {
    let seconds = after.as_secs_f64();
    io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {seconds} s")).into()
}

async fn timely<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    timeout(PATIENCE, answer).await.map_err(|_| silent(PATIENCE))?
}

/// Whether the other side of an idle connection is there; if not, the pool drops the connection
/// without a farewell.
pub(super) async fn answers(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    timeout(SIGN_OF_LIFE, connection.ping()).await.map_err(|_| silent(SIGN_OF_LIFE))?.map(|()| true)
}

/// A connection to PostgreSQL for one piece of work. It runs statements as sqlx's own connection
/// does.
#[derive(Debug)]
pub(crate) struct Lease {
    connection: PoolConnection<Postgres>,
    /// A statement has begun and not come to its end.
    in_flight: bool,
    /// A transaction has begun and not come to its end.
    in_transaction: bool,
}

impl Lease {
    pub(crate) async fn of(pool: &PgPool) -> Result<Self, sqlx::Error> {
        // On the heap: making a connection needs a lot of room, and this future is part of every
        // other of the store.
        let connection = timely(Box::pin(pool.acquire())).await?;
        Ok(Self { connection, in_flight: false, in_transaction: false })
    }

    pub(crate) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        self.in_transaction = true;
        self.execute("BEGIN").await.map(drop)
    }

    /// Commits after success, rolls back after failure.
    pub(crate) async fn end<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        match outcome {
            Ok(value) => {
                self.execute("COMMIT").await?;
                self.in_transaction = false;
                Ok(value)
            }
            Err(cause) => {
                // A connection that has not answered is not asked again: the server rolls back when
                // it is gone.
                if !self.in_flight && self.execute("ROLLBACK").await.is_ok() {
                    self.in_transaction = false;
                }
                Err(cause)
            }
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.in_flight || self.in_transaction {
            self.connection.close_on_drop();
        }
    }
}

impl<'c> Executor<'c> for &'c mut Lease {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let Lease { connection, in_flight, .. } = self;
        *in_flight = true;
        let rows = (&mut **connection).fetch_many(query);
        Box::pin(try_unfold((rows, in_flight), |(mut rows, in_flight)| async {
            let Ok(row) = timeout(PATIENCE, rows.try_next()).await else { return Err(silent(PATIENCE)) };
            *in_flight = matches!(row, Ok(Some(_)));
            Ok(row?.map(|row| (row, (rows, in_flight))))
        }))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let mut rows = self.fetch(query);
        Box::pin(async move {
            let first = rows.try_next().await?;
            // Only its end tells whether the statement succeeded: a deferred constraint is checked
            // there.
            while rows.try_next().await?.is_some() {}
            Ok(first)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            self.in_flight = true;
            let prepared = timeout(PATIENCE, (*self.connection).prepare_with(sql, parameters)).await;
            self.in_flight = prepared.is_err();
            prepared.map_err(|_| silent(PATIENCE))?
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, sqlx::Error>>
    where
        'c: 'e,
    {
        Box::pin(timely((*self.connection).describe(sql)))
    }
}
