//! Names and other words as tight as the server takes them: 1 to 128 characters, no control
//! character, not blank; cursors, days and grades in their shape; notes with their length; and that a contact has either turns or a
//! note.

use serde_json::json;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, Object, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{Components, RefOr};

use crate::domain::MAX_NAME_CHARS;

/// Some character that is neither blank nor control, and none that is control. Written without
/// classes of Unicode, which not every reader of patterns knows.
const NAME: &str =
    r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$";

/// A header is visible ASCII.
const KEY: &str = r"^[\u0021-\u007e]+$";

/// Parameters that are such names.
const PARAMETERS: [&str; 4] = ["source", "contact_id", "team", "staff"];

/// The shape of a business process.
const SLUG: &str = "^[a-z][a-z0-9_-]*$";

/// Fields of contacts that are such names.
const FIELDS: [(&str, &[&str]); 2] = [("ContactV1", &["source", "contact_id"]), ("StaffV1", &["id", "team"])];

/// What `next` of an answer looks like: 24 bytes.
const CURSOR: &str = "^[A-Za-z0-9_-]{32}$";

/// A day, or a time with an offset.
const BOUND: &str = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-](0[0-9]|1[01]):[0-5][0-9]))?$";

/// An answer to a survey.
const SURVEY: &str = "^(any|[1-5])$";

/// The place in the feed of events.
const PLACE: &str = "^[0-9]{1,18}$";

/// What people write, with its most characters. An empty one is left out instead, and none has line breaks.
const WRITTEN: [(&str, usize); 9] = [
    ("note", 500),
    ("text", 500),
    ("reason", 500),
    ("about", 500),
    ("private_note", 500),
    ("shared_note", 500),
    ("department", 60),
    ("title", 60),
    ("title_en", 60),
];

/// Names that have a schema of their own.
const NAMES: [&str; 2] = ["StaffId", "TeamId"];

/// Tightens the fields of what is sent, and the names that are answered.
pub(super) fn tighten_fields(components: &mut Components) {
    for name in NAMES {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(name) {
            tighten(object, NAME);
        }
    }
    for (name, schema) in &mut components.schemas {
        let RefOr::T(Schema::Object(object)) = schema else { continue };
        if name.ends_with("Body") {
            tighten_written(object);
        }
        if name == "ContactV1" {
            object.extensions = Some(one_of_two());
        }
    }
    for (schema, fields) in FIELDS {
        let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(schema) else { continue };
        for field in fields {
            if let Some(RefOr::T(Schema::Object(field))) = object.properties.get_mut(*field) {
                tighten(field, NAME);
            }
        }
    }
}

fn tighten_written(body: &mut Object) {
    for (field, most) in WRITTEN {
        if let Some(RefOr::T(Schema::Object(object))) = body.properties.get_mut(field) {
            object.max_length = Some(most);
            tighten(object, NAME);
        }
    }
}

/// Turns or a note, and a kind that fits. As a condition: a choice of two objects would give generated clients two kinds of contact.
fn one_of_two() -> Extensions {
    let kind = |name: &str| json!({"enum": [name, null]});
    let turns = json!({"type": "array", "minItems": 1});
    // One word of its own: several extensions come out in another order each time.
    Extensions::from_iter([(
        "allOf",
        json!([{
            "if": {"properties": {"note": {"type": "null"}}},
            "then": {"required": ["utterances"], "properties": {"utterances": turns, "kind": kind("transcript")}},
            "else": {"properties": {"utterances": {"type": "null"}, "kind": kind("note")}},
        }]),
    )])
}

/// Tightens the parameters of an operation.
pub(super) fn tighten_parameters(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema else { continue };
        if matches!(parameter.parameter_in, ParameterIn::Query) && is_text(object) {
            // An empty parameter is refused everywhere.
            object.min_length = Some(1);
        }
        let free = object.format != Some(SchemaFormat::KnownFormat(KnownFormat::DateTime));
        let pattern = match parameter.parameter_in {
            ParameterIn::Query if PARAMETERS.contains(&parameter.name.as_str()) => NAME,
            ParameterIn::Query => match parameter.name.as_str() {
                "process" => SLUG,
                "cursor" => CURSOR,
                "from" | "to" => BOUND,
                "since" | "until" if free => BOUND,
                "after" => PLACE,
                "survey" => SURVEY,
                _ => continue,
            },
            ParameterIn::Header if parameter.name == "Idempotency-Key" => KEY,
            _ => continue,
        };
        tighten(object, pattern);
    }
}

fn is_text(object: &Object) -> bool {
    object.enum_values.is_none() && matches!(object.schema_type, SchemaType::Type(Type::String))
}

fn tighten(object: &mut Object, pattern: &str) {
    object.pattern = Some(pattern.to_owned());
    object.min_length = Some(object.min_length.unwrap_or(1));
    object.max_length = Some(object.max_length.unwrap_or(MAX_NAME_CHARS));
}
