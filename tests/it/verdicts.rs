//! A reviewer's verdict over HTTP: from the page, and from a program.

use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::{FlagStatus, Role};
use tingxin::store::FlagFilter;

use crate::console::{csrf, header, page, session};
use crate::staff::answer;
use crate::support::app::{TestApp, contact};

/// A flag as the API lists it: key and turns.
type Listed = (String, Value);

/// A contact whose customer threatens with a regulator, analysed; its key and its flags.
async fn flagged(app: &TestApp, id: &str) -> (String, Vec<Listed>) {
    let mut contact = contact(id);
    contact["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "宽带断了三天没人管，太气人了，我要去工信部投诉你们！"},
        {"speaker": "agent", "text": "随便您，爱投诉就投诉去吧。"},
    ]);
    let id = app.analysed(&contact).await;
    let flags: Value = app.get("/api/v1/flags?limit=200").await.json().await.unwrap();
    let own = flags["items"].as_array().unwrap().iter().filter(|flag| flag["contact"] == id.as_str());
    let keys: Vec<Listed> =
        own.map(|flag| (flag["id"].as_str().unwrap().to_owned(), flag["utterances"].clone())).collect();
    assert!(keys.len() > 1, "{flags}");
    (id, keys)
}

/// Sends the form of a flag that nobody has judged; what it answers.
async fn send(
    app: &TestApp,
    cookie: &str,
    id: &str,
    (key, turns): &Listed,
    more: &[(&str, &str)],
) -> Response {
    let path = format!("/review/{id}");
    let (secret, turns) = (csrf(app, &path, cookie).await, turns.to_string());
    let mut form = vec![("csrf", &*secret), ("flag", key), ("utterances", &turns), ("revision", "1")];
    form.push(("seen", "0"));
    form.extend(more);
    let request = app.anonymous(Method::POST, &format!("{path}/verdict")).header(ORIGIN, &app.base);
    request.header(COOKIE, cookie).form(&form).send().await.unwrap()
}

#[actix_web::test]
async fn a_reviewer_judges_flag_by_flag_and_then_goes_on_to_the_next_contact() {
    let app = TestApp::start().await;
    let (id, flags) = flagged(&app, "H-1").await;
    let (next, _) = flagged(&app, "H-2").await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let (path, forward) = (format!("/review/{id}"), format!("/review/{next}"));

    for (at, flag) in flags.iter().enumerate() {
        let more = [("status", "confirmed"), ("note", "回听录音，属实"), ("next", &*forward)];
        let answer = send(&app, &cookie, &id, flag, &more).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let last = at + 1 == flags.len();
        assert_eq!(header(&answer, &LOCATION), if last { forward.clone() } else { path.clone() });
    }

    let html = page(&app, &path, &cookie).await.text().await.unwrap();
    assert!(html.contains("zhijian · 已确认 · 回听录音，属实") && html.contains("撤回结论"), "{html}");
    let queue = page(&app, "/review", &cookie).await.text().await.unwrap();
    assert!(!queue.contains(&format!("card-{id}")) && queue.contains(&format!("card-{next}")));
    assert!(app.audit().await.contains(&format!("user:zhijian flag.confirm {} ok", flags[0].0)));
    let again = send(&app, &cookie, &id, &flags[0], &[("status", "rejected")]).await;
    assert_eq!(again.status(), StatusCode::CONFLICT, "whoever sends an old page overrules nobody");
}

#[actix_web::test]
async fn a_verdict_that_cannot_be_written_down_is_not_kept() {
    let app = TestApp::start().await;
    let (_, flags) = flagged(&app, "H-1").await;
    app.break_audit().await;
    let (key, turns) = &flags[0];

    let verdict = json!({"status": "confirmed", "utterances": turns});
    let path = format!("/api/v1/flags/{key}/verdict");
    let answer = app.request(Role::Reviewer, Method::POST, &path).json(&verdict).send().await.unwrap();

    assert!(answer.status().is_server_error());
    let confirmed = FlagFilter { status: Some(FlagStatus::Confirmed), ..FlagFilter::default() };
    assert!(app.store.flags(&confirmed, None, 10).await.unwrap().items.is_empty());
}

#[actix_web::test]
async fn an_address_that_somebody_made_up_leads_nowhere_else() {
    let app = TestApp::start().await;
    let (id, flags) = flagged(&app, "H-1").await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let made_up =
        ["//evil.example/review", "https://evil.example/review", "/\\evil.example", "/review\r\nX: 1"];

    for (flag, next) in flags.iter().zip(made_up.iter().cycle()) {
        let answer = send(&app, &cookie, &id, flag, &[("status", "rejected"), ("next", next)]).await;
        assert_eq!(header(&answer, &LOCATION), format!("/review/{id}"), "{next}");
    }
}

#[actix_web::test]
async fn only_reviewers_judge_and_only_their_own_teams_flags() {
    let app = TestApp::start().await;
    let (id, flags) = flagged(&app, "H-1").await;
    let path = format!("/api/v1/flags/{}/verdict", flags[0].0);
    let verdict = json!({"status": "confirmed", "utterances": flags[0].1});

    for role in [Role::Trainer, Role::Supervisor, Role::Integrator] {
        let answer = app.request(role, Method::POST, &path).json(&verdict).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{role}");
    }
    let other = app.key("guangzhou", Role::Reviewer, Some("guangzhou-01")).await;
    let post = app.anonymous(Method::POST, &path).bearer_auth(&other).json(&verdict);
    assert_eq!(post.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    let said = app.anonymous(Method::GET, &format!("/api/v1/contacts/{id}/verdicts")).bearer_auth(&other);
    assert_eq!(said.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    let reviewer = session(&app, "guangzhou", Role::Reviewer, Some("guangzhou-01")).await;
    let form =
        [("csrf", &*csrf(&app, "/review", &reviewer).await), ("flag", &*flags[0].0), ("status", "confirmed")];
    let turns = flags[0].1.to_string();
    let form = form
        .into_iter()
        .chain([("utterances", &*turns), ("revision", "1"), ("seen", "0")])
        .collect::<Vec<_>>();
    let post = app.anonymous(Method::POST, &format!("/review/{id}/verdict")).header(ORIGIN, &app.base);
    let answer = post.header(COOKIE, &reviewer).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    let html = page(&app, &format!("/review/{id}"), &trainer).await.text().await.unwrap();
    assert!(!html.contains("class=\"judge\""), "no button that would be refused");
}

#[actix_web::test]
async fn a_note_is_redacted_and_what_is_no_verdict_is_refused() {
    let app = TestApp::start().await;
    let (id, flags) = flagged(&app, "H-1").await;
    let (path, turns) = (format!("/api/v1/flags/{}/verdict", flags[0].0), &flags[0].1);
    let judge = |body: Value| app.request(Role::Reviewer, Method::POST, &path).json(&body).send();

    for body in
        [json!({"status": "perhaps"}), json!({}), json!({"status": "confirmed", "note": "长".repeat(501)})]
    {
        assert_eq!(judge(body).await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let kept = judge(json!({"status": "confirmed", "utterances": turns, "note": "客户电话13812345678"}))
        .await
        .unwrap();
    assert_eq!(kept.status(), StatusCode::OK);
    let judged: Value = kept.json().await.unwrap();
    assert_eq!((&judged["contact"], &judged["status"]), (&json!(id), &json!("confirmed")));

    let said = answer(&app, Role::Reviewer, &format!("/api/v1/contacts/{id}/verdicts")).await;
    assert_eq!(said["items"][0]["note"], "客户电话[电话]");
    let confirmed: Value = app.get("/api/v1/flags?status=confirmed").await.json().await.unwrap();
    assert_eq!(confirmed["items"].as_array().unwrap().len(), 1);
}
