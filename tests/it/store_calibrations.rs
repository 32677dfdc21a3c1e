//! Calibration sessions, on both databases.

use tingxin::domain::{ContactRef, RedactedText, Role, Rule, Severity, TeamId, UtcMillis};
use tingxin::store::{
    Actor, Calibration, CalibrationItem, Erasable, FoundRule, NewAudit, NewCalibration, NewDraw,
    NewSampleWeek, SampleAnswer, Store,
};
use uuid::Uuid;

use crate::support::store::{NOW, TestDb, analysed, flag, intake, on_each_backend};

on_each_backend! {
    several_people_read_the_same_contacts_once_each_and_nobody_else_does,
    what_is_said_in_a_session_is_no_part_of_the_sample_and_what_the_sample_drew_is_no_part_of_a_session,
    a_contact_that_came_anew_or_is_erased_leaves_the_session,
    a_session_that_has_ended_takes_no_more_readings,
}

const EXPERT: &str = "user:expert";
const READERS: [&str; 3] = [EXPERT, "user:li.na", "user:wang"];

fn entry(who: &str, action: &'static str) -> NewAudit {
    let actor = Actor::here(who, Some(Role::Reviewer));
    NewAudit { at: NOW, actor, action, object: "o".to_owned(), result: "ok", purpose: None }
}

async fn contacts(db: &TestDb, n: usize) -> Vec<ContactRef> {
    let mut all = Vec::new();
    for at in 0..n {
        let flags = if at == 0 { vec![flag(Rule::Abuse, Severity::High, 0.9)] } else { Vec::new() };
        all.push(analysed(&db.store, intake(&format!("H-{at}"), 1, "宽带又断了"), flags).await);
    }
    all
}

async fn session(store: &Store, contacts: &[ContactRef]) -> Uuid {
    let id = Uuid::now_v7();
    let new = NewCalibration {
        id,
        title: serde_json::from_value::<RedactedText>("十一月".into()).unwrap(),
        expert: EXPERT.to_owned(),
        team: None,
        readers: READERS.map(str::to_owned).to_vec(),
        contacts: contacts.to_vec(),
        entry: entry("user:lead", "calibration.open"),
    };
    assert_eq!(store.add_calibration(&new).await.unwrap(), u64::try_from(contacts.len()).unwrap());
    id
}

async fn due(db: &TestDb, session: Uuid, who: &str) -> Vec<CalibrationItem> {
    db.store.calibration_due(session, who, None).await.unwrap()
}

async fn says(db: &TestDb, item: CalibrationItem, who: &str, rules: &[Rule]) -> bool {
    let found = rules.iter().map(|rule| FoundRule { rule: *rule, turn: None, emotion: None }).collect();
    let answer = SampleAnswer { found, unclear: Vec::new() };
    db.store.keep_calibration_reading(item.id, 1, &answer, &entry(who, "calibration.read")).await.unwrap()
}

async fn only(db: &TestDb) -> Calibration {
    db.store.calibrations().await.unwrap().remove(0)
}

async fn several_people_read_the_same_contacts_once_each_and_nobody_else_does(db: TestDb) {
    let all = contacts(&db, 2).await;
    let session = session(&db.store, &all).await;
    let items = due(&db, session, "user:li.na").await;
    assert_eq!(items.iter().map(|item| item.contact).collect::<Vec<_>>(), all);
    assert!(due(&db, session, "user:zhao").await.is_empty(), "who is not invited reads nothing");
    let other = TeamId::new("shanghai-02").unwrap();
    assert!(db.store.calibration_due(session, "user:li.na", Some(&other)).await.unwrap().is_empty());

    assert!(says(&db, items[0], "user:li.na", &[Rule::Abuse]).await);
    assert!(!says(&db, items[0], "user:li.na", &[]).await, "once");
    assert!(!says(&db, items[0], "user:zhao", &[]).await, "not invited");
    assert!(says(&db, items[0], EXPERT, &[]).await);

    assert_eq!(due(&db, session, "user:li.na").await, items[1..]);
    assert_eq!(due(&db, session, "user:wang").await.len(), 2, "the others still have all of it");
    let of = only(&db).await;
    let done: Vec<_> = of.readers.iter().map(|one| (one.name.as_str(), one.done)).collect();
    assert_eq!((of.contacts, done), (2, vec![(EXPERT, 1), ("user:li.na", 1), ("user:wang", 0)]));
    let said = db.store.calibration_readings(session).await.unwrap();
    let said: Vec<_> = said.iter().map(|one| (one.reader.as_str(), one.answer.says(Rule::Abuse))).collect();
    assert_eq!(said, [(EXPERT, Some(false)), ("user:li.na", Some(true))]);
    assert_eq!(db.store.calibration_of(items[0].id).await.unwrap(), Some(session));
    let log = db.store.audit_log(None, 10).await.unwrap().items;
    assert_eq!(log.iter().filter(|entry| entry.action == "calibration.read").count(), 2, "what was kept");
}

async fn what_is_said_in_a_session_is_no_part_of_the_sample_and_what_the_sample_drew_is_no_part_of_a_session(
    db: TestDb,
) {
    let all = contacts(&db, 4).await;
    let session = session(&db.store, &all[..1]).await;
    let item = due(&db, session, EXPERT).await[0];
    assert!(says(&db, item, EXPERT, &[Rule::Abuse]).await);
    assert!(db.store.sampled(0).await.unwrap().is_empty());
    assert!(
        db.store.queue_words(UtcMillis::from_millis(0)).await.unwrap().is_empty(),
        "no verdict on the flag"
    );

    let week = NewSampleWeek { week: NOW.week(), version: 1, contacts: 4, at: NOW };
    let plan = tingxin::store::NewSamplePlan {
        unit: tingxin::store::SampleUnit::Staff,
        per_week: 1,
        seed: 7,
        since_week: NOW.week(),
    };
    db.store.add_sample_plan(&plan, &entry("user:lead", "sample.plan")).await.unwrap();
    let draw = NewDraw { contact: all[1], probability: 0.25, place: 0, readers: 1 };
    assert!(db.store.keep_draws(week, &[draw]).await.unwrap());

    let ever = UtcMillis::from_millis(0)..NOW.plus_millis(1);
    let mut left: Vec<ContactRef> = Vec::new();
    for one in db.store.calibration_frame(ever.clone(), None).await.unwrap() {
        assert!(!one.flagged);
        left.push(one.contact);
    }
    left.sort_by_key(|contact| contact.0);
    assert_eq!(left, all[2..], "neither what a session has read nor what the sample drew");
    let team = TeamId::new("shanghai-02").unwrap();
    assert!(db.store.calibration_frame(ever.clone(), Some(&team)).await.unwrap().is_empty());
}

async fn a_contact_that_came_anew_or_is_erased_leaves_the_session(db: TestDb) {
    let all = contacts(&db, 3).await;
    let session = session(&db.store, &all).await;
    for item in due(&db, session, "user:li.na").await {
        assert!(says(&db, item, "user:li.na", &[]).await);
    }

    db.store.erase(&Erasable::Contact(all[0]), NOW).await.unwrap();
    analysed(&db.store, intake("H-1", 2, "现在好了"), Vec::new()).await;

    let left = db.store.calibration_readings(session).await.unwrap();
    assert_eq!(left.iter().map(|one| one.item.contact).collect::<Vec<_>>(), all[2..]);
    let of = only(&db).await;
    assert_eq!((of.contacts, of.readers[1].done), (2, 2), "nothing of the erased one is left");
    let again = due(&db, session, "user:wang").await[0];
    assert!(!says(&db, again, "user:wang", &[]).await, "that is not what was read");
}

async fn a_session_that_has_ended_takes_no_more_readings(db: TestDb) {
    let all = contacts(&db, 1).await;
    let session = session(&db.store, &all).await;
    let item = due(&db, session, EXPERT).await[0];

    assert!(db.store.close_calibration(session, &entry("user:lead", "calibration.close")).await.unwrap());
    assert!(!db.store.close_calibration(session, &entry("user:lead", "calibration.close")).await.unwrap());

    assert!(due(&db, session, EXPERT).await.is_empty());
    assert!(!says(&db, item, EXPERT, &[]).await);
    assert_eq!(only(&db).await.closed_at, Some(NOW));
}
