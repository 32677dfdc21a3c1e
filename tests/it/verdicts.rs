//! A reviewer's verdict over HTTP: from the page, and from a program.

use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::Role;

use crate::console::{csrf, header, page, session};
use crate::support::app::{TestApp, contact};

/// A contact whose customer threatens with a regulator, analysed; its key and the keys of its flags.
async fn flagged(app: &TestApp, id: &str) -> (String, Vec<String>) {
    let mut contact = contact(id);
    contact["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "宽带断了三天没人管，太气人了，我要去工信部投诉你们！"},
        {"speaker": "agent", "text": "随便您，爱投诉就投诉去吧。"},
    ]);
    let id = app.analysed(&contact).await;
    let flags: Value = app.get("/api/v1/flags?limit=200").await.json().await.unwrap();
    let own = flags["items"].as_array().unwrap().iter().filter(|flag| flag["contact"] == id.as_str());
    let keys: Vec<String> = own.map(|flag| flag["id"].as_str().unwrap().to_owned()).collect();
    assert!(keys.len() > 1, "{flags}");
    (id, keys)
}

#[actix_web::test]
async fn a_reviewer_judges_flag_by_flag_and_then_goes_on_to_the_next_contact() {
    let app = TestApp::start().await;
    let (id, keys) = flagged(&app, "H-1").await;
    let (next, _) = flagged(&app, "H-2").await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let path = format!("/review/{id}");
    let secret = csrf(&app, &path, &cookie).await;
    let forward = format!("/review/{next}");

    for (at, key) in keys.iter().enumerate() {
        let form = [
            ("csrf", &*secret),
            ("flag", key),
            ("status", "confirmed"),
            ("note", "回听录音，属实"),
            ("next", &forward),
        ];
        let send = app.anonymous(Method::POST, &format!("{path}/verdict")).header(ORIGIN, &app.base);
        let answer = send.header(COOKIE, &cookie).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let last = at + 1 == keys.len();
        assert_eq!(header(&answer, &LOCATION), if last { forward.clone() } else { path.clone() });
    }

    let html = page(&app, &path, &cookie).await.text().await.unwrap();
    assert!(html.contains("zhijian · 已确认 · 回听录音，属实") && html.contains("撤回结论"), "{html}");
    let queue = page(&app, "/review", &cookie).await.text().await.unwrap();
    assert!(!queue.contains(&format!("card-{id}")) && queue.contains(&format!("card-{next}")));
    assert!(app.audit().await.contains(&format!("user:zhijian flag.judge {} ok", keys[0])));
}

#[actix_web::test]
async fn an_address_that_somebody_made_up_leads_nowhere_else() {
    let app = TestApp::start().await;
    let (id, keys) = flagged(&app, "H-1").await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let path = format!("/review/{id}");
    let secret = csrf(&app, &path, &cookie).await;

    for key in &keys {
        let form =
            [("csrf", &*secret), ("flag", key), ("status", "rejected"), ("next", "//evil.example/review")];
        let send = app.anonymous(Method::POST, &format!("{path}/verdict")).header(ORIGIN, &app.base);
        let answer = send.header(COOKIE, &cookie).form(&form).send().await.unwrap();
        assert_eq!(header(&answer, &LOCATION), path);
    }
}

#[actix_web::test]
async fn only_reviewers_judge_and_only_their_own_teams_flags() {
    let app = TestApp::start().await;
    let (id, keys) = flagged(&app, "H-1").await;
    let path = format!("/api/v1/flags/{}/verdict", keys[0]);
    let verdict = json!({"status": "confirmed"});

    for role in [Role::Trainer, Role::Supervisor, Role::Integrator] {
        let answer = app.request(role, Method::POST, &path).json(&verdict).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{role}");
    }
    let other = app.key("guangzhou", Role::Reviewer, Some("guangzhou-01")).await;
    let post = app.anonymous(Method::POST, &path).bearer_auth(&other).json(&verdict);
    assert_eq!(post.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    let html = page(&app, &format!("/review/{id}"), &trainer).await.text().await.unwrap();
    assert!(!html.contains("class=\"judge\""), "no button that would be refused");
}

#[actix_web::test]
async fn a_note_is_redacted_and_what_is_no_verdict_is_refused() {
    let app = TestApp::start().await;
    let (id, keys) = flagged(&app, "H-1").await;
    let path = format!("/api/v1/flags/{}/verdict", keys[0]);
    let judge = |body: Value| app.request(Role::Reviewer, Method::POST, &path).json(&body).send();

    for body in
        [json!({"status": "perhaps"}), json!({}), json!({"status": "confirmed", "note": "长".repeat(501)})]
    {
        assert_eq!(judge(body).await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = judge(json!({"status": "confirmed", "note": "客户电话13812345678"})).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let judged: Value = answer.json().await.unwrap();
    assert_eq!((&judged["contact"], &judged["status"]), (&json!(id), &json!("confirmed")));

    let said: Value = app
        .request(Role::Reviewer, Method::GET, &format!("/api/v1/contacts/{id}/verdicts"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(said["items"][0]["note"], "客户电话[电话]");
    let confirmed: Value = app.get("/api/v1/flags?status=confirmed").await.json().await.unwrap();
    assert_eq!(confirmed["items"].as_array().unwrap().len(), 1);
}
