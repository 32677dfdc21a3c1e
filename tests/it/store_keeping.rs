//! Schema, migrations and backups, on both databases.

use std::collections::BTreeSet;

use sqlx::Connection as _;
use tingxin::domain::{ContactState, FlagStatus, Lang, Role, Rule, Severity, Why};
use tingxin::store::{Actor, AuditCheck, FlagFilter, Judged, NewAudit, Store, StoreError};

use crate::support::store::{
    LEASE, NOW, TestDb, analysed, flag, intake, on_each_backend, on_postgres, on_sqlite, tamper, verdict,
};

on_each_backend! {
    a_newer_schema_is_refused,
    a_flag_of_the_release_before_facts_keeps_its_sentence,
    a_database_without_a_schema_says_what_to_do,
    a_backup_restores_to_the_same_contacts,
    a_backup_never_overwrites_a_file,
    a_used_database_is_not_restored_into,
    a_file_that_is_no_backup_is_refused,
    the_probe_writes_and_reads,
    a_damaged_contact_is_set_aside_and_its_neighbours_are_not,
}

/// Takes the schema of the test database away again.
async fn emptied(db: &TestDb) -> Store {
    let url = format!("{}.new", db.url);
    if db.url.starts_with("postgres") {
        tamper(db, "DROP SCHEMA public CASCADE").await;
        tamper(db, "CREATE SCHEMA public").await;
        return Store::open(&db.url).await.unwrap();
    }
    Store::open(&url).await.unwrap()
}

async fn a_newer_schema_is_refused(db: TestDb) {
    tamper(
        &db,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (999, 'later', TRUE, 'x', 0)",
    )
    .await;

    let opened = Store::open(&db.url).await.map(drop);

    assert!(matches!(opened, Err(StoreError::NewerSchema { found: 999, .. })), "{opened:?}");
    let migrated = db.store.migrate().await;
    assert!(matches!(migrated, Err(StoreError::NewerSchema { .. })), "{migrated:?}");
}

async fn a_flag_of_the_release_before_facts_keeps_its_sentence(db: TestDb) {
    let id = analysed(
        &db.store,
        intake("H-1", 1, "宽带又断了"),
        vec![flag(Rule::Escalation, Severity::High, 0.9)],
    )
    .await;
    let told = db.store.flags_of_contact(id).await.unwrap()[0].flag.sentence(Lang::En);
    assert_eq!(told, "From turn 2 the customer's mood gets clearly worse");

    tamper(&db, "UPDATE flags SET facts = NULL, reason = '第2轮起客户情绪明显变差（把握90%）'").await;

    let kept = db.store.flags_of_contact(id).await.unwrap()[0].flag.clone();
    assert_eq!(kept.why, Why::Sentence("第2轮起客户情绪明显变差（把握90%）".to_owned()));
    assert_eq!(kept.reason(), "第2轮起客户情绪明显变差（把握90%）");
}

async fn a_database_without_a_schema_says_what_to_do(db: TestDb) {
    let bare = emptied(&db).await;

    let refused = bare.queue_state(NOW).await;

    assert!(matches!(refused, Err(StoreError::NotMigrated)), "{refused:?}");
    let applied = bare.migrate().await.unwrap();
    assert!(applied.len() >= 9 && applied.iter().zip(1..).all(|(one, next)| *one == next), "{applied:?}");
    bare.queue_state(NOW).await.unwrap();
}

/// Puts one of everything into the database.
async fn fill(store: &Store) {
    let flags = vec![flag(Rule::Escalation, Severity::High, 0.9)];
    let id = analysed(store, intake("H-1", 1, "宽带又断了"), flags).await;
    let flag = store.flags_of_contact(id).await.unwrap()[0].clone();
    let verdict = verdict(flag.id, flag.flag.utterances, FlagStatus::Confirmed);
    store.judge(&verdict, None).await.unwrap();
    store.ingest(&[intake("H-2", 1, "'话费'不对 \"100%\" \\ \u{2028}")], NOW).await.unwrap();
    store.bind_key("aaaa").await.unwrap();
    let actor = Actor::here("system", Some(Role::Admin));
    let entry = NewAudit {
        at: NOW,
        actor,
        action: "backup.made",
        object: String::new(),
        result: "ok",
        purpose: None,
    };
    store.audit(&entry).await.unwrap();
}

async fn a_backup_restores_to_the_same_contacts(db: TestDb) {
    fill(&db.store).await;
    let before = db.store.inventory().await.unwrap();
    let file = db.folder.path().join("backup");

    db.store.backup(&file).await.unwrap();
    drop(emptied(&db).await);
    let target = if db.url.starts_with("sqlite") { format!("{}.new", db.url) } else { db.url.clone() };
    Store::restore(&target, &file).await.unwrap();

    let restored = Store::open(&target).await.unwrap();
    assert_eq!(restored.inventory().await.unwrap(), before);
    assert_eq!(restored.verify_audit().await.unwrap(), AuditCheck::Intact { entries: 2 });
    assert_eq!(before.verdicts, 1);
    let contact = restored.flags(&FlagFilter::default(), None, 1).await.unwrap().items[0].contact;
    let own = restored.verdicts(contact).await.unwrap()[0].clone();
    assert_eq!((own.judged_by.as_str(), own.status), ("user:li.na", FlagStatus::Confirmed));
    let back = verdict(own.flag, own.utterances, FlagStatus::Candidate);
    assert_eq!(restored.judge(&back, None).await.unwrap(), Judged::Kept(contact), "its numbers go on");
    assert!(restored.bind_key("bbbb").await.is_err(), "the pseudonym key is bound as before");
    restored.ingest(&[intake("H-3", 1, "新的")], NOW).await.unwrap();
    let claims = restored.claim(10, LEASE, NOW).await.unwrap();
    assert_eq!(claims.len(), 2, "work goes on where it stood");
    restored.close().await;
}

async fn a_backup_never_overwrites_a_file(db: TestDb) {
    let file = db.folder.path().join("backup");
    std::fs::write(&file, "something else").unwrap();

    let refused = db.store.backup(&file).await;

    assert!(matches!(refused, Err(StoreError::Backup(_))), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "something else");
}

async fn a_used_database_is_not_restored_into(db: TestDb) {
    fill(&db.store).await;
    let file = db.folder.path().join("backup");
    db.store.backup(&file).await.unwrap();
    let before = db.store.inventory().await.unwrap();

    let refused = Store::restore(&db.url, &file).await;

    assert!(
        matches!(&refused, Err(StoreError::Backup(reason)) if reason.contains("not empty")),
        "{refused:?}"
    );
    assert_eq!(db.store.inventory().await.unwrap(), before);
}

async fn a_file_that_is_no_backup_is_refused(db: TestDb) {
    let bare = emptied(&db).await;
    bare.close().await;
    let target = if db.url.starts_with("sqlite") { format!("{}.new", db.url) } else { db.url.clone() };
    let file = db.folder.path().join("notes.txt");
    std::fs::write(&file, "this is no backup").unwrap();

    let refused = Store::restore(&target, &file).await;

    assert!(matches!(refused, Err(StoreError::Backup(_))), "{refused:?}");
}

async fn the_probe_writes_and_reads(db: TestDb) {
    db.store.probe(NOW).await.unwrap();
    db.store.probe(NOW.plus_millis(1)).await.unwrap();

    db.store.close().await;

    let closed = db.store.probe(NOW).await;
    assert!(matches!(closed, Err(StoreError::Unavailable(_))), "{closed:?}");
}

async fn a_damaged_contact_is_set_aside_and_its_neighbours_are_not(db: TestDb) {
    db.store.ingest(&[intake("H-1", 1, "宽带又断了"), intake("H-2", 1, "话费不对")], NOW).await.unwrap();
    tamper(&db, "UPDATE contact_bodies SET body = '{}' WHERE body LIKE '%H-1%'").await;

    let claims = db.store.claim(10, LEASE, NOW).await.unwrap();

    assert_eq!(claims.iter().map(|c| c.contact.header.contact_id.as_str()).collect::<Vec<_>>(), ["H-2"]);
    assert_eq!(db.store.queue_state(NOW).await.unwrap().quarantined, 1);
    assert_eq!(db.store.requeue_quarantined(NOW).await.unwrap(), 1);
    let page = db.store.contacts(&tingxin::store::ContactFilter::default(), None, 10).await.unwrap();
    assert!(page.items.iter().all(|item| item.state == ContactState::Queued), "{page:?}");
}

/// Table, column, and whether it may be null.
type Column = (String, String, bool);

/// The words of the index are kept by each database in its own way.
#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_tables_and_columns() {
    let of_sqlite = TestDb::sqlite().await;
    let mut connection = sqlx::SqliteConnection::connect(&of_sqlite.url).await.unwrap();
    let sqlite: BTreeSet<Column> = sqlx::query_as(
        "SELECT m.name, c.name, c.\"notnull\" = 0 FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '_sqlx%' \
         AND m.name NOT LIKE 'contact_words%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap()
    .into_iter()
    .collect();
    assert!(sqlite.len() > 80, "{sqlite:?}");

    on_postgres(|db| async move {
        let mut connection = sqlx::PgConnection::connect(&db.url).await.unwrap();
        let postgres: BTreeSet<Column> = sqlx::query_as(
            "SELECT table_name::text, column_name::text, is_nullable = 'YES' \
             FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' AND data_type <> 'tsvector'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap()
        .into_iter()
        .collect();
        let only_one: Vec<_> = sqlite.symmetric_difference(&postgres).collect();
        assert!(only_one.is_empty(), "{only_one:?}");
    })
    .await;
}

#[test]
fn every_column_of_a_migration_is_explained() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    for folder in ["sqlite", "postgres"] {
        for file in std::fs::read_dir(format!("{root}/{folder}")).unwrap() {
            let file = file.unwrap().path();
            let text = std::fs::read_to_string(&file).unwrap();
            let columns = text.lines().filter(|line| {
                line.starts_with("    ") && line.trim_start().starts_with(|c: char| c.is_ascii_lowercase())
            });
            for column in columns {
                assert!(column.contains(" -- "), "{}: {column}", file.display());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_migrate_at_the_same_time_do_it_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let programs: Vec<_> = (0..4)
            .map(|_| {
                let url = url.clone();
                tokio::spawn(async move { Store::open(&url).await?.migrate().await })
            })
            .collect();

        for program in programs {
            program.await.unwrap().unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_is_broken_off_is_there_whole_or_not_at_all() {
    for micros in (0..40).map(|step| step * 250) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let store = Store::open(&url).await.unwrap();
        let patience = std::time::Duration::from_micros(micros);
        let _ = tokio::time::timeout(patience, store.migrate()).await;
        store.close().await;

        let again = Store::open(&url).await.unwrap();
        again.migrate().await.unwrap();

        again.check_statements().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_in_memory_works_like_one_in_a_file() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();

    fill(&store).await;

    assert_eq!(store.inventory().await.unwrap().contacts, 2);
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_and_its_backup_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    on_sqlite(|db| async move {
        db.store.backup(&db.folder.path().join("backup")).await.unwrap();
        for name in ["test.db", "test.db-wal", "backup"] {
            let mode = std::fs::metadata(db.folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_url_of_another_database_is_refused() {
    let refused = Store::open("mysql://root@localhost/tingxin").await.map(drop);

    assert!(matches!(refused, Err(StoreError::BadUrl(_))), "{refused:?}");
}
