//! A byte stream cut into lines, with a limit on each.

use std::collections::VecDeque;

use actix_web::web::{Bytes, BytesMut};

use crate::domain::Refusal;

/// One line of a stream.
pub(super) struct StreamLine {
    /// Which, from 1. Blank lines count and are left out.
    pub(super) number: u64,
    /// The line without its end, or why it is not looked at.
    pub(super) text: Result<Bytes, Refusal>,
}

/// Cuts what arrives into lines. Holds at most the limit of a line that is not complete.
pub(super) struct StreamLines {
    limit: usize,
    whole: VecDeque<StreamLine>,
    part: BytesMut,
    /// The line is too long and its rest is skipped.
    skipping: bool,
    read: u64,
    held: usize,
}

impl StreamLines {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, whole: VecDeque::new(), part: BytesMut::new(), skipping: false, read: 0, held: 0 }
    }

    /// Takes the next bytes of the stream.
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        while let Some(at) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(at);
            self.extend(line);
            self.finish();
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.extend(bytes);
    }

    /// The stream is over: what is left is a line too.
    pub(super) fn end(&mut self) {
        if self.skipping || !self.part.is_empty() {
            self.finish();
        }
    }

    /// Complete lines that nobody has taken.
    pub(super) fn waiting(&self) -> usize {
        self.whole.len()
    }

    /// Bytes of complete lines that nobody has taken.
    pub(super) const fn held(&self) -> usize {
        self.held
    }

    /// The number of the line that is being read.
    pub(super) const fn next_number(&self) -> u64 {
        self.read + 1
    }

    /// Takes at most `most` complete lines, and of large ones fewer: together they are not longer
    /// than twice the limit of one.
    pub(super) fn take(&mut self, most: usize) -> Vec<StreamLine> {
        let mut bytes = 0;
        let mut taken = Vec::new();
        while taken.len() < most && bytes <= self.limit {
            let Some(line) = self.whole.pop_front() else { break };
            bytes += line.text.as_ref().map_or(0, Bytes::len);
            taken.push(line);
        }
        self.held = self.held.saturating_sub(bytes);
        taken
    }

    fn extend(&mut self, bytes: &[u8]) {
        if self.skipping || self.part.len() + bytes.len() > self.limit {
            self.skipping = true;
            self.part.clear();
        } else {
            self.part.extend_from_slice(bytes);
        }
    }

    fn finish(&mut self) {
        self.read += 1;
        let text = self.part.split().freeze();
        let text = if std::mem::take(&mut self.skipping) {
            let message = format!("a line may have at most {} bytes", self.limit);
            Err(Refusal::new("line_too_long", message))
        } else if text.iter().all(u8::is_ascii_whitespace) {
            return;
        } else {
            self.held += text.len();
            Ok(text)
        };
        self.whole.push_back(StreamLine { number: self.read, text });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(parts: &[&[u8]], limit: usize) -> Vec<(u64, Result<String, &'static str>)> {
        let mut lines = StreamLines::new(limit);
        for part in parts {
            lines.push(part);
        }
        lines.end();
        let mut all = Vec::new();
        loop {
            let taken = lines.take(2);
            if taken.is_empty() {
                return all;
            }
            all.extend(taken.into_iter().map(|line| {
                let text = line.text.map(|text| String::from_utf8_lossy(&text).into_owned());
                (line.number, text.map_err(|refusal| refusal.code))
            }));
        }
    }

    #[test]
    fn blank_lines_are_counted_and_a_last_line_needs_no_end() {
        let lines = cut(&[b"a\n\n  \r\nb", b"c\nd"], 100);

        assert_eq!(lines, [(1, Ok("a".into())), (4, Ok("bc".into())), (5, Ok("d".into()))]);
    }

    #[test]
    fn a_line_that_is_too_long_is_refused_and_the_next_one_is_read() {
        let lines = cut(&[b"12345", b"67890", b"\nok\n1234567"], 6);

        assert_eq!(lines, [(1, Err("line_too_long")), (2, Ok("ok".into())), (3, Err("line_too_long"))]);
    }

    proptest! {
        #[test]
        fn the_lines_do_not_depend_on_how_the_bytes_arrive(
            text in "[a-c\n]{0,60}",
            cuts in proptest::collection::vec(0_usize..60, 0..6),
        ) {
            let mut places: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            places.extend([0, text.len()]);
            places.sort_unstable();
            let parts: Vec<&[u8]> = places.windows(2).map(|w| &text.as_bytes()[w[0]..w[1]]).collect();

            prop_assert_eq!(cut(&parts, 10), cut(&[text.as_bytes()], 10));
        }
    }
}
