//! What the store promises about contacts and jobs, on both databases.

use tingxin::domain::{ContactState, TeamId};
use tingxin::store::{FailOutcome, IngestReceipt, StoreError};

use crate::support::store::{
    LEASE, NOW, TestDb, analysed, analysis, contact, engine, intake, intake_of, key, on_each_backend,
};

on_each_backend! {
    every_statement_is_understood,
    a_new_contact_is_queued_and_can_be_read_back,
    the_same_contact_again_changes_nothing,
    other_content_under_the_same_revision_is_a_conflict,
    a_newer_revision_replaces_the_older_one_and_its_job,
    an_older_revision_never_overwrites_a_newer_one,
    whoever_is_limited_to_a_team_touches_no_other_teams_contact,
    a_completed_contact_has_its_analysis_and_no_job,
    an_overtaken_worker_stores_nothing,
    a_lease_that_ran_out_is_handed_out_again,
    the_fifth_failure_sets_a_contact_aside,
    a_new_engine_rescores_and_the_old_analysis_stays_until_then,
    a_second_migration_changes_nothing,
    another_pseudonym_key_is_refused,
}

async fn every_statement_is_understood(db: TestDb) {
    let read = db.store.check_statements().await;

    assert!(read.as_ref().is_ok_and(|count| *count > 60), "{read:?}");
}

async fn a_new_contact_is_queued_and_can_be_read_back(db: TestDb) {
    let sent = intake("H-1", 1, "宽带又断了");

    let receipts = db.store.ingest(std::slice::from_ref(&sent), NOW).await.unwrap();

    assert!(matches!(receipts[..], [IngestReceipt::Queued(_)]), "{receipts:?}");
    let stored = db.store.contact(key(&receipts[0]), None).await.unwrap().unwrap();
    assert_eq!(stored.state, ContactState::Queued);
    assert_eq!(stored.received_at, NOW);
    assert_eq!(stored.contact, sent.contact);
}

async fn the_same_contact_again_changes_nothing(db: TestDb) {
    let sent = intake("H-1", 1, "宽带又断了");
    let first = db.store.ingest(std::slice::from_ref(&sent), NOW).await.unwrap();

    let again = db.store.ingest(&[sent.clone(), sent], NOW.plus_millis(1)).await.unwrap();

    let id = key(&first[0]);
    assert_eq!(again, [IngestReceipt::Unchanged(id), IngestReceipt::Unchanged(id)]);
    assert_eq!(db.store.queue_state(NOW).await.unwrap().waiting, 1);
}

async fn other_content_under_the_same_revision_is_a_conflict(db: TestDb) {
    let first = db.store.ingest(&[intake("H-1", 1, "宽带又断了")], NOW).await.unwrap();

    let second = db.store.ingest(&[intake("H-1", 1, "话费不对")], NOW).await.unwrap();

    assert_eq!(second, [IngestReceipt::Conflict(key(&first[0]))]);
    let stored = db.store.contact(key(&first[0]), None).await.unwrap().unwrap();
    assert_eq!(stored.contact, intake("H-1", 1, "宽带又断了").contact);
}

async fn a_newer_revision_replaces_the_older_one_and_its_job(db: TestDb) {
    let first = db.store.ingest(&[intake("H-1", 1, "宽带又断了")], NOW).await.unwrap();
    let old = db.store.claim(1, LEASE, NOW).await.unwrap();

    let second = db.store.ingest(&[intake("H-1", 2, "宽带修好了")], NOW).await.unwrap();

    assert_eq!(second, [IngestReceipt::Updated(key(&first[0]))]);
    let late = analysis(&old[0].contact, "lexicon-1", Vec::new());
    assert_eq!(db.store.complete(&[(old[0].ticket, late.into())], NOW).await.unwrap(), [false]);
    let new = db.store.claim(10, LEASE, NOW).await.unwrap();
    assert_eq!(new.iter().map(|claim| claim.contact.header.revision).collect::<Vec<_>>(), [2]);
}

async fn an_older_revision_never_overwrites_a_newer_one(db: TestDb) {
    let newer = db.store.ingest(&[intake("H-1", 3, "宽带修好了")], NOW).await.unwrap();

    let older = db.store.ingest(&[intake("H-1", 2, "宽带又断了")], NOW).await.unwrap();

    assert_eq!(older, [IngestReceipt::Stale { id: key(&newer[0]), current: 3 }]);
    let stored = db.store.contact(key(&newer[0]), None).await.unwrap().unwrap();
    assert_eq!(stored.contact.header.revision, 3);
}

async fn whoever_is_limited_to_a_team_touches_no_other_teams_contact(db: TestDb) {
    let of_team = |id: &str, team: Option<&str>, revision| {
        let mut contact = contact(id, revision, "宽带又断了");
        let staff = contact.header.staff.as_mut().unwrap();
        staff.team = team.map(|team| TeamId::new(team).unwrap());
        intake_of(contact)
    };
    let (own, other) = (Some("beijing-01"), Some("beijing-02"));
    let limit = TeamId::new("beijing-01").unwrap();
    let there = [of_team("H-1", other, 2), of_team("H-2", None, 2), of_team("H-3", own, 2)];
    let ids: Vec<_> = db.store.ingest(&there, NOW).await.unwrap().iter().map(key).collect();

    let sent = [
        of_team("H-1", own, 1),
        of_team("H-1", own, 2),
        of_team("H-1", own, 3),
        of_team("H-2", own, 3),
        of_team("H-3", other, 3),
        of_team("H-3", None, 3),
        of_team("H-3", own, 3),
    ];
    let receipts = db.store.ingest_for(Some(&limit), &sent, NOW).await.unwrap();

    let (held, sent) = (IngestReceipt::HeldByOtherTeam, IngestReceipt::SentForOtherTeam);
    assert_eq!(receipts, [held, held, held, held, sent, sent, IngestReceipt::Updated(ids[2])]);
    for (id, before) in ids.iter().zip(&there).take(2) {
        assert_eq!(db.store.contact(*id, None).await.unwrap().unwrap().contact, before.contact);
    }
}

async fn a_completed_contact_has_its_analysis_and_no_job(db: TestDb) {
    let sent = intake("H-1", 1, "宽带又断了");

    let id = analysed(&db.store, sent.clone(), Vec::new()).await;

    assert_eq!(db.store.contact(id, None).await.unwrap().unwrap().state, ContactState::Analysed);
    let stored = db.store.analysis(id, None).await.unwrap().unwrap();
    assert_eq!(stored, analysis(&sent.contact, "lexicon-1", Vec::new()));
    assert_eq!(db.store.queue_state(NOW).await.unwrap().waiting, 0);
}

async fn an_overtaken_worker_stores_nothing(db: TestDb) {
    db.store.ingest(&[intake("H-1", 1, "宽带又断了")], NOW).await.unwrap();
    let slow = db.store.claim(1, LEASE, NOW).await.unwrap();
    let later = NOW.plus_millis(LEASE + 1);
    let quick = db.store.claim(1, LEASE, later).await.unwrap();
    let answer = analysis(&slow[0].contact, "lexicon-1", Vec::new());

    let late = db.store.complete(&[(slow[0].ticket, answer.clone().into())], later).await.unwrap();

    assert_eq!(late, [false]);
    assert_eq!(db.store.fail(slow[0].ticket, "late", later).await.unwrap(), FailOutcome::Overtaken);
    assert_eq!(db.store.complete(&[(quick[0].ticket, answer.into())], later).await.unwrap(), [true]);
}

async fn a_lease_that_ran_out_is_handed_out_again(db: TestDb) {
    db.store.ingest(&[intake("H-1", 1, "宽带又断了")], NOW).await.unwrap();
    db.store.claim(1, LEASE, NOW).await.unwrap();

    let during = db.store.claim(1, LEASE, NOW.plus_millis(LEASE - 1)).await.unwrap();
    let after = db.store.claim(1, LEASE, NOW.plus_millis(LEASE)).await.unwrap();

    assert_eq!(during, []);
    assert_eq!(after.iter().map(|claim| claim.ticket.attempt).collect::<Vec<_>>(), [2]);
}

async fn the_fifth_failure_sets_a_contact_aside(db: TestDb) {
    let receipts = db.store.ingest(&[intake("H-1", 1, "宽带又断了")], NOW).await.unwrap();
    let mut outcomes = Vec::new();
    let mut now = NOW;

    while let [claim] = &db.store.claim(1, LEASE, now).await.unwrap()[..] {
        outcomes.push(db.store.fail(claim.ticket, "analysis_failed", now).await.unwrap());
        now = now.plus_millis(60_000);
    }

    assert_eq!(
        outcomes,
        [
            FailOutcome::Retried,
            FailOutcome::Retried,
            FailOutcome::Retried,
            FailOutcome::Retried,
            FailOutcome::Quarantined
        ]
    );
    let stored = db.store.contact(key(&receipts[0]), None).await.unwrap().unwrap();
    assert_eq!(stored.state, ContactState::Quarantined);
    assert_eq!(db.store.queue_state(now).await.unwrap().quarantined, 1);
}

async fn a_new_engine_rescores_and_the_old_analysis_stays_until_then(db: TestDb) {
    let id = analysed(&db.store, intake("H-1", 1, "宽带又断了"), Vec::new()).await;
    let (old, new) = (engine("lexicon-1"), engine("lexicon-2"));

    assert_eq!(db.store.queue_rescoring(&old.fingerprint(), None, NOW).await.unwrap(), 0);
    assert_eq!(db.store.queue_rescoring(&new.fingerprint(), None, NOW).await.unwrap(), 1);
    assert_eq!(
        db.store.queue_rescoring(&new.fingerprint(), None, NOW).await.unwrap(),
        0,
        "it is queued once"
    );

    assert_eq!(db.store.analysis(id, None).await.unwrap().unwrap().engine, old);
    assert_eq!(db.store.contact(id, None).await.unwrap().unwrap().state, ContactState::Analysed);
    let claims = db.store.claim(1, LEASE, NOW).await.unwrap();
    let answer = analysis(&claims[0].contact, "lexicon-2", Vec::new());
    assert_eq!(db.store.complete(&[(claims[0].ticket, answer.into())], NOW).await.unwrap(), [true]);
    assert_eq!(db.store.analysis(id, None).await.unwrap().unwrap().engine, new);
    assert_eq!(db.store.inventory().await.unwrap().analyses, 2, "the earlier analysis is kept");
}

async fn a_second_migration_changes_nothing(db: TestDb) {
    assert_eq!(db.store.migrate().await.unwrap(), Vec::<i64>::new());
}

async fn another_pseudonym_key_is_refused(db: TestDb) {
    db.store.bind_key("aaaa").await.unwrap();
    db.store.bind_key("aaaa").await.unwrap();

    let refused = db.store.bind_key("bbbb").await;

    assert!(matches!(&refused, Err(StoreError::OtherKey { bound, .. }) if bound == "aaaa"), "{refused:?}");
}
