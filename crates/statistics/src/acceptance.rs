//! One verdict for many: how wrong the rest of a group may be, after a sample of it was judged.
//!
//! The sample is drawn without replacement from a group whose size is known, so the number of wrong ones in it is
//! hypergeometric. The bound is exact, as that of Clopper and Pearson is for the binomial: the largest number of wrong ones in
//! the group under which a sample as good as this one still comes up once in twenty.

use statrs::distribution::{DiscreteCDF as _, Hypergeometric};

/// One minus the confidence of every bound here.
const ALPHA: f64 = 0.05;

/// The upper end, at 95 %, of the share of the rest that is wrong, where `wrong` of `drawn` were, of a group of `members`; 0
/// where no rest is left, 1 where the numbers are impossible.
#[must_use]
pub fn residual_bound(members: u64, drawn: u64, wrong: u64) -> f64 {
    if drawn > members || wrong > drawn {
        return 1.0;
    }
    if drawn == members {
        return 0.0;
    }
    let (mut low, mut high) = (wrong, members - (drawn - wrong));
    // The fewer wrong ones a group has, the likelier is a sample as good as this one.
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if as_good(members, middle, drawn, wrong) >= ALPHA {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    share(low - wrong, members - drawn)
}

/// The smallest sample of a group that bounds the share of the rest below `bound` if nothing in it is wrong.
#[must_use]
pub fn sample_size(members: u64, bound: f64) -> u64 {
    // Not by halves: one more drawn leaves a smaller rest, and of that the same number of wrong ones is a larger share.
    (0..members).find(|drawn| residual_bound(members, *drawn, 0) <= bound).unwrap_or(members)
}

/// Probability that a sample holds at most so many wrong ones.
fn as_good(members: u64, of_them_wrong: u64, drawn: u64, wrong: u64) -> f64 {
    Hypergeometric::new(members, of_them_wrong, drawn).map_or(1.0, |found| found.cdf(wrong))
}

fn share(part: u64, whole: u64) -> f64 {
    let number = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_group_takes_the_fifty_nine_of_the_textbook() {
        assert_eq!(sample_size(1_000_000, 0.05), 59);
        let of_ten_thousand = sample_size(10_000, 0.05);
        assert!((57..=59).contains(&of_ten_thousand), "{of_ten_thousand}");
    }

    #[test]
    fn what_was_judged_whole_leaves_no_error_and_what_was_not_judged_bounds_nothing() {
        assert!(residual_bound(100, 100, 3).abs() < 1e-12);
        assert!((residual_bound(100, 0, 0) - 1.0).abs() < 1e-12);
        assert!((residual_bound(10, 11, 0) - 1.0).abs() < 1e-12, "impossible");
    }

    #[test]
    fn every_wrong_one_raises_the_bound_and_every_further_one_drawn_lowers_it() {
        for drawn in [40, 60, 80] {
            assert!(residual_bound(200, drawn, 1) > residual_bound(200, drawn, 0));
        }
        assert!(residual_bound(200, 80, 0) < residual_bound(200, 40, 0));
        let enough = sample_size(200, 0.05);
        assert_eq!((enough, sample_size(90, 0.05), sample_size(1_000, 0.05)), (69, 70, 60));
        assert!(residual_bound(200, enough, 0) <= 0.05 && residual_bound(200, enough - 1, 0) > 0.05);
    }

    #[test]
    fn the_bound_is_missed_once_in_twenty_at_most_whatever_the_group() {
        let (members, drawn) = (200_u64, 55_u64);
        for truly_wrong in 0..=60_u64 {
            let lot = Hypergeometric::new(members, truly_wrong, drawn).unwrap();
            let missed: f64 = (0..=truly_wrong.min(drawn))
                .filter(|wrong| {
                    let rest = share(truly_wrong - wrong, members - drawn);
                    residual_bound(members, drawn, *wrong) < rest
                })
                .map(|wrong| statrs::distribution::Discrete::pmf(&lot, wrong))
                .sum();
            assert!(missed <= ALPHA + 1e-9, "{truly_wrong} wrong: missed with {missed}");
        }
    }
}
