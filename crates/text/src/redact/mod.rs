//! [`RawContact`] → [`Intake`]: the only place that may look at unredacted text.
//!
//! Every kind of personal data has its finder; a finder reads the normalised lines of a contact and
//! leaves `Hit`s. `replace` then puts `[电话]`, `[姓名]` … into the original text.
//!
//! | file | finds |
//! |---|---|
//! | `digits`, `numerals`, `number`, `chain`, `words` | telephone, identity card, bank card and other numbers |
//! | `account` | accounts, handles and codes with letters |
//! | `birth` | dates of birth |
//! | `name`, `cues`, `surnames` | names of people that a cue or a title announces |
//! | `guess`, `likely`, `company`, `known`, `dictionary` | names that nothing announces, by weighing them against words |
//! | `foreign` | names of other peoples |
//! | `address`, `places` | postal addresses |
//! | `pattern` | e-mail addresses, vehicle plates |
//! | `tagger` | what the rules do not know: names, addresses and others, by a model that learnt from marked lines |
//! | `constructions` | tests: one line for each construction |
//! | `seal` | pseudonyms, digests, the key |
//!
//! What is left in on purpose: public service numbers, numbers of orders, amounts, dates, the last four digits
//! of a number («尾号1234»), regions and floors without a street. Work numbers stay, for staff are told apart by
//! them. `docs/redaction.md` lists the kinds and the limits.

mod account;
mod address;
mod birth;
mod chain;
mod chars;
mod company;
#[cfg(test)]
mod constructions;
#[cfg(all(test, target_os = "linux"))]
mod cost;
mod cues;
mod dictionary;
mod digits;
mod foreign;
mod guess;
mod known;
mod likely;
mod line;
mod name;
mod number;
mod numerals;
mod pattern;
mod places;
mod replace;
mod seal;
mod surnames;
mod tagger;
mod words;

pub use seal::PseudonymKey;
pub use tagger::{CharacterTraits, traits_of};

use crate::domain::{
    Contact, CustomerPseudonym, Intake, RawContact, RawCustomerId, RawText, RedactedLine, RedactedText,
    Redaction,
};
use line::{Hit, SearchedLine};

/// A bound for texts made to need many rounds; real ones need two.
const MAX_ROUNDS: usize = 8;

/// Takes personal data out of contacts.
#[derive(Debug, Clone)]
pub struct Redactor {
    key: PseudonymKey,
}

impl Redactor {
    /// A redactor that makes pseudonyms under `key`.
    #[must_use]
    pub const fn new(key: PseudonymKey) -> Self {
        Self { key }
    }

    /// Builds the tables and patterns that the first text would wait for, some hundredths of a second.
    pub fn warm_up(&self) {
        // A text that leaves no finder out: a number, a name behind a cue and one without.
        drop(self.remark(&RawText::new("我叫张伟，电话13800138000，转告李建国".to_owned())));
    }

    /// Takes personal data out of one contact.
    ///
    /// Lines are read together, for a number may be dictated over several of them. A text without
    /// personal data comes out as it went in, character by character.
    #[must_use]
    pub fn redact(&self, contact: RawContact) -> Intake {
        let customer = contact.customer.as_ref().and_then(|customer| self.key.pseudonym(customer));
        let digest = self.key.digest(&contact, customer.as_ref());
        let mut lines: Vec<SearchedLine> =
            contact.body.texts().map(|(speaker, text)| SearchedLine::new(speaker, text.expose())).collect();
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
    /// The pseudonym of a customer who is named by id; `None` for an id of nothing but blanks.
    #[must_use]
    pub fn pseudonym(&self, customer: &RawCustomerId) -> Option<CustomerPseudonym> {
        (!customer.is_blank()).then(|| self.key.pseudonym(customer)).flatten()
    }

    /// Where personal data stands in a text, in its own characters.
    #[must_use]
    pub fn places(&self, text: &RawText) -> Vec<Redaction> {
        let mut lines = [SearchedLine::new(None, text.expose())];
        find(&mut lines);
        let [line] = lines;
        replace::places(line)
    }

    /// Where the rules alone find personal data: what the tagger finds beside them, its trainer wants to know.
    #[must_use]
    pub fn rules(&self, text: &RawText) -> Vec<Redaction> {
        let mut lines = [SearchedLine::new(None, text.expose())];
        rules(&mut lines);
        let [line] = lines;
        replace::places(line)
    }

    /// Takes personal data out of a remark that somebody writes about contacts.
    #[must_use]
    pub fn remark(&self, text: &RawText) -> RedactedText {
        self.line(text).text
    }

    /// Takes personal data out of a text that stands alone.
    #[must_use]
    pub fn line(&self, text: &RawText) -> RedactedLine {
        let mut lines = [SearchedLine::new(None, text.expose())];
        find(&mut lines);
        let [line] = lines;
        replace::line(text.expose(), Some(line))
    }
}

/// Runs the rules, then the tagger for what they leave, then the rules again, for a name may stand before an address.
///
/// The tagger reads a line as it was written. It leaves lines alone that hold a replacement already: what was redacted
/// stays as it is when it is redacted again.
fn find(lines: &mut [SearchedLine]) {
    let tagged: Vec<Vec<Hit>> = lines.iter().map(tagger::find).collect();
    rules(lines);
    let mut more = false;
    for (line, hits) in lines.iter_mut().zip(tagged) {
        more |= line.add(hits);
    }
    if more {
        rules(lines);
    }
}

/// Runs every rule until none finds more: a name may be recognised only once the number behind it
/// is gone. One round does for nearly every contact, and the second confirms it.
fn rules(lines: &mut [SearchedLine]) {
    for _ in 0..MAX_ROUNDS {
        let before: usize = lines.iter().map(|line| line.hits.len()).sum();
        for line in lines.iter_mut() {
            pattern::find(line);
            birth::find(line);
            account::find(line);
        }
        chain::find(lines);
        for line in lines.iter_mut() {
            address::find(line);
        }
        name::find(lines);
        if lines.iter().map(|line| line.hits.len()).sum::<usize>() == before {
            break;
        }
    }
}
