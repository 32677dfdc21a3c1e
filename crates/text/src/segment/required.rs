//! From a pattern to words of which every match must contain one.
//!
//! A thousand patterns cannot be tried on every utterance: at half a microsecond each that alone
//! would be five times the time an utterance may take. One automaton over these words selects the
//! handful of patterns that can match at all. A `RegexSet` of the same patterns was rejected: gaps
//! such as `.{0,12}` make its lazy automaton forget its states all the time, and it does not say
//! where a match is.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::domain::NormalText;

/// Most words that stand for one part of a pattern. More would help no further and cost memory.
const MOST_WORDS: usize = 192;
/// Most characters of a class that are spelled out.
const MOST_CHARS: usize = 24;

type WordSet = BTreeSet<String>;

/// Words of which every match in a normalised text contains at least one; `None` when there are
/// none.
#[must_use]
pub(super) fn words(pattern: &Hir) -> Option<Vec<String>> {
    required(pattern).map(|words| words.into_iter().collect())
}

fn required(hir: &Hir) -> Option<WordSet> {
    if let Some(words) = language(hir) {
        return usable(words);
    }
    match hir.kind() {
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Alternation(branches) => {
            let mut all = WordSet::new();
            for branch in branches {
                all.append(&mut required(branch)?);
            }
            Some(shortest(all))
        }
        HirKind::Concat(parts) => best_of(parts),
        HirKind::Repetition(_)
        | HirKind::Empty
        | HirKind::Literal(_)
        | HirKind::Class(_)
        | HirKind::Look(_) => None,
    }
}

/// The most selective choice among the parts of a sequence and the runs of them that can be spelled
/// out.
fn best_of(parts: &[Hir]) -> Option<WordSet> {
    let mut choices: Vec<WordSet> = Vec::new();
    let mut run = one("");
    for part in parts {
        let Some(words) = language(part) else {
            choices.extend(usable(std::mem::replace(&mut run, one(""))));
            choices.extend(required(part));
            continue;
        };
        choices.extend(usable(words.clone()));
        run = if let Some(longer) = joined(&run, &words) {
            longer
        } else {
            choices.extend(usable(run));
            words
        };
    }
    choices.extend(usable(run));
    choices.into_iter().min_by(|a, b| frequency(a).total_cmp(&frequency(b)))
}

/// Every text that `hir` matches, if there are few.
fn language(hir: &Hir) -> Option<WordSet> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(one("")),
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(possible),
        HirKind::Class(class) => spelled_out(class),
        HirKind::Capture(capture) => language(&capture.sub),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.filter(|most| *most <= 3)?;
            let once = language(&repetition.sub)?;
            let mut all = if repetition.min == 0 { one("") } else { WordSet::new() };
            let mut times = one("");
            for count in 1..=most {
                times = joined(&times, &once)?;
                if count >= repetition.min {
                    all.extend(times.iter().cloned());
                }
            }
            few(all)
        }
        HirKind::Concat(parts) => {
            parts.iter().try_fold(one(""), |words, part| joined(&words, &language(part)?))
        }
        HirKind::Alternation(branches) => {
            let mut all = WordSet::new();
            for branch in branches {
                all.append(&mut language(branch)?);
            }
            few(all)
        }
    }
}

fn spelled_out(class: &Class) -> Option<WordSet> {
    let Class::Unicode(class) = class else { return None };
    let size: usize = class.ranges().iter().map(regex_syntax::hir::ClassUnicodeRange::len).sum();
    if size > MOST_CHARS {
        return None;
    }
    let chars = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    Some(chars.flat_map(|c| possible(c.encode_utf8(&mut [0; 4]))).collect())
}

/// The word itself, or nothing when a normalised text cannot hold it, as with capital letters.
fn possible(word: &str) -> WordSet {
    if NormalText::of(word).as_str() == word { one(word) } else { WordSet::new() }
}

fn joined(heads: &WordSet, tails: &WordSet) -> Option<WordSet> {
    if heads.len() * tails.len() > MOST_WORDS {
        return None;
    }
    Some(heads.iter().flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}"))).collect())
}

fn usable(words: WordSet) -> Option<WordSet> {
    if words.contains("") { None } else { Some(shortest(words)) }
}

/// Leaves out every word that holds another one: finding the shorter is enough.
fn shortest(mut words: WordSet) -> WordSet {
    let all = words.clone();
    words.retain(|word| !all.iter().any(|other| other != word && word.contains(other.as_str())));
    words
}

fn few(words: WordSet) -> Option<WordSet> {
    (words.len() <= MOST_WORDS).then_some(words)
}

fn one(word: &str) -> WordSet {
    WordSet::from([word.to_owned()])
}

/// A rough share of utterances that hold one of the words: one Chinese character in 25 utterances.
fn frequency(words: &WordSet) -> f64 {
    words.iter().map(|word| 0.04_f64.powi(i32::try_from(word.chars().count()).unwrap_or(8).min(8))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Option<Vec<String>> {
        words(&regex_syntax::parse(pattern).unwrap())
    }

    #[test]
    fn every_match_of_a_sequence_holds_its_rarest_part() {
        assert_eq!(of("(我|你)?.{0,8}(工信部|通管局)(.{0,6})(投诉|举报)").unwrap(), ["工信部", "通管局"]);
    }

    #[test]
    fn neighbouring_parts_are_joined_to_longer_words() {
        assert_eq!(of("你(算|算是)什么(东西)?").unwrap(), ["你算什么", "你算是什么"]);
    }

    #[test]
    fn every_branch_of_a_choice_needs_a_word() {
        assert_eq!(of("骗子|.{3}"), None);
        assert_eq!(of("骗子|土匪.*").unwrap(), ["土匪", "骗子"]);
    }

    #[test]
    fn an_optional_part_is_no_requirement() {
        assert_eq!(of("(滚)?.{0,3}"), None);
    }

    #[test]
    fn letters_are_looked_for_in_lower_case_only() {
        assert_eq!(of("傻(b|B|逼)").unwrap(), ["傻b", "傻逼"]);
        assert_eq!(of("(?i:sb)").unwrap(), ["sb"]);
    }
}
