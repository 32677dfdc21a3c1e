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
    /// Whether it held a replacement when it came.
    pub(super) was_redacted: bool,
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
        let mut line = Self { speaker, normal, blotted: simplified, hits: Vec::new(), was_redacted: false };
        if line.normal.as_str().contains('[') {
            for kind in RedactionKind::ALL {
                let replacement = replacement(*kind);
                let places: Vec<usize> =
                    line.normal.as_str().match_indices(&replacement).map(|(at, _)| at).collect();
                line.was_redacted |= !places.is_empty();
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

    /// Marks what no rule has found yet; says whether that was anything. What touches the place of a rule becomes one
    /// place with it, and stays what the rule says if that is the larger part.
    pub(super) fn add(&mut self, hits: Vec<Hit>) -> bool {
        if hits.is_empty() {
            return false;
        }
        let known = merged(self.hits.clone());
        let before = self.hits.len();
        for Hit { from, to, kind } in hits {
            let first = known.partition_point(|known| known.to <= from);
            let touched = known.get(first..).unwrap_or_default().iter().take_while(|known| known.from < to);
            let mut all = Hit { from, to, kind };
            let mut largest = None;
            for known in touched.copied() {
                all = Hit { from: all.from.min(known.from), to: all.to.max(known.to), kind };
                largest = [largest, Some(known)].into_iter().flatten().max_by_key(|hit| hit.to - hit.from);
            }
            match largest {
                Some(known) if known.from == all.from && known.to == all.to => continue,
                Some(known) if 2 * (known.to - known.from) >= all.to - all.from => all.kind = known.kind,
                _ => {}
            }
            self.mark(all);
        }
        self.hits.len() > before
    }

    /// The place with all of a character of the original that became several: «㎏» is «kg».
    pub(super) fn whole(&self, mut hit: Hit) -> Hit {
        let text = self.normal.as_str();
        let place = self.normal.original(hit.from, hit.to);
        while let Some(c) = text.get(hit.to..).and_then(|rest| rest.chars().next())
            && self.normal.original(hit.to, hit.to + c.len_utf8()).start < place.end
        {
            hit.to += c.len_utf8();
        }
        while let Some(c) = text.get(..hit.from).and_then(|rest| rest.chars().next_back())
            && self.normal.original(hit.from - c.len_utf8(), hit.from).end > place.start
        {
            hit.from -= c.len_utf8();
        }
        hit
    }

    /// Finders see brackets where something was taken out, as readers of the redacted text will.
    fn blot(&mut self, from: usize, to: usize) {
        let text = self.blotted.get_or_insert_with(|| self.normal.as_str().to_owned());
        if from < to && text.is_char_boundary(from) && text.is_char_boundary(to) {
            text.replace_range(from..to, &("[".repeat(to - from - 1) + "]"));
        }
    }
}

/// Hits in order without overlap: those that share a byte become one, of the longest one's kind.
///
/// The union is taken, never the better of the two: half a number left over would still be one.
pub(super) fn merged(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.from, std::cmp::Reverse(hit.to)));
    let mut merged: Vec<(Hit, usize)> = Vec::with_capacity(hits.len());
    for hit in hits {
        let length = hit.to - hit.from;
        match merged.last_mut() {
            Some((last, longest)) if hit.from < last.to => {
                if length > *longest {
                    (last.kind, *longest) = (hit.kind, length);
                }
                last.to = last.to.max(hit.to);
            }
            _ => merged.push((hit, length)),
        }
    }
    merged.into_iter().map(|(hit, _)| hit).collect()
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
