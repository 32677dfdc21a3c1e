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
use crate::naming::{
    Assessment, MIN_CONFIRMED, Member, StaffRate, Standing, corrected_records, hold_to_sample, stand,
};
use crate::sampled::{GroupFrame, ReadContact, corrected_rate};

/// People of a centre, and how many of them speak a dialect that the model reads badly.
const PEOPLE: usize = 60;
const DIALECT_SPEAKERS: usize = 6;
/// Contacts of a person in the thirteen weeks of the figures, a hundred a week, and how many of them
/// are drawn and read: three a week.
const CONTACTS: usize = 1_300;
const DRAWN: usize = 39;
/// People of the second world to whom the event happens more often.
const WORSE: usize = 6;
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

/// Names without and with people who truly differ: by the model alone, and with the random sample beside it.
pub(super) fn findings(options: &Options) -> Vec<Finding> {
    let equal = repeat(options, 110, options.repetitions, |rng| centre(0, rng));
    let differ = repeat(options, 111, options.repetitions, |rng| centre(WORSE, rng));
    let (by_sample, speakers) = (Target::AtMost(0.05), ..DIALECT_SPEAKERS);
    let shown = Target::Shown(0.05);
    let any = "DIALECT equal people: P(anybody is named)";
    let dialect = "DIALECT equal people: named of the dialect";
    let worse = "DIALECT one in ten doubled: named of them";
    let last = PEOPLE - WORSE..;
    vec![
        finding(
            format!("{any}, corrected"),
            rate(equal.iter().map(|one| one.corrected.contains(&true))),
            by_sample,
        ),
        finding(format!("{any}, raw"), rate(equal.iter().map(|one| one.raw.contains(&true))), shown),
        finding(
            format!("{dialect}, corrected"),
            share(equal.iter().filter_map(|one| one.corrected.get(speakers))),
            by_sample,
        ),
        finding(
            format!("{dialect}, raw"),
            share(equal.iter().filter_map(|one| one.raw.get(speakers))),
            shown,
        ),
        finding(
            format!("{worse}, corrected"),
            share(differ.iter().filter_map(|one| one.corrected.get(last.clone()))),
            Target::Shown(0.18),
        ),
        finding(
            format!("{worse}, raw"),
            share(differ.iter().filter_map(|one| one.raw.get(last.clone()))),
            Target::Shown(0.18),
        ),
    ]
}

/// Share of the named among these people of every centre.
fn share<'a>(centres: impl Iterator<Item = &'a [bool]>) -> f64 {
    mean(centres.map(|named| rate(named.iter().copied())))
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
        rates.extend(corrected_rate(frame, &read).ok().map(|rate| StaffRate { contacts: CONTACTS, rate }));
        flagged.push(count(hits));
    }
    let members: Vec<Member> =
        counted(&flagged).into_iter().map(|expected| Member { expected, confirmed: MIN_CONFIRMED }).collect();
    let mut verdicts = stand(&members);
    let raw = named(&verdicts);
    hold_to_sample(&mut verdicts, &corrected_records(&rates));
    CentreNames { raw, corrected: named(&verdicts) }
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

fn named(verdicts: &[Assessment]) -> Vec<bool> {
    verdicts.iter().map(|one| one.standing == Standing::Named).collect()
}
