//! How satisfied the customer is expected to be at the end, and after which turns that changed.

use super::report::{SignalReport, tidy};
use tingxin_text::domain::{Body, Satisfaction, SatisfactionScores, ScoredContact, Speaker};

/// Most turns that are named.
const MOST_NAMED: usize = 3;
/// A change of the expectation below this is not worth naming, on the scale from 1 to 5.
const LEAST_NAMED: f64 = 0.15;
/// What stands in `skipped`.
const FEATURE: &str = "satisfaction";

/// The expectation after the last turn that was heard.
pub(super) fn measure(contact: &ScoredContact, report: &mut SignalReport) {
    if let Some(reason) = nothing_to_judge(contact) {
        report.skip(FEATURE, reason);
        return;
    }
    let heard: Vec<(usize, SatisfactionScores)> = contact
        .body
        .texts()
        .enumerate()
        .filter_map(|(index, (_, text))| text.heard.map(|heard| (index, heard.satisfaction)))
        .collect();
    let Some((_, last)) = heard.last() else {
        report.skip(
            FEATURE,
            "the model reads utterances alone; satisfaction needs a model that reads in context",
        );
        return;
    };
    let (low, high) = last.interval();
    report.satisfaction(Satisfaction {
        value: number(last.expected()),
        low: number(low),
        high: number(high),
        dissatisfied: number(last.dissatisfied()),
        turns: movers(&heard),
    });
}

fn number(value: f32) -> f64 {
    tidy(f64::from(value))
}

/// Why nobody could judge it.
fn nothing_to_judge(contact: &ScoredContact) -> Option<&'static str> {
    match &contact.body {
        Body::Transcript(turns) => {
            let customer = turns.iter().any(|turn| turn.speaker == Speaker::Customer);
            (!customer).then_some("no customer turn")
        }
        Body::Note(sentences) => {
            let reports = sentences.iter().any(|text| text.segmented.reported_about().is_some());
            (!reports).then_some("the note reports nobody's mood")
        }
    }
}

/// The turns after which the expectation moved most, strongest first; of equals the earlier one.
fn movers(heard: &[(usize, SatisfactionScores)]) -> Vec<usize> {
    let mut moved: Vec<(f64, usize)> = heard
        .windows(2)
        .filter_map(|pair| match pair {
            [(_, before), (index, after)] => {
                // Rounded, so that two moves that differ by the last bit alone are equal.
                Some((tidy(f64::from(after.expected() - before.expected()).abs()), *index))
            }
            _ => None,
        })
        .filter(|(moved, _)| *moved >= LEAST_NAMED)
        .collect();
    moved.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    moved.into_iter().take(MOST_NAMED).map(|(_, index)| index).collect()
}
