//! Whom the centre of the demo owed an answer in the last weeks, and what became of it: most had it in time, some wait too
//! long, some were handed from department to department, and a few came back because nothing was settled.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::error::CliError;
use super::super::import::{take, until_idle};
use super::people::{People, actor};
use super::quarter::{Quarter, Read};
use crate::desk::case_leads;
use crate::domain::{
    CaseCause, CaseOutcome, CaseState, Channel, ContactRef, DAY_MILLIS, HOUR_MILLIS, Role, UtcMillis,
};
use crate::store::{Actor, CaseFilter, CaseStep, ServiceCase, SettledLead};

/// Days of which there are cases; what is older was never owed an answer here.
const KEPT_DAYS: i64 = 28;

/// Minutes from a contact to its case.
const OPENED_MILLIS: i64 = 10 * 60_000;

/// Leads taken up at once, and cases read at once.
const AT_ONCE: u32 = 200;

/// Cases that became due within so many days may still wait.
const OVERDUE_DAYS: i64 = 3;

/// Of a thousand of them, so many do.
const OVERDUE: u32 = 200;

/// Of a thousand cases that are not due yet, so many are done.
const EARLY: u32 = 350;

/// Customers who come back although their case was closed as settled.
const BACK: usize = 3;

/// Those who answer customers.
const OWNERS: [(&str, Role); 3] = [
    ("user:zhijian", Role::Reviewer),
    ("user:zhuguan", Role::Supervisor),
    ("user:zhijian-jia", Role::Reviewer),
];

/// Departments that are asked, and what.
const DEPARTMENTS: [(&str, &str); 3] = [
    ("装维中心", "请核实上门时间并回复客户。"),
    ("网络部", "请查这一片的光衰，今天给答复。"),
    ("计费中心", "请核对近三个月的套餐外费用。"),
];

/// Opens the cases of the last weeks as of their contacts, and works on them.
pub(super) async fn owe(people: &People, quarter: &Quarter) -> Result<(), CliError> {
    open(people).await?;
    let contacts = people.contacts(quarter).await?;
    let mut settled = Vec::new();
    let cases = cases(people).await?;
    let kept = kept_waiting(people, &cases, contacts);
    for case in cases {
        let Some(read) = contacts.get(&case.contact) else { continue };
        if work(people, &case, (read, kept == Some(case.id))).await? {
            settled.push(case);
        }
    }
    ask_a_department(people).await?;
    come_back(people, quarter, (&settled, contacts)).await
}

/// The case that must wait because chance lets none of those wait that became due lately: few weeks have few cases.
fn kept_waiting(
    people: &People,
    cases: &[ServiceCase],
    contacts: &HashMap<ContactRef, Read>,
) -> Option<Uuid> {
    let late = || cases.iter().filter(|case| is_lately_due(people, case));
    let waits = |case: &ServiceCase| contacts.get(&case.contact).is_some_and(still_waits);
    if late().any(waits) { None } else { late().map(|case| case.id).next() }
}

fn is_lately_due(people: &People, case: &ServiceCase) -> bool {
    case.due_at < people.now && case.due_at > people.now.plus_millis(-OVERDUE_DAYS * DAY_MILLIS)
}

fn still_waits(read: &Read) -> bool {
    read.happens("still waits", OVERDUE)
}

/// Somebody waits for a department also where few weeks have few cases.
async fn ask_a_department(people: &People) -> Result<(), CliError> {
    let all = cases(people).await?;
    let open = || all.iter().find(|case| matches!(case.state, CaseState::Open | CaseState::Taken));
    let (false, Some(case)) = (all.iter().any(|case| case.state == CaseState::Forwarded), open()) else {
        return Ok(());
    };
    let ([(name, role), ..], [department, ..]) = (OWNERS, DEPARTMENTS);
    let owner = actor(name, role);
    if case.state == CaseState::Open {
        step(people, case, (CaseStep::Take, &owner, people.now)).await?;
    }
    step(people, case, (forward(people, department), &owner, people.now)).await
}

/// Takes up what asks for a case as if somebody had looked all the time.
async fn open(people: &People) -> Result<(), CliError> {
    let store = &people.store;
    let states = store.rule_states(people.now).await.map_err(CliError::failure)?;
    let by = Actor::here("system", None);
    let since = people.now.plus_millis(-KEPT_DAYS * DAY_MILLIS);
    loop {
        let leads = store.case_leads(AT_ONCE).await.map_err(CliError::failure)?;
        if leads.is_empty() {
            return Ok(());
        }
        let settled: Vec<SettledLead> = leads
            .iter()
            .map(|lead| {
                let at = lead.happened_at.plus_millis(OPENED_MILLIS).min(people.now);
                let owed = lead.happened_at >= since && !lead.known;
                let open = owed.then(|| case_leads::asked_by(lead, &states, (&by, at))).flatten();
                SettledLead { contact: lead.contact, came_back_to: None, was_closed: false, open }
            })
            .collect();
        store.settle_leads(&settled, (&by, people.now)).await.map_err(CliError::failure)?;
    }
}

async fn cases(people: &People) -> Result<Vec<ServiceCase>, CliError> {
    let (filter, mut cases, mut after) = (CaseFilter::default(), Vec::new(), None);
    loop {
        let page = people.store.cases(&filter, after.as_ref(), AT_ONCE).await.map_err(CliError::failure)?;
        cases.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(cases),
        }
    }
}

/// Works on a case; whether it was closed as settled, long enough ago for the customer to come back. A case that is
/// `kept` is not answered.
async fn work(people: &People, case: &ServiceCase, (read, kept): (&Read, bool)) -> Result<bool, CliError> {
    let (now, due) = (people.now, case.due_at);
    let span = due.as_millis() - case.opened_at.as_millis();
    let part = |eighths: i64| case.opened_at.plus_millis(span / 8 * eighths);
    let waits = if due < now {
        is_lately_due(people, case) && (kept || still_waits(read))
    } else {
        !read.happens("answered early", EARLY)
    };
    if part(1) > now || waits && read.happens("nobody took it", 450) {
        return Ok(false);
    }
    let (name, role) = choice(read, "owner", &OWNERS);
    let owner = actor(name, role);
    step(people, case, (CaseStep::Take, &owner, part(1))).await?;
    if part(2) <= now && read.happens("forwarded", 220) {
        step(people, case, (forward(people, choice(read, "first", &DEPARTMENTS)), &owner, part(2))).await?;
        if part(3) <= now && read.happens("bounced", 300) {
            step(people, case, (forward(people, choice(read, "next", &DEPARTMENTS)), &owner, part(3)))
                .await?;
        }
    }
    if waits {
        return Ok(false);
    }
    let late = due < now && read.happens("late", 130);
    let at = if late { due.plus_millis(9 * HOUR_MILLIS) } else { part(5) }.min(now);
    let outcome = outcome(read);
    step(people, case, (close(people, read, outcome), &owner, at)).await?;
    Ok(outcome == CaseOutcome::Settled && at.plus_millis(DAY_MILLIS) < now)
}

async fn step(
    people: &People,
    case: &ServiceCase,
    (step, by, at): (CaseStep, &Actor, UtcMillis),
) -> Result<(), CliError> {
    people.store.step_case(case.id, &step, (by, at)).await.map_err(CliError::failure)?;
    Ok(())
}

fn forward(people: &People, (department, note): (&str, &str)) -> CaseStep {
    CaseStep::Forward { department: department.to_owned(), note: Some(people.words(note)) }
}

/// One of several, always the same for a contact.
fn choice<T: Copy>(read: &Read, what: &str, all: &[T; 3]) -> T {
    let [first, second, third] = *all;
    if read.happens(what, 400) {
        first
    } else if read.happens(&format!("{what} else"), 550) {
        second
    } else {
        third
    }
}

fn outcome(read: &Read) -> CaseOutcome {
    let shares = [
        ("not reached", 80, CaseOutcome::Unreachable),
        ("no need", 50, CaseOutcome::NoNeed),
        ("not settled", 90, CaseOutcome::NotSettled),
        ("explained", 250, CaseOutcome::Explained),
    ];
    let found = shares.into_iter().find(|(what, share, _)| read.happens(what, *share));
    found.map_or(CaseOutcome::Settled, |(_, _, outcome)| outcome)
}

fn close(people: &People, read: &Read, outcome: CaseOutcome) -> CaseStep {
    let causes = [
        ("system", 300, CaseCause::System),
        ("not known", 350, CaseCause::NotKnown),
        ("not able", 350, CaseCause::NotAble),
        ("not willing", 150, CaseCause::NotWilling),
    ];
    let cause = causes.into_iter().find(|(what, share, _)| read.happens(what, *share)).map(|(_, _, one)| one);
    let (satisfaction, note) = match outcome {
        CaseOutcome::Settled if read.happens("cool", 100) => (Some(2), "已处理好，客户嫌时间太长。"),
        CaseOutcome::Settled if read.happens("content", 400) => (Some(4), "回访确认已经好了。"),
        CaseOutcome::Settled => (Some(5), "已处理，客户满意。"),
        CaseOutcome::Explained => (Some(4), "逐条说明了费用，客户认可。"),
        CaseOutcome::NotSettled => (Some(1), "暂时没有资源，已告诉客户原因和下次答复的时间。"),
        CaseOutcome::Unreachable => (None, "三个时段都没有人接，已发短信。"),
        CaseOutcome::NoNeed => (None, "客户已自行办好。"),
    };
    CaseStep::Close { outcome, cause, satisfaction, note: Some(people.words(note)) }
}

/// Some customers whose case was closed as settled say that nothing is: the case is its first owner's again.
async fn come_back(
    people: &People,
    quarter: &Quarter,
    (settled, contacts): (&[ServiceCase], &HashMap<ContactRef, Read>),
) -> Result<(), CliError> {
    let spoken = settled.iter().filter(|case| case.channel == Channel::Hotline);
    let said: Vec<_> = spoken
        .filter_map(|case| contacts.get(&case.contact))
        .take(BACK)
        .zip(1..)
        .filter_map(|(read, hours)| quarter.again(read, people.now.plus_millis(-hours * HOUR_MILLIS)))
        .collect();
    take(&people.store, people.redactor.clone(), said.into_iter()).await?;
    until_idle(&people.store).await?;
    case_leads::take_up(&people.store, UtcMillis::now()).await.map_err(CliError::failure)?;
    Ok(())
}
