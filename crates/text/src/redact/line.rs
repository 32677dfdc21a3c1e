//! One text of a contact while finders read it, and what they leave in it.

use crate::domain::{NormalText, RedactionKind, Speaker};
use crate::segment::simplified;

/// One text of a contact and what was found in it.
pub(super) struct SearchedLine {
    pub(super) speaker: Option<Speaker>,
    pub(super) normal: NormalText,
    /// The normalised text in Simplified characters with everything found so far blotted out; `None` while that is
    /// the normalised text itself.
    blotted: Option<String>,
    pub(super) hits: Vec<Hit>,
}

/// Personal data in a normalised text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// First byte.
    pub(super) from: usize,
    /// One past the last byte.
    pub(super) to: usize,
    pub(super) kind: RedactionKind,
}

impl SearchedLine {
    /// A line in which nothing was found yet. Replacements that it already holds are blotted out,
    /// so that text which is redacted again is read exactly as it was the first time.
    pub(super) fn new(speaker: Option<Speaker>, original: &str) -> Self {
        let normal = NormalText::of(original);
        // The lists of finders are in Simplified characters, as the dictionary is.
        let simplified = simplified(normal.as_str()).filter(|text| has_same_places(text, normal.as_str()));
        let mut line = Self { speaker, normal, blotted: simplified, hits: Vec::new() };
        if line.normal.as_str().contains('[') {
            for kind in RedactionKind::ALL {
                let replacement = replacement(*kind);
                let places: Vec<usize> =
                    line.normal.as_str().match_indices(&replacement).map(|(at, _)| at).collect();
                for from in places {
                    line.blot(from, from + replacement.len());
                }
            }
        }
        line
    }

    /// What finders read: of the same length in bytes as the normalised text.
    pub(super) fn text(&self) -> &str {
        self.blotted.as_deref().unwrap_or(self.normal.as_str())
    }

    pub(super) fn mark(&mut self, hit: Hit) {
        self.hits.push(hit);
        self.blot(hit.from, hit.to);
    }

    /// Finders see brackets where something was taken out, as readers of the redacted text will.
    fn blot(&mut self, from: usize, to: usize) {
        let text = self.blotted.get_or_insert_with(|| self.normal.as_str().to_owned());
        if from < to && text.is_char_boundary(from) && text.is_char_boundary(to) {
            text.replace_range(from..to, &("[".repeat(to - from - 1) + "]"));
        }
    }
}

/// Whether every character of one text stands at the same bytes as that of the other.
fn has_same_places(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one.char_indices().map(|(at, _)| at).eq(other.char_indices().map(|(at, _)| at))
}

/// What stands in the redacted text instead of personal data.
pub(super) fn replacement(kind: RedactionKind) -> String {
    format!("[{}]", kind.zh())
}
