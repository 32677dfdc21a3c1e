//! To whom events and alerts are sent, and the bell.

use askama::Template;

use super::words::{HookWords, SpokenOfHooks};
use crate::frame::Frame;
use crate::label::Label;
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named, cell_of};
use crate::pages::Notice;
use crate::text::{Lang, fill};
use tingxin_desk::hooks::host;
use tingxin_store::{Hook, News};
use tingxin_text::domain::{
    AppealState, Channel, FlagStatus, HookForm, HookScope, NewsKind, Rule, UtcMillis,
};

/// Receivers.
#[derive(Template)]
#[template(path = "hooks.html")]
pub struct HooksPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// All receivers.
    pub hooks: Vec<Hook>,
    /// The present moment, which decides what is muted.
    pub now: UtcMillis,
}

impl HooksPage {
    fn w(&self) -> &'static HookWords {
        self.frame.lang.hooks()
    }

    fn forms(&self) -> Vec<(&'static str, &'static str)> {
        HookForm::ALL.iter().map(|form| (form.as_str(), form.label(self.frame.lang))).collect()
    }

    fn scopes(&self) -> Vec<(&'static str, &'static str)> {
        HookScope::ALL.iter().map(|scope| (scope.as_str(), scope.label(self.frame.lang))).collect()
    }

    fn form(&self, hook: &Hook) -> &'static str {
        hook.told.form.label(self.frame.lang)
    }

    fn scope(&self, hook: &Hook) -> &'static str {
        hook.told.scope.label(self.frame.lang)
    }

    fn is_muted(&self, hook: &Hook) -> bool {
        hook.muted_until.is_some_and(|until| self.now < until)
    }

    fn state(&self, hook: &Hook) -> String {
        let w = self.w();
        match hook.muted_until.filter(|until| self.now < *until) {
            Some(until) => fill(w.muted, until.to_beijing()),
            None if hook.failures > 0 => fill(w.failing, hook.failures),
            None => w.good.to_owned(),
        }
    }
}

/// What is new for somebody.
#[derive(Template)]
#[template(path = "bell.html")]
pub struct BellPage {
    /// What surrounds it.
    pub frame: Frame,
    w: &'static HookWords,
    lines: Vec<BellLine>,
    head: i64,
}

/// One line of the bell.
struct BellLine {
    time: String,
    what: String,
    href: Option<String>,
    is_new: bool,
}

impl BellPage {
    /// Puts the page together; `own` is where the viewer's contacts are opened.
    #[must_use]
    pub fn new(frame: Frame, (news, head): (&[(News, bool)], i64), own: &str) -> Self {
        let lang = frame.lang;
        let line = |(news, is_new): &(News, bool)| BellLine {
            time: news.at.to_beijing(),
            what: what(news, lang),
            href: news.contact.as_ref().map(|contact| format!("{own}/{}", contact.id)),
            is_new: *is_new,
        };
        Self { w: lang.hooks(), lines: news.iter().map(line).collect(), head, frame }
    }
}

/// News in one sentence.
fn what(news: &News, lang: Lang) -> String {
    let w = lang.hooks();
    let text = |name: &str| news.detail.get(name).and_then(serde_json::Value::as_str);
    let count = news.detail.get("count").and_then(serde_json::Value::as_u64).unwrap_or_default();
    let channel = text("channel").and_then(Channel::from_name).map(|channel| channel.label(lang));
    let named = |said: String| {
        let parts = [Some(said.as_str()), text("source"), channel];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    match (news.kind, text("alert")) {
        (NewsKind::AlertRaised, Some("escalation_surge")) => fill(w.surge, count),
        (NewsKind::AlertRaised, Some("appeals_overdue")) => fill(w.overdue, count),
        (NewsKind::AlertRaised, Some("cases_overdue")) => fill(w.cases_overdue, count),
        (NewsKind::AlertRaised, Some("source_silent")) => named(fill(w.silent, count)),
        (NewsKind::AlertRaised, Some("reading_drift")) => named(fill(w.drifted, count)),
        _ => {
            let rule = text("rule").and_then(Rule::from_name).map(|rule| rule.label(lang));
            let state = text("status").and_then(FlagStatus::from_name).map(|status| status.label(lang));
            let state = state
                .or_else(|| text("state").and_then(AppealState::from_name).map(|state| state.label(lang)));
            let number = news.contact.as_ref().map(|contact| contact.contact_id.to_string());
            let parts = [Some(news.kind.label(lang)), rule, state, number.as_deref()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
    }
}

impl Listing for HooksPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w();
        let rows = self.hooks.iter().map(|hook| {
            [
                cell_named(&hook.told.name),
                cell_of(hook.told.team.as_ref()),
                cell(self.form(hook)),
                cell(self.scope(hook)),
                cell(host(&hook.told.url)),
                cell(self.state(hook)),
            ]
        });
        vec![ListTable::new(w.list, [w.name, w.team, w.form, w.scope, w.to, w.state], rows)]
    }
}

impl Listing for BellPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let rows = self.lines.iter().map(|line| [cell(&line.time), cell(&line.what)]);
        vec![ListTable::new(self.w.bell, [self.w.bell_time, self.w.bell_what], rows)]
    }
}
