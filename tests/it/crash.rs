//! The running service is killed at any moment, again and again, and forgets nothing it has
//! acknowledged.
//!
//! `kill -9` leaves the page cache alone, so this proves the logic and not the disk: that a write
//! which was acknowledged survives a power cut rests on `synchronous = FULL`, which
//! `crates/store/src/tests.rs` holds it to and `scripts/power_cuts.py` tries.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sqlx::Connection as _;
use tingxin::domain::{ContactState, UtcMillis};
use tingxin::store::{ContactFilter, Store};

use crate::support::shell::{Running, Shell};
use crate::support::store::{on_postgres, variable};

const NEW_CONTACTS: u32 = 120;

/// Numbers that look random and are the same in every run (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn line(number: u32) -> String {
    let contact = serde_json::json!({
        "source": "crash", "contact_id": format!("C-{number}"), "channel": "hotline",
        "utterances": [
            {"speaker": "agent", "text": "您好，很高兴为您服务。"},
            {"speaker": "customer", "text": format!("我家宽带又断了，这都第{number}次了！")},
        ],
    });
    format!("{contact}\n")
}

fn serve(shell: &Shell, url: &str) -> (Running, String) {
    // What is lost or kept does not depend on the model; word lists bring the backlog down in no
    // time.
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--model", "lexicon", "--database-url", url];
    let mut service = Running::start(shell.command(&arguments));
    let address = service.line("listening on ");
    (service, address)
}

/// Sends contacts as one stream and notes what is acknowledged, until the answer ends or breaks
/// off.
async fn push(address: &str, secret: &str, sent: Vec<u32>) -> BTreeSet<u32> {
    let body: String = sent.iter().map(|number| line(*number)).collect();
    let request = crate::support::web::client()
        .post(format!("{address}/api/v1/contacts/bulk"))
        .bearer_auth(secret)
        .header("content-type", "application/x-ndjson")
        .body(body);
    let mut acknowledged = BTreeSet::new();
    let Ok(mut answer) = request.send().await else { return acknowledged };
    assert_eq!(answer.status(), 200);
    let mut answers = Vec::new();
    while let Ok(Some(part)) = answer.chunk().await {
        answers.extend_from_slice(&part);
    }
    // Each whole line is an acknowledgement; the last one may have been cut off.
    let whole = answers.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    for text in answers[..whole].split(|byte| *byte == b'\n').filter(|text| !text.is_empty()) {
        let answer: serde_json::Value = serde_json::from_slice(text).unwrap();
        assert!(matches!(answer["status"].as_str(), Some("queued" | "unchanged")), "{answer}");
        let position = usize::try_from(answer["line"].as_u64().unwrap()).unwrap() - 1;
        acknowledged.insert(sent[position]);
    }
    acknowledged
}

/// Waits until nothing waits for its analysis any more.
async fn drained(store: &Store) {
    let started = Instant::now();
    while store.queue_state(UtcMillis::now()).await.unwrap().waiting > 0 {
        assert!(started.elapsed() < Duration::from_mins(2), "the backlog is not worked off");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn all_contacts(store: &Store) -> Vec<(String, ContactState)> {
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.contacts(&ContactFilter::default(), after.as_ref(), 500).await.unwrap();
        seen.extend(page.items.into_iter().map(|item| (item.contact_id.to_string(), item.state)));
        after = page.next;
        if after.is_none() {
            return seen;
        }
    }
}

/// Kills the service again and again while contacts are sent; what was acknowledged, and how often.
async fn kill(shell: &Shell, url: &str, kills: u32) -> BTreeSet<u32> {
    let created = shell.run(&["key", "create", "crash", "--role", "integrator", "--database-url", url]);
    assert_eq!(created.status, 0, "{}", created.err);
    let secret = created.out.trim();
    let mut dice = Dice(20_261_101);
    let mut acknowledged = BTreeSet::new();
    let mut next = 0;

    for _ in 0..kills {
        let fresh = next..next + NEW_CONTACTS;
        next += NEW_CONTACTS;
        // A client sends again what it has no answer to, and some of what it has.
        let mut sent: Vec<u32> =
            (0..fresh.start).filter(|n| !acknowledged.contains(n) || dice.below(20) == 0).collect();
        sent.extend(fresh);
        let (service, address) = serve(shell, url);
        let client = {
            let secret = secret.to_owned();
            tokio::spawn(async move { push(&address, &secret, sent).await })
        };
        tokio::time::sleep(Duration::from_millis(10 + dice.below(800))).await;
        service.signal("KILL");
        acknowledged.append(&mut client.await.unwrap());
        service.wait();
    }
    acknowledged
}

/// Works the backlog off and compares what is there with what was acknowledged.
async fn nothing_is_lost_and_nothing_doubled(
    shell: &Shell,
    url: &str,
    acknowledged: &BTreeSet<u32>,
    kills: u32,
) {
    let (service, _) = serve(shell, url);
    let store = Store::open(url).await.unwrap();
    drained(&store).await;
    service.signal("TERM");
    assert!(service.wait().success());
    let contacts = all_contacts(&store).await;
    let stored: BTreeSet<&str> = contacts.iter().map(|(id, _)| id.as_str()).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|n| !stored.contains(&*format!("C-{n}"))).collect();
    let doubled = contacts.len() - stored.len();
    println!(
        "evidence: {kills} × kill -9, {} acknowledged, {} lost, {doubled} doubled",
        acknowledged.len(),
        lost.len()
    );
    let least = usize::try_from(kills).unwrap() * 5;
    assert!(acknowledged.len() > least, "only {} were acknowledged between the kills", acknowledged.len());
    assert_eq!(doubled, 0, "a contact is there twice");
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(contacts.iter().all(|(_, state)| *state == ContactState::Analysed), "{contacts:?}");
    let inventory = store.inventory().await.unwrap();
    assert_eq!(inventory.analyses, inventory.contacts, "every contact has exactly one analysis");
    assert_eq!(inventory.jobs, 0);
    store.close().await;
}

/// How often: `make resilience` asks for more.
fn kills(usual: u32) -> u32 {
    variable("TINGXIN_TEST_KILLS").map_or(usual, |count| count.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_lose_no_acknowledged_contact_and_double_none() {
    let shell = Shell::new();
    let url = format!("sqlite://{}", shell.path("crash.db").display());
    let kills = kills(20);

    let acknowledged = kill(&shell, &url, kills).await;

    nothing_is_lost_and_nothing_doubled(&shell, &url, &acknowledged, kills).await;
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let sound: String =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
    assert_eq!(sound, "ok");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_lose_nothing_on_postgresql_either() {
    on_postgres(|db| async move {
        let shell = Shell::new();
        let kills = kills(5);

        let acknowledged = kill(&shell, &db.url, kills).await;

        nothing_is_lost_and_nothing_doubled(&shell, &db.url, &acknowledged, kills).await;
    })
    .await;
}
