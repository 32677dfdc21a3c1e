//! One case in words.

use super::words::SpokenOfCases as _;
use crate::label::{Label, actor, process};
use crate::text::{Lang, fill};
use tingxin_store::ServiceCase;
use tingxin_text::domain::UtcMillis;

/// One case in words.
#[derive(Debug, Clone)]
pub(crate) struct CaseView {
    pub(crate) id: String,
    pub(crate) matter: String,
    pub(crate) kind: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) state: &'static str,
    pub(crate) open: bool,
    pub(crate) customer: Option<String>,
    pub(crate) team: String,
    pub(crate) channel: &'static str,
    pub(crate) opened: String,
    pub(crate) due: String,
    pub(crate) overdue: bool,
    pub(crate) term: &'static str,
    pub(crate) first_owner: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) department: Option<String>,
    pub(crate) bounces: Option<String>,
    pub(crate) outcome: Option<&'static str>,
    pub(crate) cause: Option<&'static str>,
    pub(crate) satisfaction: Option<String>,
    pub(crate) reopened: Option<String>,
    pub(crate) came_back: Option<String>,
    pub(crate) contact: String,
}

impl CaseView {
    /// Puts a case into words.
    pub(crate) fn of(case: &ServiceCase, now: UtcMillis, lang: Lang) -> Self {
        let w = lang.cases();
        let account = |name: &Option<String>| name.as_deref().map(|name| actor(name, lang));
        let matter = case.business_process.as_ref().map(|known| process(known, lang));
        let open = case.state.is_open();
        Self {
            id: case.id.to_string(),
            matter: matter.unwrap_or_else(|| w.unknown_matter.to_owned()),
            kind: case.kind.label(lang),
            origin: case.origin.label(lang),
            state: case.state.label(lang),
            open,
            customer: case.customer.clone(),
            team: case.team.as_ref().map(ToString::to_string).unwrap_or_default(),
            channel: case.channel.label(lang),
            opened: case.opened_at.to_beijing(),
            due: case.due_at.to_beijing(),
            overdue: open && case.due_at < now,
            term: case.term.label(lang),
            first_owner: account(&case.first_owner),
            owner: account(&case.owner),
            department: case.department.clone(),
            bounces: (case.bounces > 0).then(|| fill(w.bounces, case.bounces)),
            outcome: case.outcome.map(|outcome| outcome.label(lang)),
            cause: case.cause.map(|cause| cause.label(lang)),
            satisfaction: case.satisfaction.map(|grade| fill(w.grade, grade)),
            reopened: (case.reopened > 0).then(|| fill(w.times, case.reopened)),
            came_back: case.came_back_at.map(UtcMillis::to_beijing),
            contact: format!("/review/{}", case.contact),
        }
    }
}
