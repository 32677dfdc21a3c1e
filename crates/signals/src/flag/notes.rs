//! The rule on notes.

use super::policy;
use super::shared::{flag, quote, reached, texts};
use tingxin_text::domain::{
    About, Cue, CueKind, Facts, Flag, Rule, RuleThresholds, ScoredContact, Severity, Signals,
};

/// Staff report an upset customer who was not calmed by the end of the note.
pub(super) fn reported_distress(
    contact: &ScoredContact,
    signals: &Signals,
    bars: &RuleThresholds,
) -> Option<Flag> {
    let signal = reached(signals, Rule::ReportedDistress, bars)?;
    let severity = if signal.value >= policy::REPORTED_URGENT { Severity::High } else { Severity::Medium };
    let (text, cue) = texts(contact)
        .filter(|(index, _, _)| signal.utterances.contains(index))
        .flat_map(|(_, _, text)| text.segmented.cues.iter().map(move |cue| (text, cue)))
        .filter(|(_, cue)| is_distress(cue))
        .max_by_key(|(_, cue)| cue.strength)?;
    let facts = Facts::ReportedDistress { words: quote(text, cue) };
    Some(flag(
        Rule::ReportedDistress,
        severity,
        policy::listed(signal.value),
        signal.utterances.clone(),
        facts,
    ))
}

fn is_distress(cue: &Cue) -> bool {
    matches!(cue.kind, CueKind::Reported { about: About::Customer, emotion } if emotion.is_negative())
}
