//! Finds what the rules do not know: a linear-chain model over characters that learnt from marked lines.
//!
//! | file | |
//! |---|---|
//! | `view` | a line as the tagger reads it |
//! | `class` | kinds of characters |
//! | `gate` | whether a line is read at all |
//! | `mix` | numbers that stand for traits |
//! | `traits` | what it knows about a character |
//! | `model` | the weights, and the likeliest labels |
//!
//! `models/redaction/train.py` learns the weights.

mod class;
mod gate;
mod mix;
mod model;
#[cfg(test)]
mod tests;
mod traits;
mod view;

use super::cues::TITLES;
use super::known::{is_known, is_place};
use super::line::{Hit, SearchedLine};
use super::number::{Hint, is_service};
use super::numerals::numeral;
use super::surnames::begins_a_word;
use super::words::{Before, hint_before, is_before_unit, is_behind_currency};
use crate::domain::{RawText, RedactionKind, Span};
use class::GONE;
use model::Model;
use traits::Reader;
use view::{Sign, View};

/// What the labels stand for, four each: begin, inside, end, alone. Label 0 is «nothing personal».
const KINDS: [RedactionKind; 6] = [
    RedactionKind::Name,
    RedactionKind::Address,
    RedactionKind::BirthDate,
    RedactionKind::Email,
    RedactionKind::Number,
    RedactionKind::Plate,
];
const PARTS: usize = 4;
const BEGIN: usize = 0;
const END: usize = 2;
const ALONE: usize = 3;

/// Personal places in a line that was not redacted before.
pub(super) fn find(line: &SearchedLine) -> Vec<Hit> {
    if line.was_redacted {
        return Vec::new();
    }
    let signs = view::signs(line.text());
    if !gate::opens(&signs) {
        return Vec::new();
    }
    let view = View::of(signs);
    let labels = Model::shared().labels(&Reader::of(&view), view.signs.len());
    let mut hits = Vec::new();
    let mut start = 0;
    for (at, label) in labels.into_iter().enumerate() {
        let Some(label) = label.checked_sub(1) else { continue };
        let part = label % PARTS;
        if matches!(part, BEGIN | ALONE) {
            start = at;
        }
        let signs = view.signs.get(start..=at).unwrap_or_default();
        if matches!(part, END | ALONE)
            && let (Some(first), Some(last), Some(kind)) =
                (signs.first(), signs.last(), KINDS.get(label / PARTS))
            && signs.iter().any(|sign| sign.c != GONE)
        {
            let place = Hit { from: first.from, to: last.to, kind: *kind };
            let found = match kind {
                RedactionKind::Number => number(line.text(), place, signs),
                RedactionKind::Name => name(line.text(), place, signs),
                RedactionKind::Address if line.text().get(..place.to).is_some_and(is_terminal) => None,
                RedactionKind::BirthDate if is_of_business(line.text(), place.to) => None,
                RedactionKind::BirthDate if is_no_day(&digits(signs)) => None,
                _ => Some(place),
            };
            hits.extend(found.map(|hit| line.whole(hit)));
        }
    }
    hits
}

/// What happens to contracts, and not to people, on the day before it.
const BUSINESS: &[&str] =
    &["到期", "过期", "生效", "失效", "截止", "开通", "办的", "办理", "扣的", "扣费", "停机"];

/// Whether a date that ends before the byte `to` is one of a contract.
fn is_of_business(text: &str, to: usize) -> bool {
    text.get(to..).is_some_and(|rest| BUSINESS.iter().any(|word| rest.trim_start().starts_with(word)))
}

/// Whether what ends here is a part of an airport, where everybody goes.
fn is_terminal(text: &str) -> bool {
    ["航站楼", "候机楼"].iter().any(|hall| text.ends_with(hall))
}

/// The name without the title behind it; `None` where an everyday word begins: «客户张口要求退费».
fn name(text: &str, place: Hit, signs: &[Sign]) -> Option<Hit> {
    // «客户» is said before verbs much more often than before names, and the rules know the names there.
    if text.get(..place.from).is_some_and(|before| before.ends_with("客户") || before.ends_with("用户")) {
        return None;
    }
    let written: String = signs.iter().map(|sign| sign.c).collect();
    let title =
        TITLES.iter().filter(|title| written.ends_with(**title)).map(|title| title.chars().count()).max();
    let signs = signs.get(..signs.len() - title.unwrap_or_default()).filter(|signs| !signs.is_empty())?;
    let chars: Vec<char> = signs.iter().map(|sign| sign.c).collect();
    let last = signs.last()?;
    let wished = chars == ['祝'];
    // «Zhang San» is a name in letters, «HYPERLINK» is a word.
    let one_word = chars.iter().all(char::is_ascii) && !signs.iter().skip(1).any(|sign| sign.spaced);
    let bare: String = chars.iter().collect();
    let known = is_known(&bare, text.get(last.to..).unwrap_or_default())
        || chars.split_first().is_some_and(|(_, given)| is_place(given));
    (!wished && !one_word && !known && !begins_a_word(&chars)).then_some(Hit { to: last.to, ..place })
}

/// Whether digits are only typed or counted, or are days or two telephones, which the rules know.
fn is_for_the_rules(digits: &[u8]) -> bool {
    let days = matches!(digits.len(), 8 | 16) && digits.chunks(8).all(|day| day.starts_with(b"20"));
    days || is_one_digit(digits) || is_counted_twice(digits) || digits.len() == 22
}

/// Whether digits cannot be a year, a month and a day: a digit held down, or a list of prices.
fn is_no_day(digits: &[u8]) -> bool {
    is_one_digit(digits) || digits.len() > "19850312".len()
}

/// Whether one digit was held down: «5555555» cries, «66666» applauds.
fn is_one_digit(digits: &[u8]) -> bool {
    digits.len() > 4 && digits.windows(2).all(|pair| pair.first() == pair.last())
}

/// Whether somebody counts and begins anew, to hear whether the line works: «喂，一二三，一二三四».
fn is_counted_twice(digits: &[u8]) -> bool {
    let counts = |pair: &[u8]| matches!(pair, [before, after] if *after == b'1' || *after == *before + 1);
    let begins_anew = digits.iter().skip(1).any(|digit| *digit == b'1');
    digits.starts_with(b"12") && begins_anew && digits.windows(2).all(counts)
}

/// The digits that are written or spoken in a place.
fn digits(signs: &[Sign]) -> Vec<u8> {
    signs.iter().filter_map(|sign| numeral(sign.c)).map(|(digit, _)| digit).collect()
}

/// What kind of number stands there; `None` if the rules know that it is nobody's: an amount, the number of an order, a
/// public service.
fn number(text: &str, place: Hit, signs: &[Sign]) -> Option<Hit> {
    let digits = digits(signs);
    let letters = signs.iter().any(|sign| sign.c.is_ascii_alphabetic() && sign.c != 'x');
    let kind = match (digits.len(), digits.first()) {
        _ if letters => RedactionKind::Number,
        // «138 168 198 99这几个套餐»: prices, not a number to call.
        (11, Some(b'1')) if text.get(place.to..).is_some_and(|rest| rest.starts_with("这几")) => {
            return None;
        }
        (11, Some(b'1')) => RedactionKind::Phone,
        (15 | 17 | 18, _) => RedactionKind::IdCard,
        (16 | 19, _) => RedactionKind::BankCard,
        _ => RedactionKind::Number,
    };
    let order = kind != RedactionKind::Phone
        && matches!(hint_before(text, place.from), Some(Before::Says(Hint::Order)));
    let amount = !letters && (is_behind_currency(text, place.from) || is_before_unit(text, place.to));
    (!order && !amount && !is_service(&digits) && (letters || !is_for_the_rules(&digits)))
        .then_some(Hit { kind, ..place })
}

/// What the tagger knows about a character, for its trainer.
#[derive(Debug)]
pub struct CharacterTraits {
    /// Where it stands in the original.
    pub place: Span,
    /// The traits that the chain weighs.
    pub traits: Vec<u32>,
    /// The weights of the gate that speak about it.
    pub keys: Vec<u32>,
}

/// What the tagger knows about every character of a text that is no blank.
#[must_use]
pub fn traits_of(text: &RawText) -> Vec<CharacterTraits> {
    let line = SearchedLine::new(None, text.expose());
    let view = View::of(view::signs(line.text()));
    let reader = Reader::of(&view);
    let mut traits = Vec::new();
    let signs = view.signs.iter().enumerate();
    signs
        .map(|(at, sign)| {
            reader.traits(at, &mut traits);
            CharacterTraits {
                place: line.normal.original(sign.from, sign.to),
                traits: traits.clone(),
                keys: gate::keys(&view.signs, at).to_vec(),
            }
        })
        .collect()
}
