//! [`Signals`] and cues → [`Flag`]s: reasons to listen to a contact.

use crate::domain::{Flag, ScoredContact, Signals};

/// Version of signals and rules; changes whenever the same scores could lead to other flags.
pub const RULES_VERSION: &str = "1";

/// Raises the flags of one contact, most urgent first.
#[must_use]
pub fn raise(contact: &ScoredContact, signals: &Signals) -> Vec<Flag> {
    let _ = (contact, signals);
    todo!()
}
