//! What comes in: every format, every encoding, and every way to be refused.

mod encodings;
mod forms;
mod json;
mod streams;
mod tables;

use std::io::Cursor;
use std::path::Path;

use serde_json::{Value, json};
use tingxin::domain::{Body, RawContact, RawText, Refusal, Speaker};
use tingxin::ingest::{ReadError, ReadOptions, parse_contact, read};

fn bytes(content: &[u8], options: &ReadOptions) -> Vec<Result<RawContact, Refusal>> {
    read(Box::new(Cursor::new(content.to_vec())), "day.txt", options)
        .filter(|item| !matches!(item, Err(ReadError::Notice(_))))
        .map(|item| {
            item.map(|placed| placed.contact).map_err(|error| match error {
                ReadError::Refused(refusal) => refusal,
                other => panic!("the stream broke: {other}"),
            })
        })
        .collect()
}

fn text(content: &str) -> Vec<Result<RawContact, Refusal>> {
    bytes(content.as_bytes(), &ReadOptions::default())
}

fn fixture(name: &str) -> Vec<Result<RawContact, Refusal>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ingest").join(name);
    bytes(&std::fs::read(path).unwrap(), &ReadOptions::default())
}

fn raw(text: &str) -> RawText {
    RawText::new(text.to_owned())
}

fn spoken(contact: &RawContact) -> Vec<(Option<Speaker>, RawText)> {
    contact.body.texts().map(|(speaker, text)| (speaker, text.clone())).collect()
}

fn times(contact: &RawContact) -> Vec<(Option<u64>, Option<u64>)> {
    match &contact.body {
        Body::Transcript(turns) => turns.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect(),
        Body::Note(_) => Vec::new(),
    }
}

fn example() -> Value {
    json!({
        "schema": "tingxin.contact.v1", "source": "hotline-10086", "contact_id": "H-20261101-000123",
        "revision": 1, "kind": "transcript", "channel": "hotline",
        "started_at": "2026-11-01T08:00:00+08:00", "business_process": "broadband_fault",
        "staff": {"id": "A1001", "team": "beijing-01"}, "customer": {"id": "138****0001"},
        "utterances": [
            {"speaker": "agent", "text": "您好，很高兴为您服务。", "start_ms": 0, "end_ms": 2300},
            {"speaker": "customer", "text": "我家宽带又断了，这都第三次了！", "start_ms": 2600}
        ],
        "survey": {"satisfaction": 2, "scale": 5}
    })
}

fn parsed(contact: &Value) -> Result<RawContact, Refusal> {
    parse_contact(contact.to_string().as_bytes())
}

/// The example with the value at `pointer` replaced; `null` takes a top-level field away.
fn changed(pointer: &str, value: Value) -> Value {
    let mut contact = example();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = contact.pointer_mut(parent).unwrap();
    match parent {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        Value::Object(fields) if value.is_null() => drop(fields.remove(key)),
        Value::Object(fields) => drop(fields.insert(key.to_owned(), value)),
        other => panic!("{other} has no fields"),
    }
    contact
}

fn verdict(contact: &Value) -> (&'static str, Option<String>) {
    let refusal = parsed(contact).unwrap_err();
    (refusal.code, refusal.field)
}
