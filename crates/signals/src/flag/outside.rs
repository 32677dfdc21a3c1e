//! The rule on steps outside the company: regulator, media, court, another operator.

use super::policy;
use super::shared::{flag, quote, reached, texts};
use tingxin_text::domain::{
    Cue, CueKind, Facts, Flag, Kind, Rule, ScoredContact, ScoredText, Severity, SignalName, Signals, Threat,
};

/// The customer may go to a regulator, the media, a court or another operator.
pub(super) fn regulator_risk(contact: &ScoredContact, signals: &Signals) -> Option<Flag> {
    let signal = reached(signals, SignalName::RegulatorRisk, policy::OUTSIDE)?;
    let severity = if signal.value >= policy::OUTSIDE_URGENT { Severity::High } else { Severity::Medium };
    let (index, text, cue, threat) = strongest(contact, &signal.utterances)?;
    let turn = match contact.body.kind() {
        Kind::Transcript => Some(index),
        Kind::Note => None,
    };
    let facts = Facts::RegulatorRisk { turn, threat, words: quote(text, &cue) };
    Some(flag(Rule::RegulatorRisk, severity, policy::listed(signal.value), signal.utterances.clone(), facts))
}

/// The strongest wording; of equals the first.
fn strongest<'a>(
    contact: &'a ScoredContact,
    utterances: &[usize],
) -> Option<(usize, &'a ScoredText, Cue, Threat)> {
    texts(contact)
        .filter(|(index, _, _)| utterances.contains(index))
        .flat_map(|(index, _, text)| text.segmented.cues.iter().map(move |cue| (index, text, cue)))
        .filter_map(|(index, text, cue)| match cue.kind {
            CueKind::Threat(Threat::Complaint) => None,
            CueKind::Threat(threat) => Some((index, text, *cue, threat)),
            _ => None,
        })
        .reduce(|best, next| if next.2.strength > best.2.strength { next } else { best })
}
