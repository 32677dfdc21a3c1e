//! DIALECT: a model that errs more on some people, and whom the naming procedure names because of
//! it.
//!
//! Everybody has the event equally often, so that every name is a wrong one. Confirmed contacts are
//! taken as given: what is tested is the statistical part.

use rand::Rng;
use rand::seq::index::sample;

use super::finding::{Finding, Options, Target, finding};
use super::repetition::{mean, rate, repeat};
use crate::case_mix::Expected;
use crate::count;
use crate::naming::{MIN_CONFIRMED, Member, StaffRate, Standing, corrected_records, stand};
use crate::sampled::{GroupFrame, ReadContact, corrected_rate};

/// People of a centre, and how many of them speak a dialect that the model reads badly.
const PEOPLE: usize = 60;
const DIALECT_SPEAKERS: usize = 6;
/// Contacts of a person in the thirteen weeks of the figures, a hundred a week, and how many of them
/// are drawn and read: three a week.
const CONTACTS: usize = 1_300;
const DRAWN: usize = 39;
/// How often the event happens, to everybody alike; and to whom it happens with doubled odds in the
/// second world.
const TRUTH: f64 = 0.15;
const DOUBLED: f64 = 0.261;
/// How often the model finds the event, and how often it raises it for nothing.
const PLAIN: (f64, f64) = (0.80, 0.03);
/// The same for people whose dialect it reads badly.
const DIALECT: (f64, f64) = (0.50, 0.15);

/// Whom a procedure names in a centre, by person.
struct CentreNames {
    raw: Vec<bool>,
    corrected: Vec<bool>,
}

/// Names without and with people who truly differ.
pub(super) fn findings(options: &Options) -> Vec<Finding> {
    let centres =
        |experiment, worse| repeat(options, experiment, options.repetitions, |rng| centre(worse, rng));
    let (equal, worse) = (centres(110, 0), centres(111, 6));
    let any = |names: fn(&CentreNames) -> &[bool]| {
        rate(equal.iter().map(|one| names(one).iter().any(|named| *named)))
    };
    let found = |names: fn(&CentreNames) -> &[bool]| {
        mean(worse.iter().map(|one| share_named(names(one).get(PEOPLE - 6..).unwrap_or_default())))
    };
    let speakers = |names: fn(&CentreNames) -> &[bool]| {
        mean(equal.iter().map(|one| share_named(names(one).get(..DIALECT_SPEAKERS).unwrap_or_default())))
    };
    vec![
        finding("DIALECT equal people: P(anybody is named), corrected", any(corrected), Target::AtMost(0.05)),
        finding("DIALECT equal people: P(anybody is named), raw", any(raw), Target::Shown(0.05)),
        finding(
            "DIALECT equal people: named of the dialect, corrected",
            speakers(corrected),
            Target::AtMost(0.05),
        ),
        finding("DIALECT equal people: named of the dialect, raw", speakers(raw), Target::Shown(0.05)),
        finding(
            "DIALECT one in ten doubled: named of them, corrected",
            found(corrected),
            Target::Shown(0.18),
        ),
        finding("DIALECT one in ten doubled: named of them, raw", found(raw), Target::Shown(0.18)),
    ]
}

fn raw(names: &CentreNames) -> &[bool] {
    &names.raw
}

fn corrected(names: &CentreNames) -> &[bool] {
    &names.corrected
}

fn share_named(named: &[bool]) -> f64 {
    rate(named.iter().copied())
}

/// The first speak a dialect, the last have the event more often.
fn centre(worse: usize, rng: &mut impl Rng) -> CentreNames {
    let probability = count(DRAWN) / count(CONTACTS);
    let mut flagged = Vec::new();
    let mut rates = Vec::new();
    for person in 0..PEOPLE {
        let (finds, invents) = if person < DIALECT_SPEAKERS { DIALECT } else { PLAIN };
        let truth = if person >= PEOPLE - worse { DOUBLED } else { TRUTH };
        let contacts: Vec<ReadContact> = (0..CONTACTS)
            .map(|_| {
                let found = rng.random::<f64>() < truth;
                let flagged = rng.random::<f64>() < if found { finds } else { invents };
                ReadContact { probability, flagged, found }
            })
            .collect();
        let hits = contacts.iter().filter(|one| one.flagged).count();
        let read: Vec<ReadContact> =
            sample(rng, CONTACTS, DRAWN).iter().filter_map(|at| contacts.get(at).copied()).collect();
        let frame = GroupFrame { contacts: CONTACTS, flagged: hits };
        rates.push(StaffRate { contacts: CONTACTS, rate: corrected_rate(frame, &read).ok() });
        flagged.push(count(hits));
    }
    CentreNames {
        raw: named(&counted(&flagged)),
        corrected: named(&corrected_records(&rates).into_iter().flatten().collect::<Vec<_>>()),
    }
}

/// The record as the model counts it, against the rate of the colleagues.
fn counted(flagged: &[f64]) -> Vec<Expected> {
    let all: f64 = flagged.iter().sum();
    let record = |own: &f64| {
        let others = (all - own) / (count(CONTACTS) * count(PEOPLE - 1));
        let trials = count(CONTACTS);
        Expected {
            observed: *own,
            expected: others * trials,
            variance: others * (1.0 - others) * trials,
            trials,
        }
    };
    flagged.iter().map(record).collect()
}

fn named(records: &[Expected]) -> Vec<bool> {
    let members: Vec<Member> =
        records.iter().map(|expected| Member { expected: *expected, confirmed: MIN_CONFIRMED }).collect();
    stand(&members).iter().map(|one| one.standing == Standing::Named).collect()
}
