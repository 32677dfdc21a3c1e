use super::*;
use crate::resample::generator;
use rand_distr::{Distribution, StandardNormal};

#[test]
fn a_start_regresses_to_the_mean_of_its_own_queue() {
    let mut strata: BTreeMap<u64, Moods> = BTreeMap::new();
    for i in 0..400_u16 {
        let spread = if i % 4 < 2 { 0.5 } else { -0.5 };
        strata.entry(u64::from(i % 2)).or_default().merge(&Moods::of(spread - f64::from(i % 2), 0.0));
    }
    let calibration = Calibration::fit(0.1, &strata);
    let start = |stratum, observed| calibration.calibrated(stratum, Moods::of(observed, 0.0)).spread().0;
    // Variance .25 within a queue, error .1: reliability within a queue is 1 − .1/.25 = .6.
    assert!((start(0, 0.5) - 0.3).abs() < 0.01);
    assert!((start(1, -0.5) + 0.7).abs() < 0.01);
}

#[test]
fn an_agent_who_calms_more_than_expected_stands_out_and_a_newcomer_is_not_judged() {
    let mut rng = generator(8, &[9]);
    let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
    let agents: Vec<SoothingSums> = (0..20)
        .map(|agent| {
            let mut sums = SoothingSums::new(0);
            for _ in 0..if agent == 19 { 20 } else { 80 } {
                let start = -0.6 + 0.2 * normal();
                let gift = if agent == 0 { 0.3 } else { 0.0 };
                let end = 0.1 + 0.5 * start + gift + 0.3 * normal();
                sums.add(Moods::of(start, end), &[]).unwrap();
            }
            sums
        })
        .collect();
    let result = soothing(&agents).unwrap();
    let gifted = result[0].unwrap();
    assert!((gifted.residual - 0.3).abs() < 0.1 && gifted.z() > 5.0, "{gifted:?}");
    assert!(gifted.value < gifted.residual && gifted.value > 0.15);
    assert_eq!(result[19], Err(TooFew { needed: 50, have: 20 }));
}

#[test]
fn a_quarter_is_the_sum_of_its_months_and_a_broken_row_is_refused() {
    let (mut first, mut second, mut both) =
        (SoothingSums::new(1), SoothingSums::new(1), SoothingSums::new(1));
    let (cold, cool) = (Moods::of(-0.5, 0.1), Moods::of(-0.25, 0.5));
    first.add(cold, &[1.0]).unwrap();
    second.add(cool, &[0.0]).unwrap();
    both.add(cold, &[1.0]).unwrap();
    both.add(cool, &[0.0]).unwrap();
    first.merge(&second).unwrap();
    assert_eq!(first, both);
    assert!(first.add(cold, &[]).is_err() && first.add(Moods::of(f64::NAN, 0.1), &[1.0]).is_err());
    assert_eq!(first.contacts(), 2);
    assert_eq!(soothing(&[]), Ok(Vec::new()));
}

#[test]
fn contacts_added_up_beforehand_give_what_contacts_one_by_one_give() {
    let contacts = [(-0.5, 0.1), (-0.3, 0.4), (-0.9, -0.2)];
    let (mut each, mut together, mut moods) = (SoothingSums::new(1), SoothingSums::new(1), Moods::default());
    for (start, end) in contacts {
        each.add(Moods::of(0.6 * start - 0.1, end), &[1.0]).unwrap();
        moods.merge(&Moods::of(start, end));
    }
    together.add(moods.moved(0.6, -0.1), &[1.0]).unwrap();
    let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
    assert!(close(&each.xx, &together.xx) && close(&each.xy, &together.xy));
    assert!((each.yy - together.yy).abs() < 1e-12 && each.contacts() == 3);
}

#[test]
fn a_queue_that_only_one_agent_has_silences_that_agent_and_nobody_else() {
    let mut rng = generator(8, &[10]);
    let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
    let agents: Vec<SoothingSums> = (0..20)
        .map(|agent| {
            let mut sums = SoothingSums::new(1);
            for _ in 0..80 {
                let start = -0.6 + 0.2 * normal();
                let end = 0.1 + 0.5 * start + 0.3 * normal();
                sums.add(Moods::of(start, end), &[if agent == 0 { 1.0 } else { 0.0 }]).unwrap();
            }
            sums
        })
        .collect();
    let result = soothing(&agents).unwrap();
    let alone = result[0].unwrap();
    assert!(alone.error > 100.0 && alone.value.abs() < 0.05, "{alone:?}");
    assert!(result[1].unwrap().error < 0.1);
}
