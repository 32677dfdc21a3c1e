//! Turning points of the customer's mood, and what came before them.
//!
//! «After», never «because»: one contact cannot show what moved whom.

use super::draws::Draws;
use super::echo::Echo;
use super::report::SignalReport;
use super::trajectory::{mean, utterances};
use super::turns::{CustomerTurns, Turn, speaks};
use tingxin_text::domain::{Emotion, ScoredText, SignalName, Speaker, Utterance};

/// Turns on either side of a turning point.
const WINDOW: usize = 2;

/// Fewest turns that have a point with two turns on either side.
const NEEDED: usize = 2 * WINDOW;

/// Probability from which a turning point names its turns.
const LIKELY: f64 = 0.5;

/// Where the two-turn mean most probably turns: from not unpleasant to unpleasant, and back. Calm
/// counts as not unpleasant: most customers of a hotline turn from calm, not from joy.
pub(super) fn measure(
    turns: &[Utterance<ScoredText>],
    customer: &CustomerTurns,
    draws: &Draws,
    report: &mut SignalReport,
) {
    let events: [(SignalName, bool); 2] = [(SignalName::MoodDrop, true), (SignalName::MoodLift, false)];
    for (name, turns_bad) in events {
        if customer.turns.len() < NEEDED {
            report.skip(name.as_str(), customer.too_few(NEEDED));
            continue;
        }
        let turned = |at: usize| {
            draws.probability(|row| {
                let (before, after) = (window(row, at - WINDOW), window(row, at));
                let (bad_before, bad_after) = (mean(before) < 0.0, mean(after) < 0.0);
                bad_before != bad_after && bad_after == turns_bad
            })
        };
        // Of equally probable points the first.
        let strongest = (WINDOW..=customer.turns.len() - WINDOW)
            .map(|at| (at, turned(at)))
            .reduce(|best, one| if one.1 > best.1 { one } else { best });
        if let Some((at, probability)) = strongest {
            let after = customer.turns.get(at..at + WINDOW).unwrap_or_default();
            let evidence = answer_before(turns, after).into_iter().chain(utterances(after));
            let evidence = if probability >= LIKELY { evidence.collect() } else { Vec::new() };
            report.probability(name, probability, evidence);
        }
    }
}

fn window(row: &[f64], at: usize) -> &[f64] {
    row.get(at..at + WINDOW).unwrap_or_default()
}

/// What staff said last before these turns.
fn answer_before(turns: &[Utterance<ScoredText>], after: &[Turn]) -> Option<usize> {
    let first = *after.first()?.utterances.first()?;
    turns.get(..first)?.iter().rposition(|turn| turn.speaker == Speaker::Agent)
}

/// Staff were negative to a customer who was not, and the customer was negative after it.
///
/// On labelled dialogues a negative turn of the customer follows such a reply in 19–24 % of cases
/// and any other in 2–5 %. When the customer was negative before, the tone of the reply makes
/// little difference.
pub(super) fn agent_first(turns: &[Utterance<ScoredText>], report: &mut SignalReport) {
    let name = SignalName::AgentFirst;
    if !speaks(turns, Speaker::Agent) || !speaks(turns, Speaker::Customer) {
        let silent = if speaks(turns, Speaker::Agent) { "no customer turn" } else { "no agent turn" };
        report.skip(name.as_str(), silent);
        return;
    }
    let readings = read_turns(turns);
    let mut strongest = (0.0, Vec::new());
    for (at, reading) in readings.iter().enumerate() {
        let before = readings.get(..at).and_then(|all| all.iter().rev().find(|one| one.side != reading.side));
        let after = readings.get(at + 1..).and_then(|all| all.iter().find(|one| one.side != reading.side));
        if let (Speaker::Agent, Some(before), Some(after)) = (reading.side, before, after) {
            // Three readings of three texts: independent, as far as the model is right about each.
            let probability = (1.0 - before.negative) * reading.negative * after.negative;
            if probability > strongest.0 {
                strongest = (probability, vec![before.utterance, reading.utterance, after.utterance]);
            }
        }
    }
    report.probability(name, strongest.0, strongest.1);
}

struct TurnReading {
    utterance: usize,
    side: Speaker,
    negative: f64,
}

/// Probability that each utterance is negative by its own words.
fn read_turns(turns: &[Utterance<ScoredText>]) -> Vec<TurnReading> {
    let mut echo = Echo::of(Speaker::Agent);
    let mut found = Vec::new();
    for (utterance, turn) in turns.iter().enumerate() {
        let score = turn.text.score.as_ref().filter(|score| score.scorable);
        let own = if turn.speaker == Speaker::Agent {
            echo.own(&turn.text).map(|own| own.negative)
        } else {
            Some(1.0)
        };
        if let (Some(score), Some(own)) = (score, own) {
            // Sadness and worry of staff are sympathy, as in `acts.rs`.
            let negative = if turn.speaker == Speaker::Agent {
                score.emotions.get(Emotion::Anger) + score.emotions.get(Emotion::Disgust)
            } else {
                score.emotions.negative()
            };
            let negative = f64::from(negative) * own;
            found.push(TurnReading { utterance, side: turn.speaker, negative });
        }
        echo.hear(turn);
    }
    found
}
