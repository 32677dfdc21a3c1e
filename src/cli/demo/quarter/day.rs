//! A day of the planted centre as it goes on, hour by hour.

use crate::domain::{Channel, UtcMillis};

use super::chance::SeededChance;
use super::plan::{OUTAGE_HOURS, Slot, teams};
use super::whole::Quarter;

/// Contacts of the hotline in an hour of the day.
const HOTLINE: [usize; 24] =
    [6, 4, 3, 3, 3, 4, 8, 20, 40, 58, 60, 60, 54, 54, 60, 60, 58, 54, 48, 44, 40, 30, 18, 10];

/// The outage brings the hotline so many times its usual contacts.
const OUTAGE_TIMES: usize = 3;

/// Of a thousand of them, so many are about it.
const OUTAGE_SHARE: u32 = 700;

/// All other channels together are as busy as half of the hotline.
const OTHERS: usize = 16;

/// Contacts of the day begin with this number, behind those of any quarter.
const FIRST: u64 = 500_000;

/// An hour of a day.
#[derive(Clone, Copy)]
pub(in crate::cli::demo) struct DayHour {
    /// Which hour, from 0.
    pub(in crate::cli::demo) hour: usize,
    /// Whether the day has the outage.
    pub(in crate::cli::demo) bad: bool,
}

impl DayHour {
    /// Whether the outage lasts.
    pub(in crate::cli::demo) fn is_outage(self) -> bool {
        let (from, to) = OUTAGE_HOURS;
        let hour = i64::try_from(self.hour).unwrap_or_default();
        self.bad && hour >= from && hour < to
    }

    /// Contacts of a channel.
    pub(in crate::cli::demo) fn contacts(self, channel: Channel) -> usize {
        let hotline = HOTLINE.get(self.hour).copied().unwrap_or_default();
        match channel {
            Channel::Hotline if self.is_outage() => hotline * OUTAGE_TIMES,
            Channel::Hotline => hotline,
            _ => hotline.div_ceil(OTHERS),
        }
    }
}

impl Quarter {
    /// A contact of a running day, the `nth` one, as one line of JSON.
    pub(in crate::cli::demo) fn of_day(&self, nth: u64, channel: Channel, hour: DayHour) -> String {
        let mut chance = SeededChance::of(&[FIRST + nth, 2]);
        let teams = teams();
        let serving: Vec<_> = teams.iter().filter(|team| team.serves(channel)).collect();
        let Some(team) = chance.pick(&serving) else { return String::new() };
        let staff = chance.pick(&team.staff).cloned().unwrap_or_default();
        let outage = channel == Channel::Hotline && hour.is_outage() && chance.happens(OUTAGE_SHARE);
        let (at, team) = (UtcMillis::now(), team.name);
        let slot = Slot { number: FIRST + nth, staff, team, channel, at, weeks_ago: 0, outage, curt: false };
        self.composer.compose(&slot).json
    }
}
