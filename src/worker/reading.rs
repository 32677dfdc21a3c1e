//! What is told to the metrics about a stored analysis.

use std::collections::BTreeSet;

use crate::domain::{Analysed, BusinessProcess, Header, Rule, TeamId};
use crate::events::{ContactRead, Ending, Event, Observer};
use crate::flag::LIKELY_DISSATISFIED;
use crate::staff::Indicator;

/// Tells what was read in a contact whose analysis is stored. Counted here and nowhere earlier: what is read and not
/// stored, or read once more for a caller who waits for it, must not count.
pub(super) fn note_reading(observer: &dyn Observer, header: &Header, analysed: &Analysed) {
    let Analysed { analysis, measures, .. } = analysed;
    let channel = header.channel;
    let mut unread = 0;
    for utterance in &analysis.utterances {
        let heard = utterance.mood().map(|mood| mood.emotion).or(utterance.emotion);
        let speaker = utterance.speaker;
        match heard {
            Some(emotion) => observer.note(Event::Scored { channel, speaker, emotion, count: 1 }),
            None => unread += 1,
        }
        if let Some(mood) = utterance.mood() {
            observer.note(Event::Heard { speaker, valence: mood.valence.into() });
        }
    }
    if unread > 0 {
        observer.note(Event::Unread { channel, count: unread });
    }
    for flag in &analysis.flags {
        observer.note(Event::Flagged { rule: flag.rule, channel });
    }
    let ending = match measures.as_ref().and_then(|measures| Indicator::NegativeEnding.of(measures)) {
        Some(true) => Ending::Negative,
        Some(false) => Ending::Calm,
        None => Ending::Unknown,
    };
    observer.note(Event::Ended { channel, ending });
    let rules: BTreeSet<Rule> = analysis.flags.iter().map(|flag| flag.rule).collect();
    if analysis.satisfaction.as_ref().is_some_and(|one| one.dissatisfied >= LIKELY_DISSATISFIED) {
        let spoken = !rules.contains(&Rule::LikelyDissatisfied);
        observer.note(Event::Dissatisfied { channel, spoken });
    }
    let rules: Vec<Rule> = rules.into_iter().collect();
    let team = header.staff.as_ref().and_then(|staff| staff.team.as_ref()).map(TeamId::as_str);
    let topic = header.business_process.as_ref().map(BusinessProcess::as_str);
    observer.note_contact(&ContactRead { team, topic, ending, rules: &rules });
}
