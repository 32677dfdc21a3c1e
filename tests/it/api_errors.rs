//! Every refusal, word for word, and the headers of every answer.

use std::time::Duration;

use reqwest::{Body, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::Role;
use tingxin::http::error::Problem;
use tingxin::http::routes::{self, Verb};
use tingxin::http::{Exposure, Limits};

use crate::support::app::{TestApp, contact};

/// Status, the headers that belong to a refusal, and the body.
async fn whole(request: RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let mut seen = json!({ "status": response.status().as_u16(), "content-type": header("content-type") });
    for name in ["allow", "retry-after", "www-authenticate"] {
        if let Some(value) = header(name) {
            seen[name] = json!(value);
        }
    }
    seen["body"] = response.json().await.unwrap();
    seen
}

#[actix_web::test]
async fn each_refusal_is_a_problem_with_its_own_code() {
    let app = TestApp::start().await;
    let id = app.queued(&contact("H-1")).await;
    let typed = |kind: &'static str, body: &'static str| {
        let request = app.request(Role::Integrator, Method::POST, "/api/v1/contacts");
        request.header("content-type", kind).body(body)
    };
    let post = |body| typed("application/json", body);
    let get = |path: &str| app.request(Role::Integrator, Method::GET, path);
    let with = |change: fn(&mut Value)| {
        let mut changed = contact("H-2");
        change(&mut changed);
        app.sending(&changed)
    };

    let refusals = [
        ("no_credentials", app.anonymous(Method::GET, "/api/v1/flags")),
        ("wrong_key", app.anonymous(Method::GET, "/api/v1/flags").bearer_auth("tx_wrong")),
        ("role", app.request(Role::Monitor, Method::GET, "/api/v1/flags")),
        ("no_such_route", get("/api/v1/nothing")),
        ("method", app.request(Role::Integrator, Method::DELETE, "/api/v1/contacts")),
        ("no_such_contact", get("/api/v1/contacts/0190b3c2-0000-7000-8000-000000000000")),
        ("no_key_in_the_path", get("/api/v1/contacts/H-1")),
        ("pending", get(&format!("/api/v1/contacts/{id}/analysis"))),
        ("unknown_parameter", get("/api/v1/contacts?customer=13900001234")),
        ("impossible_parameter", get("/api/v1/contacts?channel=fax")),
        ("cursor", get("/api/v1/flags?cursor=2")),
        ("limit", get("/api/v1/flags?limit=0")),
        ("no_json", post("{\"source\": \"13900001234\"")),
        ("no_object", post("[]")),
        ("media_type", typed("text/plain", "{}")),
        ("unknown_field", with(|contact| contact["colour"] = json!("red"))),
        ("missing_field", with(|contact| drop(contact.as_object_mut().unwrap().remove("source")))),
        ("wrong_value", with(|contact| contact["utterances"][1]["speaker"] = json!("13900001234"))),
        (
            "conflict",
            with(|contact| {
                contact["contact_id"] = json!("H-1");
                contact["utterances"][1]["text"] = json!("没事了，谢谢。");
            }),
        ),
        ("header", app.sending(&contact("H-3")).header("idempotency-key", "two words")),
    ];
    let mut all = serde_json::Map::new();
    for (name, request) in refusals {
        let seen = whole(request).await;
        assert_eq!(seen["content-type"], "application/problem+json", "{name}");
        assert_eq!(seen["status"], seen["body"]["status"], "{name}");
        all.insert(name.to_owned(), seen);
    }
    // A contact's key differs from run to run.
    let all = serde_json::to_string_pretty(&all).unwrap().replace(&id, "KEY");
    insta::assert_snapshot!("refusals", all);
}

#[test]
fn codes_are_unique_and_each_fits_its_status() {
    let mut table: Vec<String> = Problem::ALL
        .iter()
        .map(|problem| format!("{} {} — {}", problem.status().as_u16(), problem.code(), problem.title()))
        .collect();
    table.sort();

    let codes: std::collections::BTreeSet<_> = Problem::ALL.iter().map(|problem| problem.code()).collect();
    assert_eq!(codes.len(), Problem::ALL.len());
    insta::assert_snapshot!("problem_table", table.join("\n"));
}

#[actix_web::test]
async fn an_id_that_names_a_person_is_refused_with_its_field() {
    let app = TestApp::start().await;
    for (pointer, change) in [
        ("/staff/id", json!({"staff": {"id": "王小明19912345678"}})),
        ("/staff/team", json!({"staff": {"id": "A1", "team": "19912345678"}})),
        ("/contact_id", json!({"contact_id": "19912345678"})),
        ("/business_process", json!({"business_process": "张三 退费"})),
    ] {
        let mut sent = contact("H-1");
        sent.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());

        let answer = app.send(&sent).await;

        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{pointer}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!((&problem["code"], &problem["pointer"]), (&json!("invalid_value"), &json!(pointer)));
        assert!(!problem.to_string().contains("19912345678"), "{problem}");
    }
}

#[actix_web::test]
async fn no_refusal_repeats_what_the_customer_said() {
    let app = TestApp::start().await;
    let canary = "19912345678";
    let said = format!("我的电话是{canary}");
    let broken = [
        json!({"source": said, "contact_id": said, "channel": said, "utterances": []}).to_string(),
        json!({"source": "s", "contact_id": "c", "channel": "hotline", "utterances": [{"speaker": "customer", "txt": said}]})
            .to_string(),
        json!({"source": "s", "contact_id": "c", "channel": "hotline", "utterances": [{"speaker": said, "text": said}]})
            .to_string(),
        json!({"source": "s", "contact_id": "c", "channel": "hotline", "utterances": said}).to_string(),
        json!({"source": "s", "contact_id": "c", "channel": "hotline", "note": said}).to_string(),
        json!({"source": "s", "contact_id": "c", "channel": "hotline", "started_at": said, "note": {"text": said}})
            .to_string(),
        json!({ said.clone(): said }).to_string(),
        format!("{{\"utterances\": [{{\"text\": \"{said}"),
        format!("\"{said}\""),
        said.clone(),
    ];

    for body in broken {
        for path in ["/api/v1/contacts", "/api/v1/contacts/bulk"] {
            let kind = if path.ends_with("bulk") { "application/x-ndjson" } else { "application/json" };
            let request = app.request(Role::Integrator, Method::POST, path).header("content-type", kind);
            let answer = request.body(body.clone()).send().await.unwrap().text().await.unwrap();

            assert!(answer.contains("code"), "{body} was accepted: {answer}");
            assert!(!answer.contains(canary), "{body} gave {answer}");
        }
    }
}

#[actix_web::test]
async fn a_key_that_is_no_plausible_field_name_is_not_repeated() {
    let app = TestApp::start().await;
    let long = "x".repeat(65);
    for key in ["王丽", "li.na@example.com", "two words", "a`b", "a\nb", long.as_str(), ""] {
        let mut misspelt = contact("H-1");
        misspelt["utterances"][1][key] = json!(1);
        let problem: Value = app.send(&misspelt).await.json().await.unwrap();

        assert_eq!(problem["code"], "unknown_field", "{problem}");
        assert_eq!(problem["pointer"], "/utterances/1/…", "{key}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with("unknown field `…` (line 1, column "), "{detail}");
        assert!(detail.contains("expected one of `speaker`"), "{detail}");
    }

    let longest = format!("A-z.0_{}", "x".repeat(58));
    let mut misspelt = contact("H-1");
    misspelt[longest.as_str()] = json!(1);
    let problem: Value = app.send(&misspelt).await.json().await.unwrap();
    assert_eq!(problem["pointer"], format!("/{longest}"));
}

#[actix_web::test]
async fn a_revision_is_refused_with_the_range_that_it_must_be_in() {
    let app = TestApp::start().await;
    for impossible in [json!(0), json!(-1), json!(1.5), json!(4_294_967_296_u64)] {
        let mut wrong = contact("H-1");
        wrong["revision"] = impossible;
        let problem: Value = app.send(&wrong).await.json().await.unwrap();

        assert_eq!(problem["pointer"], "/revision");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("from 1") && !detail.contains("from 0"), "{detail}");
    }
}

#[actix_web::test]
async fn a_body_beyond_the_limit_is_refused_whether_or_not_its_length_is_announced() {
    let limits = Limits { body_bytes: 1000, ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;
    let mut large = contact("H-1");
    large["utterances"][1]["text"] = json!("长".repeat(500));
    let announced = app.sending(&large).send().await.unwrap();

    let text = serde_json::to_vec(&large).unwrap();
    let parts = futures_util::stream::iter([Ok::<_, std::io::Error>(text)]);
    let chunked = app
        .request(Role::Integrator, Method::POST, "/api/v1/contacts")
        .header("content-type", "application/json")
        .body(Body::wrap_stream(parts));
    let chunked = chunked.send().await.unwrap();

    for answer in [announced, chunked] {
        assert_eq!(answer.status().as_u16(), 413);
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "body_too_large");
    }
}

#[actix_web::test]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let limits = Limits { body_timeout: Duration::from_millis(100), ..Limits::default() };
    let app = TestApp::with(limits, Exposure::default()).await;
    let request = |path: &str, kind: &'static str| {
        let begun = futures_util::stream::iter([Ok::<_, std::io::Error>(b"{\"source\":".to_vec())]);
        let never = futures_util::stream::pending();
        app.request(Role::Integrator, Method::POST, path)
            .header("content-type", kind)
            .body(Body::wrap_stream(futures_util::StreamExt::chain(begun, never)))
    };

    let single = request("/api/v1/contacts", "application/json").send().await.unwrap();
    let bulk = request("/api/v1/contacts/bulk", "application/x-ndjson").send().await.unwrap();

    assert_eq!(single.status().as_u16(), 408);
    assert_eq!(single.json::<Value>().await.unwrap()["code"], "body_timeout");
    let line: Value = serde_json::from_str(&bulk.text().await.unwrap()).unwrap();
    assert_eq!(
        (&line["line"], &line["status"], &line["code"]),
        (&json!(1), &json!("failed"), &json!("body_timeout"))
    );
}

/// The headers that protect, in one line each.
fn protection(response: &Response) -> String {
    let names = [
        "content-security-policy",
        "x-content-type-options",
        "x-frame-options",
        "referrer-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
    ];
    let value = |name: &str| response.headers().get(name).map_or("MISSING", |value| value.to_str().unwrap());
    names.iter().map(|name| format!("{name}: {}", value(name))).collect::<Vec<_>>().join("\n")
}

#[actix_web::test]
async fn every_answer_carries_the_headers_that_protect() {
    let app = TestApp::start().await;
    let nobody = "0190b3c2-0000-7000-8000-000000000000";
    let mut answers = Vec::new();
    // The interactive documentation, a feature, has a policy of its own.
    for entry in routes::table().into_iter().filter(|entry| !entry.path.starts_with("/docs/")) {
        let method = if entry.verb == Verb::Get { Method::GET } else { Method::POST };
        let path =
            entry.path.replace("{id}", nobody).replace("{token}", "x").replace("{name}", "console.css");
        for role in [Role::Integrator, Role::Reviewer, Role::Admin, Role::Auditor] {
            answers
                .push((format!("{entry:?}"), app.request(role, method.clone(), &path).send().await.unwrap()));
        }
        answers.push((format!("{entry:?}"), app.anonymous(method, &path).send().await.unwrap()));
    }
    answers.push(("nothing".to_owned(), app.get("/nothing/here").await));

    let first = protection(&answers[0].1);
    insta::assert_snapshot!("protecting_headers", first);
    for (route, answer) in &answers {
        assert_eq!(protection(answer), first, "{route}");
        assert!(answer.headers().contains_key("x-request-id"), "{route}");
        let cache = answer.headers()["cache-control"].to_str().unwrap();
        assert!(cache == "no-store" || route.contains("/static/"), "{route}: {cache}");
    }
}

#[actix_web::test]
async fn a_harmless_request_id_is_kept_and_another_one_replaced() {
    let app = TestApp::start().await;
    let id = async |given: &str| {
        let answer = app.anonymous(Method::GET, "/livez").header("x-request-id", given).send().await.unwrap();
        answer.headers()["x-request-id"].to_str().unwrap().to_owned()
    };

    assert_eq!(id("gateway-7.a_b").await, "gateway-7.a_b");
    assert_eq!(id("0190a6e2-7c1f-7b6a-9d3e-2f5b8c1d4e6f").await, "0190a6e2-7c1f-7b6a-9d3e-2f5b8c1d4e6f");
    assert_ne!(id("a b\tc").await, "a b\tc");
    assert_ne!(id("call-139-0000-1234").await, "call-139-0000-1234", "a number would stand in the log");
    assert_eq!(id(&"x".repeat(65)).await.len(), 36);
}
