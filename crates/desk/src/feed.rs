//! The feed of events: what the caller may hear of.

use tingxin_store::News;
use tingxin_text::domain::{Rule, RuleStates};

use crate::{Caller, Desk, DeskError};

/// A part of the feed.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedPart {
    /// What happened, in order.
    pub items: Vec<News>,
    /// Where the next part begins, also when nothing is left for now.
    pub next: i64,
}

/// Whether news is about a flag of a rule that is a hint or off: nobody is shown those.
pub(crate) fn is_hidden(news: &News, states: &RuleStates) -> bool {
    let rule = news.detail.get("rule").and_then(serde_json::Value::as_str).and_then(Rule::from_name);
    rule.is_some_and(|rule| states.not_shown().contains(&rule))
}

impl Desk {
    /// What happened after a place in the feed, each once, whenever the contacts took place.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn feed(&self, caller: &Caller, after: i64, limit: u32) -> Result<FeedPart, DeskError> {
        let mut items = self.store.news(after, caller.team.as_ref(), limit).await?;
        let next = items.last().map_or(after, |last| last.seq);
        let states = self.rule_states().await?;
        items.retain(|news| !is_hidden(news, &states));
        self.write_down(caller, "events.list", "events", true).await?;
        Ok(FeedPart { items, next })
    }
}
