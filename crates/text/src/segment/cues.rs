//! Finds cues: which fixed patterns occur in an utterance.
//!
//! Text and speaker alone decide. A pattern list is heard for some voices only: `lapse` for staff,
//! `problem_raised` for customers, `reported` for notes.

use std::cmp::Reverse;

use aho_corasick::AhoCorasick;
use regex_automata::meta;
use regex_automata::nfa::thompson::WhichCaptures;

use super::required;
use crate::domain::{Cue, CueKind, NormalText, Speaker};

/// Most places that one pattern may mark in one utterance; more say nothing more.
const MOST_PLACES: usize = 8;

/// Upper bound of a compiled pattern in bytes, against a list entry that explodes.
const MOST_BYTES: usize = 1 << 20;

/// Whose words a pattern is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CueSpeakers {
    pub(super) customer: bool,
    pub(super) agent: bool,
    pub(super) note: bool,
}

impl CueSpeakers {
    pub(super) const CUSTOMER: Self = Self { customer: true, agent: false, note: false };
    pub(super) const AGENT: Self = Self { customer: false, agent: true, note: false };
    pub(super) const NOTE: Self = Self { customer: false, agent: false, note: true };
    pub(super) const SPEECH: Self = Self { customer: true, agent: true, note: false };

    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            customer: self.customer || other.customer,
            agent: self.agent || other.agent,
            note: self.note || other.note,
        }
    }

    /// `None` is the voice of a note.
    const fn from(self, speaker: Option<Speaker>) -> bool {
        match speaker {
            Some(Speaker::Customer) => self.customer,
            Some(Speaker::Agent) => self.agent,
            Some(Speaker::System) => false,
            None => self.note,
        }
    }
}

/// One entry of a list, before it is compiled.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) kind: CueKind,
    pub(super) strength: u8,
    pub(super) heard: CueSpeakers,
    pub(super) regex: &'static str,
}

struct CueRule {
    kind: CueKind,
    strength: u8,
    heard: CueSpeakers,
    regex: meta::Regex,
}

/// All patterns of all lists, and the automaton that says which of them are worth trying.
pub(super) struct CueFinder {
    rules: Vec<CueRule>,
    words: AhoCorasick,
    /// For each word of the automaton the rules that need it.
    needed_by: Vec<Vec<usize>>,
    /// Rules without a required word: tried every time.
    always: Vec<usize>,
}

/// How a pattern is matched: by bounded backtracking alone.
///
/// The automata that make the `regex` crate fast on long texts cost memory for every pattern and
/// again for every thread that uses it: 17 MB more when the lists are loaded, and more with every
/// pattern in use. An utterance is short and only a few patterns are tried on it, so they would win
/// nothing.
fn engine() -> meta::Config {
    meta::Config::new()
        .hybrid(false)
        .dfa(false)
        .onepass(false)
        .which_captures(WhichCaptures::Implicit)
        .nfa_size_limit(Some(MOST_BYTES))
}

/// A place in the normalised text, in bytes.
#[derive(Debug, Clone, Copy)]
struct CueMatch {
    kind: CueKind,
    strength: u8,
    from: usize,
    to: usize,
}

impl CueFinder {
    /// Compiles the patterns; the error says which of them, by index, cannot be used and why.
    pub(super) fn new(patterns: &[Pattern]) -> Result<Self, (usize, String)> {
        let mut rules = Vec::with_capacity(patterns.len());
        let mut needed_by: std::collections::BTreeMap<String, Vec<usize>> = std::collections::BTreeMap::new();
        let mut always = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let hir = regex_syntax::parse(pattern.regex).map_err(|cause| (index, cause.to_string()))?;
            match required::words(&hir) {
                Some(words) => words.into_iter().for_each(|w| needed_by.entry(w).or_default().push(index)),
                None => always.push(index),
            }
            let regex = meta::Builder::new()
                .configure(engine())
                .build_from_hir(&hir)
                .map_err(|cause| (index, cause.to_string()))?;
            let Pattern { kind, strength, heard, .. } = *pattern;
            rules.push(CueRule { kind, strength, heard, regex });
        }
        let words = AhoCorasick::new(needed_by.keys()).map_err(|cause| (0, cause.to_string()))?;
        Ok(Self { rules, words, needed_by: needed_by.into_values().collect(), always })
    }

    /// The cues of one text in order of their start.
    pub(super) fn find(&self, text: &NormalText, speaker: Option<Speaker>) -> Vec<Cue> {
        if speaker == Some(Speaker::System) {
            return Vec::new();
        }
        let normal = text.as_str();
        let mut places = Vec::new();
        for rule in self.candidates(normal).into_iter().filter_map(|index| self.rules.get(index)) {
            if rule.heard.from(speaker) {
                places.extend(rule.regex.find_iter(normal).take(MOST_PLACES).filter_map(|m| {
                    let (from, to) = without_marks(normal, m.start(), m.end())?;
                    Some(CueMatch { kind: rule.kind, strength: rule.strength, from, to })
                }));
            }
        }
        let mut cues: Vec<Cue> = merged(places)
            .into_iter()
            .map(|p| Cue { kind: p.kind, span: text.original(p.from, p.to), strength: p.strength })
            .collect();
        cues.sort_by_key(|cue| (cue.span.start, Reverse(cue.span.end)));
        cues
    }

    /// Indices of the rules that may match, each once, in the order of the lists.
    fn candidates(&self, normal: &str) -> Vec<usize> {
        let mut found = self.always.clone();
        for word in self.words.find_overlapping_iter(normal) {
            found.extend(self.needed_by.get(word.pattern().as_usize()).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The place without the blanks and marks at its ends, which patterns use as borders; `None` if no
/// word is left.
fn without_marks(normal: &str, from: usize, to: usize) -> Option<(usize, usize)> {
    let place = normal.get(from..to)?;
    let start = from + place.find(|c| !is_mark(c))?;
    Some((start, start + place.trim_matches(is_mark).len()))
}

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric()
}

/// Joins places of the same kind that share a character; the joined place has the greater strength.
fn merged(mut places: Vec<CueMatch>) -> Vec<CueMatch> {
    places.sort_by_key(|place| (place.from, Reverse(place.to)));
    let mut joined: Vec<CueMatch> = Vec::with_capacity(places.len());
    for place in places {
        let same = joined.iter_mut().rev().find(|other| other.kind == place.kind && place.from < other.to);
        match same {
            Some(other) => {
                other.to = other.to.max(place.to);
                other.strength = other.strength.max(place.strength);
            }
            None => joined.push(place),
        }
    }
    joined
}
