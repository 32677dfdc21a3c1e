//! Words that an agent only repeats.
//!
//! About a tenth of an agent's words repeat the customer's last turn («您说网络断了很着急»). Such words
//! carry the customer's emotion. Counting them as the agent's would make every agent look infected.

use std::collections::HashSet;

use super::report::count;
use crate::domain::{ScoredText, Span, Speaker, Utterance};

/// Fewest words of one's own that can be judged.
const OWN_WORDS: usize = 3;

/// Smallest share of one's own words that can be judged.
const OWN_SHARE: f64 = 0.4;

/// The words of the customer's turn before each utterance.
#[derive(Default)]
pub(super) struct Echo<'a> {
    words: HashSet<&'a str>,
    texts: Vec<&'a str>,
    answered: bool,
}

impl<'a> Echo<'a> {
    /// Takes the next utterance into account, after it was judged.
    pub(super) fn hear(&mut self, utterance: &'a Utterance<ScoredText>) {
        match utterance.speaker {
            Speaker::System => {}
            Speaker::Agent => self.answered = true,
            Speaker::Customer => {
                if std::mem::take(&mut self.answered) {
                    self.words.clear();
                    self.texts.clear();
                }
                self.words.extend(utterance.text.segmented.words());
                self.texts.push(utterance.text.segmented.line.text.as_str());
            }
        }
    }

    /// Whether the customer's turn holds the span as it stands. For constructions, whose single
    /// words may well occur in a long turn without the construction.
    pub(super) fn quotes(&self, text: &ScoredText, span: Span) -> bool {
        let quoted = span.slice(text.segmented.line.text.as_str());
        !quoted.is_empty() && self.texts.iter().any(|heard| heard.contains(quoted))
    }

    /// Whether every word of the span stands in the customer's turn, in whatever order.
    fn repeats(&self, text: &ScoredText, span: Span) -> bool {
        let segmented = &text.segmented;
        let mut inside =
            segmented.tokens.iter().zip(segmented.words()).filter(|(t, _)| t.span.overlaps(span)).peekable();
        inside.peek().is_some() && inside.all(|(_, word)| self.words.contains(word))
    }

    /// Share of the unpleasant evidence that is the agent's own, in [0, 1]; 1 when the model names none.
    ///
    /// 0 when too few words of the utterance are the agent's own to judge it at all.
    pub(super) fn own_share(&self, text: &ScoredText) -> f64 {
        let words = text.segmented.tokens.len();
        let own = text.segmented.words().filter(|word| !self.words.contains(word)).count();
        if own < words && (own < OWN_WORDS || count(own) < OWN_SHARE * count(words)) {
            return 0.0;
        }
        let (mut all, mut echoed) = (0.0, 0.0);
        for evidence in text.score.iter().flat_map(|score| &score.evidence).filter(|e| e.weight < 0.0) {
            let weight = f64::from(-evidence.weight);
            all += weight;
            if self.repeats(text, Span::new(evidence.start, evidence.end)) {
                echoed += weight;
            }
        }
        if all > 0.0 { 1.0 - echoed / all } else { 1.0 }
    }
}
