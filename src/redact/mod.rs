//! [`RawContact`] → [`Intake`]: the only place that may look at unredacted text.

use crate::domain::{Intake, RawContact};

/// The secret under which customers get their pseudonyms and contents their digests.
#[derive(Clone)]
pub struct PseudonymKey([u8; 32]);

impl PseudonymKey {
    /// Wraps 32 secret bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Tells one key from another without giving it away: 16 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        todo!()
    }
}

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PseudonymKey(hidden)")
    }
}

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

    /// Takes personal data out of one contact.
    #[must_use]
    pub fn redact(&self, contact: RawContact) -> Intake {
        let _ = (&self.key, contact);
        todo!()
    }
}
