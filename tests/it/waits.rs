//! Every wait for the database ends: a server that is gone without a word stops neither scoring nor
//! requests.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tingxin::domain::{Analysed, ContactRef, ContactState, RedactedContact, UtcMillis};
use tingxin::events::Deaf;
use tingxin::pipeline::LaneError;
use tingxin::store::{ContactFilter, Store, one_request};
use tingxin::worker::{Analyst, Worker, WorkerOptions};
use tokio::sync::watch;

use crate::support::proxy::Proxy;
use crate::support::shell::{Running, Shell};
use crate::support::store::{NOW, TestDb, analysis, intake, key, on_postgres};

/// How soon scoring goes on when the database is there again.
const BACK: Duration = Duration::from_secs(10);

/// What a request may take, with room for a machine that has other things to do.
const REQUEST: Duration = Duration::from_secs(7);

struct Ready;

impl Analyst for Ready {
    async fn analyse(&self, contacts: Vec<RedactedContact>) -> Result<Vec<Analysed>, LaneError> {
        Ok(contacts.iter().map(|contact| analysis(contact, "lexicon-1", Vec::new()).into()).collect())
    }
}

/// Loses the database in the middle of its first batch.
struct Unlucky(Arc<Proxy>, std::sync::Once);

impl Analyst for Unlucky {
    async fn analyse(&self, contacts: Vec<RedactedContact>) -> Result<Vec<Analysed>, LaneError> {
        self.1.call_once(|| self.0.fall_silent());
        Ready.analyse(contacts).await
    }
}

async fn ingest(store: &Store, id: &str) -> ContactRef {
    key(&store.ingest(&[intake(id, 1, "宽带断了")], NOW).await.unwrap()[0])
}

async fn scored_within(limit: Duration, store: &Store, id: ContactRef) {
    let scored = async {
        while store.contact(id, None).await.unwrap().unwrap().state != ContactState::Analysed {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(limit, scored).await.expect("the contact is scored in time");
}

/// A worker whose database lies behind the proxy, for as long as the sender lives.
async fn work_behind<A: Analyst + 'static>(url: &str, analyst: A) -> watch::Sender<bool> {
    let (stop, stopping) = watch::channel(false);
    let options = WorkerOptions { idle: Duration::from_millis(50), ..WorkerOptions::default() };
    let worker = Worker::new(Store::open(url).await.unwrap(), analyst, Arc::new(Deaf), options);
    tokio::spawn(worker.run(stopping));
    stop
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_open_connection_does_not_stop_scoring() {
    on_postgres(|db: TestDb| async move {
        let (proxy, url) = Proxy::before(&db.url);
        let _working = work_behind(&url, Ready).await;
        scored_within(BACK, &db.store, ingest(&db.store, "before").await).await;

        for round in 0..4 {
            proxy.forget_open_connections();
            scored_within(BACK, &db.store, ingest(&db.store, &format!("round {round}")).await).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scoring_goes_on_when_a_silent_database_is_back_and_nobody_waits_for_a_lease() {
    on_postgres(|db: TestDb| async move {
        let (proxy, url) = Proxy::before(&db.url);
        let proxy = Arc::new(proxy);
        let interrupted = ingest(&db.store, "in the middle").await;
        let _working = work_behind(&url, Unlucky(Arc::clone(&proxy), std::sync::Once::new())).await;
        tokio::time::sleep(Duration::from_secs(7)).await;
        let waiting = ingest(&db.store, "meanwhile").await;

        proxy.heal();

        // The lease of the interrupted batch is two minutes long.
        scored_within(BACK, &db.store, interrupted).await;
        scored_within(BACK, &db.store, waiting).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_did_not_answer_take_no_places_for_ever() {
    on_postgres(|db: TestDb| async move {
        let (proxy, url) = Proxy::before(&db.url);
        let store = Store::open(&url).await.unwrap();
        // More callers than the store has connections.
        let all = |store: Store| async move {
            let asked = (0..40).map(|_| async { store.probe(UtcMillis::now()).await.is_ok() });
            futures_util::future::join_all(asked).await
        };
        assert!(all(store.clone()).await.into_iter().all(|fine| fine));
        let in_the_middle = tokio::spawn(all(store.clone()));
        proxy.fall_silent();
        let begun = Instant::now();
        let while_silent = all(store.clone()).await;
        drop(in_the_middle.await.unwrap());
        assert!(while_silent.into_iter().all(|fine| !fine), "nothing can have been written");
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());

        proxy.heal();

        let after = tokio::time::timeout(BACK, async {
            while !all(store.clone()).await.into_iter().all(|fine| fine) {}
        });
        after.await.expect("every connection is a new one");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_one_request_asks_of_a_slow_database_together_ends_in_time() {
    on_postgres(|db: TestDb| async move {
        let (proxy, url) = Proxy::before(&db.url);
        let store = Store::open(&url).await.unwrap();
        proxy.delay(Duration::from_millis(300));
        let begun = Instant::now();

        let refused = one_request(async {
            loop {
                if let Err(refused) = store.contacts(&ContactFilter::default(), None, 10).await {
                    return refused;
                }
            }
        })
        .await;

        assert!(begun.elapsed() < REQUEST, "{:?}", begun.elapsed());
        assert!(matches!(refused, tingxin::store::StoreError::Unavailable(_)), "{refused}");
        let slow = store.contacts(&ContactFilter::default(), None, 10).await;
        assert!(slow.is_ok(), "a slow database is no dead one: {:?}", slow.err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_reset_costs_one_answer_at_most() {
    on_postgres(|db: TestDb| async move {
        let (proxy, url) = Proxy::before(&db.url);
        let store = Store::open(&url).await.unwrap();
        for round in 0..10 {
            proxy.reset();
            drop(store.probe(UtcMillis::now()).await);
            store.probe(UtcMillis::now()).await.unwrap_or_else(|cause| panic!("round {round}: {cause:?}"));
        }
    })
    .await;
}

fn serve(shell: &Shell, url: &str) -> (Running, String, String) {
    let listen = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    let mut command = shell.command(&["serve", "--model", "lexicon", "--database-url", url]);
    command.args(listen);
    let mut service = Running::start(command);
    let address = service.line("listening on ");
    let metrics = service.line("metrics on ");
    (service, address, metrics)
}

async fn status(request: reqwest::RequestBuilder) -> u16 {
    let begun = Instant::now();
    let status = request.send().await.unwrap().status().as_u16();
    assert!(begun.elapsed() < REQUEST, "{:?}", begun.elapsed());
    status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_silent_requests_are_refused_in_time_and_the_metrics_go_on() {
    on_postgres(|db: TestDb| async move {
        let shell = Shell::new();
        let made = shell.run(&["key", "create", "crm", "--role", "integrator", "--database-url", &db.url]);
        assert_eq!(made.status, 0, "{}", made.err);
        let secret = made.out.trim().to_owned();
        let (proxy, url) = Proxy::before(&db.url);
        let (_service, address, metrics) = serve(&shell, &url);
        let client = crate::support::web::client();
        let get = |path: &str| client.get(format!("{address}{path}")).bearer_auth(&secret);
        let send = |id: &str| {
            let contact =
                json!({"source": "s", "contact_id": id, "channel": "hotline", "note": {"text": "好"}});
            client.post(format!("{address}/api/v1/contacts?wait=true")).bearer_auth(&secret).json(&contact)
        };
        assert_eq!(status(send("H-1")).await, 200);
        assert_eq!(status(get("/readyz")).await, 200);

        proxy.fall_silent();

        let (page, receipt) = tokio::join!(status(get("/api/v1/contacts")), status(send("H-2")));
        assert_eq!((page, receipt), (503, 503));
        assert_eq!(status(get("/readyz")).await, 503, "what it found seconds ago holds no longer");
        assert_eq!(status(get("/livez")).await, 200);
        let up = until(&client, &metrics, "tingxin_database_up 0").await;
        assert!(up.contains("tingxin_contacts_analysed_total"), "what the process counted is still told");
        assert!(!up.contains("tingxin_queue_contacts"), "no number of a database that is silent");

        proxy.heal();

        tokio::time::timeout(BACK, async {
            while status(send("H-3")).await != 200 || status(get("/readyz")).await != 200 {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        })
        .await
        .expect("the service goes on without a restart");
        until(&client, &metrics, "tingxin_database_up 1").await;
    })
    .await;
}

/// Scrapes until a line is there, and returns what was scraped.
async fn until(client: &reqwest::Client, metrics: &str, line: &str) -> String {
    let begun = Instant::now();
    loop {
        let text = client.get(metrics).send().await.unwrap().text().await.unwrap();
        if text.lines().any(|found| found == line) {
            return text;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no line `{line}` in\n{text}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
