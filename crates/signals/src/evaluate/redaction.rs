//! How well redaction finds what people marked as personal, and how much else it takes out.
//!
//! Found is a place of which every character is masked: half a number left over is still somebody's. A mask is
//! right if any of its characters is personal, for where a name ends exactly matters to nobody.

use std::collections::BTreeMap;

use serde::Serialize;
use tingxin_text::domain::{Redaction, RedactionKind, Span};

use super::ConfidenceInterval;
use super::interval::count;

/// A personal place that a person marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalPlace {
    /// Where it stands in the original.
    pub span: Span,
    /// What it is called in the file: `phone`, `name`.
    pub kind: String,
}

/// Part of so many.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundShare {
    /// What is counted.
    pub name: String,
    /// How many there are.
    pub total: usize,
    /// How many of them are found, or right.
    pub hits: usize,
    /// The one divided by the other; 1 of nothing.
    pub share: f64,
    /// Wilson's 95 % interval; `None` of nothing.
    pub interval: Option<ConfidenceInterval>,
}

/// The figures of a set of marked texts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RedactionReport {
    /// Number of texts.
    pub texts: usize,
    /// Texts without any personal place.
    pub clean_texts: usize,
    /// Recall over all places.
    pub recall: FoundShare,
    /// Precision over all masks.
    pub precision: FoundShare,
    /// Recall of each kind in the file.
    pub recall_by_kind: Vec<FoundShare>,
    /// Recall of each group in the file, where lines have one.
    pub recall_by_group: Vec<FoundShare>,
    /// Precision of each kind of mask.
    pub precision_by_kind: Vec<FoundShare>,
}

#[derive(Debug, Clone, Copy, Default)]
struct FoundTally {
    total: usize,
    hits: usize,
}

impl FoundTally {
    fn count(&mut self, hit: bool) {
        self.total += 1;
        self.hits += usize::from(hit);
    }

    fn share(self, name: impl Into<String>) -> FoundShare {
        let Self { total, hits } = self;
        FoundShare {
            name: name.into(),
            total,
            hits,
            share: if total == 0 { 1.0 } else { count(hits) / count(total) },
            interval: ConfidenceInterval::wilson(hits, total),
        }
    }
}

/// Counts text by text.
#[derive(Debug, Default)]
pub struct RedactionCount {
    texts: usize,
    clean_texts: usize,
    kinds: BTreeMap<String, FoundTally>,
    groups: BTreeMap<String, FoundTally>,
    masks: BTreeMap<RedactionKind, FoundTally>,
}

/// What went wrong in one text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RedactionFaults {
    /// Places that are not masked to their last character.
    pub missed: Vec<PersonalPlace>,
    /// Masks over nothing personal.
    pub wrong: Vec<Redaction>,
}

impl RedactionCount {
    /// Counts a text with its personal places and the masks that redaction puts there, both in its own characters.
    pub fn count(
        &mut self,
        places: &[PersonalPlace],
        group: Option<&str>,
        masks: &[Redaction],
    ) -> RedactionFaults {
        self.texts += 1;
        self.clean_texts += usize::from(places.is_empty());
        let mut faults = RedactionFaults::default();
        for place in places {
            let masked = |at: usize| masks.iter().any(|mask| covers(mask.span, at));
            let found = (place.span.start..place.span.end).all(masked);
            self.kinds.entry(place.kind.clone()).or_default().count(found);
            if let Some(group) = group {
                self.groups.entry(group.to_owned()).or_default().count(found);
            }
            if !found {
                faults.missed.push(place.clone());
            }
        }
        for mask in masks {
            let right = places.iter().any(|place| place.span.overlaps(mask.span));
            self.masks.entry(mask.kind).or_default().count(right);
            if !right {
                faults.wrong.push(*mask);
            }
        }
        faults
    }

    /// The figures so far.
    #[must_use]
    pub fn report(&self) -> RedactionReport {
        RedactionReport {
            texts: self.texts,
            clean_texts: self.clean_texts,
            recall: sum(self.kinds.values()).share("all"),
            precision: sum(self.masks.values()).share("all"),
            recall_by_kind: self.kinds.iter().map(|(kind, tally)| tally.share(kind)).collect(),
            recall_by_group: self.groups.iter().map(|(group, tally)| tally.share(group)).collect(),
            precision_by_kind: self.masks.iter().map(|(kind, tally)| tally.share(kind.as_str())).collect(),
        }
    }
}

const fn covers(span: Span, at: usize) -> bool {
    span.start <= at && at < span.end
}

fn sum<'a>(tallies: impl Iterator<Item = &'a FoundTally>) -> FoundTally {
    tallies.fold(FoundTally::default(), |sum, tally| FoundTally {
        total: sum.total + tally.total,
        hits: sum.hits + tally.hits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(start: usize, end: usize) -> PersonalPlace {
        PersonalPlace { span: Span::new(start, end), kind: "phone".to_owned() }
    }

    fn mask(start: usize, end: usize) -> Redaction {
        Redaction { span: Span::new(start, end), kind: RedactionKind::Phone }
    }

    #[test]
    fn half_a_number_is_not_found_and_its_mask_is_right_all_the_same() {
        let mut count = RedactionCount::default();

        let faults = count.count(&[place(2, 13)], Some("digits"), &[mask(2, 9)]);

        let report = count.report();
        assert_eq!(faults.missed, [place(2, 13)]);
        assert!(faults.wrong.is_empty());
        assert_eq!((report.recall.hits, report.precision.hits), (0, 1));
        assert_eq!((report.recall_by_group[0].name.as_str(), report.recall_by_group[0].total), ("digits", 1));
    }

    #[test]
    fn two_masks_may_cover_one_place_and_one_mask_two() {
        let mut count = RedactionCount::default();

        count.count(&[place(0, 10)], None, &[mask(0, 5), mask(5, 10)]);
        count.count(&[place(0, 3), place(4, 6)], None, &[mask(0, 6)]);

        let report = count.report();
        assert_eq!((report.recall.total, report.recall.hits), (3, 3));
        assert_eq!((report.precision.total, report.precision.hits), (3, 3));
    }

    #[test]
    fn a_mask_over_nothing_personal_is_false() {
        let mut count = RedactionCount::default();

        let faults = count.count(&[], None, &[mask(0, 4)]);

        let report = count.report();
        assert_eq!(faults.wrong, [mask(0, 4)]);
        assert_eq!((report.clean_texts, report.precision.hits, report.precision.total), (1, 0, 1));
        assert!(report.recall.interval.is_none());
        assert!((report.recall.share - 1.0).abs() < f64::EPSILON, "nothing was to be found");
    }
}
