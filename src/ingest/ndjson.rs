//! NDJSON: one contact a line. A line that is none does not stop the next.

use std::sync::Arc;

use super::lines::{Input, Line, Lines, damaged, failed, too_long};
use super::{Placed, ReadError, parse_line};

/// The contacts of an NDJSON file.
pub(super) struct NdjsonStream {
    lines: Lines,
    name: Arc<str>,
    ended: bool,
}

impl NdjsonStream {
    pub(super) fn new(input: Input, name: &str) -> Self {
        Self { lines: Lines::new(input), name: name.into(), ended: false }
    }
}

impl Iterator for NdjsonStream {
    type Item = Result<Placed, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let contact = match self.lines.next() {
                Ok(None) => break,
                Ok(Some(Line::Text(line))) if line.trim().is_empty() => continue,
                Ok(Some(Line::Text(line))) => parse_line(line.as_bytes()),
                Ok(Some(Line::Damaged(_))) => Err(damaged()),
                Ok(Some(Line::TooLong)) => Err(too_long()),
                Err(cause) => {
                    self.ended = true;
                    return Some(Err(failed(&self.name, cause)));
                }
            };
            let line = self.lines.number;
            return Some(match contact {
                Ok(contact) => Ok(Placed { contact, file: Arc::clone(&self.name), line }),
                Err(refusal) => Err(ReadError::Refused(refusal.in_file(&self.name, line))),
            });
        }
        None
    }
}
