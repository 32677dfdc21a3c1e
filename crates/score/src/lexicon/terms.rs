//! Finds emotion terms: the longest match from the left, for the voice that speaks.

use aho_corasick::{AhoCorasick, MatchKind};

use crate::Voice;
use tingxin_text::domain::{Emotion, NormalText, SegmentedText, Token};
use tingxin_text::lexicon::{self, ListError};

/// Terms of at most this many characters must begin and end where a word does: «下流» is no insult in
/// «下流量». Longer ones are hardly ever cut by chance, and unknown words cut them apart.
const SHORT: usize = 2;

/// A term in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term {
    /// First byte in the normalised text.
    pub(super) from: usize,
    /// One past the last byte.
    pub(super) to: usize,
    /// What it shows; neutral terms protect their place from shorter ones.
    pub(super) emotion: Emotion,
    /// 1 (hint) to 5 (extreme).
    pub(super) strength: u8,
}

/// What the list says about a term.
struct TermReading {
    emotion: Emotion,
    strength: u8,
    /// Whether it counts between word borders only.
    short: bool,
}

/// The terms that hold for one voice.
pub(super) struct TermFinder {
    automaton: AhoCorasick,
    readings: Vec<TermReading>,
}

impl TermFinder {
    /// Reads the terms for everybody and those for `voice` alone.
    pub(super) fn new(voice: Voice) -> Result<Self, ListError> {
        let list = lexicon::EMOTION;
        let mut terms = Vec::new();
        let mut readings = Vec::new();
        for row in list.rows(["term", "class", "strength", "role", "topic"])? {
            let [term, class, strength, role, _] = row.cells;
            let holds = match role {
                "any" => true,
                "customer" => voice == Voice::Customer,
                "agent" => voice == Voice::Agent,
                _ => return Err(list.error(row.line, format!("`{role}` is no known role"))),
            };
            let emotion = Emotion::from_name(class)
                .ok_or_else(|| list.error(row.line, format!("`{class}` is no known emotion")))?;
            let strength: u8 = list.parse(row.line, strength)?;
            if !(1..=5).contains(&strength) {
                return Err(list.error(row.line, format!("strength {strength} is not from 1 to 5")));
            }
            if holds {
                let term = NormalText::of(term).as_str().to_owned();
                let short = term.chars().count() <= SHORT && term.chars().all(char::is_alphanumeric);
                terms.push(term);
                readings.push(TermReading { emotion, strength, short });
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&terms)
            .map_err(|cause| list.error(0, cause.to_string()))?;
        Ok(Self { automaton, readings })
    }

    /// The terms of a text from left to right; none overlaps another.
    pub(super) fn find(&self, text: &SegmentedText) -> Vec<Term> {
        let mut found = Vec::new();
        for place in self.automaton.find_iter(text.normal.as_str()) {
            let Some(&TermReading { emotion, strength, short }) =
                self.readings.get(place.pattern().as_usize())
            else {
                continue;
            };
            let (from, to) = (place.start(), place.end());
            if !short || on_word_borders(&text.tokens, from, to) {
                found.push(Term { from, to, emotion, strength });
            }
        }
        found
    }
}

/// Whether no word lies across either end of the place.
pub(super) fn on_word_borders(tokens: &[Token], from: usize, to: usize) -> bool {
    !is_inside_a_token(tokens, from) && !is_inside_a_token(tokens, to)
}

/// Whether a token lies across this place.
fn is_inside_a_token(tokens: &[Token], at: usize) -> bool {
    let next = tokens.partition_point(|token| token.to <= at);
    tokens.get(next).is_some_and(|token| token.from < at)
}
