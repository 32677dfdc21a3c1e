//! A stream of contacts that is packed with gzip.

use std::io::Write as _;

use reqwest::Method;
use serde_json::Value;
use tingxin::domain::Role;

use crate::support::app::{TestApp, contact};

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

/// Sends packed lines and returns the answers.
async fn send(app: &TestApp, body: Vec<u8>, encoding: &str) -> (u16, Vec<Value>) {
    let answer = app
        .request(Role::Integrator, Method::POST, "/api/v1/contacts/bulk")
        .header("content-type", "application/x-ndjson")
        .header("content-encoding", encoding)
        .body(body)
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn lines(count: usize) -> Vec<u8> {
    (0..count).flat_map(|n| format!("{}\n", contact(&format!("G-{n}"))).into_bytes()).collect()
}

#[actix_web::test]
async fn a_packed_stream_is_answered_line_by_line() {
    let app = TestApp::start().await;

    let (status, answers) = send(&app, gzip(&lines(300)), "gzip").await;

    assert_eq!(status, 200);
    assert_eq!(answers.len(), 300);
    assert!(answers.iter().all(|answer| answer["status"] == "queued"), "{:?}", answers.first());
}

#[actix_web::test]
async fn a_bomb_is_given_up_and_the_lines_before_it_are_kept() {
    let app = TestApp::start().await;
    // 256 MiB of blanks after two contacts, in 256 KiB.
    let mut body = lines(2);
    body.resize(body.len() + 256 * 1024 * 1024, b' ');

    let (status, answers) = send(&app, gzip(&body), "gzip").await;

    assert_eq!(status, 200);
    let last = answers.last().unwrap();
    assert_eq!(
        (last["status"].as_str(), last["code"].as_str()),
        (Some("refused"), Some("body_too_large")),
        "{last}"
    );
    assert_eq!(answers.iter().filter(|answer| answer["status"] == "queued").count(), 2);
}

#[actix_web::test]
async fn what_is_cut_off_or_no_gzip_is_said_at_the_end() {
    let app = TestApp::start().await;
    let mut cut = gzip(&lines(50));
    cut.truncate(cut.len() / 2);

    for body in [cut, b"{\"contact_id\": 1}\n".to_vec()] {
        let (_, answers) = send(&app, body, "gzip").await;

        let last = answers.last().unwrap();
        assert_eq!(last["code"], "invalid_json", "{last}");
    }
    let (status, answers) = send(&app, lines(1), "br").await;
    assert_eq!((status, answers[0]["code"].as_str()), (415, Some("unsupported_media_type")));
}
