//! Pseudonyms and digests: everything that needs the secret key.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::domain::{
    Body, ContentDigest, CustomerPseudonym, Header, NormalText, RawContact, RawCustomerId, Speaker, UtcMillis,
};

use super::number;

/// The secret under which customers get their pseudonyms and contents their digests.
#[derive(Clone)]
pub struct PseudonymKey([u8; 32]);

impl PseudonymKey {
    /// Wraps 32 secret bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Tells one key from another without giving it away: 16 hexadecimal digits, the first half of
    /// HMAC-SHA-256(key, `tingxin key fingerprint`).
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut seal = self.seal();
        seal.update(b"tingxin key fingerprint");
        finish(seal).to_hex().chars().take(16).collect()
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length: RFC 2104, section 2")]
    fn seal(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&self.0).expect("HMAC takes keys of every length")
    }

    /// The pseudonym of `customer`: hexadecimal HMAC-SHA-256 of the normalised id.
    ///
    /// One customer must not become two because one system writes `+86 199-0000-1234` and another
    /// `19900001234`, so phone numbers are reduced to their digits. Every other id is only trimmed:
    /// in an unknown id a hyphen or a capital may carry meaning.
    pub(super) fn pseudonym(&self, customer: &RawCustomerId) -> Option<CustomerPseudonym> {
        let id = customer.expose();
        let digits: Vec<u8> = phone_digits(NormalText::of(id).as_str());
        let mut seal = self.seal();
        match number::subscriber(&digits) {
            Some(phone) => seal.update(phone),
            None => seal.update(id.trim().as_bytes()),
        }
        // 64 hexadecimal digits always make a valid name.
        CustomerPseudonym::new(&finish(seal).to_hex()).ok()
    }

    /// The digest of everything in `contact` but its revision.
    ///
    /// Every field is preceded by its length and every optional field by whether it is there, so
    /// that two different contents never give the same bytes («ab» + «c» against «a» + «bc»).
    pub(super) fn digest(&self, contact: &RawContact, customer: Option<&CustomerPseudonym>) -> ContentDigest {
        let mut form = Form(self.seal());
        form.text("tingxin content 1");
        form.header(&contact.header);
        form.option(customer, |form, customer| form.text(customer.as_str()));
        form.text(contact.body.kind().as_str());
        form.number(contact.body.len());
        let times = match &contact.body {
            Body::Transcript(turns) => turns.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect(),
            Body::Note(_) => Vec::new(),
        };
        for (speaker, text) in contact.body.texts() {
            form.option(speaker, |form, speaker: Speaker| form.text(speaker.as_str()));
            form.text(text.expose());
        }
        for (start, end) in times {
            form.option(start, Form::number);
            form.option(end, Form::number);
        }
        finish(form.0)
    }
}

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PseudonymKey(hidden)")
    }
}

fn finish(seal: Hmac<Sha256>) -> ContentDigest {
    ContentDigest(seal.finalize().into_bytes().into())
}

/// The digits of an id that is written as phone numbers are; empty for every other id.
fn phone_digits(id: &str) -> Vec<u8> {
    let shaped = id.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')'));
    if shaped { id.bytes().filter(u8::is_ascii_digit).collect() } else { Vec::new() }
}

/// The normal form of a contact, written straight into its digest.
struct Form(Hmac<Sha256>);

impl Form {
    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text.as_bytes());
    }

    /// Sixteen bytes, so that every integer of the vocabulary fits without a lossy cast.
    fn number(&mut self, number: impl Wide) {
        self.0.update(&number.wide());
    }

    fn option<T>(&mut self, field: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.0.update(&[u8::from(field.is_some())]);
        if let Some(field) = field {
            write(self, field);
        }
    }

    fn header(&mut self, header: &Header) {
        // Taken apart by name: a new field does not compile until somebody decides whether it is
        // content.
        let Header { source, contact_id, revision: _, channel, started_at, business_process, staff, survey } =
            header;
        self.text(source.as_str());
        self.text(contact_id.as_str());
        self.text(channel.as_str());
        self.option(started_at.map(UtcMillis::as_millis), Self::number);
        self.option(business_process.as_ref(), |form, process| form.text(process.as_str()));
        self.option(staff.as_ref(), |form, staff| {
            form.text(staff.id.as_str());
            form.option(staff.team.as_ref(), |form, team| form.text(team.as_str()));
        });
        self.option(survey.as_ref(), |form, survey| {
            form.number(survey.satisfaction);
            form.number(survey.scale);
        });
    }
}

/// An integer in little-endian order, widened.
trait Wide {
    fn wide(self) -> [u8; 16];
}

macro_rules! wide {
    ($($t:ty),+) => { $(impl Wide for $t {
        fn wide(self) -> [u8; 16] {
            let mut bytes = [0; 16];
            for (to, from) in bytes.iter_mut().zip(self.to_le_bytes()) {
                *to = from;
            }
            bytes
        }
    })+ };
}
wide!(u8, u64, usize, i64);
