//! The form of a text in which words are looked for, with the way back to the original.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::Span;

/// A matching copy of a text: NFKC, lower case, invisible controls removed.
///
/// Full-width digits, letters and marks become ASCII, so that one pattern finds `１３８` and `138`.
/// The copy is never shown to anyone: [`NormalText::original`] leads every place back to the text
/// that was written. NFKC works on a base character with its combining marks at once, so the map is
/// kept per such cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalText {
    text: String,
    /// For each byte at which a character of `text` starts, and for its end: the original cluster.
    /// `None` when every character stands for exactly itself, which most Chinese text does.
    map: Option<Vec<Cluster>>,
    /// Without a map: the number of characters that begin before every [`STRIDE`]th byte. Counting
    /// from the start for every word would make a long text cost the square of its length.
    marks: Vec<usize>,
    original_chars: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cluster {
    byte: u32,
    start: u32,
    end: u32,
}

impl NormalText {
    /// Makes the matching copy of `original`.
    #[must_use]
    pub fn of(original: &str) -> Self {
        if original.chars().all(stands_for_itself) {
            return Self {
                text: original.to_owned(),
                map: None,
                marks: marks(original),
                original_chars: original.chars().count(),
            };
        }
        let mut text = String::with_capacity(original.len());
        let mut map = Vec::with_capacity(original.len() / 2);
        let mut chars = original.chars().enumerate().peekable();
        let mut count = 0;
        let mut cluster = String::new();
        while let Some((start, base)) = chars.next() {
            cluster.clear();
            cluster.push(base);
            let mut end = start + 1;
            while let Some(&(at, mark)) = chars.peek()
                && canonical_combining_class(mark) != 0
            {
                cluster.push(mark);
                end = at + 1;
                chars.next();
            }
            count = end;
            for c in cluster.nfkc().flat_map(char::to_lowercase).filter(|c| !is_invisible(*c)) {
                map.push(Cluster { byte: small(text.len()), start: small(start), end: small(end) });
                text.push(c);
            }
        }
        Self { text, map: Some(map), marks: Vec::new(), original_chars: count }
    }

    /// Of a text without a map.
    fn chars_before(&self, byte: usize) -> usize {
        let strides = byte / STRIDE;
        let counted = strides.checked_sub(1).and_then(|last| self.marks.get(last)).copied().unwrap_or(0);
        counted + beginnings(self.text.as_bytes().get(strides * STRIDE..byte).unwrap_or_default())
    }

    /// The matching copy.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The characters of the original that the bytes `from..to` of the copy stand for.
    ///
    /// Positions must be character boundaries of [`Self::as_str`], as every matcher returns them.
    #[must_use]
    pub fn original(&self, from: usize, to: usize) -> Span {
        let Some(map) = &self.map else {
            let start = if from < self.text.len() { self.chars_before(from) } else { self.original_chars };
            let length = self.text.get(from..to).map_or(0, |part| part.chars().count());
            return Span::new(start, start + length);
        };
        if from >= to {
            let at =
                map.iter().find(|c| large(c.byte) >= from).map_or(self.original_chars, |c| large(c.start));
            return Span::new(at, at);
        }
        let first = map.partition_point(|c| large(c.byte) < from);
        let last = map.partition_point(|c| large(c.byte) < to).saturating_sub(1);
        let start = map.get(first).map_or(self.original_chars, |c| large(c.start));
        let end = map.get(last).map_or(self.original_chars, |c| large(c.end));
        Span::new(start, end.max(start))
    }
}

/// Bytes between two counts of characters.
const STRIDE: usize = 256;

fn marks(text: &str) -> Vec<usize> {
    let mut count = 0;
    let strides = text.as_bytes().chunks_exact(STRIDE);
    strides
        .map(|bytes| {
            count += beginnings(bytes);
            count
        })
        .collect()
}

/// Number of characters that begin in these bytes.
fn beginnings(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

fn stands_for_itself(c: char) -> bool {
    matches!(c, ' '..='@' | '['..='~' | '\n' | '\t' | '\u{3001}' | '\u{3002}' | '\u{4e00}'..='\u{9fff}')
}

/// Bidirectional controls, zero-width characters and soft hyphens: they hide text from a reader or
/// from a matcher, so matching does without them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn large(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_place_far_into_a_long_text_is_found_without_counting_from_its_start() {
        let original = "宽带a又断了, ".repeat(200);
        let normal = NormalText::of(&original);

        for (chars, (byte, c)) in original.char_indices().enumerate() {
            assert_eq!(normal.original(byte, byte + c.len_utf8()), Span::new(chars, chars + 1));
        }
        assert_eq!(normal.original(original.len(), original.len()).start, original.chars().count());
    }

    #[test]
    fn full_width_digits_are_found_and_lead_back() {
        let normal = NormalText::of("号码１３８，ＡＢ");
        let at = normal.as_str().find("138").unwrap();

        assert_eq!(normal.as_str(), "号码138,ab");
        assert_eq!(normal.original(at, at + 3).slice("号码１３８，ＡＢ"), "１３８");
    }

    #[test]
    fn one_character_that_becomes_three_leads_back_to_itself() {
        let original = "共㎏计";
        let normal = NormalText::of(original);
        let at = normal.as_str().find('k').unwrap();

        assert_eq!(normal.original(at, at + 1).slice(original), "㎏");
    }

    #[test]
    fn hidden_characters_do_not_hide_a_word() {
        let normal = NormalText::of("投\u{200b}诉");

        assert_eq!(normal.as_str(), "投诉");
        assert_eq!(normal.original(0, 6), Span::new(0, 3));
    }

    proptest! {
        #[test]
        fn every_place_lies_inside_the_original(text in "\\PC{0,40}") {
            let normal = NormalText::of(&text);
            let length = text.chars().count();
            let bounds: Vec<usize> =
                normal.as_str().char_indices().map(|(at, _)| at).chain([normal.as_str().len()]).collect();
            for pair in bounds.windows(2) {
                let span = normal.original(pair[0], pair[1]);
                prop_assert!(span.start < span.end && span.end <= length, "{span:?} of {length}");
                let back = NormalText::of(span.slice(&text));
                prop_assert!(back.as_str().contains(&normal.as_str()[pair[0]..pair[1]]));
            }
        }
    }
}
