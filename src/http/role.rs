//! What one process of several does.

use serde::{Deserialize, Serialize};

/// What a process does. Several with different roles share one PostgreSQL, which keeps the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceRole {
    /// Everything.
    #[default]
    All,
    /// Takes contacts in, over HTTP and from sources.
    Intake,
    /// Analyses contacts.
    Score,
    /// Serves people and programs, and looks after the data.
    Console,
}

impl ServiceRole {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::All, Self::Intake, Self::Score, Self::Console];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Intake => "intake",
            Self::Score => "score",
            Self::Console => "console",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether contacts come in here.
    #[must_use]
    pub const fn takes_in(self) -> bool {
        matches!(self, Self::All | Self::Intake)
    }

    /// Whether contacts that wait are analysed here.
    #[must_use]
    pub const fn scores(self) -> bool {
        matches!(self, Self::All | Self::Score)
    }

    /// Whether people are served here, and the data looked after.
    #[must_use]
    pub const fn keeps_house(self) -> bool {
        matches!(self, Self::All | Self::Console)
    }

    /// Whether somebody who waits for an analysis gets it here.
    #[must_use]
    pub const fn analyses_at_once(self) -> bool {
        matches!(self, Self::All | Self::Console)
    }

    /// Whether the route of that method and path is there.
    pub(super) fn serves(self, method: &str, path: &str) -> bool {
        let takes_in = method == "POST" && TAKING_IN.contains(&path);
        match self {
            Self::All => true,
            Self::Intake => takes_in || ABOUT_ITSELF.contains(&path),
            Self::Score => ABOUT_ITSELF.contains(&path),
            Self::Console => !takes_in,
        }
    }
}

/// Where contacts are sent to.
const TAKING_IN: [&str; 2] = ["/api/v1/contacts", "/api/v1/contacts/bulk"];

/// What every process tells about itself.
const ABOUT_ITSELF: [&str; 3] = ["/livez", "/readyz", "/metrics"];

#[cfg(test)]
mod tests {
    use super::super::routes::table;
    use super::*;

    fn count(role: ServiceRole) -> usize {
        table().iter().filter(|entry| role.serves(entry.verb.as_str(), entry.path)).count()
    }

    #[test]
    fn the_parts_together_have_every_route_and_each_tells_about_itself() {
        assert_eq!(count(ServiceRole::All), table().len());
        assert_eq!(count(ServiceRole::Intake), TAKING_IN.len() + ABOUT_ITSELF.len());
        assert_eq!(count(ServiceRole::Score), ABOUT_ITSELF.len());
        assert_eq!(count(ServiceRole::Console), table().len() - TAKING_IN.len());
    }
}
