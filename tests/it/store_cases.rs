//! Cases from the lead to the customer who comes back, on both databases.

use tingxin::desk::case_leads::take_up;
use tingxin::domain::{
    Analysed, CaseAct, CaseKind, CaseOrigin, CaseOutcome, CaseState, ContactRef, CustomerPseudonym, Flag,
    FollowUp, RedactedText, Role, Rule, Severity, StaffId, UtcMillis,
};
use tingxin::store::{Actor, CaseFilter, CaseStep, Erasable, NewCase, ServiceCase};

use crate::support::store::{
    LEASE, NOW, TestDb, analysed, analysis, contact, flag, intake_of, on_each_backend,
};

on_each_backend! {
    an_analysis_leaves_a_lead_and_the_lead_a_case_once,
    a_case_keeps_its_first_owner_and_counts_its_bounces,
    a_customer_who_comes_back_after_it_was_closed_makes_it_a_false_closure,
    cases_are_listed_most_urgent_first_and_walked_by_cursor,
    erasing_a_customer_takes_the_cases_and_a_work_number_leaves_the_words,
    words_of_a_case_go_with_the_words_of_its_contact,
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const PROMISED: FollowUp = FollowUp { promised: true, promised_hours: Some(24), unsettled: false };
const UNSETTLED: FollowUp = FollowUp { promised: false, promised_hours: None, unsettled: true };

fn words(text: &str) -> RedactedText {
    serde_json::from_value(serde_json::json!(text)).unwrap()
}

fn customer() -> CustomerPseudonym {
    serde_json::from_value(serde_json::json!("c-0123456789abcdef")).unwrap()
}

/// An analysed contact of that customer.
async fn served(
    db: &TestDb,
    id: &str,
    at: UtcMillis,
    (follow_up, flags): (Option<FollowUp>, Vec<Flag>),
) -> ContactRef {
    let mut known = contact(id, 1, "宽带又断了");
    known.header.started_at = Some(at);
    let mut intake = intake_of(known);
    intake.contact.customer = Some(customer());
    db.store.ingest(&[intake], at).await.unwrap();
    let claims = db.store.claim(1, LEASE, at).await.unwrap();
    let analysis = analysis(&claims[0].contact, "lexicon-1", flags);
    let done = Analysed { analysis, measures: None, follow_up };
    assert_eq!(db.store.complete(&[(claims[0].ticket, done)], at).await.unwrap(), [true]);
    claims[0].ticket.contact
}

async fn all(db: &TestDb) -> Vec<ServiceCase> {
    db.store.cases(&CaseFilter::default(), None, 50).await.unwrap().items
}

fn person(name: &str) -> Actor {
    Actor::here(name, Some(Role::Reviewer))
}

async fn step(db: &TestDb, id: uuid::Uuid, who: &str, step: CaseStep) -> bool {
    db.store.step_case(id, &step, (&person(who), NOW)).await.unwrap()
}

fn closing(note: &str) -> CaseStep {
    let (outcome, note) = (CaseOutcome::Settled, Some(words(note)));
    CaseStep::Close { outcome, cause: None, satisfaction: Some(4), note }
}

async fn an_analysis_leaves_a_lead_and_the_lead_a_case_once(db: TestDb) {
    let promised = served(&db, "H-1", NOW, (Some(PROMISED), vec![])).await;
    analysed(&db.store, intake_of(contact("H-2", 1, "谢谢")), vec![]).await;

    assert_eq!(take_up(&db.store, NOW).await.unwrap(), 1, "the calm contact leaves no lead");
    assert_eq!(take_up(&db.store, NOW).await.unwrap(), 0);

    let cases = all(&db).await;
    assert_eq!((cases.len(), cases[0].contact, cases[0].origin), (1, promised, CaseOrigin::Promise));
    assert_eq!((cases[0].state, cases[0].due_at), (CaseState::Open, NOW.plus_millis(24 * HOUR)));
    let backlog = db.store.case_backlog((NOW, NOW.plus_millis(25 * HOUR)), None).await.unwrap();
    assert_eq!((backlog[0].0, backlog[0].1.open, backlog[0].1.due), (CaseKind::Callback, 1, 1));

    let ending = flag(Rule::NegativeEnding, Severity::Medium, 0.9);
    served(&db, "H-3", NOW.plus_millis(HOUR), (Some(FollowUp::default()), vec![ending])).await;
    take_up(&db.store, NOW.plus_millis(HOUR)).await.unwrap();
    assert_eq!(all(&db).await.len(), 1, "the customer has an open case already");
    let entries = db.store.case_entries(cases[0].id).await.unwrap();
    assert_eq!(entries.last().unwrap().act, CaseAct::CameBack, "and its owner reads of it");
}

async fn a_case_keeps_its_first_owner_and_counts_its_bounces(db: TestDb) {
    served(&db, "H-1", NOW, (Some(PROMISED), vec![])).await;
    take_up(&db.store, NOW).await.unwrap();
    let id = all(&db).await[0].id;

    assert!(step(&db, id, "user:li.na", CaseStep::Take).await);
    assert!(!step(&db, id, "user:wang.wu", CaseStep::Take).await, "somebody was quicker");
    assert!(step(&db, id, "user:li.na", CaseStep::Assign("user:wang.wu".to_owned())).await);
    for department in ["装维中心", "计费支撑", "装维中心"] {
        let forward = CaseStep::Forward { department: department.to_owned(), note: None };
        assert!(step(&db, id, "user:wang.wu", forward).await);
    }
    let case = db.store.service_case(id).await.unwrap().unwrap();
    assert_eq!(case.first_owner.as_deref(), Some("user:li.na"));
    assert_eq!((case.owner.as_deref(), case.state), (Some("user:wang.wu"), CaseState::Forwarded));
    assert_eq!((case.department.as_deref(), case.bounces), (Some("装维中心"), 2));
    assert!(step(&db, id, "user:wang.wu", CaseStep::Take).await, "the department has answered");
    assert!(step(&db, id, "user:wang.wu", closing("已恢复")).await);
    assert!(!step(&db, id, "user:wang.wu", closing("已恢复")).await, "it is closed");
    let reopen = CaseStep::Reopen { due_at: NOW.plus_millis(3 * DAY), note: words("又断了") };
    assert!(step(&db, id, "user:li.na", reopen).await);

    let case = db.store.service_case(id).await.unwrap().unwrap();
    assert_eq!((case.state, case.reopened, case.outcome), (CaseState::Taken, 1, None));
    let log = db.store.audit_log(None, 20).await.unwrap().items;
    let acts: Vec<&str> = log.iter().rev().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        acts,
        [
            "case.take",
            "case.assign",
            "case.forward",
            "case.forward",
            "case.forward",
            "case.take",
            "case.close",
            "case.reopen"
        ]
    );
}

async fn a_customer_who_comes_back_after_it_was_closed_makes_it_a_false_closure(db: TestDb) {
    served(&db, "H-1", NOW, (Some(PROMISED), vec![])).await;
    take_up(&db.store, NOW).await.unwrap();
    let id = all(&db).await[0].id;
    assert!(step(&db, id, "user:li.na", closing("已恢复")).await);
    let later = NOW.plus_millis(2 * DAY);

    let back = served(&db, "H-2", later, (Some(UNSETTLED), vec![])).await;
    take_up(&db.store, later).await.unwrap();

    let closed = db.store.service_case(id).await.unwrap().unwrap();
    assert_eq!((closed.state, closed.came_back), (CaseState::Closed, Some(back)));
    let false_closures = CaseFilter { came_back: true, ..CaseFilter::default() };
    assert_eq!(db.store.cases(&false_closures, None, 10).await.unwrap().items, std::slice::from_ref(&closed));
    let win_back = CaseFilter { win_back_since: Some(NOW), ..CaseFilter::default() };
    assert_eq!(db.store.cases(&win_back, None, 10).await.unwrap().items, [closed]);
    let open = CaseFilter { open: true, ..CaseFilter::default() };
    let open = db.store.cases(&open, None, 10).await.unwrap().items;
    assert_eq!((open.len(), open[0].origin, open[0].contact), (1, CaseOrigin::NotSettled, back));
    assert_eq!(open[0].first_owner.as_deref(), Some("user:li.na"), "the first owner stays responsible");
}

async fn cases_are_listed_most_urgent_first_and_walked_by_cursor(db: TestDb) {
    let contact = analysed(&db.store, intake_of(contact("H-1", 1, "断网")), vec![]).await;
    for hours in [5, 1, 3] {
        let new = NewCase {
            contact,
            kind: CaseKind::Matter,
            origin: CaseOrigin::Person,
            term: tingxin::domain::CaseTerm::ThreeDays,
            due_at: NOW.plus_millis(hours * HOUR),
            owner: None,
            note: None,
            by: person("user:li.na"),
            at: NOW,
        };
        assert!(db.store.open_case(&new, None).await.unwrap().is_some());
    }
    let open = CaseFilter { open: true, ..CaseFilter::default() };

    let first = db.store.cases(&open, None, 2).await.unwrap();
    let rest = db.store.cases(&open, first.next.as_ref(), 2).await.unwrap();

    let hours = |cases: &[ServiceCase]| {
        cases.iter().map(|case| (case.due_at.as_millis() - NOW.as_millis()) / HOUR).collect::<Vec<_>>()
    };
    assert_eq!((hours(&first.items), hours(&rest.items)), (vec![1, 3], vec![5]));
    assert_eq!(rest.next, None);
    let due = CaseFilter { due_before: Some(NOW.plus_millis(2 * HOUR)), ..CaseFilter::default() };
    assert_eq!(hours(&db.store.cases(&due, None, 9).await.unwrap().items), [1]);
}

async fn erasing_a_customer_takes_the_cases_and_a_work_number_leaves_the_words(db: TestDb) {
    served(&db, "H-1", NOW, (Some(PROMISED), vec![])).await;
    take_up(&db.store, NOW).await.unwrap();
    let id = all(&db).await[0].id;
    assert!(step(&db, id, "user:li.na", closing("A1001 已联系客户")).await);

    let staff = Erasable::Staff(StaffId::new("A1001").unwrap());
    db.store.erase(&staff, NOW).await.unwrap();
    let entries = db.store.case_entries(id).await.unwrap();
    assert!(entries.iter().all(|entry| entry.note.is_none()), "{entries:?}");

    served(&db, "H-2", NOW, (Some(PROMISED), vec![])).await;
    db.store.erase(&Erasable::Customer(customer()), NOW).await.unwrap();
    assert_eq!(all(&db).await, []);
    assert_eq!(take_up(&db.store, NOW).await.unwrap(), 0, "the lead is gone with its contact");
    assert_eq!(db.store.cases_of_customer("c-0123456789abcdef").await.unwrap(), []);
}

async fn words_of_a_case_go_with_the_words_of_its_contact(db: TestDb) {
    served(&db, "H-1", NOW, (Some(PROMISED), vec![])).await;
    take_up(&db.store, NOW).await.unwrap();
    let id = all(&db).await[0].id;
    assert!(step(&db, id, "user:li.na", closing("已恢复")).await);

    let gone = NOW.plus_millis(DAY);
    let horizons = tingxin::store::Horizons { text: Some(gone), ..Default::default() };
    db.store.expire(&horizons, gone).await.unwrap();

    assert_eq!(db.store.case_entries(id).await.unwrap().last().unwrap().note, None);
    assert_eq!(all(&db).await[0].outcome, Some(CaseOutcome::Settled), "what became of it stays");
}
