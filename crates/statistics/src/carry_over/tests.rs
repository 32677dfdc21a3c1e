use super::*;
use crate::resample::generator;
use rand::Rng;

/// A day of 25 contacts of five minutes, two minutes apart; `kappa` acts on the next opening,
/// `shock` on the whole day half by half (outage in the afternoon: hostile customers and a low tone
/// together).
fn day(rng: &mut impl Rng, kappa: f64, shock: f64) -> Vec<DayContact> {
    let mut last = 0.0;
    (0..25)
        .map(|i| {
            let outage = if i >= 12 { shock } else { 0.0 };
            let exposure: f64 = rng.random::<f64>() + outage;
            let noise: f64 = rng.random::<f64>() - 0.5;
            let opening = kappa * last * (-0.2_f64).exp() + noise - outage;
            last = exposure;
            let start = 7.0 * f64::from(i);
            DayContact { start, end: start + 5.0, exposure, opening: Some(opening), script: 0 }
        })
        .collect()
}

fn quarter(kappa: f64, shock: f64) -> CarryOver {
    let mut rng = generator(3, &[11]);
    let mut sums = CarryOver::new();
    (0..60).for_each(|at| sums.add_week(&[(at, day(&mut rng, kappa, shock))]));
    sums
}

#[test]
fn a_lower_opening_after_hostile_contacts_is_found_with_its_size() {
    let effect = quarter(-0.3, 0.0).effect().unwrap();
    assert!((effect.carry_over + 0.3).abs() < 0.06, "{effect:?}");
    assert!(effect.p < 1e-6 && effect.interval.high < 0.0);
    assert!((50..=60).contains(&effect.days) && effect.contacts == 1_500, "{effect:?}");
}

#[test]
fn an_outage_that_moves_both_sides_is_caught_by_the_next_customer_and_nothing_is_shown() {
    let outcome = quarter(0.0, 0.6).effect();
    assert!(matches!(outcome, Err(NotShown::Placebo { placebo_p }) if placebo_p < 1e-6), "{outcome:?}");
}

#[test]
fn a_quarter_is_the_sum_of_its_months_and_a_week_is_too_short() {
    let mut rng = generator(4, &[]);
    let days: Vec<_> = (0..30).map(|at| (at, day(&mut rng, -0.2, 0.0))).collect();
    let (mut whole, mut first, mut second) = (CarryOver::new(), CarryOver::new(), CarryOver::new());
    let weeks: Vec<&[(i64, Vec<DayContact>)]> = days.chunks(5).collect();
    for week in &weeks {
        whole.add_week(week);
    }
    weeks.iter().take(2).for_each(|week| first.add_week(week));
    weeks.iter().skip(2).for_each(|week| second.add_week(week));
    assert_eq!(first.effect(), Err(NotShown::TooFew(TooFew { needed: 500, have: 250 })));
    first.merge(&second);
    let (a, b) = (whole.effect().unwrap(), first.effect().unwrap());
    assert!((a.carry_over - b.carry_over).abs() < 1e-10 && (a.error - b.error).abs() < 1e-10);
}

#[test]
fn an_hour_of_lunch_leaves_almost_nothing_to_carry_over() {
    let contact =
        |start: f64| DayContact { start, end: start + 5.0, exposure: 1.0, opening: Some(0.0), script: 0 };
    let rows = day_rows(&[contact(0.0), contact(65.0), contact(71.0)]);
    assert!((rows[0].columns[0] - (-6.0_f64).exp()).abs() < 1e-12);
    assert!((rows[0].columns[1] - (-0.1_f64).exp()).abs() < 1e-12);
}

/// A quarter in which complaints come in runs, are hostile, and are opened in a lower tone because
/// the script says so.
fn runs(kappa: f64, known: bool) -> CarryOver {
    let mut rng = generator(5, &[3]);
    let mut sums = CarryOver::new();
    for week in 0..12 {
        let week: Vec<(i64, Vec<DayContact>)> = (0..5)
            .map(|at| {
                let mut complaint = false;
                let mut day = day(&mut rng, 0.0, 0.0);
                let mut last = 0.0;
                for contact in &mut day {
                    complaint = if rng.random::<f64>() < 0.3 { !complaint } else { complaint };
                    let (hostile, tone) = if complaint { (0.8, -0.4) } else { (0.0, 0.0) };
                    contact.exposure += hostile;
                    contact.opening = contact.opening.map(|own| own + tone + kappa * last * (-0.2_f64).exp());
                    contact.script = u64::from(complaint && known);
                    last = contact.exposure;
                }
                (week * 7 + at, day)
            })
            .collect();
        sums.add_week(&week);
    }
    sums
}

#[test]
fn complaints_that_follow_each_other_and_have_a_script_of_their_own_are_no_carry_over() {
    assert!(matches!(runs(0.0, false).effect(), Err(NotShown::Placebo { .. })));
    let none = runs(0.0, true).effect().unwrap();
    assert!(none.interval.low < 0.0 && none.interval.high > 0.0, "{none:?}");
    let some = runs(-0.3, true).effect().unwrap();
    assert!((some.carry_over + 0.3).abs() < 0.06 && some.interval.high < 0.0, "{some:?}");
}

#[test]
fn taking_means_out_gives_what_a_regression_on_days_and_scripts_gives() {
    let mut rng = generator(6, &[]);
    let mut days: Vec<Vec<ExposureRow>> = (0..4)
        .map(|_| {
            let mut columns = || [(); 3].map(|()| rng.random::<f64>());
            (0..12_u64).map(|at| ExposureRow { columns: columns(), script: at * at % 5 }).collect()
        })
        .collect();
    // The same with a column for every day and for every script but the first.
    let all: Vec<(usize, ExposureRow)> =
        days.iter().enumerate().flat_map(|(day, rows)| rows.iter().map(move |row| (day, *row))).collect();
    let scripts: BTreeSet<u64> = all.iter().map(|(_, row)| row.script).collect();
    let dummies: Vec<u64> = scripts.into_iter().skip(1).collect();
    let one = |yes: bool| f64::from(u8::from(yes));
    let design = nalgebra::DMatrix::from_fn(all.len(), 6 + dummies.len(), |at, column| {
        let (day, row) = all[at];
        match column {
            0 | 1 => row.columns[column],
            2..6 => one(day == column - 2),
            other => one(row.script == dummies[other - 6]),
        }
    });
    let openings = nalgebra::DVector::from_iterator(all.len(), all.iter().map(|(_, row)| row.columns[2]));
    let known = (design.transpose() * &design).try_inverse().unwrap() * design.transpose() * openings;

    assert_eq!(without_scripts(&mut days), dummies.len());

    let mut sums = Day::default();
    for row in days.iter().flatten() {
        sums.take(row.columns);
    }
    let Moments { xx, xy, .. } = sums.moments();
    let found = xx.try_inverse().unwrap() * xy;
    assert!((found[0] - known[0]).abs() < 1e-8 && (found[1] - known[1]).abs() < 1e-8, "{found} {known}");
}

#[test]
fn scripts_that_each_have_a_day_of_their_own_cost_nothing_beyond_the_days() {
    let row = |script| ExposureRow { columns: [1.0, 0.0, 0.5], script };
    assert_eq!(groups(&[vec![row(1), row(1)], vec![row(2)], vec![]]), 2);
    assert_eq!(groups(&[vec![row(1)], vec![row(2)], vec![row(1), row(2)], vec![row(3)]]), 2);
}

#[test]
fn members_who_share_an_hours_shock_are_no_evidence_by_their_number() {
    let mut rejected = 0;
    for world in 0..40 {
        let mut rng = generator(world, &[12]);
        let mut team = CarryOver::new();
        let shocks: Vec<Vec<f64>> =
            (0..20).map(|_| (0..25).map(|_| rng.random::<f64>() - 0.5).collect()).collect();
        for _ in 0..12 {
            let days: Vec<(i64, Vec<DayContact>)> = shocks
                .iter()
                .zip(0..)
                .map(|(shock, at)| {
                    let mut own = day(&mut rng, 0.0, 0.0);
                    for (contact, shock) in own.iter_mut().zip(shock) {
                        contact.exposure += shock.max(0.0);
                        contact.opening = contact.opening.map(|opening| opening - 0.5 * shock);
                    }
                    (at, own)
                })
                .collect();
            days.chunks(5).for_each(|week| team.add_week(week));
        }
        rejected += usize::from(team.effect().is_ok_and(|found| found.p < 0.05));
    }
    assert!(rejected <= 6, "{rejected} of 40, and no member carries anything over");
}

#[test]
fn contacts_that_are_hours_apart_carry_nothing_over_that_could_be_told() {
    let mut rng = generator(8, &[]);
    let mut sums = CarryOver::new();
    for at in 0..60 {
        let mut apart = day(&mut rng, 0.0, 0.0);
        for (contact, hour) in apart.iter_mut().zip(0_u32..) {
            contact.start = 45.0 * f64::from(hour) * (0.5 + rng.random::<f64>());
            contact.end = contact.start + 5.0;
        }
        apart.sort_by(|a, b| a.start.total_cmp(&b.start));
        // One pair of them on three days stands close.
        if at > 2 {
            apart
                .iter_mut()
                .zip(0_u32..)
                .for_each(|(contact, hour)| contact.start += 240.0 * f64::from(hour));
        }
        sums.add_week(&[(at, apart)]);
    }
    assert_eq!(sums.effect(), Err(NotShown::NoVariation));
}
