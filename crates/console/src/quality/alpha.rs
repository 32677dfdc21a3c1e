//! Krippendorff's α as people read it.

use tingxin_statistics::agreement::Agreement;
use tingxin_statistics::distribution::Interval;
use tingxin_statistics::minimum::TooFew;

use crate::text::{Lang, fill};

use super::words::SpokenOfQuality as _;

/// `0.71（95% 区间 0.52–0.86）`, or why there is none.
pub(super) fn alpha(agreement: Result<Option<Agreement>, TooFew>, lang: Lang) -> String {
    let words = lang.quality();
    match agreement {
        Err(few) => fill(words.few, format_args!("{} / {}", few.have, few.needed)),
        Ok(None) => words.alpha_same.to_owned(),
        Ok(Some(found)) => format!("{:.2}{}", found.alpha, around(found.interval, lang)),
    }
}

/// `-0.30（95% 区间 -0.42 … -0.18）`: a range with signs in it needs more than a dash.
pub(super) fn moved(change: f64, interval: Interval, lang: Lang) -> String {
    let range = format_args!("{:+.2} … {:+.2}", interval.low, interval.high).to_string();
    format!("{change:+.2}{}", fill(lang.quality().interval, range))
}

fn around(interval: Interval, lang: Lang) -> String {
    fill(lang.quality().interval, format_args!("{:.2}–{:.2}", interval.low, interval.high))
}
