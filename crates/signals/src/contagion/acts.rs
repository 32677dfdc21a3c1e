//! Single acts: a lapse of the agent, a threat to go elsewhere, an insult.
//!
//! One such turn is enough, so these signals do not average. They rest on lists of wording
//! ([`Cue`]s) and on single scores. The probabilities of list entries are set by the project from
//! their grades: the precision of the lists on real contacts is not known yet, and reviewers'
//! verdicts are what will measure it.

use super::echo::Echo;
use super::report::SignalReport;
use super::turns::speaks;
use tingxin_text::domain::{
    Cue, CueKind, Emotion, EmotionScores, LapseAct, ScoredText, SignalName, Speaker, Threat, Utterance,
};

/// From here on a single act counts as evidence of its own and adds up with others.
///
/// Below it only the strongest stands for the contact: thirty turns of 5 % each are no 79 % insult.
pub(super) const EVIDENCE: f64 = 0.5;

/// Probability from which an agent's tone alone counts.
///
/// **Source**: agents of Chinese service dialogues are negative in 0.3–0.5 % of their utterances;
/// with so rare an event a lower bar would find mostly errors.
const TONE: f64 = 0.9;

/// Hostility below which both readings hear a calm clerk, so that listed wording is a hint and no
/// more.
///
/// **Source**: 811 calls and posts of the corpus (train and dev). Of 49 contacts that were flagged
/// wrongly, 48 rested on a quiet laugh («呵呵那您…») at .07 and less; of 23 that were flagged rightly
/// on dev, one.
const CALM: f32 = 0.08;

/// What listed wording is worth in a calm mouth: as much as wording of the lowest grade.
const HINT: f64 = 0.3;

/// An act of one utterance.
pub(super) struct Act {
    pub(super) utterance: usize,
    pub(super) probability: f64,
}

/// Probability that at least one of the acts happened, and the utterances that speak for it.
///
/// `1 − Π(1 − p)` over acts of at least `floor`, or the largest `p` when none reaches it.
pub(super) fn at_least_one(acts: &[Act], floor: f64) -> (f64, Vec<usize>) {
    let strongest = acts.iter().map(|act| act.probability).fold(0.0, f64::max);
    let counted = acts.iter().filter(|act| act.probability >= floor);
    let none = counted.clone().fold(1.0, |none, act| none * (1.0 - act.probability));
    let probability = if strongest >= floor { 1.0 - none } else { strongest };
    (probability, counted.map(|act| act.utterance).collect())
}

/// Probability that any of the independent `parts` holds.
pub(super) fn either(parts: impl IntoIterator<Item = f64>) -> f64 {
    1.0 - parts.into_iter().fold(1.0, |none, part| none * (1.0 - part))
}

pub(super) fn measure(turns: &[Utterance<ScoredText>], report: &mut SignalReport) {
    if speaks(turns, Speaker::Agent) {
        let (probability, utterances) = at_least_one(&lapses(turns), TONE);
        report.probability(SignalName::AgentLapse, probability, utterances);
    } else {
        report.skip(SignalName::AgentLapse.as_str(), "no agent turn");
    }
    if !speaks(turns, Speaker::Customer) {
        report.skip(SignalName::RegulatorRisk.as_str(), "no customer turn");
        report.skip(SignalName::Abuse.as_str(), "no customer turn");
        return;
    }
    let customer: Vec<_> =
        turns.iter().enumerate().filter(|(_, turn)| turn.speaker == Speaker::Customer).collect();
    report_threats(&threats(&customer), report);
    let abuse: Vec<Act> = customer
        .iter()
        .map(|(utterance, turn)| Act { utterance: *utterance, probability: abuse(&turn.text) })
        .collect();
    let (probability, utterances) = at_least_one(&abuse, EVIDENCE);
    report.probability(SignalName::Abuse, probability, utterances);
}

/// A threat is often told in a flat voice after an outburst («明天我就转网»), so what counts is how
/// displeased the customer has been up to and including that utterance.
fn threats(customer: &[(usize, &Utterance<ScoredText>)]) -> Vec<Act> {
    let mut displeased = 0.0_f64;
    let mut found = Vec::with_capacity(customer.len());
    for (utterance, turn) in customer {
        displeased = displeased.max(turn.text.mood().map_or(0.0, displeasure));
        found.push(Act { utterance: *utterance, probability: threat(&turn.text, displeased) });
    }
    found
}

/// Threats add up whatever their strength: hints are dropped one by one and mean more together.
pub(super) fn report_threats(threats: &[Act], report: &mut SignalReport) {
    let utterances = threats.iter().filter(|act| act.probability > 0.0).map(|act| act.utterance).collect();
    let probability = either(threats.iter().map(|act| act.probability));
    report.probability(SignalName::RegulatorRisk, probability, utterances);
}

fn lapses(turns: &[Utterance<ScoredText>]) -> Vec<Act> {
    let mut echo = Echo::of(Speaker::Agent);
    let mut found = Vec::new();
    for (utterance, turn) in turns.iter().enumerate() {
        if turn.speaker == Speaker::Agent {
            let mut words = lapse_by_words(&turn.text, &echo);
            if is_heard_calm(&turn.text) {
                words = words.min(HINT);
            }
            let probability = words.max(lapse_by_tone(&turn.text, &echo));
            found.push(Act { utterance, probability });
        }
        echo.hear(turn);
    }
    found
}

/// Anger and annoyance of the agent, without what only repeats the customer.
///
/// Sadness and worry are left out: «听到您这样我也很难过» is sympathy, and sympathy is no lapse.
fn lapse_by_tone(text: &ScoredText, echo: &Echo<'_>) -> f64 {
    let Some(score) = text.score.as_ref().filter(|score| score.scorable) else {
        return 0.0;
    };
    let alone = hostility(&score.emotions);
    // A calm clerk who explains a penalty may sound cross by the words alone, and a cross customer
    // makes any answer sound so: both readings have to agree.
    let hostile = text.mood().map_or(alone, |mood| alone.min(hostility(mood)));
    f64::from(hostile) * echo.own(text).map_or(0.0, |own| own.negative)
}

/// Whether a model that reads in context hears no hostility, neither in the words alone nor after
/// the turns before.
fn is_heard_calm(text: &ScoredText) -> bool {
    let alone = text.score.as_ref().map_or(0.0, |score| hostility(&score.emotions));
    text.heard.is_some_and(|heard| alone.max(hostility(&heard.emotions)) < CALM)
}

fn hostility(mood: &EmotionScores) -> f32 {
    mood.get(Emotion::Anger) + mood.get(Emotion::Disgust)
}

fn lapse_by_words(text: &ScoredText, echo: &Echo<'_>) -> f64 {
    let cues = || text.segmented.cues.iter().filter(|cue| !echo.quotes(text, cue.span));
    either(LapseAct::ALL.iter().filter_map(|act| {
        let strength = strongest(cues(), CueKind::Lapse(*act))?;
        Some(lapse(*act, strength, text))
    }))
}

/// The highest grade of a kind of cue. Entries of one kind overlap in meaning («投诉», «投诉到工信部»)
/// and describe one act, so they do not add up.
fn strongest<'a>(cues: impl Iterator<Item = &'a Cue>, kind: CueKind) -> Option<u8> {
    cues.filter(|cue| cue.kind == kind).map(|cue| cue.strength).max()
}

/// A refusal or an order that comes with courtesy or with a time limit is policy, politely told.
fn lapse(act: LapseAct, strength: u8, text: &ScoredText) -> f64 {
    let softened = matches!(act, LapseAct::Refusal | LapseAct::Command)
        && text.segmented.cues.iter().any(|c| matches!(c.kind, CueKind::Courtesy | CueKind::DeadlineTold));
    // Most refusals state a rule of the company; only the rudest is a lapse on its own.
    let probability = match (act, strength) {
        (_, 0 | 1) => 0.3,
        (_, 2) => 0.6,
        (LapseAct::Refusal, 3) => 0.8,
        (LapseAct::Refusal, 4) | (_, 3) => 0.92,
        (_, 4) => 0.95,
        _ => 0.97,
    };
    if softened { probability / 2.0 } else { probability }
}

/// What leads out of the company. A complaint to the operator itself is not among it: handling
/// complaints is what the contact is for.
const OUTSIDE: [Threat; 4] = [Threat::Regulator, Threat::Media, Threat::Legal, Threat::Churn];

/// Probability that the text announces a step outside, for a speaker who is displeased to that
/// degree.
///
/// Words gain weight with displeasure: «怎么携号转网» calmly asked is an enquiry. An announcement to a
/// regulator loses little without it, for polite customers complain, too; wanting to leave is an
/// everyday request and loses more.
pub(super) fn threat(text: &ScoredText, displeasure: f64) -> f64 {
    either(OUTSIDE.iter().filter_map(|threat| {
        let strength = strongest(text.segmented.cues.iter(), CueKind::Threat(*threat))?;
        let (calm, displeased) = match (threat, strength) {
            (Threat::Churn, 0 | 1) => (0.05, 0.2),
            (Threat::Churn, 2) => (0.1, 0.4),
            (Threat::Churn, 3) => (0.2, 0.75),
            (Threat::Churn, 4) => (0.4, 0.9),
            (Threat::Churn, _) => (0.5, 0.95),
            (_, 0 | 1) => (0.05, 0.25),
            (_, 2) => (0.15, 0.55),
            (_, 3) => (0.55, 0.85),
            (_, 4) => (0.75, 0.95),
            _ => (0.8, 0.97),
        };
        Some(calm + (displeased - calm) * displeasure)
    }))
}

/// Probability that a speaker is displeased: angry, annoyed or disappointed. Worry is left out: a
/// frightened customer who names the police asks for help.
pub(super) fn displeasure(mood: &EmotionScores) -> f64 {
    f64::from(mood.negative() - mood.get(Emotion::Fear)).max(0.0)
}

/// The surer of list and model. They read the same words, so they do not add up.
pub(super) fn abuse(text: &ScoredText) -> f64 {
    let listed = text
        .segmented
        .cues
        .iter()
        .filter(|cue| cue.kind == CueKind::Abuse)
        .map(|cue| match cue.strength {
            0 | 1 => 0.5,
            2 => 0.93,
            _ => 0.97,
        })
        .fold(0.0, f64::max);
    listed.max(text.score.as_ref().map_or(0.0, |score| f64::from(score.abuse)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acts(probabilities: &[f64]) -> Vec<Act> {
        probabilities
            .iter()
            .enumerate()
            .map(|(utterance, probability)| Act { utterance, probability: *probability })
            .collect()
    }

    #[test]
    fn many_slight_suspicions_do_not_become_a_finding() {
        let (probability, utterances) = at_least_one(&acts(&[0.05; 30]), EVIDENCE);

        assert!(probability < 0.06 && utterances.is_empty());
    }

    #[test]
    fn two_findings_are_surer_than_one() {
        let (one, _) = at_least_one(&acts(&[0.6]), EVIDENCE);
        let (two, utterances) = at_least_one(&acts(&[0.6, 0.1, 0.6]), EVIDENCE);

        assert!((one - 0.6).abs() < 1e-9 && (two - 0.84).abs() < 1e-9);
        assert_eq!(utterances, [0, 2]);
    }
}
