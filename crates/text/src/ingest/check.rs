//! [`ContactV1`] → [`RawContact`]: everything that a JSON type cannot say.

use super::v1::{ContactV1, CustomerV1, NoteV1, StaffV1, SurveyV1, UtteranceV1};
use super::{code, limits, sentences};
use crate::domain::{
    Body, BusinessProcess, ContactId, Header, InvalidName, Kind, MAX_NAME_CHARS, RawContact, RawCustomerId,
    RawText, Refusal, SourceId, Staff, StaffId, Survey, TeamId, UtcMillis, Utterance,
};

/// The value of `schema`.
pub(super) const SCHEMA: &str = "tingxin.contact.v1";

/// Most grades a satisfaction question may have.
const MAX_SCALE: u8 = 10;

/// Checks a contact. The refusal names the field by JSON pointer and repeats no text.
pub(super) fn check(contact: ContactV1) -> Result<RawContact, Refusal> {
    let ContactV1 { schema, source, contact_id, revision, kind, channel, .. } = contact;
    if schema.is_some_and(|schema| schema != SCHEMA) {
        return Err(invalid("/schema", format!("`schema` must be `{SCHEMA}`")));
    }
    let header = Header {
        source: name("/source", SourceId::new(&source))?,
        contact_id: name("/contact_id", ContactId::new(&contact_id))?,
        revision: match revision {
            Some(0) => return Err(invalid("/revision", "`revision` counts from 1")),
            given => given.unwrap_or(1),
        },
        channel: channel
            .ok_or_else(|| Refusal::new(code::MISSING_FIELD, "`channel` is missing").at("/channel"))?,
        started_at: contact.started_at.as_deref().map(started_at).transpose()?,
        business_process: contact
            .business_process
            .map(|process| name("/business_process", BusinessProcess::new(&process)))
            .transpose()?,
        staff: contact.staff.map(staff).transpose()?,
        survey: contact.survey.map(survey).transpose()?,
    };
    let customer = contact.customer.map(customer).transpose()?;
    let body = body(kind, contact.utterances, contact.note)?;
    if body.texts().all(|(_, text)| text.is_blank()) {
        return Err(Refusal::new(code::EMPTY_CONTACT, "the contact holds no words"));
    }
    Ok(RawContact { header, customer, body })
}

fn invalid(field: &str, message: impl Into<String>) -> Refusal {
    Refusal::new(code::INVALID_VALUE, message).at(field)
}

fn name<T>(field: &str, made: Result<T, InvalidName>) -> Result<T, Refusal> {
    made.map_err(|cause| {
        let label = field.trim_start_matches('/').replace('/', ".");
        invalid(field, format!("`{label}` {cause}"))
    })
}

fn started_at(text: &str) -> Result<UtcMillis, Refusal> {
    UtcMillis::parse_rfc3339(text).map_err(|_| {
        // The domain's own message repeats the text, which here may be anything.
        invalid("/started_at", "`started_at` must be an RFC 3339 time such as 2026-11-01T08:00:00+08:00")
    })
}

fn staff(StaffV1 { id, team }: StaffV1) -> Result<Staff, Refusal> {
    Ok(Staff {
        id: name("/staff/id", StaffId::new(&id))?,
        team: team.map(|team| name("/staff/team", TeamId::new(&team))).transpose()?,
    })
}

fn survey(SurveyV1 { satisfaction, scale }: SurveyV1) -> Result<Survey, Refusal> {
    if !(2..=MAX_SCALE).contains(&scale) {
        return Err(invalid("/survey/scale", format!("`survey.scale` must be from 2 to {MAX_SCALE}")));
    }
    if !(1..=scale).contains(&satisfaction) {
        let message = "`survey.satisfaction` must be from 1 to `survey.scale`";
        return Err(invalid("/survey/satisfaction", message));
    }
    Ok(Survey { satisfaction, scale })
}

fn customer(CustomerV1 { id }: CustomerV1) -> Result<RawCustomerId, Refusal> {
    let id = id.trim();
    let length = id.chars().count();
    let field = "/customer/id";
    if length == 0 {
        Err(invalid(field, format!("`customer.id` {}", InvalidName::Empty)))
    } else if length > MAX_NAME_CHARS {
        Err(invalid(field, format!("`customer.id` {}", InvalidName::TooLong(length))))
    } else if id.chars().any(char::is_control) {
        Err(invalid(field, format!("`customer.id` {}", InvalidName::Control)))
    } else {
        Ok(RawCustomerId::new(id.to_owned()))
    }
}

fn body(
    kind: Option<Kind>,
    utterances: Option<Vec<UtteranceV1>>,
    note: Option<NoteV1>,
) -> Result<Body<RawText>, Refusal> {
    match (kind, utterances, note) {
        (_, Some(_), Some(_)) => {
            Err(invalid("/note", "a contact has either `utterances` or `note`, not both"))
        }
        (Some(Kind::Note), Some(_), None) => {
            Err(invalid("/kind", "`kind` is `note`, but the contact has `utterances`"))
        }
        (Some(Kind::Transcript), None, Some(_)) => {
            Err(invalid("/kind", "`kind` is `transcript`, but the contact has a `note`"))
        }
        (_, Some(utterances), None) => transcript(utterances),
        (_, None, Some(note)) => written(&note.text),
        (kind, None, None) => {
            let missing = if kind == Some(Kind::Note) { "note" } else { "utterances" };
            let message = format!("`{missing}` is missing: a contact has either `utterances` or `note`");
            Err(Refusal::new(code::MISSING_FIELD, message).at(format!("/{missing}")))
        }
    }
}

fn transcript(utterances: Vec<UtteranceV1>) -> Result<Body<RawText>, Refusal> {
    if utterances.len() > limits::UTTERANCES {
        let message = format!("more than {} utterances", limits::UTTERANCES);
        return Err(Refusal::new(code::TOO_LARGE, message).at("/utterances"));
    }
    let turns = utterances.into_iter().enumerate().map(|(index, turn)| utterance(index, turn));
    turns.collect::<Result<_, _>>().map(Body::Transcript)
}

fn utterance(index: usize, turn: UtteranceV1) -> Result<Utterance<RawText>, Refusal> {
    let UtteranceV1 { speaker, text, start_ms, end_ms } = turn;
    clean(&text, limits::UTTERANCE_BYTES, || format!("/utterances/{index}/text"))?;
    if let (Some(start), Some(end)) = (start_ms, end_ms)
        && start > end
    {
        return Err(invalid(&format!("/utterances/{index}/end_ms"), "`end_ms` is before `start_ms`"));
    }
    // Databases hold signed 64-bit integers; no contact lasts 292 million years.
    if start_ms.max(end_ms).is_some_and(|ms| i64::try_from(ms).is_err()) {
        return Err(invalid(&format!("/utterances/{index}/start_ms"), "the time is out of range"));
    }
    Ok(Utterance { speaker, text: RawText::new(text), start_ms, end_ms })
}

fn written(note: &str) -> Result<Body<RawText>, Refusal> {
    clean(note, limits::NOTE_BYTES, || "/note/text".to_owned())?;
    let sentences = sentences::split(note);
    if sentences.len() > limits::UTTERANCES {
        let message = format!("more than {} sentences", limits::UTTERANCES);
        return Err(Refusal::new(code::TOO_LARGE, message).at("/note/text"));
    }
    Ok(Body::Note(sentences.into_iter().map(|sentence| RawText::new(sentence.to_owned())).collect()))
}

/// PostgreSQL cannot store U+0000 and SQLite cuts text off at it, so it stops at the door.
fn clean(text: &str, limit: usize, field: impl Fn() -> String) -> Result<(), Refusal> {
    if text.len() > limit {
        let message = format!("the text is longer than {} KiB", limit / 1024);
        return Err(Refusal::new(code::TOO_LARGE, message).at(field()));
    }
    if text.contains('\0') {
        return Err(invalid(&field(), "the text contains the character U+0000"));
    }
    Ok(())
}
