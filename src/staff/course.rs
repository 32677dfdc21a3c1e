//! A record over time: the risk-adjusted control chart of one person on one indicator.

use serde::Serialize;

use crate::domain::UtcMillis;
use crate::statistics::control::{
    CUSUM_ALARM, CUSUM_ODDS_RATIO, EWMA_LIMIT, EWMA_WEIGHT, EwmaPoint, cusum, ewma, first_alarm,
};

/// One contact on the chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Step {
    /// When the contact began.
    #[schema(value_type = String, format = DateTime)]
    pub at: UtcMillis,
    /// The sum after it, at least 0.
    pub sum: f64,
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Trend {
    /// Contact by contact.
    pub steps: Vec<Step>,
    /// From this value on it alarms: with unchanged odds in 4 to 5 of 100 series of 200 contacts (`tingxin simulate`).
    pub alarm: f64,
    /// The first contact at which it alarmed.
    pub alarmed_at: Option<usize>,
    /// Lately, the newest contact weighing 2 %: events a contact more than expected; below 0 fewer. The other chart looks for
    /// more events only.
    pub lately: f64,
    /// `lately` stays within ± this without a change; a false alarm comes every 1,800 contacts or so.
    pub lately_limit: f64,
}

/// Draws the chart: for every contact when it was, whether the event happened, and its expected probability.
#[must_use]
pub fn trend(contacts: &[(UtcMillis, bool, f64)]) -> Trend {
    let outcomes: Vec<bool> = contacts.iter().map(|(_, happened, _)| *happened).collect();
    let probabilities: Vec<f64> = contacts.iter().map(|(_, _, probability)| *probability).collect();
    let path = cusum(&outcomes, &probabilities, CUSUM_ODDS_RATIO);
    let alarmed_at = first_alarm(&path, CUSUM_ALARM);
    let smoothed = ewma(&outcomes, &probabilities, EWMA_WEIGHT, EWMA_LIMIT);
    let EwmaPoint { value, limit } = smoothed.last().copied().unwrap_or(EwmaPoint { value: 0.0, limit: 0.0 });
    let steps = contacts.iter().zip(path).map(|((at, ..), sum)| Step { at: *at, sum }).collect();
    Trend { steps, alarm: CUSUM_ALARM, alarmed_at, lately: value, lately_limit: limit }
}
