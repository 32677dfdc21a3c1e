//! How the tone of staff and of customers moves together: the centre and its queues, about nobody
//! in particular.

use askama::Template;

use crate::chart::{Drawing, DrawingWords, Forest, ForestRow};
use crate::frame::Frame;
use crate::label::{Label, process};
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named};
use crate::text::Lang;
use tingxin_staff::{BesideStrangers, Branch, Checks, Month, Queue, Shown};
use tingxin_statistics::minimum::CONVERGENCE_CONTACTS;
use tingxin_text::domain::{BusinessProcess, Channel, UtcMillis};

use super::form::{date, deviation, say, say_as_of, signed, signed_between};
use super::reading::{CouplingEffect, CouplingReading, too_few, why_absent};
use super::words::{SpokenOfStaff, StaffWords};
use tingxin_desk::{AsOf, ExportCell};

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct SignalsInput<'a> {
    /// When the figures were computed, and what they are about.
    pub as_of: AsOf,
    /// All queues together.
    pub centre: &'a Queue,
    /// Queues by name, `channel/process`.
    pub queues: &'a [(String, Queue)],
    /// What the estimates are held against.
    pub checks: &'a Checks,
}

/// The centre and its queues.
#[derive(Debug, Template)]
#[template(path = "signals.html")]
pub struct SignalsPage {
    /// What surrounds it.
    pub frame: Frame,
    w: &'static StaffWords,
    as_of: String,
    directions: Vec<DirectionView>,
    checks_lead: String,
    checks: Vec<CheckRow>,
    months: Vec<MonthRow>,
    months_left_out: Option<String>,
}

/// One direction in the centre and in its queues.
#[derive(Debug)]
struct DirectionView {
    code: &'static str,
    centre: CouplingReading,
    forest: Option<Drawing>,
    rows: Vec<QueueRow>,
}

/// One direction in one queue.
#[derive(Debug)]
struct QueueRow {
    name: String,
    found: Result<QueueFigure, String>,
}

/// One figure of a queue, beside that of strangers.
#[derive(Debug)]
struct QueueFigure {
    value: String,
    interval: String,
    contacts: usize,
    strangers: String,
}

/// Four weeks of S12.
#[derive(Debug)]
struct MonthRow {
    name: String,
    since: String,
    contacts: usize,
    found: Result<(String, String), String>,
}

/// A value beside random pairings.
#[derive(Debug)]
struct CheckRow {
    name: &'static str,
    anchor: &'static str,
    real: String,
    chance: String,
    above: String,
    drawn: usize,
}

impl SignalsPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, input: &SignalsInput<'_>) -> Self {
        let lang = frame.lang;
        let w = lang.staff();
        Self {
            w,
            as_of: say_as_of(input.as_of, lang),
            directions: CouplingEffect::ALL.map(|one| DirectionView::of(one, input, lang)).into(),
            checks_lead: say(w.checks_lead, &[&input.checks.contacts]),
            checks: checks(input.checks, w),
            months_left_out: months_left_out(input, lang),
            months: name_queues(input, lang)
                .flat_map(|NamedQueue { name, queue, whole }| {
                    let shown = queue.months.iter().filter(move |month| whole || month.found.is_ok());
                    shown.map(move |month| MonthRow::of(name.clone(), month, lang))
                })
                .collect(),
            frame,
        }
    }
}

impl DirectionView {
    fn of(direction: CouplingEffect, input: &SignalsInput<'_>, lang: Lang) -> Self {
        let w = lang.staff();
        let named: Vec<NamedQueue<'_>> = name_queues(input, lang).collect();
        let spans: Vec<ForestRow> = named
            .iter()
            .filter_map(|own| span(&own.name, direction.of(&own.queue.coupling), own.whole))
            .collect();
        let id = format!("forest-{}", direction.anchor());
        let words = DrawingWords { id: &id, title: direction.question(w), desc: w.forest_desc, x: "", y: "" };
        Self {
            code: direction.code(),
            centre: CouplingReading::of(direction, &input.centre.coupling, input.checks, lang),
            forest: Forest { spans }.draw(words, direction.sides(w)),
            rows: named.into_iter().map(|own| QueueRow::of(own.name, own.queue, direction, lang)).collect(),
        }
    }
}

/// A queue, or the centre as the whole of them.
struct NamedQueue<'a> {
    name: String,
    queue: &'a Queue,
    whole: bool,
}

/// The centre and its queues by name.
fn name_queues<'a>(input: &SignalsInput<'a>, lang: Lang) -> impl Iterator<Item = NamedQueue<'a>> + use<'a> {
    let centre =
        NamedQueue { name: lang.staff().signals_centre.to_owned(), queue: input.centre, whole: true };
    let queues = input.queues.iter();
    std::iter::once(centre).chain(queues.map(move |(name, own)| NamedQueue {
        name: queue(name, lang),
        queue: own,
        whole: false,
    }))
}

impl QueueRow {
    fn of(name: String, queue: &Queue, direction: CouplingEffect, lang: Lang) -> Self {
        let shown = direction.of(&queue.coupling);
        let found = shown.branch().map(|branch| QueueFigure {
            value: signed(branch.value, 2),
            interval: signed_between(branch.low, branch.high, 2, lang),
            contacts: branch.contacts,
            strangers: strangers(direction.strangers(&queue.beside), lang),
        });
        let found = found.ok_or_else(|| why_absent(shown, lang));
        Self { name, found }
    }
}

/// `0.00（−0.02 至 +0.02）`.
fn strangers(found: Option<Branch>, lang: Lang) -> String {
    found.map_or_else(
        || lang.staff().dash.to_owned(),
        |branch| {
            let interval = signed_between(branch.low, branch.high, 2, lang);
            match lang {
                Lang::Zh => format!("{}（{interval}，{} 次）", signed(branch.value, 2), branch.contacts),
                Lang::En => format!("{} ({interval}, {} contacts)", signed(branch.value, 2), branch.contacts),
            }
        },
    )
}

/// How many queues have no row.
fn months_left_out(input: &SignalsInput<'_>, lang: Lang) -> Option<String> {
    let count = input
        .queues
        .iter()
        .filter(|(_, queue)| queue.months.iter().all(|month| month.found.is_err()))
        .count();
    (count > 0).then(|| say(lang.staff().months_few, &[&count, &CONVERGENCE_CONTACTS]))
}

impl MonthRow {
    fn of(name: String, month: &Month, lang: Lang) -> Self {
        let found = month.found.map(|(distance, synchrony)| (beside(distance), beside(synchrony)));
        Self {
            name,
            since: date(UtcMillis::of_week(month.since_week).day()),
            contacts: month.contacts,
            found: found.map_err(|few| too_few(few.needed, few.have, lang)),
        }
    }
}

/// The value beside that of strangers.
fn beside(BesideStrangers { observed, strangers, sd }: BesideStrangers) -> String {
    format!("{} / {} ± {}", signed(observed, 2), signed(strangers, 2), deviation(sd))
}

fn span(name: &str, shown: Shown, whole: bool) -> Option<ForestRow> {
    match shown {
        Shown::Estimate(Branch { value, low, high, .. }) => {
            Some(ForestRow { name: name.to_owned(), ends: (low, value, high), whole })
        }
        _ => None,
    }
}

/// `热线 · 宽带故障` of `hotline/broadband_fault`.
fn queue(name: &str, lang: Lang) -> String {
    let w = lang.staff();
    let (channel, kind) = name.split_once('/').unwrap_or((name, ""));
    let channel = Channel::from_name(channel).map_or(channel, |known| known.label(lang));
    let kind =
        BusinessProcess::new(kind).map_or_else(|_| w.queue_none.to_owned(), |known| process(&known, lang));
    format!("{channel} · {kind}")
}

fn checks(checks: &Checks, w: &'static StaffWords) -> Vec<CheckRow> {
    CouplingEffect::ALL
        .into_iter()
        .filter_map(|direction| {
            let found = direction.check(checks)?;
            Some(CheckRow {
                name: direction.question(w),
                anchor: direction.anchor(),
                real: signed(found.observed, 2),
                chance: format!("{} ± {}", signed(found.mean, 2), deviation(found.sd)),
                above: format!("{:.0}%", found.p_above * 100.0),
                drawn: found.drawn,
            })
        })
        .collect()
}

impl Listing for SignalsPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w;
        let of_queues = [w.col_queue, w.col_value, w.col_interval, w.col_contacts, w.col_strangers];
        let directions = self.directions.iter().map(|part| {
            let rows = part.rows.iter().map(|row| match &row.found {
                Ok(found) => [
                    cell_named(&row.name),
                    cell(&found.value),
                    cell(&found.interval),
                    cell(found.contacts),
                    cell(&found.strangers),
                ],
                Err(missing) => [
                    cell_named(&row.name),
                    cell(missing),
                    ExportCell::Empty,
                    ExportCell::Empty,
                    ExportCell::Empty,
                ],
            });
            ListTable::new(part.centre.question, of_queues, rows)
        });
        let checks = self.checks.iter().map(|row| {
            [cell(row.name), cell(&row.real), cell(&row.chance), cell(&row.above), cell(row.drawn)]
        });
        let months = self.months.iter().map(|row| {
            let (distance, synchrony) = match &row.found {
                Ok((distance, synchrony)) => (cell(distance), cell(synchrony)),
                Err(missing) => (cell(missing), ExportCell::Empty),
            };
            [cell_named(&row.name), cell(&row.since), cell(row.contacts), distance, synchrony]
        });
        let of_checks = [w.col_item, w.col_real, w.col_chance, w.col_above, w.col_drawn];
        let of_months = [w.col_queue, w.col_since, w.col_contacts, w.col_distance, w.col_synchrony];
        directions
            .chain([
                ListTable::new(w.checks_title, of_checks, checks),
                ListTable::new(w.months_title, of_months, months),
            ])
            .collect()
    }
}
