//! How the times of a contact count: from its start, whatever the file counts from.

use super::told::{ToldTurn, When};
use super::v1::UtteranceV1;
use crate::domain::UtcMillis;

/// Turns are longer than this on average, in milliseconds: what is shorter was counted in seconds.
///
/// **Source**: set by the project. The shortest word takes 150 ms, and calls of which every turn lasts 100 s are none.
const SHORTEST_TURN: f64 = 100.0;

/// How the times of a contact count.
pub(super) struct Clock {
    pub(super) start: Option<UtcMillis>,
    /// What a number without a unit is worth in milliseconds.
    unit: f64,
    timed: bool,
    sure: bool,
}

impl Clock {
    /// Looks at all turns; those that all have a date are put in its order, for exports with the newest first.
    pub(super) fn of(turns: &mut [ToldTurn], told: Option<UtcMillis>) -> Self {
        let moment = |turn: &ToldTurn| match turn.start {
            Some(When::Moment(at)) => Some(at),
            _ => None,
        };
        if turns.iter().all(|turn| moment(turn).is_some()) {
            if turns.first().map(moment) > turns.last().map(moment) {
                turns.reverse();
            }
            turns.sort_by_key(moment);
        }
        let first = turns.iter().filter_map(moment).min();
        let start = match (told, first) {
            (Some(told), Some(first)) => Some(told.min(first)),
            (told, first) => told.or(first),
        };
        let unitless = turns.iter().any(|turn| matches!(turn.start, Some(When::Unitless(_))));
        let unit = if unitless && is_in_seconds(turns) { 1000.0 } else { 1.0 };
        Self { start, unit, timed: turns.iter().any(|turn| turn.start.is_some()), sure: !unitless }
    }

    pub(super) fn how(&self) -> &'static str {
        match (self.timed, self.sure) {
            (false, _) => "no times",
            (true, true) => "times as the format counts them",
            (true, false) if self.unit > 1.0 => "times in seconds, by how long turns last",
            (true, false) => "times in milliseconds, by how long turns last",
        }
    }

    pub(super) fn span(&self, turn: &ToldTurn) -> (Option<u64>, Option<u64>) {
        let start = turn.start.and_then(|when| self.offset(when));
        let end = turn
            .end
            .and_then(|when| self.offset(when))
            .filter(|end| start.is_some_and(|start| start <= *end));
        (start, end)
    }

    /// The same of one time.
    pub(super) fn millis(&self, when: Option<When>) -> Option<u64> {
        when.and_then(|when| self.offset(when))
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped before"
    )]
    fn offset(&self, when: When) -> Option<u64> {
        let millis = match when {
            When::Moment(at) => {
                let from = self.start?;
                return u64::try_from(at.as_millis().saturating_sub(from.as_millis())).ok();
            }
            When::Millis(millis) => millis,
            When::Unitless(number) => number * self.unit,
        };
        // No contact lasts thirty years, and a negative offset comes from rounding.
        (millis < 1e12).then(|| millis.max(0.0).round() as u64)
    }
}

/// Whether numbers without a unit are seconds.
fn is_in_seconds(turns: &[ToldTurn]) -> bool {
    let number = |when: Option<When>| match when {
        Some(When::Unitless(number)) => Some(number),
        _ => None,
    };
    let lengths: Vec<f64> = turns
        .iter()
        .filter_map(|turn| Some(number(turn.end)? - number(turn.start)?))
        .filter(|length| *length > 0.0)
        .collect();
    let starts: Vec<f64> = turns.iter().filter_map(|turn| number(turn.start)).collect();
    let gaps: Vec<f64> = starts
        .windows(2)
        .filter_map(|pair| match pair {
            [one, next] if next > one => Some(next - one),
            _ => None,
        })
        .collect();
    let known = if lengths.is_empty() { gaps } else { lengths };
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a count of turns")]
    let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
    !known.is_empty() && mean < SHORTEST_TURN
}

/// Clocks from here on are times of day: nobody's first words come an hour into a call.
const CLOCK_OF_DAY: f64 = 3_600_000.0;

/// Gives the turns of a table their times, and puts rows that all have a date in its order. `whens` holds beginning, end and date
/// of each; a date that is the same everywhere is when the contact began. Returns when that was.
pub(super) fn apply(
    turns: &mut Vec<UtteranceV1>,
    lines: &mut Vec<u64>,
    whens: &[[Option<When>; 3]],
    told: Option<UtcMillis>,
) -> Option<UtcMillis> {
    let first = whens.first().copied().unwrap_or_default();
    // A date that never changes says nothing about turns.
    let dates: Vec<When> = whens.iter().filter_map(|when| when[2]).collect();
    let varies = dates.iter().any(|date| Some(date) != dates.first());
    let begins = |when: &[Option<When>; 3]| when[0].or(when[2].filter(|_| varies));
    let day = match begins(&first) {
        Some(When::Millis(clock)) if clock >= CLOCK_OF_DAY && first[0].is_none() => clock,
        _ => 0.0,
    };
    let of_day = |when: Option<When>| match when {
        Some(When::Millis(clock)) if day > 0.0 => {
            Some(When::Millis((clock - day).rem_euclid(24.0 * CLOCK_OF_DAY)))
        }
        other => other,
    };
    let mut order: Vec<ToldTurn> = whens
        .iter()
        .enumerate()
        .map(|(index, when)| ToldTurn {
            // The place of the turn, while its words stay where they are.
            label: Some(index.to_string()),
            start: of_day(begins(when)),
            end: when[1],
            ..ToldTurn::default()
        })
        .collect();
    let moments = dates.iter().filter_map(|date| match date {
        When::Moment(at) => Some(*at),
        _ => None,
    });
    let began = moments.min();
    let clock = Clock::of(&mut order, told.or(began));
    let mut old: Vec<Option<(UtteranceV1, u64)>> = turns.drain(..).zip(lines.drain(..)).map(Some).collect();
    for turn in &order {
        let index = turn.label.as_deref().and_then(|index| index.parse::<usize>().ok());
        let Some((mut said, line)) = index.and_then(|index| old.get_mut(index)?.take()) else { continue };
        (said.start_ms, said.end_ms) = (clock.millis(turn.start), clock.millis(turn.end));
        turns.push(said);
        lines.push(line);
    }
    clock.start
}
