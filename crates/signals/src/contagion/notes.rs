//! Notes: what staff report about a customer. Never mixed with what a speaker expresses.
//!
//! A note is written afterwards, in the third person, by one of the two sides. It has no turns and
//! no course of mood, so nothing that needs them is measured.

use super::acts::{self, Act, either};
use super::report::SignalReport;
use tingxin_text::domain::{About, Cue, CueKind, NoteOutcome, ScoredText, SignalName};

/// What remains of the probability when the note ends with the customer calmed.
///
/// **Source**: set by the project so that no single report, however strong, is a flag after a good
/// ending; the signal stays visible.
const SETTLED: f64 = 0.5;

/// What remains of the doubt when the note ends unsettled.
const DOUBT_LEFT: f64 = 0.5;

/// Measured on transcripts only.
const EXPRESSED: [SignalName; 11] = [
    SignalName::CustomerStart,
    SignalName::CustomerMean,
    SignalName::CustomerWorst,
    SignalName::CustomerEnd,
    SignalName::Escalation,
    SignalName::Recovery,
    SignalName::NegativeEnding,
    SignalName::MoodDrop,
    SignalName::MoodLift,
    SignalName::AgentFirst,
    SignalName::AgentLapse,
];

pub(super) fn skip_in_transcript(report: &mut SignalReport) {
    report.skip(SignalName::ReportedNegative.as_str(), "a transcript: emotion is expressed, not reported");
}

pub(super) fn measure(sentences: &[ScoredText], report: &mut SignalReport) {
    for name in EXPRESSED {
        report.skip(name.as_str(), "a note: emotion is reported by staff, and there are no turns");
    }
    let reports: Vec<Act> = sentences
        .iter()
        .enumerate()
        .map(|(utterance, text)| Act { utterance, probability: reported(text) })
        .collect();
    let upset = either(reports.iter().map(|act| act.probability));
    let probability = match ending(sentences) {
        NoteEnding::Settled => upset * SETTLED,
        NoteEnding::Unsettled if upset > 0.0 => 1.0 - (1.0 - upset) * DOUBT_LEFT,
        NoteEnding::Unsettled | NoteEnding::Open => upset,
    };
    let sentences_named =
        reports.iter().filter(|act| act.probability > 0.0).map(|act| act.utterance).collect();
    report.probability(SignalName::ReportedNegative, probability, sentences_named);

    // Who is reported as upset anywhere in the note means what is threatened anywhere in it.
    let threats: Vec<Act> = sentences
        .iter()
        .enumerate()
        .map(|(utterance, text)| Act { utterance, probability: acts::threat(text, upset) })
        .collect();
    acts::report_threats(&threats, report);
    let abuse: Vec<Act> = sentences
        .iter()
        .enumerate()
        .map(|(utterance, text)| Act { utterance, probability: acts::abuse(text) })
        .collect();
    let (probability, utterances) = acts::at_least_one(&abuse, acts::EVIDENCE);
    report.probability(SignalName::Abuse, probability, utterances);
}

/// Probability that the sentence reports an upset customer.
fn reported(text: &ScoredText) -> f64 {
    either(text.segmented.cues.iter().filter_map(|cue| match cue.kind {
        CueKind::Reported { about: About::Customer, emotion } if emotion.is_negative() => {
            Some(match cue.strength {
                0 | 1 => 0.5,
                2 => 0.75,
                3 => 0.9,
                4 => 0.95,
                _ => 0.97,
            })
        }
        _ => None,
    }))
}

enum NoteEnding {
    Settled,
    Unsettled,
    Open,
}

/// How the note leaves the matter: its last word on it counts, because notes are written in order.
fn ending(sentences: &[ScoredText]) -> NoteEnding {
    sentences
        .iter()
        .rev()
        .flat_map(|text| text.segmented.cues.iter().rev())
        .find_map(told_by)
        .unwrap_or(NoteEnding::Open)
}

/// What a cue says about how the matter was left; `None` when it says nothing.
fn told_by(cue: &Cue) -> Option<NoteEnding> {
    match cue.kind {
        CueKind::Outcome(NoteOutcome::Appeased | NoteOutcome::Resolved) => Some(NoteEnding::Settled),
        // What staff did or will do: whether it helped is not in it.
        CueKind::Outcome(NoteOutcome::Soothed | NoteOutcome::Promised) => Some(NoteEnding::Open),
        CueKind::Outcome(NoteOutcome::Unresolved | NoteOutcome::Escalated | NoteOutcome::HungUp) => {
            Some(NoteEnding::Unsettled)
        }
        CueKind::Reported { about: About::Customer, emotion } if emotion.is_positive() => {
            Some(NoteEnding::Settled)
        }
        CueKind::Reported { about: About::Customer, emotion } if emotion.is_negative() => {
            Some(NoteEnding::Unsettled)
        }
        _ => None,
    }
}
