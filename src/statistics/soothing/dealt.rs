//! Whether the mean of a person could be anybody's: the same weeks, dealt out among colleagues at random.

use std::collections::BTreeMap;

use rand::Rng;
use rand::seq::SliceRandom;

use crate::statistics::resample::Surrogates;

/// One person's week in one queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hand {
    /// Place of the person.
    pub person: usize,
    /// The queue, any number of its own.
    pub queue: u64,
    /// Contacts that began negative, as a number to calculate with.
    pub contacts: f64,
    /// Sum of their end moods beyond expectation.
    pub residual: f64,
}

/// The mean residual of everybody beside `deals` in which the hands of each queue are dealt out anew among those who have
/// any, to everybody as many as they had.
///
/// The standard error of [`super::soothing`] takes contacts as independent. Whole weeks are dealt, so that what the contacts
/// of a week share stays together and widens the chance that a person is held against; dealing single contacts was
/// rejected, for it only repeats that error's assumption. `None` for whoever has nobody to exchange a week with.
pub fn dealt(hands: &[Hand], people: usize, deals: usize, rng: &mut impl Rng) -> Vec<Option<Surrogates>> {
    let mut queues: BTreeMap<u64, (Vec<usize>, Vec<(f64, f64)>)> = BTreeMap::new();
    for hand in hands {
        let (owners, contents) = queues.entry(hand.queue).or_default();
        owners.push(hand.person);
        contents.push((hand.contacts, hand.residual));
    }
    let observed = means(&queues, people);
    let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(deals); people];
    for _ in 0..deals {
        for (_, contents) in queues.values_mut() {
            contents.shuffle(rng);
        }
        for (values, mean) in drawn.iter_mut().zip(means(&queues, people)) {
            values.extend(mean);
        }
    }
    observed
        .into_iter()
        .zip(&drawn)
        .map(|(observed, drawn)| Surrogates::of(observed?, drawn).filter(|found| found.sd > 1e-9))
        .collect()
}

/// Mean residual of everybody who has contacts.
fn means(queues: &BTreeMap<u64, (Vec<usize>, Vec<(f64, f64)>)>, people: usize) -> Vec<Option<f64>> {
    let mut sums = vec![(0.0, 0.0); people];
    for (owners, contents) in queues.values() {
        for (owner, (contacts, residual)) in owners.iter().zip(contents) {
            if let Some(sum) = sums.get_mut(*owner) {
                *sum = (sum.0 + contacts, sum.1 + residual);
            }
        }
    }
    sums.into_iter().map(|(contacts, residual)| (contacts > 0.0).then(|| residual / contacts)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::resample::generator;
    use rand_distr::{Distribution, StandardNormal};

    /// Thirteen weeks of everybody in one queue; what a week's contacts share has variance `shared`, one alone 1.
    fn hands(people: usize, gift: f64, shared: f64, rng: &mut impl Rng) -> Vec<Hand> {
        let mut normal = || -> f64 { StandardNormal.sample(rng) };
        let weeks = (0..people).flat_map(|person| (0..13).map(move |_| person));
        weeks
            .map(|person| {
                let contacts = 5.0;
                let own = if person == 0 { gift } else { 0.0 };
                let week = shared.sqrt() * normal();
                Hand {
                    person,
                    queue: 1,
                    contacts,
                    residual: contacts * (own + week) + normal() * contacts.sqrt(),
                }
            })
            .collect()
    }

    #[test]
    fn whoever_calms_more_than_any_hand_of_colleagues_stands_out() {
        let mut rng = generator(1, &[]);
        let found = dealt(&hands(12, 0.8, 0.0, &mut rng), 12, 200, &mut rng);

        let gifted = found[0].unwrap();
        assert!(gifted.z() > 4.0 && gifted.p_above < 0.01 && gifted.observed > 0.5, "{gifted:?}");
        assert!(found[1..].iter().flatten().all(|one| one.z().abs() < 3.5));
    }

    #[test]
    fn weeks_that_share_something_widen_chance_where_contacts_one_by_one_would_not() {
        let mut rng = generator(2, &[]);
        let sd = |shared: f64, rng: &mut _| {
            let hands = hands(12, 0.0, shared, rng);
            dealt(&hands, 12, 200, rng)[3].unwrap().sd
        };
        // 65 contacts of variance 1: .124. With as much shared by a week's five: √(1/65 + 1/13) = .304.
        let (alone, together) = (sd(0.0, &mut rng), sd(1.0, &mut rng));
        assert!((alone - 0.124).abs() < 0.03 && (together - 0.304).abs() < 0.06, "{alone} {together}");
    }

    #[test]
    fn under_the_null_one_in_twenty_is_at_the_edge() {
        let mut rng = generator(3, &[]);
        let mut beyond = 0;
        for _ in 0..40 {
            let found = dealt(&hands(20, 0.0, 0.5, &mut rng), 20, 99, &mut rng);
            beyond += found.iter().flatten().filter(|one| one.p_above <= 0.05).count();
        }
        // 800 people: 40 expected, and 15 are four standard errors of independent ones.
        assert!((20..=62).contains(&beyond), "{beyond}");
    }

    #[test]
    fn whoever_is_alone_in_a_queue_has_nobody_to_be_held_against() {
        let mut rng = generator(4, &[]);
        let own = |person, queue| Hand { person, queue, contacts: 5.0, residual: 1.0 };
        assert_eq!(dealt(&[own(0, 1), own(1, 2)], 3, 20, &mut rng), [None, None, None]);
    }
}
