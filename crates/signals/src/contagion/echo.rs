//! Words that one side only repeats.
//!
//! About a tenth of an agent's words repeat the customer's last turn («您说网络断了很着急»). Such words
//! carry the customer's emotion. Counting them as the agent's would make every agent look infected.

use std::collections::HashSet;

use super::report::count;
use tingxin_text::domain::{ScoredText, Span, Speaker, Utterance};

/// Fewest words of one's own that can be judged.
const OWN_WORDS: usize = 3;

/// Smallest share of one's own words that can be judged.
const OWN_SHARE: f64 = 0.4;

/// The words of the other side's turn before each utterance of one side.
pub(super) struct Echo<'a> {
    side: Speaker,
    words: HashSet<&'a str>,
    texts: Vec<&'a str>,
    answered: bool,
}

/// Shares of the evidence that are a side's own, in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Own {
    /// Of what is unpleasant.
    pub(super) negative: f64,
    /// Of what is pleasant.
    pub(super) positive: f64,
}

impl<'a> Echo<'a> {
    /// Listens for what `side` repeats.
    pub(super) fn of(side: Speaker) -> Self {
        Self { side, words: HashSet::new(), texts: Vec::new(), answered: false }
    }

    /// Takes the next utterance into account, after it was judged.
    pub(super) fn hear(&mut self, utterance: &'a Utterance<ScoredText>) {
        match utterance.speaker {
            Speaker::System => {}
            own if own == self.side => self.answered = true,
            Speaker::Agent | Speaker::Customer => {
                if std::mem::take(&mut self.answered) {
                    self.words.clear();
                    self.texts.clear();
                }
                self.words.extend(utterance.text.segmented.words());
                self.texts.push(utterance.text.segmented.line.text.as_str());
            }
        }
    }

    /// Whether the other side's turn holds the span as it stands. For constructions, whose single
    /// words may well occur in a long turn without the construction.
    pub(super) fn quotes(&self, text: &ScoredText, span: Span) -> bool {
        let quoted = span.slice(text.segmented.line.text.as_str());
        !quoted.is_empty() && self.texts.iter().any(|heard| heard.contains(quoted))
    }

    /// Whether every word of the span stands in the other side's turn, in whatever order.
    fn repeats(&self, text: &ScoredText, span: Span) -> bool {
        let segmented = &text.segmented;
        let mut inside =
            segmented.tokens.iter().zip(segmented.words()).filter(|(t, _)| t.span.overlaps(span)).peekable();
        inside.peek().is_some() && inside.all(|(_, word)| self.words.contains(word))
    }

    /// Shares of the evidence that are the side's own; 1 where the model names none.
    ///
    /// `None` when too few words of the utterance are its own to judge it at all.
    pub(super) fn own(&self, text: &ScoredText) -> Option<Own> {
        let words = text.segmented.tokens.len();
        let own = text.segmented.words().filter(|word| !self.words.contains(word)).count();
        if own < words && (own < OWN_WORDS || count(own) < OWN_SHARE * count(words)) {
            return None;
        }
        let share = |counts: fn(f32) -> bool| {
            let (mut all, mut echoed) = (0.0, 0.0);
            for evidence in text.score.iter().flat_map(|score| &score.evidence).filter(|e| counts(e.weight)) {
                let weight = f64::from(evidence.weight.abs());
                all += weight;
                if self.repeats(text, Span::new(evidence.start, evidence.end)) {
                    echoed += weight;
                }
            }
            if all > 0.0 { 1.0 - echoed / all } else { 1.0 }
        };
        Some(Own { negative: share(|weight| weight < 0.0), positive: share(|weight| weight > 0.0) })
    }
}
