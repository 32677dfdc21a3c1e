//! Names and other words as tight as the server takes them: 1 to 128 characters, no control
//! character, not blank; cursors, days and grades in their shape.

use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{Object, Schema};
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

/// Tightens the fields of what is sent, and the names that are answered.
pub(super) fn tighten_fields(components: &mut Components) {
    for (schema, fields) in FIELDS {
        let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(schema) else { continue };
        for field in fields {
            if let Some(RefOr::T(Schema::Object(field))) = object.properties.get_mut(*field) {
                tighten(field, NAME);
            }
        }
    }
}

/// Tightens the parameters of an operation.
pub(super) fn tighten_parameters(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        let pattern = match parameter.parameter_in {
            ParameterIn::Query if PARAMETERS.contains(&parameter.name.as_str()) => NAME,
            ParameterIn::Query => match parameter.name.as_str() {
                "process" => SLUG,
                "cursor" => CURSOR,
                "from" | "to" => BOUND,
                "survey" => SURVEY,
                _ => continue,
            },
            ParameterIn::Header if parameter.name == "Idempotency-Key" => KEY,
            _ => continue,
        };
        if let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema {
            tighten(object, pattern);
        }
    }
}

fn tighten(object: &mut Object, pattern: &str) {
    object.pattern = Some(pattern.to_owned());
    object.min_length = Some(object.min_length.unwrap_or(1));
    object.max_length = Some(object.max_length.unwrap_or(MAX_NAME_CHARS));
}
