//! Today: the page, the counts, and the stream that moves on and ends with the session.

use futures_util::StreamExt;
use reqwest::header::{COOKIE, LOCATION};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::{Role, UtcMillis};

use crate::appeals::{html, send};
use crate::console::{page, session};
use crate::staff::answer;
use crate::support::app::{TestApp, contact};

/// An analysed contact of this moment.
async fn now(app: &TestApp, id: &str) -> String {
    let mut contact = contact(id);
    contact["started_at"] = json!(UtcMillis::now().to_rfc3339());
    contact["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "我家宽带昨天晚上又断了。"},
        {"speaker": "agent", "text": "好的，我帮您查一下线路。"},
        {"speaker": "customer", "text": "路由器重启过两次还是连不上。"},
        {"speaker": "agent", "text": "我这边看到端口有告警。"},
        {"speaker": "customer", "text": "那什么时候可以修好呢？"},
    ]);
    app.analysed(&contact).await
}

#[actix_web::test]
async fn a_supervisor_lands_on_today_and_nothing_of_it_names_a_person() {
    let app = TestApp::start().await;
    for n in 0..6 {
        now(&app, &format!("H-{n}")).await;
    }
    let supervisor = session(&app, "zhuguan", Role::Supervisor, None).await;

    let home = page(&app, "/", &supervisor).await;
    assert_eq!(home.headers()[LOCATION], "/today");
    let shown = html(&app, "/today", &supervisor).await;

    assert!(shown.contains("近7天 6") && shown.contains("beijing-01") && shown.contains("6 ±"), "{shown}");
    assert!(!shown.contains("A1001") && !shown.contains("13900001234"), "{shown}");
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    assert_eq!(page(&app, "/", &reviewer).await.headers()[LOCATION], "/review");
    assert_eq!(page(&app, "/today", &reviewer).await.status(), StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn a_trainer_lands_on_whom_to_coach_with_what_waits_at_the_top() {
    let app = TestApp::start().await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;

    let home = page(&app, "/", &trainer).await;
    assert_eq!(home.headers()[LOCATION], "/coaching");
    let shown = html(&app, "/coaching", &trainer).await;

    for tile in ["今天要做的", "进行中的辅导", "待关怀", "可选用的好做法"] {
        assert!(shown.contains(tile), "{tile}: {shown}");
    }
    let supervisor = session(&app, "zhuguan", Role::Supervisor, None).await;
    assert!(!html(&app, "/coaching", &supervisor).await.contains("今天要做的"), "whoever coaches nobody");
}

#[actix_web::test]
async fn a_key_reads_the_counts_of_its_team_and_thin_hours_are_left_out() {
    let app = TestApp::start().await;
    for n in 0..4 {
        now(&app, &format!("H-{n}")).await;
    }
    let thin = answer(&app, Role::Analyst, "/api/v1/today").await;
    assert_eq!((&thin["contacts"]["today"], &thin["hours"]), (&json!(4), &json!([])), "{thin}");

    let other = app.key("other", Role::Analyst, Some("shanghai-02")).await;
    let request = app.anonymous(Method::GET, "/api/v1/today").bearer_auth(other);
    let counts: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(counts["contacts"]["seven_days"], 0);
}

#[actix_web::test]
async fn the_stream_tells_the_counts_and_ends_with_the_session() {
    let app = TestApp::start().await;
    now(&app, "H-1").await;
    let supervisor = session(&app, "zhuguan", Role::Supervisor, None).await;

    let request = app.anonymous(Method::GET, "/today/events").header(COOKIE, &supervisor);
    let stream = request.send().await.unwrap();
    assert_eq!(stream.status(), StatusCode::OK);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut parts = stream.bytes_stream();
    let first = parts.next().await.unwrap().unwrap();
    let first = std::str::from_utf8(&first).unwrap().to_owned();
    assert!(first.starts_with("event: today\ndata: {") && first.contains("\"today\":1"), "{first}");
    assert!(!first.contains("A1001"), "{first}");

    assert_eq!(send(&app, &supervisor, "/logout", &[]).await.status(), StatusCode::SEE_OTHER);
    let mut rest = String::new();
    while let Some(part) = parts.next().await {
        rest.push_str(std::str::from_utf8(&part.unwrap()).unwrap());
    }
    assert!(rest.ends_with("event: end\ndata: {}\n\n"), "{rest}");
}

#[actix_web::test]
async fn one_account_takes_half_of_the_streams_and_no_more() {
    let app = TestApp::start().await;
    let supervisor = session(&app, "zhuguan", Role::Supervisor, None).await;
    let mut open = Vec::new();
    loop {
        let request = app.anonymous(Method::GET, "/today/events").header(COOKIE, &supervisor);
        let stream = request.send().await.unwrap();
        if stream.status() != StatusCode::OK {
            assert_eq!(stream.status(), StatusCode::TOO_MANY_REQUESTS);
            break;
        }
        open.push(stream);
        assert!(open.len() <= 64, "there is a bound");
    }
    assert_eq!(open.len(), 32);
}
