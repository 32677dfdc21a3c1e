//! One appeal in words.

use super::words::SpokenOfAppeals;
use crate::label::{Label, actor, icon, tone};
use crate::text::Lang;
use tingxin_desk::AppealTurn;
use tingxin_store::Appeal;
use tingxin_text::domain::{Severity, UtcMillis};

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
