//! Erasing and handing over by the API.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::Role;

use crate::support::app::{TestApp, contact};

async fn post(app: &TestApp, role: Role, path: &str, body: &Value) -> (StatusCode, String) {
    let answer = app.request(role, Method::POST, path).json(body).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

fn value(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

#[actix_web::test]
async fn an_administrator_erases_a_customer_and_sees_no_text() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let who = json!({"customer": "13900001234"});

    let mut look = who.clone();
    look["dry_run"] = true.into();
    let (status, body) = post(&app, Role::Admin, "/api/v1/erasures", &look).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(value(&body), json!({"found": 1, "held": 0, "erased": 0, "files_pending": false}));
    let (_, body) = post(&app, Role::Admin, "/api/v1/erasures", &who).await;

    assert_eq!(value(&body), json!({"found": 1, "held": 0, "erased": 1, "files_pending": true}));
    assert_eq!(app.get(&format!("/api/v1/contacts/{id}")).await.status(), 404);
    let log = app.audit().await;
    assert!(log.iter().any(|entry| entry.starts_with("key:admin person.erase customer ")), "{log:?}");
    assert!(!log.iter().any(|entry| entry.contains("13900001234") || entry.contains("宽带")), "{log:?}");
    let (status, body) = post(&app, Role::Admin, "/api/v1/person-exports", &who).await;
    assert_eq!(status, 403, "{body}");
}

#[actix_web::test]
async fn a_supervisor_hands_over_what_is_held_and_erases_nobody() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;

    let who = json!({"customer": "13900001234"});
    let (status, body) = post(&app, Role::Supervisor, "/api/v1/person-exports", &who).await;
    let (refused, _) = post(&app, Role::Supervisor, "/api/v1/erasures", &who).await;
    let own = app.key("team", Role::Supervisor, Some("beijing-01")).await;
    let limited =
        app.anonymous(Method::POST, "/api/v1/person-exports").bearer_auth(own).json(&who).send().await;

    assert_eq!(status, 200, "{body}");
    let lines: Vec<Value> = body.lines().map(value).collect();
    assert_eq!(lines.len(), 3, "{body}");
    assert_eq!(
        (&lines[0]["record"], &lines[0]["schema"], &lines[0]["contacts"]),
        (&json!("person"), &json!("tingxin.person.v1"), &json!(1))
    );
    assert_eq!(lines[1]["texts"][1]["text"], "我家宽带又断了，这都第三次了！电话[电话]");
    assert_eq!(lines[2], json!({"record": "end"}));
    assert_eq!(refused, 403);
    assert_eq!(limited.unwrap().status(), 403, "people meet many teams");
    assert!(app.audit().await.iter().any(|entry| entry.contains("person.export customer ")));
}

#[actix_web::test]
async fn a_hold_keeps_a_contact_from_being_erased_until_it_is_released() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let one = json!({"contact": {"source": "hotline-10086", "contact_id": "H-1"}});
    let mut hold = one.clone();
    hold["note"] = "仲裁，联系电话13900001234".into();

    let (status, placed) = post(&app, Role::Admin, "/api/v1/holds", &hold).await;
    let (twice, _) = post(&app, Role::Admin, "/api/v1/holds", &hold).await;
    let (_, erased) = post(&app, Role::Admin, "/api/v1/erasures", &one).await;
    let listed = app.request(Role::Admin, Method::GET, "/api/v1/holds").send().await.unwrap();

    assert_eq!((status, twice), (StatusCode::CREATED, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!((&value(&erased)["held"], &value(&erased)["erased"]), (&json!(1), &json!(0)));
    assert_eq!(app.get(&format!("/api/v1/contacts/{id}")).await.status(), 200);
    let listed: Value = listed.json().await.unwrap();
    assert_eq!(listed["items"][0]["contact_id"], "H-1");
    assert!(!listed.to_string().contains("13900001234"), "the note is redacted");
    let release = format!("/api/v1/holds/{}/release", value(&placed)["id"].as_str().unwrap());
    assert_eq!(post(&app, Role::Admin, &release, &json!({})).await.0, StatusCode::NO_CONTENT);
    assert_eq!(post(&app, Role::Admin, &release, &json!({})).await.0, StatusCode::NOT_FOUND);
    let (_, erased) = post(&app, Role::Admin, "/api/v1/erasures", &one).await;
    assert_eq!(value(&erased)["erased"], 1);
}

#[actix_web::test]
async fn exactly_one_person_is_named_and_nothing_that_was_sent_is_repeated() {
    let app = TestApp::start().await;
    let none = json!({});
    let two = json!({"customer": "13900001234", "staff": "A1001"});
    let unknown = json!({"contact": {"source": "hotline-10086", "contact_id": "H-404"}});

    for (body, expected) in [(&none, 422), (&two, 422), (&json!({"customer": " "}), 422), (&unknown, 404)] {
        let (status, answer) = post(&app, Role::Admin, "/api/v1/erasures", body).await;
        assert_eq!(status, expected, "{body} got {answer}");
        assert!(!answer.contains("13900001234"), "{answer}");
    }
    let periods = app.request(Role::Admin, Method::GET, "/api/v1/retention").send().await.unwrap();
    let periods: Value = periods.json().await.unwrap();
    assert_eq!((&periods["text_days"], &periods["texts_due"]), (&json!(0), &json!(0)));
}
