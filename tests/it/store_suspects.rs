//! Whom the death of a process speaks against, and whom not.

use std::collections::{BTreeMap, BTreeSet};

use tingxin::domain::{ContactRef, ContactState, UtcMillis};
use tingxin::store::{Ask, Claim, Store};

use crate::support::store::{LEASE, NOW, TestDb, analysis, intake, key, on_each_backend};

on_each_backend!(
    one_that_kills_the_process_is_found_by_halving_and_no_neighbour_has_a_strike,
    a_process_that_dies_of_something_else_a_thousand_times_sets_nobody_aside,
    the_text_of_a_batch_stays_within_its_bytes_and_a_longer_contact_comes_alone,
    what_was_set_aside_is_listed_with_its_reason_and_retried_or_given_up_one_by_one,
);

async fn fill(store: &Store, count: usize) -> Vec<ContactRef> {
    let batch: Vec<_> = (0..count).map(|n| intake(&format!("H-{n:03}"), 1, "宽带又断了")).collect();
    store.ingest(&batch, NOW).await.unwrap().iter().map(key).collect()
}

async fn ask(store: &Store, lived_millis: i64, now: UtcMillis) -> Vec<Claim> {
    store.claim(Ask { limit: 32, bytes: i64::MAX, lived_millis }, LEASE, now).await.unwrap()
}

async fn complete(store: &Store, claims: Vec<Claim>) {
    for claim in claims {
        let answer = analysis(&claim.contact, "lexicon-1", Vec::new());
        store.complete(&[(claim.ticket, answer.into())], NOW).await.unwrap();
    }
}

async fn states(store: &Store, ids: &[ContactRef]) -> BTreeMap<ContactRef, ContactState> {
    let mut states = BTreeMap::new();
    for id in ids {
        states.insert(*id, store.contact(*id, None).await.unwrap().unwrap().state);
    }
    states
}

async fn one_that_kills_the_process_is_found_by_halving_and_no_neighbour_has_a_strike(db: TestDb) {
    let ids = fill(&db.store, 100).await;
    let poison = ids[40];
    let mut together = Vec::new();
    let mut done = BTreeSet::new();

    // Every round is a life of the process, a minute after the last: it ends when the poison is
    // analysed.
    for life in 0..20 {
        let now = NOW.plus_millis(life * 60_000);
        db.store.release_leases().await.unwrap();
        loop {
            let claims = ask(&db.store, 32_000, now).await;
            if claims.is_empty() {
                break;
            }
            if claims.iter().any(|claim| claim.ticket.contact == poison) {
                together.push(claims.len());
                break;
            }
            done.extend(claims.iter().map(|claim| claim.ticket.contact));
            complete(&db.store, claims).await;
        }
    }

    assert_eq!(together, [32, 16, 8, 4, 2, 1, 1, 1, 1, 1]);
    assert_eq!(done.len(), 99);
    for (id, state) in states(&db.store, &ids).await {
        let expected = if id == poison { ContactState::Quarantined } else { ContactState::Analysed };
        assert_eq!(state, expected);
    }
    let set_aside = db.store.set_aside(10).await.unwrap();
    assert_eq!(set_aside.iter().map(|one| (one.contact, one.deaths)).collect::<Vec<_>>(), [(poison, 5)]);
}

async fn a_process_that_dies_of_something_else_a_thousand_times_sets_nobody_aside(db: TestDb) {
    let ids = fill(&db.store, 12).await;

    // Whatever is in hand when it dies is innocent, and it always dies before anything is finished.
    for life in 0..1_000 {
        let now = NOW.plus_millis(life * 1_000);
        db.store.release_leases().await.unwrap();
        ask(&db.store, life % 4_000, now).await;
    }

    let later = NOW.plus_millis(3_600_000);
    db.store.release_leases().await.unwrap();
    assert_eq!(db.store.queue_state(later).await.unwrap().quarantined, 0);
    loop {
        let claims = ask(&db.store, 60_000, later).await;
        if claims.is_empty() {
            break;
        }
        complete(&db.store, claims).await;
    }
    assert!(states(&db.store, &ids).await.values().all(|state| *state == ContactState::Analysed));
}

async fn the_text_of_a_batch_stays_within_its_bytes_and_a_longer_contact_comes_alone(db: TestDb) {
    let long = "宽带又断了".repeat(1_000);
    let batch: Vec<_> =
        (0..6).map(|n| intake(&format!("H-{n}"), 1, if n == 2 { &long } else { "断" })).collect();
    for one in batch {
        db.store.ingest(&[one], NOW).await.unwrap();
    }
    let mut sizes = Vec::new();
    loop {
        let ask = Ask { limit: 32, bytes: 5_000, lived_millis: 0 };
        let claims = db.store.claim(ask, LEASE, NOW).await.unwrap();
        if claims.is_empty() {
            break;
        }
        sizes.push(claims.len());
    }

    assert_eq!(sizes, [2, 1, 3]);
}

async fn what_was_set_aside_is_listed_with_its_reason_and_retried_or_given_up_one_by_one(db: TestDb) {
    let ids = fill(&db.store, 2).await;
    let mut now = NOW;
    for _ in 0..10 {
        for claim in db.store.claim(1, LEASE, now).await.unwrap() {
            db.store.fail(claim.ticket, "analysis_failed", now).await.unwrap();
        }
        now = now.plus_millis(60_000);
    }
    let listed = db.store.set_aside(10).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.contact).collect::<BTreeSet<_>>(), ids.iter().copied().collect());
    assert!(listed.iter().all(|one| one.reason == "analysis_failed" && one.attempts == 5 && one.deaths == 0));

    assert!(db.store.requeue(ids[0], now).await.unwrap());
    assert!(db.store.drop_set_aside(ids[1]).await.unwrap());

    assert!(!db.store.requeue(ids[1], now).await.unwrap(), "it was given up");
    assert!(!db.store.drop_set_aside(ids[0]).await.unwrap(), "it waits again");
    assert_eq!(db.store.set_aside(10).await.unwrap(), []);
    let states = states(&db.store, &ids).await;
    assert_eq!([states[&ids[0]], states[&ids[1]]], [ContactState::Queued, ContactState::Quarantined]);
    let claims = db.store.claim(10, LEASE, now).await.unwrap();
    assert_eq!(claims.iter().map(|claim| claim.ticket.contact).collect::<Vec<_>>(), [ids[0]]);
}
