//! Where to look first in an analysis: the flag that matters most, and the words that it rests on.

use std::cmp::Reverse;

use super::{Analysis, Evidence, Facts, Flag, HeardLapse, Lang, Span, Speaker, Why};

/// Longest quotation, in characters: what follows is read in the contact itself.
///
/// **Source**: set by the project; two lines of a table.
const LONGEST: usize = 60;

/// The flag to look at first, with its turn and its sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstPlace<'a> {
    /// The most urgent flag; of several the most certain.
    pub flag: &'a Flag,
    /// The turn, or the sentence of a note, by index; `None` for a flag that rests on none, such as
    /// an act that is missing.
    pub turn: Option<usize>,
    /// Who speaks there; `None` in a note.
    pub speaker: Option<Speaker>,
    /// The sentence there, redacted and cut; empty without a turn.
    pub sentence: String,
}

impl Analysis {
    /// Where to look first; `None` where nothing is flagged.
    #[must_use]
    pub fn first_place(&self) -> Option<FirstPlace<'_>> {
        let worst = |one: &&Flag, other: &&Flag| {
            one.severity.cmp(&other.severity).then(other.probability.total_cmp(&one.probability))
        };
        let flag = self.flags.iter().min_by(worst)?;
        let spoken =
            flag.utterances.iter().filter_map(|at| self.utterances.iter().find(|one| one.index == *at));
        let mood = |one: &&super::UtteranceAnalysis| one.mood().map_or(0.0, |mood| mood.valence);
        if let Some(turn) = spoken.min_by(|one, other| mood(one).total_cmp(&mood(other))) {
            let sentence = sentence(turn.text.as_str(), words(flag), &turn.evidence);
            return Some(FirstPlace { flag, turn: Some(turn.index), speaker: Some(turn.speaker), sentence });
        }
        let reported =
            flag.utterances.iter().find_map(|at| self.reported.iter().find(|one| one.index == *at));
        Some(FirstPlace {
            flag,
            turn: reported.map(|sentence| sentence.index),
            speaker: None,
            sentence: reported.map_or_else(String::new, |one| cut(one.text.as_str())),
        })
    }
}

impl FirstPlace<'_> {
    /// `第7轮 客户：“…”`; the reason of the flag where it rests on no turn.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        let Some(turn) = self.turn.map(|turn| turn + 1) else { return self.flag.sentence(lang) };
        let sentence = &self.sentence;
        match (lang, self.speaker) {
            (Lang::Zh, Some(speaker)) => format!("第{turn}轮 {}：“{sentence}”", speaker.zh()),
            (Lang::Zh, None) => format!("第{turn}句：“{sentence}”"),
            (Lang::En, Some(speaker)) => format!("turn {turn}, {speaker}: “{sentence}”"),
            (Lang::En, None) => format!("sentence {turn}: “{sentence}”"),
        }
    }
}

/// The words that a flag quotes.
fn words(flag: &Flag) -> Option<&str> {
    match &flag.why {
        Why::Facts(
            Facts::AgentLapse { heard: HeardLapse::Wording { words, .. }, .. }
            | Facts::RegulatorRisk { words, .. }
            | Facts::ReportedDistress { words },
        ) => Some(words),
        _ => None,
    }
}

/// The sentence of a turn that has the words, or the strongest evidence, or that comes first.
fn sentence(text: &str, words: Option<&str>, evidence: &[Evidence]) -> String {
    let at = words.and_then(|words| text.find(words)).or_else(|| {
        let strongest = evidence.iter().min_by_key(|one| Reverse(ordered(one.weight.abs())))?;
        let before = Span::new(0, strongest.start).slice(text);
        Some(before.len())
    });
    let at = at.unwrap_or_default();
    let mut begins = 0;
    for sentence in text.split_inclusive(['。', '！', '？', '!', '?', '；', ';', '\n']) {
        begins += sentence.len();
        if at < begins {
            return cut(sentence.trim());
        }
    }
    cut(text.trim())
}

/// Weights in an order: they are finite, and of one sign here.
fn ordered(weight: f32) -> u32 {
    weight.to_bits()
}

fn cut(text: &str) -> String {
    let mut kept: String = text.chars().take(LONGEST).collect();
    if kept.len() < text.len() {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(start: usize, weight: f32) -> Evidence {
        Evidence { start, end: start + 1, weight }
    }

    #[test]
    fn the_sentence_is_the_one_with_the_words_then_the_one_that_moved_most() {
        let text = "你好。这都第三次了！我要投诉。";

        assert_eq!(sentence(text, Some("投诉"), &[]), "我要投诉。");
        assert_eq!(sentence(text, None, &[evidence(0, 0.1), evidence(4, -0.8)]), "这都第三次了！");
        assert_eq!(sentence(text, None, &[]), "你好。");
        assert_eq!(sentence("", None, &[]), "");
    }

    #[test]
    fn a_long_sentence_is_cut() {
        assert_eq!(cut(&"长".repeat(70)).chars().count(), LONGEST + 1);
    }
}
