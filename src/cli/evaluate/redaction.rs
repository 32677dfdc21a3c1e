//! `tingxin evaluate --redaction`: texts with marked personal data → recall and precision by kind.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use comfy_table::Cell;
use serde::{Deserialize, Serialize};

use super::super::error::{CliError, Outcome};
use super::super::input::{Inputs, Losses, PlacedLine, Unread, complain};
use super::super::tables::{empty, right};
use super::arguments::{EvaluateArguments, Output};
use super::line::{INVALID_LABEL, read};
use crate::domain::{RawText, Refusal, Span};
use crate::evaluate::{FoundShare, PersonalPlace, RedactionCount, RedactionFaults, RedactionReport};
use crate::redact::{PseudonymKey, Redactor};

/// A line as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkedLine {
    text: String,
    spans: Vec<MarkedSpan>,
    group: Option<String>,
    #[serde(rename = "id")]
    _id: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkedSpan {
    start: usize,
    end: usize,
    kind: String,
}

/// A place that was missed, or a mask that should not be, without the words.
#[derive(Debug, Serialize)]
struct Miss {
    file: Arc<str>,
    line: u64,
    fault: &'static str,
    kind: String,
    start: usize,
    end: usize,
}

/// The answer for machines.
#[derive(Serialize)]
struct RedactionAnswer<'a> {
    schema: &'static str,
    refused: u64,
    #[serde(flatten)]
    report: &'a RedactionReport,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    misses: Vec<Miss>,
}

/// Reads the files and writes the figures.
pub(super) fn run(arguments: &EvaluateArguments) -> Result<Outcome, CliError> {
    // Masks do not depend on the key.
    let redactor = Redactor::new(PseudonymKey::new([0; 32]));
    let inputs = Inputs::find(&arguments.behaviour.redaction)?;
    let (mut count, mut misses, mut losses) = (RedactionCount::default(), Vec::new(), Losses::default());
    for unread in &inputs.unread {
        complain(losses.count(unread));
    }
    for item in inputs.lines() {
        let marked = item.and_then(|PlacedLine { file, number, text }| match marked(&text) {
            Ok(line) => Ok((file, number, line)),
            Err(reason) => Err(Unread::Refused(Refusal::new(INVALID_LABEL, reason).in_file(&file, number))),
        });
        let (file, number, MarkedText { text, places, group }) = match marked {
            Ok(marked) => marked,
            Err(unread) => {
                complain(losses.count(&unread));
                continue;
            }
        };
        let faults = count.count(&places, group.as_deref(), &redactor.places(&text));
        if arguments.behaviour.misses {
            misses.extend(named(&faults, &file, number));
        }
    }
    let report = count.report();
    if report.texts == 0 {
        return Err(CliError::failure("no line has a `text` with `spans`: nothing to compare with"));
    }
    let text = match arguments.output {
        Output::Json => {
            let answer = RedactionAnswer {
                schema: "tingxin.redaction.v1",
                refused: losses.refused,
                report: &report,
                misses,
            };
            serde_json::to_string_pretty(&answer).map_err(CliError::failure)? + "\n"
        }
        Output::Table => table(&report, &misses),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(CliError::of_output)?;
    Ok(Outcome::of(losses.refused, losses.failed))
}

/// A line whose personal places are known.
struct MarkedText {
    text: RawText,
    places: Vec<PersonalPlace>,
    group: Option<String>,
}

fn marked(line: &str) -> Result<MarkedText, String> {
    let MarkedLine { text, spans, group, .. } = read(line)?;
    let text = RawText::new(text);
    if spans.iter().any(|span| span.start >= span.end || span.end > text.chars()) {
        return Err("a span must begin before it ends and end inside the text; count characters, not bytes"
            .to_owned());
    }
    let place = |MarkedSpan { start, end, kind }| PersonalPlace { span: Span::new(start, end), kind };
    Ok(MarkedText { text, places: spans.into_iter().map(place).collect(), group })
}

fn named(faults: &RedactionFaults, file: &Arc<str>, line: u64) -> Vec<Miss> {
    let miss = |fault, kind: &str, Span { start, end }: Span| Miss {
        file: Arc::clone(file),
        line,
        fault,
        kind: kind.to_owned(),
        start,
        end,
    };
    let missed = faults.missed.iter().map(|place| miss("missed", &place.kind, place.span));
    let wrong = faults.wrong.iter().map(|mask| miss("false", mask.kind.as_str(), mask.span));
    missed.chain(wrong).collect()
}

fn table(report: &RedactionReport, misses: &[Miss]) -> String {
    let mut table = empty(vec!["", "what", "of", "found / right", "share", "95 %"]);
    let recall = std::iter::once(&report.recall).chain(&report.recall_by_kind);
    let precision = std::iter::once(&report.precision).chain(&report.precision_by_kind);
    let all = recall
        .map(|share| ("recall", share))
        .chain(report.recall_by_group.iter().map(|share| ("recall, group", share)))
        .chain(precision.map(|share| ("precision, mask", share)));
    for (figure, FoundShare { name, total, hits, share, interval }) in all {
        let interval = interval.map_or_else(|| "–".to_owned(), |i| format!("{:.3}–{:.3}", i.low, i.high));
        table.add_row(vec![
            Cell::new(figure),
            Cell::new(name),
            right(total.to_string()),
            right(hits.to_string()),
            right(format!("{share:.3}")),
            right(interval),
        ]);
    }
    let mut text =
        format!("{} texts, {} of them without personal data\n{table}\n", report.texts, report.clean_texts);
    for Miss { file, line, fault, kind, start, end } in misses {
        let _ = writeln!(text, "{file}:{line}: {fault} {kind} {start}..{end}");
    }
    text
}
