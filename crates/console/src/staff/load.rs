//! What somebody had to listen to, day by day.

use crate::chart::{Days, Drawing, DrawingWords};
use crate::lists::{ListTable, cell};
use tingxin_staff::Load;

use super::form::{amount, date, say, short_date};
use super::words::StaffWords;

/// One day in the chart of load.
#[derive(Debug)]
pub(super) struct LoadRow {
    pub(super) date: String,
    pub(super) contacts: u32,
    pub(super) load: String,
    pub(super) hostile: String,
    pub(super) abusive: String,
}

impl LoadRow {
    pub(super) fn of(load: &Load) -> Self {
        Self {
            date: date(load.day),
            contacts: load.contacts,
            load: format!("{:.2}", load.load),
            hostile: format!("{:.1}", load.hostile_turns),
            abusive: format!("{:.1}", load.abusive_turns),
        }
    }
}

pub(super) fn load_drawing(loads: &[Load], w: &StaffWords) -> Option<Drawing> {
    let days = loads.iter().map(|load| (short_date(load.day), load.load)).collect();
    let words = DrawingWords { id: "load", title: w.load_title, desc: w.load_desc, x: w.load_x, y: w.load_y };
    Days { days }.bars(words)
}

pub(super) fn load_words(loads: &[Load], w: &StaffWords) -> String {
    loads.last().map_or_else(
        || w.load_none.to_owned(),
        |load| {
            let (hostile, abusive) = (amount(load.hostile_turns.round()), amount(load.abusive_turns.round()));
            say(w.load_latest, &[&date(load.day), &load.contacts, &hostile, &abusive])
        },
    )
}

/// The days as a list.
pub(super) fn list_loads(loads: &[LoadRow], w: &StaffWords) -> ListTable {
    let rows = loads.iter().map(|day| {
        [cell(&day.date), cell(day.contacts), cell(&day.load), cell(&day.hostile), cell(&day.abusive)]
    });
    let heads = [w.col_date, w.col_contacts, w.col_load, w.col_hostile, w.col_abusive];
    ListTable::new(w.load_title, heads, rows)
}
