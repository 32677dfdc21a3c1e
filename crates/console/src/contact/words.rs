//! Cuts a redacted text into stretches that look different: plain, evidence, taken out.

use tingxin_text::domain::{Evidence, RedactionKind, Span};

use crate::chart::signed;
use crate::label::Label;
use crate::text::{Lang, Spoken, fill};

/// A stretch of text with one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StyledText {
    pub(crate) text: String,
    /// Class of the style sheet; empty for plain text.
    pub(crate) class: &'static str,
    /// What it means, for the pointer.
    pub(crate) title: String,
}

/// The look of one place: a replacement outranks evidence, stronger evidence outranks weaker.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Look {
    Plain,
    Words(f32),
    TakenOut(RedactionKind),
}

/// Cuts `text`. Places may overlap; every character is printed once.
pub(crate) fn pieces(
    text: &str,
    evidence: &[Evidence],
    redactions: &[(Span, RedactionKind)],
    lang: Lang,
) -> Vec<StyledText> {
    let mut pieces: Vec<(Look, String)> = Vec::new();
    for (at, character) in text.chars().enumerate() {
        let look = look_of(at, evidence, redactions);
        match pieces.last_mut() {
            Some((last, piece)) if *last == look => piece.push(character),
            _ => pieces.push((look, character.to_string())),
        }
    }
    pieces.into_iter().map(|(look, text)| piece(look, text, lang)).collect()
}

fn look_of(at: usize, evidence: &[Evidence], redactions: &[(Span, RedactionKind)]) -> Look {
    let here = Span::new(at, at + 1);
    if let Some((_, kind)) = redactions.iter().find(|(span, _)| span.overlaps(here)) {
        return Look::TakenOut(*kind);
    }
    evidence
        .iter()
        .filter(|words| Span::new(words.start, words.end).overlaps(here))
        .max_by(|a, b| a.weight.abs().total_cmp(&b.weight.abs()))
        .map_or(Look::Plain, |words| Look::Words(words.weight))
}

fn piece(look: Look, text: String, lang: Lang) -> StyledText {
    let texts = lang.texts();
    match look {
        Look::Plain => StyledText { text, class: "", title: String::new() },
        Look::TakenOut(kind) => {
            StyledText { text, class: "taken-out", title: fill(texts.redacted_title, kind.label(lang)) }
        }
        Look::Words(weight) => {
            StyledText { text, class: strength(weight), title: fill(texts.evidence_title, signed(weight)) }
        }
    }
}

/// Three grades either way. The limits are a third and two thirds of the largest pleasure of one
/// emotion (0.9), so that one strong word is in the top grade and a nuance in the lowest.
fn strength(weight: f32) -> &'static str {
    match (weight < 0.0, weight.abs()) {
        (true, w) if w >= 0.6 => "word neg strong",
        (true, w) if w >= 0.3 => "word neg clear",
        (true, _) => "word neg slight",
        (false, w) if w >= 0.6 => "word pos strong",
        (false, w) if w >= 0.3 => "word pos clear",
        (false, _) => "word pos slight",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_printed_once_whatever_overlaps() {
        let evidence = [
            Evidence { start: 2, end: 6, weight: -0.2 },
            Evidence { start: 4, end: 5, weight: -0.7 },
            Evidence { start: 9, end: 99, weight: 0.4 },
        ];
        let redactions = [(Span::new(0, 3), RedactionKind::Phone)];

        let pieces = pieces("我是[电话]气死我了谢谢", &evidence, &redactions, Lang::Zh);

        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(text, "我是[电话]气死我了谢谢");
        let classes: Vec<_> = pieces.iter().map(|piece| piece.class).collect();
        assert_eq!(
            classes,
            ["taken-out", "word neg slight", "word neg strong", "word neg slight", "", "word pos clear"]
        );
        assert_eq!(pieces[0].title, "已隐去：电话");
    }
}
