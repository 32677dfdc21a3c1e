//! What is kept no longer: words of contacts, and the work number of somebody who is erased.
//!
//! An analysis is taken apart by name here: a new part of it does not compile until somebody decides whether it holds words.

use super::{
    Analysis, Flag, RedactedContact, RedactedLine, ReportedEmotion, StaffId, TokenRecord, UtteranceAnalysis,
    Why,
};

/// What stands where words were.
pub const FORGOTTEN: &str = "[原文已删除]";

/// Shortest work number that is looked for in texts. A shorter one would hide amounts and house numbers.
const SHORTEST: usize = 3;

/// `text` with asterisks for `number` wherever it stands by itself; `None` where it does not. The length stays: places in
/// the text are kept by character.
pub(super) fn masked(text: &str, number: &str) -> Option<String> {
    let length = number.chars().count();
    if length < SHORTEST {
        return None;
    }
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (mut out, mut rest, mut found) = (String::with_capacity(text.len()), text, false);
    while let Some((before, after)) = rest.split_once(number) {
        let alone = !joins(before.chars().next_back().or_else(|| out.chars().next_back()))
            && !joins(after.chars().next());
        out.push_str(before);
        if alone {
            out.extend(std::iter::repeat_n('*', length));
        } else {
            out.push_str(number);
        }
        found |= alone;
        rest = after;
    }
    out.push_str(rest);
    found.then_some(out)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_work_number_is_hidden_where_it_stands_by_itself() {
        for (text, hidden) in [
            ("工号A1001为您服务", Some("工号*****为您服务")),
            ("A1001，A1001", Some("*****，*****")),
            ("A10012不是A1001", Some("A10012不是*****")),
            ("XA1001", None),
            ("您好", None),
        ] {
            assert_eq!(masked(text, "A1001").as_deref(), hidden, "{text}");
        }
        assert_eq!(masked("12元", "12"), None, "a short number is an amount as well");
    }
}
