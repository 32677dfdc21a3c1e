//! Sums over contacts: of a person in a week, of a queue in a week, and of any of them together.
//!
//! A month over half a million contacts is a sum of sums and reads no contact again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use tingxin_statistics::as_good_as;
use tingxin_statistics::minimum::TRAJECTORY_TURNS;
use tingxin_statistics::soothing::Moods;
use tingxin_text::domain::{Observation, TeamId};

use super::case::Case;
use super::day::DaySums;
use super::indicator::{INDICATORS, Indicator};
use super::series::{Series, read};
use super::succession;

/// Chances and events of every indicator, in the order of [`Indicator::ALL`].
pub(super) type Tallies = [(u32, u32); INDICATORS];

/// Contacts of one kind.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Group {
    /// What happened.
    #[serde(rename = "t")]
    pub(super) tallies: Tallies,
    /// How those began and ended whose beginning and end can be read.
    #[serde(rename = "m")]
    pub(super) moods: Moods,
}

/// The sums. Adding two is adding everything in them.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Sums {
    /// Team in the latest contact.
    pub team: Option<TeamId>,
    /// Contacts with numbers.
    pub contacts: u32,
    /// Contacts within a declared incident.
    pub incidents: u32,
    /// By case.
    #[serde(with = "pairs")]
    pub(super) cells: BTreeMap<Case, Group>,
    /// By day.
    pub(super) days: BTreeMap<i64, DaySums>,
    /// Series of turns; stored apart.
    #[serde(skip)]
    pub(super) series: Series,
}

/// A map as a list of pairs: JSON keys are texts.
mod pairs {
    use super::{BTreeMap, Case, Group};
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(map: &BTreeMap<Case, Group>, to: S) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Case, Group>, D::Error> {
        Ok(Vec::<(Case, Group)>::deserialize(from)?.into_iter().collect())
    }
}

/// Adds up the contacts of one person and week. Their order does not matter.
#[must_use]
pub fn sum(mut contacts: Vec<Observation>) -> Sums {
    in_order(&mut contacts);
    let mut sums = Sums::over(&contacts);
    sums.series.carry_over = succession::week(&contacts);
    sums
}

/// Adds up the contacts of one queue, and compares them with pairs who never met.
#[must_use]
pub fn sum_of_queue(mut contacts: Vec<Observation>) -> Sums {
    in_order(&mut contacts);
    let mut sums = Sums::over(&contacts);
    sums.series.add_strangers(&contacts);
    sums
}

fn in_order(contacts: &mut [Observation]) {
    contacts.sort_by_key(|contact| (contact.happened_at, contact.id.0));
}

impl Sums {
    fn over(contacts: &[Observation]) -> Self {
        let mut sums = Self::default();
        for contact in contacts {
            sums.add(contact);
        }
        sums
    }

    /// Takes in the sums of other contacts.
    pub fn merge(&mut self, other: &Self) {
        self.team = other.team.clone().or_else(|| self.team.take());
        self.contacts += other.contacts;
        self.incidents += other.incidents;
        for (case, more) in &other.cells {
            let group = self.cells.entry(case.clone()).or_default();
            add_tallies(&mut group.tallies, &more.tallies);
            group.moods.merge(&more.moods);
        }
        for (day, sums) in &other.days {
            self.days.entry(*day).or_default().merge(sums);
        }
        self.series.merge(&other.series);
    }

    /// The number of people as if they shared the contacts evenly. Where one of five has nearly all
    /// contacts, the figure is that one's, and the number is close to one.
    #[must_use]
    pub fn people<'a>(of_each: impl IntoIterator<Item = &'a Self>) -> usize {
        as_good_as(of_each.into_iter().map(|sums| f64::from(sums.contacts)))
    }

    /// All of these together.
    #[must_use]
    pub fn of_all<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut whole = Self::default();
        all.into_iter().for_each(|sums| whole.merge(sums));
        whole
    }

    /// The sums over contacts and those over turns, each as JSON: most questions do not need the
    /// second.
    #[must_use]
    pub fn to_json(mut self) -> (String, String) {
        let series = self.take_series();
        // Numbers, names of closed sets and checked names: nothing in it can fail to be written.
        (serde_json::to_string(&self).unwrap_or_default(), serde_json::to_string(&series).unwrap_or_default())
    }

    /// The sums over turns, taken out.
    #[must_use]
    pub fn take_series(&mut self) -> Series {
        std::mem::take(&mut self.series)
    }

    /// Reads the sums over contacts back.
    ///
    /// # Errors
    /// Where the JSON is damaged.
    pub fn from_json(body: &str) -> Result<Self, String> {
        read(body)
    }

    fn add(&mut self, contact: &Observation) {
        self.team.clone_from(&contact.team);
        self.contacts += 1;
        self.incidents += u32::from(contact.incident);
        let tallies = Indicator::ALL.iter().map(|indicator| indicator.seen(contact));
        let group = self.cells.entry(Case::of(contact)).or_default();
        for ((chances, events), happened) in group.tallies.iter_mut().zip(tallies) {
            *chances += u32::from(happened.is_some());
            *events += u32::from(happened == Some(true));
        }
        // Below six turns the first three and the last three share some, and an ending would
        // explain itself.
        let apart =
            usize::try_from(contact.measures.customer_turns).is_ok_and(|turns| turns >= 2 * TRAJECTORY_TURNS);
        if let (true, Some(start), Some(end)) = (apart, contact.measures.start, contact.measures.end) {
            group.moods.merge(&Moods::of(f64::from(start), f64::from(end)));
        }
        self.days.entry(contact.happened_at.day()).or_default().add(&contact.measures);
        self.series.add(&contact.measures.exchanges);
    }
}

fn add_tallies(to: &mut Tallies, more: &Tallies) {
    for ((chances, events), (more_chances, more_events)) in to.iter_mut().zip(more) {
        *chances += more_chances;
        *events += more_events;
    }
}
