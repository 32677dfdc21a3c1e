//! Puts the replacements into the original text.

use crate::domain::{RedactedLine, RedactedText, Redaction, Span};

use super::line::{SearchedLine, merged, replacement};

/// Where personal data stands in the original.
pub(super) fn places(found: SearchedLine) -> Vec<Redaction> {
    let SearchedLine { normal, hits, .. } = found;
    let mut read = 0;
    let mut places = Vec::new();
    for hit in merged(hits) {
        let place = normal.original(hit.from, hit.to);
        // One original character may become several normalised ones and so belong to two hits.
        let span = Span::new(place.start.max(read), place.end);
        if span.start < span.end {
            read = span.end;
            places.push(Redaction { span, kind: hit.kind });
        }
    }
    places
}

/// `original` with everything replaced that was found in it.
pub(super) fn line(original: &str, found: Option<SearchedLine>) -> RedactedLine {
    let Some(found) = found.filter(|line| !line.hits.is_empty()) else {
        return untouched(original);
    };
    let mut text = String::with_capacity(original.len());
    let mut length = 0;
    let mut redactions = Vec::new();
    let mut chars = original.chars();
    let mut read = 0;
    for Redaction { span: place, kind } in places(found) {
        for c in chars.by_ref().take(place.start - read) {
            text.push(c);
            length += 1;
        }
        chars.by_ref().take(place.end - place.start).for_each(drop);
        read = place.end;
        let replacement = replacement(kind);
        let end = length + replacement.chars().count();
        text.push_str(&replacement);
        redactions.push(Redaction { span: Span::new(length, end), kind });
        length = end;
    }
    text.extend(chars);
    RedactedLine { text: RedactedText::declared_by_redact(text), redactions }
}

fn untouched(original: &str) -> RedactedLine {
    RedactedLine { text: RedactedText::declared_by_redact(original.to_owned()), redactions: Vec::new() }
}
