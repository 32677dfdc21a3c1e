//! `tingxin erase`, `retention` and `export-person`: what is kept about people, and how it goes.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use comfy_table::Table;

use super::context::{Context, block_on, say};
use super::error::{CliError, Outcome};
use super::options::{DatabaseArguments, staff};
use super::tables::{empty, right};
use crate::app::{self, periods};
use crate::desk::{Caller, DeskError, Handover, Record, Subject, erasure, retention};
use crate::domain::{ContactId, RawCustomerId, SourceId, StaffId};
use crate::redact::Redactor;
use crate::store::{Expired, LegalHold, Store};

/// Whom or what a command is about.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
struct Who {
    /// A customer, by the id that the sources use; `-` reads it from standard input, so that no
    /// shell remembers it
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// A member of staff
    #[arg(long, value_name = "NUMBER", value_parser = staff)]
    staff: Option<StaffId>,
    /// One contact
    #[arg(long, value_name = "SOURCE/ID", value_parser = identity)]
    contact: Option<(SourceId, ContactId)>,
}

/// `SOURCE/ID`. A source has no slash; an id may have one.
fn identity(text: &str) -> Result<(SourceId, ContactId), String> {
    let (source, id) = text.split_once('/').ok_or("is a source and an id as in hotline-10086/H-1")?;
    let source = SourceId::new(source).map_err(|cause| format!("the source {cause}"))?;
    Ok((source, ContactId::new(id).map_err(|cause| format!("the id {cause}"))?))
}

/// A person.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
struct Whose {
    /// A customer, by the id that the sources use; `-` reads it from standard input, so that no
    /// shell remembers it
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// A member of staff
    #[arg(long, value_name = "NUMBER", value_parser = staff)]
    staff: Option<StaffId>,
}

/// What can be held.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// Every contact of a customer, by the id that the sources use; `-` reads it from standard
    /// input
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// One contact
    #[arg(long, value_name = "SOURCE/ID", value_parser = identity)]
    contact: Option<(SourceId, ContactId)>,
}

/// The subject that was named. clap sees to it that one is.
fn subject(
    customer: Option<&str>,
    staff: Option<StaffId>,
    contact: Option<(SourceId, ContactId)>,
) -> Result<Subject, CliError> {
    if let Some((source, contact_id)) = contact {
        return Ok(Subject::Contact { source, contact_id });
    }
    if let Some(staff) = staff {
        return Ok(Subject::Staff(staff));
    }
    let mut id = customer.unwrap_or_default().to_owned();
    if id == "-" {
        id.clear();
        std::io::stdin().read_line(&mut id).map_err(CliError::failure)?;
    }
    Ok(Subject::Customer(RawCustomerId::new(id.trim().to_owned())))
}

/// Erase a customer, a member of staff or one contact
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin erase --customer 19900001234 --dry-run
  echo 19900001234 | tingxin erase --customer -
  tingxin erase --staff A1001
  tingxin erase --contact hotline-10086/H-20261101-000123

Contacts go with their analyses, flags, verdicts and numbers; a member of staff is taken off the contacts, which stay. What a legal hold keeps stays. Then the database is written anew, and nobody else writes meanwhile: about a second for every hundred megabytes. Earlier backups still hold what was erased: delete them in time. Safe to repeat.")]
pub(super) struct Erase {
    #[command(flatten)]
    who: Who,
    /// Change nothing: say how many contacts there are, and how many a legal hold keeps
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    database: DatabaseArguments,
}

/// Delete what is older than the periods of the settings, and hold what must stay
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin retention run --dry-run
  tingxin retention run
  tingxin retention hold --customer 19900001234 --note '投诉仲裁'
  tingxin retention holds

The periods are the settings of the table retention; `serve` keeps them once a day.")]
pub(super) struct RetentionArguments {
    #[command(subcommand)]
    action: RetentionAction,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Debug, Clone, Subcommand)]
enum RetentionAction {
    /// Delete now what is older than its period
    #[command(after_help = "Example: tingxin retention run --dry-run")]
    Run {
        /// Change nothing: say what would go
        #[arg(long)]
        dry_run: bool,
    },
    /// Keep a contact, or every contact of a customer, whatever its age and whoever erases
    #[command(after_help = "Example: tingxin retention hold --contact hotline-10086/H-1 --note '投诉仲裁'")]
    Hold {
        #[command(flatten)]
        what: What,
        /// Why, at most 500 characters; no customer's data
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// End a hold
    #[command(after_help = "Example: tingxin retention release 0199c0de-0000-7000-8000-000000000000")]
    Release {
        /// Its key, as `tingxin retention holds` shows it
        id: uuid::Uuid,
    },
    /// List holds
    #[command(after_help = "Example: tingxin retention holds")]
    Holds,
}

/// Write everything that is held about a person, one JSON object a line
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin export-person --customer 19900001234 --output customer.ndjson
  tingxin export-person --staff A1001 > A1001.ndjson

A customer gets both sides' words without the work number of whoever served; a member of staff gets what they said themselves, the sums, the coaching and what their account did.")]
pub(super) struct ExportPerson {
    #[command(flatten)]
    who: Whose,
    /// File to write, readable by its owner only; must not exist [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
}

/// What is said where something is not done.
fn done<T>(answer: Result<T, DeskError>) -> Result<T, CliError> {
    answer.map_err(|refused| match refused {
        DeskError::NotFound => CliError::failure("there is nothing of that name"),
        other => CliError::failure(other),
    })
}

/// The database with the key that belongs to it.
async fn opened(context: &Context, database: &DatabaseArguments) -> Result<(Store, Redactor), CliError> {
    let settings = context.settings(&database.flags())?.settings;
    let app::Database { store, redactor } = app::open_database(&settings).await.map_err(CliError::failure)?;
    Ok((store, redactor))
}

/// Runs `erase`.
pub(super) fn erase(context: &Context, arguments: &Erase) -> Result<Outcome, CliError> {
    let Who { customer, staff, contact } = arguments.who.clone();
    let subject = subject(customer.as_deref(), staff, contact)?;
    block_on(async {
        let (store, redactor) = opened(context, &arguments.database).await?;
        if arguments.dry_run {
            let extent = done(erasure::extent(&store, &redactor, &subject).await)?;
            say(format_args!("{} contacts, {} of them held", extent.contacts, extent.held))?;
        } else {
            let erased = done(erasure::erase(&store, &redactor, &Caller::system(), &subject).await)?;
            let did = if matches!(subject, Subject::Staff(_)) { "lost the work number" } else { "erased" };
            say(format_args!("{} contacts {did}, {} held", erased.contacts, erased.before.held))?;
            scrub(&store).await?;
        }
        store.close().await;
        Ok(())
    })?;
    Ok(Outcome::Done)
}

/// Takes what was deleted out of the files, too.
async fn scrub(store: &Store) -> Result<(), CliError> {
    store.scrub().await.map_err(|cause| {
        let cause: &dyn std::error::Error = &cause;
        let why = cause.source().map_or_else(|| cause.to_string(), ToString::to_string);
        CliError::failure(format!(
            "it is deleted, but the files could not be written anew ({why}): `serve` does it within an hour, or run the command again"
        ))
    })?;
    say("the database is written anew; earlier backups still hold what was deleted")
}

/// Runs `retention`.
pub(super) fn keep(context: &Context, arguments: &RetentionArguments) -> Result<Outcome, CliError> {
    let settings = context.settings(&arguments.database.flags())?.settings;
    block_on(async {
        let (store, redactor) = opened(context, &arguments.database).await?;
        let periods = periods(&settings);
        match &arguments.action {
            RetentionAction::Run { dry_run: true } => {
                say(table(&done(retention::expired(&store, &periods).await)?, "would go"))?;
            }
            RetentionAction::Run { dry_run: false } => {
                let gone = done(retention::expire(&store, &Caller::system(), &periods).await)?;
                say(table(&gone, "went"))?;
                if gone != Expired::default() {
                    scrub(&store).await?;
                }
            }
            RetentionAction::Hold { what: What { customer, contact }, note } => {
                let subject = subject(customer.as_deref(), None, contact.clone())?;
                let caller = Caller::system();
                let placed = erasure::place_hold(&store, &redactor, &caller, (&subject, note)).await;
                say(format_args!("held as {}", done(placed)?))?;
            }
            RetentionAction::Release { id } => {
                done(erasure::release_hold(&store, &Caller::system(), *id).await)?;
                say(format_args!("released {id}"))?;
            }
            RetentionAction::Holds => {
                say(holds(&done(erasure::holds(&store, &Caller::system()).await)?))?;
            }
        }
        store.close().await;
        Ok(())
    })?;
    Ok(Outcome::Done)
}

fn table(expired: &Expired, header: &'static str) -> Table {
    let Expired { texts, contacts, sums, events, audit_entries } = *expired;
    let mut table = empty(vec!["class", header]);
    for (class, count) in [
        ("contacts that lose their words", texts),
        ("contacts with analyses", contacts),
        ("weekly sums", sums),
        ("incidents and coaching", events),
        ("audit entries", audit_entries),
    ] {
        table.add_row([comfy_table::Cell::new(class), right(count.to_string())]);
    }
    table
}

fn holds(holds: &[LegalHold]) -> Table {
    let mut table = empty(vec!["key", "held", "since", "by", "why"]);
    for LegalHold { id, contact, customer, note, placed_by, placed_at } in holds {
        let held = match (contact, customer) {
            (Some((source, id)), _) => format!("{source}/{id}"),
            (None, Some(customer)) => {
                format!("customer {}", customer.chars().take(12).collect::<String>())
            }
            (None, None) => String::new(),
        };
        table.add_row([&id.to_string(), &held, &placed_at.to_beijing(), placed_by, note]);
    }
    table
}

/// Runs `export-person`.
pub(super) fn export(context: &Context, arguments: &ExportPerson) -> Result<Outcome, CliError> {
    let Whose { customer, staff } = arguments.who.clone();
    let subject = subject(customer.as_deref(), staff, None)?;
    block_on(async {
        let (store, redactor) = opened(context, &arguments.database).await?;
        let handover = done(Handover::begin(&store, &redactor, &Caller::system(), &subject).await)?;
        match &arguments.output {
            None => write(handover, std::io::stdout().lock()).await.map_err(CliError::of_output)?,
            Some(path) => {
                let unwritable = |cause: std::io::Error| {
                    CliError::failure(format!("cannot write {}: {cause}", path.display()))
                };
                let file = private(path).map_err(unwritable)?;
                write(handover, std::io::BufWriter::new(file)).await.map_err(unwritable)?;
                say(format_args!("wrote {}", path.display()))?;
            }
        }
        store.close().await;
        Ok(())
    })?;
    Ok(Outcome::Done)
}

/// A new file that only its owner may read.
pub(super) fn private(path: &std::path::Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

async fn write(mut handover: Handover, mut out: impl Write) -> std::io::Result<()> {
    while let Some(records) = handover.portion().await.map_err(std::io::Error::other)? {
        for record in records {
            writeln!(out, "{}", line(&record)?)?;
        }
    }
    out.flush()
}

fn line(record: &Record) -> std::io::Result<String> {
    serde_json::to_string(record).map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_named_by_its_source_and_its_id() {
        let (source, id) = identity("hotline-10086/H/1").unwrap();
        assert_eq!((source.as_str(), id.as_str()), ("hotline-10086", "H/1"));
        assert!(identity("H-1").is_err());
        assert!(identity("/H-1").is_err());
    }
}
