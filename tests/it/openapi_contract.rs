//! What the description promises is what the service does, where schemathesis found that it was not.

use reqwest::Method;
use serde_json::{Value, json};
use tingxin::domain::Role;
use tingxin::http::access::Access;
use tingxin::http::{openapi, routes};

use crate::schemas::Published;
use crate::support::app::TestApp;

fn document() -> Value {
    serde_json::from_str(&openapi::to_json()).unwrap()
}

#[actix_web::test]
async fn no_wrong_body_is_answered_with_a_status_that_is_not_described() {
    let app = TestApp::start().await;
    let document = document();
    let mut asked = 0;
    for entry in routes::table().iter().filter(|entry| entry.is_api() && entry.verb.as_str() == "POST") {
        let Access::Needs(permission) = entry.access else { panic!("{entry:?} is public") };
        let operation = &document["paths"][entry.path]["post"];
        if operation.get("requestBody").is_none() {
            continue;
        }
        let role = *Role::ALL.iter().find(|role| role.allows(permission)).unwrap();
        let path =
            entry.path.replace("{id}", "0198c5a0-0000-7000-8000-000000000001").replace("{rule}", "abuse");
        for (kind, body) in [("text/plain", "{}"), ("application/json", "{"), ("application/json", "[null]")]
        {
            let request = app.request(role, Method::POST, &path).header("content-type", kind).body(body);
            let status = request.send().await.unwrap().status();
            assert!(operation["responses"][status.as_str()].is_object(), "{path} {kind} {body}: {status}");
            asked += 1;
        }
    }
    assert!(asked > 60, "{asked}");
}

#[actix_web::test]
async fn json_that_is_of_another_kind_is_not_called_broken() {
    let app = TestApp::start().await;
    let body = json!({"contact": "0198c5a0-0000-7000-8000-000000000001", "kind": {}});
    let path = "/api/v1/cases";

    let refused = app.request(Role::Supervisor, Method::POST, path).json(&body).send().await.unwrap();

    assert_eq!(refused.status(), 422);
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "invalid_field");
}

#[actix_web::test]
async fn a_parameter_that_is_unknown_is_refused_as_it_is_described_everywhere() {
    let app = TestApp::start().await;
    let document = document();

    let refused = app.get("/api/v1/contacts?fax=1").await;

    assert_eq!(refused.status(), 400);
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            assert!(operation["responses"]["400"].is_object(), "{verb} {path}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let schema = &parameter["schema"];
                let free =
                    parameter["in"] == "query" && schema["type"] == "string" && schema["enum"].is_null();
                assert!(!free || schema["minLength"] == 1, "{verb} {path}: {parameter} may be empty");
            }
        }
    }
}

#[test]
fn an_export_is_described_with_what_it_takes() {
    let document = document();
    let parameters = |kind: &str| {
        let all =
            document["paths"][format!("/api/v1/export/{kind}")]["get"]["parameters"].as_array().unwrap();
        all.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };

    assert_eq!(parameters("contacts"), ["format", "purpose", "channel", "team", "staff", "since", "until"]);
    assert_eq!(parameters("flags"), ["format", "purpose", "channel", "team", "since", "until"]);
    assert_eq!(parameters("staff"), ["format", "purpose", "team", "staff"]);
    assert_eq!(parameters("teams"), ["format", "purpose", "team"]);
    let form = &document["paths"]["/api/v1/export/flags"]["get"]["parameters"][0]["schema"]["enum"];
    assert_eq!(form, &json!(["csv", "xlsx", "parquet"]));
    let kinds = |kind: &str| {
        let answer =
            &document["paths"][format!("/api/v1/export/{kind}")]["get"]["responses"]["200"]["content"];
        answer.as_object().unwrap().len()
    };
    assert_eq!((kinds("contacts"), kinds("flags")), (4, 3));
}

#[actix_web::test]
async fn a_place_in_the_feed_is_taken_as_it_was_given_out() {
    let app = TestApp::start().await;
    let status =
        async |place: &str| app.get(&format!("/api/v1/events?after={place}")).await.status().as_u16();

    assert_eq!((status("0").await, status("17").await), (200, 200));
    for wrong in ["-1", "%2B1", "0000000000000000000", "x"] {
        assert_eq!(status(wrong).await, 400, "{wrong}");
    }
}

#[test]
fn a_contact_without_words_or_with_two_kinds_of_them_does_not_fit_its_schema() {
    let published = Published::of("contact");
    let with = |more: Value| {
        let mut contact = json!({"source": "hotline", "contact_id": "H-1", "channel": "hotline"});
        contact.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        contact
    };
    let turns = json!([{"speaker": "customer", "text": "又断了"}]);
    let note = json!({"text": "客户满意"});

    assert!(published.fits(&with(json!({"utterances": turns}))));
    assert!(published.fits(&with(json!({"utterances": turns, "note": null, "kind": "transcript"}))));
    assert!(published.fits(&with(json!({"note": note, "kind": null}))));
    for wrong in [
        json!({}),
        json!({"utterances": []}),
        json!({"utterances": null, "note": null}),
        json!({"utterances": turns, "note": note}),
        json!({"utterances": turns, "kind": "note"}),
        json!({"note": note, "kind": "transcript"}),
    ] {
        let contact = with(wrong);
        assert!(!published.fits(&contact), "{contact}");
        assert!(tingxin::ingest::parse_contact(contact.to_string().as_bytes()).is_err(), "{contact}");
    }
}
