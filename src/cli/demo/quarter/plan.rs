//! Who serves when: the staff of the planted centre and their contacts of a quarter, without a word of what is said.

use crate::domain::{Channel, DAY_MILLIS, HOUR_MILLIS, UtcMillis};

use super::chance::SeededChance;

const MINUTE_MILLIS: i64 = 60_000;
/// The first contact of a shift begins so many hours after midnight.
const SHIFT_BEGINS: i64 = 9;

/// Shifts of a team begin one after the other, so many of them, each so many minutes later; who is early changes every day.
const SHIFTS: (i64, i64) = (6, 90);

/// Contacts of a shift follow each other within so many minutes, with a break at noon.
const GAP_MINUTES: usize = 16;

/// The planted outage: weeks before this one, and the day of the week from 0.
const OUTAGE: (i64, i64) = (2, 2);

/// The hour in which an outage begins, and that in which it is over.
pub(super) const OUTAGE_HOURS: (i64, i64) = (10, 13);

/// Of a thousand hotline contacts within it, so many are about it.
const OUTAGE_SHARE: u32 = 750;

/// Contacts that it brings everybody on the hotline.
const OUTAGE_MORE: usize = 6;

/// When few are on duty: from this hour until shifts begin.
const NIGHT_BEGINS: i64 = 19;

/// Of a thousand hours of a night, somebody on duty has a contact in so many.
const NIGHT_SHARE: u32 = 20;

/// Whose account of the demo shows own results; every figure about this person has enough contacts.
pub(in crate::cli::demo) const OWN_STAFF: &str = "A1001";

/// How many times as many contacts as colleagues this person has.
const OWN_TIMES: usize = 4;

/// A team of the planted centre.
pub(super) struct PlannedTeam {
    /// Its name.
    pub(super) name: &'static str,
    /// Its members.
    pub(super) staff: Vec<String>,
    channels: Vec<Channel>,
    days: Vec<i64>,
    busy: usize,
    quiet: usize,
    /// Whether its tone changes from week to week.
    pub(super) swings: bool,
}

/// A contact without words.
#[derive(Clone)]
pub(super) struct Slot {
    /// Its number in the quarter.
    pub(super) number: u64,
    /// Who serves.
    pub(super) staff: String,
    /// In which team.
    pub(super) team: &'static str,
    /// Where.
    pub(super) channel: Channel,
    /// When.
    pub(super) at: UtcMillis,
    /// Weeks before the running one.
    pub(super) weeks_ago: i64,
    /// Whether it falls into the planted outage.
    pub(super) outage: bool,
    /// Whether the team is curt in this week.
    pub(super) curt: bool,
}

/// From when until when the planted outage lasts.
pub(in crate::cli::demo) fn outage(now: UtcMillis) -> (UtcMillis, UtcMillis) {
    let ((weeks, day), (from, to)) = (OUTAGE, OUTAGE_HOURS);
    let midnight = UtcMillis::of_week(now.week() - weeks).plus_millis(day * DAY_MILLIS);
    (midnight.plus_millis(from * HOUR_MILLIS), midnight.plus_millis(to * HOUR_MILLIS))
}

/// The teams as the table has them.
pub(super) fn teams() -> Vec<PlannedTeam> {
    let rows = include_str!("teams.tsv").lines().filter(|line| !line.starts_with('#')).skip(1);
    (1_u64..).zip(rows).filter_map(|(number, row)| team(number, row)).collect()
}

fn team(number: u64, row: &'static str) -> Option<PlannedTeam> {
    let mut cells = row.split('\t');
    let (name, people) = (cells.next()?, cells.next()?.parse::<u64>().ok()?);
    let channels = cells.next()?.split(',').filter_map(|cell| {
        let (channel, weight) = cell.split_once(':')?;
        Some(vec![Channel::from_name(channel)?; weight.parse().ok()?])
    });
    let channels = channels.flatten().collect();
    let days = cells.next()?.split(',').filter_map(|day| day.parse().ok()).collect();
    let (busy, quiet) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
    let staff = (1..=people).map(|at| format!("A{}", number * 1_000 + at)).collect();
    Some(PlannedTeam { name, staff, channels, days, busy, quiet, swings: cells.next()? == "swings" })
}

/// Every contact from the beginning of the figures up to `now`, the latest week first, so that there is something to look
/// at while the rest comes in.
pub(super) fn slots(now: UtcMillis, weeks: i64) -> Vec<Slot> {
    let teams = teams();
    let mut slots = Vec::new();
    for weeks_ago in 0..=weeks {
        for day in (0..7).rev() {
            let midnight = UtcMillis::of_week(now.week() - weeks_ago).plus_millis(day * DAY_MILLIS);
            for team in &teams {
                team.serve((weeks_ago, day), midnight, now, &mut slots);
            }
        }
    }
    for (number, slot) in (1..).zip(&mut slots) {
        slot.number = number;
    }
    slots
}

impl PlannedTeam {
    /// The contacts of a day of this team.
    fn serve(
        &self,
        (weeks_ago, day): (i64, i64),
        midnight: UtcMillis,
        now: UtcMillis,
        slots: &mut Vec<Slot>,
    ) {
        let curt = self.swings && weeks_ago % 2 == 1;
        for (place, staff) in (0_u32..).zip(&self.staff) {
            let mut chance = self.chance(midnight, place.into());
            let shift = self.shift((weeks_ago, day), midnight, (staff.as_str(), place), &mut chance);
            for at in shift.into_iter().filter(|at| *at < now) {
                let channel = chance.pick(&self.channels).copied().unwrap_or(Channel::Hotline);
                let (from, to) = outage(now);
                let hit = at >= from && at < to && channel == Channel::Hotline;
                let outage = hit && chance.happens(OUTAGE_SHARE);
                let (staff, team) = (staff.clone(), self.name);
                slots.push(Slot { number: 0, staff, team, channel, at, weeks_ago, outage, curt });
            }
        }
    }

    fn chance(&self, midnight: UtcMillis, place: u64) -> SeededChance {
        let team = self.name.bytes().fold(0, |sum: u64, byte| sum.wrapping_mul(31) + u64::from(byte));
        SeededChance::of(&[u64::try_from(midnight.as_millis()).unwrap_or_default(), place, team])
    }

    /// When somebody's contacts of a day begin.
    fn shift(
        &self,
        (weeks_ago, day): (i64, i64),
        midnight: UtcMillis,
        (staff, place): (&str, u32),
        chance: &mut SeededChance,
    ) -> Vec<UtcMillis> {
        let times = if staff == OWN_STAFF { OWN_TIMES } else { 1 };
        let count = if self.days.contains(&(day + 1)) { self.busy } else { self.quiet } * times;
        let hit = (weeks_ago, day) == OUTAGE && self.serves(Channel::Hotline);
        let (shifts, apart) = SHIFTS;
        // Everybody is there from the morning when the lines go mad.
        let early = hit || times > 1;
        let later = if early { 0 } else { (i64::from(place) + day + weeks_ago) % shifts * apart };
        let mut at = midnight.plus_millis(SHIFT_BEGINS * HOUR_MILLIS + later * MINUTE_MILLIS);
        let mut begun = Vec::new();
        for _ in 0..count + if hit { OUTAGE_MORE } else { 0 } {
            at = at.plus_millis(MINUTE_MILLIS * minutes(4 + chance.below(GAP_MINUTES)));
            begun.push(at);
        }
        if self.serves_at_night() {
            for hour in (0..SHIFT_BEGINS).chain(NIGHT_BEGINS..24) {
                if chance.happens(NIGHT_SHARE) {
                    begun.push(
                        midnight.plus_millis(hour * HOUR_MILLIS + MINUTE_MILLIS * minutes(chance.below(60))),
                    );
                }
            }
        }
        begun
    }

    /// Whether it serves a channel.
    pub(super) fn serves(&self, channel: Channel) -> bool {
        self.channels.contains(&channel)
    }

    fn serves_at_night(&self) -> bool {
        self.serves(Channel::Hotline) || self.serves(Channel::Chat)
    }
}

fn minutes(count: usize) -> i64 {
    i64::try_from(count).unwrap_or_default()
}
