//! The list of appeals, and one appeal in words.

use askama::Template;

use super::words::{AppealWords, SpokenOfAppeals};
use crate::frame::Frame;
use crate::label::{Label, actor, icon, tone};
use crate::pages::Notice;
use crate::text::Lang;
use tingxin_desk::AppealTurn;
use tingxin_store::Appeal;
use tingxin_text::domain::{AppealState, Permission, Severity, UtcMillis};

/// One state in the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealChoice {
    /// Address of the list.
    pub href: String,
    /// What it says.
    pub text: &'static str,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct AppealsInput<'a> {
    /// Appeals with what the viewer may do with each.
    pub appeals: &'a [(Appeal, AppealTurn)],
    /// The state asked for; none for all.
    pub state: Option<AppealState>,
    /// The encoded cursor of the following part.
    pub next: Option<&'a str>,
    /// The present moment, which decides what is overdue.
    pub now: UtcMillis,
}

/// The list of appeals.
#[derive(Debug, Template)]
#[template(path = "appeals.html")]
pub struct AppealsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static AppealWords,
    choices: Vec<AppealChoice>,
    appeals: Vec<AppealView>,
    next: Option<String>,
}

/// One appeal in words.
#[derive(Debug, Clone)]
pub(crate) struct AppealView {
    pub(crate) id: String,
    pub(crate) rule: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) state: &'static str,
    pub(crate) open: bool,
    pub(crate) staff: String,
    pub(crate) team: String,
    pub(crate) filed: String,
    pub(crate) due: Option<String>,
    pub(crate) overdue: bool,
    pub(crate) text: String,
    pub(crate) first: String,
    pub(crate) answer: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) contact: String,
    pub(crate) turn: AppealTurn,
}

impl AppealsPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, input: &AppealsInput<'_>, notice: Option<Notice>) -> Self {
        let (lang, own) = (frame.lang, frame.allows(Permission::StaffOwn));
        let view = |(appeal, turn): &(Appeal, AppealTurn)| {
            AppealView::of(appeal, *turn, if own { "/me/contacts" } else { "/review" }, input.now, lang)
        };
        let here = |state: Option<AppealState>| {
            format!("/appeals?state={}", state.map(AppealState::as_str).unwrap_or_default())
        };
        let next = input.next.map(|cursor| format!("{}&cursor={cursor}", here(input.state)));
        let all =
            AppealChoice { href: here(None), text: lang.appeals().everything, chosen: input.state.is_none() };
        let each = AppealState::ALL.iter().map(|state| AppealChoice {
            href: here(Some(*state)),
            text: state.label(lang),
            chosen: input.state == Some(*state),
        });
        Self {
            notice,
            w: lang.appeals(),
            choices: std::iter::once(all).chain(each).collect(),
            appeals: input.appeals.iter().map(view).collect(),
            next,
            frame,
        }
    }
}

impl AppealView {
    /// Puts an appeal into words; `contacts` is where its contact opens.
    pub(crate) fn of(appeal: &Appeal, turn: AppealTurn, contacts: &str, now: UtcMillis, lang: Lang) -> Self {
        let w = lang.appeals();
        let said = |by: &Option<String>, what: &Option<String>| {
            let by = by.as_deref().map(|by| actor(by, lang))?;
            let what = what.as_deref().unwrap_or(w.do_forward);
            Some(format!("{by} · {what}"))
        };
        let open = appeal.state.is_open();
        Self {
            id: appeal.id.to_string(),
            rule: appeal.rule.label(lang),
            icon: icon(appeal.rule),
            tone: tone(appeal.rule, Severity::Medium),
            state: appeal.state.label(lang),
            open,
            staff: appeal.staff.to_string(),
            team: appeal.team.as_ref().map(ToString::to_string).unwrap_or_default(),
            filed: appeal.filed_at.to_beijing(),
            due: open.then(|| appeal.due_at.to_beijing()),
            overdue: open && appeal.due_at < now,
            text: appeal.text.clone().unwrap_or_else(|| w.gone.to_owned()),
            first: actor(&appeal.confirmed_by, lang),
            answer: said(&appeal.answered_by, &appeal.answer),
            reason: said(&appeal.decided_by, &appeal.reason),
            contact: format!("{contacts}/{}", appeal.contact),
            turn,
        }
    }
}
