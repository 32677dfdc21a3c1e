//! The staff table: every person on every indicator, compared with what colleagues would have
//! reached with the same contacts.

use std::collections::BTreeMap;

use serde::Serialize;

use tingxin_statistics::case_mix::{AgentCell, Cell, Expected, expected};
use tingxin_statistics::distribution::Interval;
use tingxin_statistics::funnel::{FunnelLimits, funnel_of, limits};
use tingxin_statistics::naming::{Assessment, Member, Quadrant, appears, hold_to_sample, quadrant, stand};
use tingxin_statistics::shrinkage::NAMED_RELIABILITY;
use tingxin_text::domain::{Rule, StaffId, TeamId};

use super::case::{Case, Design};
use super::indicator::Indicator;
use super::sums::Sums;

/// A member of staff with everything that is known about a period.
#[derive(Clone)]
pub struct Person {
    /// Work number.
    pub id: StaffId,
    /// Their contacts.
    pub sums: Sums,
    /// Contacts that a person has listened to and confirmed, by what was confirmed.
    pub confirmed: BTreeMap<Rule, usize>,
    /// Records corrected by the random sample, from their minimum on, by the rule that people were asked about.
    pub corrected: BTreeMap<Rule, Expected>,
}

/// One person on one indicator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The unwanted event that is counted.
    pub indicator: Indicator,
    /// Observed and expected events.
    pub expected: Expected,
    /// What may be said.
    pub verdict: Assessment,
    /// Funnel limits of the observed count.
    pub limits: LimitsOf,
}

/// Limits within which colleagues like these lie by chance and by their ordinary differences.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LimitsOf {
    /// 95 %: look again next time.
    pub watch: Interval,
    /// 99.8 %: find out what these contacts have in common.
    pub investigate: Interval,
}

/// One member of staff in the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StaffLine {
    /// Work number.
    pub staff: StaffId,
    /// Team in the latest contact.
    pub team: Option<TeamId>,
    /// Contacts with numbers.
    pub contacts: u32,
    /// Contacts within a declared incident.
    pub incidents: u32,
    /// In the order of [`Indicator::ALL`]; an indicator is missing when nobody can be compared on
    /// it.
    pub figures: Vec<Figure>,
}

impl StaffLine {
    /// The figure of one indicator.
    #[must_use]
    pub fn on(&self, indicator: Indicator) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.indicator == indicator)
    }

    /// Skill against will. Skill: negative beginnings that did not end negative. Will: asking
    /// whether the matter is settled. `None` when either interval holds «as expected», or the
    /// record is too thin to name a person by it.
    #[must_use]
    pub fn quadrant(&self) -> Option<Quadrant> {
        quadrant(self.better(Indicator::Unsoothed)?, self.better(Indicator::NotAsked)?)
    }

    /// How much better than the colleagues; `None` where that is not known well enough.
    fn better(&self, indicator: Indicator) -> Option<Interval> {
        let verdict = &self.on(indicator)?.verdict;
        // Without differences between colleagues the interval is a point that misses the line by a
        // hair.
        let known = verdict.reliability >= NAMED_RELIABILITY;
        known.then_some(Interval { low: -verdict.interval.high, high: -verdict.interval.low })
    }
}

/// Judges everybody on every indicator, in the order given.
#[must_use]
pub fn table(people: &[Person]) -> Vec<StaffLine> {
    let cases = Cases::of(people.iter().map(|person| &person.sums));
    let mut lines: Vec<StaffLine> = people
        .iter()
        .map(|person| StaffLine {
            staff: person.id.clone(),
            team: person.sums.team.clone(),
            contacts: person.sums.contacts,
            incidents: person.sums.incidents,
            figures: Vec::new(),
        })
        .collect();
    for indicator in Indicator::ALL {
        // Nobody to be compared with, or nothing that varies: the indicator is left out, not
        // guessed.
        let cells: Vec<Vec<_>> =
            people.iter().map(|person| cases.cells(&person.sums, indicator.place()).collect()).collect();
        let Ok(records) = expected(&cases.designs, &cells) else { continue };
        let column = figures(*indicator, people, &records);
        lines.iter_mut().zip(column).for_each(|(line, figure)| line.figures.push(figure));
    }
    lines
}

fn figures(indicator: Indicator, people: &[Person], records: &[Expected]) -> Vec<Figure> {
    let (worse, better) = indicator.evidence();
    let members: Vec<Member> = people
        .iter()
        .zip(records)
        .map(|(person, expected)| {
            let rule = if expected.observed > expected.expected { worse } else { better };
            Member {
                expected: *expected,
                confirmed: person.confirmed.get(&rule).copied().unwrap_or_default(),
            }
        })
        .collect();
    let compared: Vec<&Expected> = records.iter().filter(|one| appears(one.trials)).collect();
    let tau2 = funnel_of(&compared).tau2;
    let mut verdicts = stand(&members);
    let corrected: Vec<Option<Expected>> = people
        .iter()
        .map(|person| indicator.sampled().and_then(|rule| person.corrected.get(&rule).copied()))
        .collect();
    hold_to_sample(&mut verdicts, &corrected);
    members
        .iter()
        .zip(verdicts)
        .map(|(member, verdict)| {
            let FunnelLimits { watch, investigate } =
                limits(member.expected.expected, member.expected.variance, tau2);
            let limits = LimitsOf { watch, investigate };
            Figure { indicator, expected: member.expected, verdict, limits }
        })
        .collect()
}

/// All cases of a centre as rows of one design.
pub(super) struct Cases {
    places: BTreeMap<Case, usize>,
    pub(super) design: Design,
    pub(super) designs: Vec<Vec<f64>>,
}

impl Cases {
    pub(super) fn of<'a>(all: impl Iterator<Item = &'a Sums>) -> Self {
        let mut totals: BTreeMap<&Case, f64> = BTreeMap::new();
        for (case, group) in all.flat_map(|sums| &sums.cells) {
            let contacts = group.tallies.iter().map(|(chances, _)| *chances).max().unwrap_or_default();
            *totals.entry(case).or_default() += f64::from(contacts);
        }
        let design = Design::of(totals.iter().map(|(case, n)| (*case, *n)));
        let designs = totals.keys().map(|case| design.row(case)).collect();
        let places = totals.keys().enumerate().map(|(at, case)| ((*case).clone(), at)).collect();
        Self { places, design, designs }
    }

    /// Chances and events of the indicator at a place, by case, where there was a chance.
    pub(super) fn cells<'a>(
        &'a self,
        sums: &'a Sums,
        indicator: usize,
    ) -> impl Iterator<Item = AgentCell> + 'a {
        sums.cells.iter().filter_map(move |(case, group)| {
            let (chances, events) = group.tallies.get(indicator)?;
            let design = *self.places.get(case)?;
            let (trials, events) = (f64::from(*chances), f64::from(*events));
            (*chances > 0).then_some(AgentCell { design, trials, events })
        })
    }

    /// The cells of everybody together.
    pub(super) fn total<'a>(&self, all: impl Iterator<Item = &'a Sums>, indicator: Indicator) -> Vec<Cell> {
        let mut cells: Vec<Cell> = self
            .designs
            .iter()
            .map(|design| Cell { design: design.clone(), trials: 0.0, events: 0.0 })
            .collect();
        for sums in all {
            for AgentCell { design, trials, events } in self.cells(sums, indicator.place()) {
                if let Some(cell) = cells.get_mut(design) {
                    cell.trials += trials;
                    cell.events += events;
                }
            }
        }
        cells
    }
}
