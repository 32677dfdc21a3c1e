//! `tingxin evaluate`: labelled utterances → how good the model's readings are.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::error::{CliError, Outcome};
use super::options::Model;
use super::tables;
use crate::domain::{
    Body, Channel, Contact, ContactId, Emotion, EmotionScores, Engine, Header, RawText, SourceId, Speaker,
    Utterance,
};
use crate::evaluate::{Judged, Report, ValenceClass, evaluate};
use crate::flag;
use crate::redact::Redactor;
use crate::score::Scorer;
use crate::segment::Segmenter;
use crate::settings::KeyFile;

/// Utterances that are scored together; batches beyond this size gain nothing.
const BATCH: usize = 256;

/// Longest label line in bytes: an utterance of 64 KiB of text and its label.
const LONGEST_LINE: u64 = 256 * 1024;

const EXAMPLES: &str = "\
Each line of a FILE is one JSON object: {\"text\":\"…\",\"speaker\":\"customer\",\"emotion\":\"anger\"}
and/or \"valence_class\":\"negative|neutral|positive\"; optional \"id\" and \"weight\".

Examples:
  tingxin evaluate labels.ndjson
  tingxin evaluate --model lexicon --output json dev.ndjson test.ndjson";

/// Compare the model with labels that people gave: accuracy, F1, confusion, calibration
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Files of labelled utterances; `-` reads standard input. Several files are pooled
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// How the figures are written
    #[arg(long, value_enum, default_value_t = Output::Table)]
    output: Output,
    #[command(flatten)]
    model: Model,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// One JSON object, for machines
    Json,
    /// Tables, for people
    Table,
}

/// A line of a label file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: String,
    speaker: Option<Speaker>,
    emotion: Option<Emotion>,
    valence_class: Option<ValenceClass>,
    #[serde(rename = "id")]
    _id: Option<serde_json::Value>,
    weight: Option<f64>,
}

/// The answer for machines. Figures over the eight emotions stand at the top; `valence` has the same
/// fields over negative, neutral and positive.
#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    engine: &'a Engine,
    files: Vec<String>,
    #[serde(flatten)]
    emotion: Option<Report>,
    valence: Option<Report>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    let mut reader = Reader::new(&arguments.model)?;
    let mut judged = Vec::new();
    for path in &arguments.files {
        reader.read(path, &mut judged)?;
    }
    let found = evaluate(&judged);
    if found.emotion.is_none() && found.valence.is_none() {
        return Err(CliError::failure(
            "no line has an `emotion` or a `valence_class`: nothing to compare with",
        ));
    }
    let mut out = std::io::stdout().lock();
    let text = match arguments.output {
        Output::Json => {
            let answer = Answer {
                schema: "tingxin.evaluation.v1",
                engine: &reader.engine,
                files: arguments.files.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
                emotion: found.emotion,
                valence: found.valence,
            };
            serde_json::to_string_pretty(&answer).map_err(CliError::failure)? + "\n"
        }
        Output::Table => tables::evaluation(&reader.engine.model, &found),
    };
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(CliError::of_output)?;
    Ok(Outcome::Done)
}

/// Reads label files and has every text scored by the same stages as a contact.
struct Reader {
    redactor: Redactor,
    segmenter: Segmenter,
    scorer: Scorer,
    engine: Engine,
}

impl Reader {
    fn new(model: &Model) -> Result<Self, CliError> {
        let scorer = Scorer::new(model.load().map_err(CliError::failure)?, 0);
        let identity = scorer.identity();
        let engine = Engine {
            model: identity.name.clone(),
            model_sha256: identity.sha256.clone(),
            lexicon_version: identity.lexicon_version.clone(),
            rules_version: flag::RULES_VERSION.to_owned(),
        };
        Ok(Self {
            redactor: Redactor::new(KeyFile::throw_away().map_err(CliError::failure)?),
            segmenter: Segmenter::new().map_err(CliError::failure)?,
            scorer,
            engine,
        })
    }

    fn read(&mut self, path: &Path, judged: &mut Vec<Judged>) -> Result<(), CliError> {
        let name = path.display();
        let broken = |cause| CliError::failure(format!("cannot read {name}: {cause}"));
        let mut input: Box<dyn BufRead> = if path.as_os_str() == "-" {
            Box::new(std::io::stdin().lock())
        } else {
            Box::new(BufReader::new(File::open(path).map_err(broken)?))
        };
        let mut lines = Vec::with_capacity(BATCH);
        let mut bytes = Vec::new();
        for number in 1_u64.. {
            bytes.clear();
            let length = std::io::Read::take(&mut input, LONGEST_LINE)
                .read_until(b'\n', &mut bytes)
                .map_err(broken)?;
            if length == 0 {
                break;
            }
            let text = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(&bytes);
            if text.trim_ascii().is_empty() {
                continue;
            }
            let line = parse(text)
                .map_err(|reason| CliError::failure(format!("{name}, line {number}: {reason}")))?;
            lines.push(line);
            if lines.len() == BATCH {
                self.judge(std::mem::take(&mut lines), judged)?;
            }
        }
        self.judge(lines, judged)
    }

    fn judge(&mut self, lines: Vec<Line>, judged: &mut Vec<Judged>) -> Result<(), CliError> {
        let labels: Vec<_> =
            lines.iter().map(|line| (line.emotion, line.valence_class, line.weight.unwrap_or(1.0))).collect();
        let scores = self.score(lines)?;
        judged.extend(labels.into_iter().zip(scores).map(|((emotion, valence_class, weight), scores)| {
            Judged { emotion, valence_class, weight, scores }
        }));
        Ok(())
    }

    /// One contact for each text, for redaction looks across the turns of a contact.
    fn score(&mut self, lines: Vec<Line>) -> Result<Vec<EmotionScores>, CliError> {
        let segmented = lines
            .into_iter()
            .map(|line| Ok(self.segmenter.segment(self.redactor.redact(contact(line)?).contact)))
            .collect::<Result<Vec<_>, CliError>>()?;
        let scored = self.scorer.score(segmented).map_err(CliError::failure)?;
        let reading = |contact: &crate::domain::ScoredContact| {
            let first = contact.body.texts().next().and_then(|(_, text)| text.score.as_ref());
            first.map_or(EmotionScores::NEUTRAL, |score| score.emotions)
        };
        Ok(scored.iter().map(reading).collect())
    }
}

fn contact(line: Line) -> Result<crate::domain::RawContact, CliError> {
    let turn = Utterance {
        speaker: line.speaker.unwrap_or(Speaker::Customer),
        text: RawText::new(line.text),
        start_ms: None,
        end_ms: None,
    };
    Ok(Contact {
        header: Header {
            source: SourceId::new("evaluate").map_err(CliError::failure)?,
            contact_id: ContactId::new("line").map_err(CliError::failure)?,
            revision: 1,
            channel: Channel::Hotline,
            started_at: None,
            business_process: None,
            staff: None,
            survey: None,
        },
        customer: None,
        body: Body::Transcript(vec![turn]),
    })
}

/// Reads one line. The message names the field and never repeats the text.
fn parse(bytes: &[u8]) -> Result<Line, String> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let line: Line = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().to_string();
        let reason = match error.inner().classify() {
            serde_json::error::Category::Data => without_value(&error.inner().to_string()),
            _ => "is no complete JSON object".to_owned(),
        };
        if field == "." { reason } else { format!("field `{field}` {reason}") }
    })?;
    if line.speaker == Some(Speaker::System) {
        return Err("a system voice is never scored; leave the line out".to_owned());
    }
    match line.weight {
        Some(weight) if !(weight.is_finite() && weight > 0.0) => {
            Err("field `weight` must be a finite number greater than 0".to_owned())
        }
        _ => Ok(line),
    }
}

/// serde's sentence up to the place, which says a column of a text nobody prints.
fn without_value(sentence: &str) -> String {
    let sentence = sentence.split(" at line ").next().unwrap_or_default();
    match sentence.split_once("invalid type: ") {
        // `invalid type: string "…", expected f64` repeats the value.
        Some((_, rest)) => {
            let expected = rest.rsplit_once(", expected ").map_or("another type", |(_, expected)| expected);
            format!("must be {expected}")
        }
        None => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_line_is_refused_by_field_and_never_repeated() {
        for (line, hint) in [
            (r#"{"text":"geheim","emotion":"fury"}"#, "unknown variant `fury`"),
            (r#"{"text":"geheim","mood":"anger"}"#, "unknown field `mood`"),
            (r#"{"text":["geheim"]}"#, "field `text`"),
            (r#"{"text":"geheim","weight":0}"#, "greater than 0"),
            (r#"{"text":"geheim","weight":"geheim"}"#, "field `weight` must be f64"),
            (r#"{"text":"geheim""#, "no complete JSON object"),
            (r#"{"text":"geheim","speaker":"system"}"#, "never scored"),
        ] {
            let refused = parse(line.as_bytes()).unwrap_err();

            assert!(refused.contains(hint), "{refused}");
            assert!(!refused.contains("geheim"), "{refused}");
        }
    }

    #[test]
    fn a_line_may_carry_an_id_of_any_kind() {
        assert!(parse(r#"{"id":7,"text":"好","emotion":"neutral"}"#.as_bytes()).is_ok());
        assert!(parse(r#"{"id":"x","text":"好","valence_class":"neutral","weight":2}"#.as_bytes()).is_ok());
    }
}
