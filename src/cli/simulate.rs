//! `tingxin simulate`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use comfy_table::{Cell, Table};

use super::context::say;
use super::error::{CliError, Outcome};
use super::tables::{empty, right};
use crate::simulate::{self, Finding, Options, dialogues};

/// Repeat the experiments that the staff and contagion statistics rest on
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin simulate
  tingxin simulate --only V2,V7 --repetitions 1000
  tingxin simulate --data dialogues.tsv

Worlds with a known truth are made from a seed, and the estimators of the service are tried on them: V1 equality with an independent implementation, V2 no coupling, V3 recovery, V4 power, V5 words of the other side, V6 placebos and permutations, V7 flags without and with differences, V8 regression to the mean; DSL takes the errors of a model that misreads some people out of a rate, DIALECT out of the names; EB, CUSUM, EWMA and LEAK are shown beside them.

--data reads label sequences of real dialogues for V9 (satisfaction), V10 (signs) and V11 (pairs that never met): tab-separated with the header dialogue_id, turn, role (agent, customer), valence_class (negative, neutral, positive) and, if there is one, satisfaction (1 to 3).

Exit status 2 when a figure misses its target.")]
pub(super) struct SimulateArguments {
    /// Seed of all random numbers
    #[arg(long, value_name = "N", default_value_t = Options::default().seed)]
    seed: u64,
    /// Repetitions of every experiment
    #[arg(long, value_name = "N", default_value = "400")]
    repetitions: NonZeroUsize,
    /// Only these checks, such as V2,V7
    #[arg(long, value_name = "CHECKS", value_delimiter = ',')]
    only: Option<Vec<String>>,
    /// Threads; no effect on any figure [default: all processors]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Label sequences of real dialogues
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Form of the answer
    #[arg(long, value_enum, default_value = "table")]
    output: OutputForm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputForm {
    /// For people
    Table,
    /// For programs
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &SimulateArguments) -> Result<Outcome, CliError> {
    let threads = arguments.threads.or_else(|| std::thread::available_parallelism().ok());
    let options = Options {
        seed: arguments.seed,
        repetitions: arguments.repetitions.get(),
        only: arguments.only.clone(),
        threads: threads.map_or(1, NonZeroUsize::get),
    };
    let mut findings = match &arguments.data {
        None => simulate::run(&options),
        Some(path) => {
            let failed = |cause: &dyn std::fmt::Display| {
                CliError::failure(std::io::Error::other(format!("{}: {cause}", path.display())))
            };
            let text = std::fs::read_to_string(path).map_err(|cause| failed(&cause))?;
            let corpus = dialogues::read(&text).map_err(|cause| failed(&cause))?;
            dialogues::check(&corpus, &options)
        }
    };
    if arguments.data.is_none() && options.only.as_ref().is_none_or(|only| only.iter().any(|one| one == "V5"))
    {
        findings.extend(super::leak::findings()?);
    }
    if findings.is_empty() {
        return Err(CliError::failure(std::io::Error::other("there is no check of that name")));
    }
    print(&findings, arguments.output)?;
    Ok(if findings.iter().all(|finding| finding.holds) { Outcome::Done } else { Outcome::SomeMissed })
}

fn print(findings: &[Finding], form: OutputForm) -> Result<(), CliError> {
    match form {
        OutputForm::Json => {
            let answer = serde_json::json!({ "results": findings });
            say(&serde_json::to_string_pretty(&answer).map_err(CliError::failure)?)
        }
        OutputForm::Table => {
            let mut table: Table = empty(vec!["check", "value", "target", "holds"]);
            for Finding { check, value, target, holds } in findings {
                let value = if value.abs() < 1e-6 && *value != 0.0 {
                    format!("{value:.1e}")
                } else {
                    format!("{value:.4}")
                };
                let holds = if *holds { "yes" } else { "NO" };
                table.add_row(vec![Cell::new(check), right(value), Cell::new(target), Cell::new(holds)]);
            }
            say(table)
        }
    }
}
