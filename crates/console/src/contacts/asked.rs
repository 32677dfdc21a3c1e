//! The filters of the list of contacts as they stand in the address of a page.

use serde::Deserialize;

use crate::query::encode;

/// What the form sends. A value that is no member of its set counts as «all», which the form then shows: a link from another
/// release keeps working.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ContactsAsked {
    /// Words.
    pub q: Option<String>,
    /// The contact's id in its source.
    pub contact_id: Option<String>,
    /// The source system.
    pub source: Option<String>,
    /// Work number.
    pub staff: Option<String>,
    /// Team.
    pub team: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Touchpoint.
    pub channel: Option<String>,
    /// What it was about.
    pub process: Option<String>,
    /// How far it is.
    pub state: Option<String>,
    /// Rule of a flag.
    pub rule: Option<String>,
    /// Urgency of a flag.
    pub severity: Option<String>,
    /// What people said about a flag.
    pub status: Option<String>,
    /// Who judged a flag.
    pub reviewer: Option<String>,
    /// What the customer answered.
    pub survey: Option<String>,
    /// How probable it is that the customer was dissatisfied.
    pub dissatisfied: Option<String>,
    /// What comes first.
    pub sort: Option<String>,
    /// Where the part begins; opaque.
    pub cursor: Option<String>,
}

impl ContactsAsked {
    fn parts(&self) -> [(&'static str, Option<&str>); 17] {
        [
            ("q", self.q.as_deref()),
            ("contact_id", self.contact_id.as_deref()),
            ("source", self.source.as_deref()),
            ("staff", self.staff.as_deref()),
            ("team", self.team.as_deref()),
            ("from", self.from.as_deref()),
            ("to", self.to.as_deref()),
            ("channel", self.channel.as_deref()),
            ("process", self.process.as_deref()),
            ("state", self.state.as_deref()),
            ("rule", self.rule.as_deref()),
            ("severity", self.severity.as_deref()),
            ("status", self.status.as_deref()),
            ("reviewer", self.reviewer.as_deref()),
            ("survey", self.survey.as_deref()),
            ("dissatisfied", self.dissatisfied.as_deref()),
            ("sort", self.sort.as_deref()),
        ]
    }

    /// `?q=…&team=…&cursor=…`, or nothing when nothing is asked.
    #[must_use]
    pub fn to_query(&self, cursor: Option<&str>) -> String {
        let parts = self.parts().into_iter().chain([("cursor", cursor)]);
        let query: Vec<String> = parts
            .filter_map(|(name, value)| Some((name, value.map(str::trim).filter(|value| !value.is_empty())?)))
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) }
    }

    /// Whether anything narrows the list.
    #[must_use]
    pub fn narrows(&self) -> bool {
        let narrows = |(name, value): (&str, Option<&str>)| {
            name != "sort" && value.is_some_and(|value| !value.trim().is_empty())
        };
        self.parts().into_iter().any(narrows)
    }

    /// Whether one of the filters does that are folded away.
    pub(super) fn narrows_further(&self) -> bool {
        Self { q: None, staff: None, team: None, from: None, to: None, sort: None, ..self.clone() }.narrows()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_what_is_asked_and_nothing_else() {
        let asked = ContactsAsked {
            q: Some(" 退费 \"再投诉\" ".to_owned()),
            team: Some(String::new()),
            sort: Some("oldest".to_owned()),
            ..ContactsAsked::default()
        };

        let query = asked.to_query(Some("x="));
        assert_eq!(
            query,
            "?q=%E9%80%80%E8%B4%B9%20%22%E5%86%8D%E6%8A%95%E8%AF%89%22&sort=oldest&cursor=x%3D"
        );
        assert_eq!(ContactsAsked::default().to_query(None), "");
        assert!(asked.narrows() && !asked.narrows_further());
        assert!(!ContactsAsked { sort: asked.sort, ..ContactsAsked::default() }.narrows());
    }
}
