//! The feed of events over HTTP.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::Role;

use crate::schemas::Published;
use crate::support::app::{TestApp, contact};

/// A contact with a lapse, which a rule flags, that took place on that day.
fn lapse(id: &str, day: &str) -> Value {
    let mut contact = contact(id);
    contact["started_at"] = json!(format!("{day}T08:00:00+08:00"));
    contact["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "宽带断了三天没人管，太气人了，我要去工信部投诉你们！"},
        {"speaker": "agent", "text": "随便您，爱投诉就投诉去吧。"},
    ]);
    contact
}

#[actix_web::test]
async fn a_poller_hears_of_a_flag_on_a_contact_of_last_year_and_hears_it_once() {
    let app = TestApp::start().await;
    app.analysed(&lapse("new", "2026-11-02")).await;
    let first: Value = app.get("/api/v1/events").await.json().await.unwrap();
    let next = first["next"].as_str().unwrap();
    app.analysed(&lapse("old", "2025-03-01")).await;

    let second: Value = app.get(&format!("/api/v1/events?after={next}")).await.json().await.unwrap();
    let last = second["next"].as_str().unwrap();
    let third: Value = app.get(&format!("/api/v1/events?after={last}")).await.json().await.unwrap();
    let again: Value = app.get(&format!("/api/v1/events?after={next}")).await.json().await.unwrap();

    let of = |page: &Value, id: &str| {
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .filter(|item| item["type"] == "flag.raised" && item["contact"]["contact_id"] == id)
            .count()
    };
    assert!(of(&first, "new") > 0 && of(&second, "new") == 0);
    assert!(of(&second, "old") > 0);
    assert_eq!((third["items"].as_array().unwrap().len(), &third["next"]), (0, &second["next"]));
    assert_eq!(again["items"], second["items"]);
    let text = second.to_string();
    assert!(!text.contains("爱投诉") && !text.contains("13900001234"), "an event holds no words: {text}");
}

#[actix_web::test]
async fn a_verdict_is_an_event_and_every_event_fits_the_published_schema() {
    let app = TestApp::start().await;
    app.analysed(&lapse("H-1", "2026-11-02")).await;
    let flags: Value = app.get("/api/v1/flags?rule=agent_lapse").await.json().await.unwrap();
    let flag = &flags["items"][0];
    let path = format!("/api/v1/flags/{}/verdict", flag["id"].as_str().unwrap());
    let body = json!({"status": "confirmed", "utterances": flag["utterances"]});
    let said = app.request(Role::Reviewer, Method::POST, &path).json(&body).send().await.unwrap();
    assert_eq!(said.status(), StatusCode::OK);

    let events: Value = app.get("/api/v1/events").await.json().await.unwrap();

    let items = events["items"].as_array().unwrap();
    let judged = items.iter().find(|item| item["type"] == "flag.judged").unwrap();
    assert_eq!((&judged["object"], &judged["detail"]["status"]), (&flag["id"], &json!("confirmed")));
    let validator = Published::of("event");
    assert!(items.iter().all(|item| validator.fits(item)), "{events}");
}

#[actix_web::test]
async fn only_who_may_reads_events_and_a_team_reads_its_own() {
    let app = TestApp::start().await;
    app.analysed(&lapse("H-1", "2026-11-02")).await;
    let other = app.key("other", Role::Integrator, Some("guangzhou-02")).await;

    for role in [Role::Reviewer, Role::Analyst, Role::Monitor, Role::Auditor] {
        let refused = app.request(role, Method::GET, "/api/v1/events").send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{role}");
    }
    let own = app.anonymous(Method::GET, "/api/v1/events").bearer_auth(&other).send().await.unwrap();
    assert_eq!(own.json::<Value>().await.unwrap()["items"], json!([]));
    for wrong in ["after=-1", "after=x", "limit=0"] {
        assert_eq!(
            app.get(&format!("/api/v1/events?{wrong}")).await.status(),
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
}

#[actix_web::test]
async fn every_step_of_a_case_is_told_once_and_says_how_far_it_is_and_not_why() {
    let app = TestApp::start().await;
    let contact = app.analysed(&contact("H-1")).await;
    let before: Value = app.get("/api/v1/events").await.json().await.unwrap();
    let next = before["next"].as_str().unwrap();
    let post = async |path: &str, body: Value| {
        let answer = app.request(Role::Reviewer, Method::POST, path).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json::<Value>().await.unwrap()
    };
    let opened =
        post("/api/v1/cases", json!({"contact": contact, "kind": "callback", "note": "客户很急"})).await;
    let case = opened["id"].as_str().unwrap().to_owned();
    for (step, body) in [
        ("take", json!({})),
        ("forward", json!({"department": "装维中心", "note": "请上门"})),
        ("close", json!({"outcome": "settled"})),
    ] {
        post(&format!("/api/v1/cases/{case}/{step}"), body).await;
    }
    let late = app.request(Role::Reviewer, Method::POST, &format!("/api/v1/cases/{case}/take"));
    assert_eq!(late.json(&json!({})).send().await.unwrap().status(), StatusCode::CONFLICT);

    let events: Value = app.get(&format!("/api/v1/events?after={next}")).await.json().await.unwrap();
    let last = events["next"].as_str().unwrap();
    let after: Value = app.get(&format!("/api/v1/events?after={last}")).await.json().await.unwrap();

    let items = events["items"].as_array().unwrap();
    let moved: Vec<&Value> = items.iter().filter(|item| item["type"] == "case.moved").collect();
    let steps: Vec<(&Value, &Value)> =
        moved.iter().map(|item| (&item["detail"]["act"], &item["detail"]["state"])).collect();
    let told = [("opened", "open"), ("taken", "taken"), ("forwarded", "forwarded"), ("closed", "closed")];
    let told = told.map(|(act, state)| (json!(act), json!(state)));
    assert_eq!(steps, told.iter().map(|(act, state)| (act, state)).collect::<Vec<_>>(), "{events}");
    assert!(moved.iter().all(|item| item["object"] == *case && item["contact"]["id"] == *contact));
    assert_eq!(after["items"], json!([]), "and what was refused is no news");
    assert!(!events.to_string().contains("客户很急") && !events.to_string().contains("装维中心"));
    assert!(!events.to_string().contains("\"origin\""), "who may not know the flag is not told of it");
    let validator = Published::of("event");
    assert!(items.iter().all(|item| validator.fits(item)), "{events}");
}
