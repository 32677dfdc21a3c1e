//! A queue, or the centre: how the tone of both sides moves together, about nobody in particular.

use std::collections::BTreeMap;

use crate::statistics::minimum::{Signal, TooFew, enough};

use super::coupling::{Beside, Coupling, Reliability, beside, coupling};
use super::series::Series;
use super::strangers::{BesideStrangers, Together};

/// Weeks of a month.
const MONTH: i64 = 4;

/// What is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// S6 to S8.
    pub coupling: Coupling,
    /// The same with customers whom staff never met.
    pub beside: Beside,
    /// S12, the latest four weeks first. A month without comparable contacts is left out.
    pub months: Vec<Month>,
}

/// S12 in four weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Month {
    /// Its first week, as `UtcMillis::week` counts.
    pub since_week: i64,
    /// Contacts that were compared.
    pub contacts: usize,
    /// Change of the distance between both sides, and their correlation; or how many contacts are missing.
    pub found: Result<(BesideStrangers, BesideStrangers), TooFew>,
}

impl Queue {
    /// Puts it together from the sums of all weeks and what each week says of S12. `week` is the running one.
    #[must_use]
    pub fn of(
        series: &Series,
        weekly: &BTreeMap<i64, Together>,
        week: i64,
        reliability: Option<Reliability>,
    ) -> Self {
        let coupling = coupling(series, reliability);
        let mut months: BTreeMap<i64, Together> = BTreeMap::new();
        for (at, together) in weekly.iter().filter(|(_, together)| !together.is_empty()) {
            months.entry((week - at).max(0) / MONTH).or_default().merge(together);
        }
        let months = months.into_iter().map(|(back, together)| {
            let contacts = together.contacts();
            let found = enough(Signal::ConvergenceContacts, contacts)
                .map(|()| (together.distance(), together.synchrony()));
            Month { since_week: week - (back + 1) * MONTH + 1, contacts, found }
        });
        Self { beside: beside(series, &coupling), coupling, months: months.collect() }
    }
}
