//! Events in the course of the customer's mood: escalation, recovery, a negative ending.

use super::draws::Draws;
use super::report::{SignalReport, count};
use super::trajectory::{EDGE, first, last, mean, utterances};
use super::turns::{CustomerTurns, Turn};
use tingxin_text::domain::SignalName;

/// Fewest customer turns for events that compare a beginning with an end: two turns a third.
const COMPARED: usize = 6;

/// A fall of the mean from the first to the last third that counts as clearly worse.
///
/// **Unit**: valence. **Source**: half the way from neutral to the negative classes, which lie
/// between -0.5 and -0.9.
const CLEAR_FALL: f64 = -0.4;

/// Below this mean a stretch of turns is on the negative side.
///
/// **Unit**: valence. **Source**: with three turns, one angry turn among neutral ones (-0.3) is
/// not yet enough, two negative ones are.
const NEGATIVE_SIDE: f64 = -0.3;

/// Negative turns in a row that are no accident.
const RUN: usize = 3;

pub(super) fn measure(customer: &CustomerTurns, draws: &Draws, report: &mut SignalReport) {
    let turns = &customer.turns;
    if turns.len() < COMPARED {
        report.skip(SignalName::Escalation.as_str(), customer.too_few(COMPARED));
        report.skip(SignalName::Recovery.as_str(), customer.too_few(COMPARED));
    } else {
        report.probability(SignalName::Escalation, draws.probability(escalated), since_onset(turns));
        report.probability(SignalName::Recovery, draws.probability(recovered), around_relief(turns));
    }
    if turns.len() < EDGE {
        report.skip(SignalName::NegativeEnding.as_str(), customer.too_few(EDGE));
    } else {
        report.probability(
            SignalName::NegativeEnding,
            draws.probability(|row| mean(last(row, EDGE)) < NEGATIVE_SIDE),
            utterances(last(turns, EDGE)),
        );
    }
}

/// The last third is on the negative side, and it is either clearly below the first third, or the
/// contact began on the other side and ends in a run of negative turns.
///
/// One event instead of two probabilities: both ways describe the same story to a listener, and
/// their union has one meaning and one threshold. A customer who is angry from the first turn to
/// the last does not escalate; that contact is found by its negative ending.
fn escalated(row: &[f64]) -> bool {
    // Rounded to the nearest: eight turns are compared three to three.
    let third = (row.len() + 1) / 3;
    let (start, end) = (mean(first(row, third)), mean(last(row, third)));
    let ends_in_run = row.iter().rev().take_while(|pleasure| **pleasure < 0.0).count() >= RUN;
    end < NEGATIVE_SIDE && (end - start <= CLEAR_FALL || (start > NEGATIVE_SIDE && ends_in_run))
}

/// At least two negative turns in the first half, none among the last three.
fn recovered(row: &[f64]) -> bool {
    negative_turns(first(row, row.len() / 2)) >= 2 && negative_turns(last(row, EDGE)) == 0
}

fn negative_turns(pleasures: &[f64]) -> usize {
    pleasures.iter().filter(|pleasure| **pleasure < 0.0).count()
}

/// The negative turns from the point on at which the mood fell most.
fn since_onset(turns: &[Turn]) -> Vec<usize> {
    turns
        .get(onset(turns)..)
        .unwrap_or_default()
        .iter()
        .filter(|turn| turn.negative() >= 0.5)
        .flat_map(|turn| turn.utterances.iter().copied())
        .collect()
}

/// The split with the largest fall of the mean, weighted as in a two-sample test so that one odd
/// turn at an end does not win.
fn onset(turns: &[Turn]) -> usize {
    let valences: Vec<f64> = turns.iter().map(Turn::valence).collect();
    (1..valences.len())
        .max_by(|a, b| fall(&valences, *a).total_cmp(&fall(&valences, *b)).then(b.cmp(a)))
        .unwrap_or_default()
}

/// How much the mood falls at a turn, in units of the error of the difference.
fn fall(valences: &[f64], at: usize) -> f64 {
    let (before, after) = valences.split_at(at);
    (mean(before) - mean(after)) * (count(before.len()) * count(after.len())).sqrt()
}

/// The last negative turn before the end, and the end.
fn around_relief(turns: &[Turn]) -> Vec<usize> {
    let (before, end) = turns.split_at(turns.len().saturating_sub(EDGE));
    let bad = before.iter().rev().find(|turn| turn.negative() >= 0.5);
    bad.into_iter().chain(end).flat_map(|turn| turn.utterances.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_that_stays_negative_is_an_escalation() {
        assert!(escalated(&[0.0, 0.0, 0.0, -0.7, -0.9, -0.9]));
    }

    #[test]
    fn anger_from_beginning_to_end_is_no_escalation() {
        assert!(!escalated(&[-0.9, -0.9, 0.0, -0.9, -0.9, -0.9]));
    }

    #[test]
    fn cooling_from_delight_to_calm_is_no_escalation() {
        assert!(!escalated(&[0.9, 0.9, 0.0, 0.0, 0.0, 0.0]));
    }

    #[test]
    fn a_run_of_worry_after_a_mixed_start_is_an_escalation() {
        assert!(escalated(&[-0.5, 0.0, 0.0, -0.5, -0.5, -0.6]));
    }

    #[test]
    fn one_negative_turn_near_the_end_undoes_a_recovery() {
        assert!(recovered(&[-0.9, -0.9, 0.0, 0.0, 0.0, 0.8]));
        assert!(!recovered(&[-0.9, -0.9, 0.0, 0.0, -0.7, 0.8]));
    }
}
