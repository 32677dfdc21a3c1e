//! What the store promises when many work at once. Every race is run many times, because one run
//! proves little: a lost update showed in 2 of 25.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::{Just, Strategy, any};
use proptest::test_runner::{Config, TestRunner};
use tingxin::domain::{ContactState, TeamId};
use tingxin::store::{IngestReceipt, StoreError};

use crate::support::store::{LEASE, NOW, TestDb, analysis, contact, intake, intake_of, key, on_each_backend};

on_each_backend! {
    eight_workers_never_claim_the_same_job,
    two_writers_of_one_contact_leave_the_newer_revision,
    two_teams_that_send_the_same_new_contact_at_once_leave_it_to_one_of_them,
    batches_in_opposite_order_wait_for_each_other_without_a_deadlock,
    deliveries_in_any_order_and_number_lead_to_the_same_state,
}

const ROUNDS: usize = 25;

async fn eight_workers_never_claim_the_same_job(db: TestDb) {
    for round in 0..ROUNDS {
        let batch: Vec<_> = (0..400).map(|n| intake(&format!("{round}-{n}"), 1, "宽带又断了")).collect();
        db.store.ingest(&batch, NOW).await.unwrap();

        let workers: Vec<_> = (0..8)
            .map(|_| {
                let store = db.store.clone();
                tokio::spawn(async move {
                    let mut mine = Vec::new();
                    loop {
                        let claims = store.claim(16, LEASE, NOW).await.unwrap();
                        if claims.is_empty() {
                            return mine;
                        }
                        mine.extend(claims.into_iter().map(|claim| claim.ticket.contact));
                    }
                })
            })
            .collect();

        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        assert_eq!(all.len(), 400, "round {round}: a job was lost or handed out twice");
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 400, "round {round}");
    }
}

async fn two_writers_of_one_contact_leave_the_newer_revision(db: TestDb) {
    for round in 0..ROUNDS {
        let id = format!("H-{round}");
        let (old, new) = ([intake(&id, 1, "宽带又断了")], [intake(&id, 2, "宽带修好了")]);

        let (one, two) = tokio::join!(db.store.ingest(&old, NOW), db.store.ingest(&new, NOW));

        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(key(&one[0]), key(&two[0]), "round {round}: both speak of the same contact");
        let in_order = matches!((one[0], two[0]), (IngestReceipt::Queued(_), IngestReceipt::Updated(_)));
        let overtaken = matches!((one[0], two[0]), (IngestReceipt::Stale { .. }, IngestReceipt::Queued(_)));
        assert!(in_order || overtaken, "round {round}: {one:?} {two:?}");
        let claims = db.store.claim(10, LEASE, NOW).await.unwrap();
        let revisions: Vec<_> = claims.iter().map(|claim| claim.contact.header.revision).collect();
        assert_eq!(revisions, [2], "round {round}: one job, of the newer revision");
    }
}

async fn two_teams_that_send_the_same_new_contact_at_once_leave_it_to_one_of_them(db: TestDb) {
    for round in 0..ROUNDS {
        let of = |team: &str| {
            let mut contact = contact(&format!("T-{round}"), 1, "宽带又断了");
            contact.header.staff.as_mut().unwrap().team = Some(TeamId::new(team).unwrap());
            (TeamId::new(team).unwrap(), [intake_of(contact)])
        };
        let ((one, first), (two, second)) = (of("beijing-01"), of("beijing-02"));

        let (one, two) = tokio::join!(
            db.store.ingest_for(Some(&one), &first, NOW),
            db.store.ingest_for(Some(&two), &second, NOW)
        );

        let receipts = [one.unwrap()[0], two.unwrap()[0]];
        let queued = receipts.iter().filter(|receipt| matches!(receipt, IngestReceipt::Queued(_))).count();
        let held =
            receipts.iter().filter(|receipt| matches!(receipt, IngestReceipt::HeldByOtherTeam)).count();
        assert_eq!((queued, held), (1, 1), "round {round}: {receipts:?}");
    }
}

async fn batches_in_opposite_order_wait_for_each_other_without_a_deadlock(db: TestDb) {
    for round in 0..ROUNDS {
        let revision = u32::try_from(round).unwrap() * 2 + 1;
        let batch = |revision| (0..20).map(move |n| intake(&format!("H-{n}"), revision, "宽带又断了"));
        let forward: Vec<_> = batch(revision).collect();
        let backward: Vec<_> = batch(revision + 1).rev().collect();
        let work = async {
            let mut claims = db.store.claim(20, LEASE, NOW).await?;
            claims.reverse();
            let done: Vec<_> = claims
                .into_iter()
                .map(|claim| (claim.ticket, analysis(&claim.contact, "lexicon-1", Vec::new()).into()))
                .collect();
            db.store.complete(&done, NOW).await?;
            Ok::<_, StoreError>(())
        };

        let (one, two, three) =
            tokio::join!(db.store.ingest(&forward, NOW), db.store.ingest(&backward, NOW), work);

        assert!(one.is_ok() && two.is_ok() && three.is_ok(), "round {round}: {one:?} {two:?} {three:?}");
    }
}

/// Six deliveries (three contacts in two revisions) in any order, some of them several times, cut
/// into batches.
fn deliveries() -> impl Strategy<Value = Vec<Vec<(u8, u32)>>> {
    let all: Vec<(u8, u32)> = (0..3).flat_map(|contact| [(contact, 1), (contact, 2)]).collect();
    let again = proptest::collection::vec(proptest::sample::select(all.clone()), 0..8);
    (Just(all), again)
        .prop_map(|(all, again)| [all, again].concat())
        .prop_shuffle()
        .prop_flat_map(|sent| {
            let cuts = proptest::collection::vec(any::<bool>(), sent.len());
            (Just(sent), cuts)
        })
        .prop_map(|(sent, cuts)| {
            let mut batches = vec![Vec::new()];
            for (delivery, cut) in sent.into_iter().zip(cuts) {
                if cut {
                    batches.push(Vec::new());
                }
                batches.last_mut().unwrap().push(delivery);
            }
            batches
        })
}

async fn deliveries_in_any_order_and_number_lead_to_the_same_state(db: TestDb) {
    let case = AtomicU32::new(0);
    let runtime = tokio::runtime::Handle::current();
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });

    let held = tokio::task::block_in_place(|| {
        runner.run(&deliveries(), |batches| {
            let case = case.fetch_add(1, Ordering::Relaxed);
            runtime.block_on(deliver(&db, case, &batches));
            Ok(())
        })
    });

    held.unwrap();
}

async fn deliver(db: &TestDb, case: u32, batches: &[Vec<(u8, u32)>]) {
    let sent = |contact_no: u8, revision| {
        intake_of(contact(&format!("{case}-{contact_no}"), revision, &format!("第{revision}版")))
    };
    let mut ids = BTreeSet::new();
    for batch in batches {
        let batch: Vec<_> = batch.iter().map(|(contact, revision)| sent(*contact, *revision)).collect();
        ids.extend(db.store.ingest(&batch, NOW).await.unwrap().iter().map(key));
    }

    assert_eq!(ids.len(), 3);
    let claims = db.store.claim(32, LEASE, NOW).await.unwrap();
    let claimed: BTreeSet<_> = claims.iter().map(|claim| claim.ticket.contact).collect();
    assert_eq!((claims.len(), &claimed), (3, &ids), "one job for each contact");
    for claim in claims {
        let stored = db.store.contact(claim.ticket.contact, None).await.unwrap().unwrap();
        let number = stored.contact.header.contact_id.as_str().rsplit('-').next().unwrap().parse().unwrap();
        assert_eq!(stored.contact, sent(number, 2).contact);
        assert_eq!(stored.state, ContactState::Queued);
        assert_eq!(claim.contact, stored.contact);
    }
}
