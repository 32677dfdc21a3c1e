//! vCon 0.4.0: the redacted contact, and what was read into it as an analysis of type `sentiment`.
//!
//! The draft defines no schema of sentiments; ours is published (`tingxin schema analysis`) and
//! named by its URN. The vCon says that it is redacted and which one it is the redacted twin of:
//! the one that the source holds. Where the source's id is a UUID, as of a contact that came as a
//! vCon, the twin has that; otherwise one that is derived from source and id and always the same.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::desk::WholeContact;
use crate::domain::{
    Analysis, Body, BusinessProcess, RedactedContact, RedactedLine, Speaker, TeamId, UtcMillis,
};
use crate::secrets;

/// The parties stand in this order.
const PARTIES: [Speaker; 3] = [Speaker::Agent, Speaker::Customer, Speaker::System];

/// A UUID that is always the same for the same thing.
fn derived(kind: &str, name: &str) -> Uuid {
    let digest = secrets::digest(format!("tingxin:{kind}:{name}").as_bytes());
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(digest.as_bytes().chunks(2)) {
        *byte = std::str::from_utf8(pair)
            .ok()
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            .unwrap_or_default();
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// One contact.
pub(super) fn of(whole: &WholeContact) -> Value {
    let contact = &whole.record.contact;
    let header = &contact.header;
    let identity = format!("{}/{}", header.source, header.contact_id);
    let own = derived("redacted", &format!("{identity}/{}", header.revision));
    let twin = Uuid::parse_str(header.contact_id.as_str()).unwrap_or_else(|_| derived("contact", &identity));
    let began = header.started_at.unwrap_or(whole.record.received_at);
    let (dialog, attachments) = match &contact.body {
        Body::Transcript(turns) => {
            let turns = turns.iter().map(|turn| said(turn, began)).collect();
            (turns, Vec::new())
        }
        Body::Note(sentences) => (Vec::new(), vec![note(sentences, began)]),
    };
    let mut analyses = Vec::new();
    if let Some(analysis) = &whole.analysis {
        analyses.push(sentiment(analysis, dialog.len()));
    }
    json!({
        "vcon": "0.4.0",
        "uuid": own,
        "created_at": began.to_rfc3339(),
        "updated_at": whole.record.received_at.to_rfc3339(),
        "extensions": ["CC"],
        "redacted": {"uuid": twin, "type": "personal-data"},
        "subject": header.business_process.as_ref().map(BusinessProcess::as_str),
        "parties": parties(contact),
        "dialog": dialog,
        "analysis": analyses,
        "attachments": attachments,
    })
}

fn parties(contact: &RedactedContact) -> Vec<Value> {
    let staff = contact.header.staff.as_ref();
    let customer = contact.customer.as_ref().map(|customer| derived("customer", customer.as_str()));
    let party = |speaker: &Speaker| match speaker {
        Speaker::Agent => json!({
            "type": "person", "role": "agent",
            "name": staff.map(|staff| staff.id.as_str()),
            "uuid": staff.map(|staff| derived("staff", staff.id.as_str())),
            "dept": staff.and_then(|staff| staff.team.as_ref()).map(TeamId::as_str),
        }),
        Speaker::Customer => json!({"type": "person", "role": "customer", "uuid": customer}),
        Speaker::System => json!({"type": "bot", "role": "thirdparty", "name": "IVR"}),
    };
    PARTIES.iter().map(party).map(without_nulls).collect()
}

fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, field| !field.is_null());
    }
    value
}

fn milliseconds(span: u64) -> i64 {
    i64::try_from(span).unwrap_or_default()
}

fn said(turn: &crate::domain::Utterance<RedactedLine>, began: UtcMillis) -> Value {
    let party = PARTIES.iter().position(|speaker| *speaker == turn.speaker);
    let start = began.plus_millis(turn.start_ms.map(milliseconds).unwrap_or_default());
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a call is shorter than ages")]
    let seconds = |span: u64| span as f64 / 1000.0;
    let span = turn.start_ms.zip(turn.end_ms).and_then(|(start, end)| end.checked_sub(start));
    without_nulls(json!({
        "type": "text",
        "start": start.to_rfc3339(),
        "duration": span.map(seconds),
        "parties": party,
        "originator": party,
        "mediatype": "text/plain",
        "encoding": "none",
        "body": turn.text.text.as_str(),
    }))
}

fn note(sentences: &[RedactedLine], began: UtcMillis) -> Value {
    let text: String = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    json!({
        "purpose": "note",
        "start": began.to_rfc3339(),
        "party": 0,
        "mediatype": "text/plain",
        "encoding": "none",
        "body": text,
    })
}

fn sentiment(analysis: &Analysis, dialogs: usize) -> Value {
    json!({
        "type": "sentiment",
        "dialog": (0..dialogs).collect::<Vec<_>>(),
        "mediatype": "application/json",
        "vendor": "Tingxin",
        "product": format!("tingxin {} {}", env!("CARGO_PKG_VERSION"), analysis.engine.fingerprint()),
        "schema": "urn:tingxin:schema:analysis:v1",
        "encoding": "json",
        "body": analysis,
    })
}
