//! Who speaks: labels of a file → agent, customer, system. What cannot be known is asked, never guessed.

use std::collections::BTreeMap;

use super::answers::{SpeakerMap, shown_label};
use super::told::ToldTurn;
use super::{code, roles, turn_line};
use crate::domain::{Refusal, Speaker};

/// Most labels that a refusal names.
const NAMED: usize = 8;

/// A turn whose speaker is known.
pub(super) struct KnownTurn {
    pub(super) speaker: Speaker,
    pub(super) text: String,
    pub(super) turn: ToldTurn,
}

/// Turns with their speakers, and which label was taken for whom.
pub(super) struct Voices {
    pub(super) turns: Vec<KnownTurn>,
    pub(super) labels: BTreeMap<String, Speaker>,
    /// Turns that nobody is known to have said: shown, never scored.
    pub(super) unknown: usize,
}

/// Who a label means: as answered, as the format says, or as the word says.
fn of_label(label: &str, answers: &SpeakerMap) -> Option<Speaker> {
    answers.get(label).or_else(|| roles::meant(label))
}

/// Finds out who says each turn.
///
/// # Errors
/// `ambiguous_speakers`, with the labels that were found and the way to answer.
pub(super) fn hear(turns: Vec<ToldTurn>, goes_on: bool, answers: &SpeakerMap) -> Result<Voices, Refusal> {
    let mut found = Voices { turns: Vec::with_capacity(turns.len()), labels: BTreeMap::new(), unknown: 0 };
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    let mut unlabelled = 0;
    let labelled = turns.iter().any(|turn| turn.label.is_some() || turn.speaker.is_some());
    for mut turn in turns {
        let mut text = std::mem::take(&mut turn.text);
        if turn.label.is_none() && turn.speaker.is_none() {
            if let Some(said) = turn_line::parse(&text) {
                turn.speaker = Some(said.speaker);
                text = String::from(said.text);
            } else if let Some((label, words)) = inner_label(&text) {
                turn.label = Some(label.to_owned());
                text = String::from(words);
            }
        }
        let before =
            found.turns.last().map(|voice: &KnownTurn| voice.speaker).filter(|_| goes_on && open.is_empty());
        let speaker = match &turn.label {
            Some(label) => {
                let speaker = answers.get(label).or(turn.speaker).or_else(|| of_label(label, answers));
                match speaker {
                    Some(speaker) => _ = found.labels.insert(shown_label(label), speaker),
                    None => *open.entry(shown_label(label)).or_default() += 1,
                }
                speaker
            }
            None => turn.speaker.or(answers.unlabelled()).or(before),
        };
        if speaker.is_none() && turn.label.is_none() {
            unlabelled += usize::from(!text.trim().is_empty());
        }
        found.turns.push(KnownTurn { speaker: speaker.unwrap_or(Speaker::System), text, turn });
    }
    let nobody = found.labels.is_empty() && found.turns.iter().all(|voice| voice.turn.speaker.is_none());
    if !open.is_empty() || (unlabelled > 0 && (nobody || !labelled || goes_on)) {
        return Err(question(&open, unlabelled));
    }
    found.unknown = unlabelled;
    Ok(found)
}

/// «说话人1：好», `SPEAKER_00: 好`, «A：好» in the text of a turn that has no label of its own.
pub(super) fn inner_label(text: &str) -> Option<(&str, &str)> {
    let (label, words) = text.trim_start().split_once(['：', ':'])?;
    is_neutral(label).then_some((label, words.trim_start()))
}

/// Whether words begin with whoever says them.
pub(super) fn begins_turn(text: &str) -> bool {
    turn_line::parse(text).is_some() || inner_label(text).is_some()
}

/// Words by which recognisers tell voices apart without knowing whose they are.
const NEUTRAL: [&str; 12] = [
    "说话人",
    "發言人",
    "发言人",
    "說話人",
    "speaker",
    "spk",
    "声道",
    "channel",
    "role",
    "角色",
    "主叫",
    "被叫",
];

/// Whether a label only tells one voice from another: `SPEAKER_00`, «说话人 1», «A», «[Speaker 2]».
pub(super) fn is_neutral(label: &str) -> bool {
    let label = label
        .trim()
        .trim_matches(['[', ']', '【', '】', '<', '>', '(', ')', '（', '）'])
        .trim()
        .to_lowercase();
    if label.chars().count() == 1 {
        return label.chars().all(|c| matches!(c, 'a'..='d' | '甲' | '乙' | '问' | '答' | 'q'));
    }
    NEUTRAL.iter().any(|word| {
        label.strip_prefix(word).is_some_and(|rest| {
            rest.chars().count() <= 4
                && rest.chars().all(|c| c.is_ascii_alphanumeric() || " _-#号一二三四甲乙".contains(c))
        })
    })
}

/// The refusal that asks.
pub(super) fn question(open: &BTreeMap<String, usize>, unlabelled: usize) -> Refusal {
    let message = if open.is_empty() {
        format!(
            "{unlabelled} turns do not say who speaks; have the recording written down with speakers told apart, or, \
             when it holds one side only, say whose with --speakers '*=customer' or '*=agent'"
        )
    } else {
        let named: Vec<_> =
            open.iter().take(NAMED).map(|(label, turns)| format!("`{label}` ({turns})")).collect();
        let answer: Vec<_> = open.keys().take(2).map(|label| format!("{label}=agent|customer")).collect();
        let more =
            if open.len() > NAMED { format!(" and {} more", open.len() - NAMED) } else { String::new() };
        format!(
            "who speaks cannot be known: the labels, with their turns, are {}{more}; say who is who with --speakers {} \
             (agent, customer or system)",
            named.join(", "),
            answer.join(",")
        )
    };
    Refusal::new(code::AMBIGUOUS_SPEAKERS, message)
}
