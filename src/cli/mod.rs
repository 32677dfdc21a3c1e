//! The command line: what may be asked, and the exit status that answers.

mod analyze;
mod error;
mod evaluate;
mod input;
mod options;
mod tables;
mod terminal;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::settings::{self, Flags, Loaded};
use crate::telemetry;
use error::CliError;
pub use error::Outcome;

/// Every exit status, for the end of `--help`.
const EXIT_STATUS: &str = "\
Exit status: 0 done; 1 failed; 2 some contacts were refused (analyze, import); 64 the command line was wrong.
Settings: tingxin.toml < environment (TINGXIN_…) < flags; `tingxin serve --print-config` shows them.";

/// Tingxin 听心 reads every customer contact of a telecom operator, scores the emotion of each
/// utterance and explains what deserves a second look.
#[derive(Debug, Parser)]
#[command(name = "tingxin", version, after_help = EXIT_STATUS, max_term_width = 100)]
struct Cli {
    /// Settings file [default: tingxin.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE", env = "TINGXIN_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Analyze(analyze::Arguments),
    Evaluate(evaluate::Arguments),
}

/// Reads the command line, does what it says and answers with the exit status.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    telemetry::silence_panics();
    let outcome = match Cli::try_parse_from(arguments) {
        Ok(cli) => dispatch(cli),
        Err(refusal) => return error::usage(&refusal),
    };
    error::exit(outcome)
}

fn dispatch(cli: Cli) -> Result<Outcome, CliError> {
    match cli.command {
        Command::Analyze(arguments) => analyze::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
    }
}

/// The settings in force, with the process's environment.
fn load_settings(config: Option<&std::path::Path>, flags: &Flags) -> Result<Loaded, CliError> {
    // `vars_os`, because `vars` panics on a foreign variable that is not UTF-8.
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    settings::load(config, environment, flags).map_err(CliError::failure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("tingxin "), "{} has no example", command.get_name());
        }
    }
}
