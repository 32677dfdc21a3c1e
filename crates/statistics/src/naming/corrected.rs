//! Records of people, corrected by the random sample for what the model misreads in them.

use crate::case_mix::Expected;
use crate::count;
use crate::sampled::CorrectedRate;

/// What is known of a person's rate: contacts of the period, and the corrected rate where enough of
/// them were read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StaffRate {
    /// Contacts of the period.
    pub contacts: usize,
    /// Corrected; `None` below its minimum.
    pub rate: Option<CorrectedRate>,
}

/// The record of every person against the corrected rate of the colleagues, as
/// [`stand`](super::stand) takes it; `None` for whoever has no corrected rate or no colleague with
/// one.
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
    let known: Vec<(f64, f64, f64)> = people
        .iter()
        .filter_map(|one| one.rate.map(|rate| (count(one.contacts), rate.corrected, rate.error)))
        .collect();
    let contacts: f64 = known.iter().map(|(n, _, _)| n).sum();
    let events: f64 = known.iter().map(|(n, rate, _)| n * rate).sum();
    let common = (known.iter().map(|(_, _, error)| error * error).sum::<f64>() / count(known.len())).sqrt();
    let record = |one: &StaffRate| {
        let rate = one.rate?;
        let own = count(one.contacts);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Interval;

    fn person(corrected: f64, error: f64) -> StaffRate {
        let interval = Interval { low: 0.0, high: 1.0 };
        let rate = CorrectedRate { raw: 0.3, corrected, error, interval, judged: 40 };
        StaffRate { contacts: 400, rate: Some(rate) }
    }

    #[test]
    fn a_corrected_record_is_as_certain_as_its_sample_and_not_as_its_contacts() {
        let mut people = vec![person(0.2, 0.05); 10];
        people.push(StaffRate { contacts: 400, rate: None });

        let records = corrected_records(&people);

        let first = records[0].unwrap();
        assert!((first.variance - (0.16_f64 / 0.05).powi(2)).abs() < 1e-9, "{first:?}");
        assert!((first.observed - first.expected).abs() < 1e-9);
        assert!((first.trials - 400.0).abs() < 1e-9);
        assert_eq!(records[10], None, "nobody is compared without readings");
    }

    #[test]
    fn whoever_has_no_disagreement_by_luck_is_not_taken_for_certain() {
        let mut people = vec![person(0.2, 0.05); 10];
        people.push(person(0.1, 0.001));

        let lucky = corrected_records(&people)[10].unwrap();

        assert!(lucky.variance < 13.0, "{lucky:?}");
        assert_eq!(corrected_records(&people[..1]), vec![None]);
    }
}
