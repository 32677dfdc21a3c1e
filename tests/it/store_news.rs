//! The feed of events: nothing twice, nothing missed, nothing left of what was erased.

use std::collections::BTreeSet;

use sqlx::{Connection as _, Executor as _, PgConnection};
use tingxin::domain::{
    Analysed, ContactMeasures, ContactRef, Flag, FlagStatus, NewsKind, Rule, Severity, UtcMillis,
};
use tingxin::store::{Erasable, Judged, News, Store};

use crate::support::store::{
    LEASE, NOW, TestDb, analysis, contact, flag, intake_of, on_each_backend, verdict,
};

on_each_backend! {
    what_is_raised_judged_and_withdrawn_is_told_once_and_in_order,
    a_transaction_that_commits_late_is_not_passed_over,
    readers_beside_writers_get_everything_once,
    what_is_erased_leaves_the_feed,
    an_alert_of_one_name_is_told_once,
}

fn ending() -> Flag {
    flag(Rule::NegativeEnding, Severity::Medium, 0.9)
}

/// Takes a contact in and has it analysed with these flags.
async fn analysed(store: &Store, id: &str, revision: u32, flags: Vec<Flag>) -> ContactRef {
    store.ingest(&[intake_of(contact(id, revision, "宽带又断了"))], NOW).await.unwrap();
    let claims = store.claim(1, LEASE, NOW).await.unwrap();
    let done = Analysed {
        analysis: analysis(&claims[0].contact, "lexicon-1", flags),
        measures: Some(ContactMeasures::default()),
        follow_up: None,
    };
    assert_eq!(store.complete(&[(claims[0].ticket, done)], NOW).await.unwrap(), [true]);
    claims[0].ticket.contact
}

async fn all(store: &Store) -> Vec<News> {
    store.news(0, None, 10_000).await.unwrap()
}

fn kinds(news: &[News]) -> Vec<NewsKind> {
    news.iter().map(|one| one.kind).filter(|kind| *kind != NewsKind::SatisfactionPredicted).collect()
}

async fn what_is_raised_judged_and_withdrawn_is_told_once_and_in_order(db: TestDb) {
    let key = analysed(&db.store, "H-1", 1, vec![ending()]).await;
    let flag = db.store.flags_of_contact(key).await.unwrap()[0].clone();
    let says = verdict(flag.id, flag.flag.utterances.clone(), FlagStatus::Confirmed);
    assert!(matches!(db.store.judge(&says, None).await.unwrap(), Judged::Kept(_)));
    let before = all(&db.store).await;

    // The same flag again is no news; one that is gone is.
    analysed(&db.store, "H-1", 2, vec![ending()]).await;
    analysed(&db.store, "H-1", 3, vec![]).await;
    let after = all(&db.store).await;

    assert_eq!(kinds(&before), [NewsKind::FlagRaised, NewsKind::FlagJudged]);
    assert_eq!(kinds(&after), [NewsKind::FlagRaised, NewsKind::FlagJudged, NewsKind::FlagWithdrawn]);
    assert_eq!(after[..before.len()], before[..], "what was told stays where it stood");
    let judged = before.iter().find(|one| one.kind == NewsKind::FlagJudged).unwrap();
    assert_eq!(
        (&judged.detail["rule"], &judged.detail["status"]),
        (&"negative_ending".into(), &"confirmed".into())
    );
    assert_eq!(judged.object, flag.id.0.to_string());
    assert_eq!(judged.contact.as_ref().unwrap().id, key);
}

async fn a_transaction_that_commits_late_is_not_passed_over(db: TestDb) {
    // On SQLite there is one writer, and this cannot happen.
    if !db.url.starts_with("postgres") {
        return;
    }
    let mut slow = PgConnection::connect(&db.url).await.unwrap();
    slow.execute("BEGIN").await.unwrap();
    slow.execute(
        "INSERT INTO news (id, kind, object, detail, at) \
         VALUES (gen_random_uuid(), 'alert.raised', 'began first, commits last', '{}', 0)",
    )
    .await
    .unwrap();
    assert!(db.store.tell_once("began last, commits first", "{}", NOW).await.unwrap());

    let first = all(&db.store).await;
    let cursor = first.last().unwrap().seq;
    slow.execute("COMMIT").await.unwrap();
    let second = db.store.news(cursor, None, 100).await.unwrap();

    assert_eq!(first.iter().map(|one| &*one.object).collect::<Vec<_>>(), ["began last, commits first"]);
    assert_eq!(second.iter().map(|one| &*one.object).collect::<Vec<_>>(), ["began first, commits last"]);
    assert_eq!(second[0].seq, cursor + 1);
}

async fn readers_beside_writers_get_everything_once(db: TestDb) {
    const EACH: usize = 40;
    let writers: Vec<_> = (0..3)
        .map(|writer| {
            let store = db.store.clone();
            tokio::spawn(async move {
                for n in 0..EACH {
                    store.tell_once(&format!("{writer}-{n}"), "{}", NOW).await.unwrap();
                }
            })
        })
        .collect();
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let store = db.store.clone();
            tokio::spawn(async move {
                let (mut seen, mut cursor) = (Vec::new(), 0);
                while seen.len() < 3 * EACH {
                    let part = store.news(cursor, None, 7).await.unwrap();
                    cursor = part.last().map_or(cursor, |last| last.seq);
                    seen.extend(part.into_iter().map(|one| (one.seq, one.object)));
                    tokio::task::yield_now().await;
                }
                seen
            })
        })
        .collect();

    for writer in writers {
        writer.await.unwrap();
    }
    for reader in readers {
        let seen = reader.await.unwrap();
        assert!(seen.is_sorted());
        assert_eq!(seen.iter().map(|(_, object)| object).collect::<BTreeSet<_>>().len(), 3 * EACH);
        assert_eq!(seen.len(), 3 * EACH);
    }
    assert_eq!(db.store.news_head().await.unwrap(), i64::try_from(3 * EACH).unwrap());
}

async fn what_is_erased_leaves_the_feed(db: TestDb) {
    let gone = analysed(&db.store, "H-1", 1, vec![ending()]).await;
    let stays = analysed(&db.store, "H-2", 1, vec![ending()]).await;
    let before = all(&db.store).await;

    db.store.erase(&Erasable::Contact(gone), NOW).await.unwrap();
    let after = all(&db.store).await;

    let of = |news: &[News]| -> Vec<ContactRef> {
        news.iter().filter_map(|one| Some(one.contact.as_ref()?.id)).collect()
    };
    assert!(of(&before).contains(&gone) && of(&before).contains(&stays));
    assert!(!of(&after).contains(&gone) && of(&after).contains(&stays));
    let last = before.last().unwrap().seq;
    analysed(&db.store, "H-3", 1, vec![ending()]).await;
    assert!(
        db.store.news(last, None, 10).await.unwrap().iter().all(|one| one.seq > last),
        "no number is used twice"
    );
}

async fn an_alert_of_one_name_is_told_once(db: TestDb) {
    let at = UtcMillis::from_millis(1);

    let told = [
        db.store.tell_once("surge:2026-11-01T08", "{}", at).await.unwrap(),
        db.store.tell_once("surge:2026-11-01T08", "{}", at).await.unwrap(),
    ];

    assert_eq!(told, [true, false]);
    assert_eq!(kinds(&all(&db.store).await), [NewsKind::AlertRaised]);
}
