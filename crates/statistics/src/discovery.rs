//! False discovery rate over many people at once (Benjamini & Hochberg 1995).
//!
//! For care providers by Jones, Ohlssen & Spiegelhalter 2008. Bonferroni was rejected: at sixty
//! agents it leaves hardly any sensitivity, and a supervisor looks at every hit anyway.

use super::count;

/// Which hypotheses are rejected at false discovery rate `q`, in the order of `p`.
///
/// A p-value that is not a number counts as 1: it is never a discovery, and still costs the others
/// their share.
#[must_use]
pub fn benjamini_hochberg(p: &[f64], q: f64) -> Vec<bool> {
    let tests = count(p.len());
    let mut sorted: Vec<f64> = p.iter().filter(|value| value.is_finite()).copied().collect();
    sorted.sort_by(f64::total_cmp);
    // the largest p(k) with p(k) <= k q / m decides; every smaller one is rejected with it, even
    // above its own line
    let threshold = sorted
        .iter()
        .enumerate()
        .filter(|(rank, value)| **value <= count(rank + 1) * q / tests)
        .map(|(_, value)| *value)
        .next_back();
    p.iter().map(|value| threshold.is_some_and(|limit| *value <= limit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_published_example_is_reproduced() {
        // Benjamini & Hochberg 1995, section 3.2: fifteen tests, q = .05, the four smallest are
        // discoveries
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
            0.6528, 0.7590, 1.0,
        ];
        assert_eq!(benjamini_hochberg(&p, 0.05).iter().filter(|&&hit| hit).count(), 4);
    }

    #[test]
    fn a_p_value_above_its_own_line_is_carried_by_a_larger_one_below_its_line() {
        // .04 is above 1/2 · .05, .045 is below 2/2 · .05: step-up rejects both
        assert_eq!(benjamini_hochberg(&[0.045, 0.04], 0.05), [true, true]);
    }

    #[test]
    fn nothing_is_discovered_where_there_is_nothing() {
        assert!(benjamini_hochberg(&[], 0.1).is_empty());
        assert_eq!(benjamini_hochberg(&[0.9, f64::NAN, 0.4], 0.1), [false, false, false]);
    }
}
