//! People who never met: what the same computation finds where nothing can be.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use tingxin_statistics::convergence::{Dyad, convergence};
use tingxin_statistics::minimum::{CONVERGENCE_SURROGATES, Minimum, TooFew, enough};
use tingxin_statistics::panel::baseline::Baseline;
use tingxin_statistics::resample::{PseudoPartners, Surrogates, generator};
use tingxin_statistics::{as_good_as, count, whole};
use tingxin_text::domain::{BusinessProcess, Exchange, Observation, StaffId};

use super::SEED;

/// Contacts of a queue and week whose sides are compared with strangers, evenly spread; more add
/// time, not certainty.
const MOST: usize = 300;

/// Who may stand in for whom: a customer of the same person and process, in a contact of about the
/// same length.
pub(super) fn partners(contacts: &[Observation], path: &[u64]) -> (PseudoPartners, ChaCha8Rng) {
    let lengths = contacts.iter().map(|contact| contact.measures.exchanges.len());
    let groups: Vec<(u64, usize)> = number_groups(contacts.iter()).into_iter().zip(lengths).collect();
    (PseudoPartners::of(&groups), generator(SEED, path))
}

/// Agent and process as numbers. A contact without a known agent is a group of its own, and so is
/// one whose customer was there in the seven days before: a stranger must be one.
fn number_groups<'a>(contacts: impl Iterator<Item = &'a Observation>) -> Vec<u64> {
    let mut numbers: BTreeMap<(&StaffId, Option<&BusinessProcess>), u64> = BTreeMap::new();
    contacts
        .zip((0..=u64::MAX).rev())
        .map(|(contact, alone)| {
            let next = u64::try_from(numbers.len()).unwrap_or(u64::MAX);
            match &contact.staff {
                Some(staff) if !contact.repeated => {
                    *numbers.entry((staff, contact.process.as_ref())).or_insert(next)
                }
                _ => alone,
            }
        })
        .collect()
}

/// The staff's turns of one contact with the customer's of another, read at evenly spaced places.
pub(super) fn exchanged(own: &[Exchange], other: &[Exchange]) -> Vec<Exchange> {
    own.iter()
        .enumerate()
        .map(|(at, exchange)| {
            let customer = other.get(at * other.len() / own.len().max(1)).and_then(|one| one.customer);
            Exchange { customer, agent: exchange.agent }
        })
        .collect()
}

/// S12: whether the two sides draw nearer and move together beyond strangers, as sums over
/// contacts.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Together {
    /// Contacts that were compared.
    #[serde(rename = "n")]
    contacts: f64,
    /// Change of the distance.
    #[serde(rename = "d")]
    distance: Excess,
    /// Correlation within the contact.
    #[serde(rename = "s")]
    synchrony: Excess,
    /// People who served, known by their work numbers, [`as_good_as`]; of weeks added up the week
    /// with the most.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none", default)]
    staff: Option<usize>,
}

/// A mean over contacts beside that of strangers, as sums: `Σ n·mean`, `Σ n·mean of strangers`,
/// `Σ n²·variance` of the latter.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Excess([f64; 3]);

/// A mean beside that of strangers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BesideStrangers {
    /// Of people who met.
    pub observed: f64,
    /// Of strangers.
    pub strangers: f64,
    /// Standard deviation of the mean of strangers over their pairings.
    pub sd: f64,
}

impl Together {
    /// Compares the contacts of a queue. Those without a possible stranger are left out.
    pub(super) fn of(contacts: &[Observation]) -> Self {
        let most = contacts.len().min(MOST);
        let sample = || (0..most).filter_map(|at| contacts.get(at * contacts.len() / most));
        let sides: Vec<(Vec<f64>, Vec<f64>)> = sample().map(sides).collect();
        // The arc that all contacts share is no meeting of two people.
        let customers = Baseline::fit(sides.iter().map(|(customer, _)| customer.as_slice()));
        let agents = Baseline::fit(sides.iter().map(|(_, agent)| agent.as_slice()));
        let residuals: Vec<(Vec<f64>, Vec<f64>)> =
            sides.iter().map(|(c, a)| (customers.residual(c), agents.residual(a))).collect();
        let dyads: Vec<Dyad<'_>> = residuals
            .iter()
            .zip(number_groups(sample()))
            .map(|((customer, agent), group)| Dyad { customer, agent, group })
            .collect();
        let mut known: BTreeMap<&StaffId, usize> = BTreeMap::new();
        contacts
            .iter()
            .filter_map(|one| one.staff.as_ref())
            .for_each(|id| *known.entry(id).or_default() += 1);
        let staff = (!known.is_empty()).then(|| as_good_as(known.values().map(|contacts| count(*contacts))));
        let nobody = Self { staff, ..Self::default() };
        let found = convergence(&dyads, CONVERGENCE_SURROGATES, SEED).ok().flatten();
        found.map_or(nobody, |found| {
            let n = count(found.contacts);
            let excess =
                |Surrogates { observed, mean, sd, .. }| Excess([n * observed, n * mean, n * n * sd * sd]);
            let (distance, synchrony) = (excess(found.distance), excess(found.synchrony));
            Self { contacts: n, distance, synchrony, ..nobody }
        })
    }

    /// Says how many people serve all of it: of queues added up, each knows only its own people.
    pub fn served_by(&mut self, people: usize) {
        self.staff = self.staff.max((people > 0).then_some(people));
    }

    /// Whether enough people serve it that nobody in particular is meant. Where nobody is known by
    /// a work number, nobody can be.
    pub(super) fn of_enough_people(&self) -> Result<(), TooFew> {
        self.staff.map_or(Ok(()), |have| enough(Minimum::QueueStaff, have))
    }

    /// Takes in other weeks or queues.
    pub fn merge(&mut self, other: &Self) {
        self.contacts += other.contacts;
        self.distance.merge(&other.distance);
        self.synchrony.merge(&other.synchrony);
        self.staff = self.staff.max(other.staff);
    }

    /// Nothing is known.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Contacts that were compared.
    #[must_use]
    pub fn contacts(&self) -> usize {
        whole(self.contacts)
    }

    /// Change of the distance between the two sides from the first to the last third; below
    /// strangers they draw nearer.
    #[must_use]
    pub fn distance(&self) -> BesideStrangers {
        self.distance.over(self.contacts)
    }

    /// Correlation of the two sides within a contact; above strangers they move together.
    #[must_use]
    pub fn synchrony(&self) -> BesideStrangers {
        self.synchrony.over(self.contacts)
    }
}

impl Excess {
    fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum += more);
    }

    fn over(self, contacts: f64) -> BesideStrangers {
        let Self([observed, strangers, variance]) = self;
        let n = contacts.max(1.0);
        BesideStrangers { observed: observed / n, strangers: strangers / n, sd: variance.sqrt() / n }
    }
}

fn sides(contact: &Observation) -> (Vec<f64>, Vec<f64>) {
    let both = contact.measures.exchanges.iter().filter_map(|exchange| exchange.customer.zip(exchange.agent));
    both.map(|(customer, agent)| (f64::from(customer.valence), f64::from(agent.valence))).unzip()
}
