//! Checks beside the estimates: what the same computation finds where nothing can be.

use serde::Serialize;

use tingxin_statistics::minimum::COMPENSATION_CONTACTS;
use tingxin_statistics::resample::Surrogates;
use tingxin_text::domain::{Exchange, Observation};

use super::coupling::{Coefficient, Coupling, raw};
use super::series::Panels;
use super::strangers::{exchanged, partners};

/// Pairings at random behind a permutation check.
const PAIRINGS: usize = 100;

/// What the estimates of a person or of the centre are held against: the same with customers of
/// other contacts. None below 100 contacts.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Checks {
    /// Contacts that were compared: the latest ones with at least two possible partners.
    pub contacts: usize,
    /// S6, β⁺.
    pub compensation: Option<Surrogates>,
    /// S6, β⁻.
    pub infection: Option<Surrogates>,
    /// S8.
    pub wear_down: Option<Surrogates>,
    /// S7.
    pub reciprocity: Option<Surrogates>,
    /// The linear form of S6, without the correction by reliability.
    pub linear: Option<Surrogates>,
}

impl Checks {
    /// Those beside a figure that is shown: a check of nothing says nothing.
    #[must_use]
    pub fn beside(&self, coupling: &Coupling) -> Self {
        Self {
            contacts: self.contacts,
            compensation: coupling.compensation.branch().and(self.compensation),
            infection: coupling.infection.branch().and(self.infection),
            wear_down: coupling.wear_down.branch().and(self.wear_down),
            reciprocity: coupling.reciprocity.branch().and(self.reciprocity),
            linear: coupling.linear.branch().and(self.linear),
        }
    }
}

/// Runs the checks on a sample of contacts.
#[must_use]
pub fn checks(contacts: &[Observation]) -> Checks {
    let series: Vec<&[Exchange]> =
        contacts.iter().map(|contact| contact.measures.exchanges.as_slice()).collect();
    let (partners, mut random) = partners(contacts, &[6]);
    // Only who has possible partners: both sides of the comparison are about the same contacts.
    let paired: Vec<usize> = (0..series.len()).filter(|at| partners.available(*at) > 1).collect();
    if paired.len() < COMPENSATION_CONTACTS {
        return Checks { contacts: paired.len(), ..Checks::default() };
    }
    let by = partners.widening(paired.iter().copied());
    let mut observed = Panels::default();
    for own in paired.iter().filter_map(|at| series.get(*at)) {
        observed.add(own);
    }
    let drawn: Vec<Panels> = (0..PAIRINGS)
        .map(|_| {
            let mut panels = Panels::default();
            for at in &paired {
                let other = partners.draw(*at, &mut random).and_then(|other| series.get(other));
                if let Some((own, other)) = series.get(*at).zip(other) {
                    panels.add(&exchanged(own, other));
                }
            }
            panels
        })
        .collect();
    let beside = |which: Coefficient| {
        let value = |panels: &Panels| raw(panels, which).map(|branch| branch.value);
        Surrogates::widened(value(&observed)?, &drawn.iter().filter_map(value).collect::<Vec<_>>(), by)
    };
    Checks {
        contacts: paired.len(),
        compensation: beside(Coefficient::Compensation),
        infection: beside(Coefficient::Infection),
        wear_down: beside(Coefficient::WearDown),
        reciprocity: beside(Coefficient::Reciprocity),
        linear: beside(Coefficient::Linear),
    }
}
