//! [`RawContact`] → [`Intake`]: the only place that may look at unredacted text.
//!
//! Every kind of personal data has its finder; a finder reads the normalised lines of a contact and
//! leaves `Hit`s. `replace` then puts `[电话]`, `[姓名]` … into the original text.
//!
//! | file | finds |
//! |---|---|
//! | `digits`, `number`, `chain`, `words` | telephone, identity card, bank card and other numbers |
//! | `name`, `cues`, `surnames` | names of people |
//! | `address` | postal addresses |
//! | `pattern` | e-mail addresses, vehicle plates |
//! | `seal` | pseudonyms, digests, the key |
//!
//! What is left in on purpose: public service numbers, amounts, dates, the last four digits of a
//! number («尾号1234»), regions and floors without a street, and names that neither a cue nor a title
//! announces. Work numbers stay, for staff are told apart by them.

mod address;
mod chain;
mod cues;
mod digits;
mod name;
mod number;
mod pattern;
mod replace;
mod seal;
mod surnames;
mod words;

pub use seal::PseudonymKey;

use crate::domain::{Contact, Intake, NormalText, RawContact, RawText, RedactedText, RedactionKind, Speaker};

/// A bound for texts made to need many rounds; real ones need two.
const MAX_ROUNDS: usize = 8;

/// Takes personal data out of contacts.
#[derive(Debug, Clone)]
pub struct Redactor {
    key: PseudonymKey,
}

/// One text of a contact and what was found in it.
struct Line {
    speaker: Option<Speaker>,
    normal: NormalText,
    /// The normalised text with everything found so far blotted out, once there is anything.
    blotted: Option<String>,
    hits: Vec<Hit>,
}

/// Personal data in a normalised text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hit {
    /// First byte.
    from: usize,
    /// One past the last byte.
    to: usize,
    kind: RedactionKind,
}

impl Line {
    /// A line in which nothing was found yet. Replacements that it already holds are blotted out, so
    /// that text which is redacted again is read exactly as it was the first time.
    fn new(speaker: Option<Speaker>, original: &str) -> Self {
        let mut line = Self { speaker, normal: NormalText::of(original), blotted: None, hits: Vec::new() };
        if line.normal.as_str().contains('[') {
            for kind in RedactionKind::ALL {
                let replacement = replace::replacement(*kind);
                let places: Vec<usize> =
                    line.normal.as_str().match_indices(&replacement).map(|(at, _)| at).collect();
                for from in places {
                    line.blot(from, from + replacement.len());
                }
            }
        }
        line
    }

    /// What finders read: of the same length in bytes as the normalised text.
    fn text(&self) -> &str {
        self.blotted.as_deref().unwrap_or(self.normal.as_str())
    }

    fn mark(&mut self, hit: Hit) {
        self.hits.push(hit);
        self.blot(hit.from, hit.to);
    }

    /// Finders see brackets where something was taken out, as readers of the redacted text will.
    fn blot(&mut self, from: usize, to: usize) {
        let text = self.blotted.get_or_insert_with(|| self.normal.as_str().to_owned());
        if from < to && text.is_char_boundary(from) && text.is_char_boundary(to) {
            text.replace_range(from..to, &("[".repeat(to - from - 1) + "]"));
        }
    }
}

impl Redactor {
    /// A redactor that makes pseudonyms under `key`.
    #[must_use]
    pub const fn new(key: PseudonymKey) -> Self {
        Self { key }
    }

    /// Takes personal data out of one contact.
    ///
    /// Lines are read together, for a number may be dictated over several of them. A text without
    /// personal data comes out as it went in, character by character.
    #[must_use]
    pub fn redact(&self, contact: RawContact) -> Intake {
        let customer = contact.customer.as_ref().and_then(|customer| self.key.pseudonym(customer));
        let digest = self.key.digest(&contact, customer.as_ref());
        let mut lines: Vec<Line> =
            contact.body.texts().map(|(speaker, text)| Line::new(speaker, text.expose())).collect();
        find(&mut lines);
        let mut lines = lines.into_iter();
        let contact = contact.map(|_, text| {
            let found = lines.next();
            replace::line(text.expose(), found)
        });
        Intake { contact: Contact { header: contact.header, customer, body: contact.body }, digest }
    }
}

impl Redactor {
    /// Takes personal data out of a remark that somebody writes about contacts.
    #[must_use]
    pub fn remark(&self, text: &RawText) -> RedactedText {
        let mut lines = [Line::new(None, text.expose())];
        find(&mut lines);
        let [line] = lines;
        replace::line(text.expose(), Some(line)).text
    }
}

/// Runs every finder until none finds more: a name may be recognised only once the number behind it
/// is gone. One round does for nearly every contact, and the second confirms it.
fn find(lines: &mut [Line]) {
    for _ in 0..MAX_ROUNDS {
        let before: usize = lines.iter().map(|line| line.hits.len()).sum();
        for line in lines.iter_mut() {
            pattern::find(line);
        }
        chain::find(lines);
        name::find(lines);
        for line in lines.iter_mut() {
            address::find(line);
        }
        if lines.iter().map(|line| line.hits.len()).sum::<usize>() == before {
            break;
        }
    }
}
