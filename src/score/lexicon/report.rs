//! Reads what a note reports: only `Reported` cues count, never the writer's wording around them.

use super::modifiers::{ModifierFinder, Negation};
use super::terms::{Term, TermFinder};
use super::weigh::{Piece, units, weigh};
use crate::domain::{About, Cue, CueKind, Emotion, SegmentedText, UtteranceScore};

/// «不满意» in a report: milder than the pleasant report that it denies.
const CONTRARY: f32 = 0.5;

/// Reads one sentence of a note. The distribution is that of the person whom
/// [`SegmentedText::reported_about`] names.
pub(super) fn read(text: &SegmentedText, terms: &TermFinder, negators: &ModifierFinder) -> UtteranceScore {
    let subject = text.reported_about();
    let mut pieces = Vec::new();
    for cue in &text.cues {
        if let CueKind::Reported { about, emotion } = cue.kind
            && Some(about) == subject
        {
            pieces.extend(piece(text, cue, emotion, (terms, negators)));
        }
    }
    let insults = text.cues.iter().filter(|cue| cue.kind == CueKind::Abuse);
    let abuse = if subject == Some(About::Staff) { None } else { insults.map(|cue| cue.strength).max() };
    let (scores, evidence) = weigh(pieces, 1.0);
    UtteranceScore::from_emotions(scores, text.tokens.len() >= 2, super::abuse_probability(abuse), evidence)
}

/// The report as evidence, turned by a negator that reaches its last word: «客户没有不满».
fn piece(
    text: &SegmentedText,
    cue: &Cue,
    emotion: Emotion,
    (terms, negators): (&TermFinder, &ModifierFinder),
) -> Option<Piece> {
    let units = units(cue.strength);
    let inside: Vec<Term> = terms
        .find(text)
        .into_iter()
        .filter(|term| text.normal.original(term.from, term.to).overlaps(cue.span))
        .collect();
    let negation = match inside.iter().rfind(|term| is_same_side(term.emotion, emotion)) {
        Some(term) => negators.find(text, &[*term]).negation(term.from),
        // «没有不满» stands in the list as a whole, as neutral.
        None if inside.last().is_some_and(|term| term.emotion == Emotion::Neutral) => Negation::Full,
        None => Negation::None,
    };
    match negation {
        Negation::Full | Negation::Weak if emotion.is_positive() => {
            Some(Piece { span: cue.span, emotion: Emotion::Disgust, units: units * CONTRARY })
        }
        Negation::Full if emotion.is_negative() => None,
        _ => Some(Piece { span: cue.span, emotion, units }),
    }
}

fn is_same_side(one: Emotion, other: Emotion) -> bool {
    (one.is_negative() && other.is_negative()) || (one.is_positive() && other.is_positive())
}
