//! One person in detail: load, wording, charts, rare events.

use tingxin_statistics::case_mix::CaseMixModel;
use tingxin_statistics::minimum::TooFew;
use tingxin_statistics::scriptedness::Scriptedness;
use tingxin_text::domain::{Observation, StaffId};

use super::case::Case;
use super::checks::{Checks, checks};
use super::course::{Chance, Trend, trend};
use super::day::Load;
use super::indicator::Indicator;
use super::rare::{RareEvents, rare_events};
use super::sums::Sums;
use super::table::{Cases, Person};

/// Everything about one person that is not a comparison with named colleagues.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Work number.
    pub staff: StaffId,
    /// Day by day what was listened to (S10).
    pub loads: Vec<Load>,
    /// Charts of the indicators on which there is a chance of an event.
    pub trends: Vec<(Indicator, Trend)>,
    /// Lapses, which are too rare for a rate; none without colleagues to be compared with.
    pub lapses: Option<RareEvents>,
    /// What the couplings are held against.
    pub checks: Checks,
    /// Wording (S14), or how many contacts are missing; none without three words in a row.
    pub wording: Result<Option<Scriptedness>, TooFew>,
}

/// Puts a profile together. `colleagues` are everybody else, who set the standard of the charts.
#[must_use]
pub fn profile(
    own: &Person,
    contacts: &[Observation],
    colleagues: &[&Sums],
    wording: Result<Option<Scriptedness>, TooFew>,
) -> Profile {
    let mut ordered: Vec<&Observation> = contacts.iter().collect();
    ordered.sort_by_key(|contact| (contact.happened_at, contact.id.0));
    let cases = Cases::of(colleagues.iter().copied());
    let steps = |indicator: Indicator| steps(indicator, &ordered, &cases, colleagues);
    let (mut trends, mut lapses) = (Vec::new(), None);
    for indicator in Indicator::ALL {
        let Some(steps) = steps(*indicator) else { continue };
        if *indicator == Indicator::Lapse {
            let happened: Vec<bool> = steps.iter().map(|chance| chance.happened).collect();
            lapses = Some(rare_events(&happened, steps.iter().map(|chance| chance.probability).sum()));
        }
        trends.push((*indicator, trend(&steps)));
    }
    Profile {
        staff: own.id.clone(),
        loads: own.sums.days.iter().map(|(day, sums)| sums.load(*day)).collect(),
        trends,
        lapses,
        checks: checks(contacts),
        wording,
    }
}

/// Contacts in which the event could have happened; `None` without any.
fn steps(
    indicator: Indicator,
    contacts: &[&Observation],
    cases: &Cases,
    colleagues: &[&Sums],
) -> Option<Vec<Chance>> {
    let model = CaseMixModel::fit(&cases.total(colleagues.iter().copied(), indicator)).ok()?;
    let steps: Vec<_> = contacts
        .iter()
        .filter_map(|contact| {
            let happened = indicator.seen(contact)?;
            let probability = model.probability(&cases.design.row(&Case::of(contact)));
            Some(Chance { at: contact.happened_at, happened, probability })
        })
        .collect();
    (!steps.is_empty()).then_some(steps)
}
