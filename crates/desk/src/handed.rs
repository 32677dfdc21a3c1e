//! Records of a handover that are no contacts: what was agreed with a person, owed to one, or said by one.

use serde::Serialize;
use tingxin_store::{Appeal, CareTask, CaseEntry, Coaching, HeldSum, ServiceCase};
use tingxin_text::domain::{AppealState, CaseKind, CaseOutcome, CaseState, ContactRef, Rule, UtcMillis};

/// The sums of a week.
#[derive(Debug, Serialize)]
pub struct WeeklySum {
    begins_at: UtcMillis,
    contacts: i64,
    sums: serde_json::Value,
    series: serde_json::Value,
}

/// Agreed coaching.
#[derive(Debug, Serialize)]
pub struct AgreedCoaching {
    indicator: String,
    note: String,
    agreed_at: UtcMillis,
    ended_at: Option<UtcMillis>,
    due_at: Option<UtcMillis>,
    shared_note: Option<String>,
    acknowledged_at: Option<UtcMillis>,
    acknowledged_note: Option<String>,
    done_at: Option<UtcMillis>,
}

/// A task of care with what became of it.
#[derive(Debug, Serialize)]
pub struct OneCare {
    contact: ContactRef,
    made_at: UtcMillis,
    due_at: UtcMillis,
    done_at: Option<UtcMillis>,
    note: Option<String>,
}

/// An appeal with what became of it.
#[derive(Debug, Serialize)]
pub struct OneAppeal {
    contact: ContactRef,
    rule: Rule,
    state: AppealState,
    text: Option<String>,
    filed_at: UtcMillis,
    answer: Option<String>,
    reason: Option<String>,
    decided_at: Option<UtcMillis>,
}

/// A case: what a customer was owed, and what became of it.
#[derive(Debug, Serialize)]
pub struct OneCase {
    contact: ContactRef,
    kind: CaseKind,
    state: CaseState,
    opened_at: UtcMillis,
    due_at: UtcMillis,
    outcome: Option<CaseOutcome>,
    satisfaction: Option<u8>,
    closed_at: Option<UtcMillis>,
    notes: Vec<String>,
}

pub(crate) fn sum(held: &HeldSum) -> WeeklySum {
    let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
    WeeklySum {
        begins_at: UtcMillis::of_week(held.week),
        contacts: held.contacts,
        sums: json(&held.body),
        series: json(&held.series),
    }
}

pub(crate) fn agreed(coaching: Coaching) -> AgreedCoaching {
    // The private note is the trainer's working paper; it goes when the person is erased.
    let Coaching { indicator, note, agreed_at, ended_at, due_at, .. } = coaching;
    let Coaching { shared_note, acknowledged_at, acknowledged_note, done_at, .. } = coaching;
    AgreedCoaching {
        indicator,
        note,
        agreed_at,
        ended_at,
        due_at,
        shared_note,
        acknowledged_at,
        acknowledged_note,
        done_at,
    }
}

pub(crate) fn cared(task: CareTask) -> OneCare {
    let CareTask { contact, made_at, due_at, done_at, note, .. } = task;
    OneCare { contact, made_at, due_at, done_at, note }
}

pub(crate) fn appealed(appeal: Appeal) -> OneAppeal {
    let Appeal { contact, rule, state, text, filed_at, answer, reason, decided_at, .. } = appeal;
    OneAppeal { contact, rule, state, text, filed_at, answer, reason, decided_at }
}

pub(crate) fn owed(case: &ServiceCase, entries: Vec<CaseEntry>) -> OneCase {
    let &ServiceCase { contact, kind, state, opened_at, due_at, outcome, satisfaction, closed_at, .. } = case;
    let notes = entries.into_iter().filter_map(|entry| entry.note).collect();
    OneCase { contact, kind, state, opened_at, due_at, outcome, satisfaction, closed_at, notes }
}
