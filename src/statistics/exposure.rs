//! S10 emotional exposure (emotional load): how much customer hostility an agent has read or heard.
//!
//! A sum and nothing else: it needs no minimum, it is defined for one contact and for a quarter, and it protects the
//! agent. It says nothing about how the agent coped.

/// Exposure of one contact: `Σ_t max(−v_t, 0) · share_t`.
///
/// `turns` are the customer's scorable turns as (expected valence in [−1, 1], share of the contact's customer tokens in
/// [0, 1]). The share keeps a long complaint heavier than an annoyed "好"; counting turns would not. The result lies in
/// [0, 1] when the shares sum to 1; the exposure of a day is the sum over its contacts. Values that are not finite are
/// left out: one broken score must not blank the day.
#[must_use]
pub fn exposure(turns: impl IntoIterator<Item = (f64, f64)>) -> f64 {
    turns
        .into_iter()
        .map(|(valence, share)| (-valence).max(0.0) * share)
        .filter(|load| load.is_finite())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn praise_does_not_pay_back_an_insult() {
        let friendly_then_hostile = [(0.9, 0.5), (-0.8, 0.5)];
        assert!((exposure(friendly_then_hostile) - 0.4).abs() < 1e-12);
        assert!(exposure([(0.9, 1.0)]).abs() < 1e-12);
    }

    #[test]
    fn a_day_is_the_sum_of_its_contacts_and_a_broken_score_is_left_out() {
        let day = exposure([(-0.5, 1.0)]) + exposure([(-0.25, 1.0), (f64::NAN, 1.0)]);
        assert!((day - 0.75).abs() < 1e-12);
    }
}
