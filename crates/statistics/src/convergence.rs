//! S12 convergence and synchrony of the two sides of a contact, always minus pseudo-dyads.
//!
//! Both are measured against surrogates: the same agent's series from *another* contact of the same
//! intent and about the same length. Whatever two strangers share (a script, a closing, a shift) is
//! in the surrogates too and cancels; the raw numbers are never shown, since a shared script arc
//! alone makes any two contacts converge.

use serde::{Deserialize, Serialize};

use super::count;
use super::minimum::{Minimum, TooFew, enough};
use super::resample::{PseudoPartners, Surrogates, generator, stretched};

/// One contact: residual valences of equal length, `agent[t]` answers `customer[t]`.
#[derive(Debug, Clone, Copy)]
pub struct Dyad<'a> {
    /// Customer turns, position baseline subtracted.
    pub customer: &'a [f64],
    /// Agent turns, position baseline subtracted.
    pub agent: &'a [f64],
    /// Identifies agent × intent; pseudo-partners come from the same group.
    pub group: u64,
}

/// Both measures for a set of contacts (a queue and month).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// Mean change of |ṽA − ṽC| from the first to the last third; an excess below 0 is convergence.
    pub distance: Surrogates,
    /// Mean within-contact correlation; an excess above 0 is synchrony.
    pub synchrony: Surrogates,
    /// Contacts that entered.
    pub contacts: usize,
    /// Contacts left out: under three pairs, sides of unequal length, or fewer than two possible
    /// pseudo-partners.
    pub left_out: usize,
}

/// |ṽA − ṽC| in the last third minus the first third, thirds of ⌊n/3⌋ pairs. `None` below three pairs.
#[must_use]
pub fn distance_change(customer: &[f64], agent: &[f64]) -> Option<f64> {
    let n = customer.len().min(agent.len());
    let third = n / 3;
    if third == 0 {
        return None;
    }
    Some(gap(customer, agent, n - third, third) - gap(customer, agent, 0, third))
}

/// Mean distance of the two sides over `length` pairs.
fn gap(customer: &[f64], agent: &[f64], from: usize, length: usize) -> f64 {
    let pairs = customer.iter().zip(agent).skip(from).take(length);
    pairs.map(|(c, a)| (a - c).abs()).sum::<f64>() / count(length)
}

/// Pearson correlation of the two sides of one contact; `None` below three pairs or when a side
/// does not vary.
#[must_use]
pub fn within_correlation(customer: &[f64], agent: &[f64]) -> Option<f64> {
    let n = customer.len().min(agent.len());
    if n < 3 {
        return None;
    }
    let (mean_c, mean_a) = (mean_of_first(customer, n), mean_of_first(agent, n));
    let (mut cc, mut aa, mut ca) = (0.0, 0.0, 0.0);
    for (c, a) in customer.iter().zip(agent) {
        cc += (c - mean_c).powi(2);
        aa += (a - mean_a).powi(2);
        ca += (c - mean_c) * (a - mean_a);
    }
    let r = ca / (cc * aa).sqrt();
    r.is_finite().then_some(r)
}

fn mean_of_first(series: &[f64], n: usize) -> f64 {
    series.iter().take(n).sum::<f64>() / count(n)
}

/// Convergence and synchrony of `dyads` with `surrogates` random pairings drawn from `seed`.
///
/// `Ok(None)` when fewer than two contacts have two pseudo-partners or one of the measures is
/// undefined for all of them.
///
/// # Errors
/// [`TooFew`] below 200 surrogates: the spread of fewer is itself too uncertain to divide by.
pub fn convergence(dyads: &[Dyad<'_>], surrogates: usize, seed: u64) -> Result<Option<Convergence>, TooFew> {
    enough(Minimum::Convergence, surrogates)?;
    let partners =
        PseudoPartners::of(&dyads.iter().map(|dyad| (dyad.group, dyad.customer.len())).collect::<Vec<_>>());
    let usable: Vec<(usize, &Dyad<'_>)> = dyads
        .iter()
        .enumerate()
        .filter(|(index, dyad)| is_complete(dyad) && partners.available(*index) > 1)
        .collect();
    if usable.len() < 2 {
        return Ok(None);
    }
    let observed = Means::over(usable.iter().map(|(_, dyad)| (dyad.customer, dyad.agent)));
    let mut rng = generator(seed, &[12]);
    let (mut distances, mut correlations) = (Vec::with_capacity(surrogates), Vec::with_capacity(surrogates));
    for _ in 0..surrogates {
        let drawn = Means::over(usable.iter().filter_map(|(index, dyad)| {
            let other = dyads.get(partners.draw(*index, &mut rng)?)?;
            Some((dyad.customer, stretched(other.agent, dyad.customer.len())))
        }));
        distances.push(drawn.distance);
        correlations.push(drawn.synchrony);
    }
    let by = partners.widening(usable.iter().map(|(index, _)| *index));
    let summary = Surrogates::widened(observed.distance, &distances, by).zip(Surrogates::widened(
        observed.synchrony,
        &correlations,
        by,
    ));
    let left_out = dyads.len() - usable.len();
    Ok(summary.map(|(distance, synchrony)| Convergence {
        distance,
        synchrony,
        contacts: usable.len(),
        left_out,
    }))
}

fn is_complete(dyad: &Dyad<'_>) -> bool {
    dyad.customer.len() >= 3 && dyad.customer.len() == dyad.agent.len()
}

/// Means over contacts; a contact whose correlation is undefined counts for the distance alone.
struct Means {
    distance: f64,
    synchrony: f64,
}

impl Means {
    fn over<A: AsRef<[f64]>, C: AsRef<[f64]>>(pairs: impl Iterator<Item = (C, A)>) -> Self {
        let (mut distance, mut distances, mut synchrony, mut correlations) = (0.0, 0_usize, 0.0, 0_usize);
        for (customer, agent) in pairs {
            if let Some(change) = distance_change(customer.as_ref(), agent.as_ref()) {
                distance += change;
                distances += 1;
            }
            if let Some(r) = within_correlation(customer.as_ref(), agent.as_ref()) {
                synchrony += r;
                correlations += 1;
            }
        }
        Self { distance: distance / count(distances), synchrony: synchrony / count(correlations) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_distr::{Distribution, StandardNormal};

    /// Contacts of one agent. `pull` draws the agent to the customer as the contact goes on; `arc`
    /// moves both alike.
    fn queue(pull: f64, arc: f64) -> Vec<(Vec<f64>, Vec<f64>)> {
        let mut rng = generator(5, &[12]);
        (0..80_u32)
            .map(|i| {
                let n = 9 + i % 4;
                (0..n)
                    .map(|t| {
                        let share = f64::from(t) / f64::from(n);
                        let (c, a): (f64, f64) =
                            (StandardNormal.sample(&mut rng), StandardNormal.sample(&mut rng));
                        (c + arc * share, a + arc * share + pull * share * (c - a))
                    })
                    .unzip()
            })
            .collect()
    }

    fn measured(contacts: &[(Vec<f64>, Vec<f64>)]) -> Convergence {
        let dyads: Vec<_> =
            contacts.iter().map(|(customer, agent)| Dyad { customer, agent, group: 1 }).collect();
        convergence(&dyads, 200, 9).unwrap().unwrap()
    }

    #[test]
    fn an_agent_who_comes_to_meet_the_customer_converges() {
        let result = measured(&queue(0.9, 0.0));
        assert!(result.distance.excess() < -0.3 && result.distance.z() < -3.0, "{result:?}");
        assert!(result.synchrony.excess() > 0.2 && result.synchrony.z() > 3.0, "{result:?}");
        assert_eq!((result.contacts, result.left_out), (80, 0));
    }

    #[test]
    fn two_strangers_on_the_same_script_neither_converge_nor_synchronise() {
        let result = measured(&queue(0.0, 3.0));
        assert!(result.synchrony.observed > 0.3, "the raw correlation is fooled: {result:?}");
        assert!(result.synchrony.z().abs() < 2.5 && result.distance.z().abs() < 2.5, "{result:?}");
    }

    #[test]
    fn a_z_value_of_a_handful_of_surrogates_is_refused() {
        assert_eq!(convergence(&[], 199, 1), Err(TooFew { needed: 200, have: 199 }));
        assert_eq!(convergence(&[], 200, 1), Ok(None));
    }

    #[test]
    fn sides_that_come_together_shrink_their_distance() {
        assert_eq!(distance_change(&[0.0, 0.0, 0.0], &[1.0, 0.5, 0.25]), Some(-0.75));
        assert_eq!(distance_change(&[0.0, 0.0], &[1.0, 0.5]), None);
        assert_eq!(within_correlation(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]), None);
    }
}
