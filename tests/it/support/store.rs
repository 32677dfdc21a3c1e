//! Databases that last for one test, and contacts and analyses to put into them.

use std::future::Future;

use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tingxin::domain::{
    Analysis, Body, Channel, ContactId, ContentDigest, Emotion, Engine, Facts, Flag, FlagId, FlagStatus,
    Header, Intake, RedactedContact, RedactedLine, Role, Rule, Severity, SourceId, Speaker, Staff, StaffId,
    TeamId, UtcMillis, Utterance, UtteranceAnalysis, Valence, Why,
};
use tingxin::store::{Actor, Claim, IngestReceipt, NewVerdict, Store};

/// Names a PostgreSQL server on which the tests may create databases.
const SERVER: &str = "TINGXIN_TEST_POSTGRES";

/// 2026-11-01T00:00:00Z.
pub(crate) const NOW: UtcMillis = UtcMillis::from_millis(1_793_491_200_000);
/// One minute.
pub(crate) const LEASE: i64 = 60_000;

/// A migrated database that nobody else uses.
pub(crate) struct TestDb {
    pub(crate) store: Store,
    pub(crate) url: String,
    /// Goes away with the file in it.
    pub(crate) folder: TempDir,
}

impl TestDb {
    /// A SQLite database in a file of its own.
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self::migrated(url, folder).await
    }

    async fn migrated(url: String, folder: TempDir) -> Self {
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        Self { store, url, folder }
    }
}

/// Runs a test on a fresh SQLite database.
pub(crate) async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(TestDb) -> F) {
    test(TestDb::sqlite().await).await;
}

/// Runs a test on a fresh PostgreSQL database. Without a server it says so and does nothing, but
/// fails where `CI` is set: there, a missing server is a defect of the setup.
pub(crate) async fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(TestDb) -> F) {
    let Some(server) = variable(SERVER) else {
        assert!(variable("CI").is_none(), "{SERVER} must name a PostgreSQL server where CI is set");
        eprintln!("not run on PostgreSQL: {SERVER} is not set");
        return;
    };
    let name = format!("tingxin_test_{}", uuid::Uuid::now_v7().simple());
    execute(&server, &format!("CREATE DATABASE {name}")).await;
    let (base, _) = server.rsplit_once('/').unwrap();
    let db = TestDb::migrated(format!("{base}/{name}"), tempfile::tempdir().unwrap()).await;
    let store = db.store.clone();
    test(db).await;
    store.close().await;
    execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[expect(clippy::disallowed_methods, reason = "these are settings of the tests, not of the product")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

async fn execute(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    connection.close().await.unwrap();
}

/// Changes stored rows behind the store's back.
pub(crate) async fn tamper(db: &TestDb, sql: &'static str) {
    if db.url.starts_with("sqlite") {
        let mut connection = sqlx::SqliteConnection::connect(&db.url).await.unwrap();
        connection.execute(sql).await.unwrap();
        connection.close().await.unwrap();
    } else {
        execute(&db.url, sql).await;
    }
}

/// The one place of a writer on SQLite, taken.
pub(crate) struct HeldWrites(sqlx::SqliteConnection);

impl HeldWrites {
    pub(crate) async fn of(db: &TestDb) -> Self {
        let mut connection = sqlx::SqliteConnection::connect(&db.url).await.unwrap();
        connection.execute("BEGIN IMMEDIATE").await.unwrap();
        Self(connection)
    }

    pub(crate) async fn release(self) {
        self.0.close().await.unwrap();
    }
}

/// Makes every function a test on SQLite and a test on PostgreSQL.
macro_rules! on_each_backend {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() { $crate::support::store::on_sqlite(super::$name).await; })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() { $crate::support::store::on_postgres(super::$name).await; })+
        }
    };
}
pub(crate) use on_each_backend;

/// A contact of the hotline with one turn of each side.
pub(crate) fn contact(id: &str, revision: u32, text: &str) -> RedactedContact {
    RedactedContact {
        header: Header {
            source: SourceId::new("hotline-10086").unwrap(),
            contact_id: ContactId::new(id).unwrap(),
            revision,
            channel: Channel::Hotline,
            started_at: Some(NOW),
            business_process: None,
            staff: Some(Staff {
                id: StaffId::new("A1001").unwrap(),
                team: Some(TeamId::new("beijing-01").unwrap()),
            }),
            survey: None,
        },
        customer: None,
        body: Body::Transcript(vec![
            turn(Speaker::Agent, "您好，很高兴为您服务。"),
            turn(Speaker::Customer, text),
        ]),
    }
}

fn turn(speaker: Speaker, text: &str) -> Utterance<RedactedLine> {
    let text = serde_json::from_value(serde_json::json!({ "text": text })).unwrap();
    Utterance { speaker, text, start_ms: None, end_ms: None }
}

/// An intake whose digest follows from the text.
pub(crate) fn intake_of(contact: RedactedContact) -> Intake {
    let text = serde_json::to_string(&contact.body).unwrap();
    Intake { contact, digest: ContentDigest(Sha256::digest(text).into()) }
}

pub(crate) fn intake(id: &str, revision: u32, text: &str) -> Intake {
    intake_of(contact(id, revision, text))
}

pub(crate) fn engine(model: &str) -> Engine {
    Engine {
        model: model.to_owned(),
        model_sha256: "0".repeat(64),
        lexicon_version: "abc".to_owned(),
        rules_version: "1".to_owned(),
    }
}

pub(crate) fn flag(rule: Rule, severity: Severity, probability: f64) -> Flag {
    Flag {
        rule,
        severity,
        probability,
        utterances: vec![1],
        why: Why::Facts(Facts::Escalation { since: Some(1), left: None }),
        status: FlagStatus::Candidate,
    }
}

/// What a reviewer says who has looked at these turns of whatever revision.
pub(crate) fn verdict(flag: FlagId, utterances: Vec<usize>, status: FlagStatus) -> NewVerdict {
    let by = Actor::here("user:li.na", Some(Role::Reviewer));
    NewVerdict {
        flag,
        utterances,
        revision: None,
        seen: None,
        status,
        objection: None,
        note: None,
        took_ms: None,
        by,
        at: NOW,
    }
}

/// What `model` would say about a contact, with the flags that a test asks for.
pub(crate) fn analysis(contact: &RedactedContact, model: &str, flags: Vec<Flag>) -> Analysis {
    let Body::Transcript(turns) = &contact.body else { panic!("the tests of the store use transcripts") };
    let utterances = turns.iter().enumerate().map(|(index, turn)| UtteranceAnalysis {
        index,
        speaker: turn.speaker,
        text: turn.text.text.clone(),
        tokens: Vec::new(),
        emotion: Some(Emotion::Anger),
        emotions: None,
        valence: Some(Valence::new(-0.5).unwrap()),
        valence_sd: Some(0.2),
        scorable: true,
        evidence: Vec::new(),
        in_context: None,
    });
    Analysis {
        schema: Analysis::SCHEMA.to_owned(),
        source: contact.header.source.clone(),
        contact_id: contact.header.contact_id.clone(),
        revision: contact.header.revision,
        engine: engine(model),
        utterances: utterances.collect(),
        reported: Vec::new(),
        satisfaction: None,
        signals: Vec::new(),
        flags,
        redactions: Vec::new(),
        skipped: Vec::new(),
    }
}

/// The key that a receipt carries.
pub(crate) fn key(receipt: &IngestReceipt) -> tingxin::domain::ContactRef {
    match *receipt {
        IngestReceipt::Queued(id)
        | IngestReceipt::Updated(id)
        | IngestReceipt::Unchanged(id)
        | IngestReceipt::Conflict(id)
        | IngestReceipt::Stale { id, .. } => id,
        IngestReceipt::SentForOtherTeam | IngestReceipt::HeldByOtherTeam => panic!("{receipt:?} has no key"),
    }
}

/// Puts one contact in, claims it and completes it with these flags.
pub(crate) async fn analysed(store: &Store, intake: Intake, flags: Vec<Flag>) -> tingxin::domain::ContactRef {
    let receipts = store.ingest(&[intake], NOW).await.unwrap();
    let claims = store.claim(1, LEASE, NOW).await.unwrap();
    let [Claim { ticket, contact, .. }] = &claims[..] else { panic!("one job was expected, not {claims:?}") };
    let done = store.complete(&[(*ticket, analysis(contact, "lexicon-1", flags).into())], NOW).await.unwrap();
    assert_eq!(done, [true]);
    key(&receipts[0])
}
