//! `tingxin schema`: the JSON Schema of what goes in and out.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::context::say;
use super::error::{CliError, Outcome};
use crate::http::schemas;

/// Write the JSON Schema (2020-12) of a contact, an analysis or an event
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin schema analysis > tingxin.analysis.v1.schema.json
  tingxin schema contact")]
pub(super) struct SchemaArguments {
    /// Of what
    #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(schemas::names()))]
    name: String,
}

/// Runs the command.
pub(super) fn run(arguments: &SchemaArguments) -> Result<Outcome, CliError> {
    let schema = schemas::schema(&arguments.name)
        .ok_or_else(|| CliError::Usage(format!("nothing called {} has a schema", arguments.name)))?;
    say(serde_json::to_string_pretty(&schema).map_err(CliError::failure)?)?;
    Ok(Outcome::Done)
}
