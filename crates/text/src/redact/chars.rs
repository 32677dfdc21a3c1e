//! A text by characters, as names are looked for in it.

use super::surnames::surname;

/// What may follow a name or a title that stands alone.
const BREAKS: &str = " ,。!?;:、~)“”\"…的您你好我说在吗呢啊呀吧哈是，\n\t[";

pub(super) type CharRange = std::ops::Range<usize>;

/// A text by characters.
pub(super) struct Text {
    pub(super) chars: Vec<(usize, char)>,
    pub(super) only: Vec<char>,
    pub(super) end: usize,
}

impl Text {
    pub(super) fn of(text: &str) -> Self {
        Self { chars: text.char_indices().collect(), only: text.chars().collect(), end: text.len() }
    }

    pub(super) fn byte(&self, at: usize) -> usize {
        self.chars.get(at).map_or(self.end, |(byte, _)| *byte)
    }

    pub(super) fn char(&self, at: usize) -> Option<char> {
        self.only.get(at).copied()
    }

    pub(super) fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|at| self.char(at))
    }

    pub(super) fn from(&self, at: usize) -> &[char] {
        self.only.get(at..).unwrap_or_default()
    }

    pub(super) fn slice(&self, place: &CharRange) -> String {
        self.only.get(place.clone()).unwrap_or_default().iter().collect()
    }

    pub(super) fn starts_with(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(offset, c)| self.char(at + offset) == Some(c))
    }

    pub(super) fn surname_at(&self, at: usize) -> Option<usize> {
        surname(self.before(at), self.from(at))
    }

    /// Whether the text breaks off at `at`.
    pub(super) fn breaks(&self, at: usize) -> bool {
        self.char(at).is_none_or(|c| BREAKS.contains(c) || !c.is_alphanumeric())
    }
}
