use super::repetition::rate;
use super::*;
use crate::resample::generator;

fn few(only: &[&str]) -> Options {
    let only = Some(only.iter().map(|&name| name.to_owned()).collect());
    Options { repetitions: 60, only, ..Options::default() }
}

#[track_caller]
fn between(findings: &[Finding], check: &str, low: f64, high: f64) {
    let found: Vec<_> = findings.iter().filter(|finding| finding.check.contains(check)).collect();
    assert!(!found.is_empty(), "no finding is called {check}");
    for finding in found {
        assert!((low..=high).contains(&finding.value), "{low} to {high}: {finding:?}");
    }
}

#[test]
fn every_estimator_agrees_with_the_independent_reference() {
    let findings = run(&few(&["V1"]));
    assert_eq!(findings.len(), 5);
    assert!(findings.iter().all(|finding| finding.holds), "{findings:?}");
}

#[test]
fn where_nothing_passes_from_customer_to_agent_nothing_is_found_whatever_they_share() {
    // 480 tests per world: the measured rate of a true .06 is off by up to .03.
    let findings = run(&few(&["V2"]));
    between(&findings, ": rejection rate of the pooled", 0.35, 1.0);
    let own: Vec<_> = findings.into_iter().filter(|finding| !finding.check.contains("pooled")).collect();
    assert_eq!(own.len(), 32);
    between(&own, "rejection rate", 0.02, 0.10);
    between(&own, "mean estimate", -0.03, 0.03);
}

#[test]
fn a_shared_script_arc_is_no_coupling() {
    use crate::panel::{Moments, Panel, error_variance, partner_rows};
    use crate::t_test::two_sided;
    use world::{RELIABILITY, Scenario, agent, estimates, measure, variance};

    let mut rng = generator(2, &[]);
    let scenario = Scenario { case_mix: true, arc: 1.25, ..Scenario::base(0.0) };
    let mut centre: Vec<_> = (0..200).map(|_| agent(100, &scenario, &mut rng)).collect();
    measure(&mut centre, &scenario, RELIABILITY, &mut rng);
    let with = estimates(&centre, RELIABILITY).into_iter().flatten();
    let with = rate(with.map(|found| two_sided(found.value, found.error, found.contacts) < 0.05));
    let errors = [variance(&centre, |pair| &pair.agent), variance(&centre, |pair| &pair.customer)];
    let errors = errors.map(|variance| error_variance(RELIABILITY, variance));
    let without = rate(centre.iter().map(|contacts| {
        let mut panel = Panel::<2>::new();
        for pair in contacts {
            panel.add(&Moments::of(&partner_rows(&pair.customer, &pair.agent)).unwrap());
        }
        let fit = panel.fit(&[0, 1], &errors).unwrap();
        two_sided(fit.coefficients[1], fit.errors[1], 100) < 0.05
    }));
    assert!(without > 0.4 && with < 0.10, "without the baseline {without}, with it {with}");
}

#[test]
fn a_true_coupling_is_recovered_through_measurement_error() {
    let findings = run(&few(&["V3", "V4"]));
    between(&findings, "coupling 0.2, K=100: mean", 0.17, 0.24);
    between(&findings, "coupling 0.4, K=30: mean", 0.36, 0.45);
    between(&findings, "coverage", 0.88, 0.98);
    between(&findings, "power", 0.88, 1.0);
}

#[test]
fn a_score_that_has_read_the_other_side_finds_coupling_where_there_is_none() {
    between(&run(&few(&["LEAK"])), "LEAK", 0.5, 1.0);
}

#[test]
fn pooling_sixty_agents_halves_the_error_of_those_with_few_contacts() {
    let findings = run(&few(&["EB"]));
    between(&findings, "K=10: RMSE raw", 0.15, 0.26);
    between(&findings, "K=10: RMSE shrunk", 0.08, 0.12);
    between(&findings, "K=100: reliability", 0.68, 0.85);
}

#[test]
fn what_was_destroyed_on_purpose_is_found_at_the_level_of_the_test_only() {
    let findings = run(&few(&["V6"]));
    assert_eq!(findings.len(), 5);
    between(&findings, "rejection rate", 0.015, 0.10);
}

#[test]
fn a_hard_queue_does_not_make_a_bad_agent() {
    let findings = run(&few(&["V7", "V8"]));
    between(&findings, "hard/easy queue, watch", 0.6, 1.5);
    between(&findings, "adjusted and corrected", 0.01, 0.04);
    between(&findings, "raw end mood: flagged, hard queue", 0.2, 1.0);
}

#[test]
fn the_naming_rule_hardly_ever_names_the_wrong_agent() {
    let findings = run(&few(&["V7"]));
    between(&findings, "null: P(any flag), naming rule", 0.0, 0.05);
    // The bare discovery rule flags somebody more often than its nominal rate: counts are skewed,
    // its z is not.
    between(&findings, "null: P(any flag), BH-FDR on τ²", 0.14, 0.32);
    between(&findings, "P(any flag), BH-FDR on skew", 0.02, 0.16);
    between(&findings, "PPV, naming rule", 0.74, 0.95);
    let gate = "reliability ≥ .7";
    between(&findings, gate, 0.0, 0.15);
    let open: Vec<_> = findings.into_iter().filter(|finding| !finding.check.contains(gate)).collect();
    between(&open, "sensitivity, naming rule", 0.13, 0.24);
}

#[test]
fn the_control_chart_alarms_within_about_a_hundred_contacts_and_seldom_without_a_reason() {
    let findings = run(&few(&["CUSUM"]));
    between(&findings, "delay", 80.0, 120.0);
    between(&findings, "false alarm", 0.02, 0.065);
    between(&findings, "run length", 2000.0, 3600.0);
}

#[test]
fn the_number_of_threads_changes_no_figure_and_the_seed_does() {
    let options = few(&["V8", "CUSUM"]);
    let alone = run(&Options { threads: 1, repetitions: 7, ..options.clone() });
    let together = run(&Options { threads: 3, repetitions: 7, ..options.clone() });
    assert_eq!(alone, together);
    assert_ne!(alone, run(&Options { seed: 1, repetitions: 7, ..options }));
}

#[test]
fn a_figure_measured_elsewhere_joins_the_table_and_no_number_never_holds() {
    let leak = finding("V5 leak alarm: mean change of valence", 0.0, Target::Between(-0.1, 0.1));
    assert_eq!((leak.target.as_str(), leak.holds), ("−.1 to .1", true));
    assert_eq!(finding("x", 0.1, Target::AtMost(0.09)).target, "≤ .09");
    for target in [Target::AtMost(1.0), Target::AtLeast(0.0), Target::Above(0.0), Target::Shown(1.0)] {
        assert!(!finding("x", f64::NAN, target).holds);
    }
    let text = serde_json::to_string(&leak).unwrap();
    assert_eq!(serde_json::from_str::<Finding>(&text).unwrap(), leak);
}

#[test]
fn a_model_that_misreads_a_dialect_is_corrected_by_what_people_find_in_a_random_sample() {
    // 300 periods: a true .955 is measured to ±.024.
    let findings = run(&Options { repetitions: 300, ..few(&["DSL"]) });

    assert_eq!(findings.len(), 8);
    between(&findings, "coverage of the corrected", 0.93, 0.985);
    between(&findings, "coverage of the raw", 0.0, 0.7);
    between(&findings, "mean corrected rate", 0.14, 0.16);
    let raw: Vec<f64> =
        findings.iter().filter(|one| one.check.contains("mean raw")).map(|one| one.value).collect();
    assert!(raw[1] > 0.19, "the rate of a dialect is a third too high: {raw:?}");
}

#[test]
fn a_dialect_that_the_model_misreads_names_nobody_once_rates_are_corrected() {
    let findings = run(&few(&["DIALECT"]));

    assert_eq!(findings.len(), 6);
    between(&findings, "P(anybody is named), corrected", 0.0, 0.05);
    between(&findings, "named of the dialect, corrected", 0.0, 0.05);
    between(&findings, "P(anybody is named), raw", 0.5, 1.0);
}
