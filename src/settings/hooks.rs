//! Where deliveries to other systems may go.

use serde::Deserialize;

/// Where webhooks may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hooks {
    /// Whether private addresses and plain HTTP are allowed.
    pub private_addresses: bool,
}

impl Hooks {
    /// The settings with their names.
    pub(super) fn lines(self) -> [(&'static str, String); 1] {
        [("hooks.private_addresses", self.private_addresses.to_string())]
    }
}
