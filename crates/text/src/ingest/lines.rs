//! The readers' common ground: buffered UTF-8, lines of bounded length, and what ends a stream.

use std::io::{self, BufRead, BufReader, Read};

use super::decode::DAMAGED;
use super::item::ReadError;
use super::{code, limits};
use crate::domain::Refusal;

/// Decoded input.
pub(super) type Input = BufReader<Box<dyn Read + Send>>;

/// What a failing read means to the caller: the stream is broken, and nothing follows.
pub(super) fn failed(name: &str, cause: io::Error) -> ReadError {
    // Said by whoever unpacks: what came until then may have been taken, and the rest is refused.
    if cause.kind() == io::ErrorKind::FileTooLarge {
        return ReadError::Refused(Refusal::new(code::TOO_LARGE, cause.to_string()).in_file(name, 1));
    }
    ReadError::Broken { name: name.to_owned(), cause }
}

/// Whether some of these decoded bytes were no characters.
pub(super) fn is_damaged(decoded: &[u8]) -> bool {
    decoded.contains(&DAMAGED)
}

/// The refusal of what holds bytes that are no characters.
pub(super) fn damaged() -> Refusal {
    Refusal::new(
        code::INVALID_ENCODING,
        "some bytes are no characters in the encoding of the file; export the contact again, or save the \
         file as UTF-8 or GB18030",
    )
}

/// One line of a file.
pub(super) enum InputLine {
    /// Its text without the line end.
    Text(String),
    /// Some of its bytes were no characters; U+FFFD stands for them. It may be asked whether it
    /// separates contacts, and must not become part of one.
    Damaged(String),
    /// It is longer than a contact may be; its text was thrown away.
    TooLong,
}

/// Lines with their numbers.
pub(super) struct InputLines {
    input: Input,
    /// Number of the line returned last, from 1; 0 before the first.
    pub(super) number: u64,
}

impl InputLines {
    pub(super) fn new(input: Input) -> Self {
        Self { input, number: 0 }
    }

    /// The next line; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<InputLine>> {
        let mut line = Vec::new();
        let mut too_long = false;
        loop {
            let chunk = match self.input.fill_buf() {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if chunk.is_empty() {
                if line.is_empty() && !too_long {
                    return Ok(None);
                }
                break;
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            too_long |= line.len() + part.len() > limits::CONTACT_BYTES;
            if too_long {
                line = Vec::new();
            } else {
                line.extend_from_slice(part);
            }
            let consumed = part.len() + usize::from(end.is_some());
            self.input.consume(consumed);
            if end.is_some() {
                break;
            }
        }
        self.number += 1;
        if too_long {
            return Ok(Some(InputLine::TooLong));
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        // A line feed is never part of a character, so that only damage can keep this from being
        // text.
        Ok(Some(match String::from_utf8(line) {
            Ok(text) => InputLine::Text(text),
            Err(damaged) => InputLine::Damaged(String::from_utf8_lossy(damaged.as_bytes()).into_owned()),
        }))
    }
}

/// The refusal of a line that is longer than a contact may be.
pub(super) fn too_long() -> Refusal {
    let mib = limits::CONTACT_BYTES / 1024 / 1024;
    Refusal::new(code::TOO_LARGE, format!("longer than {mib} MiB"))
}
