//! A line as the tagger reads it: without blanks, and with one sign for everything that was taken out before.

use super::super::dictionary::DICTIONARY;
use super::super::likely::Prices;
use super::class::GONE;
use super::mix::mix;

/// One character of the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sign {
    pub(super) c: char,
    /// First byte in the line.
    pub(super) from: usize,
    /// One past the last byte in the line.
    pub(super) to: usize,
    /// Whether a blank stands before it.
    pub(super) spaced: bool,
    pub(super) class: u8,
    /// The word of the dictionary that it belongs to.
    pub(super) word: u32,
    /// Whether the word begins or ends here: bits 1 and 2.
    pub(super) edge: u8,
    pub(super) prices: Prices,
}

/// A word of the dictionary in the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct DictionaryWord {
    pub(super) hash: u32,
    pub(super) tag: u32,
    pub(super) len: u8,
}

pub(super) struct View {
    pub(super) signs: Vec<Sign>,
    pub(super) pieces: Vec<DictionaryWord>,
}

impl View {
    pub(super) fn of(mut signs: Vec<Sign>) -> Self {
        let plain = plain(&signs);
        let pieces = pieces(&plain, &mut signs);
        Self { signs, pieces }
    }
}

/// The characters of a line, not yet cut into words.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    let mut signs: Vec<Sign> = Vec::with_capacity(text.len() / 2);
    let mut spaced = false;
    let mut opened = None;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            (spaced, opened) = (true, None);
            continue;
        }
        // «[[[[]» is one sign: it takes the place of the brackets before it.
        let from = match (c, opened) {
            (GONE, Some((from, first))) => {
                signs.truncate(first);
                from
            }
            _ => at,
        };
        opened = if c == '[' { opened.or(Some((at, signs.len()))) } else { None };
        signs.push(Sign {
            c,
            from,
            to: at + c.len_utf8(),
            spaced,
            class: super::class::of(c),
            word: 0,
            edge: 0,
            prices: Prices::of(c),
        });
        spaced = false;
    }
    signs
}

/// The line for the dictionary.
fn plain(signs: &[Sign]) -> String {
    let mut plain = String::with_capacity(signs.len() * 4);
    for sign in signs {
        if sign.spaced {
            plain.push(' ');
        }
        plain.push(sign.c);
    }
    plain
}

fn pieces(plain: &str, signs: &mut [Sign]) -> Vec<DictionaryWord> {
    let mut pieces = Vec::with_capacity(signs.len());
    let mut signs = signs.iter_mut();
    for (word, tag) in DICTIONARY.tagged(plain) {
        let mut len = 0;
        let index = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
        let mut last = None;
        for _ in word.chars().filter(|c| *c != ' ') {
            let Some(sign) = signs.next() else { break };
            sign.word = index;
            if len == 0 {
                sign.edge |= 1;
            }
            len += 1;
            last = Some(sign);
        }
        let Some(last) = last else { continue };
        last.edge |= 2;
        let chars = word.chars().map(u32::from);
        pieces.push(DictionaryWord {
            hash: mix(0, chars),
            tag: mix(1, tag.bytes().take(3).map(u32::from)),
            len,
        });
    }
    pieces
}
