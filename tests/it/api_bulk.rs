//! Streams of contacts.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use reqwest::{Body, Method, RequestBuilder};
use serde_json::{Value, json};
use tingxin::domain::Role;
use tingxin::http::{Exposure, Limits};
use tokio::sync::mpsc;

use crate::support::app::{TestApp, contact};

fn bulk(app: &TestApp, body: impl Into<Body>) -> RequestBuilder {
    let request = app.request(Role::Integrator, Method::POST, "/api/v1/contacts/bulk");
    request.header("content-type", "application/x-ndjson").body(body)
}

async fn answers(request: RequestBuilder) -> Vec<Value> {
    let response = request.send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["content-type"], "application/x-ndjson");
    let text = response.text().await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[actix_web::test]
async fn every_line_gets_one_answer_in_order_and_a_bad_line_stops_nothing() {
    let app = TestApp::start().await;
    let mut conflict = contact("H-1");
    conflict["utterances"][1]["text"] = json!("没事了，谢谢。");
    let lines = [
        contact("H-1").to_string(),
        "{\"source\": ".to_owned(),
        String::new(),
        contact("H-2").to_string(),
        json!({"source": "s", "contact_id": "c", "channel": "fax", "note": {"text": "好"}}).to_string(),
        contact("H-1").to_string(),
        conflict.to_string(),
    ];

    let answers = answers(bulk(&app, lines.join("\n"))).await;

    let seen: Vec<_> = answers
        .iter()
        .map(|answer| (answer["line"].as_u64().unwrap(), answer["status"].as_str().unwrap()))
        .collect();
    assert_eq!(
        seen,
        [(1, "queued"), (2, "refused"), (4, "queued"), (5, "refused"), (6, "unchanged"), (7, "refused")]
    );
    assert_eq!(answers[1]["code"], "invalid_json");
    assert_eq!((&answers[3]["code"], &answers[3]["pointer"]), (&json!("invalid_value"), &json!("/channel")));
    assert_eq!(answers[4]["id"], answers[0]["id"]);
    assert_eq!(answers[5]["code"], "contact_conflict");
    assert_eq!(answers[0].as_object().unwrap().len(), 3, "nothing but line, status and id: {}", answers[0]);
}

#[actix_web::test]
async fn a_long_stream_is_stored_completely_and_again_without_effect() {
    let app = TestApp::start().await;
    let lines: Vec<String> = (0..1000).map(|n| contact(&format!("H-{n}")).to_string() + "\n").collect();
    let body = lines.concat();

    let first = answers(bulk(&app, body.clone())).await;
    let again = answers(bulk(&app, body)).await;

    let ids: BTreeSet<_> = first.iter().map(|answer| answer["id"].as_str().unwrap()).collect();
    assert_eq!((first.len(), ids.len()), (1000, 1000));
    assert!(first.iter().all(|answer| answer["status"] == "queued"));
    assert!(again.iter().zip(&first).all(|(a, b)| a["status"] == "unchanged" && a["id"] == b["id"]));
    assert_eq!(app.store.queue_state(tingxin::domain::UtcMillis::now()).await.unwrap().waiting, 1000);
}

#[actix_web::test]
async fn a_line_is_answered_while_the_stream_is_still_open() {
    let app = TestApp::start().await;
    let (lines, body) = mpsc::unbounded_channel::<Result<String, std::io::Error>>();
    let body =
        futures_util::stream::unfold(body, |mut body| async { body.recv().await.map(|line| (line, body)) });
    lines.send(Ok(contact("H-1").to_string() + "\n")).unwrap();

    let response = bulk(&app, Body::wrap_stream(body)).send().await.unwrap();
    let mut answers = response.bytes_stream();
    let first = answers.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"{\"line\":1,\"status\":\"queued\""), "{first:?}");

    lines.send(Ok(contact("H-2").to_string())).unwrap();
    drop(lines);
    let second = answers.next().await.unwrap().unwrap();
    assert!(second.starts_with(b"{\"line\":2,\"status\":\"queued\""), "{second:?}");
    assert!(answers.next().await.is_none());
}

#[actix_web::test]
async fn a_line_beyond_the_limit_is_refused_alone() {
    let limits = Limits { body_bytes: 1000, ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;
    let lines = ["x".repeat(5000), contact("H-1").to_string()];

    let answers = answers(bulk(&app, lines.join("\n"))).await;

    assert_eq!((&answers[0]["status"], &answers[0]["code"]), (&json!("refused"), &json!("line_too_long")));
    assert_eq!(answers[1]["status"], "queued");
}

#[actix_web::test]
async fn lines_that_cannot_be_stored_are_failed_and_may_be_sent_again() {
    let app = TestApp::start().await;
    app.break_contacts().await;

    let answers = answers(bulk(&app, format!("{}\nnonsense\n", contact("H-1")))).await;

    assert_eq!((&answers[0]["status"], &answers[0]["code"]), (&json!("failed"), &json!("internal")));
    assert_eq!((&answers[1]["status"], &answers[1]["code"]), (&json!("refused"), &json!("invalid_json")));
}

#[actix_web::test]
async fn a_refused_line_has_one_line_number() {
    let app = TestApp::start().await;
    let mut misspelt = contact("H-1");
    misspelt["a customer said"] = json!(1);

    let answers = answers(bulk(&app, format!("{{\"source\": nothing}}\n{{}} {{}}\n{misspelt}\n"))).await;

    for (answer, line) in answers.iter().zip(1..) {
        assert_eq!(answer["line"], line);
        let message = answer["message"].as_str().unwrap();
        assert!(!message.contains("line 1"), "{message}");
    }
    assert_eq!(answers[0]["message"], "not valid JSON at column 13");
}
