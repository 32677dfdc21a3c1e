//! Who is told what happened, and when: receivers, what each is told, and what becomes an alert.
//!
//! A receiver is told what stands in the feed after the last event it has taken: in order, each at
//! least once, with a key by which a repeated one is known. While it does not answer, the next try
//! waits twice as long each time, and nothing is lost. One receiver keeps no other one waiting.

mod alerts;

use tingxin_store::{Hook, NewAudit, NewHook, News, Store};
use tingxin_text::domain::{AlertKind, HOUR_MILLIS, HookForm, HookScope, NewsKind, Rule, UtcMillis};

use crate::feed::is_hidden;
use crate::{Caller, DeskError};

pub use alerts::watch;

/// Events of one delivery.
const PART: u32 = 100;

/// How long a process may take over one delivery before another one tries.
const TURN_MILLIS: i64 = 60_000;

/// Shortest time between two messages of a person's robot. **Source:** the robots of `DingTalk` and
/// `WeCom` take 20 messages a minute and then none for ten.
const ROBOT_PAUSE_MILLIS: i64 = 4_000;

/// First wait after a failure, and longest.
const FIRST_WAIT_MILLIS: i64 = 5_000;
const LONGEST_WAIT_MILLIS: i64 = 3_600_000;

/// Longest mute: a month. Whoever wants no more alerts removes the receiver.
const LONGEST_MUTE_HOURS: u32 = 31 * 24;

/// One delivery: what to send to whom.
pub struct Delivery {
    /// To whom.
    pub hook: Hook,
    /// What happened, in order, at least one.
    pub news: Vec<News>,
    /// The last event that it covers.
    until: i64,
}

/// Whether news is an alert for people.
#[must_use]
pub fn is_alert(news: &News) -> bool {
    let abuse = news.detail.get("rule").and_then(serde_json::Value::as_str) == Some(Rule::Abuse.as_str());
    news.kind == NewsKind::AlertRaised || (news.kind == NewsKind::FlagRaised && abuse)
}

/// What an entry of the audit log says.
fn entry(caller: &Caller, action: &'static str, name: &str) -> NewAudit {
    let (at, actor, object) = (UtcMillis::now(), caller.actor.clone(), name.to_owned());
    NewAudit { at, actor, action, object, result: "ok", purpose: None }
}

/// Adds a receiver.
///
/// # Errors
/// [`DeskError::Field`] when something is not accepted, [`DeskError::Store`].
pub async fn add(store: &Store, caller: &Caller, hook: &NewHook) -> Result<(), DeskError> {
    let name = hook.name.trim();
    if name.is_empty() || name.chars().count() > 40 || name.chars().any(char::is_control) {
        return Err(DeskError::field("/name", "the name must have 1 to 40 characters and no line breaks"));
    }
    if !(hook.url.starts_with("https://") || hook.url.starts_with("http://")) || hook.url.len() > 1_000 {
        return Err(DeskError::field("/url", "the address must begin with https:// or http://"));
    }
    if hook.form == HookForm::Generic && hook.secret.len() < 16 {
        let reason = "a generic webhook is signed: give a secret of at least 16 characters";
        return Err(DeskError::field("/secret", reason));
    }
    if hook.secret.len() > 200 || hook.secret.chars().any(char::is_control) {
        return Err(DeskError::field("/secret", "the secret must have at most 200 characters on one line"));
    }
    if hook.form != HookForm::Generic && hook.scope == HookScope::Events {
        let reason = "a robot talks to people: it takes alerts; events go to a generic webhook";
        return Err(DeskError::field("/scope", reason));
    }
    let hook = NewHook { name: name.to_owned(), ..hook.clone() };
    if store.add_hook(&hook, &entry(caller, "hook.add", name)).await? {
        return Ok(());
    }
    Err(DeskError::field("/name", "there is a receiver of that name already"))
}

/// Removes a receiver.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Store`].
pub async fn remove(store: &Store, caller: &Caller, name: &str) -> Result<(), DeskError> {
    if store.drop_hook(name, &entry(caller, "hook.remove", name)).await? {
        Ok(())
    } else {
        Err(DeskError::NotFound)
    }
}

/// Passes alerts of a receiver over for so many hours; 0 lets them through again.
///
/// # Errors
/// [`DeskError::Field`], [`DeskError::NotFound`], [`DeskError::Store`].
pub async fn mute(store: &Store, caller: &Caller, name: &str, hours: u32) -> Result<(), DeskError> {
    if hours > LONGEST_MUTE_HOURS {
        return Err(DeskError::field("/hours", "a receiver is muted for at most 744 hours"));
    }
    let until = (hours > 0).then(|| UtcMillis::now().plus_millis(i64::from(hours) * HOUR_MILLIS));
    let action = if hours > 0 { "hook.mute" } else { "hook.unmute" };
    if store.mute_hook(name, until, &entry(caller, action, name)).await? {
        Ok(())
    } else {
        Err(DeskError::NotFound)
    }
}

/// What a receiver is told of some news.
fn told(hook: &Hook, news: Vec<News>, now: UtcMillis) -> Vec<News> {
    let muted = hook.muted_until.is_some_and(|until| now < until);
    let wanted = |news: &News| match hook.told.scope {
        HookScope::Events => true,
        HookScope::Alerts => is_alert(news) && !muted,
    };
    news.into_iter().filter(wanted).collect()
}

/// The delivery that is due to a receiver; `None` when there is none, or another process is at it.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn due(store: &Store, hook: Hook, now: UtcMillis) -> Result<Option<Delivery>, DeskError> {
    if now < hook.due_at {
        return Ok(None);
    }
    let mut found = store.news(hook.seq, hook.told.team.as_ref(), PART).await?;
    let Some(until) = found.last().map(|last| last.seq) else { return Ok(None) };
    let turn_ends = now.plus_millis(TURN_MILLIS);
    if !store.take_hook(&hook, now, turn_ends).await? {
        return Ok(None);
    }
    let states = store.rule_states(now).await?;
    found.retain(|news| !is_hidden(news, &states));
    let news = told(&hook, found, now);
    if news.is_empty() {
        store.hook_done(hook.id, until, now).await?;
        return Ok(None);
    }
    Ok(Some(Delivery { hook, news, until }))
}

/// The host of an address: what is shown of it, for the rest may be a key.
#[must_use]
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit_once('@').map_or(host, |(_, host)| host)
}

impl Delivery {
    /// A message that says that it is a test; it changes nothing of how far the receiver is.
    #[must_use]
    pub fn test(hook: Hook, now: UtcMillis) -> Self {
        let (kind, detail) = (NewsKind::AlertRaised, serde_json::json!({"alert": AlertKind::Test}));
        let news = News {
            seq: 0,
            id: uuid::Uuid::now_v7(),
            kind,
            object: "test".to_owned(),
            detail,
            at: now,
            contact: None,
        };
        let until = hook.seq;
        Self { hook, news: vec![news], until }
    }

    /// Remembers what became of it; `failed` is the code of why it did not arrive.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn settle(self, store: &Store, failed: Option<&str>, now: UtcMillis) -> Result<(), DeskError> {
        let pause = if self.hook.told.form == HookForm::Generic { 0 } else { ROBOT_PAUSE_MILLIS };
        match failed {
            None => store.hook_done(self.hook.id, self.until, now.plus_millis(pause)).await?,
            Some(code) => {
                let due = now.plus_millis(wait_after(self.hook.failures));
                store.hook_failed(self.hook.id, due, code).await?;
            }
        }
        Ok(())
    }
}

/// How long to wait after so many failures and one more.
fn wait_after(failures: u32) -> i64 {
    let doubled = 2_i64.saturating_pow(failures.min(20));
    FIRST_WAIT_MILLIS.saturating_mul(doubled).min(LONGEST_WAIT_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_ends_at_an_hour() {
        let waits: Vec<i64> = [0, 1, 2, 9, 10, 4_000_000].into_iter().map(wait_after).collect();

        assert_eq!(waits, [5_000, 10_000, 20_000, 2_560_000, 3_600_000, 3_600_000]);
    }
}
