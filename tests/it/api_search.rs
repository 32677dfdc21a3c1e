//! Searching contacts over HTTP.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tingxin::console::encode;
use tingxin::domain::Role;

use crate::support::app::{TestApp, contact};

async fn list(app: &TestApp, query: &[(&str, &str)]) -> Value {
    let parts: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let url = format!("/api/v1/contacts?{}", parts.join("&"));
    let answer = app.request(Role::Integrator, Method::GET, &url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{query:?}");
    answer.json().await.unwrap()
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["contact_id"].as_str().unwrap()).collect()
}

fn saying(id: &str, words: &str) -> Value {
    let mut contact = contact(id);
    contact["utterances"] = json!([
        {"speaker": "agent", "text": "您好，很高兴为您服务。"},
        {"speaker": "customer", "text": words},
    ]);
    contact
}

#[actix_web::test]
async fn words_find_contacts_and_the_answer_says_where_they_stand() {
    let app = TestApp::start().await;
    app.analysed(&saying("H-1", "我上个月就说过，我要求退费！")).await;
    app.analysed(&saying("H-2", "宽带又断了")).await;

    let found = list(&app, &[("q", "退费")]).await;

    assert_eq!(ids(&found), ["H-1"]);
    assert_eq!(found["total"], json!({"counted": 1, "more": false}));
    let snippet = &found["items"][0]["snippet"];
    assert_eq!((&snippet["turn"], &snippet["speaker"]), (&json!(1), &json!("customer")));
    let (text, mark) = (snippet["text"].as_str().unwrap(), &snippet["marks"][0]);
    let from = usize::try_from(mark["start"].as_u64().unwrap()).unwrap();
    assert_eq!(text.chars().skip(from).take(2).collect::<String>(), "退费");
    assert!(app.audit().await.iter().any(|line| line.ends_with("contacts.search contacts by q ok")));
    assert!(!app.audit().await.join("").contains("退费"), "the words stand nowhere");
    assert_eq!(list(&app, &[]).await["items"][0]["snippet"], Value::Null);
}

#[actix_web::test]
async fn filters_of_a_search_hold_together() {
    let app = TestApp::start().await;
    let mut hall = saying("B-1", "我要求退费");
    hall["channel"] = json!("hall");
    hall["business_process"] = json!("billing_dispute");
    hall["staff"] = json!({"id": "B2002", "team": "上海-01"});
    hall["started_at"] = json!("2026-11-02T23:30:00+08:00");
    hall["survey"] = json!({"satisfaction": 2, "scale": 5});
    app.analysed(&hall).await;
    app.analysed(&saying("H-1", "我要求退费")).await;

    for query in [
        vec![("team", "上海-01")],
        vec![("staff", "B2002")],
        vec![("process", "billing_dispute")],
        vec![("from", "2026-11-02"), ("to", "2026-11-02")],
        vec![("from", "2026-11-02T23:30:00+08:00"), ("to", "2026-11-02T23:30:01+08:00")],
        vec![("survey", "any")],
        vec![("survey", "2"), ("channel", "hall")],
    ] {
        assert_eq!(ids(&list(&app, &query).await), ["B-1"], "{query:?}");
        let with_words: Vec<_> = query.iter().copied().chain([("q", "退费")]).collect();
        assert_eq!(ids(&list(&app, &with_words).await), ["B-1"], "{with_words:?}");
    }
    assert_eq!(ids(&list(&app, &[("q", "退费"), ("sort", "oldest")]).await), ["H-1", "B-1"]);
    assert_eq!(ids(&list(&app, &[("to", "2026-11-01")]).await), ["H-1"]);
    assert_eq!(ids(&list(&app, &[("survey", "1")]).await), Vec::<&str>::new());
}

#[actix_web::test]
async fn a_search_goes_on_where_it_ended() {
    let app = TestApp::start().await;
    for n in 0..9 {
        app.analysed(&saying(&format!("H-{n}"), "我要求退费")).await;
    }
    let first = list(&app, &[("q", "退费"), ("limit", "4")]).await;
    let second =
        list(&app, &[("q", "退费"), ("limit", "4"), ("cursor", first["next"].as_str().unwrap())]).await;
    let third =
        list(&app, &[("q", "退费"), ("limit", "4"), ("cursor", second["next"].as_str().unwrap())]).await;

    let mut seen: Vec<&str> = [&first, &second, &third].into_iter().flat_map(ids).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 9);
    assert_eq!((&second["total"], &third["next"]), (&Value::Null, &Value::Null));
}

#[actix_web::test]
async fn what_no_search_takes_is_refused_by_name_and_never_repeated() {
    let app = TestApp::start().await;
    for (query, said) in [
        ("q=%EF%BC%8C", "`q` must hold 1 to 8 terms"),
        ("q=a&q=b", "`q` stands there twice"),
        ("from=13900001234", "`from` must be a day"),
        ("from=2026-11-01&since=2026-11-01T00:00:00Z", "`from` and `since` say the same"),
        ("survey=6", "`survey` must be any"),
        ("dissatisfied=2", "`dissatisfied` must be a number from 0 to 1"),
        ("sort=best", "`sort` must be one of: newest, oldest, dissatisfied"),
        ("words=x", "unknown query parameter"),
    ] {
        let url = format!("/api/v1/contacts?{query}");
        let answer = app.request(Role::Integrator, Method::GET, &url).send().await.unwrap();

        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
        let told: Value = answer.json().await.unwrap();
        let detail = told["detail"].as_str().unwrap();
        assert!(detail.contains(said), "{query}: {detail}");
        assert!(!detail.contains("13900001234"));
    }
}

#[actix_web::test]
async fn one_team_finds_nothing_of_another() {
    let app = TestApp::start().await;
    app.analysed(&saying("H-1", "我要求退费")).await;
    let key = app.key("other", Role::Integrator, Some("guangzhou-01")).await;

    let search = |query: &str| {
        let url = format!("/api/v1/contacts?{query}");
        app.anonymous(Method::GET, &url).bearer_auth(&key).send()
    };
    let found: Value = search("q=%E9%80%80%E8%B4%B9").await.unwrap().json().await.unwrap();

    assert_eq!((ids(&found), &found["total"]["counted"]), (Vec::new(), &json!(0)));
    assert_eq!(search("q=x&team=beijing-01").await.unwrap().status(), StatusCode::FORBIDDEN);
}
