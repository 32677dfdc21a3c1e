//! One day of one person: what was listened to, and the tone.

use serde::{Deserialize, Serialize};

use tingxin_text::domain::ContactMeasures;

/// Sums of a day.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct DaySums {
    /// Contacts.
    pub contacts: u32,
    /// Unpleasantness listened to, summed over contacts (S10).
    pub load: f64,
    /// Expected number of hostile turns of customers.
    pub hostile: f64,
    /// Expected number of insulting or threatening turns.
    pub abusive: f64,
    /// Turns of staff and the sum of their valence.
    pub(super) agent: (u32, f64),
    /// Turns of customers and the sum of their valence.
    pub(super) customer: (u32, f64),
}

/// What a person listened to on a day. Protective: it asks for a break, never for a better tone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Load {
    /// Days since 1970-01-01 in Beijing.
    pub day: i64,
    /// Contacts of the day.
    pub contacts: u32,
    /// Unpleasantness listened to: `Σ max(−valence, 0)`, weighted with shares of words, summed over
    /// contacts.
    pub load: f64,
    /// Expected number of hostile turns of customers.
    pub hostile_turns: f64,
    /// Expected number of insulting or threatening turns.
    pub abusive_turns: f64,
}

impl DaySums {
    pub(super) fn add(&mut self, contact: &ContactMeasures) {
        self.contacts += 1;
        self.load += f64::from(contact.load);
        self.hostile += f64::from(contact.hostile_turns);
        self.abusive += f64::from(contact.abusive_turns);
        for exchange in &contact.exchanges {
            for (sum, tone) in [(&mut self.agent, exchange.agent), (&mut self.customer, exchange.customer)] {
                if let Some(tone) = tone {
                    sum.0 += 1;
                    sum.1 += f64::from(tone.valence);
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.contacts += other.contacts;
        self.load += other.load;
        self.hostile += other.hostile;
        self.abusive += other.abusive;
        self.agent = (self.agent.0 + other.agent.0, self.agent.1 + other.agent.1);
        self.customer = (self.customer.0 + other.customer.0, self.customer.1 + other.customer.1);
    }

    pub(super) fn load(&self, day: i64) -> Load {
        let Self { contacts, load, hostile, abusive, .. } = *self;
        Load { day, contacts, load, hostile_turns: hostile, abusive_turns: abusive }
    }
}
