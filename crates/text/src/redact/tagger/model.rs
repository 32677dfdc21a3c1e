//! The chain that was learnt: weights of traits for each label, and of one label behind another.
//!
//! All of it is whole numbers, so that sums do not depend on the order in which they are made.

use std::sync::LazyLock;

use super::traits::Reader;

/// Written by `models/redaction/train.py`.
const FILE: &[u8] = include_bytes!("../../../../../models/redaction/tagger.bin");
const MAGIC: &[u8] = b"TXTAG1\0\0";
/// Labels at most: outside, and four parts of each of six kinds.
pub(super) const WIDE: usize = 25;
/// A step that is never taken.
const NEVER: i32 = i32::MIN / 4;

type Row = [i32; WIDE];

static MODEL: LazyLock<Model> = LazyLock::new(load);

#[expect(
    clippy::expect_used,
    reason = "the file is compiled in, and every test of redaction runs through here"
)]
fn load() -> Model {
    Model::read(FILE).expect("the tagger that is compiled in can be read")
}

pub(super) struct Model {
    /// Whether there is any trait with these highest bits: most are none of the model's, and this is soon read.
    known: Vec<u64>,
    /// Key and row of each trait, by the lowest bits of its key.
    table: Vec<Option<(u32, u32)>>,
    weights: Vec<[i8; WIDE]>,
    /// The labels that may stand before each label, with what that weighs.
    before: Vec<Vec<(usize, i32)>>,
    first: Row,
    last: Row,
    /// What each label gains, for recall is worth more than precision.
    bonus: Row,
}

impl Model {
    pub(super) fn shared() -> &'static Self {
        &MODEL
    }

    /// Reads the file: magic, number of traits and of labels, steps, bonuses, keys, weights.
    fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (head, rest) = rest.split_at_checked(8)?;
        let [traits, labels] = numbers(head)[..] else { return None };
        let traits = usize::try_from(traits).ok()?;
        if usize::try_from(labels) != Ok(WIDE) {
            return None;
        }
        let (steps, rest) = rest.split_at_checked((WIDE + 1) * (WIDE + 1) * 4)?;
        let (bonus, rest) = rest.split_at_checked(WIDE * 4)?;
        let (keys, rest) = rest.split_at_checked(traits.checked_mul(4)?)?;
        let steps: Vec<Vec<i32>> = numbers(steps).chunks(WIDE + 1).map(<[i32]>::to_vec).collect();
        let weights: Vec<[i8; WIDE]> = rest
            .chunks_exact(WIDE)
            .filter_map(|row| <[u8; WIDE]>::try_from(row).ok())
            .map(|row| row.map(u8::cast_signed))
            .collect();
        if weights.len() != traits {
            return None;
        }
        let step = |from: usize, to: usize| steps.get(from)?.get(to).copied().filter(|step| *step > NEVER);
        let before = (0..WIDE)
            .map(|to| (0..WIDE).filter_map(|from| Some((from, step(from, to)?))).collect())
            .collect();
        Some(Self {
            known: known(&numbers(keys)),
            table: table(&numbers(keys)),
            weights,
            before,
            first: std::array::from_fn(|to| step(WIDE, to).unwrap_or(NEVER)),
            last: std::array::from_fn(|from| step(from, WIDE).unwrap_or(NEVER)),
            bonus: numbers(bonus).try_into().ok()?,
        })
    }

    fn row(&self, key: u32) -> Option<&[i8; WIDE]> {
        let (word, bit) = high(key);
        if self.known.get(word)? & bit == 0 {
            return None;
        }
        let mask = self.table.len() - 1;
        let mut at = usize::try_from(key).ok()? & mask;
        loop {
            let (found, row) = (*self.table.get(at)?)?;
            if found == key {
                return self.weights.get(usize::try_from(row).ok()?);
            }
            at = (at + 1) & mask;
        }
    }

    fn score(&self, traits: &[u32]) -> Row {
        let mut score = self.bonus;
        for row in traits.iter().filter_map(|key| self.row(*key)) {
            for (sum, weight) in score.iter_mut().zip(row) {
                *sum += i32::from(*weight);
            }
        }
        score
    }

    /// The likeliest labels of so many characters.
    pub(super) fn labels(&self, reader: &Reader<'_>, length: usize) -> Vec<usize> {
        let mut traits = Vec::with_capacity(96);
        let mut back: Vec<[u8; WIDE]> = Vec::with_capacity(length);
        let mut best = [0; WIDE];
        for at in 0..length {
            reader.traits(at, &mut traits);
            let score = self.score(&traits);
            let mut from = [0; WIDE];
            let mut next = self.first;
            if at > 0 {
                for ((to, before), from) in next.iter_mut().zip(&self.before).zip(&mut from) {
                    *to = NEVER;
                    for (label, step) in before {
                        let through = best.get(*label).copied().unwrap_or(NEVER).saturating_add(*step);
                        if through > *to {
                            *to = through;
                            *from = u8::try_from(*label).unwrap_or_default();
                        }
                    }
                }
            }
            let top =
                next.iter().zip(score).map(|(to, score)| to.saturating_add(score)).max().unwrap_or_default();
            // Kept small, for texts may be long.
            best = std::array::from_fn(|l| {
                let sum =
                    next.get(l).zip(score.get(l)).map_or(NEVER, |(to, score)| to.saturating_add(*score));
                (sum - top).max(NEVER)
            });
            back.push(from);
        }
        self.path(best, &back)
    }

    fn path(&self, best: Row, back: &[[u8; WIDE]]) -> Vec<usize> {
        let ends = best.iter().zip(self.last).map(|(best, last)| best.saturating_add(last));
        let Some((mut label, _)) =
            ends.enumerate().max_by_key(|(label, sum)| (*sum, std::cmp::Reverse(*label)))
        else {
            return Vec::new();
        };
        let mut labels = Vec::with_capacity(back.len());
        for from in back.iter().rev() {
            labels.push(label);
            label = from.get(label).copied().map_or(0, usize::from);
        }
        labels.reverse();
        labels
    }
}

fn numbers(bytes: &[u8]) -> Vec<i32> {
    bytes.chunks_exact(4).filter_map(|four| Some(i32::from_le_bytes(four.try_into().ok()?))).collect()
}

/// Bits of a key by which it is looked for first.
const HIGH: u32 = 19;

/// Where the bit of a key stands.
fn high(key: u32) -> (usize, u64) {
    let high = key >> (32 - HIGH);
    (usize::try_from(high / 64).unwrap_or_default(), 1 << (high % 64))
}

fn known(keys: &[i32]) -> Vec<u64> {
    let mut known = vec![0; 1 << (HIGH - 6)];
    for (word, bit) in keys.iter().map(|key| high(key.cast_unsigned())) {
        if let Some(known) = known.get_mut(word) {
            *known |= bit;
        }
    }
    known
}

/// Half of the places stay free, so that few keys are asked for one.
fn table(keys: &[i32]) -> Vec<Option<(u32, u32)>> {
    let size = (keys.len() * 2).next_power_of_two();
    let mut table = vec![None; size];
    for (row, key) in (0..).zip(keys.iter().map(|key| key.cast_unsigned())) {
        let mut at = usize::try_from(key).unwrap_or_default() & (size - 1);
        while table.get(at).is_some_and(Option::is_some) {
            at = (at + 1) & (size - 1);
        }
        if let Some(place) = table.get_mut(at) {
            *place = Some((key, row));
        }
    }
    table
}
