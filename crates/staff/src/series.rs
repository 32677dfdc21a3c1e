//! Sums over turns: what follows after what, of a person, a queue or the centre.

use serde::{Deserialize, Serialize};

use tingxin_statistics::carry_over::CarryOver;
use tingxin_statistics::minimum::COMPENSATION_PAIRS;
use tingxin_statistics::panel::{Moments, Panel};
use tingxin_text::domain::{Exchange, Observation, Tone};

use super::strangers::{Together, exchanged, partners};

/// Regressors of the tone of staff: own turn before; the customer's turn pleasant, unpleasant;
/// unpleasant turns of the customer so far; position, position².
pub(super) const TONE: usize = 6;

/// Regressors of the customer's next turn: own turn before; the answer; position, position².
pub(super) const REPLY: usize = 4;

/// Sums of one kind of pairs. They are kept apart from those over contacts when stored: most
/// questions do not need them.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Series {
    /// The pairs as they met.
    pub(super) met: Panels,
    /// Unpleasant turns of customers in contacts with enough pairs, expected number.
    pub(super) negative_turns: f64,
    /// Count, sum and sum of squares of valence: customers, staff.
    pub(super) spread: [[f64; 3]; 2],
    /// S11, from contact to contact within a day; of people.
    pub(super) carry_over: CarryOver,
    /// The same staff with customers whom they never met; of queues.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) strangers: Option<Panels>,
    /// S12, and how many people serve; of queues.
    #[serde(skip_serializing_if = "Together::is_empty", default)]
    pub(super) together: Together,
}

/// Sums of the regressions within contacts.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Panels {
    /// S6 and S8: the tone of staff after the customer's turn.
    pub(super) tone: Panel<TONE>,
    /// S7: the customer's next turn after the tone of staff.
    pub(super) reply: Panel<REPLY>,
    /// The linear cross-check of S6: valence on valence, for the correction by reliability.
    pub(super) linear: Panel<REPLY>,
}

impl Panels {
    /// Takes in one contact. The expected number of unpleasant turns that stand in the regression
    /// of the tone.
    pub(super) fn add(&mut self, exchanges: &[Exchange]) -> f64 {
        let Rows { tone, reply, linear } = Rows::of(exchanges);
        // A contact with fewer pairs says next to nothing about its own mean.
        if reply.len() >= COMPENSATION_PAIRS {
            add_to(&mut self.reply, &reply);
        }
        if tone.len() < COMPENSATION_PAIRS {
            return 0.0;
        }
        add_to(&mut self.tone, &tone);
        add_to(&mut self.linear, &linear);
        tone.iter().map(|([_, _, negative, ..], _)| negative).sum()
    }

    fn merge(&mut self, other: &Self) {
        self.tone.merge(&other.tone);
        self.reply.merge(&other.reply);
        self.linear.merge(&other.linear);
    }
}

fn add_to<const P: usize>(panel: &mut Panel<P>, rows: &[([f64; P], f64)]) {
    if let Some(moments) = Moments::of(rows) {
        panel.add(&moments);
    }
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
        self.met.merge(&other.met);
        self.negative_turns += other.negative_turns;
        for (own, more) in self.spread.iter_mut().flatten().zip(other.spread.iter().flatten()) {
            *own += more;
        }
        self.carry_over.merge(&other.carry_over);
        if let Some(more) = &other.strangers {
            self.strangers.get_or_insert_default().merge(more);
        }
        self.together.merge(&other.together);
    }

    /// Says how many people serve all of it.
    pub fn served_by(&mut self, people: usize) {
        self.together.served_by(people);
    }

    /// S12, added up.
    #[must_use]
    pub const fn together(&self) -> &Together {
        &self.together
    }

    pub(super) fn add(&mut self, exchanges: &[Exchange]) {
        self.negative_turns += self.met.add(exchanges);
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

    /// Pairs the contacts of a queue anew, each with one customer whom the same person served at
    /// another time. One pairing, because its sums can be added over weeks and the estimate has an
    /// interval of its own; a hundred pairings would have to be kept one by one.
    pub(super) fn add_strangers(&mut self, contacts: &[Observation]) {
        let series: Vec<&[Exchange]> =
            contacts.iter().map(|contact| contact.measures.exchanges.as_slice()).collect();
        let (partners, mut random) = partners(contacts, &[7]);
        let panels = self.strangers.get_or_insert_default();
        for (at, own) in series.iter().enumerate() {
            if let Some(other) = partners.draw(at, &mut random).and_then(|at| series.get(at)) {
                panels.add(&exchanged(own, other));
            }
        }
        self.together.merge(&Together::of(contacts));
    }

    /// Variance of the valence of single turns: customers, staff.
    pub(super) fn variances(&self) -> [f64; 2] {
        self.spread.map(
            |[n, sum, squares]| {
                if n > 1.0 { ((squares - sum * sum / n) / (n - 1.0)).max(0.0) } else { 0.0 }
            },
        )
    }
}

/// Rows of the regressions of one contact. A row needs every turn that stands in it.
struct Rows {
    tone: Vec<([f64; TONE], f64)>,
    reply: Vec<([f64; REPLY], f64)>,
    linear: Vec<([f64; REPLY], f64)>,
}

impl Rows {
    fn of(exchanges: &[Exchange]) -> Self {
        let mut rows = Self { tone: Vec::new(), reply: Vec::new(), linear: Vec::new() };
        let last = tingxin_statistics::count(exchanges.len().saturating_sub(1).max(1));
        let mut negatives = 0.0;
        let neighbours = exchanges.iter().zip(exchanges.iter().skip(1)).enumerate();
        for (at, (before, now)) in neighbours {
            negatives += before.customer.map_or(0.0, |tone| f64::from(tone.negative));
            let position = tingxin_statistics::count(at + 1) / last;
            let [place, square] = [position, position * position];
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

fn valence(tone: Tone) -> f64 {
    f64::from(tone.valence)
}

/// Sums as they are stored.
pub(super) fn read<T: serde::de::DeserializeOwned>(body: &str) -> Result<T, String> {
    serde_json::from_str(body)
        .map_err(|cause| format!("its JSON is damaged at line {}, column {}", cause.line(), cause.column()))
}
