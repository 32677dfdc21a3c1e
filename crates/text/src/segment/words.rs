//! Cuts a normalised text into words.

use std::sync::{Arc, OnceLock};

use jieba_rs::Jieba;

use crate::domain::{Emotion, NormalText, RedactionKind, Token};
use crate::lexicon::{self, ListError};

/// The dictionary: jieba's own, the telecom words, and every term that scoring looks for, so that
/// none of them is cut in two.
pub(crate) struct Dictionary {
    jieba: Jieba,
}

/// Some 40 MB that never change: one copy serves the whole process, for cutting and for redaction.
static DICTIONARY: OnceLock<Arc<Dictionary>> = OnceLock::new();

/// Logarithm of the sum of the frequencies in jieba's dictionary.
const TOTAL: f64 = 17.9;

/// What the dictionary says about a piece of text that it leaves whole.
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    /// How unlikely the word is: minus the logarithm of its frequency.
    pub(crate) cost: f64,
    /// Whether the dictionary has it as the name of a person.
    pub(crate) person: bool,
}

impl Dictionary {
    /// The one copy of this process.
    pub(crate) fn shared() -> Result<Arc<Self>, ListError> {
        if let Some(dictionary) = DICTIONARY.get() {
            return Ok(Arc::clone(dictionary));
        }
        let loaded = Arc::new(Self::new()?);
        // Two threads may load at the same time; one result is kept and both are equal.
        Ok(Arc::clone(DICTIONARY.get_or_init(|| loaded)))
    }

    /// The likeliest words that make up `text`, a normalised text without marks.
    pub(crate) fn weigh<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Word<'a>> {
        self.jieba.tag(text, false).into_iter().map(|tag| {
            let frequency = u32::try_from(self.jieba.suggest_freq(tag.word)).unwrap_or(u32::MAX);
            Word {
                text: tag.word,
                cost: TOTAL - f64::from(frequency).ln(),
                person: tag.tag.starts_with("nr"),
            }
        })
    }

    /// The likeliest words that make up `text`, with their parts of speech, which cost more to weigh.
    pub(crate) fn tagged<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.jieba.tag(text, false).into_iter().map(|tag| (tag.word, tag.tag))
    }

    fn new() -> Result<Self, ListError> {
        let mut jieba = Jieba::new();
        for row in lexicon::USERDICT.rows(["term", "freq", "pos", "process"])? {
            let [term, freq, pos, _] = row.cells;
            let freq = lexicon::USERDICT.parse(row.line, freq)?;
            jieba.add_word(NormalText::of(term).as_str(), Some(freq), Some(pos));
        }
        let terms = lexicon::EMOTION.rows(["term", "class", "strength", "role", "topic"])?;
        let negators = lexicon::NEGATION.rows(["term", "scope"])?;
        let fixed = lexicon::NOT_NEGATION.rows(["term"])?;
        let degrees = lexicon::DEGREE.rows(["term", "factor", "position"])?;
        let whole = terms
            .iter()
            // A neutral entry protects a place from other terms; it is often a phrase, not a word.
            .filter(|row| row.cells[1] != Emotion::Neutral.as_str())
            .map(|row| row.cells[0])
            .chain(negators.iter().map(|row| row.cells[0]))
            .chain(fixed.iter().map(|row| row.cells[0]))
            .chain(degrees.iter().map(|row| row.cells[0]));
        for term in whole {
            keep_whole(&mut jieba, NormalText::of(term).as_str());
        }
        Ok(Self { jieba })
    }

    /// The words of `text`; blanks, marks and emoji are none. A placeholder of redaction is one
    /// word.
    ///
    /// Words come from the dictionary alone: guessing unknown ones with jieba's hidden Markov model
    /// glues pronouns to verbs («我能», «刚查»), and the names that it is made for are redacted
    /// anyway.
    pub(crate) fn cut(&self, text: &NormalText) -> Vec<Token> {
        let normal = text.as_str();
        let mut tokens = Vec::new();
        let mut done = 0;
        for word in self.jieba.cut(normal, false) {
            if word.byte_start < done {
                continue;
            }
            done = word.byte_end;
            if word.word == "[" {
                done = placeholder_end(normal, word.byte_start).unwrap_or(done);
            }
            let is_word = word.word.chars().any(char::is_alphanumeric);
            if is_word || done > word.byte_end {
                tokens.push(Token {
                    span: text.original(word.byte_start, done),
                    from: word.byte_start,
                    to: done,
                });
            }
        }
        tokens
    }
}

/// Gives a word just enough weight to stay whole. A single character always is; a word with marks
/// or emoji in it is never cut as one.
fn keep_whole(jieba: &mut Jieba, term: &str) {
    if term.chars().count() > 1 && term.chars().all(char::is_alphanumeric) && !jieba.has_word(term) {
        jieba.add_word(term, None, None);
    }
}

/// Where the placeholder that starts at byte `from` ends, if one does.
fn placeholder_end(normal: &str, from: usize) -> Option<usize> {
    let inside = normal.get(from..)?.strip_prefix('[')?;
    let name = RedactionKind::ALL
        .iter()
        .map(|kind| kind.zh())
        .find(|name| inside.strip_prefix(name).is_some_and(|rest| rest.starts_with(']')))?;
    Some(from + name.len() + 2)
}
