//! What needs a look inside the store.

use sqlx::Row as _;

use super::connect::{self, Backend};
use super::{Store, StoreError, sql, sql_queue};
use tingxin_text::domain::{
    Body, Channel, ContactId, ContentDigest, Header, Intake, RedactedContact, SourceId, Speaker, UtcMillis,
    Utterance,
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
    let store = cramped(&format!("sqlite://{}", folder.path().join("t.db").display()), 120).await;
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

/// Every statement that serves a page or a worker finds its rows by an index. A scan would pass every
/// test with ten contacts and fail the first operator with ten million.
#[tokio::test]
async fn no_statement_of_the_daily_work_reads_a_whole_table() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    // These count or walk through everything on purpose.
    let whole = ["INVENTORY", "COUNTS", "IS_USED", "USERS", "API_KEYS", "FIND_STALE", "SCHEMA_VERSION"];

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
            let harmless = ["SCAN names", "SCAN picked", "SCAN CONSTANT ROW"];
            let scans =
                detail.starts_with("SCAN ") && !detail.contains("USING") && !harmless.contains(&&*detail);
            assert!(!scans, "{name}: {detail}");
        }
    }
}
