//! Words as the index holds them, and what somebody looks for.
//!
//! Chinese has no blanks between words, and a segmenter that cuts 要求退费 one way today and another way after an update would
//! lose it. So every pair of neighbouring characters is a word: 要求 求退 退费, and the last character once more for those who look
//! for a single one. Latin letters and digits stay whole. `docs/adr/0016-search.md` says why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::connect::Backend;
use tingxin_text::domain::{FORGOTTEN, NormalText, Span};

/// Words of one contact that can be found: about an hour of talk. PostgreSQL counts no further than 16,383.
const MOST_WORDS: usize = 16_000;

/// Places of one word in one contact: what PostgreSQL keeps.
const MOST_PLACES: usize = 255;

/// Characters of one Latin word or number.
const LONGEST: usize = 40;

/// Most terms of one search.
const MOST_TERMS: usize = 8;

/// Stands before marks. A private character: no text has it, because only letters and digits become words.
const MARK: char = '\u{e000}';

/// First of the characters that are taken in pairs: those of East Asia.
const EAST_ASIAN: char = '\u{2e80}';

/// What a contact is marked with in the index beside its words, so that a search is narrowed without looking at every hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IndexMark {
    Channel,
    Team,
    Staff,
    Process,
    Rule,
}

impl IndexMark {
    const fn letter(self) -> char {
        match self {
            Self::Channel => 'c',
            Self::Team => 't',
            Self::Staff => 's',
            Self::Process => 'p',
            Self::Rule => 'r',
        }
    }

    /// The word that stands for a value. Names may hold anything, so it is made of their digest.
    fn word(self, value: &str) -> String {
        let mut word = String::from_iter([MARK, self.letter()]);
        for byte in Sha256::digest(value).iter().take(8) {
            // Writing to a String cannot fail.
            let _ = write!(word, "{byte:02x}");
        }
        word
    }
}

/// How a database wants its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// FTS5: a text with blanks.
    Fts5,
    /// PostgreSQL: `tsvector` and `tsquery` as they are written.
    Vector,
}

impl Dialect {
    pub(super) const fn of(backend: &Backend) -> Self {
        match backend {
            Backend::Sqlite { .. } => Self::Fts5,
            Backend::Postgres(_) => Self::Vector,
        }
    }
}

/// Letters and digits that stand together.
#[derive(Debug, Clone, Copy)]
struct WordRun<'a> {
    text: &'a str,
    /// Where it begins, in bytes.
    from: usize,
    /// Whether nothing stands between it and the run before.
    joined: bool,
}

impl<'a> WordRun<'a> {
    fn is_east_asian(text: &str) -> bool {
        text.starts_with(|c| c >= EAST_ASIAN)
    }

    /// Its words. `open` is the end of what somebody looks for: the text may go on there.
    fn words(&self, open: bool) -> Vec<&'a str> {
        if !Self::is_east_asian(self.text) {
            let end = self.text.char_indices().nth(LONGEST).map_or(self.text.len(), |(at, _)| at);
            return self.text.get(..end).into_iter().collect();
        }
        let starts: Vec<usize> =
            self.text.char_indices().map(|(at, _)| at).chain([self.text.len()]).collect();
        let pairs = starts.windows(3).filter_map(|pair| self.text.get(*pair.first()?..*pair.last()?));
        let last = starts.iter().rev().nth(1).and_then(|at| self.text.get(*at..));
        pairs.chain(last.filter(|_| !open || starts.len() == 2)).collect()
    }
}

/// The runs of a normalised text.
fn runs(normal: &str) -> Vec<WordRun<'_>> {
    let mut runs: Vec<WordRun<'_>> = Vec::new();
    let mut begun: Option<(usize, bool)> = None;
    let mut ended = None;
    let mut end = |from: usize, to: usize| {
        if let Some(text) = normal.get(from..to) {
            runs.push(WordRun { text, from, joined: ended == Some(from) });
            ended = Some(to);
        }
    };
    for (at, c) in normal.char_indices() {
        let kind = c.is_alphanumeric().then_some(c >= EAST_ASIAN);
        if let Some((from, east_asian)) = begun
            && kind != Some(east_asian)
        {
            end(from, at);
            begun = None;
        }
        if begun.is_none() {
            begun = kind.map(|east_asian| (at, east_asian));
        }
    }
    if let Some((from, _)) = begun {
        end(from, normal.len());
    }
    runs
}

/// The words of a contact in order.
#[derive(Debug, Clone, Default)]
pub(super) struct ContactWords(Vec<String>);

impl ContactWords {
    /// The words of these texts. Words that were taken away are not found under what stands in their place.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut words = Vec::new();
        for text in texts.filter(|text| *text != FORGOTTEN) {
            let normal = NormalText::of(text);
            for run in runs(normal.as_str()) {
                words.extend(run.words(false).into_iter().map(str::to_owned));
            }
            if words.len() >= MOST_WORDS {
                words.truncate(MOST_WORDS);
                break;
            }
        }
        Self(words)
    }

    /// What the index stores, with the marks of the contact.
    pub(super) fn document<'a>(
        &self,
        dialect: Dialect,
        marks: impl Iterator<Item = (IndexMark, &'a str)>,
    ) -> String {
        let marks: Vec<String> = marks.map(|(mark, value)| mark.word(value)).collect();
        match dialect {
            Dialect::Fts5 => self.0.iter().chain(&marks).map(String::as_str).collect::<Vec<_>>().join(" "),
            Dialect::Vector => {
                let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
                for (word, place) in self.0.iter().zip(1..) {
                    let places = places.entry(word).or_default();
                    if places.len() < MOST_PLACES {
                        places.push(place);
                    }
                }
                let mut vector = String::new();
                for (word, places) in places {
                    let places: Vec<String> = places.iter().map(ToString::to_string).collect();
                    let _ = write!(vector, "'{word}':{} ", places.join(","));
                }
                for mark in marks {
                    let _ = write!(vector, "'{mark}' ");
                }
                vector
            }
        }
    }
}

/// One thing that is looked for: it must stand there as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SearchTerm {
    /// Its words in order.
    words: Vec<String>,
    /// Whether the last word is only the beginning of one.
    begins: bool,
    /// What to mark in a text.
    shown: Vec<String>,
}

impl SearchTerm {
    fn of(runs: &[WordRun<'_>]) -> Option<Self> {
        let (last, before) = runs.split_last()?;
        let words = before.iter().flat_map(|run| run.words(false)).chain(last.words(true));
        Some(Self {
            words: words.map(str::to_owned).collect(),
            begins: WordRun::is_east_asian(last.text) && last.text.chars().count() == 1,
            shown: runs.iter().map(|run| run.text.to_owned()).collect(),
        })
    }

    fn written(&self, dialect: Dialect) -> String {
        match dialect {
            Dialect::Fts5 => format!("\"{}\"{}", self.words.join(" "), if self.begins { " *" } else { "" }),
            Dialect::Vector => {
                let words: Vec<String> = self.words.iter().map(|word| format!("'{word}'")).collect();
                format!("({}{})", words.join(" <-> "), if self.begins { ":*" } else { "" })
            }
        }
    }
}

/// What somebody looks for. Every term must stand in the contact; what is quoted stands there as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchWords(Vec<SearchTerm>);

/// Whether quotation marks of either kind begin or end here.
const fn quotes(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '「' | '」')
}

impl SearchWords {
    /// Most characters of what is looked for.
    pub const LONGEST: usize = 100;

    /// Reads what somebody typed: terms with blanks or punctuation between them, quotations as they are. `None` when nothing
    /// of it can be looked for, or when it is too much.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.chars().count() > Self::LONGEST {
            return None;
        }
        let normal = NormalText::of(typed);
        let mut terms = Vec::new();
        for (part, at) in normal.as_str().split(quotes).zip(0_usize..) {
            let runs = runs(part);
            if at % 2 == 1 {
                terms.extend(SearchTerm::of(&runs));
            } else {
                let apart = runs.chunk_by(|_, next| next.joined);
                terms.extend(apart.filter_map(SearchTerm::of));
            }
        }
        (1..=MOST_TERMS).contains(&terms.len()).then_some(Self(terms))
    }

    /// Where in a text the terms stand, in order and without overlaps; first how many different ones.
    #[must_use]
    pub fn hits(&self, text: &str) -> (usize, Vec<Span>) {
        let normal = NormalText::of(text);
        let runs = runs(normal.as_str());
        let mut spans = Vec::new();
        let mut found = 0;
        for shown in self.0.iter().flat_map(|term| &term.shown) {
            let before = spans.len();
            for run in &runs {
                let places: Vec<usize> = if WordRun::is_east_asian(shown) {
                    run.text.match_indices(shown.as_str()).map(|(at, _)| at).collect()
                } else {
                    (run.text == shown).then_some(0).into_iter().collect()
                };
                let from = places.into_iter().map(|at| run.from + at);
                spans.extend(from.map(|from| normal.original(from, from + shown.len())));
            }
            found += usize::from(spans.len() > before);
        }
        spans.sort();
        spans.dedup_by(|next, before| {
            let overlap = before.overlaps(*next);
            if overlap {
                before.end = before.end.max(next.end);
            }
            overlap
        });
        (found, spans)
    }
}

/// What the index is asked: words, marks or both; `None` when neither narrows anything.
pub(super) fn index_query<'a>(
    dialect: Dialect,
    words: Option<&SearchWords>,
    marks: impl Iterator<Item = (IndexMark, &'a str)>,
) -> Option<String> {
    let terms = words.into_iter().flat_map(|words| &words.0).map(|term| term.written(dialect));
    let marks = marks.map(|(mark, value)| match dialect {
        Dialect::Fts5 => format!("\"{}\"", mark.word(value)),
        Dialect::Vector => format!("'{}'", mark.word(value)),
    });
    let parts: Vec<String> = terms.chain(marks).collect();
    let and = match dialect {
        Dialect::Fts5 => " AND ",
        Dialect::Vector => " & ",
    };
    (!parts.is_empty()).then(|| parts.join(and))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> String {
        ContactWords::of([text].into_iter()).0.join(" ")
    }

    fn asked(typed: &str) -> String {
        index_query(Dialect::Fts5, SearchWords::parse(typed).as_ref(), [].into_iter()).unwrap_or_default()
    }

    #[test]
    fn chinese_is_held_in_pairs_and_latin_in_words() {
        assert_eq!(words("我要求退费，办５Ｇ套餐"), "我要 要求 求退 退费 费 办 5g 套餐 餐");
        assert_eq!(words(FORGOTTEN), "");
    }

    #[test]
    fn what_is_typed_must_stand_there_as_one_and_blanks_part_it() {
        assert_eq!(asked("要求退费"), "\"要求 求退 退费\"");
        assert_eq!(asked("退费 投诉"), "\"退费\" AND \"投诉\"");
        assert_eq!(asked("退费，投诉"), "\"退费\" AND \"投诉\"");
        assert_eq!(asked("“退费，投诉”"), "\"退费 费 投诉\"");
        assert_eq!(asked("5G套餐"), "\"5g 套餐\"");
        assert_eq!(asked("费"), "\"费\" *");
        assert_eq!(asked("  ，！ "), "");
        assert_eq!(asked(&"费 ".repeat(9)), "", "more than anybody looks for");
    }

    #[test]
    fn hits_are_marked_where_they_stand_in_the_text_as_written() {
        let hits = |typed: &str, text: &str| {
            let (found, spans) = SearchWords::parse(typed).unwrap().hits(text);
            (found, spans.iter().map(|span| span.slice(text).to_owned()).collect::<Vec<_>>())
        };

        assert_eq!(hits("退费", "退费！我要退费"), (1, vec!["退费".to_owned(), "退费".to_owned()]));
        assert_eq!(hits("5g 套餐", "办５Ｇ套餐"), (2, vec!["５Ｇ".to_owned(), "套餐".to_owned()]));
        assert_eq!(hits("ab", "abc"), (0, Vec::new()), "a Latin word is whole");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_asks_for_nothing_that_the_index_would_misread(typed in "\\PC{0,60}") {
            if let Some(words) = SearchWords::parse(&typed) {
                for word in words.0.iter().flat_map(|term| &term.words) {
                    prop_assert!(!word.is_empty() && word.chars().all(char::is_alphanumeric), "{word}");
                }
                let _ = words.hits(&typed);
            }
        }

        #[test]
        fn every_part_of_a_text_is_found_in_it(text in "[要求退费宽带5Ga，。 ]{1,30}", from in 0_usize..30, length in 1_usize..9) {
            let part: String = text.chars().skip(from).take(length).collect();
            let quoted = format!("\"{part}\"");
            // A Latin word is found whole only.
            prop_assume!(!part.chars().any(|c| c.is_ascii_alphanumeric()));
            if let Some(asked) = SearchWords::parse(&quoted) {
                let held = ContactWords::of([text.as_str()].into_iter()).0;
                let term = &asked.0[0];
                let found = held.windows(term.words.len()).any(|window| {
                    let (last, before) = term.words.split_last().unwrap();
                    window[..before.len()] == *before
                        && if term.begins { window[before.len()].starts_with(last.as_str()) } else { window[before.len()] == *last }
                });
                prop_assert!(found, "{quoted} in {text}: {held:?}");
            }
        }
    }
}
