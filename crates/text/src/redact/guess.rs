//! Finds names that nothing announces, by weighing: is «王建国» a name, or are «王», «建», «国» words?
//!
//! Both readings of the surrounding words are priced in nats, the one by `likely`, the other by the dictionary
//! that cuts text into words, and what stands before and behind tips the scale.

use crate::domain::RedactionKind;
use crate::segment::Word;

use super::chars::{CharRange, Text};
use super::company::{after, before};
use super::cues::SHORT_TITLES;
use super::dictionary::DICTIONARY;
use super::known::{is_known, is_place};
use super::likely::{cost, is_surname, surname_cost};
use super::line::{Hit, SearchedLine};
use super::surnames::{begins_a_word, double, is_doubtful, may_be_given};

/// What a name must weigh more than the words that it could be instead.
///
/// **Source**: set by the project on its development lines (`models/redaction/dev.jsonl`).
const MARGIN: [f64; 2] = [2.5, -1.0];
/// A name found with this much to spare is looked for in the rest of the contact.
const CERTAIN: f64 = 4.0;
/// What it costs a name to begin with an everyday word.
const BEGINS_A_WORD: f64 = 3.5;
/// Words before a name that are worth as much as this announce it.
const ANNOUNCED: f64 = 3.0;
/// What «总», «姐» and the like cost behind a surname.
const TITLE: f64 = 3.5;
/// Characters on either side that are read with a name.
const AROUND: usize = 6;
/// The most that a single character costs as a word.
const RARE: f64 = 12.5;
/// A person of the dictionary who is named more often than this is known to everybody: «毛泽东».
const FAMOUS: f64 = 12.5;
/// A name that the dictionary has itself is weighed against this instead of the cost of the entry, for the entry is
/// no word: less for two characters, which are words more often than they are people.
const LISTED: [f64; 2] = [17.0, 24.0];

/// What the dictionary has among people and is none.
const NOBODY: &[&str] = &[
    "王老吉",
    "车厘子",
    "林子里",
    "马路边",
    "宋体字",
    "康师傅",
    "王八蛋",
    "高速路",
    "白花花",
    "白费劲",
    "万元户",
    "马后炮",
    "高清线",
    "白开水",
    "何时能",
];

/// What the words that make up `text` cost.
fn words(text: &str) -> f64 {
    DICTIONARY.weigh(text).map(|word| worth(&word)).sum()
}

/// What a word costs. A rare character is no sign of a name, so none costs more than [`RARE`].
fn worth(word: &Word<'_>) -> f64 {
    if word.text.chars().nth(1).is_none() { word.cost.min(RARE) } else { word.cost }
}

/// A name and by how much it outweighs the words.
struct Guess {
    place: CharRange,
    gain: f64,
}

/// Finds names in one line; returns those that are certain.
pub(super) fn find(line: &mut SearchedLine) -> Vec<String> {
    let text = Text::of(line.text());
    if !text.only.iter().any(|c| is_surname(*c)) {
        return Vec::new();
    }
    let mut guesses: Vec<Guess> = Vec::new();
    let mut start = 0;
    for run in text.only.chunk_by(|a, b| is_han(*a) == is_han(*b)) {
        let run = start..start + run.len();
        start = run.end;
        if text.char(run.start).is_some_and(is_han) {
            guesses.extend(run.clone().flat_map(|at| guesses_at(&text, &run, at)));
        }
    }
    guesses.sort_by(|a, b| b.gain.total_cmp(&a.gain));
    let mut taken: Vec<CharRange> = Vec::new();
    let mut certain = Vec::new();
    for Guess { place, gain } in guesses {
        if taken.iter().any(|other| place.start < other.end && other.start < place.end) {
            continue;
        }
        if gain > CERTAIN && place.len() > 2 {
            certain.push(text.slice(&place));
        }
        line.mark(Hit { from: text.byte(place.start), to: text.byte(place.end), kind: RedactionKind::Name });
        taken.push(place);
    }
    certain
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Names that begin at `at` and outweigh the words there.
fn guesses_at(text: &Text, run: &CharRange, at: usize) -> Vec<Guess> {
    let family = if double(text.from(at)) {
        2
    } else if text.char(at).is_some_and(is_surname) {
        1
    } else {
        return Vec::new();
    };
    let bonus = before(text, at);
    if bonus < ANNOUNCED && is_doubtful(text.before(at), text.from(at)) {
        return Vec::new();
    }
    // «孙女儿», «马上发»: only names of usual characters outweigh the word that they begin with.
    let bonus = if bonus < ANNOUNCED && begins_a_word(text.from(at)) { bonus - BEGINS_A_WORD } else { bonus };
    (1..=2)
        .filter_map(|given| {
            let place = at..at + family + given;
            let names = text.only.get(at..place.end.min(run.end))?;
            let (family, given) = names.split_at_checked(family)?;
            if !may_be_given(given) || (bonus < ANNOUNCED && (is_place(given) || famous(text, &place))) {
                return None;
            }
            let title = given.first().is_some_and(|c| SHORT_TITLES.contains(*c));
            if title && given.len() > 1 {
                return None;
            }
            let price = if title { surname_cost(family)? + TITLE } else { cost(family, given)? };
            let margin = *MARGIN.get(names.len().saturating_sub(2).min(1))?;
            let gain = gain(text, run, &place, price) + bonus + after(text, place.end, run.end) - margin;
            // Of «刘姐» the title stays.
            let place = if title { at..at + family.len() } else { place };
            (gain > 0.0).then_some(Guess { place, gain })
        })
        .collect()
}

/// Whether everybody knows who is named at `place`.
fn famous(text: &Text, place: &CharRange) -> bool {
    is_known(&text.slice(place), &text.slice(&(place.end..place.end + 2)))
}

/// By how much the name at `place` is likelier than the words around it.
fn gain(text: &Text, run: &CharRange, place: &CharRange, price: f64) -> f64 {
    let left = place.start.saturating_sub(AROUND).max(run.start);
    let right = (place.end + AROUND).min(run.end);
    let around = text.slice(&(left..right));
    let name = text.slice(place);
    let (mut plain, mut listed) = (0.0, None);
    for word in DICTIONARY.weigh(&around) {
        plain += worth(&word);
        if word.person && word.text == name && !NOBODY.contains(&word.text) {
            listed = Some(word.cost);
        }
    }
    let apart = words(&text.slice(&(left..place.start))) + words(&text.slice(&(place.end..right)));
    let gain = plain - apart - price;
    match listed {
        Some(cost) if cost > FAMOUS => {
            gain.max(LISTED.get(place.len().saturating_sub(2)).copied().unwrap_or_default() - price)
        }
        _ => gain,
    }
}
