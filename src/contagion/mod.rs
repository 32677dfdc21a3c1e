//! [`ScoredContact`] → [`Signals`]: how mood moved in a contact, with its uncertainty.

use crate::domain::{ScoredContact, Signals};

/// Measures every signal of a contact. Pure and deterministic: the draws are seeded by the contact.
#[must_use]
pub fn measure(contact: &ScoredContact) -> Signals {
    let _ = contact;
    todo!()
}
