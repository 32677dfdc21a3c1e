//! `tingxin formats`: what is read, with an example of each.

use clap::Args;

use super::context::say;
use super::error::{CliError, Outcome};
use crate::ingest::{FormatEntry, formats};

/// List the formats that are read, with an example of each
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin formats
  tingxin formats whisper

The format of a file is told from its content; `tingxin analyze --explain FILE` says how it was understood.")]
pub(super) struct FormatsArguments {
    /// Only this one
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// Runs the command.
pub(super) fn run(arguments: &FormatsArguments) -> Result<Outcome, CliError> {
    let asked = |entry: &FormatEntry| arguments.name.as_deref().is_none_or(|name| entry.name == name);
    let found: Vec<FormatEntry> = formats().into_iter().filter(asked).collect();
    if found.is_empty() {
        let names: Vec<&str> = formats().iter().map(|entry| entry.name).collect();
        return Err(CliError::Usage(format!("no format has that name; there are {}", names.join(", "))));
    }
    for FormatEntry { name, about, example } in found {
        let lines: Vec<String> =
            example.trim_end().lines().map(|line| format!("    {line}").trim_end().to_owned()).collect();
        say(format_args!("{name}\n  {about}\n{}\n", lines.join("\n")))?;
    }
    Ok(Outcome::Done)
}
