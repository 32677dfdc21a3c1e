//! Whether the mean of a person could be chance: the same weeks, each with a sign drawn at random.

use rand::Rng;

use crate::resample::Surrogates;

/// Fewest weeks: with six a two-sided test can just reach 5 %.
const LEAST_WEEKS: usize = 6;

/// A week of one person.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Week {
    /// Contacts that began negative, as a number to calculate with.
    pub contacts: f64,
    /// Sum of their end moods beyond expectation.
    pub residual: f64,
}

/// A person's mean residual beside `draws` in which every week's sum keeps its size and gets a sign
/// at random. `None` with fewer than six weeks, and when none of them deviates at all.
///
/// The standard error of [`super::soothing`] takes contacts as independent. Whole weeks change
/// sign, of all queues together, so that what the contacts of a week share widens the chance that
/// the person is held against. For a person like all others a week is above expectation as often as
/// below it, whatever its size and whoever the others are. Dealing weeks out among colleagues was
/// rejected: it takes their weeks for interchangeable, and two part-timers among eighteen others
/// were then found in .24 of worlds without any difference.
pub fn beside_signs(weeks: &[Week], draws: usize, rng: &mut impl Rng) -> Option<Surrogates> {
    if weeks.len() < LEAST_WEEKS {
        return None;
    }
    let contacts: f64 = weeks.iter().map(|week| week.contacts).sum();
    let observed = weeks.iter().map(|week| week.residual).sum::<f64>() / contacts;
    let means: Vec<f64> = (0..draws)
        .map(|_| {
            weeks.iter().map(|week| if rng.random() { week.residual } else { -week.residual }).sum::<f64>()
                / contacts
        })
        .collect();
    Surrogates::of(observed, &means).filter(|found| found.sd > 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::generator;
    use rand_distr::{Distribution, StandardNormal};

    /// Thirteen weeks of a person; what a week's contacts share has variance `shared`, one alone 1.
    fn weeks(contacts: f64, gift: f64, shared: f64, rng: &mut impl Rng) -> Vec<Week> {
        let mut normal = || -> f64 { StandardNormal.sample(rng) };
        let week = |_| {
            let together = gift + shared.sqrt() * normal();
            Week { contacts, residual: contacts * together + normal() * contacts.sqrt() }
        };
        (0..13).map(week).collect()
    }

    #[test]
    fn whoever_calms_more_week_by_week_stands_out() {
        let mut rng = generator(1, &[]);
        let found = beside_signs(&weeks(5.0, 0.8, 0.0, &mut rng), 200, &mut rng).unwrap();
        assert!(found.z() > 3.0 && found.p_above < 0.01 && found.observed > 0.5, "{found:?}");
        assert!(found.mean.abs() < 0.1);
    }

    #[test]
    fn weeks_that_share_something_widen_chance_where_contacts_one_by_one_would_not() {
        let mut rng = generator(2, &[]);
        let mut sd = |shared: f64| -> f64 {
            let of_world = |_| beside_signs(&weeks(5.0, 0.0, shared, &mut rng), 200, &mut rng).unwrap().sd;
            (0..40).map(of_world).sum::<f64>() / 40.0
        };
        // 65 contacts of variance 1: .124. With as much shared by a week's five: √(1/65 + 1/13) =
        // .304.
        let (alone, together) = (sd(0.0), sd(1.0));
        assert!((alone - 0.124).abs() < 0.02 && (together - 0.304).abs() < 0.04, "{alone} {together}");
    }

    #[test]
    fn below_six_weeks_chance_cannot_be_told() {
        let mut rng = generator(4, &[]);
        let week = Week { contacts: 5.0, residual: 1.0 };
        assert_eq!(beside_signs(&[week; 5], 20, &mut rng), None);
        assert_eq!(beside_signs(&[Week { residual: 0.0, ..week }; 8], 20, &mut rng), None);
    }
}
