//! NDJSON: one contact a line. A line that is none does not stop the next.

use super::lines::{Input, Line, Lines, failed, too_long};
use super::{ReadError, parse_line};
use crate::domain::RawContact;

/// The contacts of an NDJSON file.
pub(super) struct NdjsonStream {
    lines: Lines,
    name: String,
    ended: bool,
}

impl NdjsonStream {
    pub(super) fn new(input: Input, name: &str) -> Self {
        Self { lines: Lines::new(input), name: name.to_owned(), ended: false }
    }
}

impl Iterator for NdjsonStream {
    type Item = Result<RawContact, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let contact = match self.lines.next() {
                Ok(None) => break,
                Ok(Some(Line::Text(line))) if line.trim().is_empty() => continue,
                Ok(Some(Line::Text(line))) => parse_line(line.as_bytes()),
                Ok(Some(Line::TooLong)) => Err(too_long()),
                Err(cause) => {
                    self.ended = true;
                    return Some(Err(failed(&self.name, self.lines.number + 1, cause)));
                }
            };
            return Some(
                contact.map_err(|refusal| ReadError::Refused(refusal.in_file(&self.name, self.lines.number))),
            );
        }
        None
    }
}
