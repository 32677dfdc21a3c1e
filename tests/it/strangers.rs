//! Nobody who is not known, and no single key, takes what the others need.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Body, Method, RequestBuilder, Response};
use serde_json::Value;
use tingxin::domain::Role;
use tingxin::http::{Exposure, Limits};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::support::app::{PASSWORD, TestApp, contact};

/// Long enough for requests that are sent to be where they wait.
const A_WHILE: Duration = Duration::from_millis(300);

/// A connection on which a login form has begun and does not go on.
async fn half_a_form(app: &TestApp) -> TcpStream {
    let address = app.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begun = "POST /login HTTP/1.1\r\nHost: tingxin\r\nContent-Length: 100\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\nname=li";
    stream.write_all(begun.as_bytes()).await.unwrap();
    stream
}

async fn log_in(app: &TestApp, name: &str) -> Response {
    let form = app.anonymous(Method::POST, "/login").header("sec-fetch-site", "same-origin");
    form.form(&[("name", name), ("password", PASSWORD)]).send().await.unwrap()
}

#[actix_web::test]
async fn strangers_who_send_half_a_login_form_keep_nobody_out() {
    let limits = Limits { in_flight: 8, ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;
    app.account("wang", Role::Reviewer, None).await;
    let mut forms = Vec::new();
    for _ in 0..60 {
        forms.push(half_a_form(&app).await);
    }
    tokio::time::sleep(A_WHILE).await;

    assert_eq!(app.get("/api/v1/flags").await.status().as_u16(), 200);
    let page = app.anonymous(Method::GET, "/login").send().await.unwrap();
    assert_eq!(page.status().as_u16(), 200, "somebody at the same address opens the page");
    assert_eq!(log_in(&app, "wang").await.status().as_u16(), 303, "and logs in");
}

#[actix_web::test]
async fn of_many_half_forms_of_one_address_the_oldest_is_told_to_come_again() {
    let app = TestApp::start().await;
    let mut first = half_a_form(&app).await;
    tokio::time::sleep(A_WHILE).await;
    let mut later = Vec::new();
    for _ in 0..16 {
        later.push(half_a_form(&app).await);
    }

    let mut answer = vec![0; 12];
    tokio::io::AsyncReadExt::read_exact(&mut first, &mut answer).await.unwrap();

    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 503");
}

/// A body that goes on for as long as its sender lives.
fn open_body() -> (mpsc::UnboundedSender<std::io::Result<String>>, Body) {
    let (parts, body) = mpsc::unbounded_channel();
    let body =
        futures_util::stream::unfold(body, |mut body| async { body.recv().await.map(|part| (part, body)) });
    (parts, Body::wrap_stream(body))
}

fn bulk(request: RequestBuilder, body: Body) -> RequestBuilder {
    request.header("content-type", "application/x-ndjson").body(body)
}

#[actix_web::test]
async fn a_stream_that_trickles_is_ended_as_if_it_sent_nothing() {
    let limits = Limits { body_timeout: A_WHILE, ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;
    let (parts, body) = open_body();
    parts.send(Ok(" ".to_owned())).unwrap();
    let stream = bulk(app.request(Role::Integrator, Method::POST, "/api/v1/contacts/bulk"), body);
    let mut answer = stream.send().await.unwrap();

    let last = async {
        loop {
            // Blank lines are no contacts.
            let _ = parts.send(Ok("\n ".to_owned()));
            tokio::select! {
                part = answer.chunk() => return part.unwrap().unwrap(),
                () = tokio::time::sleep(A_WHILE / 6) => {}
            }
        }
    };
    let last = tokio::time::timeout(A_WHILE * 40, last).await.expect("the stream is ended");

    let line: Value = serde_json::from_slice(&last).unwrap();
    assert_eq!((&line["status"], &line["code"]), (&"failed".into(), &"body_timeout".into()));
}

#[actix_web::test]
async fn one_key_leaves_half_of_the_streams_to_others() {
    let limits = Limits { bulk_streams: 4, ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;
    let other = app.key("other", Role::Integrator, None).await;
    let path = "/api/v1/contacts/bulk";
    let mut open = Vec::new();
    for _ in 0..2 {
        let (parts, body) = open_body();
        let stream = bulk(app.request(Role::Integrator, Method::POST, path), body).send().await.unwrap();
        assert_eq!(stream.status().as_u16(), 200);
        open.push((parts, stream));
    }

    let third = bulk(app.request(Role::Integrator, Method::POST, path), open_body().1).send().await.unwrap();
    let others = bulk(app.anonymous(Method::POST, path).bearer_auth(other), open_body().1).send().await;

    assert_eq!(third.status().as_u16(), 429);
    assert!(third.headers().contains_key("retry-after"));
    assert_eq!(others.unwrap().status().as_u16(), 200);
}

#[actix_web::test]
async fn one_key_leaves_half_of_the_places_to_others() {
    let limits = Limits { in_flight: 4, ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;
    let held = app.hold_model();
    let mut waiting = Vec::new();
    for id in ["H-1", "H-2"] {
        waiting.push(actix_web::rt::spawn(app.waiting(&contact(id)).send()));
    }
    app.model_entered().await;
    tokio::time::sleep(A_WHILE).await;

    let third = app.get("/api/v1/flags").await;
    let other = app.request(Role::Reviewer, Method::GET, "/api/v1/flags").send().await.unwrap();
    drop(held);

    assert_eq!(third.status().as_u16(), 429);
    assert_eq!(other.status().as_u16(), 200);
    for answer in waiting {
        assert_eq!(answer.await.unwrap().unwrap().status().as_u16(), 200);
    }
}

#[actix_web::test]
async fn a_key_that_sends_much_at_once_does_not_make_another_wait_for_all_of_it() {
    let app = TestApp::start().await;
    let other = app.key("other", Role::Integrator, None).await;
    let order = Arc::<Mutex<Vec<&str>>>::default();
    let send = |who: &'static str, request: RequestBuilder| {
        let order = Arc::clone(&order);
        actix_web::rt::spawn(async move {
            assert_eq!(request.send().await.unwrap().status().as_u16(), 201);
            order.lock().unwrap().push(who);
        })
    };
    let held = app.hold_writes().await;
    let mut sent: Vec<_> = (0..40).map(|n| send("hot", app.sending(&contact(&format!("H-{n}"))))).collect();
    tokio::time::sleep(A_WHILE).await;
    let request = app.anonymous(Method::POST, "/api/v1/contacts").bearer_auth(other);
    sent.push(send("other", request.json(&contact("O-1"))));
    tokio::time::sleep(A_WHILE).await;

    held.release().await;
    for one in sent {
        one.await.unwrap();
    }

    let order = order.lock().unwrap();
    let place = order.iter().position(|who| *who == "other").unwrap();
    assert!(place < 20, "second in turn, and answered before half of the others: {place}");
}
