//! Whom to talk to, about what, and what came after it.

use std::collections::BTreeMap;

use askama::Template;

use crate::agreements::{AgreedRow, AgreementWords, SpokenOfAgreements as _};
use crate::chart::{Bounds, Dot, Drawing, DrawingWords, FunnelPlot, Mark, grid};
use crate::frame::Frame;
use crate::label::Label;
use crate::lists::{Copied as _, ListTable, Listing, SpokenOfCopies as _, cell, cell_named};
use crate::pages::Notice;
use crate::query::encode;
use crate::queue::Choice;
use crate::text::Lang;
use tingxin_staff::{COACHING_WEEKS, CoachingOutcome, Figure, Indicator, StaffLine};
use tingxin_statistics::case_mix::Expected;
use tingxin_statistics::funnel::{funnel_of, limits};
use tingxin_statistics::naming::{Direction, MIN_CONFIRMED, MIN_CONTACTS, Standing, appears};
use tingxin_store::Coaching;
use tingxin_text::domain::{Permission, StaffId, TeamId, UtcMillis};

use super::effects::{EffectRow, effect, list_effects};
use super::figure::{ratio, standing};
use super::form::{amount, say, say_as_of};
use super::matrix::{Matrix, matrix};
use super::outside::OutsideRow;
use super::waiting::{SpokenOfWaiting as _, WaitingTile, tiles, to_coach};
use super::words::{SpokenOfStaff, StaffWords};
use tingxin_desk::{AsOf, Outside, TrainerDesk};

/// Work numbers on the page; beyond that a list to choose from is of no help.
const LISTED: usize = 200;

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct CoachingInput<'a> {
    /// When the figures were computed, and what they are about.
    pub as_of: AsOf,
    /// Everybody of the centre, by work number: limits come from all of them.
    pub lines: &'a [StaffLine],
    /// The viewer's team, whose people alone are shown; none for all.
    pub team: Option<&'a TeamId>,
    /// The behaviour of the funnel plot.
    pub indicator: Indicator,
    /// Agreed coaching, latest first.
    pub coaching: &'a [Coaching],
    /// What of it is open, by its date.
    pub open: &'a [Coaching],
    /// What people are called.
    pub names: &'a BTreeMap<StaffId, String>,
    /// What was looked for, and who was found.
    pub found: Option<(&'a str, &'a [&'a StaffLine])>,
    /// The present moment.
    pub now: UtcMillis,
    /// What came after it.
    pub outcomes: &'a [CoachingOutcome],
    /// Behaviours on which people stand outside the limits for want of confirmations.
    pub outside: &'a [Outside],
    /// What else waits for whoever coaches.
    pub waiting: Option<TrainerDesk>,
}

/// Whom to talk to.
#[derive(Debug, Template)]
#[template(path = "coaching.html")]
pub struct CoachingPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static StaffWords,
    as_of: String,
    waiting_title: &'static str,
    waiting: Vec<WaitingTile>,
    tabs: Vec<Choice>,
    funnel: Result<Drawing, String>,
    funnel_title: String,
    counts: Vec<(&'static str, usize)>,
    matrix: Drawing,
    quadrants: Vec<(&'static str, usize)>,
    no_dot: String,
    named_lead: String,
    named: Vec<NamedRow>,
    outside: Vec<OutsideRow>,
    people: Vec<PersonRow>,
    people_more: Option<String>,
    agreed: Vec<AgreedRow>,
    agreed_counts: Vec<String>,
    g: &'static AgreementWords,
    wanted: String,
    found: Option<String>,
    effects: Vec<EffectRow>,
    effect_lead: String,
    may_coach: bool,
}

/// A name with its evidence.
#[derive(Debug)]
struct NamedRow {
    staff: String,
    name: String,
    href: String,
    open: String,
    indicator: &'static str,
    reading: String,
    tone: &'static str,
    ratio: String,
    contacts: String,
}

/// A work number.
#[derive(Debug)]
struct PersonRow {
    staff: String,
    name: String,
    href: String,
    contacts: String,
}

impl CoachingPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, input: &CoachingInput<'_>, notice: Option<Notice>) -> Self {
        let lang = frame.lang;
        let w = lang.staff();
        let own: Vec<&StaffLine> = input
            .lines
            .iter()
            .filter(|line| input.team.is_none() || line.team.as_ref() == input.team)
            .collect();
        let name = input.indicator.label(lang);
        let Matrix { drawing: matrix, quadrants, without: no_dot } = matrix(&own, lang);
        let listed = input.found.map_or(own.as_slice(), |(_, found)| found);
        Self {
            notice,
            w,
            as_of: say_as_of(input.as_of, lang),
            waiting_title: lang.waiting().title,
            waiting: input
                .waiting
                .map(|desk| tiles(desk, to_coach(&own, input.open), lang))
                .unwrap_or_default(),
            tabs: choices(input.indicator, lang),
            funnel: plot(input, &own, lang),
            funnel_title: say(w.funnel_title, &[&name]),
            counts: counts(&own, input.indicator, w),
            matrix,
            quadrants,
            no_dot,
            named_lead: say(w.named_lead, &[&MIN_CONFIRMED]),
            named: named(&own, input.names, lang),
            outside: input.outside.iter().map(|one| OutsideRow::of(one, lang)).collect(),
            people: listed.iter().take(LISTED).map(|line| person(line, input.names, w)).collect(),
            people_more: (listed.len() > LISTED).then(|| say(w.people_more, &[&LISTED, &listed.len()])),
            agreed: agreed(input, lang),
            agreed_counts: agreed_counts(input, lang),
            g: lang.agreements(),
            wanted: input.found.map(|(wanted, _)| wanted.to_owned()).unwrap_or_default(),
            found: input.found.map(|(_, found)| found_words(found, lang)),
            effects: input.outcomes.iter().map(|outcome| effect(outcome, lang)).collect(),
            effect_lead: say(w.effect_lead, &[&COACHING_WEEKS]),
            may_coach: frame.allows(Permission::CoachingWrite),
            frame,
        }
    }
}

/// The page of a person.
fn person_href(staff: &str) -> String {
    format!("/coaching/{}", encode(staff))
}

fn choices(chosen: Indicator, lang: Lang) -> Vec<Choice> {
    Indicator::ALL
        .iter()
        .map(|indicator| Choice {
            value: indicator.as_str().to_owned(),
            text: indicator.label(lang).to_owned(),
            selected: *indicator == chosen,
        })
        .collect()
}

fn person(line: &StaffLine, names: &BTreeMap<StaffId, String>, w: &StaffWords) -> PersonRow {
    PersonRow {
        name: names.get(&line.staff).cloned().unwrap_or_default(),
        staff: line.staff.to_string(),
        href: person_href(line.staff.as_str()),
        contacts: say(w.contacts_n, &[&line.contacts]),
    }
}

/// The plot, or a sentence about how much is missing for it.
fn plot(input: &CoachingInput<'_>, own: &[&StaffLine], lang: Lang) -> Result<Drawing, String> {
    let w = lang.staff();
    let dots: Vec<Dot> = own
        .iter()
        .filter_map(|line| Some((*line, line.on(input.indicator)?)))
        .filter(|(_, figure)| appears(figure.expected.trials))
        .filter_map(|(line, figure)| dot(line, figure))
        .collect();
    if dots.is_empty() {
        let most = own.iter().filter_map(|line| line.on(input.indicator)).map(|one| one.expected.trials);
        let most = most.fold(0.0, f64::max);
        let lacking = tingxin_statistics::count(MIN_CONTACTS) - most;
        return Err(if most > 0.0 && lacking > 0.0 {
            say(w.funnel_empty, &[&MIN_CONTACTS, &amount(most), &amount(lacking)])
        } else {
            say(w.funnel_nobody, &[&MIN_CONTACTS])
        });
    }
    let far = dots.iter().map(|dot| dot.expected).fold(1.0, f64::max);
    let title = say(w.funnel_title, &[&input.indicator.label(lang)]);
    let words =
        DrawingWords { id: "funnel", title: &title, desc: w.funnel_desc, x: w.funnel_x, y: w.funnel_y };
    Ok(FunnelPlot { dots, bounds: bounds(input, far) }.draw(words))
}

fn dot(line: &StaffLine, figure: &Figure) -> Option<Dot> {
    let mark = match figure.verdict.standing {
        Standing::Named => Mark::Named {
            name: line.staff.to_string(),
            href: person_href(line.staff.as_str()),
            better: figure.verdict.direction == Direction::Better,
        },
        Standing::Watch | Standing::Investigate => Mark::Outside,
        Standing::AsExpected | Standing::NotEnoughData { .. } => Mark::Inside,
    };
    Some(Dot { expected: figure.expected.expected, ratio: figure.verdict.ratio?.value, mark })
}

/// Limits of a colleague with the average mix of contacts.
fn bounds(input: &CoachingInput<'_>, far: f64) -> Vec<Bounds> {
    let compared: Vec<&Expected> = input
        .lines
        .iter()
        .filter_map(|line| line.on(input.indicator))
        .map(|figure| &figure.expected)
        .filter(|expected| appears(expected.trials))
        .collect();
    let tau2 = funnel_of(&compared).tau2;
    let expected: f64 = compared.iter().map(|one| one.expected).sum();
    let variance: f64 = compared.iter().map(|one| one.variance).sum();
    let share = variance / expected.max(f64::MIN_POSITIVE);
    grid(far)
        .into_iter()
        .map(|expected| {
            let found = limits(expected, expected * share, tau2);
            let pair = |low: f64, high: f64| (low / expected, high / expected);
            Bounds {
                expected,
                watch: pair(found.watch.low, found.watch.high),
                investigate: pair(found.investigate.low, found.investigate.high),
            }
        })
        .collect()
}

/// How many people lie where, beside the plot.
fn counts(own: &[&StaffLine], indicator: Indicator, w: &StaffWords) -> Vec<(&'static str, usize)> {
    let few = own
        .iter()
        .filter(|line| {
            line.on(indicator)
                .is_none_or(|one| matches!(one.verdict.standing, Standing::NotEnoughData { .. }))
        })
        .count();
    vec![
        (w.count_inside, count(own, indicator, |one| *one == Standing::AsExpected)),
        (w.count_watch, count(own, indicator, |one| *one == Standing::Watch)),
        (w.count_far, count(own, indicator, |one| *one == Standing::Investigate)),
        (w.count_named, count(own, indicator, |one| *one == Standing::Named)),
        (w.count_few, few),
    ]
}

/// How many people stand so.
fn count(own: &[&StaffLine], indicator: Indicator, is: fn(&Standing) -> bool) -> usize {
    own.iter().filter(|line| line.on(indicator).is_some_and(|one| is(&one.verdict.standing))).count()
}

/// The named, by work number and then by behaviour.
fn named(own: &[&StaffLine], names: &BTreeMap<StaffId, String>, lang: Lang) -> Vec<NamedRow> {
    let w = lang.staff();
    let each = own.iter().flat_map(|line| line.figures.iter().map(move |figure| (line, figure)));
    each.filter(|(_, figure)| figure.verdict.standing == Standing::Named)
        .map(|(line, figure)| {
            let (reading, tone) = standing(figure, false, lang);
            NamedRow {
                staff: line.staff.to_string(),
                name: names.get(&line.staff).cloned().unwrap_or_default(),
                href: person_href(line.staff.as_str()),
                open: say(w.open_person, &[&line.staff]),
                indicator: figure.indicator.label(lang),
                reading,
                tone,
                ratio: figure.verdict.ratio.map_or_else(|| w.dash.to_owned(), |found| ratio(found, lang)),
                contacts: amount(figure.expected.trials),
            }
        })
        .collect()
}

/// What is open by its date, then the rest, latest first.
fn agreed(input: &CoachingInput<'_>, lang: Lang) -> Vec<AgreedRow> {
    let rest = input.coaching.iter().filter(|one| !one.is_open());
    input.open.iter().chain(rest).map(|one| AgreedRow::of(one, input.now, lang)).collect()
}

fn agreed_counts(input: &CoachingInput<'_>, lang: Lang) -> Vec<String> {
    let w = lang.agreements();
    let overdue = input.open.iter().filter(|one| one.is_overdue(input.now)).count();
    let counts = [(w.counts_overdue, overdue), (w.counts, input.open.len())];
    counts.into_iter().filter(|(_, n)| *n > 0).map(|(text, n)| say(text, &[&n])).collect()
}

fn found_words(found: &[&StaffLine], lang: Lang) -> String {
    let w = lang.agreements();
    if found.is_empty() { w.found_none.to_owned() } else { say(w.found, &[&found.len()]) }
}

impl Listing for CoachingPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let (w, g, of) = (self.w, self.g, self.frame.lang.copies());
        let named = self.named.iter().map(|row| {
            [
                cell_named(&row.staff),
                cell_named(&row.name),
                cell(&row.reading),
                cell(row.indicator),
                cell(&row.ratio),
                cell(&row.contacts),
            ]
        });
        let agreed = self.agreed.iter().map(AgreedRow::cells);
        let people = self
            .people
            .iter()
            .map(|person| [cell_named(&person.staff), cell_named(&person.name), cell(&person.contacts)]);
        let of_named = [w.col_staff, of.name, w.col_standing, w.col_indicator, w.col_ratio, w.col_chances];
        vec![
            ListTable::new(w.named_title, of_named, named),
            counted(&self.funnel_title, &self.counts, w),
            counted(w.matrix_title, &self.quadrants, w),
            ListTable::new(w.agreed_title, AgreedRow::heads(w.col_staff, g, of), agreed),
            list_effects(&self.effects, w),
            ListTable::new(w.people_title, [w.col_staff, of.name, w.col_contacts], people),
        ]
    }
}

fn counted(title: &str, groups: &[(&'static str, usize)], w: &StaffWords) -> ListTable {
    let rows = groups.iter().map(|(name, people)| [cell(name), cell(people)]);
    ListTable::new(title, [w.col_group, w.col_people], rows)
}
