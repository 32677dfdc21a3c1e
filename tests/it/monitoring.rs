//! Monitoring outlives what it watches: the metrics on a listener of their own, and a real
//! Prometheus whose alerts fire when the fault is there.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _};
use tingxin::domain::UtcMillis;

use crate::support::dashboards;
use crate::support::prometheus::Prometheus;
use crate::support::proxy::Proxy;
use crate::support::shell::{Running, Shell};
use crate::support::store::{TestDb, intake, on_postgres, tamper};

fn serve(shell: &Shell, more: &[&str]) -> (Running, String, String) {
    let mut command = shell.command(&["serve", "--model", "lexicon", "--listen", "127.0.0.1:0"]);
    command.args(more);
    let mut service = Running::start(command);
    let address = service.line("listening on ");
    let metrics = service.line("metrics on ");
    (service, address, metrics)
}

const LOOPBACK: [&str; 2] = ["--metrics-listen", "127.0.0.1:0"];

#[tokio::test]
async fn on_the_loopback_interface_the_metrics_ask_for_no_key() {
    let shell = Shell::new();
    let (_service, address, metrics) = serve(&shell, &LOOPBACK);

    let text = crate::support::web::get(&metrics).await.unwrap().text().await.unwrap();

    assert!(text.contains("tingxin_build_info") && text.contains("tingxin_worker_still_seconds"), "{text}");
    assert_eq!(crate::support::web::get(format!("{address}/metrics")).await.unwrap().status(), 401);
    let elsewhere = metrics.replace("/metrics", "/api/v1/contacts");
    assert_eq!(
        crate::support::web::get(elsewhere).await.unwrap().status(),
        404,
        "nothing else is served there"
    );
}

#[tokio::test]
async fn on_any_other_address_the_metrics_want_the_token_of_the_file() {
    let shell = Shell::new();
    shell.write("token", "4f7d1b6a90c3e85d2b7f\n");
    shell.write("tingxin.toml", "metrics_token_file = \"token\"\n");
    let (_service, _, metrics) = serve(&shell, &["--metrics-listen", "0.0.0.0:0"]);
    let client = crate::support::web::client();
    let asking = |token: &str| client.get(&metrics).bearer_auth(token).send();

    assert_eq!(client.get(&metrics).send().await.unwrap().status(), 401);
    assert_eq!(asking("4f7d1b6a90c3e85d2b7e").await.unwrap().status(), 401);
    assert_eq!(asking("4f7d1b6a90c3e85d2b7f").await.unwrap().status(), 200);
}

#[test]
fn an_open_address_without_a_token_and_a_token_that_is_none_stop_the_start() {
    let shell = Shell::new();
    let open = shell.run(&["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "0.0.0.0:0"]);
    assert_eq!(open.status, 1);
    assert!(
        open.err.contains("metrics_listen: must be a loopback address, or metrics_token_file"),
        "{}",
        open.err
    );

    shell.write("token", "short\n");
    shell.write("tingxin.toml", "metrics_token_file = \"token\"\n");
    let weak =
        shell.run(&["serve", "--log", "error", "--listen", "127.0.0.1:0", "--metrics-listen", "0.0.0.0:0"]);
    assert_eq!(weak.status, 1);
    assert!(weak.err.contains("openssl rand -hex 24") && !weak.err.contains("short"), "{}", weak.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scrape_waits_for_no_database() {
    on_postgres(|db: TestDb| async move {
        let shell = Shell::new();
        let (proxy, url) = Proxy::before(&db.url);
        let (_service, address, metrics) = serve(&shell, &["--database-url", &url, LOOPBACK[0], LOOPBACK[1]]);
        let client = crate::support::web::client();
        proxy.fall_silent();
        // Requests that wait for the database fill whatever they can fill.
        let busy =
            (0..60).map(|_| client.get(format!("{address}/api/v1/contacts")).bearer_auth("nobody").send());
        let busy = tokio::spawn(futures_util::future::join_all(busy));
        let mut times = Vec::new();
        for _ in 0..100 {
            let begun = Instant::now();
            assert_eq!(client.get(&metrics).send().await.unwrap().status(), 200);
            times.push(begun.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        busy.await.unwrap();

        times.sort();
        // Most are answered within a few milliseconds; a busy machine may hold one up, a database
        // none.
        assert!(times[50] < Duration::from_millis(50), "{times:?}");
        assert!(times[99] < Duration::from_secs(1), "{times:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_prometheus_raises_the_alerts_of_a_database_that_is_away_and_of_a_service_that_is_gone() {
    on_postgres(|db: TestDb| async move {
        let shell = Shell::new();
        let made = shell.run(&["key", "create", "crm", "--role", "integrator", "--database-url", &db.url]);
        let secret = made.out.trim().to_owned();
        let (proxy, url) = Proxy::before(&db.url);
        let (service, address, metrics) = serve(&shell, &["--database-url", &url, LOOPBACK[0], LOOPBACK[1]]);
        let target = metrics.trim_start_matches("http://").trim_end_matches("/metrics");
        let Some(prometheus) = Prometheus::watching(target) else { return };
        prometheus.has_scraped().await;
        prometheus.wait_for("TingxinDatabaseSilent", false).await;

        proxy.fall_silent();
        // Four callers, one after the other: some answer is always new.
        let asking: Vec<_> = (0..4)
            .map(|number| {
                let (list, secret) = (format!("{address}/api/v1/contacts"), secret.clone());
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_secs(number)).await;
                    let client = crate::support::web::client();
                    loop {
                        drop(client.get(&list).bearer_auth(&secret).send().await);
                    }
                })
            })
            .collect();

        prometheus.wait_for("TingxinDatabaseSilent", true).await;
        prometheus.wait_for("TingxinErrors", true).await;
        prometheus.wait_for("TingxinScoringStopped", false).await;
        asking.iter().for_each(tokio::task::JoinHandle::abort);
        proxy.heal();
        prometheus.wait_for("TingxinDatabaseSilent", false).await;

        service.signal("KILL");
        prometheus.wait_for("TingxinDown", true).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_prometheus_raises_the_alerts_of_scoring_that_stands_still() {
    on_postgres(|db: TestDb| async move {
        let shell = Shell::new();
        let made = shell.run(&["key", "create", "crm", "--role", "integrator", "--database-url", &db.url]);
        let (_service, address, metrics) =
            serve(&shell, &["--database-url", &db.url, LOOPBACK[0], LOOPBACK[1]]);
        let target = metrics.trim_start_matches("http://").trim_end_matches("/metrics");
        let Some(prometheus) = Prometheus::watching(target) else { return };
        prometheus.has_scraped().await;

        // Somebody who forgot a lock: the database answers, and no contact can be claimed.
        let mut somebody = sqlx::PgConnection::connect(&db.url).await.unwrap();
        somebody.execute("BEGIN; LOCK TABLE jobs IN SHARE MODE").await.unwrap();
        prometheus.wait_for("TingxinScoringStopped", true).await;
        assert_eq!(crate::support::web::get(format!("{address}/livez")).await.unwrap().status(), 200);
        somebody.execute("ROLLBACK").await.unwrap();
        prometheus.wait_for("TingxinScoringStopped", false).await;

        // A contact from a while ago whose analysis the database refuses, again and again.
        tamper(&db, "ALTER TABLE analyses ADD CHECK (revision < 0) NOT VALID").await;
        let long_ago = UtcMillis::now().plus_millis(-700_000);
        db.store.ingest(&[intake("H-1", 1, "宽带断了")], long_ago).await.unwrap();
        prometheus.wait_for("TingxinScoringBehind", true).await;
        prometheus.wait_for("TingxinContactsQuarantined", true).await;

        // A source that has changed its format.
        let refused = tokio::spawn(async move {
            let client = crate::support::web::client();
            loop {
                let sent = client.post(format!("{address}/api/v1/contacts")).bearer_auth(made.out.trim());
                drop(sent.json(&json!({ "source": "s", "nonsense": 1 })).send().await);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        prometheus.wait_for("TingxinIngestRefused", true).await;
        refused.abort();
    })
    .await;
}

/// What may be empty although everything works, and why.
const MAY_BE_EMPTY: [(&str, &str); 7] = [
    ("ALERTS{", "there are series of alerts only while one is about to fire"),
    (
        "\"$team\",rule=\"likely_dissatisfied\"",
        "the word lists expect no satisfaction, so there is no fifth contact",
    ),
    ("\"$topic\",rule=\"likely_dissatisfied\"", "as above"),
    ("tingxin_rule_precision_", "nobody has read a random sample"),
    ("tingxin_reading_drift_psi", "the word lists have no reference"),
    ("tingxin_source_usual_contacts_hour", "as for the usual share, there is no past week"),
    (":usual_ratio1h", "there is no yesterday and no past week to compare with"),
];

/// The transcripts and notes of the samples.
fn samples() -> Vec<Value> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let folders = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let files = folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let contacts = files.filter(|path| path.extension().is_some_and(|kind| kind == "json"));
    contacts.filter_map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).ok()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_prometheus_answers_every_question_of_the_dashboards() {
    let shell = Shell::new();
    let made = shell.run(&["key", "create", "crm", "--role", "integrator"]);
    let (_service, address, metrics) = serve(&shell, &LOOPBACK);
    let target = metrics.trim_start_matches("http://").trim_end_matches("/metrics");
    let Some(prometheus) = Prometheus::watching(target) else { return };
    prometheus.has_scraped().await;

    // A day of the samples, over and over, and somebody who looks at a page and reads through the API.
    let sending = tokio::spawn(async move {
        let (client, key) = (crate::support::web::client(), made.out.trim().to_owned());
        for round in 0.. {
            for mut contact in samples() {
                contact["contact_id"] = json!(format!("{}-{round}", contact["contact_id"].as_str().unwrap()));
                let sent = client.post(format!("{address}/api/v1/contacts")).bearer_auth(&key).json(&contact);
                drop(sent.send().await);
                drop(client.get(format!("{address}/login")).send().await);
                drop(client.get(format!("{address}/api/v1/contacts")).bearer_auth(&key).send().await);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    });
    prometheus.finds("sum(tingxin_contacts_analysed_total) > 50").await.unwrap();

    for board in dashboards::all() {
        for expression in dashboards::expressions(&board) {
            let asked = dashboards::filled(&expression);
            if MAY_BE_EMPTY.iter().any(|(part, _)| expression.contains(part)) {
                let said = prometheus.ask(&asked).await.unwrap();
                assert_eq!(said["status"], "success", "{asked}: {said}");
            } else if let Err(said) = prometheus.finds(&asked).await {
                panic!("{asked}: {said}");
            }
        }
    }
    sending.abort();
}
