//! Agreements, names of staff, care and examples, on both databases.

use tingxin::domain::{
    ContactRef, FlagStatus, Programme, RedactedText, Role, Rule, Severity, StaffId, UtcMillis,
};
use tingxin::store::{
    Actor, CareTimes, Clip, CoachingTerms, Erasable, Judged, LearningChoice, NewCoaching, Store, User,
};

use crate::support::store::{NOW, TestDb, analysed, contact, flag, intake_of, on_each_backend, verdict};

on_each_backend! {
    an_agreement_keeps_its_clips_until_the_contact_or_the_person_is_erased,
    a_name_is_given_changed_taken_off_and_erased,
    care_goes_to_the_supervisor_of_the_team_and_is_made_once,
    an_example_is_chosen_once_and_released_with_the_others,
}

const LATER: UtcMillis = NOW.plus_millis(86_400_000);

fn number() -> StaffId {
    StaffId::new("A1001").unwrap()
}

fn words(text: &str) -> RedactedText {
    serde_json::from_value(serde_json::json!(text)).unwrap()
}

/// A contact whose flag a reviewer confirmed.
async fn confirmed(db: &TestDb, id: &str, rule: Rule) -> ContactRef {
    let own = intake_of(contact(id, 1, "客户骂人"));
    let contact = analysed(&db.store, own, vec![flag(rule, Severity::Info, 0.9)]).await;
    let flag = db.store.flags_of_contact(contact).await.unwrap()[0].id;
    let says = verdict(flag, vec![1], FlagStatus::Confirmed);
    assert!(matches!(db.store.judge(&says, None).await.unwrap(), Judged::Kept(_)));
    contact
}

async fn erase(store: &Store, subject: &Erasable) {
    store.erase(subject, LATER).await.unwrap();
}

async fn an_agreement_keeps_its_clips_until_the_contact_or_the_person_is_erased(db: TestDb) {
    let bad = confirmed(&db, "H-1", Rule::AgentLapse).await;
    let good = confirmed(&db, "H-2", Rule::Recovery).await;
    let training = db.store.trainings().await.unwrap()[0].id;
    let clip = |contact, good| Clip { contact, revision: 1, first: 0, last: 1, good };
    let coaching = NewCoaching {
        staff: number(),
        team: None,
        indicator: "unsoothed".to_owned(),
        note: words("先复述问题"),
        terms: CoachingTerms {
            due_at: Some(LATER),
            programme: Some(Programme::Train),
            training: Some(training),
            private_note: Some(words("别急")),
            shared_note: None,
        },
        clips: vec![clip(bad, false), clip(good, true)],
    };

    let id = db.store.agree_coaching(&coaching, "user:wang", NOW).await.unwrap();

    let (kept, clips) = db.store.one_coaching(id).await.unwrap().unwrap();
    assert_eq!(clips, coaching.clips);
    assert_eq!((kept.programme, kept.due_at), (Some(Programme::Train), Some(LATER)));
    assert!(kept.training_title.unwrap().1.is_some(), "what is shipped has an English title");
    let other = StaffId::new("A1002").unwrap();
    let said = words("好的");
    assert!(!db.store.acknowledge_coaching(id, &other, (None, NOW)).await.unwrap(), "it is not theirs");
    assert!(db.store.acknowledge_coaching(id, &number(), (Some(&said), NOW)).await.unwrap());
    assert!(!db.store.acknowledge_coaching(id, &number(), (None, LATER)).await.unwrap(), "once");
    assert_eq!(db.store.open_coaching(None, 10).await.unwrap().len(), 1);
    assert!(db.store.finish_coaching(id, LATER).await.unwrap());
    assert_eq!(db.store.open_coaching(None, 10).await.unwrap(), []);

    erase(&db.store, &Erasable::Contact(bad)).await;
    assert_eq!(db.store.one_coaching(id).await.unwrap().unwrap().1, [clip(good, true)]);
    erase(&db.store, &Erasable::Staff(number())).await;
    assert_eq!(db.store.one_coaching(id).await.unwrap(), None);
}

async fn a_name_is_given_changed_taken_off_and_erased(db: TestDb) {
    let names = |name: &str| vec![(number(), name.to_owned())];
    for (given, kept) in
        [("王芳", Some("王芳")), ("王芳芳", Some("王芳芳")), ("", None), ("王芳", Some("王芳"))]
    {
        db.store.name_staff(&names(given), NOW).await.unwrap();
        assert_eq!(db.store.staff_name(&number()).await.unwrap().as_deref(), kept);
    }
    assert_eq!(db.store.staff_names().await.unwrap().len(), 1);

    erase(&db.store, &Erasable::Staff(number())).await;
    assert!(db.store.staff_names().await.unwrap().is_empty());
}

async fn care_goes_to_the_supervisor_of_the_team_and_is_made_once(db: TestDb) {
    let mine = confirmed(&db, "H-1", Rule::Abuse).await;
    confirmed(&db, "H-2", Rule::Recovery).await;
    for (name, team) in [("anyone", None), ("lead", Some("beijing-01"))] {
        let user = User {
            name: name.to_owned(),
            role: Role::Supervisor,
            team: team.map(|team| tingxin::domain::TeamId::new(team).unwrap()),
            disabled: false,
            created_at: NOW,
        };
        db.store.create_user(&user, "hash").await.unwrap();
    }
    let times = CareTimes { now: NOW, due: LATER, since: NOW };

    assert_eq!(db.store.make_care(None, times).await.unwrap(), 1);
    assert_eq!(db.store.make_care(Some(mine), times).await.unwrap(), 0, "once");

    let task = db.store.one_care(mine).await.unwrap().unwrap();
    assert_eq!((task.owner.as_deref(), task.due_at, task.staff), (Some("lead"), LATER, number()));
    assert!(db.store.take_care(mine, "anyone", None).await.unwrap());
    let note = words("谈过了");
    assert!(db.store.finish_care(mine, ("user:anyone", &note), LATER).await.unwrap());
    assert!(!db.store.take_care(mine, "lead", None).await.unwrap(), "it is done");
    let listed = db.store.care(None, 10).await.unwrap();
    assert_eq!((listed.len(), listed[0].note.as_deref(), listed[0].due_at), (1, Some("谈过了"), LATER));
    erase(&db.store, &Erasable::Staff(number())).await;
    assert_eq!(db.store.care(None, 10).await.unwrap(), []);
}

async fn an_example_is_chosen_once_and_released_with_the_others(db: TestDb) {
    let calmed = confirmed(&db, "H-1", Rule::Recovery).await;
    let since = NOW.plus_millis(-86_400_000);
    let proposed = db.store.learning_proposals(since, None, 10).await.unwrap();
    assert_eq!(
        (proposed.len(), proposed[0].contact, proposed[0].utterances.as_slice()),
        (1, calmed, &[1][..])
    );
    let remark = words("先认可感受");
    let choice = LearningChoice { first: 0, last: 1, remark: &remark, by: "user:wang", at: NOW };

    assert!(db.store.choose_learning(&proposed[0], &choice).await.unwrap());
    assert!(!db.store.choose_learning(&proposed[0], &choice).await.unwrap());

    assert_eq!(db.store.learning_proposals(since, None, 10).await.unwrap(), []);
    assert_eq!(db.store.released_learning(since, 10).await.unwrap(), []);
    assert_eq!(db.store.release_learning("user:wang", LATER).await.unwrap(), 1);
    let released = db.store.released_learning(since, 10).await.unwrap();
    assert_eq!((released[0].remark.as_str(), released[0].last), ("先认可感受", 1));
    let flag = db.store.flags_of_contact(calmed).await.unwrap()[0].id;
    let mut overturned = verdict(flag, vec![1], FlagStatus::Rejected);
    overturned.by = Actor::here("user:fushen", Some(Role::Reviewer));
    assert!(matches!(db.store.judge(&overturned, None).await.unwrap(), Judged::Kept(_)));
    assert_eq!(db.store.released_learning(since, 10).await.unwrap(), [], "it is no example any more");
    assert!(db.store.drop_learning(calmed).await.unwrap());
}
