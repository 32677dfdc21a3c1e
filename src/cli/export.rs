//! `tingxin export`: contacts, readings, flags and figures as files.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::context::{Context, block_on, say};
use super::error::{CliError, Outcome};
use super::options::{DatabaseArguments, channels, staff, team};
use super::privacy::private;
use crate::app;
use crate::desk::{Caller, Desk, ExportAsked, ExportFilter, Exporting};
use crate::domain::{Channel, Engine, ExportForm, ExportKind, ExportReason, StaffId, TeamId, UtcMillis};
use crate::export::{ExportFile, ReadBy};

/// Write contacts, readings, flags or figures as a file
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin export flags --since 2026-11-01 --output flags.csv
  tingxin export analyses --format vcon --output november.vcon.ndjson
  tingxin export staff --format xlsx --output staff.xlsx

Every export is written to the audit log with its purpose. Texts in CSV that a spreadsheet would take for formulas get an apostrophe. A vCon holds one contact a line, redacted, and the reading as an analysis of type `sentiment` by the schema of `tingxin schema analysis`. Parquet is there where the program was built with `--features parquet`.")]
pub(super) struct ExportArguments {
    /// What
    #[arg(value_name = "WHAT", value_parser = kinds())]
    kind: ExportKind,
    /// How it is written
    #[arg(long, value_name = "FORM", default_value = ExportForm::Csv.as_str(), value_parser = forms())]
    format: ExportForm,
    /// File to write, readable by its owner only; must not exist [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What the copy is for
    #[arg(long, value_name = "PURPOSE", default_value = ExportReason::Transfer.as_str(), value_parser = reasons())]
    purpose: ExportReason,
    /// Only contacts and flags of this touchpoint
    #[arg(long, value_name = "CHANNEL", value_parser = channels())]
    channel: Option<Channel>,
    /// Only this team
    #[arg(long, value_name = "TEAM", value_parser = team)]
    team: Option<TeamId>,
    /// Only this member of staff; not for flags and teams
    #[arg(long, value_name = "NUMBER", value_parser = staff)]
    staff: Option<StaffId>,
    /// Only contacts and flags from this day in Beijing, or this RFC 3339 moment, on
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<UtcMillis>,
    /// Only contacts and flags before this day or moment
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<UtcMillis>,
    #[command(flatten)]
    database: DatabaseArguments,
}

fn kinds() -> impl TypedValueParser<Value = ExportKind> {
    PossibleValuesParser::new(ExportKind::ALL.iter().map(|kind| kind.as_str()))
        .try_map(|name| ExportKind::from_name(&name).ok_or("no such export"))
}

fn forms() -> impl TypedValueParser<Value = ExportForm> {
    PossibleValuesParser::new(ExportForm::ALL.iter().map(|form| form.as_str()))
        .try_map(|name| ExportForm::from_name(&name).ok_or("no such form"))
}

fn reasons() -> impl TypedValueParser<Value = ExportReason> {
    PossibleValuesParser::new(ExportReason::ALL.iter().map(|reason| reason.as_str()))
        .try_map(|name| ExportReason::from_name(&name).ok_or("no such purpose"))
}

fn moment(text: &str) -> Result<UtcMillis, String> {
    let day = || UtcMillis::parse_rfc3339(&format!("{text}T00:00:00+08:00"));
    let read = UtcMillis::parse_rfc3339(text).or_else(|_| day());
    read.map_err(|_| "must be a day such as 2026-11-01 or an RFC 3339 time".to_owned())
}

/// Runs the command.
pub(super) fn run(context: &Context, arguments: &ExportArguments) -> Result<Outcome, CliError> {
    let settings = context.settings(&arguments.database.flags())?.settings;
    let ExportArguments { kind, format: form, purpose: reason, .. } = *arguments;
    let filter = ExportFilter {
        channel: arguments.channel,
        team: arguments.team.clone(),
        staff: arguments.staff.clone(),
        since: arguments.since,
        until: arguments.until,
    };
    block_on(async {
        let app::Database { store, redactor } =
            app::open_database(&settings).await.map_err(CliError::failure)?;
        // No figure that is exported rests on the model in use: none is loaded.
        let none = || "none".to_owned();
        let engine =
            Engine { model: none(), model_sha256: none(), lexicon_version: none(), rules_version: none() };
        let desk = Desk::new(store.clone(), redactor, engine, None);
        // The form first: what cannot be written is not written down as taken.
        let (file, begun) = ExportFile::of(form, kind, ReadBy::Program).map_err(CliError::failure)?;
        let asked = ExportAsked { kind, form, reason, filter };
        let exporting = desk.export(&Caller::exporting(), asked).await.map_err(CliError::failure)?;
        match &arguments.output {
            None => write(exporting, (file, begun), std::io::stdout().lock()).await?,
            Some(path) => {
                let out = private(path).map_err(|cause| {
                    CliError::failure(format!("cannot write {}: {cause}", path.display()))
                })?;
                write(exporting, (file, begun), std::io::BufWriter::new(out)).await?;
                say(format_args!("wrote {}", path.display()))?;
            }
        }
        store.close().await;
        Ok(())
    })?;
    Ok(Outcome::Done)
}

async fn write(
    mut exporting: Exporting,
    (mut file, begun): (ExportFile, Vec<u8>),
    mut out: impl Write,
) -> Result<(), CliError> {
    out.write_all(&begun).map_err(CliError::of_output)?;
    while let Some(portion) = exporting.portion().await.map_err(CliError::failure)? {
        let bytes = file.take(&portion).map_err(CliError::failure)?;
        out.write_all(&bytes).map_err(CliError::of_output)?;
    }
    if let Some(mut rest) = file.end().map_err(CliError::failure)? {
        std::io::copy(&mut rest, &mut out).map_err(CliError::of_output)?;
    }
    out.flush().map_err(CliError::of_output)
}
