//! One service in several processes, which share a database.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::shell::{Running, Shell};
use crate::support::store::on_postgres;
use crate::support::web;

/// A process with a part of the work, and where it listens.
fn start(shell: &Shell, url: &str, role: &str) -> (Running, String) {
    let arguments =
        ["serve", "--role", role, "--listen", "127.0.0.1:0", "--model", "lexicon", "--database-url", url];
    let mut running = Running::start(shell.command(&arguments));
    let address = running.line("listening on ");
    (running, address)
}

async fn ready(address: &str) -> Value {
    let answer = web::get(format!("{address}/readyz")).await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

async fn status(address: &str, path: &str) -> u16 {
    web::get(format!("{address}{path}")).await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_goes_through_three_processes() {
    on_postgres(|db| async move {
        let shell = Shell::new();
        let key = shell.run(&["key", "create", "crm", "--role", "integrator", "--database-url", &db.url]);
        let monitor = shell.run(&["key", "create", "watch", "--role", "monitor", "--database-url", &db.url]);
        let (key, monitor) = (key.out.trim().to_owned(), monitor.out.trim().to_owned());
        let (_intake, intake) = start(&shell, &db.url, "intake");
        let (_score, score) = start(&shell, &db.url, "score");
        let (_console, console) = start(&shell, &db.url, "console");
        let contact = json!({
            "source": "s", "contact_id": "R-1", "channel": "hotline",
            "utterances": [
                {"speaker": "agent", "text": "您好，很高兴为您服务。"},
                {"speaker": "customer", "text": "我家宽带又断了，这都第三次了！"},
            ],
        });
        let post = |address: &str, path: &str| {
            web::client().post(format!("{address}{path}")).bearer_auth(&key).json(&contact).send()
        };

        let sent = post(&intake, "/api/v1/contacts").await.unwrap();

        assert_eq!(sent.status(), 201);
        let id = sent.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
        let begun = Instant::now();
        let analysis = loop {
            let asked = web::client()
                .get(format!("{console}/api/v1/contacts/{id}/analysis"))
                .bearer_auth(&key)
                .send()
                .await
                .unwrap();
            if asked.status() == 200 {
                break asked.json::<Value>().await.unwrap();
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "nobody analyses it: {}", asked.status());
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        assert_eq!(analysis["schema"], "tingxin.analysis.v1");

        each_tells_what_it_does(&intake, &score, &console).await;
        each_has_its_routes(&intake, &score, &console).await;
        let waiting = post(&intake, "/api/v1/contacts?wait=true").await.unwrap();
        assert_eq!(waiting.status(), 400, "nobody waits for what is done elsewhere");
        assert_eq!(post(&console, "/api/v1/contacts").await.unwrap().status(), 405);
        each_has_its_metrics(&monitor, &intake, &score).await;
    })
    .await;
}

async fn each_tells_what_it_does(intake: &str, score: &str, console: &str) {
    let told = |found: Value| {
        let checks = &found["checks"];
        (checks["analysis"].as_str().unwrap().to_owned(), checks["scoring"].as_str().unwrap().to_owned())
    };
    let said = |analysis: &str, scoring: &str| (analysis.to_owned(), scoring.to_owned());
    assert_eq!(told(ready(intake).await), said("elsewhere", "elsewhere"));
    assert_eq!(told(ready(score).await), said("ok", "ok"));
    assert_eq!(told(ready(console).await), said("ok", "elsewhere"));
}

async fn each_has_its_routes(intake: &str, score: &str, console: &str) {
    assert_eq!(status(console, "/login").await, 200);
    for elsewhere in [intake, score] {
        assert_eq!(status(elsewhere, "/login").await, 404);
        assert_eq!(status(elsewhere, "/api/v1/flags").await, 404);
        assert_eq!(status(elsewhere, "/livez").await, 200);
    }
    assert_eq!(status(score, "/api/v1/contacts/bulk").await, 404);
}

async fn each_has_its_metrics(key: &str, intake: &str, score: &str) {
    let read = async |address: &str| {
        let asked = web::client().get(format!("{address}/metrics")).bearer_auth(key).send().await.unwrap();
        assert_eq!(asked.status(), 200);
        asked.text().await.unwrap()
    };
    let (intake, score) = (read(intake).await, read(score).await);
    let came_in = "tingxin_contacts_ingested_total{channel=\"hotline\",outcome=\"queued\"}";
    let analysed = "tingxin_contacts_analysed_total{channel=\"hotline\"}";
    assert!(intake.contains(&format!("{came_in} 1")) && score.contains(&format!("{came_in} 0")));
    assert!(intake.contains(&format!("{analysed} 0")) && score.contains(&format!("{analysed} 1")));
    assert!(!intake.contains("tingxin_worker_still_seconds "), "no worker runs there");
    assert!(score.contains("tingxin_worker_still_seconds "));
    assert!(intake.contains("tingxin_queue_contacts") && score.contains("tingxin_queue_contacts"));
}

#[test]
fn on_sqlite_one_process_does_everything_and_says_so() {
    let shell = Shell::new();

    let ended = shell.run(&["serve", "--role", "score", "--database-url", "sqlite://a.db"]);

    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("setting role") && ended.err.contains("PostgreSQL"), "{}", ended.err);
    assert!(!shell.path("a.db").exists());
}
