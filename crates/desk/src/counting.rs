//! Counting today and the last seven days.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tingxin_statistics::count;
use tingxin_statistics::distribution::Interval;
use tingxin_statistics::sampled::{CorrectedRate, plain_share};
use tingxin_statistics::t_test::critical;
use tingxin_store::{DayCount, DayFlags, HeardSum};
use tingxin_text::domain::{DAY_MILLIS, HOUR_MILLIS, Rule, TeamId, UtcMillis};

use crate::rate_group::RateGroup;
use crate::today::{GroupSpan, HourMood, MoodMean, SMALLEST_CELL, Today, TodayCount, TodayGroup};
use crate::{Caller, Desk, DeskError};

/// How long the figures are kept for all who ask.
const KEPT: Duration = Duration::from_secs(5);

/// The same for corrected rates, which rest on a quarter.
const RATES_KEPT: Duration = Duration::from_mins(5);

/// Days on the page.
const DAYS: i64 = 7;

impl Desk {
    /// Today and the last seven days, at most some seconds old.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn today(&self, caller: &Caller) -> Result<Arc<Today>, DeskError> {
        // Held while it is counted: a hundred open pages ask once.
        let mut kept = self.today.today.lock().await;
        if let Some((at, today)) = kept.get(&caller.team)
            && at.elapsed() < KEPT
        {
            return Ok(Arc::clone(today));
        }
        let today = Arc::new(self.count_today(caller, UtcMillis::now()).await?);
        kept.retain(|_, (at, _)| at.elapsed() < RATES_KEPT);
        kept.insert(caller.team.clone(), (Instant::now(), Arc::clone(&today)));
        Ok(today)
    }

    async fn count_today(&self, caller: &Caller, at: UtcMillis) -> Result<Today, DeskError> {
        let team = caller.team.as_ref();
        let day = at.start_of_day();
        let from = day.plus_millis(-(DAYS - 1) * DAY_MILLIS);
        let until = day.plus_millis(DAY_MILLIS);
        let hours = self.store.mood_by_hour((from, until), team).await?;
        let counts = self.store.day_counts((from, until), (day, team)).await?;
        let states = self.rule_states().await?;
        let mut flags = self.store.day_flags((from, until), (day, team)).await?;
        flags.retain(|one| states.counts(one.rule));
        let hour_ago = at.plus_millis(-HOUR_MILLIS);
        let now = self.store.day_flags((hour_ago, until), (hour_ago, team)).await?;
        let of_rule = |rule: Rule| flags.iter().filter(move |one| one.rule == rule);
        let counted = |rule: Rule| tally(of_rule(rule).map(|one| (one.today, one.contacts)));
        let mut incidents = self.incidents(caller).await?;
        incidents.retain(|one| one.revoked_at.is_none() && one.ends_at > from);
        Ok(Today {
            at,
            from,
            days: by_day(from, &hours),
            hours: by_hour(&hours),
            contacts: tally(counts.iter().map(|one| (one.today, one.contacts))),
            escalated_now: now
                .iter()
                .filter(|one| one.rule == Rule::Escalation && states.counts(one.rule))
                .map(|one| one.contacts)
                .sum(),
            escalated: counted(Rule::Escalation),
            silent: counted(Rule::LikelyDissatisfied),
            outside: counted(Rule::RegulatorRisk),
            groups: groups(caller, (&counts, &flags), &self.kept_rates(caller).await?),
            cases: self.case_backlog(caller).await?,
            appeals: self.store.appeal_backlog(at, caller.team.as_ref()).await?,
            incidents,
        })
    }

    async fn kept_rates(&self, caller: &Caller) -> Result<BTreeMap<RateGroup, CorrectedRate>, DeskError> {
        let mut kept = self.today.rates.lock().await;
        if let Some((at, rates)) = kept.get(&caller.team)
            && at.elapsed() < RATES_KEPT
        {
            return Ok(rates.clone());
        }
        let rates = self.corrected_rates(caller).await?.into_iter();
        let endings = rates.filter(|rate| rate.rule == Rule::NegativeEnding);
        let rates: BTreeMap<_, _> =
            endings.filter_map(|rate| Some((rate.group, rate.corrected.ok()?))).collect();
        kept.retain(|_, (at, _)| at.elapsed() < RATES_KEPT);
        kept.insert(caller.team.clone(), (Instant::now(), rates.clone()));
        Ok(rates)
    }
}

fn tally(items: impl Iterator<Item = (bool, usize)>) -> TodayCount {
    items.fold(TodayCount::default(), |sum, (today, contacts)| TodayCount {
        today: sum.today + if today { contacts } else { 0 },
        week: sum.week + contacts,
    })
}

/// The mean of what was heard, with its interval by Student's t; `None` below [`SMALLEST_CELL`].
fn mean(heard: HeardSum) -> Option<MoodMean> {
    if heard.contacts < SMALLEST_CELL {
        return None;
    }
    let n = count(heard.contacts);
    let (total, squares) = (thousandths(heard.total), thousandths(heard.squares) / 1000.0);
    let mean = total / n;
    let variance = ((squares - n * mean * mean) / (n - 1.0)).max(0.0);
    let interval = Interval::around(mean, (variance / n).sqrt(), critical(0.95, heard.contacts));
    Some(MoodMean { contacts: heard.contacts, mean, interval })
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a week of contacts stays far below 2^52"
)]
fn thousandths(sum: i64) -> f64 {
    sum as f64 / 1000.0
}

fn cell(heard: HeardSum) -> HourMood {
    match mean(heard) {
        Some(mood) => HourMood::Heard(mood),
        None if heard.contacts == 0 => HourMood::Empty,
        None => HourMood::Few(heard.contacts),
    }
}

fn by_day(from: UtcMillis, hours: &[(i64, HeardSum)]) -> Vec<(UtcMillis, Vec<HourMood>)> {
    let first = from.day() * 24;
    let at = |hour: i64| {
        let found = hours.iter().find(|(at, _)| *at == hour);
        cell(found.map(|(_, heard)| *heard).unwrap_or_default())
    };
    let day = |day: i64| {
        let begins = from.plus_millis(day * DAY_MILLIS);
        (begins, (0..24).map(|hour| at(first + day * 24 + hour)).collect())
    };
    (0..DAYS).map(day).collect()
}

fn by_hour(hours: &[(i64, HeardSum)]) -> Vec<HourMood> {
    let together = |hour: i64| {
        let same = hours.iter().filter(|(at, _)| at.rem_euclid(24) == hour);
        same.fold(HeardSum::default(), |mut sum, (_, heard)| {
            sum += *heard;
            sum
        })
    };
    (0..24).map(|hour| cell(together(hour))).collect()
}

/// What was counted of a group.
#[derive(Default)]
struct GroupSum {
    contacts: TodayCount,
    heard_today: HeardSum,
    heard: HeardSum,
    ended_badly: TodayCount,
    escalated: TodayCount,
}

fn groups(
    caller: &Caller,
    (counts, flags): (&[DayCount], &[DayFlags]),
    rates: &BTreeMap<RateGroup, CorrectedRate>,
) -> Vec<TodayGroup> {
    let named = |channel, team: &Option<TeamId>| {
        // Of a channel a caller of one team would see a part and take it for the whole.
        let channel = caller.team.is_none().then_some(RateGroup::Channel(channel));
        channel.into_iter().chain(team.clone().map(RateGroup::Team))
    };
    let mut sums = BTreeMap::<RateGroup, GroupSum>::new();
    for one in counts {
        for group in named(one.channel, &one.team) {
            let sum = sums.entry(group).or_default();
            add(&mut sum.contacts, (one.today, one.contacts));
            sum.heard += one.heard;
            if one.today {
                sum.heard_today += one.heard;
            }
        }
    }
    for one in flags {
        for group in named(one.channel, &one.team) {
            let sum = sums.entry(group).or_default();
            match one.rule {
                Rule::NegativeEnding => add(&mut sum.ended_badly, (one.today, one.contacts)),
                Rule::Escalation => add(&mut sum.escalated, (one.today, one.contacts)),
                _ => {}
            }
        }
    }
    let told = sums.into_iter().filter(|(_, sum)| sum.contacts.week >= SMALLEST_CELL);
    told.map(|(group, sum)| {
        let span = |contacts: usize, heard: HeardSum, (ended, escalated): (usize, usize)| GroupSpan {
            contacts,
            mood: mean(heard),
            ended_badly: plain_share(ended, contacts),
            escalated: plain_share(escalated, contacts),
        };
        let corrected = rates.get(&group).copied();
        let today = (sum.ended_badly.today, sum.escalated.today);
        let week = (sum.ended_badly.week, sum.escalated.week);
        TodayGroup {
            group,
            today: span(sum.contacts.today, sum.heard_today, today),
            week: span(sum.contacts.week, sum.heard, week),
            corrected,
        }
    })
    .collect()
}

fn add(sum: &mut TodayCount, (today, contacts): (bool, usize)) {
    sum.week += contacts;
    if today {
        sum.today += contacts;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(values: &[i64]) -> HeardSum {
        HeardSum {
            contacts: values.len(),
            total: values.iter().sum(),
            squares: values.iter().map(|value| value * value).sum(),
        }
    }

    #[test]
    fn an_hour_has_its_mean_and_interval_and_a_few_contacts_say_nothing() {
        let HourMood::Heard(mood) = cell(heard(&[-200, -100, 0, 100, 200])) else {
            panic!("five are enough")
        };

        assert!(mood.mean.abs() < 1e-12 && mood.contacts == 5);
        // Standard deviation .158, error .0707, t of four degrees of freedom 2.776.
        assert!((mood.interval.high - 0.196_3).abs() < 1e-3, "{mood:?}");
        assert_eq!(cell(heard(&[500; 4])), HourMood::Few(4));
        assert_eq!(cell(heard(&[])), HourMood::Empty);
    }

    #[test]
    fn hours_stand_in_their_day_in_beijing_and_add_up_over_the_week() {
        let from = UtcMillis::parse_rfc3339("2026-11-02T00:00:00+08:00").unwrap();
        let nine = from.day() * 24 + 9;
        let hours = [(nine, heard(&[100; 3])), (nine + 24, heard(&[100; 3]))];

        let days = by_day(from, &hours);

        assert_eq!((days.len(), days[0].0), (7, from));
        assert_eq!(
            (days[0].1[9], days[1].1[9], days[2].1[9]),
            (HourMood::Few(3), HourMood::Few(3), HourMood::Empty)
        );
        assert!(matches!(by_hour(&hours)[9], HourMood::Heard(mood) if mood.contacts == 6));
    }
}
