//! Funnel plot with over-dispersion (Spiegelhalter 2005): who lies further from their expectation
//! than chance and the ordinary unexplained spread between colleagues allow.

use serde::{Deserialize, Serialize};

use super::case_mix::Expected;
use super::count;
use super::distribution::{Interval, Z_95, Z_998, quantile};
use super::shrinkage::additive_variance;

/// Share of units winsorised on each side before dispersion is estimated (Spiegelhalter 2005), so
/// that the very outliers the plot should find do not widen its limits.
pub const WINSOR: f64 = 0.10;

/// All units against their expectation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Funnel {
    /// Mean squared winsorised z; 1 when chance alone is at work, 0 without units.
    pub phi: f64,
    /// Additive between-unit variance of (O−E)/V, on the log-odds scale; 0 unless `phi` exceeds 1.
    pub tau2: f64,
    /// One per input, in the input's order.
    pub units: Vec<FunnelUnit>,
}

/// One unit's distance from its expectation, in standard errors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FunnelUnit {
    /// (O−E)/√V: chance alone.
    pub z: f64,
    /// The same with the between-unit variance added: chance and ordinary spread.
    pub z_overdispersed: f64,
}

/// Limits of the observed count of one unit, for plotting.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FunnelLimits {
    /// 95 %: outside is "watch".
    pub watch: Interval,
    /// 99.8 %: outside is "investigate".
    pub investigate: Interval,
}

/// The funnel of these records, see [`funnel`].
#[must_use]
pub fn funnel_of(records: &[&Expected]) -> Funnel {
    let observed: Vec<f64> = records.iter().map(|record| record.observed).collect();
    let expected: Vec<f64> = records.iter().map(|record| record.expected).collect();
    let variance: Vec<f64> = records.iter().map(|record| record.variance).collect();
    funnel(&observed, &expected, &variance)
}

/// Compares `observed` event counts with `expected` ones of the given `variance` (Σp(1−p) of a
/// case-mix model).
///
/// A unit whose variance is not positive, or whose numbers are not finite, had nothing that could
/// vary: its z is 0 and it takes no part in the dispersion. Of unequally long inputs the shortest
/// length counts.
#[must_use]
pub fn funnel(observed: &[f64], expected: &[f64], variance: &[f64]) -> Funnel {
    let units: Vec<Option<(f64, f64)>> = observed
        .iter()
        .zip(expected)
        .zip(variance)
        .map(|((&o, &e), &v)| ((o - e).is_finite() && v.is_finite() && v > 0.0).then_some(((o - e) / v, v)))
        .collect();
    let usable: Vec<(f64, f64)> = units.iter().flatten().copied().collect();
    let phi = dispersion(&usable);
    let q = count(usable.len()) * phi;
    let tau2 = if phi > 1.0 { additive_variance(q, usable.iter().map(|&(_, v)| v)) } else { 0.0 };
    Funnel {
        phi,
        tau2,
        units: units
            .iter()
            .map(|unit| {
                unit.map_or(FunnelUnit { z: 0.0, z_overdispersed: 0.0 }, |(y, v)| FunnelUnit {
                    z: y * v.sqrt(),
                    z_overdispersed: y / (1.0 / v + tau2).sqrt(),
                })
            })
            .collect(),
    }
}

/// Mean squared z of ((O−E)/V, V) pairs after winsorising.
fn dispersion(units: &[(f64, f64)]) -> f64 {
    let z: Vec<f64> = units.iter().map(|&(y, v)| y * v.sqrt()).collect();
    if z.is_empty() {
        return 0.0;
    }
    let (low, high) = (quantile(&z, WINSOR), quantile(&z, 1.0 - WINSOR));
    z.iter().map(|value| value.clamp(low, high).powi(2)).sum::<f64>() / count(z.len())
}

/// Funnel limits of the observed count around `expected`, never below 0. `variance` as in
/// [`funnel`], `tau2` from its result.
#[must_use]
pub fn limits(expected: f64, variance: f64, tau2: f64) -> FunnelLimits {
    let v = variance.max(0.0);
    // (O−E)/V has standard deviation √(1/V+τ²); times V it is a count, and no division is left for
    // V = 0
    let deviation = (v + v * v * tau2.max(0.0)).sqrt();
    FunnelLimits { watch: limit(expected, deviation, Z_95), investigate: limit(expected, deviation, Z_998) }
}

fn limit(expected: f64, deviation: f64, multiple: f64) -> Interval {
    let Interval { low, high } = Interval::around(expected, deviation, multiple);
    Interval { low: low.max(0.0), high }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_reference_sees_sixty_agents_alike() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/estimators.json"));
        let all: Value = serde_json::from_str(text).unwrap();
        let case = &all["funnel"];
        let list = |value: &Value| -> Vec<f64> {
            value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
        };
        let result = funnel(&list(&case["observed"]), &list(&case["expected"]), &list(&case["variance"]));
        let got = |field: fn(&FunnelUnit) -> f64| -> Vec<f64> { result.units.iter().map(field).collect() };
        let expect = &case["expect"];
        for (name, got) in [("z", got(|u| u.z)), ("z_overdispersed", got(|u| u.z_overdispersed))] {
            let want = list(&expect[name]);
            assert_eq!(got.len(), want.len());
            assert!(got.iter().zip(&want).all(|(g, w)| (g - w).abs() < 1e-8), "{name}");
        }
        for (name, got) in [("phi", result.phi), ("tau2", result.tau2)] {
            assert!((got - expect[name].as_f64().unwrap()).abs() < 1e-8, "{name}");
        }
    }

    #[test]
    fn a_centre_that_differs_more_than_chance_widens_its_funnel() {
        // twenty units alternately 3 standard errors above and below: φ = 9
        let observed: Vec<f64> = (0..20).map(|i| if i % 2 == 0 { 26.0 } else { 14.0 }).collect();
        let result = funnel(&observed, &[20.0; 20], &[4.0; 20]);
        assert!((result.phi - 9.0).abs() < 1e-12);
        assert!(
            result
                .units
                .iter()
                .all(|unit| (unit.z.abs() - 3.0).abs() < 1e-12 && unit.z_overdispersed.abs() < 1.1)
        );
    }

    #[test]
    fn one_outlier_among_ordinary_colleagues_does_not_hide_itself() {
        let mut observed = vec![20.0; 20];
        observed.push(40.0);
        let result = funnel(&observed, &[20.0; 21], &[16.0; 21]);
        assert!(result.tau2.abs() < f64::EPSILON);
        assert!(result.units.last().is_some_and(|unit| (unit.z_overdispersed - 5.0).abs() < 1e-12));
    }

    #[test]
    fn a_unit_on_the_limit_has_the_z_of_the_limit() {
        let band = limits(30.0, 20.0, 0.05);
        let y = (band.investigate.high - 30.0) / 20.0;
        assert!((y / (1.0 / 20.0 + 0.05_f64).sqrt() - Z_998).abs() < 1e-12);
        assert!(
            band.watch.high < band.investigate.high
                && limits(1.0, 1.0, 0.0).investigate.low.abs() < f64::EPSILON
        );
    }

    #[test]
    fn nobody_and_nothing_are_no_deviation() {
        assert_eq!(funnel(&[], &[], &[]).phi.to_bits(), 0.0_f64.to_bits());
        let result = funnel(&[0.0, 3.0], &[0.0, 2.0], &[0.0, 1.0]);
        assert_eq!(result.units.first(), Some(&FunnelUnit { z: 0.0, z_overdispersed: 0.0 }));
    }
}
