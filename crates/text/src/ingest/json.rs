//! JSON: files of objects, arrays of objects, or several of either.

use std::io::{self, BufRead};
use std::sync::Arc;

use super::interpret::Interpreter;
use super::item::{Placed, ReadError, ReadOptions};
use super::lines::{Input, damaged, failed, is_damaged, too_long};
use super::{code, limits};
use crate::domain::Refusal;

/// Said when what follows cannot be trusted: after a syntax error nobody knows where a string ends.
const REST_LOST: &str = "; the rest of the file could not be read";

/// Finds the end of a JSON object or array without parsing it.
#[derive(Debug, Default)]
pub(super) struct JsonExtent {
    depth: u32,
    in_string: bool,
    escaped: bool,
}

impl JsonExtent {
    /// Takes the next byte; true when it completes the value that the first byte began.
    pub(super) fn completes(&mut self, byte: u8) -> bool {
        if self.in_string {
            let closes = byte == b'"' && !self.escaped;
            self.escaped = byte == b'\\' && !self.escaped;
            self.in_string = !closes;
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.depth == 0
    }
}

/// Where the stream stands between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StreamPlace {
    /// Outside of any array.
    Top,
    /// After `[`, where an array may also end.
    Opened,
    /// After an element.
    Element,
    /// After a comma.
    Comma,
    /// Nothing more will come.
    Ended,
}

/// The contacts of a JSON file.
pub(super) struct JsonStream {
    input: Input,
    name: Arc<str>,
    line: u64,
    place: StreamPlace,
    interpreter: Interpreter,
    /// The array at the top is one contact, and its elements are turns.
    of_turns: bool,
}

impl JsonStream {
    pub(super) fn new(input: Input, name: &str, options: &ReadOptions, of_turns: bool) -> Self {
        let name: Arc<str> = name.into();
        let interpreter = Interpreter::new(&name, options);
        Self { input, name, line: 1, place: StreamPlace::Top, interpreter, of_turns }
    }

    /// The next byte that is not white space, left in the input.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let chunk = match self.input.fill_buf() {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            let blanks = chunk.iter().take_while(|byte| byte.is_ascii_whitespace());
            let (count, lines) = blanks.fold((0, 0), |(n, l), b| (n + 1, l + u64::from(*b == b'\n')));
            let next = chunk.get(count).copied();
            let at_end = chunk.is_empty();
            self.input.consume(count);
            self.line += lines;
            if next.is_some() || at_end {
                return Ok(next);
            }
        }
    }

    /// Takes the object or array that begins here. `Err` holds what is wrong with its extent.
    fn take_value(&mut self) -> io::Result<Result<Vec<u8>, Refusal>> {
        let (mut extent, mut value, mut oversized) = (JsonExtent::default(), Vec::new(), false);
        loop {
            let chunk = match self.input.fill_buf() {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if chunk.is_empty() {
                self.place = StreamPlace::Ended;
                let message = format!("the file ends inside a contact{REST_LOST}");
                return Ok(Err(Refusal::new(code::INVALID_JSON, message)));
            }
            let end = chunk.iter().position(|byte| extent.completes(*byte));
            let part = chunk.get(..end.map_or(chunk.len(), |at| at + 1)).unwrap_or_default();
            oversized |= value.len() + part.len() > limits::DOCUMENT_BYTES;
            if oversized {
                value = Vec::new();
            } else {
                value.extend_from_slice(part);
            }
            let count = part.len();
            self.line += part.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
            self.input.consume(count);
            if end.is_some() {
                return Ok(if oversized { Err(too_long()) } else { Ok(value) });
            }
        }
    }

    /// Takes in the value that begins here.
    fn value(&mut self) -> io::Result<Result<(), Refusal>> {
        let line = self.line;
        if self.place != StreamPlace::Top {
            self.place = StreamPlace::Element;
        }
        let taken = self.take_value()?.and_then(|value| {
            if is_damaged(&value) {
                return Err(damaged());
            }
            self.interpreter.take(&value, line).map_err(|mut refusal| {
                if refusal.code == code::INVALID_JSON {
                    // The parser counts lines from the start of the contact, and where the next
                    // contact begins is a guess after a syntax error.
                    refusal.message.push_str(" of the contact");
                    refusal.message.push_str(REST_LOST);
                    self.place = StreamPlace::Ended;
                }
                refusal
            })
        });
        Ok(taken.map_err(|refusal| refusal.in_file(&self.name, line)))
    }

    fn lost(&mut self, code: &'static str, what: &str) -> Result<Placed, ReadError> {
        self.place = StreamPlace::Ended;
        let refusal = Refusal::new(code, format!("{what}{REST_LOST}"));
        Err(ReadError::Refused(refusal.in_file(&self.name, self.line)))
    }

    fn step(&mut self) -> io::Result<Option<Result<Placed, ReadError>>> {
        loop {
            if let Some(item) = self.interpreter.next() {
                return Ok(Some(item));
            }
            if self.place == StreamPlace::Ended {
                self.interpreter.finish();
                return Ok(self.interpreter.next());
            }
            let next = self.peek()?;
            match (self.place, next) {
                (StreamPlace::Top, None) => {
                    self.place = StreamPlace::Ended;
                    continue;
                }
                (_, None) => return Ok(Some(self.lost(code::INVALID_JSON, "the array is not closed"))),
                (StreamPlace::Top, Some(b'[')) if std::mem::take(&mut self.of_turns) => {
                    if let Err(refusal) = self.value()? {
                        return Ok(Some(Err(ReadError::Refused(refusal))));
                    }
                    continue;
                }
                (StreamPlace::Top, Some(b'[')) => self.place = StreamPlace::Opened,
                (StreamPlace::Element, Some(b',')) => self.place = StreamPlace::Comma,
                (StreamPlace::Opened | StreamPlace::Element, Some(b']')) => self.place = StreamPlace::Top,
                (StreamPlace::Top | StreamPlace::Opened | StreamPlace::Comma, Some(b'{')) => {
                    if let Err(refusal) = self.value()? {
                        return Ok(Some(Err(ReadError::Refused(refusal))));
                    }
                    continue;
                }
                (_, Some(byte)) if is_damaged(&[byte]) => {
                    let what = "the bytes between two contacts are no characters";
                    return Ok(Some(self.lost(code::INVALID_ENCODING, what)));
                }
                _ => {
                    let what = "expected a contact, which is a JSON object";
                    let what = if self.place == StreamPlace::Element { "expected `,` or `]`" } else { what };
                    return Ok(Some(self.lost(code::INVALID_JSON, what)));
                }
            }
            self.input.consume(1);
        }
    }
}

impl Iterator for JsonStream {
    type Item = Result<Placed, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.step() {
            Ok(next) => next,
            Err(cause) => {
                self.place = StreamPlace::Ended;
                Some(Err(failed(&self.name, cause)))
            }
        }
    }
}
