//! What people say about flags, on both databases.

use tingxin::domain::{ContactRef, Flag, FlagId, FlagStatus, Rule, Severity, StaffId, TeamId, UtcMillis};
use tingxin::store::NewVerdict;

use crate::support::store::{
    LEASE, NOW, TestDb, analysed, analysis, contact, flag, intake, intake_of, on_each_backend,
};

on_each_backend! {
    a_verdict_is_shown_counted_and_kept_with_those_before_it,
    a_verdict_stays_when_another_model_raises_the_same_flag_and_waits_when_it_points_elsewhere,
    a_verdict_is_about_the_text_that_was_listened_to,
    another_teams_flag_is_not_there,
}

fn lapse(turn: usize) -> Flag {
    Flag { utterances: vec![turn], ..flag(Rule::AgentLapse, Severity::High, 0.95) }
}

async fn status(db: &TestDb, id: ContactRef) -> Vec<FlagStatus> {
    db.store.flags_of_contact(id).await.unwrap().iter().map(|row| row.flag.status).collect()
}

async fn first_flag(db: &TestDb, id: ContactRef) -> FlagId {
    db.store.flags_of_contact(id).await.unwrap()[0].id
}

fn says(flag: FlagId, status: FlagStatus) -> NewVerdict {
    NewVerdict { flag, status, note: None, judged_by: "li.na".to_owned(), judged_at: NOW }
}

/// Contacts with a confirmed lapse of A1001.
async fn confirmed(db: &TestDb) -> usize {
    let all = db.store.confirmed(UtcMillis::from_millis(0)).await.unwrap();
    let own = all.get(&StaffId::new("A1001").unwrap());
    own.and_then(|rules| rules.get(&Rule::AgentLapse)).copied().unwrap_or_default()
}

/// Has the contact analysed anew.
async fn again(db: &TestDb, model: &str, flags: Vec<Flag>) {
    let claims = db.store.claim(1, LEASE, NOW).await.unwrap();
    let done = analysis(&claims[0].contact, model, flags);
    assert_eq!(db.store.complete(&[(claims[0].ticket, done.into())], NOW).await.unwrap(), [true]);
}

async fn a_verdict_is_shown_counted_and_kept_with_those_before_it(db: TestDb) {
    let id = analysed(&db.store, intake("H-1", 1, "宽带又断了"), vec![lapse(1), lapse(0)]).await;
    let flag = first_flag(&db, id).await;

    assert_eq!(db.store.judge(&says(flag, FlagStatus::Confirmed), None).await.unwrap(), Some(id));
    assert_eq!(status(&db, id).await.iter().filter(|one| **one == FlagStatus::Confirmed).count(), 1);
    assert_eq!(confirmed(&db).await, 1);

    db.store.judge(&says(flag, FlagStatus::Rejected), None).await.unwrap();
    assert_eq!(confirmed(&db).await, 0, "the latest word counts");
    db.store.judge(&says(flag, FlagStatus::Candidate), None).await.unwrap();
    assert_eq!(status(&db, id).await, [FlagStatus::Candidate; 2], "taken back");

    let said: Vec<FlagStatus> =
        db.store.verdicts(id).await.unwrap().iter().map(|verdict| verdict.status).collect();
    assert_eq!(said, [FlagStatus::Confirmed, FlagStatus::Rejected, FlagStatus::Candidate]);
    let nobodys = FlagId(uuid::Uuid::nil());
    assert_eq!(db.store.judge(&says(nobodys, FlagStatus::Confirmed), None).await.unwrap(), None);
}

async fn a_verdict_stays_when_another_model_raises_the_same_flag_and_waits_when_it_points_elsewhere(
    db: TestDb,
) {
    let id = analysed(&db.store, intake("H-1", 1, "宽带又断了"), vec![lapse(1)]).await;
    let flag = first_flag(&db, id).await;
    db.store.judge(&says(flag, FlagStatus::Confirmed), None).await.unwrap();

    let engine = |model: &str| crate::support::store::engine(model).fingerprint();
    db.store.queue_rescoring(&engine("lexicon-2"), NOW).await.unwrap();
    again(&db, "lexicon-2", vec![lapse(1)]).await;
    assert_eq!(status(&db, id).await, [FlagStatus::Confirmed]);

    db.store.queue_rescoring(&engine("lexicon-3"), NOW).await.unwrap();
    again(&db, "lexicon-3", vec![lapse(0)]).await;
    assert_eq!(status(&db, id).await, [FlagStatus::Candidate], "nobody has listened to that turn");
    assert_eq!(confirmed(&db).await, 1, "what was heard was heard");
}

async fn a_verdict_is_about_the_text_that_was_listened_to(db: TestDb) {
    let id = analysed(&db.store, intake("H-1", 1, "宽带又断了"), vec![lapse(1)]).await;
    let flag = first_flag(&db, id).await;
    db.store.judge(&says(flag, FlagStatus::Confirmed), None).await.unwrap();

    db.store.ingest(&[intake("H-1", 2, "宽带修好了")], NOW).await.unwrap();
    again(&db, "lexicon-1", vec![lapse(1)]).await;

    assert_eq!(status(&db, id).await, [FlagStatus::Candidate]);
    assert_eq!(confirmed(&db).await, 0);
    assert_eq!(db.store.verdicts(id).await.unwrap()[0].revision, 1);
}

async fn another_teams_flag_is_not_there(db: TestDb) {
    let id = analysed(&db.store, intake_of(contact("H-1", 1, "宽带又断了")), vec![lapse(1)]).await;
    let flag = first_flag(&db, id).await;
    let other = TeamId::new("beijing-02").unwrap();

    assert_eq!(db.store.judge(&says(flag, FlagStatus::Confirmed), Some(&other)).await.unwrap(), None);
    assert_eq!((status(&db, id).await, confirmed(&db).await), (vec![FlagStatus::Candidate], 0));
}
