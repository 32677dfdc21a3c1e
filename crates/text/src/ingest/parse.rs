//! One contact of `tingxin.contact.v1`: a request body, or a line.

use super::object::Object;
use super::v1::ContactV1;
use super::{check, code, explain};
use crate::domain::{RawContact, Refusal};

/// Reads the one contact of a request body.
///
/// # Errors
/// A [`Refusal`] that names the field at fault by JSON pointer.
pub fn contact(json: &[u8]) -> Result<RawContact, Refusal> {
    let json = json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json);
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let Object(told) = serde_path_to_error::deserialize::<_, Object<ContactV1>>(&mut deserializer)
        .map_err(|cause| explain::refusal(cause.path(), cause.inner()))?;
    deserializer.end().map_err(|cause| {
        let (line, column) = (cause.line(), cause.column());
        let message = format!("more text after the contact at line {line}, column {column}");
        Refusal::new(code::INVALID_JSON, message)
    })?;
    check::check(told)
}

/// Reads the one contact of a line. What numbers lines is whoever cut them: a refusal names the column
/// only.
///
/// # Errors
/// A [`Refusal`] that names the field at fault by JSON pointer.
pub fn line(json: &[u8]) -> Result<RawContact, Refusal> {
    contact(json).map_err(|mut refusal| {
        // Nothing in a message comes from the sender that could hold these words.
        refusal.message = refusal.message.replace("line 1, ", "");
        refusal
    })
}
