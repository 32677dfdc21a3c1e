//! What `tingxin evaluate` is asked.

use std::path::PathBuf;

use clap::Args;

use crate::score::{self, EngineKind};
use crate::settings::engines;

/// The model that stands in every table: whoever cannot beat word lists needs no encoder.
pub(super) const CONTROL: &str = "lexicon";

const EXAMPLES: &str = "\
Each line of a FILE is one JSON object, either a labelled utterance,
  {\"text\":\"…\",\"speaker\":\"customer\",\"emotion\":\"anger\"} and/or \"valence_class\":\"negative|neutral|positive\"
  and/or \"abuse\":true|false; speaker customer (default), agent or note; optional \"id\" and \"weight\";
or a row of a table (CSV) with the same names as columns, of which `text` is needed; Chinese names, too: 文本, 说话人, 情绪, 极性, 渠道, 辱骂, 权重, 编号, with values such as 愤怒, 负面, 客户;
or a whole contact (tingxin.contact.v1) with \"survey\", whose satisfaction the mood of the customer is compared with.

With --redaction each line is {\"text\":\"…\",\"spans\":[{\"start\":0,\"end\":11,\"kind\":\"phone\"}],\"group\":\"…\"}: what is personal in the text, in characters; `group` may be left out. A place counts as found when every character of it is masked; a mask counts as false when no character under it is personal. Recall is given by the kind and group in the file, precision by the kind of mask, each with Wilson's 95 % interval.

Refused lines are named on standard error, one JSON object a line with file, line, code and message; the others are read. Exit status: 0 all read, 2 some lines refused, 1 failed or a file could not be read, 64 wrong usage.

Examples:
  tingxin evaluate labels.ndjson
  tingxin evaluate labels.csv
  tingxin evaluate --fairness labels.ndjson surveyed.ndjson
  tingxin evaluate --checks --misses
  tingxin evaluate --redaction models/redaction/dev.jsonl --misses
  tingxin evaluate --model lexicon --no-control --output json dev.ndjson test.ndjson";

/// Compare models with labels that people gave: accuracy, F1, confusion, calibration, speed,
/// fairness
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct EvaluateArguments {
    /// Files of labelled utterances and surveyed contacts; `-` reads standard input. Several files are pooled
    #[arg(value_name = "FILE", required_unless_present_any = ["checks", "redaction"])]
    pub(super) files: Vec<PathBuf>,
    /// How the figures are written
    #[arg(long, value_enum, default_value_t = Output::Table)]
    pub(super) output: Output,
    /// Emotion model: `lexicon`, a name from models/manifest.toml, or the folder of a model. Each
    /// one given is a row of the table; the details are those of the first
    #[arg(long = "model", value_name = "NAME", default_value = score::DEFAULT_MODEL)]
    pub(super) models: Vec<String>,
    /// What computes trained models: `embedded`, or `rust-bert` if built with that feature
    #[arg(long, value_name = "ENGINE", default_value = EngineKind::default().as_str(), value_parser = engines())]
    pub(super) engine: EngineKind,
    /// Leave out the lexicon, which is otherwise a row of every table as the control
    #[arg(long)]
    pub(super) no_control: bool,
    /// Also read every labelled utterance with names, gender words, sites and dialect words swapped
    /// (models/fairness.tsv) and count what changes. Takes about nine times as long
    #[arg(long)]
    pub(super) fairness: bool,
    #[command(flatten)]
    pub(super) behaviour: Behaviour,
}

/// Behavioural tests instead of labels.
#[derive(Debug, Clone, Args)]
pub(super) struct Behaviour {
    /// Run the behavioural tests of models/checks instead of reading files; exit status 2 when a
    /// rate is missed that the default model must keep
    #[arg(long, conflicts_with_all = ["files", "fairness"])]
    pub(super) checks: bool,
    /// Read texts in which personal data is marked, and say how much of it redaction finds and what else it takes out
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "fairness", "checks"])]
    pub(super) redaction: Vec<PathBuf>,
    /// With --checks or --redaction: name every case that does not hold
    #[arg(long, conflicts_with = "files")]
    pub(super) misses: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Output {
    /// One JSON object, for machines
    Json,
    /// Tables, for people
    Table,
}

/// The models in the order of their rows, each once.
pub(super) fn names(arguments: &EvaluateArguments) -> Vec<&str> {
    let control = (!arguments.no_control).then_some(CONTROL);
    let mut names: Vec<&str> = Vec::new();
    for name in arguments.models.iter().map(String::as_str).chain(control) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
