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
