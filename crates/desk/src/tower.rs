//! What is watched over the whole house: whether the model still reads as it did where it was measured, and whether every
//! source still sends.

use tingxin_statistics::drift::{Drift, drift};
use tingxin_store::{LateSpan, SenderHour};
use tingxin_text::domain::{Channel, DAY_MILLIS, HOUR_MILLIS, SourceId, UtcMillis};

use crate::drift_reference::DriftReference;
use crate::{Desk, DeskError};

/// Index beyond which readings have moved for certain, once its error is taken off.
///
/// **Source**: the usual reading of the index (Siddiqi 2006): below .1 nothing, above .25 another population.
pub const DRIFT_BAR: f64 = 0.25;

/// Latest contacts of a channel that are compared: an hour of a busy one, a day of a quiet one.
const DRIFT_MOST: u32 = 400;

/// How far back they may lie. What was imported from before says nothing about now.
const DRIFT_BACK: i64 = DAY_MILLIS;

/// Fewest contacts that the same hour brought in every past week, for silence to mean something.
///
/// **Source**: set by the project. Where ten are the least of four weeks, chance leaves an hour empty once in some ten
/// thousand.
pub const SENDS_LEAST: u64 = 10;

/// Past weeks that must be known.
const WEEKS_LEAST: usize = 2;

const WEEK: i64 = 7 * DAY_MILLIS;

/// A source that sent nothing for so long is one of the past.
const SENDER_ENDS: i64 = 5 * WEEK;

/// Most pairs of source and channel that are looked at.
const MOST_SENDERS: u32 = 500;

/// How far the readings of a channel have moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChannelDrift {
    /// Touchpoint.
    pub channel: Channel,
    /// How far.
    pub drift: Drift,
}

impl ChannelDrift {
    /// Whether it is beyond the bar by more than its error.
    #[must_use]
    pub fn is_far(&self) -> bool {
        self.drift.psi - self.drift.error > DRIFT_BAR
    }
}

/// What a source sends on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHour {
    /// The system.
    pub source: SourceId,
    /// Touchpoint.
    pub channel: Channel,
    /// When its last contact came in.
    pub last_at: UtcMillis,
    /// Contacts of the last hour.
    pub hour: u64,
    /// The fewest that the same hour brought in the past weeks; `None` while fewer than two are known.
    pub usual: Option<u64>,
}

impl SourceHour {
    /// Whether nothing came in an hour that always brings something.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.hour == 0 && self.usual.is_some_and(|usual| usual >= SENDS_LEAST)
    }
}

/// The fewest of the weeks in which the source was there for the whole hour.
fn usual(sender: &SenderHour, now: UtcMillis) -> Option<u64> {
    let begun = |week: i64| sender.first_at <= now.plus_millis(-week * WEEK - HOUR_MILLIS);
    let known: Vec<u64> =
        (1..).zip(sender.before).filter(|(week, _)| begun(*week)).map(|(_, count)| count).collect();
    if known.len() < WEEKS_LEAST { None } else { known.into_iter().min() }
}

impl Desk {
    /// The same desk with what is known of the model's readings.
    #[must_use]
    pub fn with_reference(self, reference: Option<DriftReference>) -> Self {
        Self { reference, ..self }
    }

    /// How far the readings of customers have moved, channel by channel; without those that have too few contacts, and none
    /// where nothing is known of the model.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn drifts(&self, now: UtcMillis) -> Result<Vec<ChannelDrift>, DeskError> {
        let Some(reference) = &self.reference else { return Ok(Vec::new()) };
        let model = self.engine.model.split('+').next().unwrap_or_default();
        let span = LateSpan { since: now.plus_millis(-DRIFT_BACK), now, most: DRIFT_MOST };
        let mut drifts = Vec::new();
        for channel in Channel::ALL.iter().copied() {
            let spread = if channel.is_spoken() { &reference.spoken } else { &reference.written };
            let curves = self.store.curves_of_late(channel, model, span).await?;
            if let Ok(drift) = drift(spread, &curves) {
                drifts.push(ChannelDrift { channel, drift });
            }
        }
        Ok(drifts)
    }

    /// What every source sends, those first that have been there longest.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn sources(&self, now: UtcMillis) -> Result<Vec<SourceHour>, DeskError> {
        let mut senders = self.store.senders(now, MOST_SENDERS).await?;
        senders.retain(|sender| sender.last_at >= now.plus_millis(-SENDER_ENDS));
        senders.sort_by_key(|sender| sender.first_at);
        let hour = |sender: SenderHour| SourceHour {
            usual: usual(&sender, now),
            source: sender.source,
            channel: sender.channel,
            last_at: sender.last_at,
            hour: sender.hour,
        };
        Ok(senders.into_iter().map(hour).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(weeks_ago: i64, before: [u64; 4], now: UtcMillis) -> SenderHour {
        SenderHour {
            source: SourceId::new("crm").unwrap(),
            channel: Channel::Hotline,
            first_at: now.plus_millis(-weeks_ago * WEEK - HOUR_MILLIS),
            last_at: now.plus_millis(-HOUR_MILLIS),
            hour: 0,
            before,
        }
    }

    #[test]
    fn what_is_usual_is_the_quietest_of_the_weeks_that_are_known_and_two_must_be() {
        let now = UtcMillis::of_week(2_900);
        assert_eq!(usual(&sender(4, [30, 20, 12, 40], now), now), Some(12));
        assert_eq!(usual(&sender(2, [30, 20, 0, 0], now), now), Some(20), "it was not there yet");
        assert_eq!(usual(&sender(1, [30, 0, 0, 0], now), now), None);
    }
}
