//! Words around a term that turn it, weaken it or strengthen it.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::terms::{Term, on_word_borders};
use tingxin_text::domain::{NormalText, SegmentedText, Token};
use tingxin_text::lexicon::{self, ListError};

/// The least and the greatest product of degree words: three of them in a row do not make an
/// utterance ten times as angry.
const DEGREE_RANGE: (f32, f32) = (0.3, 2.0);
/// How many words lie at most between a marker of wish or condition and what it makes unreal.
const UNREAL_REACH: usize = 6;
/// Negators that ask for something to stop: «别骗我» denies no deceit, «别担心» denies worry.
const IMPERATIVES: [&str; 12] =
    ["别", "别再", "别给我", "不要", "不要再", "不许", "少", "少给我", "甭", "勿", "莫", "请勿"];
/// Words that do not use up a negator's reach: «不会让您失望», «没有再生气».
const PASSED_OVER: [&str; 18] = [
    "我", "我们", "你", "你们", "您", "他", "她", "他们", "大家", "让", "令", "使", "叫", "再", "太", "有",
    "是", "的",
];
/// What may stand between a degree word and its term.
const LINKS: [&str; 5] = ["", "的", "地", "得", "是"];
/// What denies a term that it follows: «满意谈不上», «理解个鬼».
const DENIED_AFTER: [&str; 10] =
    ["谈不上", "说不上", "算不上", "称不上", "不起来", "不了", "个屁", "个鬼", "个头", "什么呀"];
/// What separates clauses in a normalised text.
const CLAUSE_ENDS: [char; 10] = [',', '.', '。', '!', '?', ';', '、', ':', '\n', ' '];

#[derive(Debug, Clone, Copy, Default)]
struct Modifier {
    /// How many words a negator reaches; 0 for what is none.
    scope: usize,
    /// A negator such as «不太» that weakens and does not invert.
    weak: bool,
    imperative: bool,
    before: Option<f32>,
    after: Option<f32>,
    unreal: bool,
}

#[derive(Debug, Clone, Copy)]
struct ModifierPlace {
    from: usize,
    to: usize,
    entry: Modifier,
}

/// What the words around a term do to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Modified {
    /// How a negator turns it.
    pub(super) negation: Negation,
    /// Product of the degree words.
    pub(super) degree: f32,
    /// It is wished for, supposed or asked, not so.
    pub(super) unreal: bool,
}

/// How a term is negated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Negation {
    /// Not at all, or twice.
    None,
    /// «不太»: less of it.
    Weak,
    /// «没有»: the contrary, or nothing of it.
    Full,
    /// «别», «不要»: somebody shall stop it.
    Imperative,
}

/// Negators, degree words and markers of the unreal in one automaton, so that the longest wins:
/// «不得不» is no negator although it begins with one.
pub(super) struct ModifierFinder {
    automaton: AhoCorasick,
    entries: Vec<Modifier>,
}

impl ModifierFinder {
    pub(super) fn new() -> Result<Self, ListError> {
        let mut entries: BTreeMap<String, Modifier> = BTreeMap::new();
        for row in lexicon::NEGATION.rows(["term", "scope"])? {
            let entry = entries.entry(normal(row.cells[0])).or_default();
            entry.scope = lexicon::NEGATION.parse(row.line, row.cells[1])?;
            entry.imperative = IMPERATIVES.contains(&row.cells[0]);
        }
        for row in lexicon::DEGREE.rows(["term", "factor", "position"])? {
            let [term, factor, position] = row.cells;
            let factor = lexicon::DEGREE.parse(row.line, factor)?;
            let entry = entries.entry(normal(term)).or_default();
            match position {
                // A negator with a degree applies once, as a weak negator.
                "pre" if entry.scope > 0 => entry.weak = true,
                "pre" => entry.before = Some(factor),
                "post" => entry.after = Some(factor),
                _ => {
                    return Err(lexicon::DEGREE.error(row.line, format!("`{position}` is no known position")));
                }
            }
        }
        for row in lexicon::UNREAL.rows(["term"])? {
            entries.entry(normal(row.cells[0])).or_default().unreal = true;
        }
        for row in lexicon::NOT_NEGATION.rows(["term"])? {
            entries.entry(normal(row.cells[0])).or_default().scope = 0;
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(entries.keys())
            .map_err(|cause| lexicon::NEGATION.error(0, cause.to_string()))?;
        Ok(Self { automaton, entries: entries.into_values().collect() })
    }

    /// The modifiers of a text that lie in no emotion term.
    pub(super) fn find<'a>(&self, text: &'a SegmentedText, terms: &[Term]) -> Modifiers<'a> {
        let normal = text.normal.as_str();
        let mut places = Vec::new();
        for found in self.automaton.find_iter(normal) {
            let (from, to) = (found.start(), found.end());
            let inside_term = terms.iter().any(|term| term.from < to && from < term.to);
            let Some(&entry) = self.entries.get(found.pattern().as_usize()) else { continue };
            let one_char = normal.get(from..to).is_some_and(|word| word.chars().count() == 1);
            if !inside_term && (!one_char || on_word_borders(&text.tokens, from, to)) {
                places.push(ModifierPlace { from, to, entry });
            }
        }
        Modifiers { normal, tokens: &text.tokens, places }
    }
}

fn normal(term: &str) -> String {
    NormalText::of(term).as_str().to_owned()
}

/// The modifiers of one text.
pub(super) struct Modifiers<'a> {
    normal: &'a str,
    tokens: &'a [Token],
    places: Vec<ModifierPlace>,
}

impl Modifiers<'_> {
    /// What they do to the term at bytes `from..to`.
    pub(super) fn around(&self, from: usize, to: usize) -> Modified {
        Modified {
            negation: if self.denied_after(to) { Negation::Full } else { self.negation(from) },
            degree: self.degree(from, to).clamp(DEGREE_RANGE.0, DEGREE_RANGE.1),
            unreal: self.unreal(from),
        }
    }

    /// Negators that reach the word at byte `from`.
    fn negation(&self, from: usize) -> Negation {
        let mut reaching = self
            .places
            .iter()
            .filter(|p| p.entry.scope > 0 && p.to <= from)
            .filter(|p| !self.clause_ends_in(p.to, from) && self.words_in(p.to, from) < p.entry.scope);
        let Some(first) = reaching.next() else { return Negation::None };
        match reaching.count() {
            0 if first.entry.imperative => Negation::Imperative,
            0 if first.entry.weak => Negation::Weak,
            even if even % 2 == 0 => Negation::Full,
            _ => Negation::None,
        }
    }

    fn denied_after(&self, to: usize) -> bool {
        let rest = self.normal.get(to..).unwrap_or_default();
        let rest = rest.strip_prefix(['是', '就', '那']).unwrap_or(rest);
        DENIED_AFTER.iter().any(|denial| rest.starts_with(denial))
    }

    fn degree(&self, from: usize, to: usize) -> f32 {
        let mut factor = 1.0;
        let mut start = from;
        for place in self.places.iter().rev().filter(|p| p.to <= from) {
            let gap = self.normal.get(place.to..start).unwrap_or("?");
            match place.entry.before {
                Some(before) if LINKS.contains(&gap) => {
                    factor *= before;
                    start = place.from;
                }
                // «真不满意»: the degree word stands before the negator.
                _ if place.entry.scope > 0 && LINKS.contains(&gap) => start = place.from,
                _ => break,
            }
        }
        let after = self.places.iter().find(|p| p.from >= to).filter(|p| {
            p.entry.after.is_some() && LINKS.contains(&self.normal.get(to..p.from).unwrap_or("?"))
        });
        factor * after.and_then(|p| p.entry.after).unwrap_or(1.0)
    }

    fn unreal(&self, from: usize) -> bool {
        self.places.iter().any(|p| {
            p.entry.unreal
                && p.to <= from
                && !self.clause_ends_in(p.to, from)
                && self.words_in(p.to, from) <= UNREAL_REACH
        })
    }

    fn clause_ends_in(&self, from: usize, to: usize) -> bool {
        self.normal.get(from..to).is_none_or(|between| between.contains(CLAUSE_ENDS))
    }

    /// Words that lie wholly between two bytes and count for reach.
    fn words_in(&self, from: usize, to: usize) -> usize {
        let passed_over =
            |t: &Token| self.normal.get(t.from..t.to).is_some_and(|word| PASSED_OVER.contains(&word));
        let is_degree = |t: &Token| {
            self.places.iter().any(|p| p.from == t.from && p.to == t.to && p.entry.before.is_some())
        };
        self.tokens
            .iter()
            .filter(|t| t.from >= from && t.to <= to && !is_degree(t) && !passed_over(t))
            .count()
    }
}
