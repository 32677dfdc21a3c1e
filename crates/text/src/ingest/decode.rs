//! Bytes in whatever encoding → UTF-8, as a stream.
//!
//! A byte order mark decides; without one, text that holds together as UTF-8 is UTF-8, and
//! everything else is GB18030, the superset of GBK and GB 2312 that Chinese systems export.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

/// Bytes looked at before the first character is passed on, and the size of every later step.
const WINDOW: usize = 64 * 1024;

/// What stands for every sequence of bytes that is no character. No UTF-8 text holds this byte, so
/// that no reader can take damage for text: U+FFFD would be scored like a word that somebody said.
pub(super) const DAMAGED: u8 = 0xff;

/// Reads UTF-8, and [`DAMAGED`] in it, from input in any known encoding.
pub(super) struct Decoding {
    input: Box<dyn Read + Send>,
    decoder: Option<Decoder>,
    started: bool,
    ended: bool,
    ready: Vec<u8>,
    at: usize,
}

impl Decoding {
    pub(super) fn new(input: Box<dyn Read + Send>) -> Self {
        Self { input, decoder: None, started: false, ended: false, ready: Vec::new(), at: 0 }
    }

    /// Adds up to `count` bytes of the input to `window`.
    fn take(&mut self, count: usize, window: &mut Vec<u8>) -> io::Result<()> {
        let taken = (&mut self.input).take(wide(count)).read_to_end(window)?;
        self.ended = taken < count;
        Ok(())
    }

    /// Reads one window and decodes it.
    fn refill(&mut self) -> io::Result<()> {
        let mut window = Vec::new();
        self.take(WINDOW, &mut window)?;
        self.ready.clear();
        self.at = 0;
        let first = !std::mem::replace(&mut self.started, true);
        if first && let Some((encoding, mark)) = Encoding::for_bom(&window) {
            self.decoder = Some(encoding.new_decoder_without_bom_handling());
            window.drain(..mark);
        }
        if self.decoder.is_none() {
            let Some(ascii) = window.iter().position(|byte| !byte.is_ascii()) else {
                self.ready = window;
                return Ok(());
            };
            // However late the first character comes that tells, a whole window from there on is
            // looked at: a few bytes of GB18030 may pass for UTF-8.
            if !self.ended {
                self.take(ascii, &mut window)?;
            }
            let telling = window.get(ascii..).unwrap_or_default();
            self.decoder = Some(guess(telling, self.ended).new_decoder_without_bom_handling());
        }
        self.decode(&window);
        if first && self.ready.starts_with("\u{feff}".as_bytes()) {
            // GB18030 has a mark too, which no standard asks for and some editors write.
            self.at = '\u{feff}'.len_utf8();
        }
        Ok(())
    }

    fn decode(&mut self, mut bytes: &[u8]) {
        let Some(decoder) = &mut self.decoder else { return };
        let mut text = String::new();
        loop {
            text.clear();
            text.reserve(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(WINDOW));
            let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, self.ended);
            bytes = bytes.get(read..).unwrap_or_default();
            self.ready.extend_from_slice(text.as_bytes());
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.ready.push(DAMAGED),
            }
        }
    }
}

impl Read for Decoding {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let mut rest = self.ready.get(self.at..).unwrap_or_default();
        let count = rest.read(target)?;
        self.at += count;
        Ok(count)
    }
}

/// Characters beyond ASCII that make a line without damage certainly UTF-8. A character of GB 2312
/// is a valid UTF-8 sequence in one case of eight; four in a row are in one of four thousand.
const CERTAIN: usize = 4;

/// One line that is certainly UTF-8 outweighs this many that are not. A mixed file is read as
/// UTF-8: its lines in GB18030 are then refused one by one, while UTF-8 read as GB18030 turns into
/// other characters without a single error.
const OUTWEIGHED: usize = 8;

/// UTF-8 or GB18030, by what the multi-byte sequences of `bytes` look like.
///
/// A Chinese text in GB18030 read as UTF-8 is broken in nearly every character. So a text that is
/// UTF-8 in most places, or in whole lines, is damaged UTF-8.
///
/// `complete` says that nothing follows, so that a character cut off at the end is broken too.
fn guess(bytes: &[u8], complete: bool) -> &'static Encoding {
    let (mut valid, mut broken) = (0_usize, 0_usize);
    let (mut certain_lines, mut broken_lines) = (0_usize, 0_usize);
    let bytes = if complete { bytes } else { without_cut_off(bytes) };
    for line in bytes.split(|byte| *byte == b'\n') {
        let (valid_before, broken_before) = (valid, broken);
        for chunk in line.utf8_chunks() {
            valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            broken += usize::from(!chunk.invalid().is_empty());
        }
        broken_lines += usize::from(broken > broken_before);
        certain_lines += usize::from(broken == broken_before && valid - valid_before >= CERTAIN);
    }
    let is_utf8 = broken == 0 || valid > 2 * broken || certain_lines * OUTWEIGHED > broken_lines;
    if is_utf8 { UTF_8 } else { GB18030 }
}

/// `bytes` without the beginning of a UTF-8 character at their end.
fn without_cut_off(bytes: &[u8]) -> &[u8] {
    let is_beginning = |tail: &[u8]| {
        std::str::from_utf8(tail).is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none())
    };
    (1..=3)
        .filter_map(|length| bytes.split_at_checked(bytes.len().checked_sub(length)?))
        .find(|(_, tail)| is_beginning(tail))
        .map_or(bytes, |(rest, _)| rest)
}

fn wide(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(bytes: &[u8]) -> Vec<u8> {
        let mut read = Vec::new();
        Decoding::new(Box::new(io::Cursor::new(bytes.to_vec()))).read_to_end(&mut read).unwrap();
        read
    }

    fn decoded(bytes: &[u8]) -> String {
        String::from_utf8(bytes_of(bytes)).unwrap()
    }

    #[test]
    fn the_same_words_arrive_from_every_encoding() {
        let words = "客户：我家宽带断了，𠮷先生来过";
        let utf16: Vec<u8> =
            "\u{feff}".encode_utf16().chain(words.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xef\xbb\xbf".as_slice(), words.as_bytes()].concat();

        assert_eq!(decoded(words.as_bytes()), words);
        assert_eq!(decoded(&marked), words);
        assert_eq!(decoded(&GB18030.encode(words).0), words);
        assert_eq!(decoded(&utf16), words);
        assert_eq!(decoded(&GB18030.encode(&format!("\u{feff}{words}")).0), words);
    }

    #[test]
    fn an_encoding_that_shows_itself_late_is_still_found() {
        let text = format!("{}{}", "a,b\n".repeat(WINDOW), "宽带断了".repeat(WINDOW));

        assert_eq!(decoded(&GB18030.encode(&text).0), text);
        assert_eq!(decoded(text.as_bytes()), text);
    }

    #[test]
    fn a_first_character_at_the_end_of_a_window_does_not_decide_alone() {
        // The first byte of this character in GB18030 could begin a UTF-8 character.
        let text = format!("{}{}", "a".repeat(WINDOW - 1), "通信宽带断了".repeat(100));
        assert_eq!(GB18030.encode("通").0.first(), Some(&0xcd));

        assert_eq!(decoded(&GB18030.encode(&text).0), text);
        assert_eq!(decoded(text.as_bytes()), text);
    }

    #[test]
    fn a_broken_byte_is_marked_where_it_stands_in_a_short_text_and_a_long_one() {
        for repeated in [1, 30_000] {
            let mut bytes = "宽带断了好几天".repeat(repeated).into_bytes();
            let at = bytes.len() - 3;
            bytes[at] = b'a';

            let read = bytes_of(&bytes);

            let text = String::from_utf8(read[..at].to_vec()).unwrap();
            assert!(text.ends_with("宽带断了好几"), "nothing before it is lost");
            assert_eq!(read[at..], [b'a', DAMAGED, DAMAGED]);
        }
    }

    #[test]
    fn a_few_lines_in_utf8_are_not_turned_into_other_characters_by_many_in_gb18030() {
        let good = "客户：宽带断了好几天\n";
        let bytes = [good.as_bytes(), &GB18030.encode(&good.repeat(5)).0, good.as_bytes()].concat();

        let read = bytes_of(&bytes);

        assert!(read.starts_with(good.as_bytes()) && read.ends_with(good.as_bytes()));
        assert!(read.contains(&DAMAGED));
    }

    #[test]
    fn a_file_that_ends_inside_a_character_ends_in_damage() {
        let cut = "宽带断了".as_bytes().split_last().unwrap().1;

        assert_eq!(bytes_of(cut), ["宽带断".as_bytes(), &[DAMAGED]].concat());
        assert_eq!(bytes_of(b""), b"");
    }
}
