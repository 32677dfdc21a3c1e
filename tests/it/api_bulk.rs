//! Streams of contacts.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
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

/// A body that goes on for as long as its sender lives.
fn open_body() -> (mpsc::UnboundedSender<std::io::Result<String>>, Body) {
    let (lines, body) = mpsc::unbounded_channel();
    let body =
        futures_util::stream::unfold(body, |mut body| async { body.recv().await.map(|line| (line, body)) });
    (lines, Body::wrap_stream(body))
}

/// The next part of an answer as JSON; several lines only come together when they arrive together.
async fn next_line(answers: &mut (impl Stream<Item = reqwest::Result<impl AsRef<[u8]>>> + Unpin)) -> Value {
    serde_json::from_slice(answers.next().await.unwrap().unwrap().as_ref()).unwrap()
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
    let (lines, body) = open_body();
    lines.send(Ok(contact("H-1").to_string() + "\n")).unwrap();

    let response = bulk(&app, body).send().await.unwrap();
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

#[actix_web::test]
async fn an_idempotency_key_is_refused_because_a_stream_cannot_be_replayed() {
    let app = TestApp::start().await;

    let request = bulk(&app, contact("H-1").to_string()).header("idempotency-key", "k-1");
    let refused = request.send().await.unwrap();

    assert_eq!(refused.status().as_u16(), 400);
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["code"], "invalid_header");
    assert!(problem["detail"].as_str().unwrap().contains("safe"), "{problem}");
    assert_eq!(app.store.queue_state(tingxin::domain::UtcMillis::now()).await.unwrap().waiting, 0);
}

#[actix_web::test]
async fn who_waits_for_the_answers_to_a_slow_batch_is_not_too_slow() {
    let patience = Duration::from_millis(100);
    let app =
        TestApp::with(Limits { body_timeout: patience, ..Limits::default() }, Exposure::default()).await;
    let held = app.hold_writes().await;
    let (lines, body) = open_body();
    lines.send(Ok(contact("H-1").to_string() + "\n")).unwrap();

    let response = bulk(&app, body).send().await.unwrap();
    tokio::time::sleep(patience * 4).await;
    held.release().await;
    let mut answers = response.bytes_stream();
    assert_eq!(next_line(&mut answers).await["status"], "queued");
    lines.send(Ok(contact("H-2").to_string() + "\n")).unwrap();

    assert_eq!(next_line(&mut answers).await["status"], "queued");
    let late = next_line(&mut answers).await;
    assert_eq!(
        (&late["line"], &late["code"]),
        (&json!(3), &json!("body_timeout")),
        "now nobody waits for us"
    );
}

#[actix_web::test]
async fn a_client_that_stalls_inside_a_line_while_a_batch_is_stored_loses_that_line_only() {
    let patience = Duration::from_millis(100);
    let app =
        TestApp::with(Limits { body_timeout: patience, ..Limits::default() }, Exposure::default()).await;
    let held = app.hold_writes().await;
    let (lines, body) = open_body();
    lines.send(Ok(contact("H-1").to_string() + "\n")).unwrap();
    let response = bulk(&app, body).send().await.unwrap();
    lines.send(Ok(contact("H-2").to_string() + "\n{\"source\":")).unwrap();
    tokio::time::sleep(patience).await;
    held.release().await;

    let text = response.text().await.unwrap();

    let seen: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen: Vec<_> = seen.iter().map(|answer| (&answer["line"], &answer["status"])).collect();
    let (queued, failed) = (json!("queued"), json!("failed"));
    assert_eq!(seen, [(&json!(1), &queued), (&json!(2), &queued), (&json!(3), &failed)]);
}

#[actix_web::test]
async fn a_last_line_without_an_end_that_comes_while_a_batch_is_stored_is_stored_too() {
    let app = TestApp::start().await;
    let held = app.hold_writes().await;
    let (lines, body) = open_body();
    lines.send(Ok(contact("H-1").to_string() + "\n")).unwrap();
    let response = bulk(&app, body).send().await.unwrap();
    lines.send(Ok(contact("H-2").to_string())).unwrap();
    drop(lines);
    tokio::time::sleep(Duration::from_millis(50)).await;
    held.release().await;

    let text = response.text().await.unwrap();

    assert_eq!(text.matches("queued").count(), 2, "{text}");
}

#[actix_web::test]
async fn a_line_that_breaks_off_is_not_stored_even_when_it_reads_like_a_whole_one() {
    let app = TestApp::start().await;
    let (lines, body) = open_body();
    lines.send(Ok(contact("H-1").to_string() + "\n")).unwrap();
    let response = bulk(&app, body).send().await.unwrap();
    let mut answers = response.bytes_stream();
    assert_eq!(next_line(&mut answers).await["status"], "queued");

    // Whether more would have followed is not known: `{"a":1}` may be the start of `{"a":1} x`.
    lines.send(Ok(contact("H-2").to_string())).unwrap();
    lines.send(Err(std::io::Error::other("the client dies"))).unwrap();
    while answers.next().await.is_some_and(|part| part.is_ok()) {}
    app.stop().await;

    assert_eq!(app.store.queue_state(tingxin::domain::UtcMillis::now()).await.unwrap().waiting, 1);
}
