//! What redaction costs grows with the length of the text and not with its square.

#![cfg(test)]

use super::{SearchedLine, find, replace};
use crate::domain::{NormalText, Speaker};

/// Nanoseconds that this thread has computed: others that need the processor do not count.
fn computed() -> u64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    spent.split(' ').next().unwrap().parse().unwrap()
}

/// The clock of the processor ticks every few milliseconds, so work is done until many ticks have
/// gone by.
const ENOUGH: u64 = 60_000_000;

/// Nanoseconds for a byte.
fn cost(bytes: usize, mut work: impl FnMut()) -> f64 {
    let (begun, mut done) = (computed(), 0.0);
    loop {
        work();
        done += f64::from(u32::try_from(bytes).unwrap());
        let spent = computed() - begun;
        if spent >= ENOUGH {
            return f64::from(u32::try_from(spent / 1_000).unwrap()) * 1_000.0 / done;
        }
    }
}

/// Eight times the length costs eight times as much, and a byte the same; were it the square, a
/// byte would cost eight times.
fn check(what: &str, short: f64, long: f64) {
    assert!(long < 4.0 * short, "«{what}»: {short} ns a byte, then {long} ns");
}

/// Redacts so many turns of `bytes` bytes.
fn redact(turns: usize, pattern: &str, bytes: usize) {
    let text = pattern.repeat(bytes / pattern.len());
    let mut lines: Vec<SearchedLine> =
        (0..turns).map(|_| SearchedLine::new(Some(Speaker::Customer), &text)).collect();
    find(&mut lines);
    for line in lines {
        assert!(!replace::line(&text, Some(line)).text.as_str().is_empty());
    }
}

const PATTERNS: [&str; 10] = [
    "1 3 8-",
    "1 3 8-…",
    "13800001234，",
    "一三八零零零零一二三四嗯",
    "我叫王小明，",
    "住在朝阳里12号楼3单元，",
    "装到柳塘湾后面第三排那家，",
    "密码是1 2 3 4 5 6 ",
    "a.b@c.cn ",
    "宽带又断了，",
];

#[test]
fn a_byte_of_a_long_turn_costs_what_a_byte_of_a_short_one_does() {
    for pattern in PATTERNS {
        let [short, long] = [8, 64].map(|kib| cost(kib * 1024, || redact(1, pattern, kib * 1024)));

        check(pattern, short, long);
    }
}

#[test]
fn a_turn_of_many_costs_what_a_turn_of_few_does() {
    for pattern in PATTERNS {
        let [few, many] = [100, 800].map(|turns| cost(turns, || redact(turns, pattern, 64)));

        check(pattern, few, many);
    }
}

#[test]
fn a_place_in_a_long_text_is_found_as_fast_as_one_in_a_short_one() {
    let [short, long] = [16, 128].map(|kib| {
        let text = "宽带".repeat(kib * 1024 / 6);
        let normal = NormalText::of(&text);
        cost(text.len(), || {
            assert!((0..text.len()).step_by(6).all(|at| normal.original(at, at + 6).start == at / 3));
        })
    });

    check("places", short, long);
}
