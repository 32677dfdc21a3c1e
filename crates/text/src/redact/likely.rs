//! How unlikely it is that somebody has a given name: a small model of the characters in each place of a name.
//!
//! `names.tsv` holds minus the logarithms of their shares, written by `models/redaction/names.py`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A word of running text is a name about once in 250.
///
/// **Source**: set by the project on its development lines (`models/redaction/dev.jsonl`).
const PRIOR: f64 = 5.5;
/// Four names in five have two characters behind the surname.
const TWO: f64 = 0.2;
const ONE: f64 = 1.6;
/// The same character once more: «彬彬», «芸芸».
const TWICE: f64 = 3.0;
/// A surname of two characters.
const DOUBLE: f64 = 6.0;
/// What a character costs that no name of the list has: names are made of nearly every character.
const UNKNOWN: f64 = 10.5;

static COSTS: LazyLock<HashMap<(Part, char), f64>> = LazyLock::new(costs);

/// A part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Surname,
    First,
    Second,
    Alone,
}

fn costs() -> HashMap<(Part, char), f64> {
    let mut costs = HashMap::new();
    for line in include_str!("names.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let part = match cells.next() {
            Some("surname") => Part::Surname,
            Some("first") => Part::First,
            Some("second") => Part::Second,
            Some("alone") => Part::Alone,
            _ => continue,
        };
        let cost: Option<f64> = cells.next().and_then(|cell| cell.parse().ok());
        let (Some(cost), Some(characters)) = (cost, cells.next()) else { continue };
        costs.extend(characters.chars().map(|c| ((part, c), cost / 10.0)));
    }
    costs
}

/// Whether people have this surname of one character.
pub(super) fn is_surname(c: char) -> bool {
    COSTS.contains_key(&(Part::Surname, c))
}

/// Minus the logarithm of how often running text holds somebody of this surname.
pub(super) fn surname_cost(family: &[char]) -> Option<f64> {
    let cost = match family {
        [one] => *COSTS.get(&(Part::Surname, *one))?,
        _ => DOUBLE,
    };
    Some(PRIOR + cost)
}

/// Minus the logarithm of how often running text holds this name; `None` if it could not be one.
pub(super) fn cost(family: &[char], given: &[char]) -> Option<f64> {
    let surname = surname_cost(family)?;
    let of = |part, c: &char| COSTS.get(&(part, *c)).copied().unwrap_or(UNKNOWN);
    let given = match given {
        [alone] => ONE + of(Part::Alone, alone),
        [first, second] if first == second => TWO + of(Part::First, first) + TWICE,
        [first, second] => TWO + of(Part::First, first) + of(Part::Second, second),
        _ => return None,
    };
    Some(surname + given)
}

/// What one character costs in each part of a name, in steps of a nat and a half; 0 where no name of the list has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Prices {
    pub(super) surname: u8,
    pub(super) first: u8,
    pub(super) second: u8,
    pub(super) alone: u8,
}

/// By how far a character stands behind the first Chinese one: this is asked of every character of every line.
static PRICES: LazyLock<Vec<Prices>> = LazyLock::new(prices);

/// The first Chinese character and how many there are.
const HAN: (u32, usize) = (0x4e00, 0x5200);

fn prices() -> Vec<Prices> {
    let mut prices = vec![Prices::default(); HAN.1];
    for ((part, c), cost) in &*COSTS {
        // The lists end at a dozen nats, so the steps are few.
        let step = (1..=9).find(|step| *cost < 3.0 + 1.5 * f64::from(*step)).unwrap_or(9_u8);
        let Some(of) = place(*c).and_then(|place| prices.get_mut(place)) else { continue };
        match part {
            Part::Surname => of.surname = step,
            Part::First => of.first = step,
            Part::Second => of.second = step,
            Part::Alone => of.alone = step,
        }
    }
    prices
}

fn place(c: char) -> Option<usize> {
    usize::try_from(u32::from(c).checked_sub(HAN.0)?).ok()
}

impl Prices {
    pub(super) fn of(c: char) -> Self {
        place(c).and_then(|place| PRICES.get(place)).copied().unwrap_or_default()
    }
}
