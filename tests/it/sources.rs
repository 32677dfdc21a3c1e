//! Sources that run: what comes in through them is there once, whatever is killed in between.

mod folder;
#[cfg(feature = "kafka")]
mod kafka;
#[cfg(feature = "nats")]
mod nats;

use std::sync::Arc;

use tingxin::redact::{PseudonymKey, Redactor};
use tingxin::sources::SourceDoor;
use tingxin::store::{ContactFilter, Store};

/// A way in that never waits for scoring, for nothing is scored here.
fn door(store: &Store) -> SourceDoor {
    SourceDoor {
        store: store.clone(),
        redactor: Redactor::new(PseudonymKey::new([7; 32])),
        observer: Arc::new(tingxin::events::Deaf),
        wake: Arc::default(),
        oldest_unscored_seconds: f64::MAX,
    }
}

/// Waits until so many contacts are there, and breaks something meanwhile.
#[cfg(any(feature = "kafka", feature = "nats"))]
async fn until(db: &crate::support::store::TestDb, count: usize) {
    let (begun, count) = (std::time::Instant::now(), u64::try_from(count).unwrap());
    while db.store.inventory().await.map_or(0, |inventory| inventory.contacts) < count {
        assert!(begun.elapsed() < std::time::Duration::from_mins(3), "contacts do not come in");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// A process that takes contacts in from a broker, which the variables name, and does nothing else.
#[cfg(any(feature = "kafka", feature = "nats"))]
fn intake(
    shell: &crate::support::shell::Shell,
    db: &crate::support::store::TestDb,
    broker: &[(&str, String)],
) -> crate::support::shell::Running {
    let mut command = shell.command(&["serve", "--role", "intake", "--listen", "127.0.0.1:0"]);
    command.args(["--database-url", &db.url]);
    command.envs(broker.iter().map(|(name, value)| (name, value)));
    // Nothing is scored here, and that is not what is tried.
    command.env("TINGXIN_LIMITS__OLDEST_UNSCORED_SECONDS", "86400");
    let log = std::fs::File::options().create(true).append(true).open(shell.path("log")).unwrap();
    command.stderr(log);
    let mut running = crate::support::shell::Running::start_with_its_own_log(command);
    running.line("listening on ");
    running
}

/// Ends every connection of the service to its database.
#[cfg(any(feature = "kafka", feature = "nats"))]
async fn cut_the_database(db: &crate::support::store::TestDb) {
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    crate::support::store::tamper(db, end).await;
}

/// A dead letter holds what was sent, and says why in words of ours.
#[cfg(any(feature = "kafka", feature = "nats"))]
fn check_dead_letter(payload: &[u8], reason: &str) {
    assert!(payload.starts_with(b"{\"contact_id\""), "it can be mended and sent again");
    assert!(reason.contains("1 were not") && reason.contains("invalid_json"), "{reason}");
    assert!(!reason.contains("王小明"), "{reason}");
}

/// A contact as one line of NDJSON.
fn line(id: &str, text: &str) -> String {
    let contact = serde_json::json!({
        "source": "hall", "contact_id": id, "channel": "hotline",
        "utterances": [
            {"speaker": "agent", "text": "您好，很高兴为您服务。"},
            {"speaker": "customer", "text": text},
        ],
    });
    format!("{contact}\n")
}

/// The ids of all contacts, in order; one that is there twice stands there twice.
async fn ids(store: &Store) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = store.contacts(&ContactFilter::default(), after.as_ref(), 500).await.unwrap();
        ids.extend(page.items.into_iter().map(|contact| contact.contact_id.to_string()));
        after = page.next;
        if after.is_none() {
            ids.sort();
            return ids;
        }
    }
}
