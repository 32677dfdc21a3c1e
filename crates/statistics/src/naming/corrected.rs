//! Records of people, corrected by the random sample for what the model misreads in them.

use super::{Assessment, Direction, MIN_CONFIRMED, Member, Missing, Standing, outside, stand};
use crate::case_mix::Expected;
use crate::count;
use crate::sampled::CorrectedRate;

/// A person's corrected rate, and the contacts it is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StaffRate {
    /// Contacts of the period.
    pub contacts: usize,
    /// Corrected, from its minimum on.
    pub rate: CorrectedRate,
}

/// The record of every person against the corrected rate of the colleagues, as [`stand`] takes it; `None` for whoever has no
/// colleague with a corrected rate, and where it cannot vary.
///
/// A corrected rate is less certain than a count of as many contacts. Its events are therefore those
/// of so many contacts as would be as certain, at the rate of the colleagues. Taking the corrected
/// rate times the contacts instead would name by the luck of the lot.
///
/// The error of the lot is that of everybody together where a person's own is smaller: whoever has
/// by chance no disagreement in the sample would look certain. It is never smaller than that of a
/// plain count.
#[must_use]
pub fn corrected_records(people: &[StaffRate]) -> Vec<Option<Expected>> {
    let contacts: f64 = people.iter().map(|one| count(one.contacts)).sum();
    let events: f64 = people.iter().map(|one| count(one.contacts) * one.rate.corrected).sum();
    let squares: f64 = people.iter().map(|one| one.rate.error * one.rate.error).sum();
    let common = (squares / count(people.len())).sqrt();
    let record = |one: &StaffRate| {
        let (own, rate) = (count(one.contacts), one.rate);
        let others = (events - own * rate.corrected) / (contacts - own);
        let spread = others * (1.0 - others);
        let error = rate.error.max(common).max((spread / own).sqrt());
        let size = spread / (error * error);
        (spread > 0.0 && size > 0.0 && size.is_finite()).then_some(Expected {
            observed: size * rate.corrected,
            expected: size * others,
            variance: size * spread,
            trials: own,
        })
    };
    people.iter().map(record).collect()
}

/// Takes back every name that the random sample does not bear out. Whoever has a corrected record is named only if that record
/// meets every condition too, on the same side; nothing changes for the others. Both slices have one order.
///
/// The corrected record knows no case mix and the other one no errors of the model: each alone would name somebody for what
/// is not theirs, so both have to agree.
pub fn hold_to_sample(verdicts: &mut [Assessment], corrected: &[Option<Expected>]) {
    let known: Vec<Member> = corrected
        .iter()
        .flatten()
        .map(|expected| Member { expected: *expected, confirmed: MIN_CONFIRMED })
        .collect();
    let mut found = stand(&known).into_iter();
    for (verdict, _) in verdicts.iter_mut().zip(corrected).filter(|(_, record)| record.is_some()) {
        let named: Option<Direction> =
            found.next().filter(|own| own.standing == Standing::Named).map(|own| own.direction);
        if named == Some(verdict.direction) {
            continue;
        }
        verdict.missing.push(Missing::Sample);
        if verdict.standing == Standing::Named {
            verdict.standing = outside(verdict.z_overdispersed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Interval;

    fn person(corrected: f64, error: f64) -> StaffRate {
        let interval = Interval { low: 0.0, high: 1.0 };
        let rate = CorrectedRate { raw: 0.3, corrected, error, interval, judged: 40 };
        StaffRate { contacts: 400, rate }
    }

    #[test]
    fn a_corrected_record_is_as_certain_as_its_sample_and_not_as_its_contacts() {
        let people = vec![person(0.2, 0.05); 10];

        let records = corrected_records(&people);

        let first = records[0].unwrap();
        assert!((first.variance - (0.16_f64 / 0.05).powi(2)).abs() < 1e-9, "{first:?}");
        assert!((first.observed - first.expected).abs() < 1e-9);
        assert!((first.trials - 400.0).abs() < 1e-9);
        assert_eq!(corrected_records(&people[..1]), vec![None], "nobody is compared without colleagues");
    }

    #[test]
    fn whoever_has_no_disagreement_by_luck_is_not_taken_for_certain() {
        let mut people = vec![person(0.2, 0.05); 10];
        people.push(person(0.1, 0.001));

        let lucky = corrected_records(&people)[10].unwrap();

        assert!(lucky.variance < 13.0, "{lucky:?}");
    }

    #[test]
    fn a_name_that_the_sample_does_not_bear_out_is_taken_back_and_says_so() {
        let record = |observed| Expected { observed, expected: 60.0, variance: 51.0, trials: 400.0 };
        let mut members = vec![Member { expected: record(60.0), confirmed: MIN_CONFIRMED }; 20];
        members
            .extend([140.0, 140.0, 140.0].map(|o| Member { expected: record(o), confirmed: MIN_CONFIRMED }));
        let mut rates = vec![person(0.15, 0.02); 21];
        rates.push(person(0.40, 0.02));
        let mut corrected = corrected_records(&rates);
        corrected.push(None);
        let mut verdicts = stand(&members);
        assert!(verdicts[20..].iter().all(|one| one.standing == Standing::Named));

        hold_to_sample(&mut verdicts, &corrected);

        assert_eq!(verdicts[20].standing, Standing::Investigate, "the model misread those contacts");
        assert_eq!(verdicts[20].missing, vec![Missing::Sample]);
        assert_eq!(verdicts[21].standing, Standing::Named, "people found what the model did");
        assert_eq!(verdicts[22].standing, Standing::Named, "nobody has read enough of these");
    }
}
