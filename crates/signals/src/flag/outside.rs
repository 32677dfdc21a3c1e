//! The rule on steps outside the company: regulator, media, court, another operator.

use super::policy;
use super::wording::{confidence, flag, quote, reached, texts, turn};
use tingxin_text::domain::{
    Cue, CueKind, Flag, Kind, Rule, ScoredContact, ScoredText, Severity, SignalName, Signals, Threat,
};

/// The customer may go to a regulator, the media, a court or another operator.
pub(super) fn regulator_risk(contact: &ScoredContact, signals: &Signals) -> Option<Flag> {
    let signal = reached(signals, SignalName::RegulatorRisk, policy::OUTSIDE)?;
    let severity = if signal.value >= policy::OUTSIDE_URGENT { Severity::High } else { Severity::Medium };
    let (index, text, cue, threat) = strongest(contact, &signal.utterances)?;
    let place = match contact.body.kind() {
        Kind::Transcript => format!("{}客户", turn(index)),
        Kind::Note => "记录显示客户".to_owned(),
    };
    let reason =
        format!("{place}{}：{}{}", what(threat), quote(text, &cue), confidence(policy::listed(signal.value)));
    Some(flag(Rule::RegulatorRisk, severity, policy::listed(signal.value), signal.utterances.clone(), reason))
}

const fn what(threat: Threat) -> &'static str {
    match threat {
        Threat::Regulator => "提到要向监管部门投诉",
        Threat::Media => "提到要找媒体或上网曝光",
        Threat::Legal => "提到要走法律途径",
        Threat::Churn => "提到要转网或不再使用",
        Threat::Complaint => "提到要投诉",
    }
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
