//! Checks beside the estimates: what the same computation finds where nothing can be.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::{Exchange, Observation, StaffId};
use crate::statistics::convergence::{Convergence, Dyad, convergence};
use crate::statistics::minimum::{COMPENSATION_CONTACTS, COMPENSATION_PAIRS, CONVERGENCE_SURROGATES};
use crate::statistics::panel::baseline::Baseline;
use crate::statistics::panel::{Moments, Panel};
use crate::statistics::resample::{PseudoPartners, Surrogates, generator};

use super::coupling::{Coefficient, coefficient};
use super::sums::{Rows, TONE};

/// Pairings at random behind a permutation check.
const PAIRINGS: usize = 100;

/// Seed of all pairings: the same figures on every look.
const SEED: u64 = 20_261_101;

/// What the estimates of a centre are held against.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Checks {
    /// Contacts of the sample, the latest ones.
    pub contacts: usize,
    /// S6, β⁺, beside the same with customers of other contacts; like all of them none below 100 contacts.
    pub compensation: Option<Surrogates>,
    /// S6, β⁻, likewise.
    pub infection: Option<Surrogates>,
    /// S12: whether the two sides draw nearer, and move together, beyond pairs that never met.
    pub convergence: Option<Convergence>,
}

/// Runs the checks on a sample of contacts.
#[must_use]
pub fn checks(contacts: &[Observation]) -> Checks {
    let series: Vec<&[Exchange]> =
        contacts.iter().map(|contact| contact.measures.exchanges.as_slice()).collect();
    let groups = groups(contacts);
    let partners =
        PseudoPartners::of(&groups.iter().zip(&series).map(|(g, s)| (*g, s.len())).collect::<Vec<_>>());
    if contacts.len() < COMPENSATION_CONTACTS {
        return Checks { contacts: contacts.len(), ..Checks::default() };
    }
    // Only who has a possible partner: both sides of the comparison are about the same contacts.
    let paired = series.iter().enumerate().filter(|(at, _)| partners.available(*at) > 0);
    let observed = panel(paired.map(|(_, exchanges)| Rows::of(exchanges).tone));
    let mut random = generator(SEED, &[6]);
    let mut drawn: Vec<Panel<TONE>> = Vec::with_capacity(PAIRINGS);
    for _ in 0..PAIRINGS {
        let paired = series.iter().enumerate().filter_map(|(at, own)| {
            let other = series.get(partners.draw(at, &mut random)?)?;
            Some(Rows::of(&exchanged(own, other)).tone)
        });
        drawn.push(panel(paired));
    }
    let beside = |which: Coefficient| {
        let values: Vec<f64> =
            drawn.iter().filter_map(|panel| coefficient(panel, which).map(|branch| branch.value)).collect();
        Surrogates::of(coefficient(&observed, which)?.value, &values)
    };
    Checks {
        contacts: contacts.len(),
        compensation: beside(Coefficient::Compensation),
        infection: beside(Coefficient::Infection),
        convergence: nearer(&series, &groups),
    }
}

/// Agent and process as numbers: pseudo-partners come from the same.
fn groups(contacts: &[Observation]) -> Vec<u64> {
    let mut numbers: BTreeMap<(Option<&StaffId>, Option<&str>), u64> = BTreeMap::new();
    let key = |contact: &'_ Observation| {
        (contact.staff.clone(), contact.process.as_ref().map(|process| process.as_str().to_owned()))
    };
    let keys: Vec<_> = contacts.iter().map(key).collect();
    for (staff, process) in &keys {
        let next = u64::try_from(numbers.len()).unwrap_or(u64::MAX);
        numbers.entry((staff.as_ref(), process.as_deref())).or_insert(next);
    }
    keys.iter()
        .filter_map(|(staff, process)| numbers.get(&(staff.as_ref(), process.as_deref())).copied())
        .collect()
}

fn panel(contacts: impl Iterator<Item = Vec<([f64; TONE], f64)>>) -> Panel<TONE> {
    let mut panel = Panel::new();
    for moments in
        contacts.filter(|rows| rows.len() >= COMPENSATION_PAIRS).filter_map(|rows| Moments::of(&rows))
    {
        panel.add(&moments);
    }
    panel
}

/// The staff's turns of one contact with the customer's of another, read at evenly spaced places.
fn exchanged(own: &[Exchange], other: &[Exchange]) -> Vec<Exchange> {
    own.iter()
        .enumerate()
        .map(|(at, exchange)| {
            let customer = other.get(at * other.len() / own.len().max(1)).and_then(|one| one.customer);
            Exchange { customer, agent: exchange.agent }
        })
        .collect()
}

fn nearer(series: &[&[Exchange]], groups: &[u64]) -> Option<Convergence> {
    let sides: Vec<(Vec<f64>, Vec<f64>)> = series
        .iter()
        .map(|exchanges| {
            let both = exchanges.iter().filter_map(|exchange| exchange.customer.zip(exchange.agent));
            both.map(|(customer, agent)| (f64::from(customer.valence), f64::from(agent.valence))).unzip()
        })
        .collect();
    // The arc that all contacts share is no meeting of two people.
    let customers = Baseline::fit(sides.iter().map(|(customer, _)| customer.as_slice()));
    let agents = Baseline::fit(sides.iter().map(|(_, agent)| agent.as_slice()));
    let residuals: Vec<(Vec<f64>, Vec<f64>)> =
        sides.iter().map(|(c, a)| (customers.residual(c), agents.residual(a))).collect();
    let dyads: Vec<Dyad<'_>> = residuals
        .iter()
        .zip(groups)
        .map(|((customer, agent), group)| Dyad { customer, agent, group: *group })
        .collect();
    convergence(&dyads, CONVERGENCE_SURROGATES, SEED).ok().flatten()
}
