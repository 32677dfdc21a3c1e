//! Percentile bootstrap with a fixed seed.

use serde::Serialize;

/// A 95 % interval: of repeated samples of this size, 95 in 100 intervals made this way hold the
/// figure of the population the utterances were drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The 2.5 % quantile of the resamples.
    pub low: f64,
    /// The 97.5 % quantile.
    pub high: f64,
}

impl Interval {
    /// The interval between the 2.5 % and 97.5 % quantiles of `draws`; `None` when there are none.
    #[must_use]
    pub fn of_draws(mut draws: Vec<f64>) -> Option<Self> {
        draws.sort_by(f64::total_cmp);
        let last = draws.len().checked_sub(1)?;
        // Nearest rank: with 1,000 draws the 25th from either end.
        let tail = last / 40;
        Some(Self { low: *draws.get(tail)?, high: *draws.get(last - tail)? })
    }
}

/// `SplitMix64` (Steele, Lea, Flood 2014): sixty-four good bits from a counter, which is all that a
/// bootstrap needs, and the same on every platform and release, which a dependency does not promise.
#[derive(Debug, Clone)]
pub(super) struct Seeded(u64);

impl Seeded {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, or 0 when `bound` is 0. The bias of the multiplication method is below
    /// `bound / 2^64`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u128::try_from(bound).unwrap_or(u128::MAX);
        usize::try_from((u128::from(self.next()) * bound) >> 64).unwrap_or_default()
    }
}
