//! NDJSON: one contact a line. A line that is none does not stop the next.

use std::sync::Arc;

use super::interpret::Interpreter;
use super::item::{Placed, ReadError, ReadOptions};
use super::lines::{Input, InputLine, InputLines, damaged, failed, too_long};

/// The lines of a file that are not blank, each with its number.
pub(super) struct TextLines {
    lines: InputLines,
    name: Arc<str>,
    ended: bool,
}

impl TextLines {
    pub(super) fn new(input: Input, name: &str) -> Self {
        Self { lines: InputLines::new(input), name: name.into(), ended: false }
    }
}

impl Iterator for TextLines {
    type Item = Result<(u64, String), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let refusal = match self.lines.next() {
                Ok(None) => break,
                Ok(Some(InputLine::Text(line))) if line.trim().is_empty() => continue,
                Ok(Some(InputLine::Text(line))) => return Some(Ok((self.lines.number, line))),
                Ok(Some(InputLine::Damaged(_))) => damaged(),
                Ok(Some(InputLine::TooLong)) => too_long(),
                Err(cause) => {
                    self.ended = true;
                    return Some(Err(failed(&self.name, cause)));
                }
            };
            return Some(Err(ReadError::Refused(refusal.in_file(&self.name, self.lines.number))));
        }
        None
    }
}

/// The contacts of an NDJSON file.
pub(super) struct NdjsonStream {
    lines: TextLines,
    interpreter: Interpreter,
    ended: bool,
}

impl NdjsonStream {
    pub(super) fn new(input: Input, name: &str, options: &ReadOptions) -> Self {
        let lines = TextLines::new(input, name);
        let interpreter = Interpreter::new(&lines.name, options);
        Self { lines, interpreter, ended: false }
    }
}

impl Iterator for NdjsonStream {
    type Item = Result<Placed, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.interpreter.next() {
                return Some(item);
            }
            if self.ended {
                return None;
            }
            match self.lines.next() {
                None => {
                    self.ended = true;
                    self.interpreter.finish();
                }
                Some(Err(error)) => return Some(Err(error)),
                Some(Ok((line, text))) => {
                    if let Err(refusal) = self.interpreter.take(text.as_bytes(), line) {
                        return Some(Err(ReadError::Refused(refusal.in_file(&self.lines.name, line))));
                    }
                }
            }
        }
    }
}
