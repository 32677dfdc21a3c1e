//! [`RawContact`] → [`Intake`]: the only place that may look at unredacted text.
//!
//! Every kind of personal data has its finder; a finder reads the normalised lines of a contact and
//! leaves [`Hit`]s. `replace` then puts `[电话]`, `[姓名]` … into the original text.
//!
//! | file | finds |
//! |---|---|
//! | `digits`, `number`, `chain`, `words` | telephone, identity card, bank card and other numbers |
//! | `pattern` | e-mail addresses, vehicle plates |
//! | `seal` | pseudonyms, digests, the key |

mod chain;
mod digits;
mod number;
mod replace;
mod seal;
mod words;

pub use seal::PseudonymKey;

use crate::domain::{Intake, NormalText, RawContact, RedactionKind, Speaker};

/// Takes personal data out of contacts.
#[derive(Debug, Clone)]
pub struct Redactor {
    key: PseudonymKey,
}

/// One text of a contact and what was found in it.
struct Line {
    speaker: Option<Speaker>,
    normal: NormalText,
    /// Whether it may stand between two parts of a dictated number.
    light: bool,
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
        let mut lines: Vec<Line> = contact
            .body
            .texts()
            .map(|(speaker, text)| {
                let normal = NormalText::of(text.expose());
                let light = chain::is_light(normal.as_str());
                Line { speaker, normal, light, hits: Vec::new() }
            })
            .collect();
        chain::find(&mut lines);
        let mut lines = lines.into_iter();
        let contact = contact.map(|_, text| {
            let found = lines.next();
            replace::line(text.expose(), found)
        });
        Intake {
            contact: crate::domain::Contact { header: contact.header, customer, body: contact.body },
            digest,
        }
    }
}
