//! S11 carry-over: the opening tone after what was listened to in the contact before.

use serde::Serialize;

use tingxin_statistics::carry_over::{CarryOver, Effect, NotShown};

use super::coupling::{Branch, Shown, pull};
use super::series::Series;

/// The change of the opening valence after one unit of load, below 0 the opening is lower; and its
/// placebo.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CarriedOver {
    /// The figure, or why there is none.
    #[serde(flatten)]
    #[schema(inline)]
    pub shown: Shown,
    /// p-value of the placebo, the *next* customer; null where nothing was estimated.
    pub placebo_p: Option<f64>,
}

/// Everybody's, in their order, each pulled towards the common mean by as much as it is noise;
/// whoever is hidden by the placebo takes no part in the mean.
///
/// It is shown however little people differ: whether somebody needs time to breathe is no question
/// of colleagues who need it too.
#[must_use]
pub fn carried_over(all: &[&Series]) -> Vec<CarriedOver> {
    let mut found: Vec<CarriedOver> =
        all.iter().map(|series| CarriedOver::from(series.carry_over.effect())).collect();
    pull(&mut found, |one| &mut one.shown);
    for one in &mut found {
        if let Shown::Uncertain(branch) = one.shown {
            one.shown = Shown::Estimate(branch);
        }
    }
    found
}

/// Of a team: the days of all its members together.
pub(super) fn of_team<'a>(members: impl Iterator<Item = &'a Series>) -> CarriedOver {
    let mut sums = CarryOver::new();
    members.for_each(|series| sums.merge(&series.carry_over));
    CarriedOver::from(sums.effect())
}

impl From<Shown> for CarriedOver {
    fn from(shown: Shown) -> Self {
        Self { shown, placebo_p: None }
    }
}

impl From<Result<Effect, NotShown>> for CarriedOver {
    fn from(effect: Result<Effect, NotShown>) -> Self {
        match effect {
            Ok(found) => Self {
                shown: Shown::Estimate(Branch {
                    value: found.carry_over,
                    low: found.interval.low,
                    high: found.interval.high,
                    contacts: found.contacts,
                    attenuated: false,
                    reliability: None,
                }),
                placebo_p: Some(found.placebo_p),
            },
            Err(NotShown::TooFew(few)) => Shown::from(few).into(),
            Err(NotShown::Placebo { placebo_p }) => {
                Self { shown: Shown::Placebo, placebo_p: Some(placebo_p) }
            }
            Err(NotShown::NoVariation) => Shown::NotEstimable.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sum;
    use tingxin_text::domain::{Channel, ContactMeasures, ContactRef, Observation, UtcMillis};

    /// A quarter of contacts every ten minutes; an unpleasant one lowers the next opening by
    /// `kappa` of its load.
    fn quarter(seed: u32, kappa: f32) -> Series {
        let mut whole = Series::default();
        for week in 0..12_u32 {
            let mut before = 0.0;
            let contacts = (0..60_u32)
                .map(|at| {
                    let part = |salt: u32| {
                        let mixed = (week * 60 + at + seed * 7).wrapping_mul(2_654_435_761).rotate_left(salt);
                        f32::from(u8::try_from(mixed >> 24).unwrap()) / 255.0
                    };
                    let (load, day) = (part(3), i64::from(at / 12));
                    let opening = Some(0.3 + kappa * before * (-0.5_f32).exp() + 0.2 * (part(17) - 0.5));
                    before = load;
                    let lasted_ms = Some(300_000);
                    let minutes = (i64::from(week) * 7 + day) * 1_440 + i64::from(at % 12) * 10;
                    Observation {
                        id: ContactRef(uuid::Uuid::from_u128(u128::from(week * 60 + at))),
                        channel: Channel::Hotline,
                        process: None,
                        staff: None,
                        team: None,
                        happened_at: UtcMillis::from_millis(minutes * 60_000),
                        repeated: false,
                        incident: false,
                        contested: Vec::new(),
                        measures: ContactMeasures { load, opening, lasted_ms, ..ContactMeasures::default() },
                    }
                })
                .collect();
            whole.merge(&sum(contacts).take_series());
        }
        whole
    }

    #[test]
    fn whoever_opens_lower_after_an_unpleasant_contact_is_told_apart_and_pulled_towards_colleagues() {
        let mut all: Vec<Series> = (0..12).map(|seed| quarter(seed, 0.0)).collect();
        all.push(quarter(12, -0.5));

        let found = carried_over(&all.iter().collect::<Vec<_>>());

        let alone = all[12].carry_over.effect().unwrap();
        let Shown::Estimate(branch) = found[12].shown else { panic!("{:?}", found[12]) };
        assert!((alone.carry_over + 0.5).abs() < 0.1, "{alone:?}");
        assert!(branch.value > alone.carry_over && branch.high < 0.0 && branch.contacts == 720, "{branch:?}");
        assert!(found[12].placebo_p.is_some_and(|p| p >= 0.05));
    }

    #[test]
    fn what_everybody_carries_over_alike_is_told_to_each() {
        let all: Vec<Series> = (0..12).map(|seed| quarter(seed, -0.4)).collect();
        for one in carried_over(&all.iter().collect::<Vec<_>>()) {
            let Shown::Estimate(branch) = one.shown else { panic!("{one:?}") };
            assert!(branch.high < 0.0 && branch.low < branch.high, "{branch:?}");
        }
    }

    #[test]
    fn a_team_has_the_days_of_its_members_and_a_newcomer_is_silent() {
        let members = [quarter(0, -0.3), quarter(1, -0.3)];

        let Shown::Estimate(team) = of_team(members.iter()).shown else { panic!() };

        assert!(team.contacts == 1_440 && team.high < 0.0, "{team:?}");
        let nobody = Series::default();
        assert_eq!(carried_over(&[&nobody])[0].shown, Shown::TooFew { needed: 500, have: 0 });
    }
}
