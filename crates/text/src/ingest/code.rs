//! The stable names of reasons for which a contact is turned away. `docs/formats.md` lists them.

/// Not JSON at all, or cut off.
pub(super) const INVALID_JSON: &str = "invalid_json";
/// A field or a column that the format does not know.
pub(super) const UNKNOWN_FIELD: &str = "unknown_field";
/// A required field or column that is absent.
pub(super) const MISSING_FIELD: &str = "missing_field";
/// A field or a column that is there twice.
pub(super) const DUPLICATE_FIELD: &str = "duplicate_field";
/// A value of the wrong type, out of range, or in contradiction to another one.
pub(super) const INVALID_VALUE: &str = "invalid_value";
/// More than a limit allows.
pub(super) const TOO_LARGE: &str = "too_large";
/// No words in it.
pub(super) const EMPTY_CONTACT: &str = "empty_contact";
/// Rows of one contact say different things about it, or do not stand together.
pub(super) const INCONSISTENT: &str = "inconsistent";
/// Bytes that are no text in any encoding the reader knows.
pub(super) const INVALID_ENCODING: &str = "invalid_encoding";
/// One line in which both sides speak, and it cannot be told where the one ends.
pub(super) const AMBIGUOUS_SPEAKERS: &str = "ambiguous_speakers";
/// A file of a kind that is not read.
pub(super) const UNSUPPORTED_FORMAT: &str = "unsupported_format";
/// Plain text that neither names a speaker nor is a head line.
pub(super) const UNKNOWN_LINE: &str = "unknown_line";
/// Said with `--explain`: how a file was understood. Nothing is lost.
pub(super) const UNDERSTOOD: &str = "understood";
/// Said when something of a file is not taken over. No contact is lost.
pub(super) const LEFT_OUT: &str = "left_out";
