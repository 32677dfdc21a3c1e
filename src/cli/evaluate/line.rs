//! A line of a file: a labelled utterance or a surveyed contact.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::domain::{
    Body, Channel, Contact, ContactId, Emotion, Header, InvalidName, RawContact, RawText, Refusal, SourceId,
    Speaker, Survey, Utterance,
};
use crate::evaluate::ValenceClass;
use crate::ingest;

/// Why a label line is refused.
pub(super) const INVALID_LABEL: &str = "invalid_label";

/// What a line holds.
#[derive(Debug)]
pub(super) enum EvaluationItem {
    /// An utterance and what people heard in it.
    Labelled(Labelled),
    /// A contact and what the customer answered afterwards, 0 (worst) to 1.
    Surveyed(Box<RawContact>, f64),
    /// A contact with nothing to compare with.
    Unanswered,
}

/// An utterance with what people heard in it.
#[derive(Debug)]
pub(super) struct Labelled {
    pub(super) text: String,
    /// Who speaks; `None` for a sentence of a note.
    pub(super) speaker: Option<Speaker>,
    /// Where it was said; without one nobody knows whether it was spoken or typed.
    pub(super) channel: Channel,
    pub(super) emotion: Option<Emotion>,
    pub(super) valence_class: Option<ValenceClass>,
    pub(super) abuse: Option<bool>,
    pub(super) weight: f64,
}

/// A label line as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelLine {
    text: String,
    #[serde(default)]
    speaker: LabelSpeaker,
    #[serde(default = "unknown")]
    channel: Channel,
    emotion: Option<Emotion>,
    valence_class: Option<ValenceClass>,
    abuse: Option<bool>,
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    weight: Option<f64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LabelSpeaker {
    #[default]
    Customer,
    Agent,
    System,
    Note,
}

/// The fields by which a contact is told from a label line.
#[derive(Deserialize)]
struct ContactMarks {
    schema: Option<IgnoredAny>,
    utterances: Option<IgnoredAny>,
    note: Option<IgnoredAny>,
}

/// Reads one line. A refusal names the field and never repeats the text.
pub(super) fn parse(text: &str) -> Result<EvaluationItem, Refusal> {
    let is_contact = serde_json::from_str(text).is_ok_and(|shape: ContactMarks| {
        shape.schema.is_some() || shape.utterances.is_some() || shape.note.is_some()
    });
    if !is_contact {
        return labelled(text)
            .map(EvaluationItem::Labelled)
            .map_err(|reason| Refusal::new(INVALID_LABEL, reason));
    }
    let contact = ingest::parse_line(text.as_bytes())?;
    Ok(match (contact.header.survey, &contact.body) {
        (Some(survey), Body::Transcript(_)) => EvaluationItem::Surveyed(Box::new(contact), answer(survey)),
        _ => EvaluationItem::Unanswered,
    })
}

/// Grades of scales of different length on one: 0 is the worst and 1 the best.
fn answer(survey: Survey) -> f64 {
    f64::from(survey.satisfaction.saturating_sub(1)) / f64::from(survey.scale.saturating_sub(1).max(1))
}

fn labelled(text: &str) -> Result<Labelled, String> {
    let line: LabelLine = read(text)?;
    let speaker = match line.speaker {
        LabelSpeaker::Customer => Some(Speaker::Customer),
        LabelSpeaker::Agent => Some(Speaker::Agent),
        LabelSpeaker::Note => None,
        LabelSpeaker::System => return Err("a system voice is never scored; leave the line out".to_owned()),
    };
    let weight = line.weight.unwrap_or(1.0);
    if !(weight.is_finite() && weight > 0.0) {
        return Err("field `weight` must be a finite number greater than 0".to_owned());
    }
    let LabelLine { text, channel, emotion, valence_class, abuse, .. } = line;
    Ok(Labelled { text, speaker, channel, emotion, valence_class, abuse, weight })
}

/// One JSON object and nothing behind it. An error names the field and never repeats a value.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_str(text);
    let line = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().to_string();
        let reason = match error.inner().classify() {
            serde_json::error::Category::Data => without_value(&error.inner().to_string()),
            _ => "is no complete JSON object".to_owned(),
        };
        if field == "." { reason } else { format!("field `{field}` {reason}") }
    })?;
    json.end().map_err(|_| "there is more behind the JSON object; write one object a line".to_owned())?;
    Ok(line)
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

/// A contact of one utterance, or of a note of one sentence. Every text gets one of its own, for
/// redaction looks across the turns of a contact.
pub(super) fn contact(
    text: String,
    speaker: Option<Speaker>,
    channel: Channel,
) -> Result<RawContact, InvalidName> {
    let body = match speaker {
        Some(speaker) => Body::Transcript(vec![turn(speaker, text)]),
        None => Body::Note(vec![RawText::new(text)]),
    };
    of_body(body, channel)
}

/// A contact of these turns, of which nobody knows whether they were spoken.
pub(super) fn dialogue(turns: &[(Speaker, String)]) -> Result<RawContact, InvalidName> {
    let turns = turns.iter().map(|(speaker, text)| turn(*speaker, text.clone())).collect();
    of_body(Body::Transcript(turns), unknown())
}

fn turn(speaker: Speaker, text: String) -> Utterance<RawText> {
    Utterance { speaker, text: RawText::new(text), start_ms: None, end_ms: None }
}

/// The channel of a text without one: typed is what is read without any expectation of how it came
/// about.
const fn unknown() -> Channel {
    Channel::Chat
}

fn of_body(body: Body<RawText>, channel: Channel) -> Result<RawContact, InvalidName> {
    Ok(Contact {
        header: Header {
            source: SourceId::new("evaluate")?,
            contact_id: ContactId::new("line")?,
            revision: 1,
            channel,
            started_at: None,
            business_process: None,
            staff: None,
            survey: None,
        },
        customer: None,
        body,
    })
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
            (r#"{"text":"geheim","abuse":"geheim"}"#, "field `abuse` must be a boolean"),
            (r#"{"text":"geheim""#, "no complete JSON object"),
            (r#"{"text":"geheim"} {}"#, "one object a line"),
            (r#"{"text":"geheim","speaker":"system"}"#, "never scored"),
        ] {
            let refused = parse(line).unwrap_err().to_string();

            assert!(refused.contains(hint), "{refused}");
            assert!(!refused.contains("geheim"), "{refused}");
        }
    }

    #[test]
    fn a_line_may_carry_an_id_of_any_kind() {
        assert!(parse(r#"{"id":7,"text":"好","emotion":"neutral"}"#).is_ok());
        assert!(parse(r#"{"id":"x","text":"好","valence_class":"neutral","weight":2}"#).is_ok());
    }

    #[test]
    fn a_note_is_read_in_the_voice_of_a_report() {
        let EvaluationItem::Labelled(line) = parse(r#"{"text":"客户情绪激动","speaker":"note"}"#).unwrap()
        else {
            panic!("a label line")
        };

        assert_eq!(line.speaker, None);
        assert!(matches!(contact(line.text, line.speaker, line.channel).unwrap().body, Body::Note(_)));
    }

    #[test]
    fn grades_of_any_scale_become_comparable() {
        for (satisfaction, scale, expected) in [(1, 5, 0.0), (3, 5, 0.5), (10, 10, 1.0), (2, 2, 1.0)] {
            assert!((answer(Survey { satisfaction, scale }) - expected).abs() < 1e-9);
        }
    }
}
