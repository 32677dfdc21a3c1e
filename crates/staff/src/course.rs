//! A record over time: the risk-adjusted control chart of one person on one indicator.

use serde::Serialize;

use tingxin_statistics::control::{
    CUSUM_ALARM, CUSUM_ODDS_RATIO, EWMA_LIMIT, EWMA_WEIGHT, EwmaPoint, cusum, ewma, first_alarm,
};
use tingxin_statistics::count;
use tingxin_statistics::naming::appears;
use tingxin_text::domain::UtcMillis;

/// One contact on the chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Step {
    /// When the contact began.
    #[schema(value_type = String, format = DateTime)]
    pub at: UtcMillis,
    /// The sum after it, at least 0.
    pub sum: f64,
}

/// The weighted mean of what was more or less than expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Lately {
    /// Events a contact beyond expectation.
    pub excess: f64,
    /// It stays within ± this without a change. At a risk of 14 to 17 % it leaves once in about
    /// 1,550 contacts, at .5 % in about 740; a doubling of the odds is seen after about 55 and 220.
    pub limit: f64,
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Trend {
    /// Contact by contact.
    pub steps: Vec<Step>,
    /// From this value on it alarms: with unchanged odds in 4 to 5 of 100 series of 200 contacts
    /// (`tingxin simulate`).
    pub alarm: f64,
    /// The first contact at which it alarmed.
    pub alarmed_at: Option<usize>,
    /// The recent mean, in which the newest contact weighs 2 %: events a contact more than
    /// expected; below 0 fewer. The other chart looks for more events only. None below 30 contacts.
    pub lately: Option<Lately>,
}

/// A contact in which the event could have happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// When the contact began.
    pub at: UtcMillis,
    /// Whether the event happened.
    pub happened: bool,
    /// How probable it was had the others handled the contact.
    pub probability: f64,
}

/// Draws the chart, contact by contact.
#[must_use]
pub fn trend(contacts: &[Chance]) -> Trend {
    let outcomes: Vec<bool> = contacts.iter().map(|chance| chance.happened).collect();
    let probabilities: Vec<f64> = contacts.iter().map(|chance| chance.probability).collect();
    let path = cusum(&outcomes, &probabilities, CUSUM_ODDS_RATIO);
    let alarmed_at = first_alarm(&path, CUSUM_ALARM);
    let smoothed = ewma(&outcomes, &probabilities, EWMA_WEIGHT, EWMA_LIMIT);
    // The chart begins at 0, which is no observation: what it still weighs is taken out.
    let observed = 1.0 - (1.0 - EWMA_WEIGHT).powf(count(contacts.len()));
    let lately = smoothed
        .last()
        .filter(|_| appears(count(contacts.len())))
        .map(|EwmaPoint { value, limit }| Lately { excess: value / observed, limit: limit / observed });
    let steps = contacts.iter().zip(path).map(|(chance, sum)| Step { at: chance.at, sum }).collect();
    Trend { steps, alarm: CUSUM_ALARM, alarmed_at, lately }
}
