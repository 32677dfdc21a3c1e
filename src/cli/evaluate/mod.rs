//! `tingxin evaluate`: labelled utterances and surveyed contacts → how good the models' readings
//! are.

mod arguments;
mod candidate;
mod checks;
mod found;
mod line;
mod reader;
mod redaction;
mod row;
mod table;

use std::io::Write;

use serde::Serialize;

use super::error::{CliError, Outcome};
use super::input::{Inputs, complain};
use arguments::{Output, names};
use found::{ModelRow, Timed};
use reader::EvaluationReader;

pub(super) use arguments::EvaluateArguments;

/// The answer for machines: the first model's row, and all of them.
#[derive(Serialize)]
struct EvaluationReport<'a> {
    schema: &'static str,
    files: Vec<String>,
    refused: u64,
    contacts_without_survey: u64,
    #[serde(flatten)]
    first: &'a ModelRow,
    models: &'a [Timed],
}

/// Runs the command.
pub(super) fn run(arguments: &EvaluateArguments) -> Result<Outcome, CliError> {
    if arguments.behaviour.checks {
        return checks::run(arguments);
    }
    if !arguments.behaviour.redaction.is_empty() {
        return redaction::run(arguments);
    }
    let inputs = Inputs::find(&arguments.files)?;
    let mut reader = EvaluationReader::new(&names(arguments), arguments.engine, arguments.fairness)?;
    for unread in &inputs.unread {
        complain(reader.losses.count(unread));
    }
    reader.read(inputs)?;
    let losses = reader.losses;
    let found = reader.finish();
    let first = found.rows.first().map(|timed| &timed.row).filter(|row| !row.is_empty()).ok_or_else(|| {
        CliError::failure(
            "no line has an `emotion`, a `valence_class` or `abuse`, and no contact a `survey`: nothing to compare \
             with",
        )
    })?;
    let text = match arguments.output {
        Output::Json => {
            let answer = EvaluationReport {
                schema: "tingxin.evaluation.v1",
                files: arguments.files.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
                refused: found.refused,
                contacts_without_survey: found.unanswered,
                first,
                models: &found.rows,
            };
            serde_json::to_string_pretty(&answer).map_err(CliError::failure)? + "\n"
        }
        Output::Table => table::all(&found),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(CliError::of_output)?;
    Ok(Outcome::of(losses.refused, losses.failed))
}
