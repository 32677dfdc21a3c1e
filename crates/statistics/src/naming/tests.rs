//! Simulated centres in which the truth is known.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::*;
use crate::case_mix::{AgentCell, expected};
use crate::count;

/// Sixty agents; a third on a hard queue; every tenth has `odds` times the odds of the event, the
/// others differ by `spread`. `median` contacts each, log-normally distributed.
fn centre(rng: &mut ChaCha8Rng, median: f64, odds: f64, spread: f64) -> Vec<Expected> {
    let designs = vec![vec![1.0, 0.0], vec![1.0, 1.0]];
    let agents: Vec<Vec<AgentCell>> = (0..60)
        .map(|agent| {
            let normal: f64 = StandardNormal.sample(rng);
            let skill = if agent % 10 == 7 { odds.ln() } else { spread * normal };
            let size: f64 = StandardNormal.sample(rng);
            let contacts = (median * (0.5 * size).exp()).round().max(30.0);
            let main = usize::from(agent % 3 == 0);
            [(main, 0.8), (1 - main, 0.2)]
                .map(|(queue, share)| {
                    let trials = (contacts * share).round();
                    let eta = skill + if queue == 1 { -1.0 } else { -1.9 };
                    let p = 1.0 / (1.0 + (-eta).exp());
                    let events =
                        (0_u32..).take_while(|i| f64::from(*i) < trials).filter(|_| rng.random::<f64>() < p);
                    AgentCell { design: queue, trials, events: count(events.count()) }
                })
                .to_vec()
        })
        .collect();
    expected(&designs, &agents).unwrap()
}

fn judged(members: &[Expected], confirmed: usize) -> Vec<Assessment> {
    stand(&members.iter().map(|&expected| Member { expected, confirmed }).collect::<Vec<_>>())
}

fn named(verdicts: &[Assessment]) -> Vec<usize> {
    verdicts
        .iter()
        .enumerate()
        .filter(|(_, v)| v.standing == Standing::Named)
        .map(|(agent, _)| agent)
        .collect()
}

#[test]
fn where_nobody_differs_hardly_anybody_is_named_and_investigations_are_rare() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let (mut names, mut centres_investigating) = (0, 0);
    for _ in 0..300 {
        let verdicts = judged(&centre(&mut rng, 50.0, 1.0, 0.0), 3);
        names += named(&verdicts).len();
        centres_investigating += usize::from(verdicts.iter().any(|v| v.standing == Standing::Investigate));
    }
    assert!(names <= 4 && centres_investigating <= 60, "{names} {centres_investigating} of 300 centres");
}

#[test]
fn of_agents_with_doubled_odds_and_many_contacts_most_are_named_and_hardly_anybody_else() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let (mut right, mut wrong, mut praised) = (0, 0, 0);
    for _ in 0..40 {
        let verdicts = judged(&centre(&mut rng, 400.0, 2.0, 0.2), 3);
        for agent in named(&verdicts) {
            match (agent % 10 == 7, verdicts[agent].direction) {
                (true, Direction::Worse) => right += 1,
                (false, Direction::Worse) => wrong += 1,
                (_, Direction::Better) => praised += 1,
            }
        }
    }
    assert!(right >= 120 && wrong <= 24, "{right} of 240 found, {wrong} wrongly, {praised} praised");
}

#[test]
fn at_fifty_contacts_a_bad_record_is_watched_and_nobody_is_named() {
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    let mut outside = 0;
    for _ in 0..40 {
        let verdicts = judged(&centre(&mut rng, 50.0, 2.0, 0.2), 3);
        assert!(verdicts.iter().all(|verdict| {
            let few = verdict.missing.contains(&Missing::Comparison);
            let quiet = !matches!(verdict.standing, Standing::Named | Standing::Investigate);
            !few || quiet
        }));
        let watched = |agent: &usize| verdicts[*agent].standing == Standing::Watch;
        outside += (0..60).filter(|agent| agent % 10 == 7).filter(watched).count();
    }
    assert!(outside >= 50, "{outside} of 240 watched");
}

/// Twenty ordinary colleagues with a little spread, and one record of `observed` in place of 40
/// events.
fn with_one(observed: f64, confirmed: usize) -> Assessment {
    let mut members: Vec<Member> = (0..20)
        .map(|i| Member {
            expected: Expected {
                observed: 40.0 + 3.0 * f64::from(i % 5 - 2),
                expected: 40.0,
                variance: 32.0,
                trials: 200.0,
            },
            confirmed: 0,
        })
        .collect();
    let own = Expected { observed, expected: 40.0, variance: 32.0, trials: 200.0 };
    members.push(Member { expected: own, confirmed });
    stand(&members).pop().unwrap()
}

#[test]
fn a_terrible_record_without_humans_who_listened_is_investigated_and_says_what_is_missing() {
    let verdict = with_one(90.0, 2);
    assert_eq!((verdict.standing, verdict.direction), (Standing::Investigate, Direction::Worse));
    assert!(verdict.missing.contains(&Missing::Confirmation), "{verdict:?}");
    assert!((verdict.z - 50.0 / 32.0_f64.sqrt()).abs() < 1e-12 && verdict.z_overdispersed > Z_998);
    assert!(verdict.effect > 0.3 && verdict.effect < 50.0 / 32.0, "shrunk: {verdict:?}");
    let ratio = verdict.ratio.unwrap();
    assert!(
        (ratio.value - 2.25).abs() < 1e-12 && ratio.interval.low > 1.7 && ratio.interval.high < 2.9,
        "{ratio:?}"
    );
}

#[test]
fn praise_takes_the_same_evidence_as_blame() {
    let (worse, better) = (with_one(80.0, 3), with_one(0.0, 3));
    assert_eq!(worse.direction, Direction::Worse);
    assert_eq!(better.direction, Direction::Better);
    let mirrored = |v: &Assessment| (v.standing, v.missing.clone());
    assert_eq!(mirrored(&worse), mirrored(&better));
    assert!(
        (worse.effect + better.effect).abs() < 1e-9
            && (worse.probability_beyond - better.probability_beyond).abs() < 1e-9
    );
}

#[test]
fn a_newcomer_does_not_appear_and_changes_nobody() {
    let mut members: Vec<Member> = (0..10)
        .map(|i| {
            let observed = 30.0 + 4.0 * f64::from(i % 3);
            Member {
                expected: Expected { observed, expected: 34.0, variance: 26.0, trials: 150.0 },
                confirmed: 0,
            }
        })
        .collect();
    let before = stand(&members);
    members.push(Member {
        expected: Expected { observed: 9.0, expected: 2.0, variance: 1.6, trials: 9.0 },
        confirmed: 5,
    });
    let mut after = stand(&members);
    let newcomer = after.pop().unwrap();
    assert_eq!(after, before);
    assert_eq!(newcomer.standing, Standing::NotEnoughData { contacts: 9.0, needed: 30.0 });
    assert_eq!(newcomer.missing.first(), Some(&Missing::Contacts));
    assert!(stand(&[]).is_empty());
}

#[test]
fn nothing_expected_is_no_ratio_and_no_deviation() {
    let nothing = Expected { observed: 0.0, expected: 0.0, variance: 0.0, trials: 50.0 };
    let verdict = judged(&[nothing], 0).pop().unwrap();
    assert_eq!((verdict.standing, verdict.ratio), (Standing::AsExpected, None));
}

#[test]
fn the_interval_of_rare_events_is_the_poisson_one_and_of_frequent_ones_narrower() {
    // exact Poisson interval of 10 events: 4.795 to 18.39
    let rare = ratio(&Expected { observed: 10.0, expected: 10.0, variance: 9.999, trials: 1e5 }).unwrap();
    assert!(
        (rare.interval.low - 0.4795).abs() < 0.005 && (rare.interval.high - 1.839).abs() < 0.005,
        "{rare:?}"
    );
    let frequent = ratio(&Expected { observed: 40.0, expected: 40.0, variance: 8.0, trials: 50.0 }).unwrap();
    assert!(frequent.interval.width() < 0.32 && frequent.interval.high <= 1.25, "{frequent:?}");
    let none = ratio(&Expected { observed: 0.0, expected: 3.0, variance: 2.9, trials: 100.0 }).unwrap();
    assert!(
        none.interval.low.abs() < 1e-12 && none.interval.high > 1.1 && none.interval.high < 1.3,
        "{none:?}"
    );
}

#[test]
fn verdicts_travel_as_json() {
    let verdict = with_one(90.0, 0);
    let text = serde_json::to_string(&verdict).unwrap();
    assert!(
        text.contains("\"standing\":\"investigate\"") && text.contains("\"direction\":\"worse\""),
        "{text}"
    );
}
