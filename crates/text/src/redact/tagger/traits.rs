//! What the tagger knows about a character: some eighty traits, each a number.
//!
//! The trainer (`models/redaction/train.py`) asks for the same numbers, so that nothing is written down twice.

use super::class;
use super::mix::mix;
use super::view::{DictionaryWord, Sign, View};

/// Digits, or words that say digits, that stand side by side.
#[derive(Debug, Clone, Copy, Default)]
struct DigitRun {
    from: usize,
    to: usize,
}

/// A view with what is counted once for all of its characters.
pub(super) struct Reader<'a> {
    view: &'a View,
    runs: Vec<DigitRun>,
    /// Digits before each character.
    digits: Vec<u32>,
}

fn is_digit(sign: Sign) -> bool {
    matches!(sign.class, class::DIGIT | class::SPOKEN) || "十百千两洞拐勾".contains(sign.c)
}

fn is_code(sign: Sign) -> bool {
    is_digit(sign) || sign.class == class::LATIN || "@._-".contains(sign.c)
}

/// A place from the beginning of which `len` characters are counted, in few steps.
fn steps(len: usize) -> u32 {
    match len {
        0..=8 => u32::try_from(len).unwrap_or(8),
        9..=10 => 9,
        11 => 11,
        12..=14 => 12,
        15..=16 => 15,
        17..=19 => 17,
        _ => 20,
    }
}

impl<'a> Reader<'a> {
    pub(super) fn of(view: &'a View) -> Self {
        let signs = &view.signs;
        let mut runs = vec![DigitRun::default(); signs.len()];
        let mut from = 0;
        for chunk in signs.chunk_by(|a, b| is_code(*a) == is_code(*b)) {
            let run = DigitRun { from, to: from + chunk.len() };
            if chunk.first().is_some_and(|sign| is_code(*sign)) {
                runs.iter_mut().take(run.to).skip(run.from).for_each(|at| *at = run);
            }
            from = run.to;
        }
        let mut digits = Vec::with_capacity(signs.len() + 1);
        let mut count = 0;
        digits.push(0);
        for sign in signs {
            count += u32::from(is_digit(*sign));
            digits.push(count);
        }
        Self { view, runs, digits }
    }

    fn sign(&self, at: usize, offset: isize) -> Option<Sign> {
        self.view.signs.get(at.checked_add_signed(offset)?).copied()
    }

    fn c(&self, at: usize, offset: isize) -> u32 {
        self.sign(at, offset).map_or(u32::from(offset > 0), |sign| {
            // One digit is as good as another.
            if sign.c.is_ascii_digit() { u32::from('0') } else { u32::from(sign.c) }
        })
    }

    fn class(&self, at: usize, offset: isize) -> u32 {
        self.sign(at, offset).map_or(99, |sign| u32::from(sign.class))
    }

    fn piece(&self, sign: Sign, offset: isize) -> DictionaryWord {
        let place = usize::try_from(sign.word).ok().and_then(|word| word.checked_add_signed(offset));
        let none = DictionaryWord { hash: u32::from(offset > 0), tag: u32::from(offset > 0), len: 0 };
        place.and_then(|place| self.view.pieces.get(place)).copied().unwrap_or(none)
    }

    fn digits(&self, from: usize, to: usize) -> u32 {
        let at = |at: usize| self.digits.get(at.min(self.view.signs.len())).copied().unwrap_or_default();
        at(to).saturating_sub(at(from)).min(12)
    }

    /// Leaves the traits of the character `at` in `found`.
    pub(super) fn traits(&self, at: usize, found: &mut Vec<u32>) {
        found.clear();
        let Some(sign) = self.view.signs.get(at).copied() else { return };
        self.letters(at, found);
        self.words(sign, found);
        self.names(at, sign, found);
        self.addresses(at, sign, found);
        self.numbers(at, found);
    }

    fn letters(&self, at: usize, found: &mut Vec<u32>) {
        let c = |offset| self.c(at, offset);
        let t = |offset| self.class(at, offset);
        found.extend((-3..=3).zip(10..).map(|(offset, kind)| mix(kind, [c(offset)])));
        found.extend([
            mix(20, [c(-2), c(-1)]),
            mix(21, [c(-1), c(0)]),
            mix(22, [c(0), c(1)]),
            mix(23, [c(1), c(2)]),
            mix(24, [c(-2), c(-1), c(0)]),
            mix(25, [c(-1), c(0), c(1)]),
            mix(26, [c(0), c(1), c(2)]),
            mix(27, [c(-3), c(-2), c(-1)]),
            mix(30, [t(-1), t(0), t(1)]),
            mix(31, [t(-2), t(-1), t(0), t(1), t(2)]),
            mix(32, [t(-3), t(-2), t(-1), t(0)]),
            mix(33, [t(0), t(1), t(2), t(3)]),
            mix(34, [c(0), t(-1)]),
            mix(35, [c(0), t(1)]),
            mix(36, [t(0), c(-1)]),
            mix(37, [t(0), c(1)]),
            mix(38, [t(0), t(1), t(2), t(3), t(4), t(5)]),
            mix(39, [t(-5), t(-4), t(-3), t(-2), t(-1), t(0)]),
        ]);
    }

    fn words(&self, sign: Sign, found: &mut Vec<u32>) {
        let edge = u32::from(sign.edge);
        let [last, this, next] = [-1, 0, 1].map(|offset| self.piece(sign, offset));
        let [before, after] = [-2, 2].map(|offset| self.piece(sign, offset));
        let len = u32::from(this.len.min(5));
        found.extend([
            mix(40, [this.hash, edge]),
            mix(41, [last.hash, edge & 1]),
            mix(42, [next.hash, edge & 2]),
            mix(43, [last.tag, this.tag, edge]),
            mix(44, [this.tag, next.tag, edge]),
            mix(45, [this.tag, edge, len]),
            mix(46, [last.tag, this.tag, next.tag, edge]),
            mix(47, [last.hash, before.hash]),
            mix(48, [next.hash, after.hash]),
            mix(49, [last.hash, this.tag, edge, len]),
            mix(50, [next.hash, this.tag, edge, len]),
            mix(51, [before.tag, last.tag, this.tag, edge, len]),
            mix(52, [this.tag, next.tag, after.tag, edge, len]),
        ]);
        found.extend((-6..=-1).map(|offset| mix(55, [self.piece(sign, offset).hash])));
        found.extend((1..=4).map(|offset| mix(56, [self.piece(sign, offset).hash])));
    }

    /// Names that this character could begin, go on with or end.
    fn names(&self, at: usize, sign: Sign, found: &mut Vec<u32>) {
        let prices = |offset| self.sign(at, offset).map(|sign| sign.prices).unwrap_or_default();
        let edge = |offset, bit| self.sign(at, offset).map_or(0, |sign| u32::from(sign.edge & bit));
        let mine = sign.prices;
        found.push(mix(
            60,
            [u32::from(mine.surname), u32::from(mine.first.min(8)), u32::from(mine.second.min(8))],
        ));
        for (kind, offset) in (0_u32..).zip([0, -1, -2]) {
            let [family, first, second] = [offset, offset + 1, offset + 2].map(prices);
            let [family, alone] = [family.surname, first.alone].map(u32::from);
            let (first, second) = (u32::from(first.first), u32::from(second.second));
            if family == 0 {
                continue;
            }
            let three = [family.max(2), first, second].map(|step| step / 2);
            let whole = edge(offset, 1) + edge(offset + 2, 2);
            found.push(mix(61 + kind * 8, three.into_iter().chain([whole, edge(offset, 2)])));
            let before = self.sign(at, offset);
            let last = before.map_or(0, |sign| self.piece(sign, -1).tag);
            let ahead = self.c(at, offset - 1);
            let behind = self.c(at, offset + 3);
            found.push(mix(62 + kind * 8, [(family + first + second) / 3, whole, last]));
            found.push(mix(63 + kind * 8, [(family + first + second) / 3, ahead]));
            found.push(mix(64 + kind * 8, [(family + first + second) / 3, behind]));
            if kind < 2 {
                let whole = edge(offset, 1) + edge(offset + 1, 2);
                found.push(mix(65 + kind * 8, [family / 2, alone / 2, whole, edge(offset, 2)]));
                found.push(mix(66 + kind * 8, [(family + alone) / 3, ahead]));
                found.push(mix(67 + kind * 8, [(family + alone) / 3, self.c(at, offset + 2)]));
            }
        }
    }

    /// The nearest characters that end parts of addresses.
    fn addresses(&self, at: usize, sign: Sign, found: &mut Vec<u32>) {
        let ends = |offset: isize| {
            self.sign(at, offset).filter(|sign| (10..=15).contains(&sign.class)).map(|sign| {
                let far = u32::try_from(offset.unsigned_abs()).unwrap_or_default();
                (far, u32::from(sign.class), u32::from(sign.c))
            })
        };
        let (far, class, c) = (0..=6).find_map(ends).unwrap_or_default();
        found.push(mix(90, [far, class, u32::from(sign.class)]));
        found.push(mix(91, [far.min(3), c]));
        let (back, earlier, c) = (1..=6).map(|offset: isize| -offset).find_map(ends).unwrap_or_default();
        found.push(mix(92, [back, earlier, u32::from(sign.class)]));
        found.push(mix(93, [back.min(3), c]));
        found.push(mix(94, [far.min(4), class, back.min(4), earlier]));
        let count = (-8..=8).filter(|offset| ends(*offset).is_some()).count();
        found.push(mix(95, [steps(count), u32::from(sign.class)]));
    }

    fn numbers(&self, at: usize, found: &mut Vec<u32>) {
        let run = self.runs.get(at).copied().unwrap_or_default();
        let t = self.class(at, 0);
        let before = self.digits(at.saturating_sub(12), at);
        let after = self.digits(at + 1, at + 13);
        found.push(mix(100, [before, after]));
        found.push(mix(101, [before.midpoint(after), t, self.class(at, 1)]));
        if run.to == 0 {
            return;
        }
        let len = steps(run.to - run.from);
        let place = u32::from(at == run.from) + 2 * u32::from(at + 1 == run.to);
        let digits = self.digits(run.from, run.to.min(run.from + 20));
        found.extend([
            mix(102, [len, place]),
            mix(103, [len, place, digits, t]),
            mix(104, [len, self.c(run.from, -1), self.c(run.from, -2)]),
            mix(105, [len, self.c(run.to, 0), self.c(run.to, 1)]),
            mix(106, [self.c(run.from, -1), self.c(run.from, -2)]),
            mix(107, [len, self.c(run.from, 0), self.c(run.from, 1)]),
        ]);
        if let Some(first) = self.sign(run.from, 0) {
            found.push(mix(108, [self.piece(first, -1).hash, len]));
            found.extend((-5..=-1).map(|offset| mix(109, [self.piece(first, offset).hash])));
        }
    }
}
