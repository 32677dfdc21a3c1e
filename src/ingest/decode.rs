//! Bytes in whatever encoding → UTF-8, as a stream.
//!
//! A byte order mark decides; without one, text that holds together as UTF-8 is UTF-8, and
//! everything else is GB18030, the superset of GBK and GB 2312 that Chinese systems export.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

/// Bytes looked at before the first character is passed on, and the size of every later step.
const WINDOW: usize = 64 * 1024;

/// Of how many characters one may be unreadable. More, and the guess of the encoding or the file
/// itself is wrong; scoring the rest would give results about text that nobody said.
const CHARS_PER_REPLACEMENT: u64 = 1000;

/// The input is not text in the encoding it seems to be in.
#[derive(Debug, thiserror::Error)]
#[error("not valid {encoding} at byte {offset}; save the file as UTF-8 or GB18030")]
pub(super) struct Undecodable {
    /// Name of the encoding.
    pub(super) encoding: &'static str,
    /// First byte that could not be decoded, from 0.
    pub(super) offset: u64,
}

/// Reads UTF-8 from input in any known encoding.
///
/// Fails with an [`Undecodable`] inside the [`io::Error`] when too much cannot be decoded. The share
/// is judged at every step for all that was read so far, so that a file of up to 64 KiB is judged
/// as a whole before any of it is passed on.
pub(super) struct Decoding {
    input: Box<dyn Read + Send>,
    decoder: Option<Decoder>,
    started: bool,
    ended: bool,
    ready: Vec<u8>,
    at: usize,
    bytes: u64,
    chars: u64,
    replaced: u64,
    first_replaced: u64,
}

impl Decoding {
    pub(super) fn new(input: Box<dyn Read + Send>) -> Self {
        Self {
            input,
            decoder: None,
            started: false,
            ended: false,
            ready: Vec::new(),
            at: 0,
            bytes: 0,
            chars: 0,
            replaced: 0,
            first_replaced: 0,
        }
    }

    /// Reads one window and decodes it.
    fn refill(&mut self) -> io::Result<()> {
        let mut window = Vec::new();
        let taken = (&mut self.input).take(wide(WINDOW)).read_to_end(&mut window)?;
        self.ended = taken < WINDOW;
        self.ready.clear();
        self.at = 0;
        let mut bytes = window.as_slice();
        let first = !self.started;
        if first {
            self.started = true;
            if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
                self.decoder = Some(encoding.new_decoder_without_bom_handling());
                bytes = bytes.get(mark..).unwrap_or_default();
                self.bytes = wide(mark);
            }
        }
        if self.decoder.is_none() {
            if bytes.is_ascii() {
                self.bytes += wide(bytes.len());
                self.chars += wide(bytes.len());
                self.ready.extend_from_slice(bytes);
                return Ok(());
            }
            self.decoder = Some(guess(bytes, self.ended).new_decoder_without_bom_handling());
        }
        self.decode(bytes);
        if first && self.ready.starts_with("\u{feff}".as_bytes()) {
            // GB18030 has a mark too, which no standard asks for and some editors write.
            self.at = '\u{feff}'.len_utf8();
        }
        self.judge()
    }

    fn decode(&mut self, mut bytes: &[u8]) {
        let Some(decoder) = &mut self.decoder else { return };
        let mut text = String::new();
        loop {
            text.reserve(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(WINDOW));
            let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, self.ended);
            bytes = bytes.get(read..).unwrap_or_default();
            self.bytes += wide(read);
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, beyond) => {
                    text.push(char::REPLACEMENT_CHARACTER);
                    if self.replaced == 0 {
                        let back = u64::from(length) + u64::from(beyond);
                        self.first_replaced = self.bytes.saturating_sub(back);
                    }
                    self.replaced += 1;
                }
            }
        }
        self.chars += wide(text.chars().count());
        self.ready = text.into_bytes();
    }

    fn judge(&self) -> io::Result<()> {
        if self.replaced * CHARS_PER_REPLACEMENT > self.chars {
            let encoding = self.decoder.as_ref().map_or(UTF_8, Decoder::encoding).name();
            let cause = Undecodable { encoding, offset: self.first_replaced };
            return Err(io::Error::new(io::ErrorKind::InvalidData, cause));
        }
        Ok(())
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

/// UTF-8 or GB18030, by what the multi-byte sequences of the first window that has any look like.
///
/// A Chinese text in GB18030 read as UTF-8 is broken in nearly every character: only about one in
/// eight GB 2312 characters happens to be a valid two-byte sequence. So a text that is UTF-8 in
/// most places is damaged UTF-8. To call it GB18030 because of one broken byte would turn all of
/// it into other characters without a single error.
///
/// `complete` says that nothing follows, so that a character cut off at the end is broken too.
fn guess(bytes: &[u8], complete: bool) -> &'static Encoding {
    let (mut valid, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    let cut_off = std::str::from_utf8(bytes).err().is_some_and(|e| e.error_len().is_none());
    if (cut_off && !complete) || broken == 0 || valid > 2 * broken { UTF_8 } else { GB18030 }
}

fn wide(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        Decoding::new(Box::new(io::Cursor::new(bytes.to_vec()))).read_to_string(&mut text)?;
        Ok(text)
    }

    fn offset(refused: &io::Error) -> Option<u64> {
        refused.get_ref()?.downcast_ref::<Undecodable>().map(|cause| cause.offset)
    }

    #[test]
    fn the_same_words_arrive_from_every_encoding() {
        let words = "客户：我家宽带断了，𠮷先生来过";
        let utf16: Vec<u8> =
            "\u{feff}".encode_utf16().chain(words.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xef\xbb\xbf".as_slice(), words.as_bytes()].concat();

        assert_eq!(decoded(words.as_bytes()).unwrap(), words);
        assert_eq!(decoded(&marked).unwrap(), words);
        assert_eq!(decoded(&GB18030.encode(words).0).unwrap(), words);
        assert_eq!(decoded(&utf16).unwrap(), words);
        assert_eq!(decoded(&GB18030.encode(&format!("\u{feff}{words}")).0).unwrap(), words);
    }

    #[test]
    fn an_encoding_that_shows_itself_late_is_still_found() {
        let text = format!("{}{}", "a,b\n".repeat(WINDOW), "宽带断了".repeat(WINDOW));

        assert_eq!(decoded(&GB18030.encode(&text).0).unwrap(), text);
        assert_eq!(decoded(text.as_bytes()).unwrap(), text);
    }

    #[test]
    fn one_broken_byte_in_a_long_utf8_file_does_not_turn_it_into_gb18030() {
        let mut bytes = "宽带断了".repeat(1000).into_bytes();
        bytes[7] = b'\xff';

        let text = decoded(&bytes).unwrap();

        assert!(text.starts_with("宽带\u{fffd}"), "{}", text.chars().take(6).collect::<String>());
        assert!(text.ends_with("宽带断了"));
    }

    #[test]
    fn a_short_broken_file_is_refused_at_the_byte() {
        let mut bytes = "宽带断了好几天".as_bytes().to_vec();
        bytes[7] = b'\xff';

        let refused = decoded(&bytes).unwrap_err();

        assert_eq!(offset(&refused), Some(6), "{refused}");
    }

    #[test]
    fn a_file_that_ends_inside_a_character_is_refused() {
        assert!(decoded("宽带断了".as_bytes().split_last().unwrap().1).is_err());
        assert!(decoded("".as_bytes()).unwrap().is_empty());
    }
}
