//! `tingxin.contact.v1` with fields that nobody knows, for `--ignore-unknown`.

use serde_json::{Map, Value};

use super::explain;

/// The fields of every object of the form.
const FIELDS: [(&str, &[&str]); 6] = [
    (
        "",
        &[
            "schema",
            "source",
            "contact_id",
            "revision",
            "kind",
            "channel",
            "started_at",
            "business_process",
            "staff",
            "customer",
            "utterances",
            "note",
            "survey",
        ],
    ),
    ("staff", &["id", "team"]),
    ("customer", &["id"]),
    ("utterances", &["speaker", "text", "start_ms", "end_ms"]),
    ("note", &["text"]),
    ("survey", &["satisfaction", "scale"]),
];

/// The value without unknown fields, and the names of these as a refusal may show them.
pub(super) fn without_unknown(value: &Value) -> (Value, Vec<String>) {
    let mut dropped = Vec::new();
    let kept = kept(value, "", &mut dropped);
    (kept, dropped)
}

fn kept(value: &Value, of: &str, dropped: &mut Vec<String>) -> Value {
    let Some((_, known)) = FIELDS.iter().find(|(name, _)| *name == of) else { return value.clone() };
    match value {
        Value::Array(items) => Value::Array(items.iter().map(|item| kept(item, of, dropped)).collect()),
        Value::Object(fields) => {
            let mut left = Map::new();
            for (name, value) in fields {
                if known.contains(&name.as_str()) {
                    let inner = if of.is_empty() { name.as_str() } else { "text" };
                    left.insert(name.clone(), kept(value, inner, dropped));
                } else {
                    let shown = explain::shown(name);
                    if !dropped.contains(&shown) {
                        dropped.push(shown);
                    }
                }
            }
            Value::Object(left)
        }
        other => other.clone(),
    }
}
