//! Seeded choices: `SplitMix64` (Steele, Lea and Flood 2014), so that the same quarter comes out on every machine.

/// A generator that always gives the same choices for the same names.
pub(super) struct SeededChance(u64);

impl SeededChance {
    /// The choices of whoever has these numbers.
    pub(super) fn of(names: &[u64]) -> Self {
        Self(names.iter().fold(0x7469_6E67_7869_6E00, |state, name| mix(state ^ mix(name.wrapping_add(1)))))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number below `bound`; 0 for 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or_default()
    }

    /// Whether something happens that happens so many times in a thousand.
    pub(super) fn happens(&mut self, per_mille: u32) -> bool {
        self.below(1_000) < usize::try_from(per_mille).unwrap_or(usize::MAX)
    }

    /// One of them.
    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let at = self.below(all.len());
        all.get(at)
    }
}

const fn mix(value: u64) -> u64 {
    let z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
