//! `tingxin evaluate`: labelled utterances and surveyed contacts → how good the models' readings are.

mod candidate;
mod checks;
mod line;
mod reader;
mod table;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::error::{CliError, Outcome};
use super::input::{Inputs, complain};
use crate::domain::Engine;
use crate::evaluate::{Detection, Report, Satisfaction, Sensitivity};
use crate::score::{self, EngineKind};
use crate::settings::engines;
use reader::Reader;

/// The model that stands in every table: whoever cannot beat word lists needs no encoder.
const CONTROL: &str = "lexicon";

const EXAMPLES: &str = "\
Each line of a FILE is one JSON object, either a labelled utterance,
  {\"text\":\"…\",\"speaker\":\"customer\",\"emotion\":\"anger\"} and/or \"valence_class\":\"negative|neutral|positive\"
  and/or \"abuse\":true|false; speaker customer (default), agent or note; optional \"id\" and \"weight\";
or a whole contact (tingxin.contact.v1) with \"survey\", whose satisfaction the mood of the customer is compared with.

Refused lines are named on standard error, one JSON object a line with file, line, code and message; the others are read. Exit status: 0 all read, 2 some lines refused, 1 failed or a file could not be read, 64 wrong usage.

Examples:
  tingxin evaluate labels.ndjson
  tingxin evaluate --fairness labels.ndjson surveyed.ndjson
  tingxin evaluate --checks --misses
  tingxin evaluate --model lexicon --no-control --output json dev.ndjson test.ndjson";

/// Compare models with labels that people gave: accuracy, F1, confusion, calibration, speed, fairness
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Files of labelled utterances and surveyed contacts; `-` reads standard input. Several files are pooled
    #[arg(value_name = "FILE", required_unless_present = "checks")]
    files: Vec<PathBuf>,
    /// How the figures are written
    #[arg(long, value_enum, default_value_t = Output::Table)]
    output: Output,
    /// Emotion model: `lexicon`, a name from models/manifest.toml, or the folder of a model. Each one given is a row
    /// of the table; the details are those of the first
    #[arg(long = "model", value_name = "NAME", default_value = score::DEFAULT_MODEL)]
    models: Vec<String>,
    /// What computes trained models: `embedded`, or `rust-bert` if built with that feature
    #[arg(long, value_name = "ENGINE", default_value = EngineKind::default().as_str(), value_parser = engines())]
    engine: EngineKind,
    /// Leave out the lexicon, which is otherwise a row of every table as the control
    #[arg(long)]
    no_control: bool,
    /// Also read every labelled utterance with names, gender words, sites and dialect words swapped
    /// (models/fairness.tsv) and count what changes. Takes about nine times as long
    #[arg(long)]
    fairness: bool,
    #[command(flatten)]
    behaviour: Behaviour,
}

/// Behavioural tests instead of labels.
#[derive(Debug, Clone, Args)]
struct Behaviour {
    /// Run the behavioural tests of models/checks instead of reading files; exit status 2 when a rate is missed that the
    /// default model must keep
    #[arg(long, conflicts_with_all = ["files", "fairness"])]
    checks: bool,
    /// With --checks: name every case that does not hold
    #[arg(long, requires = "checks")]
    misses: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// One JSON object, for machines
    Json,
    /// Tables, for people
    Table,
}

/// The figures of one model. Those over the eight emotions stand at the top; `valence` has the same
/// fields over negative, neutral and positive.
#[derive(Debug, Serialize)]
struct Row {
    engine: Engine,
    #[serde(flatten)]
    emotion: Option<Report>,
    valence: Option<Report>,
    abuse: Option<Detection>,
    satisfaction: Option<Satisfaction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fairness: Option<Vec<Sensitivity>>,
}

/// A row with what differs from run to run.
#[derive(Debug, Serialize)]
struct Timed {
    #[serde(flatten)]
    row: Row,
    /// One thread, no cache, redaction and segmentation included.
    utterances_per_second: f64,
}

impl Row {
    const fn is_empty(&self) -> bool {
        self.emotion.is_none()
            && self.valence.is_none()
            && self.abuse.is_none()
            && self.satisfaction.is_none()
    }
}

/// Everything that was found.
struct Found {
    rows: Vec<Timed>,
    /// Lines that were refused.
    refused: u64,
    /// Contacts that carry no survey, or no words of the customer's own.
    unanswered: u64,
}

/// The answer for machines: the first model's row, and all of them.
#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    files: Vec<String>,
    refused: u64,
    contacts_without_survey: u64,
    #[serde(flatten)]
    first: &'a Row,
    models: &'a [Timed],
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    if arguments.behaviour.checks {
        return checks::run(arguments);
    }
    let inputs = Inputs::find(&arguments.files)?;
    let mut reader = Reader::new(&names(arguments), arguments.engine, arguments.fairness)?;
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
            let answer = Answer {
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

/// The models in the order of their rows, each once.
fn names(arguments: &Arguments) -> Vec<&str> {
    let control = (!arguments.no_control).then_some(CONTROL);
    let mut names: Vec<&str> = Vec::new();
    for name in arguments.models.iter().map(String::as_str).chain(control) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
