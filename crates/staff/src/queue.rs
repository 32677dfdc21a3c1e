//! A queue, or the centre: how the tone of both sides moves together, about nobody in particular.

use std::collections::BTreeMap;

use tingxin_statistics::minimum::{Minimum, TooFew, enough};

use super::coupling::{Beside, Coupling, Reliability, Shown, beside, couple};
use super::series::Series;
use super::strangers::{BesideStrangers, Together};

/// Weeks of a month.
const MONTH: i64 = 4;

/// Months of a quarter.
const MONTHS: i64 = 3;

/// What is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// S6 to S8.
    pub coupling: Coupling,
    /// The same with customers whom staff never met.
    pub beside: Beside,
    /// S12, the latest four weeks first. A month without comparable contacts, or served by too few
    /// people, is left out.
    pub months: Vec<Month>,
}

/// S12 in four weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Month {
    /// Its first week, as `UtcMillis::week` counts.
    pub since_week: i64,
    /// Contacts that were compared.
    pub contacts: usize,
    /// Change of the distance between both sides, and their correlation; or how many contacts are
    /// missing.
    pub found: Result<(BesideStrangers, BesideStrangers), TooFew>,
}

impl Queue {
    /// Puts it together from the sums of all weeks and what each week says of S12. `week` is the
    /// running one.
    #[must_use]
    pub fn of(
        series: &Series,
        weekly: &BTreeMap<i64, Together>,
        week: i64,
        reliability: Option<Reliability>,
    ) -> Self {
        if let Err(TooFew { needed, have }) = series.together.of_enough_people() {
            let coupling = Coupling::all(Shown::TooFewStaff { needed, have });
            return Self { coupling, beside: Beside::default(), months: Vec::new() };
        }
        let coupling = couple(series, reliability);
        let mut months: BTreeMap<i64, Together> = BTreeMap::new();
        for (at, together) in weekly.iter().filter(|(_, together)| together.contacts() > 0) {
            months.entry((week - at).max(0) / MONTH).or_default().merge(together);
        }
        // The oldest weeks of a quarter fill no month. A month in which few served is left out,
        // whoever served in others.
        let whole = months
            .into_iter()
            .filter(|(back, together)| *back < MONTHS && together.of_enough_people().is_ok());
        let months = whole.map(|(back, together)| {
            let contacts = together.contacts();
            let found = enough(Minimum::ConvergenceContacts, contacts)
                .map(|()| (together.distance(), together.synchrony()));
            Month { since_week: week - (back + 1) * MONTH + 1, contacts, found }
        });
        Self { beside: beside(series, &coupling), coupling, months: months.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Measured, sum_of_queue};
    use tingxin_text::domain::{
        Channel, ContactMeasures, ContactRef, Exchange, Observation, StaffId, Tone, UtcMillis,
    };

    /// The contacts of a queue in a week: staff follow the customer's mood by half.
    fn week(week: i64, people: u32) -> Vec<Observation> {
        let tone = |valence: f32| Tone { valence, positive: valence.max(0.0), negative: (-valence).max(0.0) };
        let mood = |at: u32, turn: u32| {
            f32::from(u8::try_from((at * 37 + turn * (7 + at % 5)) % 17).unwrap()) / 10.0 - 0.8
        };
        (0..120)
            .map(|at| Observation {
                id: ContactRef(uuid::Uuid::from_u128(u128::from(at))),
                channel: Channel::Hotline,
                process: None,
                staff: Some(StaffId::new(&format!("A{:04}", at % people)).unwrap()),
                team: None,
                happened_at: UtcMillis::of_week(week).plus_millis(i64::from(at) * 600_000),
                repeated: false,
                incident: false,
                contested: Vec::new(),
                measures: ContactMeasures {
                    exchanges: (0..8)
                        .map(|turn| {
                            let (own, noise) = (mood(at, turn), mood(at + 3, turn * 3 + 1));
                            Exchange { customer: Some(tone(own)), agent: Some(tone(0.5 * own + 0.2 * noise)) }
                        })
                        .collect(),
                    ..ContactMeasures::default()
                },
            })
            .collect()
    }

    fn queue(weeks: &[i64], people: u32, error: f64) -> Queue {
        let (mut series, mut weekly) = (Series::default(), BTreeMap::new());
        for at in weeks {
            let own = sum_of_queue(week(*at, people)).take_series();
            weekly.insert(*at, *own.together());
            series.merge(&own);
        }
        let measured = Measured { value: 0.8, error };
        Queue::of(&series, &weekly, 2_950, Some(Reliability { customer: measured, agent: measured }))
    }

    #[test]
    fn four_weeks_are_a_month_and_the_oldest_weeks_that_fill_none_are_left_out() {
        let queue = queue(&[2_950, 2_947, 2_946, 2_938, 2_937], 6, 0.0);

        let months: Vec<(i64, usize)> =
            queue.months.iter().map(|month| (month.since_week, month.contacts)).collect();
        assert_eq!(months, [(2_947, 240), (2_943, 120)]);
        let (_, together) = queue.months[0].found.unwrap();
        assert!(together.observed > together.strangers + 2.0 * together.sd, "{together:?}");
    }

    #[test]
    fn an_uncertain_reliability_widens_the_interval_and_moves_nothing_else() {
        let linear = |error| queue(&[2_950], 6, error).coupling.linear.branch().unwrap();
        let (known, uncertain) = (linear(0.0), linear(0.05));

        assert!((known.value - uncertain.value).abs() < 1e-12);
        assert!(uncertain.high - uncertain.low > 1.05 * (known.high - known.low), "{known:?} {uncertain:?}");
        assert!(known.value > 0.5, "corrected upwards: {known:?}");
    }

    #[test]
    fn a_month_in_which_four_people_serve_is_left_out_whoever_served_in_others() {
        let (mut series, mut weekly) = (Series::default(), BTreeMap::new());
        for (at, people) in [(2_950, 4), (2_949, 4), (2_946, 6)] {
            let own = sum_of_queue(week(at, people)).take_series();
            weekly.insert(at, *own.together());
            series.merge(&own);
        }
        let months = Queue::of(&series, &weekly, 2_950, None).months;
        assert_eq!(months.iter().map(|month| month.since_week).collect::<Vec<_>>(), [2_943]);
    }

    #[test]
    fn what_four_people_do_is_not_told_as_the_way_of_a_queue() {
        let queue = queue(&[2_950], 4, 0.0);

        assert_eq!(queue.coupling.compensation, Shown::TooFewStaff { needed: 5, have: 4 });
        assert_eq!((queue.beside, queue.months.len()), (Beside::default(), 0));
        // Two such queues with other people are a centre of eight.
        let mut centre = sum_of_queue(week(2_950, 4)).take_series();
        centre.served_by(8);
        let shown = Queue::of(&centre, &BTreeMap::new(), 2_950, None).coupling.compensation;
        assert!(shown.branch().is_some(), "{shown:?}");
    }
}
