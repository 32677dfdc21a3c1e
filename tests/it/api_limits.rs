//! What the service does when it is asked for more than it can do.

use std::num::NonZeroU32;
use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tingxin::domain::{Role, UtcMillis};
use tingxin::events::Event;
use tingxin::http::{Exposure, Limits};

use crate::support::app::{TestApp, contact};

/// Asserts that the request was turned away for a while.
async fn assert_shed(response: Response, status: u16, code: &str) {
    assert_eq!(response.status().as_u16(), status);
    let seconds: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(response.json::<Value>().await.unwrap()["code"], code);
}

#[actix_web::test]
async fn one_caller_who_asks_too_often_waits_and_the_others_do_not() {
    let one = NonZeroU32::MIN;
    let limits =
        Limits { requests_per_second: one, request_burst: one.saturating_add(1), ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;

    let quota = |response: &Response| {
        let text = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        [text("ratelimit"), text("ratelimit-policy")]
    };
    let first = app.get("/api/v1/flags").await;
    assert_eq!(first.status().as_u16(), 200);
    assert_eq!(quota(&first), ["\"caller\";r=1;t=1", "\"caller\";q=2;w=2"]);
    assert_eq!(app.get("/api/v1/flags").await.status().as_u16(), 200);
    let refused = app.get("/api/v1/flags").await;
    assert_eq!(quota(&refused), ["\"caller\";r=0;t=2", "\"caller\";q=2;w=2"]);
    assert_shed(refused, 429, "too_many_requests").await;
    let other = app.request(Role::Reviewer, Method::GET, "/api/v1/flags").send().await.unwrap();
    assert_eq!(other.status().as_u16(), 200);
}

#[actix_web::test]
async fn without_a_place_a_request_is_turned_away_and_health_still_answers() {
    let limits = Limits { in_flight: 0, ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;

    assert_shed(app.get("/api/v1/flags").await, 503, "overloaded").await;
    assert_shed(app.send(&contact("H-1")).await, 503, "overloaded").await;
    for path in ["/livez", "/readyz"] {
        assert_eq!(app.anonymous(Method::GET, path).send().await.unwrap().status().as_u16(), 200, "{path}");
    }
    let metrics = app.request(Role::Monitor, Method::GET, "/metrics").send().await.unwrap();
    assert!(metrics.text().await.unwrap().contains("tingxin_requests_shed_total 2"));
}

#[actix_web::test]
async fn without_a_place_for_streams_a_stream_is_turned_away_and_single_contacts_are_not() {
    let limits = Limits { bulk_streams: 0, ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;

    let stream = app.request(Role::Integrator, Method::POST, "/api/v1/contacts/bulk");
    let stream = stream.header("content-type", "application/x-ndjson").body("{}");

    assert_shed(stream.send().await.unwrap(), 503, "overloaded").await;
    assert_eq!(app.send(&contact("H-1")).await.status().as_u16(), 201);
}

#[actix_web::test]
async fn while_scoring_is_far_behind_nothing_more_is_taken_in() {
    let limits = Limits { oldest_unscored_seconds: 600.0, ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;
    let intake = app.intake(&contact("H-1"));
    app.store.ingest(&[intake], UtcMillis::now().plus_millis(-700_000)).await.unwrap();

    assert_shed(app.send(&contact("H-2")).await, 503, "overloaded").await;
    assert_eq!(app.get("/api/v1/contacts").await.status().as_u16(), 200, "reading goes on");
}

#[actix_web::test]
async fn a_busy_lane_keeps_the_contact_and_says_when_to_ask_again() {
    let app = TestApp::start().await;
    let _held = app.hold_lane().await;

    let refused = app.waiting(&contact("H-1")).send().await.unwrap();

    assert_shed(refused, 503, "analysis_busy").await;
    assert_eq!(app.send(&contact("H-1")).await.json::<Value>().await.unwrap()["status"], "unchanged");
}

#[actix_web::test]
async fn readiness_names_the_check_that_failed_and_life_does_not_depend_on_it() {
    let app = TestApp::start().await;
    let ready = app.anonymous(Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(ready.status().as_u16(), 200);
    let body = ready.json::<Value>().await.unwrap();
    assert_eq!(
        body,
        json!({"status": "ready", "checks": {"database": "ok", "analysis": "ok", "audit": "ok", "scoring": "ok"}})
    );

    let broken = TestApp::start().await;
    broken.store.close().await;
    let not_ready = broken.anonymous(Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(not_ready.status().as_u16(), 503);
    assert_eq!(not_ready.json::<Value>().await.unwrap()["checks"]["database"], "failed");
    assert_eq!(broken.anonymous(Method::GET, "/livez").send().await.unwrap().status().as_u16(), 200);
}

#[actix_web::test]
async fn a_process_whose_worker_stands_still_while_contacts_wait_is_not_ready_and_says_so() {
    let limits = Limits { worker_still: Duration::from_millis(200), ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;
    app.state.observer.note(Event::WorkWentOn);
    tokio::time::sleep(Duration::from_millis(300)).await;

    let stuck = app.anonymous(Method::GET, "/readyz").send().await.unwrap();

    assert_eq!(stuck.status().as_u16(), 503);
    let body = stuck.json::<Value>().await.unwrap();
    assert_eq!(
        body["checks"],
        json!({"database": "ok", "analysis": "ok", "audit": "ok", "scoring": "failed"})
    );
    assert_eq!(body["reason"], "nothing has been scored for 0 s while contacts wait");
    app.state.observer.note(Event::WorkWentOn);
    assert_eq!(app.anonymous(Method::GET, "/readyz").send().await.unwrap().status().as_u16(), 200);
}

#[actix_web::test]
async fn a_request_that_is_being_answered_is_finished_before_the_service_stops() {
    let app = TestApp::start().await;
    let held = app.hold_model();
    let in_progress = actix_web::rt::spawn(app.waiting(&contact("H-1")).send());
    app.model_entered().await;

    let stopped = app.stop();
    drop(held);
    stopped.await;

    assert_eq!(in_progress.await.unwrap().unwrap().status().as_u16(), 200);
    assert!(app.anonymous(Method::GET, "/livez").send().await.is_err(), "nobody listens any more");
}
