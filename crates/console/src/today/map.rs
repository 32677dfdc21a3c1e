//! The map of moods: hours by days, as a table that everybody can read.

use super::words::{SpokenOfToday as _, TodayWords};
use crate::chart::signed;
use crate::text::Lang;
use tingxin_desk::{HourMood, Today};
use tingxin_text::domain::UtcMillis;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MapCell {
    /// Which of the five shades; empty where nothing is said.
    pub(super) shade: &'static str,
    /// `−0.21`, or the number of contacts in a cell with too few.
    pub(super) value: String,
    /// `12 · ±0.08`.
    pub(super) beside: String,
}

/// One hour of all days.
#[derive(Debug)]
pub(super) struct MapRow {
    pub(super) hour: String,
    pub(super) days: Vec<MapCell>,
    pub(super) week: MapCell,
}

/// The map.
#[derive(Debug)]
pub(super) struct MoodMap {
    /// Heads of the days: `周一 11-30`.
    pub(super) days: Vec<(&'static str, String)>,
    /// From the first hour that has something to the last.
    pub(super) rows: Vec<MapRow>,
}

impl MoodMap {
    pub(super) fn of(today: &Today, lang: Lang) -> Self {
        let heard = |hour: &usize| today.hours.get(*hour).is_some_and(|mood| *mood != HourMood::Empty);
        let mut busy = (0..24).filter(heard);
        let first = busy.next();
        let last = busy.next_back().or(first);
        let rows = first.zip(last).map(|(first, last)| (first..=last).map(|hour| row(today, hour)).collect());
        Self {
            days: today.days.iter().map(|(day, _)| head(*day, lang.today())).collect(),
            rows: rows.unwrap_or_default(),
        }
    }
}

fn head(day: UtcMillis, w: &'static TodayWords) -> (&'static str, String) {
    // 1970-01-01 was a Thursday.
    let weekday = usize::try_from((day.day() + 3).rem_euclid(7)).unwrap_or_default();
    let name = w.weekdays.split(' ').nth(weekday).unwrap_or_default();
    let date = day.to_beijing();
    (name, date.get(5..10).unwrap_or_default().to_owned())
}

fn row(today: &Today, hour: usize) -> MapRow {
    let at = |moods: &Vec<HourMood>| moods.get(hour).map_or_else(empty, |mood| cell(*mood));
    MapRow {
        hour: format!("{hour:02}"),
        days: today.days.iter().map(|(_, moods)| at(moods)).collect(),
        week: at(&today.hours),
    }
}

fn empty() -> MapCell {
    MapCell { shade: "", value: String::new(), beside: String::new() }
}

fn cell(mood: HourMood) -> MapCell {
    match mood {
        HourMood::Empty => empty(),
        HourMood::Few(contacts) => MapCell { value: format!("n={contacts}"), ..empty() },
        HourMood::Heard(mood) => MapCell {
            shade: shade(mood.mean),
            value: signed(narrow(mood.mean)),
            beside: format!("{} ±{:.2}", mood.contacts, mood.interval.width() / 2.0),
        },
    }
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "a valence needs two digits")]
pub(super) fn narrow(valence: f64) -> f32 {
    valence as f32
}

/// Which of the five shades a mean has. **Source**: set by the project; the mean of a calm call is near 0.
fn shade(mean: f64) -> &'static str {
    match mean {
        mean if mean <= -0.4 => "mood-1",
        mean if mean <= -0.15 => "mood-2",
        mean if mean < 0.1 => "mood-3",
        mean if mean < 0.35 => "mood-4",
        _ => "mood-5",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tingxin_desk::MoodMean;
    use tingxin_statistics::distribution::Interval;

    #[test]
    fn an_empty_cell_stays_empty_and_a_thin_one_says_its_number_alone() {
        assert_eq!(cell(HourMood::Empty), empty());
        assert_eq!(cell(HourMood::Few(3)), MapCell { value: "n=3".to_owned(), ..empty() });
        let interval = Interval { low: -0.3, high: -0.1 };
        let heard = cell(HourMood::Heard(MoodMean { contacts: 12, mean: -0.2, interval }));
        assert_eq!((heard.shade, &*heard.value, &*heard.beside), ("mood-2", "−0.20", "12 ±0.10"));
    }

    #[test]
    fn a_day_has_its_weekday_and_date() {
        let monday = UtcMillis::parse_rfc3339("2026-11-30T00:00:00+08:00").unwrap();

        assert_eq!(head(monday, Lang::Zh.today()), ("周一", "11-30".to_owned()));
    }
}
