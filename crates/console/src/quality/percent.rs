//! Shares as people read them.

use tingxin_statistics::distribution::Interval;

use crate::text::{Lang, fill};

use super::words::SpokenOfQuality as _;

/// `38%`.
pub(super) fn percent(share: f64) -> String {
    // A sum of nothing is −0, and would show its sign.
    format!("{:.0}%", share * 100.0 + 0.0)
}

/// `38%（95% 区间 24%–53%）`.
pub(crate) fn with_interval(share: f64, interval: Interval, lang: Lang) -> String {
    let range = format!("{}–{}", percent(interval.low), percent(interval.high));
    format!("{}{}", percent(share), fill(lang.quality().interval, range))
}
