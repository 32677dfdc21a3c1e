//! The bell: what is new for somebody's role.

use tingxin_store::News;
use tingxin_text::domain::{AppealState, FlagStatus, NewsKind, Permission, StaffId};

use crate::feed::is_hidden;
use crate::hooks::is_alert;
use crate::{Caller, Desk, DeskError};

/// How far back the bell looks, in events. What is older has its own pages.
const BACK: i64 = 2_000;

/// Events that are read at once.
const PART: u32 = 2_000;

/// Most lines that are shown.
const MOST: usize = 50;

/// What is new, latest first, and whether it is newer than the last look.
#[derive(Debug, Clone, PartialEq)]
pub struct Bell {
    /// The lines.
    pub news: Vec<(News, bool)>,
    /// The place in the feed up to which this look goes.
    pub head: i64,
}

fn says(news: &News, name: &str, value: &str) -> bool {
    news.detail.get(name).and_then(serde_json::Value::as_str) == Some(value)
}

/// Whether news is for the caller. Nobody hears here what their pages do not show.
fn concerns(caller: &Caller, own: Option<&StaffId>, news: &News) -> bool {
    let is_appeal = |states: &[AppealState]| {
        news.kind == NewsKind::AppealMoved && states.iter().any(|state| says(news, "state", state.as_str()))
    };
    let confirmed =
        news.kind == NewsKind::FlagJudged && says(news, "status", FlagStatus::SHOWN_TO_OTHERS.as_str());
    if caller.may(Permission::StaffOwn) {
        let is_own = own.is_some() && news.contact.as_ref().and_then(|contact| contact.staff.as_ref()) == own;
        return is_own
            && (confirmed
                || is_appeal(&[AppealState::Answered, AppealState::Upheld, AppealState::Overturned]));
    }
    let flags = caller.may(Permission::FlagsRead) || caller.may(Permission::StaffRead);
    let unconfirmed = news.kind == NewsKind::FlagRaised && !caller.sees_unconfirmed();
    let alert = is_alert(news) && !unconfirmed && (flags || caller.may(Permission::HooksManage));
    if caller.may(Permission::AppealsForward) {
        return alert || confirmed_alert(news, confirmed) || is_appeal(&[AppealState::Filed]);
    }
    if caller.may(Permission::FlagsJudge) {
        return alert || is_appeal(&[AppealState::Forwarded]);
    }
    if caller.may(Permission::CoachingWrite) {
        return alert || confirmed;
    }
    // Whoever looks after receivers hears of the centre, not of contacts.
    alert && news.contact.is_none()
}

/// Whether a confirmed flag is about abuse: somebody needs support.
fn confirmed_alert(news: &News, confirmed: bool) -> bool {
    confirmed && says(news, "rule", tingxin_text::domain::Rule::Abuse.as_str())
}

impl Desk {
    /// What is new for the caller. A program has no bell.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn bell(&self, caller: &Caller) -> Result<Bell, DeskError> {
        let account = caller.account.as_deref().ok_or(DeskError::NotFound)?;
        let seen = self.store.bell(account).await?;
        let own = self.own_number(caller).await?;
        let head = self.store.news_head().await?;
        let states = self.rule_states().await?;
        let found = self.store.news(head.saturating_sub(BACK), caller.team.as_ref(), PART).await?;
        let wanted = found.into_iter().rev();
        let wanted = wanted.filter(|news| !is_hidden(news, &states) && concerns(caller, own.as_ref(), news));
        let news = wanted
            .take(MOST)
            .map(|news| {
                let new = news.seq > seen;
                (news, new)
            })
            .collect();
        Ok(Bell { news, head })
    }

    /// Remembers that the caller has looked up to there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn bell_read(&self, caller: &Caller, head: i64) -> Result<(), DeskError> {
        let account = caller.account.as_deref().ok_or(DeskError::NotFound)?;
        Ok(self.store.ring_read(account, head).await?)
    }
}
