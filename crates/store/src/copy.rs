//! The logical copy of a PostgreSQL database: one JSON value a line.
//!
//! ```text
//! {"tingxin_backup":1,"schema":1}
//! {"table":"contacts","rows":2}
//! {"id":"0199…","source":"hotline-10086",…}
//! {"id":"0199…","source":"hotline-10086",…}
//! {"table":"contact_bodies","rows":2}
//! …
//! {"end":true}
//! ```
//!
//! `pg_dump` would do more, but needs a second program of the right version beside this one. The
//! last line makes a file that was cut off recognisable.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};

use super::{StoreError, decode};

/// Version of the file format.
const FORMAT: u32 = 1;

/// Rows inserted by one statement.
const BATCH: usize = 500;

/// A table of the copy with its statements. Parents stand before children.
struct Table {
    name: &'static str,
    count: &'static str,
    dump: &'static str,
    clear: &'static str,
    load: &'static str,
}

macro_rules! tables {
    ($($name:literal by $key:literal),+ $(,)?) => {
        &[$(Table {
            name: $name,
            count: concat!("SELECT COUNT(*) FROM ", $name),
            dump: concat!("SELECT row_to_json(t)::text FROM ", $name, " t ORDER BY ", $key),
            clear: concat!("DELETE FROM ", $name),
            load: concat!(
                "INSERT INTO ", $name, " SELECT * FROM json_populate_recordset(NULL::", $name, ", $1::text::json)"
            ),
        }),+]
    };
}

/// Everything but the row of the readiness check, which means nothing elsewhere.
const TABLES: &[Table] = tables![
    "contacts" by "id",
    "legal_holds" by "id",
    "contact_bodies" by "contact",
    "jobs" by "id",
    "analyses" by "contact, revision, engine",
    "flags" by "id",
    "verdicts" by "id",
    "appeals" by "id",
    "acknowledgements" by "id",
    "asked_reviews" by "contact, rule",
    "cases" by "id",
    "case_steps" by "id",
    "case_leads" by "contact",
    "news" by "id",
    "news_head" by "id",
    "hooks" by "id",
    "export_requests" by "id",
    "contact_measures" by "contact",
    "contact_search" by "contact",
    "stale_sums" by "id",
    "weekly_sums" by "kind, name, week",
    "incidents" by "id",
    "trainings" by "id",
    "coaching" by "id",
    "coaching_clips" by "coaching, place",
    "staff_names" by "staff_id",
    "care_tasks" by "contact",
    "learning_items" by "contact",
    "sample_plans" by "version",
    "sample_weeks" by "week",
    "sample_draws" by "id",
    "sample_readings" by "id",
    "sentence_marks" by "id",
    "inspection_forms" by "id, version",
    "inspection_sheets" by "id",
    "acceptance_samples" by "id",
    "acceptance_members" by "sample, flag",
    "rule_changes" by "id",
    "calibrations" by "id",
    "calibration_readers" by "calibration, reader",
    "calibration_items" by "id",
    "calibration_readings" by "id",
    "users" by "name",
    "review_claims" by "contact",
    "review_assignments" by "contact",
    "distribution_rules" by "id",
    "paused_reviewers" by "account",
    "saved_views" by "id",
    "bells" by "account",
    "sessions" by "token_sha256",
    "api_keys" by "name",
    "idempotency_keys" by "caller, idempotency_key",
    "audit_log" by "seq",
    "audit_head" by "id",
    "meta" by "name",
];

/// A copy may take longer than any request.
const UNHURRIED: [&str; 2] =
    ["SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0"];

/// Lets new jobs and marks go on after the numbers of the copy.
const CONTINUE: &str = "SELECT setval(pg_get_serial_sequence('jobs', 'id'), COALESCE((SELECT MAX(id) FROM jobs), 0) + 1, FALSE), \
     setval(pg_get_serial_sequence('stale_sums', 'id'), COALESCE((SELECT MAX(id) FROM stale_sums), 0) + 1, FALSE), \
     setval(pg_get_serial_sequence('verdicts', 'id'), COALESCE((SELECT MAX(id) FROM verdicts), 0) + 1, FALSE), \
     setval(pg_get_serial_sequence('sample_readings', 'id'), COALESCE((SELECT MAX(id) FROM sample_readings), 0) + 1, FALSE), \
     setval(pg_get_serial_sequence('rule_changes', 'id'), COALESCE((SELECT MAX(id) FROM rule_changes), 0) + 1, FALSE)";

/// Every statement of this file with its name, for `Store::check_statements`.
pub(super) fn statements() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_tables = TABLES.iter().flat_map(|table| [table.count, table.dump, table.clear, table.load]);
    of_tables.map(|text| ("copy", text)).chain([("CONTINUE", CONTINUE)])
}

#[derive(Serialize, Deserialize)]
struct Head {
    tingxin_backup: u32,
    schema: i64,
}

#[derive(Serialize, Deserialize)]
struct TableHead {
    table: String,
    rows: u64,
}

#[derive(Serialize, Deserialize)]
struct CopyEnd {
    end: bool,
}

fn unwritable(cause: &std::io::Error) -> StoreError {
    StoreError::Backup(format!("cannot write the backup: {cause}"))
}

fn no_backup(reason: &str) -> StoreError {
    StoreError::Backup(format!("the file is no backup of this program: {reason}"))
}

/// Writes every table as of one moment.
pub(super) async fn write(pool: &PgPool, target: &Path, schema: Option<i64>) -> Result<(), StoreError> {
    let schema = schema.ok_or(StoreError::NotMigrated)?;
    // The file is there already, empty and readable by its owner only.
    let file = OpenOptions::new().write(true).open(target).map_err(|cause| unwritable(&cause))?;
    let mut out = BufWriter::new(file);
    let mut line = |text: &str| writeln!(out, "{text}").map_err(|cause| unwritable(&cause));
    // Every statement of this transaction sees the same state, whatever is written meanwhile.
    let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    unhurried(&mut tx).await?;
    line(&decode::to_json("backup", &Head { tingxin_backup: FORMAT, schema })?)?;
    for table in TABLES {
        let count: i64 = sqlx::query_scalar(table.count).fetch_one(&mut *tx).await?;
        let rows = decode::number("backup", count)?;
        line(&decode::to_json("backup", &TableHead { table: table.name.to_owned(), rows })?)?;
        let mut rows = sqlx::query_scalar::<_, String>(table.dump).fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            line(&row)?;
        }
    }
    line(&decode::to_json("backup", &CopyEnd { end: true })?)?;
    out.flush().map_err(|cause| unwritable(&cause))
}

/// Fills an empty database in one transaction: after a failure it is as empty as before.
pub(super) async fn read(pool: &PgPool, from: &Path, known: i64) -> Result<(), StoreError> {
    let file = File::open(from).map_err(|cause| no_backup(&cause.to_string()))?;
    let mut lines = BufReader::new(file).lines();
    let mut next = || match lines.next() {
        Some(Ok(line)) => Ok(line),
        Some(Err(cause)) => Err(no_backup(&cause.to_string())),
        None => Err(no_backup("it ends too early")),
    };
    let head: Head = parsed(&next()?)?;
    if head.tingxin_backup != FORMAT || head.schema > known {
        return Err(StoreError::NewerSchema { found: head.schema, known });
    }
    if head.schema < known {
        return Err(no_backup(&format!(
            "it has schema {}, this program has {known}: restore it with the release that wrote it, \
             then migrate",
            head.schema
        )));
    }
    let mut tx = pool.begin().await?;
    unhurried(&mut tx).await?;
    for table in TABLES {
        let section: TableHead = parsed(&next()?)?;
        if section.table != table.name {
            return Err(no_backup(&format!("table {} is missing", table.name)));
        }
        sqlx::query(table.clear).execute(&mut *tx).await?;
        let mut batch = Vec::with_capacity(BATCH);
        for row in 1..=section.rows {
            batch.push(next()?);
            if batch.len() == BATCH || row == section.rows {
                let rows = format!("[{}]", batch.join(","));
                sqlx::query(table.load).bind(rows).execute(&mut *tx).await?;
                batch.clear();
            }
        }
    }
    let CopyEnd { end: true } = parsed(&next()?)? else { return Err(no_backup("it has no end")) };
    sqlx::query(CONTINUE).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

fn parsed<'a, T: Deserialize<'a>>(line: &'a str) -> Result<T, StoreError> {
    serde_json::from_str(line).map_err(|_| no_backup("a line cannot be read"))
}

async fn unhurried(connection: &mut PgConnection) -> Result<(), StoreError> {
    for setting in UNHURRIED {
        sqlx::query(setting).execute(&mut *connection).await?;
    }
    Ok(())
}
