//! Where traces go.

use serde::Deserialize;

use super::mask::without_password;

/// Where traces go, and how many.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traces {
    /// The collector; empty for none.
    pub endpoint: String,
    /// Of a hundred requests that belong to no trace of their caller, so many become one.
    pub percent: u8,
}

impl Traces {
    /// No traces.
    #[must_use]
    pub const fn none() -> Self {
        Self { endpoint: String::new(), percent: 0 }
    }

    /// Whether there is a collector.
    #[must_use]
    pub const fn wanted(&self) -> bool {
        !self.endpoint.is_empty()
    }

    /// What must hold.
    pub(super) fn rules(&self) -> [(&'static str, bool, &'static str); 2] {
        let http = ["http://", "https://"].iter().any(|scheme| self.endpoint.starts_with(scheme));
        [
            (
                "traces.endpoint",
                !self.wanted() || http,
                "must be empty or the URL that takes traces, for example http://127.0.0.1:4318/v1/traces",
            ),
            ("traces.percent", self.percent <= 100, "must be at most 100"),
        ]
    }

    /// The settings with their names; a password in the URL is masked.
    pub(super) fn lines(&self) -> [(&'static str, String); 2] {
        let endpoint = serde_json::Value::from(without_password(&self.endpoint));
        [("traces.endpoint", endpoint.to_string()), ("traces.percent", self.percent.to_string())]
    }
}
