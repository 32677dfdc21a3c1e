//! What serde finds wrong, said without repeating any of the contact's text.

use serde_path_to_error::{Path, Segment};

use super::code;
use crate::domain::Refusal;

/// Longest field name that a refusal repeats, in characters.
const MAX_FIELD_CHARS: usize = 64;

/// Stands for a field name that is not repeated.
const HIDDEN: &str = "…";

/// Turns an error of `serde_json` into a refusal with a JSON pointer.
///
/// The messages of serde repeat offending values; here only names of fields and lists of allowed
/// values are taken over from them, because neither is a customer's word.
pub(super) fn refusal(path: &Path, cause: &serde_json::Error) -> Refusal {
    if !cause.is_data() {
        let (line, column) = (cause.line(), cause.column());
        let what = if cause.is_eof() { "the JSON text is cut off" } else { "not valid JSON" };
        return Refusal::new(code::INVALID_JSON, format!("{what} at line {line}, column {column}"));
    }
    let whole = cause.to_string();
    let place = format!(" at line {} column {}", cause.line(), cause.column());
    let message = whole.strip_suffix(&place).unwrap_or(&whole);
    if let Some(rest) = message.strip_prefix("unknown field `") {
        // From the end: the name may hold anything, also backticks.
        let (name, known) = rest.rsplit_once("`, expected ").unwrap_or((rest, "no field"));
        let shown = shown(name);
        let place = match &*shown {
            HIDDEN => format!(" (line {}, column {} of the contact)", cause.line(), cause.column()),
            _ => String::new(),
        };
        let message = format!("unknown field `{shown}`{place}, expected {known}");
        return Refusal::new(code::UNKNOWN_FIELD, message).at(pointer(path, Some(name)));
    }
    if let Some((name, shown)) = named(message, "missing field `") {
        return Refusal::new(code::MISSING_FIELD, format!("`{shown}` is missing"))
            .at(pointer(path, Some(&name)));
    }
    if let Some((name, shown)) = named(message, "duplicate field `") {
        return Refusal::new(code::DUPLICATE_FIELD, format!("`{shown}` stands twice"))
            .at(pointer(path, Some(&name)));
    }
    // What serde expected is the text after the last mark; what it found instead stands before.
    let expected = message.rsplit_once(", expected ").map_or("another value", |(_, expected)| expected);
    let field = pointer(path, None);
    if field.is_empty() {
        return Refusal::new(code::INVALID_VALUE, "a contact must be a JSON object");
    }
    Refusal::new(code::INVALID_VALUE, format!("expected {}", plain(expected))).at(field)
}

/// The name that follows `opening` in backticks: as it is, and as it may be shown.
fn named(message: &str, opening: &str) -> Option<(String, String)> {
    let (name, _) = message.strip_prefix(opening)?.split_once('`')?;
    Some((name.to_owned(), shown(name)))
}

/// A field name fit for a log: an identifier as programs have them, and not itself a phone number.
/// Anything else may be a value in the wrong place, which may be what a customer said.
pub(super) fn shown(name: &str) -> String {
    let plausible = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if !(1..=MAX_FIELD_CHARS).contains(&name.len()) || !name.bytes().all(plausible) {
        return HIDDEN.to_owned();
    }
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    name.chars().map(|c| if digits >= 7 && c.is_ascii_digit() { '#' } else { c }).collect()
}

/// RFC 6901. `leaf` is added when serde's path ends at the object that holds the field.
fn pointer(path: &Path, leaf: Option<&str>) -> String {
    let mut pointer = String::new();
    let mut push = |part: &str| {
        pointer.push('/');
        pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
    };
    let mut last = None;
    for segment in path {
        match segment {
            Segment::Seq { index } => push(&index.to_string()),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                push(&shown(key));
                last = Some(key.as_str());
            }
            Segment::Unknown => {}
        }
    }
    if let Some(leaf) = leaf
        && last != Some(leaf)
    {
        push(&shown(leaf));
    }
    pointer
}

/// serde speaks of Rust types; senders think in JSON.
fn plain(expected: &str) -> String {
    match expected {
        "u8" => "a whole number from 0 to 255".to_owned(),
        // The one field of this type is `revision`, and revisions count from 1.
        "u32" => "a whole number from 1 to 4294967295".to_owned(),
        "u64" => "a whole number, 0 or more".to_owned(),
        "a sequence" => "an array".to_owned(),
        other if other.starts_with("struct ") => "an object".to_owned(),
        other => other.to_owned(),
    }
}
