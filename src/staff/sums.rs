//! Sums over contacts: of a person in a week, of a queue in a week, and of any of them together.
//!
//! A month over half a million contacts is a sum of sums and reads no contact again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{Exchange, Observation, TeamId};
use crate::statistics::carry_over::{CarryOver, DayContact};
use crate::statistics::minimum::COMPENSATION_PAIRS;
use crate::statistics::panel::{Moments, Panel};

use super::case::Case;
use super::day::DaySums;
use super::indicator::{INDICATORS, Indicator};

/// Chances and events of every indicator, in the order of [`Indicator::ALL`].
pub(super) type Tallies = [(u32, u32); INDICATORS];

/// Regressors of the tone of staff: own turn before; the customer's turn pleasant, unpleasant; unpleasant turns of the
/// customer so far; position, position².
pub(super) const TONE: usize = 6;

/// Regressors of the customer's next turn: own turn before; the answer; position, position².
pub(super) const REPLY: usize = 4;

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
    pub(super) cells: BTreeMap<Case, Tallies>,
    /// By day.
    pub(super) days: BTreeMap<i64, DaySums>,
    /// Series of turns; stored apart.
    #[serde(skip)]
    pub(super) series: Series,
}

/// Sums over turns. They are kept apart when stored: most questions do not need them.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Series {
    /// S6 and S8: the tone of staff after the customer's turn.
    pub(super) tone: Panel<TONE>,
    /// S7: the customer's next turn after the tone of staff.
    pub(super) reply: Panel<REPLY>,
    /// The linear cross-check of S6: valence on valence, for the correction by reliability.
    pub(super) linear: Panel<REPLY>,
    /// Unpleasant turns of customers in contacts with enough pairs, expected number.
    pub(super) negative_turns: f64,
    /// Count, sum and sum of squares of valence: customers, staff.
    pub(super) spread: [[f64; 3]; 2],
    /// S11, from contact to contact within a day.
    pub(super) carry_over: CarryOver,
}

/// A map as a list of pairs: JSON keys are texts.
mod pairs {
    use super::{BTreeMap, Case, Tallies};
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(map: &BTreeMap<Case, Tallies>, to: S) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<Case, Tallies>, D::Error> {
        Ok(Vec::<(Case, Tallies)>::deserialize(from)?.into_iter().collect())
    }
}

/// Adds up the contacts of one person or queue. Their order does not matter.
#[must_use]
pub fn sum(mut contacts: Vec<Observation>) -> Sums {
    contacts.sort_by_key(|contact| contact.happened_at);
    let mut sums = Sums::default();
    for contact in &contacts {
        sums.add(contact);
    }
    for day in contacts.chunk_by(|a, b| a.happened_at.day() == b.happened_at.day()) {
        sums.series.carry_over.add_day(&day.iter().map(in_day).collect::<Vec<_>>());
    }
    sums
}

impl Sums {
    /// Takes in the sums of other contacts.
    pub fn merge(&mut self, other: &Self) {
        self.team = other.team.clone().or_else(|| self.team.take());
        self.contacts += other.contacts;
        self.incidents += other.incidents;
        for (case, tallies) in &other.cells {
            add_tallies(self.cells.entry(case.clone()).or_default(), tallies);
        }
        for (day, sums) in &other.days {
            self.days.entry(*day).or_default().merge(sums);
        }
        self.series.merge(&other.series);
    }

    /// All of these together.
    #[must_use]
    pub fn of_all<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut whole = Self::default();
        all.into_iter().for_each(|sums| whole.merge(sums));
        whole
    }

    /// The sums over contacts and those over turns, each as JSON: most questions do not need the second.
    #[must_use]
    pub fn to_json(mut self) -> (String, String) {
        let series = self.take_series();
        // Numbers, names of closed sets and checked names: nothing in it can fail to be written.
        let json = |written: serde_json::Result<String>| written.unwrap_or_default();
        (json(serde_json::to_string(&self)), json(serde_json::to_string(&series)))
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
        let tallies = Indicator::ALL.iter().map(|indicator| indicator.of(&contact.measures));
        let cell = self.cells.entry(Case::of(contact)).or_default();
        for ((chances, events), happened) in cell.iter_mut().zip(tallies) {
            *chances += u32::from(happened.is_some());
            *events += u32::from(happened == Some(true));
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

fn in_day(contact: &Observation) -> DayContact {
    let start = minutes(contact.happened_at.as_millis());
    let lasted = contact.measures.lasted_ms.and_then(|lasted| i64::try_from(lasted).ok());
    DayContact {
        start,
        end: start + minutes(lasted.unwrap_or_default()),
        exposure: f64::from(contact.measures.load),
        opening: contact.measures.opening.map(f64::from),
    }
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "times are far below 2^52 ms")]
fn minutes(millis: i64) -> f64 {
    millis as f64 / 60_000.0
}

fn read<T: serde::de::DeserializeOwned>(body: &str) -> Result<T, String> {
    let place = |cause: serde_json::Error| {
        format!("its JSON is damaged at line {}, column {}", cause.line(), cause.column())
    };
    serde_json::from_str(body).map_err(place)
}

impl Series {
    /// Reads the sums over turns back.
    ///
    /// # Errors
    /// Where the JSON is damaged.
    pub fn from_json(body: &str) -> Result<Self, String> {
        read(body)
    }

    /// Takes in the sums of other contacts.
    pub fn merge(&mut self, other: &Self) {
        self.tone.merge(&other.tone);
        self.reply.merge(&other.reply);
        self.linear.merge(&other.linear);
        self.negative_turns += other.negative_turns;
        for (own, more) in self.spread.iter_mut().flatten().zip(other.spread.iter().flatten()) {
            *own += more;
        }
        self.carry_over.merge(&other.carry_over);
    }

    fn add(&mut self, exchanges: &[Exchange]) {
        let rows = Rows::of(exchanges);
        // A contact with fewer pairs says next to nothing about its own mean.
        if rows.tone.len() >= COMPENSATION_PAIRS {
            self.negative_turns += rows.tone.iter().map(|([_, _, negative, ..], _)| negative).sum::<f64>();
            add_to(&mut self.tone, &rows.tone);
            add_to(&mut self.linear, &rows.linear);
        }
        if rows.reply.len() >= COMPENSATION_PAIRS {
            add_to(&mut self.reply, &rows.reply);
        }
        for exchange in exchanges {
            for (spread, tone) in self.spread.iter_mut().zip([exchange.customer, exchange.agent]) {
                if let Some(tone) = tone {
                    let valence = f64::from(tone.valence);
                    let parts = [1.0, valence, valence * valence];
                    spread.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
                }
            }
        }
    }
}

fn add_to<const P: usize>(panel: &mut Panel<P>, rows: &[([f64; P], f64)]) {
    if let Some(moments) = Moments::of(rows) {
        panel.add(&moments);
    }
}

/// Rows of the regressions of one contact. A row needs every turn that stands in it.
pub(super) struct Rows {
    pub(super) tone: Vec<([f64; TONE], f64)>,
    pub(super) reply: Vec<([f64; REPLY], f64)>,
    pub(super) linear: Vec<([f64; REPLY], f64)>,
}

impl Rows {
    pub(super) fn of(exchanges: &[Exchange]) -> Self {
        let mut rows = Self { tone: Vec::new(), reply: Vec::new(), linear: Vec::new() };
        let last = crate::statistics::count(exchanges.len().saturating_sub(1).max(1));
        let mut negatives = 0.0;
        let neighbours = exchanges.iter().zip(exchanges.iter().skip(1)).enumerate();
        for (at, (before, now)) in neighbours {
            negatives += before.customer.map_or(0.0, |tone| f64::from(tone.negative));
            let position = crate::statistics::count(at + 1) / last;
            let [place, square] = [position, position * position];
            let valence = |tone: crate::domain::Tone| f64::from(tone.valence);
            if let (Some(own), Some(customer), Some(agent)) = (before.agent, now.customer, now.agent) {
                let (pleasant, unpleasant) = (f64::from(customer.positive), f64::from(customer.negative));
                let tone = [valence(own), pleasant, unpleasant, negatives, place, square];
                rows.tone.push((tone, valence(agent)));
                rows.linear.push(([valence(own), valence(customer), place, square], valence(agent)));
            }
            if let (Some(own), Some(answer), Some(customer)) = (before.customer, before.agent, now.customer) {
                rows.reply.push(([valence(own), valence(answer), place, square], valence(customer)));
            }
        }
        rows
    }
}
