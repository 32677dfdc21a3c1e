//! What is kept no longer: words of contacts, and the work number of somebody who is erased.
//!
//! An analysis is taken apart by name here: a new part of it does not compile until somebody
//! decides whether it holds words.

use super::mask::{FORGOTTEN, masked};
use super::{
    Analysis, Flag, RedactedContact, RedactedLine, ReportedEmotion, StaffId, TokenRecord, UtteranceAnalysis,
    Why,
};

fn mask_words(words: &mut String, number: &StaffId) -> bool {
    masked(words, number.as_str()).is_some_and(|text| {
        *words = text;
        true
    })
}

impl RedactedContact {
    /// Forgets every word. Who spoke and when stays.
    pub fn forget_words(&mut self) {
        self.body.each_mut(|_, RedactedLine { text, redactions }| {
            text.forget();
            redactions.clear();
        });
    }

    /// Forgets who served, also where the number is said.
    pub fn forget_staff(&mut self, number: &StaffId) {
        if self.header.staff.as_ref().is_some_and(|staff| staff.id == *number) {
            self.header.staff = None;
        }
        self.body.each_mut(|_, line| {
            line.text.mask(number);
        });
    }
}

impl Flag {
    /// Forgets the words that it quotes.
    pub fn forget_words(&mut self) {
        match &mut self.why {
            Why::Facts(facts) => {
                if let Some(words) = facts.words_mut() {
                    FORGOTTEN.clone_into(words);
                }
            }
            // What of it is quoted cannot be told.
            Why::Sentence(sentence) => FORGOTTEN.clone_into(sentence),
        }
    }

    /// Hides a work number in the words that it quotes; whether it stood there.
    pub fn forget_staff(&mut self, number: &StaffId) -> bool {
        match &mut self.why {
            Why::Facts(facts) => facts.words_mut().is_some_and(|words| mask_words(words, number)),
            Why::Sentence(sentence) => mask_words(sentence, number),
        }
    }
}

impl Analysis {
    /// Forgets every word. The numbers stay.
    pub fn forget_words(&mut self) {
        let Self {
            utterances,
            reported,
            flags,
            redactions,
            schema: _,
            source: _,
            contact_id: _,
            revision: _,
            engine: _,
            satisfaction: _,
            signals: _,
            skipped: _,
        } = self;
        for UtteranceAnalysis { text, tokens, evidence, .. } in utterances {
            text.forget();
            tokens.clear();
            evidence.clear();
        }
        for ReportedEmotion { text, tokens, evidence, .. } in reported {
            text.forget();
            tokens.clear();
            evidence.clear();
        }
        flags.iter_mut().for_each(Flag::forget_words);
        redactions.clear();
    }

    /// Hides a work number wherever it is said; whether it stood anywhere.
    pub fn forget_staff(&mut self, number: &StaffId) -> bool {
        let mut found = false;
        let utterances = self.utterances.iter_mut().map(|one| (&mut one.text, &mut one.tokens));
        let reported = self.reported.iter_mut().map(|one| (&mut one.text, &mut one.tokens));
        for (text, tokens) in utterances.chain(reported) {
            if text.mask(number) {
                found = true;
                // A number may be cut into several words.
                let characters: Vec<char> = text.as_str().chars().collect();
                for TokenRecord { text, start, end } in tokens {
                    *text = characters.get(*start..*end).unwrap_or_default().iter().collect();
                }
            }
        }
        for flag in &mut self.flags {
            found |= flag.forget_staff(number);
        }
        found
    }
}
