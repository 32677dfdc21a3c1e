//! Both sides of a transcript as series of numbers, for statistics over many contacts.
//!
//! On one contact nothing is concluded from them: with twenty utterances even a strong coupling is
//! found in one contact out of eleven. What is stored here is summed over the contacts of a person,
//! a queue or a centre.

use super::acts::abuse;
use super::echo::{Echo, Own};
use super::report::count;
use super::turns::is_formula;
use tingxin_text::domain::{
    ContactMeasures, Emotion, EmotionScores, Exchange, ScoredText, SignalName, Signals, Speaker, Tone,
    Utterance,
};

/// Turns of staff whose mean is the mood in which they begin.
const OPENING: usize = 2;

/// One side's words until the other side speaks, without what they repeat.
struct DyadTurn {
    speaker: Speaker,
    tone: Option<Tone>,
}

/// Numbers of a transcript; `asked` is what the rules on service steps found.
pub(super) fn reduce(
    turns: &[Utterance<ScoredText>],
    signals: &Signals,
    asked: Option<bool>,
) -> ContactMeasures {
    let sides = merge_sides(turns);
    let readable = |speaker| sides.iter().filter(move |side| side.speaker == speaker && side.tone.is_some());
    let value = |name| {
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            reason = "in [-1, 1], five decimals"
        )]
        signals.get(name).map(|signal| signal.value as f32)
    };
    let customer = || turns.iter().filter(|turn| turn.speaker == Speaker::Customer).map(|turn| &turn.text);
    ContactMeasures {
        start: value(SignalName::CustomerStart),
        mean: value(SignalName::CustomerMean),
        worst: value(SignalName::CustomerWorst),
        end: value(SignalName::CustomerEnd),
        ends_negative: value(SignalName::NegativeEnding),
        escalated: value(SignalName::Escalation),
        recovered: value(SignalName::Recovery),
        lapse: value(SignalName::AgentLapse),
        agent_turns: whole(readable(Speaker::Agent).count()),
        customer_turns: whole(readable(Speaker::Customer).count()),
        hostile_turns: tidy(customer().map(hostile).sum()),
        abusive_turns: tidy(customer().map(abuse).sum()),
        load: tidy(load(turns)),
        opening: opening(&sides),
        asked,
        lasted_ms: turns.iter().filter_map(|turn| turn.end_ms.or(turn.start_ms)).max(),
        formulas: formulas(turns),
        exchanges: exchanges(&sides),
    }
}

fn whole(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "five decimals are kept")]
fn tidy(value: f64) -> f32 {
    tingxin_text::domain::rounded(value as f32)
}

/// Merges neighbouring utterances of a side; formulas and unreadable utterances carry nothing.
fn merge_sides(turns: &[Utterance<ScoredText>]) -> Vec<DyadTurn> {
    let mut echoes = [Echo::of(Speaker::Agent), Echo::of(Speaker::Customer)];
    let mut sides: Vec<(DyadTurn, ToneMean)> = Vec::new();
    for turn in turns.iter().filter(|turn| turn.speaker != Speaker::System) {
        if sides.last().is_none_or(|(side, _)| side.speaker != turn.speaker) {
            sides.push((DyadTurn { speaker: turn.speaker, tone: None }, ToneMean::default()));
        }
        let [agent, customer] = &echoes;
        let echo = if turn.speaker == Speaker::Agent { agent } else { customer };
        if let Some((_, mixture)) = sides.last_mut() {
            mixture.add(&turn.text, echo);
        }
        for echo in &mut echoes {
            echo.hear(turn);
        }
    }
    sides.into_iter().map(|(side, mixture)| DyadTurn { tone: mixture.tone(), ..side }).collect()
}

/// Mean over utterances, weighted by their words.
#[derive(Default)]
struct ToneMean {
    words: f64,
    valence: f64,
    positive: f64,
    negative: f64,
}

impl ToneMean {
    fn add(&mut self, text: &ScoredText, echo: &Echo<'_>) {
        let Some(score) = text.score.as_ref().filter(|score| score.scorable && !is_formula(text)) else {
            return;
        };
        let Some(own) = echo.own(text) else { return };
        let words = count(text.segmented.tokens.len().max(1));
        let (pleasant, unpleasant) = parts(&score.emotions, own);
        self.words += words;
        self.valence += words * (pleasant + unpleasant);
        self.positive += words * f64::from(score.emotions.positive()) * own.positive;
        self.negative += words * f64::from(score.emotions.negative()) * own.negative;
    }

    fn tone(&self) -> Option<Tone> {
        let mean = |sum: f64| tidy(sum / self.words);
        (self.words > 0.0).then(|| Tone {
            valence: mean(self.valence),
            positive: mean(self.positive),
            negative: mean(self.negative),
        })
    }
}

/// The pleasant and the unpleasant part of the valence, without what is repeated.
fn parts(emotions: &EmotionScores, own: Own) -> (f64, f64) {
    (
        part(emotions, |pleasure| pleasure > 0.0) * own.positive,
        part(emotions, |pleasure| pleasure < 0.0) * own.negative,
    )
}

/// The part of the valence that emotions of the wanted pleasure make.
fn part(emotions: &EmotionScores, wanted: fn(f32) -> bool) -> f64 {
    Emotion::ALL
        .iter()
        .filter(|emotion| wanted(emotion.pleasure()))
        .map(|emotion| f64::from(emotions.get(*emotion) * emotion.pleasure()))
        .sum()
}

/// A customer's turn with the answer. What staff say first answers nobody.
fn exchanges(sides: &[DyadTurn]) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    let mut open = false;
    for side in sides {
        if side.speaker == Speaker::Customer {
            exchanges.push(Exchange { customer: side.tone, agent: None });
            open = true;
        } else if let Some(last) = exchanges.last_mut().filter(|_| open) {
            last.agent = side.tone;
            open = false;
        } else {
            exchanges.push(Exchange { customer: None, agent: side.tone });
        }
    }
    exchanges
}

fn opening(sides: &[DyadTurn]) -> Option<f32> {
    let staff = sides.iter().filter(|side| side.speaker == Speaker::Agent);
    let first: Vec<f64> =
        staff.filter_map(|side| side.tone).take(OPENING).map(|tone| f64::from(tone.valence)).collect();
    (first.len() == OPENING).then(|| tidy(first.iter().sum::<f64>() / count(OPENING)))
}

/// Probability of anger or disgust.
fn hostile(text: &ScoredText) -> f64 {
    let score = text.score.as_ref().filter(|score| score.scorable);
    score.map_or(0.0, |s| f64::from(s.emotions.get(Emotion::Anger) + s.emotions.get(Emotion::Disgust)))
}

fn load(turns: &[Utterance<ScoredText>]) -> f64 {
    let all: usize = turns.iter().filter(|turn| turn.speaker != Speaker::System).map(words_of).sum();
    let heard = turns.iter().filter(|turn| turn.speaker == Speaker::Customer).map(|turn| {
        let score = turn.text.score.as_ref().filter(|score| score.scorable);
        let valence = score.map_or(0.0, |score| f64::from(score.valence.get()));
        count(words_of(turn)) * (-valence).max(0.0)
    });
    heard.sum::<f64>() / count(all.max(1))
}

fn words_of(turn: &Utterance<ScoredText>) -> usize {
    turn.text.segmented.tokens.len()
}

fn formulas(turns: &[Utterance<ScoredText>]) -> Vec<usize> {
    let staff = turns.iter().enumerate().filter(|(_, turn)| turn.speaker == Speaker::Agent);
    staff.filter(|(_, turn)| is_formula(&turn.text)).map(|(at, _)| at).collect()
}
