//! Coaching programmes with and without an effect.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::*;

const CONTACTS: u32 = 120;

fn tally(rng: &mut ChaCha8Rng, rate: f64) -> PeriodTally {
    let events = (0..CONTACTS).filter(|_| rng.random::<f64>() < rate).count();
    PeriodTally { trials: f64::from(CONTACTS), events: count(events), expected: 0.2 * f64::from(CONTACTS) }
}

/// Eighty people of whom the worst ten before are coached, which changes their rate by `effect`;
/// everybody moves by `trend`.
fn programme(rng: &mut ChaCha8Rng, effect: f64, trend: f64) -> (Vec<BeforeAfter>, Vec<BeforeAfter>) {
    let mut people: Vec<(f64, PeriodTally)> = (0..80)
        .map(|_| {
            let normal: f64 = StandardNormal.sample(rng);
            let rate = (0.2 + 0.04 * normal).clamp(0.02, 0.6);
            (rate, tally(rng, rate))
        })
        .collect();
    people.sort_by(|a, b| b.1.events.total_cmp(&a.1.events));
    let after = |(rank, (rate, before)): (usize, &(f64, PeriodTally))| {
        let change = trend + if rank < 10 { effect } else { 0.0 };
        BeforeAfter { before: *before, after: tally(rng, rate + change) }
    };
    let mut all: Vec<BeforeAfter> = people.iter().enumerate().map(after).collect();
    let colleagues = all.split_off(10);
    (all, colleagues)
}

/// Mean difference, mean crude change and coverage of the truth over 200 programmes.
fn programmes(effect: f64, trend: f64) -> (f64, f64, f64) {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let matching = Matching { caliper: 3.0, ..Matching::default() };
    let (mut difference, mut crude, mut covered) = (0.0, 0.0, 0.0);
    for _ in 0..200 {
        let (coached, colleagues) = programme(&mut rng, effect, trend);
        let result = coaching(&coached, &colleagues, matching).unwrap();
        assert!((result.crude - result.regression_to_mean - result.peers - result.difference).abs() < 1e-12);
        difference += result.difference / 200.0;
        crude += result.crude / 200.0;
        covered += f64::from(u8::from(result.interval.contains(effect))) / 200.0;
    }
    (difference, crude, covered)
}

#[test]
fn coaching_that_does_nothing_to_the_worst_looks_like_a_success_only_in_the_crude_figure() {
    let (difference, crude, covered) = programmes(0.0, 0.0);
    assert!(crude < -0.04, "{crude}");
    assert!(difference.abs() < 0.006 && covered >= 0.90, "{difference} {covered}");
}

#[test]
fn a_real_improvement_is_recovered_although_the_whole_centre_got_worse() {
    let (difference, _, covered) = programmes(-0.08, 0.05);
    assert!((difference + 0.08).abs() < 0.008 && covered >= 0.90, "{difference} {covered}");
}

fn person(before: f64, after: f64) -> BeforeAfter {
    let tally = |events: f64| PeriodTally { trials: 100.0, events, expected: 20.0 };
    BeforeAfter { before: tally(before), after: tally(after) }
}

#[test]
fn who_has_no_similar_colleague_is_left_out_by_name() {
    let colleagues: Vec<BeforeAfter> = (0..20).map(|i| person(12.0 + f64::from(i % 9) * 2.0, 20.0)).collect();
    let result =
        coaching(&[person(80.0, 60.0), person(22.0, 15.0)], &colleagues, Matching::default()).unwrap();
    assert_eq!((result.matched, result.unmatched), (1, vec![0]));
    let alone = coaching(&[person(80.0, 60.0)], &colleagues, Matching::default());
    assert_eq!(alone, Err(FitError::TooFew { needed: 1, got: 0 }));
}

#[test]
fn no_interval_promises_fewer_events_than_none() {
    let few = |before: f64, after: f64| {
        let tally = |events: f64| PeriodTally { trials: 5.0, events, expected: 2.0 };
        BeforeAfter { before: tally(before), after: tally(after) }
    };
    let colleagues: Vec<BeforeAfter> = (0..6).map(|i| few(2.0, f64::from(i % 4))).collect();

    let result = coaching(&[few(2.0, 0.0)], &colleagues, Matching::default()).unwrap();

    let anyway = -result.difference;
    assert!((0.0..=1.0).contains(&anyway), "nothing happened after: the difference is what would have");
    assert!(result.interval.low >= -anyway - 1e-12 && result.interval.high <= 1.0, "{:?}", result.interval);
    assert!(result.interval.contains(result.difference));
}

#[test]
fn without_an_after_period_there_is_nothing_to_compare() {
    let absent =
        BeforeAfter { after: PeriodTally { trials: 0.0, events: 0.0, expected: 0.0 }, ..person(20.0, 20.0) };
    let colleagues: Vec<BeforeAfter> = (0..9).map(|i| person(18.0 + f64::from(i % 5), 20.0)).collect();
    let result = coaching(&[absent, person(20.0, 10.0)], &colleagues, Matching::default()).unwrap();
    assert_eq!(result.unmatched, [0]);
    assert_eq!(
        coaching(&[person(20.0, 10.0)], &[absent], Matching::default()),
        Err(FitError::TooFew { needed: 2, got: 0 })
    );
}

#[test]
fn impossible_counts_and_matchings_are_refused() {
    let colleagues = [person(18.0, 20.0), person(21.0, 20.0)];
    let refused = |coached: BeforeAfter, peers: usize| {
        coaching(&[coached], &colleagues, Matching { peers, caliper: 1.0 })
    };
    assert!(matches!(refused(person(101.0, 0.0), 5), Err(FitError::Malformed(_))));
    assert!(matches!(refused(person(20.0, 20.0), 0), Err(FitError::Malformed(_))));
}

#[test]
fn a_plan_says_beforehand_what_it_can_show() {
    let plan =
        Plan { coached: 10, peers: 40, before: 120.0, after: 120.0, rate: 0.2, between: 0.04, drift: 0.0 };
    let detectable = plan.minimum_detectable(0.8);
    assert!((plan.power(detectable) - 0.8).abs() < 1e-4 && (plan.power(0.0) - 0.05).abs() < 1e-9);
    assert!((detectable - 0.044).abs() < 0.003, "{detectable}");
    let longer = Plan { after: 480.0, ..plan };
    assert!(longer.minimum_detectable(0.8) < detectable && longer.power(0.04) > plan.power(0.04));
    assert!(Plan { coached: 0, ..plan }.standard_error().is_infinite());
    assert!(Plan { coached: 0, ..plan }.power(0.5) < 0.051);
}

#[test]
fn what_the_plan_promises_is_what_happens() {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let matching = Matching { caliper: 3.0, ..Matching::default() };
    let found = |_: &u32| {
        let (coached, colleagues) = programme(&mut rng, -0.08, 0.0);
        coaching(&coached, &colleagues, matching).unwrap().p < 0.05
    };
    let power = count((0..200).filter(found).count()) / 200.0;
    // the worst ten are compared with the five next in line, over and over
    let plan =
        Plan { coached: 10, peers: 5, before: 120.0, after: 120.0, rate: 0.2, between: 0.04, drift: 0.0 };
    assert!((power - plan.power(0.08)).abs() < 0.1, "{power} instead of {}", plan.power(0.08));
}
