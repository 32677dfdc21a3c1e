//! How the tone of staff and of customers moves together: the centre and its queues, about nobody in particular.

use askama::Template;

use crate::console::chart::{Drawing, DrawingWords, Forest, Span};
use crate::console::frame::Frame;
use crate::console::label::{Label, process};
use crate::console::text::Lang;
use crate::domain::{BusinessProcess, Channel, UtcMillis};
use crate::staff::{Branch, Checks, Coupling, Shown};
use crate::statistics::resample::Surrogates;

use super::form::{as_of, say, signed, signed_between};
use super::reading::{Direction, Reading, too_few};
use super::words::Words;

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct SignalsInput<'a> {
    /// When the figures were computed.
    pub as_of: UtcMillis,
    /// Weeks before this one that they are about.
    pub weeks: i64,
    /// Everybody together.
    pub centre: &'a Coupling,
    /// Queues by name, `channel/process`.
    pub queues: &'a [(String, Coupling)],
    /// What the estimates are held against.
    pub checks: &'a Checks,
}

/// The centre and its queues.
#[derive(Debug, Template)]
#[template(path = "signals.html")]
pub struct SignalsPage {
    /// What surrounds it.
    pub frame: Frame,
    w: &'static Words,
    as_of: String,
    directions: Vec<DirectionView>,
    checks_lead: String,
    checks: Vec<CheckRow>,
}

/// One direction in the centre and in its queues.
#[derive(Debug)]
struct DirectionView {
    code: &'static str,
    centre: Reading,
    forest: Option<Drawing>,
    rows: Vec<QueueRow>,
}

/// One direction in one queue.
#[derive(Debug)]
struct QueueRow {
    name: String,
    found: Result<Found, String>,
}

/// A figure.
#[derive(Debug)]
struct Found {
    value: String,
    interval: String,
    contacts: usize,
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
            as_of: as_of(input.as_of, input.weeks, lang),
            directions: Direction::ALL.map(|one| DirectionView::of(one, input, lang)).into(),
            checks_lead: say(w.checks_lead, &[&input.checks.contacts]),
            checks: checks(input.checks, w),
            frame,
        }
    }
}

impl DirectionView {
    fn of(direction: Direction, input: &SignalsInput<'_>, lang: Lang) -> Self {
        let w = lang.staff();
        let named: Vec<(String, Shown, bool)> =
            std::iter::once((w.signals_centre.to_owned(), direction.of(input.centre), true))
                .chain(input.queues.iter().map(|(name, own)| (queue(name, lang), direction.of(own), false)))
                .collect();
        let spans: Vec<Span> = named.iter().filter_map(span).collect();
        let id = format!("forest-{}", direction.anchor());
        let words = DrawingWords {
            id: &id,
            title: direction.question(w),
            desc: w.forest_desc,
            x: direction.axis(w),
            y: "",
        };
        Self {
            code: direction.code(),
            centre: Reading::of(direction, input.centre, lang),
            forest: Forest { spans }.draw(words),
            rows: named.into_iter().map(|(name, shown, _)| QueueRow::of(name, shown, lang)).collect(),
        }
    }
}

impl QueueRow {
    fn of(name: String, shown: Shown, lang: Lang) -> Self {
        let w = lang.staff();
        let found = match shown {
            Shown::Estimate(branch) | Shown::Uncertain(branch) => Ok(Found {
                value: signed(branch.value, 2),
                interval: signed_between(branch.low, branch.high, 2, lang),
                contacts: branch.contacts,
            }),
            Shown::TooFew { needed, have } => Err(too_few(needed, have, lang)),
            Shown::NotEstimable => Err(w.not_estimable.to_owned()),
        };
        Self { name, found }
    }
}

fn span((name, shown, whole): &(String, Shown, bool)) -> Option<Span> {
    match shown {
        Shown::Estimate(Branch { value, low, high, .. }) => {
            Some(Span { name: name.clone(), ends: (*low, *value, *high), whole: *whole })
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

fn checks(checks: &Checks, w: &'static Words) -> Vec<CheckRow> {
    let both = checks.convergence.as_ref();
    let rows: [(&'static str, &'static str, Option<Surrogates>); 4] = [
        (w.check_compensation, "compensation", checks.compensation),
        (w.check_infection, "infection", checks.infection),
        (w.check_distance, "convergence", both.map(|both| both.distance)),
        (w.check_synchrony, "convergence", both.map(|both| both.synchrony)),
    ];
    rows.into_iter()
        .filter_map(|(name, anchor, found)| {
            let found = found?;
            Some(CheckRow {
                name,
                anchor,
                real: signed(found.observed, 2),
                chance: format!("{} ± {:.2}", signed(found.mean, 2), found.sd),
                above: format!("{:.0}%", found.p_above * 100.0),
                drawn: found.drawn,
            })
        })
        .collect()
}
