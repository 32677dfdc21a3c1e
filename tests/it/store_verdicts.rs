//! What people say about flags, on both databases.

use tingxin::domain::{ContactRef, Flag, FlagId, FlagStatus, Rule, Severity, StaffId, TeamId, UtcMillis};
use tingxin::store::{AuditCheck, Judged, NewVerdict};

use crate::support::store::{
    LEASE, NOW, TestDb, analysed, analysis, contact, flag, intake, intake_of, on_each_backend, verdict,
};

on_each_backend! {
    a_verdict_is_shown_counted_and_kept_with_those_before_it,
    a_verdict_stays_when_another_model_raises_the_same_flag_and_waits_when_it_points_elsewhere,
    a_verdict_is_about_the_text_that_was_listened_to,
    what_has_changed_since_it_was_looked_at_is_not_judged,
    a_verdict_on_what_is_no_longer_flagged_can_be_taken_back,
    a_verdict_and_a_new_analysis_at_once_never_part,
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
    verdict(flag, vec![1], status)
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
    let id = analysed(
        &db.store,
        intake("H-1", 1, "宽带又断了"),
        vec![lapse(1), flag(Rule::Abuse, Severity::Info, 0.9)],
    )
    .await;
    let flag = first_flag(&db, id).await;

    assert_eq!(db.store.judge(&says(flag, FlagStatus::Confirmed), None).await.unwrap(), Judged::Kept(id));
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
    assert_eq!(db.store.judge(&says(nobodys, FlagStatus::Confirmed), None).await.unwrap(), Judged::Unknown);
    assert_eq!(db.store.verify_audit().await.unwrap(), AuditCheck::Intact { entries: 3 });
}

async fn a_verdict_stays_when_another_model_raises_the_same_flag_and_waits_when_it_points_elsewhere(
    db: TestDb,
) {
    let id = analysed(&db.store, intake("H-1", 1, "宽带又断了"), vec![lapse(1)]).await;
    let flag = first_flag(&db, id).await;
    db.store.judge(&says(flag, FlagStatus::Confirmed), None).await.unwrap();

    let engine = |model: &str| crate::support::store::engine(model).fingerprint();
    db.store.queue_rescoring(&engine("lexicon-2"), None, NOW).await.unwrap();
    again(&db, "lexicon-2", vec![lapse(1)]).await;
    assert_eq!(status(&db, id).await, [FlagStatus::Confirmed]);

    db.store.queue_rescoring(&engine("lexicon-3"), None, NOW).await.unwrap();
    again(&db, "lexicon-3", vec![lapse(0)]).await;
    assert_eq!(status(&db, id).await, [FlagStatus::Candidate], "nobody has listened to that turn");
    assert_eq!(confirmed(&db).await, 1, "what was heard was heard");
    db.store.judge(&verdict(flag, vec![0], FlagStatus::Rejected), None).await.unwrap();
    assert_eq!(confirmed(&db).await, 1, "the other turn is another matter");

    db.store.queue_rescoring(&engine("lexicon-2"), None, NOW).await.unwrap();
    again(&db, "lexicon-2", vec![lapse(1)]).await;
    assert_eq!(
        status(&db, id).await,
        [FlagStatus::Confirmed],
        "and so it is when the first model comes back"
    );
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

async fn what_has_changed_since_it_was_looked_at_is_not_judged(db: TestDb) {
    let id = analysed(&db.store, intake("H-1", 1, "宽带又断了"), vec![lapse(1)]).await;
    let flag = first_flag(&db, id).await;
    let fresh = says(flag, FlagStatus::Confirmed);

    for stale in [
        NewVerdict { utterances: vec![0], ..fresh.clone() },
        NewVerdict { revision: Some(2), ..fresh.clone() },
        NewVerdict { seen: Some(1), ..fresh.clone() },
    ] {
        assert_eq!(db.store.judge(&stale, None).await.unwrap(), Judged::Changed, "{stale:?}");
    }
    assert_eq!((status(&db, id).await, confirmed(&db).await), (vec![FlagStatus::Candidate], 0));

    let seen = NewVerdict { revision: Some(1), seen: Some(0), ..fresh };
    assert_eq!(db.store.judge(&seen, None).await.unwrap(), Judged::Kept(id));
    assert_eq!(db.store.judge(&seen, None).await.unwrap(), Judged::Changed, "somebody was quicker");
}

async fn a_verdict_on_what_is_no_longer_flagged_can_be_taken_back(db: TestDb) {
    let id = analysed(&db.store, intake("H-1", 1, "宽带又断了"), vec![lapse(1)]).await;
    let flag = first_flag(&db, id).await;
    db.store.judge(&says(flag, FlagStatus::Confirmed), None).await.unwrap();
    let engine = crate::support::store::engine("lexicon-2").fingerprint();
    db.store.queue_rescoring(&engine, None, NOW).await.unwrap();
    again(&db, "lexicon-2", Vec::new()).await;
    assert_eq!(confirmed(&db).await, 1);

    let more = db.store.judge(&says(flag, FlagStatus::Rejected), None).await.unwrap();
    assert_eq!(more, Judged::Changed, "nothing is there to be rejected");
    assert_eq!(db.store.judge(&says(flag, FlagStatus::Candidate), None).await.unwrap(), Judged::Kept(id));

    assert_eq!(confirmed(&db).await, 0);
}

async fn a_verdict_and_a_new_analysis_at_once_never_part(db: TestDb) {
    for round in 0..20 {
        let id = analysed(&db.store, intake(&format!("H-{round}"), 1, "宽带又断了"), vec![lapse(1)]).await;
        let flag = first_flag(&db, id).await;
        let engine = crate::support::store::engine(&format!("lexicon-{}", round + 2)).fingerprint();
        db.store.queue_rescoring(&engine, None, NOW).await.unwrap();
        let claims = db.store.claim(100, LEASE, NOW).await.unwrap();
        let done: Vec<_> = claims
            .iter()
            .map(|claim| {
                let model = format!("lexicon-{}", round + 2);
                (claim.ticket, analysis(&claim.contact, &model, vec![lapse(1)]).into())
            })
            .collect();

        let says = says(flag, FlagStatus::Confirmed);
        let (judged, completed) = tokio::join!(db.store.judge(&says, None), db.store.complete(&done, NOW));

        assert!(completed.unwrap().iter().all(|stored| *stored));
        let kept = judged.unwrap() == Judged::Kept(id);
        let shown = status(&db, id).await == [FlagStatus::Confirmed];
        assert_eq!((kept, kept), (shown, db.store.verdicts(id).await.unwrap().len() == 1), "round {round}");
    }
}

async fn another_teams_flag_is_not_there(db: TestDb) {
    let id = analysed(&db.store, intake_of(contact("H-1", 1, "宽带又断了")), vec![lapse(1)]).await;
    let flag = first_flag(&db, id).await;
    let other = TeamId::new("beijing-02").unwrap();

    assert_eq!(
        db.store.judge(&says(flag, FlagStatus::Confirmed), Some(&other)).await.unwrap(),
        Judged::Unknown
    );
    assert_eq!((status(&db, id).await, confirmed(&db).await), (vec![FlagStatus::Candidate], 0));
}
