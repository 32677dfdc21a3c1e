//! Tasks of care.

use std::collections::BTreeMap;

use askama::Template;

use super::words::{CareWords, SpokenOfCare as _};
use crate::frame::Frame;
use crate::label::actor;
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named, cell_of};
use crate::pages::Notice;
use crate::text::{Lang, fill};
use tingxin_store::CareTask;
use tingxin_text::domain::{StaffId, TeamId, UtcMillis};

/// Who should have been talked to.
#[derive(Debug, Template)]
#[template(path = "care.html")]
pub struct CarePage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static CareWords,
    tasks: Vec<TaskRow>,
}

/// A task in the list.
#[derive(Debug)]
struct TaskRow {
    id: String,
    person: String,
    team: String,
    owner: String,
    due: String,
    late: bool,
    state: &'static str,
    done: Option<String>,
    note: Option<String>,
    take: String,
    finish: String,
}

impl CarePage {
    /// Puts the page together.
    #[must_use]
    pub fn new(
        frame: Frame,
        tasks: &[CareTask],
        names: &BTreeMap<StaffId, String>,
        (now, notice): (UtcMillis, Option<Notice>),
    ) -> Self {
        let lang = frame.lang;
        let tasks = tasks.iter().map(|task| TaskRow::of(task, names, now, lang)).collect();
        Self { frame, notice, w: lang.care(), tasks }
    }
}

impl TaskRow {
    fn of(task: &CareTask, names: &BTreeMap<StaffId, String>, now: UtcMillis, lang: Lang) -> Self {
        let w = lang.care();
        let person = names
            .get(&task.staff)
            .map_or_else(|| task.staff.to_string(), |name| format!("{} {name}", task.staff));
        let late = task.done_at.is_none() && task.due_at < now;
        let done = task.done_at.map(|at| {
            let by = task.done_by.as_deref().map(|by| actor(by, lang)).unwrap_or_default();
            format!("{} · {by}", at.to_beijing())
        });
        Self {
            id: task.contact.to_string(),
            take: fill(w.take, &person),
            finish: fill(w.finish, &person),
            person,
            team: task.team.as_ref().map(TeamId::to_string).unwrap_or_default(),
            owner: task.owner.clone().unwrap_or_else(|| w.nobody.to_owned()),
            due: task.due_at.to_beijing().chars().take(10).collect(),
            late,
            state: match (done.is_some(), late) {
                (true, _) => w.done,
                (false, true) => w.overdue,
                (false, false) => w.open,
            },
            done,
            note: task.note.clone(),
        }
    }
}

impl Listing for CarePage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w;
        let rows = self.tasks.iter().map(|task| {
            [
                cell_named(&task.person),
                cell_named(&task.team),
                cell_named(&task.owner),
                cell(&task.due),
                cell(task.state),
                cell_of(task.done.as_ref()),
            ]
        });
        vec![ListTable::new(w.title, [w.staff, w.team, w.owner, w.due, w.state, w.done], rows)]
    }
}
