//! DSL: a model that errs more on some people, and whether the random sample takes its errors out.

use rand::Rng;
use rand::seq::index::sample;

use super::finding::{Finding, Options, Target, finding};
use super::repetition::{mean, rate, repeat};
use crate::count;
use crate::distribution::{Interval, Z_95};
use crate::sampled::{GroupFrame, ReadContact, corrected_rate};

/// Contacts of a person in the period.
const CONTACTS: usize = 100;
/// Of which so many are drawn and read.
const DRAWN: usize = 6;
/// How often the event happens, to everybody alike.
const TRUTH: f64 = 0.15;
/// How often the model finds the event, and how often it raises it for nothing.
const PLAIN: (f64, f64) = (0.80, 0.03);
/// The same for people whose dialect it reads badly.
const DIALECT: (f64, f64) = (0.50, 0.15);

/// Groups: name, people who speak as the model expects, people whose dialect it reads badly.
const GROUPS: [(&str, usize, usize); 2] =
    [("team of 40, 12 with a dialect", 28, 12), ("those 12 alone", 0, 12)];

/// What one period shows.
struct Period {
    raw: f64,
    raw_covers: bool,
    corrected: f64,
    covers: bool,
}

pub(super) fn findings(options: &Options) -> Vec<Finding> {
    (90_u64..)
        .zip(GROUPS)
        .flat_map(|(experiment, (name, plain, dialect))| {
            let periods = repeat(options, experiment, options.repetitions, |rng| period(plain, dialect, rng));
            let periods: Vec<Period> = periods.into_iter().flatten().collect();
            [
                finding(
                    format!("DSL {name}: coverage of the corrected rate"),
                    rate(periods.iter().map(|one| one.covers)),
                    Target::Between(0.93, 0.97),
                ),
                finding(
                    format!("DSL {name}: coverage of the raw rate"),
                    rate(periods.iter().map(|one| one.raw_covers)),
                    Target::Shown(0.95),
                ),
                finding(
                    format!("DSL {name}: mean corrected rate"),
                    mean(periods.iter().map(|one| one.corrected)),
                    Target::Between(0.14, 0.16),
                ),
                finding(
                    format!("DSL {name}: mean raw rate"),
                    mean(periods.iter().map(|one| one.raw)),
                    Target::Shown(TRUTH),
                ),
            ]
        })
        .collect()
}

fn period(plain: usize, dialect: usize, rng: &mut impl Rng) -> Option<Period> {
    let mut frame = GroupFrame { contacts: 0, flagged: 0 };
    let mut read = Vec::new();
    for person in 0..plain + dialect {
        let (finds, invents) = if person < plain { PLAIN } else { DIALECT };
        let probability = count(DRAWN) / count(CONTACTS);
        let contacts: Vec<ReadContact> = (0..CONTACTS)
            .map(|_| {
                let found = rng.random::<f64>() < TRUTH;
                let flagged = rng.random::<f64>() < if found { finds } else { invents };
                ReadContact { probability, flagged, found }
            })
            .collect();
        frame.contacts += contacts.len();
        frame.flagged += contacts.iter().filter(|one| one.flagged).count();
        read.extend(sample(rng, CONTACTS, DRAWN).iter().filter_map(|at| contacts.get(at).copied()));
    }
    let found = corrected_rate(frame, &read).ok()?;
    let error = (found.raw * (1.0 - found.raw) / count(frame.contacts)).sqrt();
    Some(Period {
        raw: found.raw,
        raw_covers: Interval::around(found.raw, error, Z_95).contains(TRUTH),
        corrected: found.corrected,
        covers: found.interval.contains(TRUTH),
    })
}
