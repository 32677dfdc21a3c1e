//! Tells at a glance whether a line may hold anything that the tagger would find.
//!
//! Most lines of a contact hold nothing personal, and to read one with every trait costs more than all rules. The gate
//! asks eight cheap things of each character and lets a line pass when one of its characters weighs enough. It learnt
//! beside the tagger (`models/redaction/gate.py`), which is asked about every line that passes.

use super::mix::mix;
use super::view::Sign;

/// The weight that opens, then one weight for each key; written by `models/redaction/train.py`.
const FILE: &[u8] = include_bytes!("../../../../../models/redaction/gate.bin");
/// So many bits of a key choose its weight.
const BITS: u32 = 16;
pub(super) const KEYS: usize = 8;

/// Whether the tagger should read the line.
pub(super) fn opens(signs: &[Sign]) -> bool {
    let Some((least, weights)) = FILE.split_first_chunk::<4>() else { return true };
    let least = i32::from_le_bytes(*least);
    (0..signs.len()).any(|at| {
        let weight = |key: u32| usize::try_from(key).ok().and_then(|key| weights.get(key)).copied();
        let sum: i32 = keys(signs, at)
            .into_iter()
            .filter_map(weight)
            .map(|weight| i32::from(weight.cast_signed()))
            .sum();
        sum >= least
    })
}

/// Which weights speak about a character.
pub(super) fn keys(signs: &[Sign], at: usize) -> [u32; KEYS] {
    let sign = |offset: isize| at.checked_add_signed(offset).and_then(|at| signs.get(at));
    let c = |offset: isize| {
        sign(offset).map_or(u32::from(offset > 0), |sign| {
            // One digit is as good as another.
            if sign.c.is_ascii_digit() { u32::from('0') } else { u32::from(sign.c) }
        })
    };
    let class = |offset| sign(offset).map_or(99, |sign| u32::from(sign.class));
    let prices = |offset| sign(offset).map(|sign| sign.prices).unwrap_or_default();
    let name = [prices(0).surname, prices(1).first, prices(2).second].map(u32::from);
    [
        mix(1, [c(0)]),
        mix(2, [c(-1), c(0)]),
        mix(3, [c(0), c(1)]),
        mix(4, [c(-1), c(0), c(1)]),
        mix(5, [c(-2), c(-1)]),
        mix(6, [c(1), c(2)]),
        mix(7, [class(-1), class(0), class(1), class(2)]),
        mix(8, name),
    ]
    .map(|key| key >> (32 - BITS))
}
