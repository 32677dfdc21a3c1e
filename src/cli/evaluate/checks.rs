//! `tingxin evaluate --checks`: the behavioural tests of `models/checks`, by capability.

use std::fmt::Write as _;
use std::io::Write as _;

use comfy_table::Cell;
use serde::Serialize;

use super::super::error::{CliError, Outcome};
use super::super::tables::{empty, right};
use super::arguments::{EvaluateArguments, Output, names};
use super::candidate::Candidate;
use super::line;
use super::reader::Stages;
use crate::domain::{EmotionScores, RawContact};
use crate::evaluate::{Capability, CheckResult, Turns, missed, suite};
use crate::score;

/// The figures of one model.
#[derive(Serialize)]
struct Checked {
    model: String,
    capabilities: Vec<CheckResult>,
    /// Cases that did not hold, as `capability:line`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    misses: Vec<String>,
}

/// The answer for machines: the first model's figures, and all of them.
#[derive(Serialize)]
struct CheckReport<'a> {
    schema: &'static str,
    #[serde(flatten)]
    first: &'a Checked,
    models: &'a [Checked],
}

/// Runs the tests on every model that was asked for.
pub(super) fn run(arguments: &EvaluateArguments) -> Result<Outcome, CliError> {
    let capabilities = suite().map_err(CliError::failure)?;
    let stages = Stages::new()?;
    let mut found = Vec::new();
    for name in names(arguments) {
        let mut candidate = Candidate::new(name, arguments.engine)?;
        let mut checked = check(&capabilities, &stages, &mut candidate)?;
        if !arguments.behaviour.misses {
            checked.misses.clear();
        }
        found.push((name, checked));
    }
    let default = found.iter().find(|(name, _)| *name == score::DEFAULT_MODEL).map(|(_, checked)| checked);
    let missed =
        default.map_or(Ok(Vec::new()), |checked| missed(&checked.capabilities)).map_err(CliError::failure)?;
    let lost: Vec<String> = missed
        .iter()
        .map(|(result, least)| {
            format!("{}: {:.3} of the cases hold, {least:.3} must\n", result.name, result.share())
        })
        .collect();
    let checked: Vec<Checked> = found.into_iter().map(|(_, checked)| checked).collect();
    let text = match (arguments.output, checked.first()) {
        (Output::Json, Some(first)) => {
            let answer = CheckReport { schema: "tingxin.checks.v1", first, models: &checked };
            serde_json::to_string_pretty(&answer).map_err(CliError::failure)? + "\n"
        }
        _ => table(&checked),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(CliError::of_output)?;
    let mut err = std::io::stderr().lock();
    err.write_all(lost.concat().as_bytes()).map_err(CliError::of_output)?;
    Ok(if lost.is_empty() { Outcome::Done } else { Outcome::SomeMissed })
}

/// Has every text of the suite read by one model.
fn check(suite: &[Capability], stages: &Stages, candidate: &mut Candidate) -> Result<Checked, CliError> {
    let (mut capabilities, mut misses) = (Vec::new(), Vec::new());
    for capability in suite {
        let texts: Vec<&Turns> = capability.cases.iter().flat_map(|(_, case)| case.texts()).collect();
        let contacts: Vec<RawContact> = texts
            .iter()
            .map(|turns| line::dialogue(turns))
            .collect::<Result<_, _>>()
            .map_err(CliError::failure)?;
        let readings = candidate.hear(stages.prepare(contacts))?;
        let mut rest: &[EmotionScores] = &readings;
        let mut held = Vec::new();
        for (number, case) in &capability.cases {
            let (mine, later) = rest.split_at(case.texts().len().min(rest.len()));
            let holds = case.passes(mine);
            if !holds {
                let words = case.texts().into_iter().map(spoken).collect::<Vec<_>>().join(" ⇄ ");
                misses.push(format!("{}:{number}: {words}", capability.name));
            }
            held.push(holds);
            rest = later;
        }
        capabilities.push(CheckResult::of(capability, &held));
    }
    Ok(Checked { model: candidate.model().to_owned(), capabilities, misses })
}

fn spoken(turns: &Turns) -> String {
    turns.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" | ")
}

fn table(checked: &[Checked]) -> String {
    let models = checked.iter().map(|one| one.model.as_str());
    let mut table = empty(["capability", "kind", "cases"].into_iter().chain(models).collect());
    let Some(first) = checked.first() else { return String::new() };
    for (at, capability) in first.capabilities.iter().enumerate() {
        let head = [
            Cell::new(&capability.name),
            Cell::new(capability.kind.as_str()),
            right(capability.cases.to_string()),
        ];
        let rates = checked
            .iter()
            .filter_map(|one| one.capabilities.get(at))
            .map(|result| right(format!("{:.3} [{:.3}, {:.3}]", result.share(), result.low, result.high)));
        table.add_row(head.into_iter().chain(rates));
    }
    let mut text = format!("{table}\nshare of cases that hold, with Wilson's 95 % interval\n");
    for one in checked.iter().filter(|one| !one.misses.is_empty()) {
        let _ = write!(text, "\n{} does not hold in:\n{}\n", one.model, one.misses.join("\n"));
    }
    text
}
