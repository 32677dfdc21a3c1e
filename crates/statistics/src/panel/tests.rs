//! The panel against the numpy reference and against itself.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::FitError;

fn reference() -> Value {
    serde_json::from_str(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/estimators.json")))
        .unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// The contacts of reference agent `agent`.
fn contacts(agent: usize) -> Vec<Moments<2>> {
    let all = reference();
    let contacts = all["p4"][agent]["contacts"].as_array().unwrap();
    contacts
        .iter()
        .map(|c| Moments::of(&partner_rows(&numbers(&c["customer"]), &numbers(&c["agent"]))).unwrap())
        .collect()
}

fn panel(contacts: &[Moments<2>]) -> Panel<2> {
    let mut panel = Panel::new();
    for contact in contacts {
        panel.add(contact);
    }
    panel
}

#[track_caller]
fn close(got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len());
    assert!(got.iter().zip(want).all(|(g, w)| (g - w).abs() < tolerance), "{got:?} instead of {want:?}");
}

#[test]
fn the_sums_give_what_the_two_pass_reference_gives() {
    let all = reference();
    for (index, agent) in all["p4"].as_array().unwrap().iter().enumerate() {
        let panel = panel(&contacts(index));
        let given = ["agent", "customer"].map(|role| agent["error_variance"][role].as_f64().unwrap());
        for (name, variance) in [("plain", [0.0; 2]), ("corrected", given)] {
            let fit = panel.fit(&[0, 1], &variance).unwrap();
            let want = |keys: [&str; 2]| keys.map(|key| agent[name][key].as_f64().unwrap());
            close(&fit.coefficients, &want(["phi", "beta"]), 1e-8);
            close(&fit.errors, &want(["se_phi", "se_beta"]), 1e-8);
            assert!(!fit.attenuated && fit.contacts == 30);
        }
    }
}

#[test]
fn a_submodel_needs_no_second_reading() {
    let contacts = contacts(1);
    let full = panel(&contacts);
    let mut only = Panel::<1>::new();
    for contact in &contacts {
        let (xx, xy) = (contact.xx[(1, 1)], contact.xy[1]);
        only.add(&Moments { rows: contact.rows, xx: [[xx]].into(), xy: [xy].into(), yy: contact.yy });
    }
    let (sub, own) = (full.fit(&[1], &[9.0, 0.3]).unwrap(), only.fit(&[0], &[0.3]).unwrap());
    close(&sub.coefficients, &own.coefficients, 1e-12);
    close(&sub.errors, &own.errors, 1e-12);
    let (forward, backward) =
        (full.fit(&[0, 1], &[0.25, 0.3]).unwrap(), full.fit(&[1, 0], &[0.25, 0.3]).unwrap());
    close(
        &[forward.coefficients[1], forward.errors[0]],
        &[backward.coefficients[0], backward.errors[1]],
        1e-12,
    );
}

#[test]
fn three_regressors_recover_the_line_they_were_made_from() {
    let mut panel = Panel::<3>::new();
    for contact in 0..8_u32 {
        let rows: Vec<([f64; 3], f64)> = (0..9)
            .map(|t| {
                let x =
                    [f64::from(t), f64::from((t * t + contact) % 7), f64::from((t * 5 + contact * 3) % 4)];
                (x, 0.5 * x[0] - 2.0 * x[1] + 0.25 * x[2] + f64::from(contact) * 10.0)
            })
            .collect();
        panel.add(&Moments::of(&rows).unwrap());
    }
    let fit = panel.fit(&[2, 0, 1], &[0.0; 3]).unwrap();
    close(&fit.coefficients, &[0.25, 0.5, -2.0], 1e-10);
    close(&fit.errors, &[0.0; 3], 1e-7);
    assert!(fit.residual_variance < 1e-10 && fit.interval(0).is_some() && fit.interval(3).is_none());
}

#[test]
fn a_correction_larger_than_the_data_is_not_applied_and_says_so() {
    let panel = panel(&contacts(2));
    let plain = panel.fit(&[0, 1], &[0.0; 2]).unwrap();
    let guarded = panel.fit(&[0, 1], &[0.25, 5.0]).unwrap();
    assert!(guarded.attenuated && !plain.attenuated);
    close(&guarded.coefficients, &plain.coefficients, 1e-15);
    close(&guarded.errors, &plain.errors, 1e-15);
}

#[test]
fn what_cannot_be_estimated_is_refused_with_its_reason() {
    let all = contacts(0);
    let pair = panel(&all[..2]);
    let panel = panel(&all);
    let too_few = Err(FitError::TooFew { needed: 3, got: 2 });
    assert_eq!(pair.fit(&[0, 1], &[0.0; 2]), too_few);
    assert!(matches!(panel.fit(&[2], &[0.0; 2]), Err(FitError::Malformed(_))));
    assert!(matches!(panel.fit(&[1, 1], &[0.0; 2]), Err(FitError::Malformed(_))));
    assert!(matches!(panel.fit(&[], &[0.0; 2]), Err(FitError::Malformed(_))));
    assert!(matches!(panel.fit(&[0], &[-0.1, 0.0]), Err(FitError::Malformed(_))));
}

#[test]
fn regressors_that_say_the_same_or_nothing_are_singular() {
    let (mut same, mut silent) = (Panel::<2>::new(), Panel::<2>::new());
    for contact in 0..5_u32 {
        let x = |t: u32| f64::from((t * 3 + contact) % 5) / 10.0;
        let rows: Vec<_> = (0..6).map(|t| ([x(t), 2.0 * x(t) + 0.1], f64::from(t))).collect();
        same.add(&Moments::of(&rows).unwrap());
        let rows: Vec<_> = (0..6).map(|t| ([x(t), 0.1], f64::from(t))).collect();
        silent.add(&Moments::of(&rows).unwrap());
    }
    assert_eq!(same.fit(&[0, 1], &[0.0; 2]), Err(FitError::Singular));
    assert_eq!(silent.fit(&[0, 1], &[0.0; 2]), Err(FitError::Singular));
    assert!(silent.fit(&[0], &[0.0; 2]).is_ok());
}

#[test]
fn a_contact_too_short_or_unscored_leaves_no_moments() {
    assert_eq!(Moments::of(&[([1.0], 1.0)]), None);
    assert_eq!(Moments::of(&[([1.0], 1.0), ([f64::NAN], 2.0), ([3.0], 1.0)]), None);
    assert_eq!(partner_rows(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), [([4.0, 2.0], 5.0), ([5.0, 3.0], 6.0)]);
    assert!(partner_rows(&[], &[]).is_empty());
    close(&[error_variance(0.65, 0.2), error_variance(1.1, 0.2)], &[0.07, 0.0], 1e-12);
}

#[test]
fn sums_are_stored_and_read_back_only_into_the_same_model() {
    let panel = panel(&contacts(0));
    let text = serde_json::to_string(&panel).unwrap();
    let (kept, read) =
        (panel.fit(&[0, 1], &[0.0; 2]).unwrap(), serde_json::from_str::<Panel<2>>(&text).unwrap());
    // JSON readers may lose the last digit
    close(&read.fit(&[0, 1], &[0.0; 2]).unwrap().errors, &kept.errors, 1e-12);
    let refusal = serde_json::from_str::<Panel<3>>(&text).unwrap_err().to_string();
    assert!(refusal.contains("for 2 regressors, 3 are expected"), "{refusal}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn months_may_be_split_and_merged_in_any_order(parts in proptest::collection::vec(0_usize..5, 30), reverse: bool) {
        let contacts = contacts(1);
        let mut months = vec![Panel::<2>::new(); 5];
        for (contact, &part) in contacts.iter().zip(&parts) {
            months[part].add(contact);
        }
        if reverse {
            months.reverse();
        }
        let mut merged = Panel::default();
        for month in &months {
            merged.merge(month);
        }
        let (one, many) = (panel(&contacts).fit(&[0, 1], &[0.25, 0.3]).unwrap(), merged.fit(&[0, 1], &[0.25, 0.3]).unwrap());
        close(&many.coefficients, &one.coefficients, 1e-10);
        close(&many.errors, &one.errors, 1e-10);
        prop_assert_eq!((merged.contacts(), merged.rows()), (30, panel(&contacts).rows()));
    }
}
