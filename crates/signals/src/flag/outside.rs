//! The rule on steps outside the company: regulator, media, court, another operator.

use super::policy;
use super::shared::{flag, quote, reached, strongest};
use tingxin_text::domain::{
    CueKind, Facts, Flag, Kind, Rule, RuleThresholds, ScoredContact, Severity, Signals, Threat,
};

/// The customer may go to a regulator, the media, a court or another operator.
pub(super) fn regulator_risk(
    contact: &ScoredContact,
    signals: &Signals,
    bars: &RuleThresholds,
) -> Option<Flag> {
    let signal = reached(signals, Rule::RegulatorRisk, bars)?;
    let severity = if signal.value >= policy::OUTSIDE_URGENT { Severity::High } else { Severity::Medium };
    let found = strongest(contact, &signal.utterances, threat)?;
    let turn = match contact.body.kind() {
        Kind::Transcript => Some(found.turn),
        Kind::Note => None,
    };
    let facts = Facts::RegulatorRisk { turn, threat: found.meaning, words: quote(found.text, found.cue) };
    Some(flag(Rule::RegulatorRisk, severity, policy::listed(signal.value), signal.utterances.clone(), facts))
}

/// Whom the customer threatens to go to; a mere complaint stays inside.
const fn threat(kind: CueKind) -> Option<Threat> {
    match kind {
        CueKind::Threat(Threat::Complaint) => None,
        CueKind::Threat(threat) => Some(threat),
        _ => None,
    }
}
