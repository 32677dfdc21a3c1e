//! The command line: what may be asked, and the exit status that answers.

mod accounts;
mod analyze;
mod batches;
mod context;
mod database;
mod demo;
mod distribute;
mod error;
mod evaluate;
mod export;
mod formats;
mod hooks;
mod import;
mod input;
mod leak;
mod options;
mod privacy;
mod redact;
mod rescore;
mod schema;
mod sealing;
mod serve;
mod simulate;
mod tables;
mod terminal;
mod upkeep;
mod watch;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand};

use crate::domain::Lang;
use crate::http;
use crate::telemetry;
use context::Context;
use error::CliError;
pub use error::Outcome;

/// Every exit status, for the end of `--help`.
const EXIT_STATUS: &str = "\
Exit status: 0 done; 1 failed; 2 some contacts or lines were not taken (analyze, import, watch, redact, evaluate), a figure misses its target (simulate), or the audit log is broken (audit verify); 64 the command line was wrong.
Settings: tingxin.toml < environment (TINGXIN_…) < flags; `tingxin serve --print-config` shows them.";

/// Tingxin 听心 reads every customer contact of a telecom operator, scores the emotion of each
/// utterance and explains what deserves a second look.
#[derive(Debug, Parser)]
#[command(name = "tingxin", version, after_help = EXIT_STATUS, max_term_width = 100)]
struct Cli {
    /// Settings file [default: tingxin.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE", env = "TINGXIN_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    /// Language of tables and of messages on a terminal; help and what machines read stay English [default: Chinese in a Chinese locale, else English]
    #[arg(long, global = true, value_name = "zh|en", value_parser = options::languages())]
    language: Option<Lang>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::ServeArguments),
    Demo(demo::DemoArguments),
    Analyze(analyze::AnalyzeArguments),
    Formats(formats::FormatsArguments),
    Import(import::ImportArguments),
    Watch(watch::WatchArguments),
    Redact(redact::RedactArguments),
    Export(export::ExportArguments),
    Schema(schema::SchemaArguments),
    Rescore(rescore::RescoreArguments),
    Evaluate(evaluate::EvaluateArguments),
    Simulate(simulate::SimulateArguments),
    Migrate(database::Migrate),
    Backup(database::Backup),
    Restore(database::Restore),
    User(accounts::Users),
    Key(accounts::Keys),
    Audit(upkeep::AuditArguments),
    Queue(upkeep::QueueArguments),
    Distribute(distribute::Distribute),
    Hook(hooks::HookArguments),
    Erase(privacy::Erase),
    Retention(privacy::RetentionArguments),
    ExportPerson(privacy::ExportPerson),
    Openapi(Openapi),
    Completions(Completions),
}

/// Write the description of the HTTP API (OpenAPI 3.1, JSON)
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example: tingxin openapi > openapi.json")]
struct Openapi {}

/// Write a completion script for a shell
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin completions bash > /etc/bash_completion.d/tingxin
  tingxin completions zsh > ~/.zfunc/_tingxin")]
struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
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
    terminal::speak(cli.language);
    let context = Context { config: cli.config };
    match cli.command {
        Command::Serve(arguments) => serve::run(&context, &arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Analyze(arguments) => analyze::run(&arguments),
        Command::Formats(arguments) => formats::run(&arguments),
        Command::Import(arguments) => import::run(&context, &arguments),
        Command::Watch(arguments) => watch::run(&context, &arguments),
        Command::Redact(arguments) => redact::run(&arguments),
        Command::Export(arguments) => export::run(&context, &arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Rescore(arguments) => rescore::run(&context, &arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments),
        Command::Migrate(arguments) => database::migrate(&context, &arguments),
        Command::Backup(arguments) => database::backup(&context, &arguments),
        Command::Restore(arguments) => database::restore(&context, &arguments),
        Command::User(arguments) => accounts::users(&context, &arguments),
        Command::Key(arguments) => accounts::keys(&context, &arguments),
        Command::Audit(arguments) => upkeep::audit_log(&context, &arguments),
        Command::Queue(arguments) => upkeep::queue(&context, &arguments),
        Command::Distribute(arguments) => distribute::run(&context, &arguments),
        Command::Hook(arguments) => hooks::run(&context, &arguments),
        Command::Erase(arguments) => privacy::erase(&context, &arguments),
        Command::Retention(arguments) => privacy::keep(&context, &arguments),
        Command::ExportPerson(arguments) => privacy::export(&context, &arguments),
        Command::Openapi(Openapi {}) => {
            context::say(http::openapi::to_json().trim_end())?;
            Ok(Outcome::Done)
        }
        Command::Completions(arguments) => completions(&arguments),
    }
}

fn completions(arguments: &Completions) -> Result<Outcome, CliError> {
    // Into memory first: the generator panics when its writer fails.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "tingxin", &mut script);
    std::io::stdout().lock().write_all(&script).map_err(CliError::of_output)?;
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

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
