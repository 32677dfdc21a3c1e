//! 95 % intervals: percentile bootstrap with a fixed seed, and Wilson's for a share.

use serde::Serialize;

/// Resamples behind every interval. With 1,000 the 2.5 % ends rest on 25 resamples each, which
/// moves an end by less than a tenth of the interval's width from seed to seed.
pub const RESAMPLES: usize = 1_000;

/// A 95 % interval: of repeated samples of this size, 95 in 100 intervals made this way hold the
/// figure of the population the utterances were drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ConfidenceInterval {
    /// The lower end; of a bootstrap the 2.5 % quantile of the resamples.
    pub low: f64,
    /// The upper end; of a bootstrap the 97.5 % quantile.
    pub high: f64,
}

impl ConfidenceInterval {
    /// The interval between the 2.5 % and 97.5 % quantiles of `draws`; `None` when there are none.
    #[must_use]
    pub fn of_draws(mut draws: Vec<f64>) -> Option<Self> {
        draws.sort_by(f64::total_cmp);
        let last = draws.len().checked_sub(1)?;
        // Nearest rank: with 1,000 draws the 25th from either end.
        let tail = last / 40;
        Some(Self { low: *draws.get(tail)?, high: *draws.get(last - tail)? })
    }

    /// Wilson's interval (1927) of `hits` among `trials`; `None` without trials. Unlike the
    /// bootstrap it has a width when nothing was hit, which is the usual case where it is asked
    /// for.
    #[must_use]
    pub fn wilson(hits: usize, trials: usize) -> Option<Self> {
        if trials == 0 {
            return None;
        }
        // The 97.5 % quantile of the normal distribution.
        let z = 1.959_964;
        let (n, share) = (count(trials), count(hits) / count(trials));
        let scale = 1.0 + z * z / n;
        let centre = (share + z * z / (2.0 * n)) / scale;
        let half = z / scale * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        Some(Self { low: (centre - half).max(0.0), high: (centre + half).min(1.0) })
    }
}

/// A count as a number to divide by; nobody labels two to the 32nd utterances.
pub(super) fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The interval of `figure` over [`RESAMPLES`] samples of as many items as there are, drawn with
/// replacement. Samples without the figure are left out; `None` when none has it, or nothing can be
/// drawn.
pub(super) fn resample<T>(
    items: &[T],
    mut figure: impl FnMut(&[&T]) -> Option<f64>,
) -> Option<ConfidenceInterval> {
    if items.is_empty() {
        return None;
    }
    let mut seeded = Seeded::fixed();
    let mut drawn = Vec::with_capacity(items.len());
    let mut figures = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        drawn.clear();
        drawn.extend((0..items.len()).filter_map(|_| items.get(seeded.below(items.len()))));
        figures.extend(figure(&drawn));
    }
    ConfidenceInterval::of_draws(figures)
}

/// `SplitMix64` (Steele, Lea, Flood 2014): sixty-four good bits from a counter, which is all that a
/// bootstrap needs, and the same on every platform and release, which a dependency does not
/// promise.
#[derive(Debug, Clone)]
pub(super) struct Seeded(u64);

impl Seeded {
    /// Any fixed seed serves; this one spells «tingxin» in ASCII.
    pub(super) const fn fixed() -> Self {
        Self(0x74_69_6e_67_78_69_6e)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, or 0 when `bound` is 0. The bias of the multiplication method is
    /// below `bound / 2^64`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u128::try_from(bound).unwrap_or(u128::MAX);
        usize::try_from((u128::from(self.next()) * bound) >> 64).unwrap_or_default()
    }
}
