//! What staff say about confirmed flags, on both databases.

use tingxin::desk::roll_up;
use tingxin::domain::{
    Analysed, AppealState, ContactMeasures, ContactRef, Flag, FlagId, FlagStatus, RedactedText, Role, Rule,
    Severity, StaffId, UtcMillis,
};
use tingxin::staff::Indicator;
use tingxin::store::{
    Acknowledgement, Actor, AppealFilter, AppealMoment, AppealStep, Filed, FlagFilter, Judged, NewAppeal,
    NewAskedReview, NewIncident, Stepped, SumKind,
};

use crate::support::store::{
    LEASE, NOW, TestDb, analysis, contact, flag, intake_of, on_each_backend, verdict,
};

on_each_backend! {
    a_person_sees_acknowledges_and_appeals_what_was_confirmed,
    a_flag_under_appeal_leaves_the_rates_and_what_was_overturned_did_not_happen,
    a_lead_answers_the_person_insists_and_another_reviewer_decides,
    a_contact_within_an_incident_is_out_of_the_rates_and_says_which,
    contacts_that_a_trainer_asked_for_come_first_until_they_are_judged,
}

const LATER: UtcMillis = NOW.plus_millis(1_000);

fn number(text: &str) -> StaffId {
    StaffId::new(text).unwrap()
}

fn words(text: &str) -> RedactedText {
    serde_json::from_value(serde_json::json!(text)).unwrap()
}

fn ending() -> Flag {
    flag(Rule::NegativeEnding, Severity::Medium, 0.9)
}

/// A contact of that person that ended negative and is flagged for it.
async fn ended_badly(db: &TestDb, id: &str, staff: &str) -> (ContactRef, FlagId) {
    let mut own = contact(id, 1, "宽带又断了");
    own.header.staff.as_mut().unwrap().id = number(staff);
    db.store.ingest(&[intake_of(own)], NOW).await.unwrap();
    let claims = db.store.claim(1, LEASE, NOW).await.unwrap();
    let measures =
        ContactMeasures { ends_negative: Some(0.9), start: Some(-0.5), ..ContactMeasures::default() };
    let done = Analysed {
        analysis: analysis(&claims[0].contact, "lexicon-1", vec![ending()]),
        measures: Some(measures),
        follow_up: None,
    };
    assert_eq!(db.store.complete(&[(claims[0].ticket, done)], NOW).await.unwrap(), [true]);
    let contact = claims[0].ticket.contact;
    (contact, db.store.flags_of_contact(contact).await.unwrap()[0].id)
}

async fn confirm(db: &TestDb, flag: FlagId) {
    let says = verdict(flag, vec![1], FlagStatus::Confirmed);
    assert!(matches!(db.store.judge(&says, None).await.unwrap(), Judged::Kept(_)));
}

fn person() -> Actor {
    Actor::here("user:xiaowang", Some(Role::Staff))
}

fn appeal_of(flag: FlagId, staff: &str) -> NewAppeal {
    NewAppeal {
        flag,
        staff: number(staff),
        text: words("客户挂断前已经平静"),
        released_since: NOW.plus_millis(-7 * 86_400_000),
        due_at: NOW.plus_millis(86_400_000),
        by: person(),
        at: LATER,
    }
}

async fn step(db: &TestDb, id: uuid::Uuid, who: &str, step: AppealStep) -> Stepped {
    let appeal = db.store.appeal(id).await.unwrap().unwrap();
    let by = Actor::here(who, Some(Role::Reviewer));
    db.store
        .step_appeal(
            &appeal,
            &step,
            AppealMoment { by: &by, at: LATER, due_at: LATER.plus_millis(86_400_000) },
        )
        .await
        .unwrap()
}

/// Chances and events of bad endings in the weekly sums of a person.
async fn endings(db: &TestDb, staff: &str) -> (u64, u64) {
    while roll_up(&db.store, None, 100).await.unwrap().looked_at > 0 {}
    let place = Indicator::NegativeEnding.place();
    let mut found = (0, 0);
    let take = |name: &str, _, body: &str| {
        let sums: serde_json::Value = serde_json::from_str(body).map_err(|cause| cause.to_string())?;
        for cell in sums["cells"].as_array().unwrap().iter().filter(|_| name == staff) {
            let tally = &cell[1]["t"][place];
            found.0 += tally[0].as_u64().unwrap();
            found.1 += tally[1].as_u64().unwrap();
        }
        Ok(())
    };
    db.store.sums(SumKind::Staff, 0, take).await.unwrap();
    found
}

async fn confirmed(db: &TestDb, staff: &str) -> usize {
    let all = db.store.confirmed(UtcMillis::from_millis(0)).await.unwrap();
    all.get(&number(staff)).and_then(|rules| rules.get(&Rule::NegativeEnding)).copied().unwrap_or_default()
}

async fn a_person_sees_acknowledges_and_appeals_what_was_confirmed(db: TestDb) {
    let (id, flag) = ended_badly(&db, "H-1", "A1001").await;
    let own = number("A1001");
    assert_eq!(db.store.released(&own, 10).await.unwrap(), [], "nobody has listened yet");
    assert_eq!(db.store.file_appeal(&appeal_of(flag, "A1001")).await.unwrap(), Filed::Unknown);
    confirm(&db, flag).await;

    let seen =
        Acknowledgement { flag, staff: own.clone(), note: Some(words("知道了")), by: person(), at: LATER };
    let others = Acknowledgement { staff: number("A1002"), ..seen.clone() };
    assert!(!db.store.acknowledge(&others).await.unwrap(), "another person's flag is not there");
    assert!(db.store.acknowledge(&seen).await.unwrap() && db.store.acknowledge(&seen).await.unwrap());
    let released = db.store.released(&own, 10).await.unwrap();
    assert_eq!((released.len(), released[0].row.contact, released[0].released_at), (1, id, NOW));
    assert_eq!(released[0].acknowledged_note.as_deref(), Some("知道了"));
    assert_eq!((&*released[0].confirmed_by, released[0].appeal), ("user:li.na", None));

    let late = NewAppeal { released_since: LATER, ..appeal_of(flag, "A1001") };
    assert_eq!(db.store.file_appeal(&late).await.unwrap(), Filed::TooLate);
    assert_eq!(db.store.file_appeal(&appeal_of(flag, "A1002")).await.unwrap(), Filed::Unknown);
    let Filed::Kept(appeal) = db.store.file_appeal(&appeal_of(flag, "A1001")).await.unwrap() else {
        panic!("it is filed")
    };
    assert_eq!(db.store.file_appeal(&appeal_of(flag, "A1001")).await.unwrap(), Filed::Again);
    let found = db.store.appeals(&AppealFilter::default(), None, 10).await.unwrap().items;
    assert_eq!((found.len(), found[0].id, found[0].state), (1, appeal, AppealState::Filed));
    let other = AppealFilter { staff: Some(number("A1002")), ..AppealFilter::default() };
    assert_eq!(db.store.appeals(&other, None, 10).await.unwrap().items, []);
    let judged = db.store.judge(&verdict(flag, vec![1], FlagStatus::Rejected), None).await.unwrap();
    assert_eq!(judged, Judged::Appealed, "the first reviewer does not settle it");
    let backlog = db.store.appeal_backlog(NOW, None).await.unwrap();
    assert_eq!((backlog.open, backlog.overdue), (1, 0));
    let backlog = db.store.appeal_backlog(NOW.plus_millis(2 * 86_400_000), None).await.unwrap();
    assert_eq!((backlog.open, backlog.overdue), (1, 1));
}

async fn a_flag_under_appeal_leaves_the_rates_and_what_was_overturned_did_not_happen(db: TestDb) {
    let (_, first) = ended_badly(&db, "H-1", "A1001").await;
    let (_, second) = ended_badly(&db, "H-2", "A1001").await;
    for other in ["H-3", "H-4"] {
        ended_badly(&db, other, "A1002").await;
    }
    confirm(&db, first).await;
    confirm(&db, second).await;
    assert_eq!((endings(&db, "A1001").await, confirmed(&db, "A1001").await), ((2, 2), 2));

    let mut appeals = Vec::new();
    for flag in [first, second] {
        let Filed::Kept(id) = db.store.file_appeal(&appeal_of(flag, "A1001")).await.unwrap() else {
            panic!()
        };
        appeals.push(id);
    }
    assert_eq!((endings(&db, "A1001").await, confirmed(&db, "A1001").await), ((0, 0), 0));

    for (id, overturned) in appeals.iter().zip([true, false]) {
        assert_eq!(step(&db, *id, "user:zhuguan", AppealStep::Forward(None)).await, Stepped::Kept);
        let decision = AppealStep::Decide { overturned, reason: words("重听了录音") };
        assert_eq!(step(&db, *id, "user:li.na", decision.clone()).await, Stepped::OwnVerdict);
        assert_eq!(step(&db, *id, "user:wang.wu", decision.clone()).await, Stepped::Kept);
        assert_eq!(step(&db, *id, "user:zhao.liu", decision).await, Stepped::Changed, "it is final");
    }
    assert_eq!((endings(&db, "A1001").await, confirmed(&db, "A1001").await), ((2, 1), 1));
    let released = db.store.released(&number("A1001"), 10).await.unwrap();
    assert_eq!(released.iter().map(|one| one.row.id).collect::<Vec<_>>(), [second]);
    assert_eq!(db.store.appeal_backlog(LATER, None).await.unwrap().open, 0);
    let said = db.store.judge(&verdict(first, vec![1], FlagStatus::Confirmed), None).await.unwrap();
    assert_eq!(said, Judged::Appealed, "nobody confirms it again");
}

async fn a_lead_answers_the_person_insists_and_another_reviewer_decides(db: TestDb) {
    let (contact, flag) = ended_badly(&db, "H-1", "A1001").await;
    confirm(&db, flag).await;
    let Filed::Kept(id) = db.store.file_appeal(&appeal_of(flag, "A1001")).await.unwrap() else { panic!() };

    assert_eq!(step(&db, id, "user:xiaowang", AppealStep::Insist).await, Stepped::Changed, "nobody answered");
    assert_eq!(step(&db, id, "user:zhuguan", AppealStep::Answer(words("一起回听"))).await, Stepped::Kept);
    assert_eq!(db.store.appeal_backlog(LATER, None).await.unwrap().open, 0, "the lead has answered");
    let decision = AppealStep::Decide { overturned: true, reason: words("重听了录音") };
    assert_eq!(step(&db, id, "user:wang.wu", decision.clone()).await, Stepped::Changed);
    assert_eq!(step(&db, id, "user:xiaowang", AppealStep::Insist).await, Stepped::Kept);
    assert_eq!(step(&db, id, "user:wang.wu", decision).await, Stepped::Kept);

    let appeal = &db.store.appeals_of(contact).await.unwrap()[0];
    assert_eq!(appeal.state, AppealState::Overturned);
    assert_eq!((appeal.answer.as_deref(), appeal.reason.as_deref()), (Some("一起回听"), Some("重听了录音")));
    let log = db.store.audit_log(None, 10).await.unwrap().items;
    let acts: Vec<&str> = log.iter().rev().map(|entry| entry.action.as_str()).collect();
    assert_eq!(acts, ["flag.confirm", "appeal.file", "appeal.answer", "appeal.insist", "appeal.overturn"]);
}

async fn a_contact_within_an_incident_is_out_of_the_rates_and_says_which(db: TestDb) {
    let (contact, _) = ended_badly(&db, "H-1", "A1001").await;
    ended_badly(&db, "H-2", "A1002").await;
    assert_eq!(endings(&db, "A1001").await, (1, 1));
    assert_eq!(db.store.incidents_of(contact).await.unwrap(), []);
    let incident = NewIncident {
        begins_at: NOW.plus_millis(-1),
        ends_at: LATER,
        channel: None,
        business_process: None,
        team: None,
        note: words("光缆中断"),
    };

    let id = db.store.declare_incident(&incident, "user:zhuguan", NOW).await.unwrap();

    assert_eq!(db.store.incidents_of(contact).await.unwrap()[0].note, "光缆中断");
    assert_eq!(endings(&db, "A1001").await, (0, 0));
    db.store.revoke_incident(id, LATER).await.unwrap();
    assert_eq!(db.store.incidents_of(contact).await.unwrap(), []);
    assert_eq!(endings(&db, "A1001").await, (1, 1));
}

async fn contacts_that_a_trainer_asked_for_come_first_until_they_are_judged(db: TestDb) {
    let (asked, flag) = ended_badly(&db, "H-1", "A1001").await;
    let urgent = crate::support::store::flag(Rule::AgentLapse, Severity::High, 0.99);
    let other =
        crate::support::store::analysed(&db.store, intake_of(contact("H-2", 1, "断网")), vec![urgent]).await;
    let first =
        async || db.store.review_queue(&FlagFilter::default(), None, 1).await.unwrap().items[0].contact.id;
    assert_eq!(first().await, other);
    let request = NewAskedReview {
        people: vec![(number("A1001"), Rule::NegativeEnding)],
        indicator: "negative_ending".to_owned(),
        since: UtcMillis::from_millis(0),
        each: 6,
        by: Actor::here("user:peixun", Some(Role::Trainer)),
        at: LATER,
    };

    assert_eq!(db.store.ask_reviews(&request).await.unwrap(), 1);
    assert_eq!(db.store.ask_reviews(&request).await.unwrap(), 0, "they are asked for already");

    assert_eq!(first().await, asked);
    let of_all = async || db.store.asked_reviews(NOW, None, 10).await.unwrap();
    assert_eq!(of_all().await[0].status, Some(FlagStatus::Candidate));
    confirm(&db, flag).await;
    assert_eq!(of_all().await[0].status, Some(FlagStatus::Confirmed), "the answer comes back");
}
