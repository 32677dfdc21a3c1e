//! What needs a look inside the store.

use std::time::Duration;

use sqlx::Row as _;

use super::connect::{self, Backend};
use super::{Actor, AuditCheck, NewAudit, Session, Store, StoreError, User, sql, sql_queue};
use tingxin_text::domain::{
    Body, Channel, ContactId, ContentDigest, Header, Intake, RedactedContact, Role, SourceId, Speaker,
    UtcMillis, Utterance,
};

const NOW: UtcMillis = UtcMillis::from_millis(1_793_491_200_000);

fn intake(number: usize) -> Intake {
    let text = serde_json::from_value(serde_json::json!({ "text": "宽带又断了".repeat(100) })).unwrap();
    let turn = Utterance { speaker: Speaker::Customer, text, start_ms: None, end_ms: None };
    Intake {
        contact: RedactedContact {
            header: Header {
                source: SourceId::new("hotline").unwrap(),
                contact_id: ContactId::new(&format!("H-{number}")).unwrap(),
                revision: 1,
                channel: Channel::Hotline,
                started_at: Some(NOW),
                business_process: None,
                staff: None,
                survey: None,
            },
            customer: None,
            body: Body::Transcript(vec![turn]),
        },
        digest: ContentDigest([0; 32]),
    }
}

/// Pages of a disk that the empty tables leave little room on.
const SMALL: u32 = 240;

/// A store whose file cannot grow beyond `pages`, as on a full disk.
async fn cramped(url: &str, pages: u32) -> Store {
    let options = connect::sqlite_options(url).unwrap().pragma("max_page_count", pages.to_string());
    let store = Store::on(connect::sqlite(options, false).await.unwrap());
    store.migrate().await.unwrap();
    store
}

fn writer(store: &Store) -> &sqlx::SqlitePool {
    match &store.backend {
        Backend::Sqlite { writer, .. } => writer,
        Backend::Postgres(_) => panic!("these tests use SQLite"),
    }
}

#[tokio::test]
async fn writing_resumes_when_a_full_disk_has_room_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = cramped(&format!("sqlite://{}", folder.path().join("t.db").display()), SMALL).await;
    let mut stored = 0;
    let refused = loop {
        match store.ingest(&[intake(stored)], NOW).await {
            Ok(_) => stored += 1,
            Err(cause) => break cause,
        }
    };

    assert!(matches!(refused, StoreError::Full), "{refused:?}");
    for _ in 0..3 {
        let again = store.ingest(&[intake(stored)], NOW).await;
        assert!(matches!(again, Err(StoreError::Full)), "{again:?}");
    }
    let waiting = store.queue_state(NOW).await.unwrap().waiting;
    assert_eq!(
        usize::try_from(waiting).unwrap(),
        stored,
        "reading goes on, and nothing acknowledged is lost"
    );

    sqlx::query("PRAGMA max_page_count = 100000").execute(writer(&store)).await.unwrap();

    store.ingest(&[intake(stored)], NOW).await.unwrap();
    assert_eq!(
        store.contacts(&super::ContactFilter::default(), None, 1000).await.unwrap().items.len(),
        stored + 1
    );
}

fn entry(number: usize) -> NewAudit {
    let actor = Actor::here("user:li.na", Some(Role::Reviewer));
    NewAudit {
        at: NOW,
        actor,
        action: "contact.read",
        object: number.to_string(),
        result: "ok",
        purpose: None,
    }
}

/// A store on a disk that is full, and the positions that its audit log had before.
async fn full(folder: &tempfile::TempDir) -> (Store, usize) {
    let store = cramped(&format!("sqlite://{}", folder.path().join("t.db").display()), SMALL).await;
    let mut stored = 0;
    while store.ingest(&[intake(stored)], NOW).await.is_ok() {
        stored += 1;
    }
    store.hold_audit_entries(10_000);
    let mut written = 0;
    while store.audit_held().entries == 0 {
        store.audit(&entry(written)).await.unwrap();
        written += 1;
    }
    (store, written - 1)
}

async fn free_the_disk(store: &Store) {
    sqlx::query("PRAGMA max_page_count = 100000").execute(writer(store)).await.unwrap();
}

/// Waits until nothing of the audit log is held in memory.
async fn written_out(store: &Store) {
    while store.audit_held().entries > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn reads_on_a_full_disk_are_written_down_in_order_when_there_is_room_again() {
    let folder = tempfile::tempdir().unwrap();
    let (store, before) = full(&folder).await;
    for number in before + 1..before + 300 {
        store.audit(&entry(number)).await.unwrap();
    }
    assert_eq!(store.audit_held().entries, 300);

    free_the_disk(&store).await;
    written_out(&store).await;

    let log = store.audit_log(None, 1000).await.unwrap().items;
    let objects: Vec<usize> = log.iter().rev().map(|entry| entry.object.parse().unwrap()).collect();
    assert_eq!(objects, (0..before + 300).collect::<Vec<_>>());
    assert!(matches!(store.verify_audit().await.unwrap(), AuditCheck::Intact { .. }));
}

fn session(token: &str) -> Session {
    Session {
        token_sha256: token.to_owned(),
        csrf: "c".to_owned(),
        user: "li.na".to_owned(),
        seen_at: NOW,
        created_at: NOW,
        expires_at: NOW.plus_millis(60_000),
    }
}

#[tokio::test]
async fn people_log_in_and_out_on_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let store = cramped(&format!("sqlite://{}", folder.path().join("t.db").display()), SMALL).await;
    let role = Role::Reviewer;
    let user = User { name: "li.na".to_owned(), role, team: None, disabled: false, created_at: NOW };
    store.create_user(&user, "hash").await.unwrap();
    store.open_session(&session("before")).await.unwrap();
    store.open_session(&session("stays")).await.unwrap();
    let mut stored = 0;
    while store.ingest(&[intake(stored)], NOW).await.is_ok() {
        stored += 1;
    }
    let mut tokens = Vec::new();
    while store.sessions.all().0.is_empty() {
        tokens.push(format!("during-{}", tokens.len()));
        store.open_session(&session(tokens.last().unwrap())).await.unwrap();
    }
    let last = tokens.last().unwrap();

    let (_, who) = store.session(last, NOW).await.unwrap().unwrap();
    store.close_session("before").await.unwrap();
    let later = NOW.plus_millis(5_000);
    store.sessions.remember_seen("stays", later);

    assert_eq!(who.name, "li.na");
    assert_eq!(store.session(last, NOW.plus_millis(60_000)).await.unwrap(), None, "it ends like any other");
    assert_eq!(store.session("before", NOW).await.unwrap(), None);
    free_the_disk(&store).await;
    store.write_sessions().await.unwrap();
    let again = Store::open(&format!("sqlite://{}", folder.path().join("t.db").display())).await.unwrap();
    assert!(again.session(last, NOW).await.unwrap().is_some(), "the database knows it now");
    assert_eq!(again.session("before", NOW).await.unwrap(), None);
    let (kept, _) = again.session("stays", NOW).await.unwrap().unwrap();
    assert_eq!(kept.seen_at, later, "when it was used is written, too");
    assert_eq!(store.sessions.all_seen(), [], "and held no longer");
}

#[tokio::test]
async fn nothing_is_read_beyond_the_bound_of_what_may_be_held() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = full(&folder).await;
    store.hold_audit_entries(4);
    let mut stranger = entry(0);
    stranger.actor.role = None;

    store.audit(&entry(1)).await.unwrap();
    let refused = store.audit(&stranger).await;
    assert!(matches!(refused, Err(StoreError::Full)), "half of it is kept for those who are known");
    store.audit(&entry(2)).await.unwrap();
    store.audit(&entry(3)).await.unwrap();
    assert!(store.audit_held().is_full());

    let refused = store.audit(&entry(4)).await;
    assert!(matches!(refused, Err(StoreError::Full)), "{refused:?}");
    assert_eq!(store.audit_held().entries, 4);
}

#[tokio::test]
async fn what_is_held_is_written_when_the_database_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let (store, before) = full(&folder).await;
    free_the_disk(&store).await;

    store.close().await;

    let url = format!("sqlite://{}", folder.path().join("t.db").display());
    let again = Store::open(&url).await.unwrap();
    assert_eq!(again.verify_audit().await.unwrap(), AuditCheck::Intact { entries: count(before + 1) });
}

fn count(entries: usize) -> i64 {
    i64::try_from(entries).unwrap()
}

#[tokio::test]
async fn a_hundred_reads_at_once_are_a_few_commits_and_every_one_is_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let store = cramped(&format!("sqlite://{}", folder.path().join("t.db").display()), 100_000).await;
    let before = store.turns.writer.given();

    let entries: Vec<NewAudit> = (0..100).map(entry).collect();
    let written = futures_util::future::join_all(entries.iter().map(|entry| store.audit(entry))).await;

    assert!(written.iter().all(Result::is_ok));
    assert!(store.turns.writer.given() - before <= 3, "{} commits", store.turns.writer.given() - before);
    assert_eq!(store.verify_audit().await.unwrap(), AuditCheck::Intact { entries: 100 });
}

#[tokio::test]
async fn whoever_reads_waits_until_the_entry_is_durable() {
    let folder = tempfile::tempdir().unwrap();
    let store = cramped(&format!("sqlite://{}", folder.path().join("t.db").display()), 100_000).await;
    let turn = store.turns.writer.wait().await.unwrap();
    let reading = tokio::spawn({
        let store = store.clone();
        async move { store.audit(&entry(1)).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;

    assert!(!reading.is_finished(), "nobody has written yet");
    assert_eq!(store.audit_log(None, 10).await.unwrap().items, []);
    drop(turn);

    reading.await.unwrap().unwrap();
    assert_eq!(store.audit_log(None, 10).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn sqlite_runs_with_the_settings_that_make_a_write_durable() {
    let folder = tempfile::tempdir().unwrap();
    let store = cramped(&format!("sqlite://{}", folder.path().join("t.db").display()), 100_000).await;

    for (pragma, expected) in [
        ("PRAGMA journal_mode", "wal"),
        ("PRAGMA synchronous", "2"),
        ("PRAGMA foreign_keys", "1"),
        ("PRAGMA secure_delete", "1"),
        ("PRAGMA busy_timeout", "5000"),
        ("PRAGMA mmap_size", "0"),
    ] {
        let row = sqlx::query(pragma).fetch_one(writer(&store)).await.unwrap();
        let found = row.try_get::<String, _>(0).or_else(|_| row.try_get::<i64, _>(0).map(|n| n.to_string()));
        assert_eq!(found.unwrap(), expected, "{pragma}");
    }
}

/// Every statement that serves a page or a worker finds its rows by an index. A scan would pass
/// every test with ten contacts and fail the first operator with ten million.
#[tokio::test]
async fn no_statement_of_the_daily_work_reads_a_whole_table() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    // These count or walk through everything on purpose, or run once when a service starts.
    let whole =
        ["FREE_KEYS", "INVENTORY", "COUNTS", "IS_USED", "USERS", "API_KEYS", "FIND_STALE", "SCHEMA_VERSION"];

    for &(name, text) in sql::COMMON.iter().chain(sql_queue::COMMON).chain(sql_queue::SQLITE) {
        if whole.contains(&name) || name.starts_with("COUNT_") || name == "RELEASE_LEASES" {
            continue;
        }
        let plan = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")))
            .fetch_all(writer(&store))
            .await
            .unwrap();
        for step in plan {
            let detail: String = step.get("detail");
            // Parts of a statement that hold a batch at most, and no table.
            let harmless = [
                "SCAN names",
                "SCAN due",
                "SCAN picked",
                "SCAN sized",
                "SCAN (subquery",
                "SCAN CONSTANT ROW",
            ];
            let scans = detail.starts_with("SCAN ")
                && !detail.contains("USING")
                && !(harmless.contains(&&*detail) || detail.starts_with("SCAN (subquery-"));
            assert!(!scans, "{name}: {detail}");
        }
    }
}
