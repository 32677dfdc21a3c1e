//! A place in a text, in characters.

use serde::{Deserialize, Serialize};

/// A stretch of text.
///
/// **Unit**: Unicode scalar values of the *redacted* text. **Range**: `start <= end`, `end`
/// exclusive.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

impl Span {
    /// A span from `start` up to but not including `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Number of characters.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it holds no character.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether the two share a character.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The part of `text` that the span covers; positions past the end are cut off.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        text.get(byte_of(text, self.start)..byte_of(text, self.end)).unwrap_or_default()
    }
}

/// The byte at which the character with this number begins, or the end.
fn byte_of(text: &str, chars: usize) -> usize {
    text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_counts_characters_not_bytes() {
        assert_eq!(Span::new(2, 4).slice("我家宽带断了"), "宽带");
        assert_eq!(Span::new(4, 99).slice("我家宽带断了"), "断了");
    }
}
