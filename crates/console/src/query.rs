//! The filters of the review queue as they stand in the address of a page.

use serde::Deserialize;

use tingxin_store::FlagFilter;
use tingxin_text::domain::{Channel, FlagStatus, Rule, Severity, TeamId};

/// What the filter form sends. A value that is no member of its set counts as «all», which the form
/// then shows; a link from an older release keeps working.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ReviewQuery {
    /// Touchpoint.
    pub channel: Option<String>,
    /// Rule.
    pub rule: Option<String>,
    /// Urgency.
    pub severity: Option<String>,
    /// Team.
    pub team: Option<String>,
    /// What people said; `candidate` unless asked otherwise.
    pub status: Option<String>,
    /// `1` for the viewer's own work alone.
    pub mine: Option<String>,
    /// The acceptance sample that is being judged.
    pub group: Option<String>,
    /// The search from which a contact was opened, as it stands behind the question mark of its address.
    pub results: Option<String>,
    /// Where the part of the queue begins; opaque.
    pub cursor: Option<String>,
}

impl ReviewQuery {
    /// The filter for the store. `team` is the viewer's own limit and overrules what was asked.
    #[must_use]
    pub fn filter(&self, team: Option<&TeamId>) -> FlagFilter {
        FlagFilter {
            rule: self.rule.as_deref().and_then(Rule::from_name),
            severity: self.severity.as_deref().and_then(Severity::from_name),
            status: self.status(),
            channel: self.channel.as_deref().and_then(Channel::from_name),
            team: team.cloned().or_else(|| self.team.as_deref().and_then(|name| TeamId::new(name).ok())),
            since: None,
            until: None,
            without: Vec::new(),
            assigned_to: None,
        }
    }

    /// The status asked for: candidates when nothing is asked, every status for an empty value.
    #[must_use]
    pub fn status(&self) -> Option<FlagStatus> {
        match self.status.as_deref() {
            None => Some(FlagStatus::Candidate),
            Some(name) => FlagStatus::from_name(name),
        }
    }

    /// Whether the viewer's own work alone is asked for.
    #[must_use]
    pub fn is_mine(&self) -> bool {
        self.mine.as_deref() == Some("1")
    }

    /// The rule whose flags alone are the work, where the list is narrowed to one.
    #[must_use]
    pub fn focus(&self) -> Option<Rule> {
        self.filter(None).rule
    }

    /// Whether anything narrows the queue.
    #[must_use]
    pub fn narrows(&self) -> bool {
        let filter = self.filter(None);
        filter.rule.is_some()
            || filter.severity.is_some()
            || filter.channel.is_some()
            || filter.team.is_some()
            || filter.status != Some(FlagStatus::Candidate)
    }

    /// `?rule=abuse&cursor=…`, or nothing when nothing is asked.
    #[must_use]
    pub fn to_query(&self, cursor: Option<&str>) -> String {
        let parts = [
            ("channel", self.channel.as_deref()),
            ("rule", self.rule.as_deref()),
            ("severity", self.severity.as_deref()),
            ("team", self.team.as_deref()),
            ("mine", self.mine.as_deref()),
            ("group", self.group.as_deref()),
            ("cursor", cursor),
            ("results", self.results.as_deref()),
        ];
        // An empty status means «every status», so unlike the others it is kept.
        let status = self.status.as_deref().map(|value| ("status", value));
        let query: Vec<String> = parts
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
            .chain(status)
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) }
    }
}

/// Percent-encodes a value for an address: everything but unreserved characters.
#[must_use]
pub fn encode(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_shows_candidates_unless_asked_otherwise() {
        let asked = |status: Option<&str>| {
            ReviewQuery { status: status.map(str::to_owned), ..ReviewQuery::default() }.filter(None).status
        };

        assert_eq!(asked(None), Some(FlagStatus::Candidate));
        assert_eq!(asked(Some("")), None);
        assert_eq!(asked(Some("rejected")), Some(FlagStatus::Rejected));
    }

    #[test]
    fn whoever_belongs_to_a_team_cannot_ask_for_another() {
        let query = ReviewQuery { team: Some("beijing-02".to_owned()), ..ReviewQuery::default() };
        let own = TeamId::new("beijing-01").unwrap();

        assert_eq!(query.filter(Some(&own)).team, Some(own));
    }

    #[test]
    fn filters_survive_the_way_through_an_address() {
        let query = ReviewQuery {
            team: Some("北京 1&2".to_owned()),
            rule: Some("abuse".to_owned()),
            channel: Some(String::new()),
            ..ReviewQuery::default()
        };

        assert_eq!(query.to_query(Some("x=")), "?rule=abuse&team=%E5%8C%97%E4%BA%AC%201%262&cursor=x%3D");
        assert_eq!(ReviewQuery::default().to_query(None), "");
    }
}
