//! V1: our estimators against an independent numpy implementation, number by number.

use serde::Deserialize;

use super::finding::{Finding, Options, Target, finding};
use crate::control::cusum;
use crate::funnel::funnel;
use crate::panel::{Moments, Panel, partner_rows};
use crate::shrinkage::empirical_bayes;

const FIXTURE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/estimators.json"));

/// Differences beyond this are another estimator, not rounding.
const EXACT: f64 = 1e-8;

#[derive(Deserialize)]
struct Fixture {
    p4: Vec<Coupled>,
    empirical_bayes: Pooled,
    funnel: Compared,
    cusum: Charted,
}

#[derive(Deserialize)]
struct Coupled {
    contacts: Vec<SpokenTurns>,
    plain: Fitted,
    corrected: Fitted,
    error_variance: ErrorVariance,
}

#[derive(Deserialize)]
struct SpokenTurns {
    customer: Vec<f64>,
    agent: Vec<f64>,
}

#[derive(Deserialize)]
struct Fitted {
    phi: f64,
    beta: f64,
    se_phi: f64,
    se_beta: f64,
}

#[derive(Deserialize)]
struct ErrorVariance {
    agent: f64,
    customer: f64,
}

#[derive(Deserialize)]
struct Pooled {
    estimates: Vec<f64>,
    errors: Vec<f64>,
    expect: PooledTo,
}

#[derive(Deserialize)]
struct PooledTo {
    tau2: f64,
    mean: f64,
    shrunk: Vec<f64>,
    sd: Vec<f64>,
    reliability: Vec<f64>,
}

#[derive(Deserialize)]
struct Compared {
    observed: Vec<f64>,
    expected: Vec<f64>,
    variance: Vec<f64>,
    expect: ComparedTo,
}

#[derive(Deserialize)]
struct ComparedTo {
    z: Vec<f64>,
    phi: f64,
    tau2: f64,
    z_overdispersed: Vec<f64>,
}

#[derive(Deserialize)]
struct Charted {
    outcomes: Vec<u8>,
    probabilities: Vec<f64>,
    expect: Vec<f64>,
}

/// Largest absolute difference; NaN when the lengths differ, so that a missing number never passes.
fn apart(ours: &[f64], theirs: &[f64]) -> f64 {
    if ours.len() != theirs.len() {
        return f64::NAN;
    }
    worst(ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()))
}

/// Largest value; unlike `f64::max` a NaN stays NaN.
fn worst(differences: impl IntoIterator<Item = f64>) -> f64 {
    differences.into_iter().fold(0.0, |worst, next| if next > worst || next.is_nan() { next } else { worst })
}

fn coupled(case: &Coupled, errors: &[f64; 2], expect: &Fitted) -> f64 {
    let mut panel = Panel::<2>::new();
    for contact in &case.contacts {
        if let Some(moments) = Moments::of(&partner_rows(&contact.customer, &contact.agent)) {
            panel.add(&moments);
        }
    }
    let Ok(fit) = panel.fit(&[0, 1], errors) else { return f64::NAN };
    let ours: Vec<f64> = fit.coefficients.iter().chain(&fit.errors).copied().collect();
    apart(&ours, &[expect.phi, expect.beta, expect.se_phi, expect.se_beta])
}

fn pooled(case: &Pooled) -> f64 {
    let ours = empirical_bayes(&case.estimates, &case.errors);
    let column =
        |part: fn(&crate::shrinkage::ShrunkUnit) -> f64| ours.units.iter().map(part).collect::<Vec<_>>();
    worst([
        apart(&[ours.tau2, ours.mean], &[case.expect.tau2, case.expect.mean]),
        apart(&column(|unit| unit.value), &case.expect.shrunk),
        apart(&column(|unit| unit.sd), &case.expect.sd),
        apart(&column(|unit| unit.reliability), &case.expect.reliability),
    ])
}

fn compared(case: &Compared) -> f64 {
    let ours = funnel(&case.observed, &case.expected, &case.variance);
    let z: Vec<f64> = ours.units.iter().map(|unit| unit.z).collect();
    let wide: Vec<f64> = ours.units.iter().map(|unit| unit.z_overdispersed).collect();
    worst([
        apart(&[ours.phi, ours.tau2], &[case.expect.phi, case.expect.tau2]),
        apart(&z, &case.expect.z),
        apart(&wide, &case.expect.z_overdispersed),
    ])
}

fn charted(case: &Charted) -> f64 {
    let outcomes: Vec<bool> = case.outcomes.iter().map(|outcome| *outcome == 1).collect();
    apart(&cusum(&outcomes, &case.probabilities, 2.0), &case.expect)
}

/// Largest absolute differences per estimator. A fixture that cannot be read yields NaN, which
/// holds no target.
pub(super) fn findings(_: &Options) -> Vec<Finding> {
    let fixture = serde_json::from_str::<Fixture>(FIXTURE).ok();
    let of = |difference: fn(&Fixture) -> f64| fixture.as_ref().map_or(f64::NAN, difference);
    let differences = [
        ("P4 plain", of(|f| worst(f.p4.iter().map(|case| coupled(case, &[0.0, 0.0], &case.plain))))),
        (
            "P4 corrected",
            of(|f| worst(f.p4.iter().map(|case| coupled(case, &errors(case), &case.corrected)))),
        ),
        ("empirical Bayes", of(|f| pooled(&f.empirical_bayes))),
        ("funnel", of(|f| compared(&f.funnel))),
        ("CUSUM", of(|f| charted(&f.cusum))),
    ];
    differences
        .into_iter()
        .map(|(name, value)| {
            let check = format!("V1 numpy reference, {name}: largest difference");
            finding(check, value, Target::AtMost(EXACT))
        })
        .collect()
}

fn errors(case: &Coupled) -> [f64; 2] {
    [case.error_variance.agent, case.error_variance.customer]
}
