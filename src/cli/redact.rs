//! `tingxin redact`: personal data out of contacts or lines of text, and nothing else.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use clap::Args;
use serde::Serialize;

use super::error::{CliError, Outcome};
use super::input::{Inputs, Losses, PlacedLine, complain};
use super::options::Reading;
use crate::domain::{RawText, RedactedContact, RedactedLine, Redaction, Speaker};
use crate::redact::{PseudonymKey, Redactor};

const EXAMPLES: &str = "\
Lines stand alone. The texts of a contact are read together, for a number may be dictated over several turns. What is taken out, with examples, and what is left in: docs/redaction.md.

Examples:
  tingxin redact remarks.txt > redacted.txt
  echo '我叫王小明，电话19900001234' | tingxin redact -
  tingxin redact --contacts calls.csv --output json

Refused contacts are named on standard error, one JSON object a line; the others are redacted. Exit status: 0 all done, 2 some refused, 1 failed or a file could not be read, 64 wrong usage.";

/// Take personal data out of text and write what is left, without a database and without scoring
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct RedactArguments {
    /// Files to read; `-` or nothing reads standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Read contacts (JSON, NDJSON, CSV, plain text) instead of lines of text. Files that end in .json, .ndjson, .jsonl
    /// or .csv are read so without it
    #[arg(long)]
    contacts: bool,
    #[command(flatten)]
    reading: Reading,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = RedactOutput::Text)]
    output: RedactOutput,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum RedactOutput {
    /// The redacted text, one line a line; of contacts, who speaks before it and a blank line between them
    Text,
    /// One JSON object a line: the redacted text and what stood where in it, in characters of the redacted text
    Json,
}

/// A redacted text for machines.
#[derive(Serialize)]
struct TextAnswer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<&'static str>,
    text: &'a str,
    spans: Vec<SpanAnswer>,
}

#[derive(Serialize)]
struct SpanAnswer {
    start: usize,
    end: usize,
    kind: &'static str,
}

/// A redacted contact for machines.
#[derive(Serialize)]
struct ContactAnswer<'a> {
    source: &'a str,
    contact_id: &'a str,
    texts: Vec<TextAnswer<'a>>,
}

/// Runs the command.
pub(super) fn run(arguments: &RedactArguments) -> Result<Outcome, CliError> {
    // Pseudonyms are not written, so any key does.
    let redactor = Redactor::new(PseudonymKey::new([0; 32]));
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut losses = Losses::default();
    // Each file by itself, for one may hold contacts and the next one lines.
    let alone: Vec<&[PathBuf]> =
        if arguments.files.is_empty() { vec![&[]] } else { arguments.files.chunks(1).collect() };
    for files in alone {
        let inputs = Inputs::find(files)?;
        for unread in &inputs.unread {
            complain(losses.count(unread));
        }
        if arguments.contacts || files.first().is_some_and(|path| holds_contacts(path)) {
            contacts(inputs, arguments, &redactor, (&mut out, &mut losses))?;
        } else {
            lines(inputs, arguments.output, &redactor, (&mut out, &mut losses))?;
        }
    }
    out.flush().map_err(CliError::of_output)?;
    Ok(Outcome::of(losses.refused, losses.failed))
}

fn holds_contacts(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    path.is_dir()
        || ending.is_some_and(|ending| ["json", "ndjson", "jsonl", "csv"].contains(&ending.as_str()))
}

fn lines(
    inputs: Inputs,
    output: RedactOutput,
    redactor: &Redactor,
    (out, losses): (&mut impl Write, &mut Losses),
) -> Result<(), CliError> {
    for line in inputs.lines() {
        match line {
            Ok(PlacedLine { text, .. }) => {
                let line = redactor.line(&RawText::new(text));
                let written = match output {
                    RedactOutput::Text => line.text.as_str().to_owned(),
                    RedactOutput::Json => json(&answer(None, &line))?,
                };
                writeln!(out, "{written}").map_err(CliError::of_output)?;
            }
            Err(unread) => complain(losses.count(&unread)),
        }
    }
    Ok(())
}

fn contacts(
    inputs: Inputs,
    arguments: &RedactArguments,
    redactor: &Redactor,
    (out, losses): (&mut impl Write, &mut Losses),
) -> Result<(), CliError> {
    for item in inputs.contacts(arguments.reading.options(), Arc::new(AtomicU64::new(0))) {
        match item {
            Ok(placed) => {
                let contact = redactor.redact(placed.contact).contact;
                let written = match arguments.output {
                    RedactOutput::Text => told(&contact),
                    RedactOutput::Json => json(&of_contact(&contact))? + "\n",
                };
                out.write_all(written.as_bytes()).map_err(CliError::of_output)?;
            }
            Err(unread) => complain(losses.count(&unread)),
        }
    }
    Ok(())
}

/// A contact for people.
fn told(contact: &RedactedContact) -> String {
    let mut told = String::new();
    for (speaker, line) in contact.body.texts() {
        if let Some(speaker) = speaker {
            told.push_str(speaker.as_str());
            told.push('\t');
        }
        told.push_str(line.text.as_str());
        told.push('\n');
    }
    told + "\n"
}

fn of_contact(contact: &RedactedContact) -> ContactAnswer<'_> {
    ContactAnswer {
        source: contact.header.source.as_str(),
        contact_id: contact.header.contact_id.as_str(),
        texts: contact.body.texts().map(|(speaker, line)| answer(speaker, line)).collect(),
    }
}

fn answer(speaker: Option<Speaker>, line: &RedactedLine) -> TextAnswer<'_> {
    let span = |redaction: &Redaction| SpanAnswer {
        start: redaction.span.start,
        end: redaction.span.end,
        kind: redaction.kind.as_str(),
    };
    TextAnswer {
        speaker: speaker.map(Speaker::as_str),
        text: line.text.as_str(),
        spans: line.redactions.iter().map(span).collect(),
    }
}

fn json(answer: &impl Serialize) -> Result<String, CliError> {
    serde_json::to_string(answer).map_err(CliError::failure)
}
