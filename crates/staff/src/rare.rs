//! Events too rare for a rate: lapses of one person, by how far apart they lie.

use serde::Serialize;

use tingxin_statistics::control::{Gaps, crowding, gap_limits};
use tingxin_statistics::count;
use tingxin_statistics::distribution::poisson_upper;

/// Latest gaps that are judged together; fixed beforehand, or the shortest run of them would be
/// found everywhere.
const GAPS: usize = 5;

/// Tail of the limit of a gap. Its lower limit is 0 at every rate above this: a single short gap
/// proves nothing, which is why the latest few are judged together.
const TAIL: f64 = 0.001;

/// A g-chart in numbers, with a count beside its expectation.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RareEvents {
    /// Contacts.
    pub contacts: usize,
    /// Contacts with the event.
    pub events: usize,
    /// Contacts with the event that colleagues would have had with the same contacts.
    pub expected: f64,
    /// Probability of as many or more by chance (Poisson).
    pub p_as_many: f64,
    /// Contacts without the event before each event, in order.
    pub gaps: Vec<usize>,
    /// Contacts since the latest event.
    pub since: usize,
    /// Longest gap of 999 in 1,000 at the expected rate: a longer one is unusually quiet; null
    /// where nothing is expected.
    pub longest_usual_gap: Option<f64>,
    /// Probability that the latest gaps, at most five, are together this short by chance; null
    /// without an event.
    pub p_crowded: Option<f64>,
}

/// Judges a series of contacts in order against the events expected of them.
#[must_use]
pub fn rare_events(happened: &[bool], expected: f64) -> RareEvents {
    let Gaps { closed, open } = Gaps::of(happened);
    let events = closed.len();
    let latest = closed.get(events.saturating_sub(GAPS)..).unwrap_or_default();
    let rate = expected / count(happened.len().max(1));
    RareEvents {
        contacts: happened.len(),
        events,
        expected,
        p_as_many: poisson_upper(u32::try_from(events).unwrap_or(u32::MAX), expected),
        longest_usual_gap: Some(gap_limits(rate, TAIL).high).filter(|high| high.is_finite()),
        p_crowded: (events > 0).then(|| crowding(latest, rate)),
        gaps: closed,
        since: open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lapses_close_together_are_unlikely_and_far_apart_are_not() {
        let series = |at: &[usize]| (0..400).map(|contact| at.contains(&contact)).collect::<Vec<bool>>();
        let (close, apart) =
            (rare_events(&series(&[390, 392, 395]), 2.0), rare_events(&series(&[90, 190, 310]), 2.0));

        assert_eq!((close.events, close.since, apart.gaps.clone()), (3, 4, vec![90, 99, 119]));
        assert!((close.p_as_many - apart.p_as_many).abs() < 1e-12 && close.p_as_many > 0.3);
        assert!(apart.p_crowded.unwrap() > 0.2);
        // .995^1379 is the first power below .001.
        assert_eq!(close.longest_usual_gap, Some(1_379.0 - 1.0));
        let none = rare_events(&series(&[]), 2.0);
        assert_eq!((none.p_crowded, none.p_as_many, none.since), (None, 1.0, 400));
    }
}
