//! Numbers of contacts, their weekly sums, incidents and coaching, on both databases.

use tingxin::domain::{
    Analysed, BusinessProcess, Channel, ContactMeasures, Exchange, FlagStatus, RawText, Role, Rule, Severity,
    StaffId, TeamId, Tone, UtcMillis,
};
use tingxin::redact::{PseudonymKey, Redactor};
use tingxin::staff::{Sums, sum};
use tingxin::store::{CoachingTerms, NewCoaching, NewIncident, SumKey, SumKind};

use crate::support::store::{
    LEASE, NOW, TestDb, analysed, analysis, contact, flag, intake_of, on_each_backend, tamper, verdict,
};

on_each_backend! {
    a_week_is_the_sum_of_its_contacts_and_stays_one_when_they_change,
    a_contact_that_changes_hands_leaves_the_sum_of_the_first,
    somebody_who_rolled_up_already_leaves_nothing_to_do,
    a_contact_of_an_incident_is_marked_whenever_it_was_declared,
    a_customer_who_came_back_within_a_week_is_known,
    a_contact_with_damaged_numbers_keeps_nobodys_week_from_being_summed,
    a_sum_that_another_release_wrote_is_left_out_and_computed_anew,
    a_contact_that_arrives_late_brings_the_sums_of_the_contacts_after_it_up_to_date,
    confirmed_contacts_are_counted_by_person_and_rule,
    coaching_is_agreed_listed_by_team_and_taken_back,
    a_staff_account_knows_its_work_number,
}

fn measures(negative: f32) -> ContactMeasures {
    let tone = |valence: f32| Tone { valence, positive: 0.0, negative: -valence };
    ContactMeasures {
        exchanges: vec![Exchange { customer: Some(tone(-negative)), agent: Some(tone(0.0)) }; 5],
        start: Some(-negative),
        ends_negative: Some(negative),
        ..ContactMeasures::default()
    }
}

/// Takes a contact in and stores these numbers for it.
async fn stored(db: &TestDb, id: &str, revision: u32, staff: &str, measures: ContactMeasures) {
    received(db, (id, revision, staff), NOW).await;
    scored(db, measures).await;
}

async fn received(db: &TestDb, (id, revision, staff): (&str, u32, &str), at: UtcMillis) {
    let mut contact = contact(id, revision, "宽带又断了");
    let header = &mut contact.header;
    header.staff.as_mut().unwrap().id = StaffId::new(staff).unwrap();
    header.started_at = Some(at);
    header.business_process = Some(BusinessProcess::new("broadband_fault").unwrap());
    db.store.ingest(&[intake_of(contact)], NOW).await.unwrap();
}

async fn scored(db: &TestDb, measures: ContactMeasures) {
    let claims = db.store.claim(1, LEASE, NOW).await.unwrap();
    let analysis = analysis(&claims[0].contact, "lexicon-1", Vec::new());
    let done = Analysed { analysis, measures: Some(measures), follow_up: None };
    assert_eq!(db.store.complete(&[(claims[0].ticket, done)], NOW).await.unwrap(), [true]);
}

/// Brings everything up to date; how many sums that took.
async fn rolled_up(db: &TestDb) -> usize {
    let mut done = 0;
    for key in db.store.stale_sums(None, 100).await.unwrap() {
        done += usize::from(db.store.roll_up(&key, |contacts| sum(contacts).to_json()).await.unwrap());
    }
    done
}

/// Contacts in the sums of everybody of a kind.
async fn contacts(db: &TestDb, kind: SumKind) -> Vec<(String, u32)> {
    let mut found = Vec::new();
    let take = |name: &str, _: i64, body: &str| {
        found.push((name.to_owned(), Sums::from_json(body)?.contacts));
        Ok(())
    };
    db.store.sums(kind, NOW.week(), take).await.unwrap();
    found
}

fn of(name: &str, contacts: u32) -> (String, u32) {
    (name.to_owned(), contacts)
}

async fn a_week_is_the_sum_of_its_contacts_and_stays_one_when_they_change(db: TestDb) {
    stored(&db, "H-1", 1, "A1001", measures(0.8)).await;
    stored(&db, "H-2", 1, "A1001", measures(0.1)).await;

    assert_eq!(rolled_up(&db).await, 2, "one person, one queue");

    assert_eq!(contacts(&db, SumKind::Staff).await, [of("A1001", 2)]);
    assert_eq!(contacts(&db, SumKind::Queue).await, [of("hotline/broadband_fault", 2)]);
    assert_eq!(rolled_up(&db).await, 0, "nothing is out of date any more");
    stored(&db, "H-3", 1, "A1001", measures(0.5)).await;
    assert_eq!(rolled_up(&db).await, 2);
    assert_eq!(contacts(&db, SumKind::Staff).await, [of("A1001", 3)]);
}

async fn a_contact_that_changes_hands_leaves_the_sum_of_the_first(db: TestDb) {
    stored(&db, "H-1", 1, "A1001", measures(0.8)).await;
    rolled_up(&db).await;

    stored(&db, "H-1", 2, "A2002", measures(0.8)).await;
    rolled_up(&db).await;

    assert_eq!(contacts(&db, SumKind::Staff).await, [of("A2002", 1)]);
}

async fn somebody_who_rolled_up_already_leaves_nothing_to_do(db: TestDb) {
    stored(&db, "H-1", 1, "A1001", measures(0.8)).await;
    let key = SumKey { kind: SumKind::Staff, name: "A1001".to_owned(), week: NOW.week() };

    let (first, second) = tokio::join!(
        db.store.roll_up(&key, |contacts| sum(contacts).to_json()),
        db.store.roll_up(&key, |contacts| sum(contacts).to_json()),
    );

    assert!(first.unwrap() ^ second.unwrap(), "one of them did it");
    assert_eq!(contacts(&db, SumKind::Staff).await, [of("A1001", 1)]);
}

async fn a_contact_of_an_incident_is_marked_whenever_it_was_declared(db: TestDb) {
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    let note = redactor.remark(&RawText::new("海淀光缆中断".to_owned()));
    let incident = |channel| NewIncident {
        begins_at: NOW.plus_millis(-1),
        ends_at: NOW.plus_millis(1),
        channel,
        business_process: None,
        team: None,
        note: note.clone(),
    };
    stored(&db, "H-1", 1, "A1001", measures(0.8)).await;
    rolled_up(&db).await;
    let elsewhere = db.store.declare_incident(&incident(Some(Channel::Hall)), "chen", NOW).await.unwrap();
    let here = db.store.declare_incident(&incident(None), "chen", NOW).await.unwrap();
    rolled_up(&db).await;
    assert_eq!(marked(&db).await, 1);

    assert!(db.store.revoke_incident(here, NOW).await.unwrap());
    assert!(!db.store.revoke_incident(here, NOW).await.unwrap(), "once is enough");
    rolled_up(&db).await;
    assert_eq!(marked(&db).await, 0, "the incident in the halls is another one");
    let listed = db.store.incidents(10).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().any(|one| one.id == elsewhere && one.revoked_at.is_none()));
}

/// Contacts within incidents in the sums of A1001.
async fn marked(db: &TestDb) -> u32 {
    let mut found = 0;
    let take = |_: &str, _: i64, body: &str| {
        found += Sums::from_json(body)?.incidents;
        Ok(())
    };
    db.store.sums(SumKind::Staff, NOW.week(), take).await.unwrap();
    found
}

async fn a_customer_who_came_back_within_a_week_is_known(db: TestDb) {
    stored(&db, "H-1", 1, "A1001", measures(0.8)).await;
    stored(&db, "H-2", 1, "A1001", measures(0.8)).await;
    tamper(&db, "UPDATE contacts SET customer = 'somebody'").await;
    tamper(&db, "UPDATE contacts SET happened_at = happened_at - 86400000 WHERE contact_id = 'H-1'").await;

    let staff = StaffId::new("A1001").unwrap();
    let mut found = db.store.contacts_of_staff(&staff, UtcMillis::from_millis(0)).await.unwrap();

    found.sort_by_key(|contact| contact.happened_at);
    assert_eq!(found.iter().map(|contact| contact.repeated).collect::<Vec<_>>(), [false, true]);
    let latest = db.store.latest_measures(UtcMillis::from_millis(0), 1).await.unwrap();
    assert_eq!(latest.iter().map(|contact| contact.id).collect::<Vec<_>>(), [found[1].id]);
}

async fn a_contact_that_arrives_late_brings_the_sums_of_the_contacts_after_it_up_to_date(db: TestDb) {
    stored(&db, "H-2", 1, "A2002", measures(0.8)).await;
    for (id, days) in [("H-0", 9), ("H-1", 2)] {
        rolled_up(&db).await;
        received(&db, (id, 1, "A1001"), NOW.plus_millis(-days * 86_400_000)).await;
        tamper(&db, "UPDATE contacts SET customer = 'somebody'").await;

        scored(&db, measures(0.8)).await;

        let stale = db.store.stale_sums(None, 10).await.unwrap();
        let later = stale.iter().any(|key| key.name == "A2002" && key.week == NOW.week());
        assert_eq!(later, days <= 7, "{id}: {stale:?}");
    }
}

async fn a_contact_with_damaged_numbers_keeps_nobodys_week_from_being_summed(db: TestDb) {
    stored(&db, "H-1", 1, "A1001", measures(0.9)).await;
    stored(&db, "H-2", 1, "A1001", measures(0.2)).await;
    tamper(&db, "UPDATE contact_measures SET body = '{' WHERE body LIKE '%0.9%'").await;

    assert_eq!(rolled_up(&db).await, 2);

    assert_eq!(contacts(&db, SumKind::Staff).await, [of("A1001", 1)]);
    assert_eq!(db.store.count_stale_sums(NOW.week()..NOW.week() + 1).await.unwrap(), 0);
}

async fn a_sum_that_another_release_wrote_is_left_out_and_computed_anew(db: TestDb) {
    stored(&db, "H-1", 1, "A1001", measures(0.8)).await;
    stored(&db, "H-2", 1, "A2002", measures(0.8)).await;
    rolled_up(&db).await;
    tamper(&db, "UPDATE weekly_sums SET body = '{\"older\":1}' WHERE name = 'A1001'").await;

    assert_eq!(contacts(&db, SumKind::Staff).await, [of("A2002", 1)], "the others can still be asked for");

    assert_eq!(db.store.count_stale_sums(NOW.week()..NOW.week() + 1).await.unwrap(), 1);
    assert_eq!(rolled_up(&db).await, 1);
    assert_eq!(contacts(&db, SumKind::Staff).await, [of("A1001", 1), of("A2002", 1)]);
}

async fn confirmed_contacts_are_counted_by_person_and_rule(db: TestDb) {
    for id in ["H-1", "H-2"] {
        let flags =
            vec![flag(Rule::AgentLapse, Severity::High, 0.95), flag(Rule::AgentLapse, Severity::High, 0.93)];
        analysed(&db.store, intake_of(contact(id, 1, "宽带又断了")), flags).await;
    }
    assert!(db.store.confirmed(UtcMillis::from_millis(0)).await.unwrap().is_empty());

    let own = StaffId::new("A1001").unwrap();
    for row in db.store.flags_of_staff(&own, UtcMillis::from_millis(0), 10).await.unwrap() {
        let verdict = verdict(row.id, row.flag.utterances, FlagStatus::Confirmed);
        db.store.judge(&verdict, None).await.unwrap();
    }

    let confirmed = db.store.confirmed(UtcMillis::from_millis(0)).await.unwrap();
    let own = &confirmed[&StaffId::new("A1001").unwrap()];
    assert_eq!(own[&Rule::AgentLapse], 2, "contacts, not flags");
    let listed =
        db.store.flags_of_staff(&StaffId::new("A1001").unwrap(), UtcMillis::from_millis(0), 10).await;
    assert!(listed.unwrap().iter().all(|row| row.flag.status == FlagStatus::Confirmed));
}

async fn coaching_is_agreed_listed_by_team_and_taken_back(db: TestDb) {
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    let team = TeamId::new("beijing-01").unwrap();
    let coaching = NewCoaching {
        staff: StaffId::new("A1001").unwrap(),
        team: Some(team.clone()),
        indicator: "unsoothed".to_owned(),
        note: redactor.remark(&RawText::new("先复述问题，再给时限".to_owned())),
        terms: CoachingTerms::default(),
        clips: Vec::new(),
    };

    let id = db.store.agree_coaching(&coaching, "wang", NOW).await.unwrap();

    let other = TeamId::new("beijing-02").unwrap();
    assert_eq!(db.store.coaching(Some(&other), 10).await.unwrap(), []);
    let listed = db.store.coaching(Some(&team), 10).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].id, listed[0].agreed_by.as_str(), listed[0].ended_at), (id, "wang", None));
    assert!(db.store.end_coaching(id, NOW).await.unwrap());
    assert!(!db.store.end_coaching(id, NOW).await.unwrap());
    assert_eq!(db.store.coaching(None, 10).await.unwrap()[0].ended_at, Some(NOW));
}

async fn a_staff_account_knows_its_work_number(db: TestDb) {
    let staff = StaffId::new("A1001").unwrap();
    assert!(!db.store.link_staff("li.na", &staff).await.unwrap(), "there is no such account");
    let user = tingxin::store::User {
        name: "li.na".to_owned(),
        role: Role::Staff,
        team: None,
        disabled: false,
        created_at: NOW,
    };
    db.store.create_user(&user, "hash").await.unwrap();
    assert_eq!(db.store.staff_of("li.na").await.unwrap(), None);

    assert!(db.store.link_staff("li.na", &staff).await.unwrap());

    assert_eq!(db.store.staff_of("li.na").await.unwrap(), Some(staff));
}
