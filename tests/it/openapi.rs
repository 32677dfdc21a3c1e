//! The description of the API: the same as the file, the same as the route table.

use std::collections::BTreeSet;
use std::path::Path;

use reqwest::Method;
use serde_json::Value;
use tingxin::desk::accounts::{ROLES_OF_PEOPLE, ROLES_OF_PROGRAMS};
use tingxin::desk::roll_up;
use tingxin::domain::{self, Role};
use tingxin::http::access::Access;
use tingxin::http::{openapi, routes};

use crate::support::app::{TestApp, contact};
use crate::support::docs::assert_current;

#[test]
fn the_file_is_what_the_handlers_say() {
    assert_current(Path::new("docs/openapi.json"), &openapi::to_json());
}

fn document() -> Value {
    serde_json::from_str(&openapi::to_json()).unwrap()
}

#[test]
fn every_route_of_the_api_is_described_and_every_description_has_a_route() {
    let document = document();
    let described: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter().filter(|(verb, _)| !verb.starts_with("param"));
            operations.map(move |(verb, operation)| {
                format!("{} {path} {}", verb.to_uppercase(), operation["operationId"].as_str().unwrap())
            })
        })
        .collect();
    let mounted: BTreeSet<String> = routes::table()
        .iter()
        .filter(|entry| entry.is_api())
        .map(|entry| format!("{} {} {}", entry.verb.as_str(), entry.path, entry.name))
        .collect();

    assert_eq!(described, mounted);
    assert!(mounted.len() >= 7, "{mounted:?}");
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn route_names_are_unique() {
    let table = routes::table();
    let names: BTreeSet<_> = table.iter().map(|entry| entry.name).collect();

    assert_eq!(names.len(), table.len());
}

#[test]
fn every_reference_has_a_target() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);

    assert!(found.len() > 10, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn every_refusal_of_every_operation_is_a_problem() {
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                if !status.starts_with(['4', '5']) {
                    continue;
                }
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{verb} {path} {status}");
            }
            assert!(!operation["security"].as_array().unwrap().is_empty(), "{verb} {path}");
        }
    }
}

#[test]
fn every_request_and_every_answer_has_an_example() {
    let document = document();
    let mut counted = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap().values();
            for body in answers.chain(operation.get("requestBody")) {
                for (kind, content) in body["content"].as_object().into_iter().flatten() {
                    assert!(content.get("example").is_some_and(|one| !one.is_null()), "{verb} {path} {kind}");
                    counted += 1;
                }
            }
        }
    }
    assert!(counted > 100, "{counted}");
    let contact =
        &document["paths"]["/api/v1/contacts"]["post"]["requestBody"]["content"]["application/json"];
    let contact = contact["example"].to_string();
    tingxin::ingest::parse_contact(contact.as_bytes()).expect("the example of a contact is one");
}

#[test]
fn a_generator_knows_where_the_service_is_and_makes_a_name_of_its_title() {
    let document = document();

    assert_eq!(document["servers"][0]["url"], "/");
    assert!(document["info"]["title"].as_str().unwrap().is_ascii(), "a package is called after it");
}

#[test]
fn names_are_described_as_tight_as_they_are_taken() {
    let document = document();
    let contact = &document["components"]["schemas"]["ContactV1"]["properties"];
    for field in ["source", "contact_id"] {
        assert_eq!((&contact[field]["minLength"], &contact[field]["maxLength"]), (&1.into(), &128.into()));
        assert!(contact[field]["pattern"].is_string(), "{field}");
    }
    let listing = document["paths"]["/api/v1/contacts"]["get"]["parameters"].as_array().unwrap();
    for name in ["source", "contact_id", "team", "staff", "process"] {
        let parameter = listing.iter().find(|one| one["name"] == name).unwrap();
        assert_eq!(parameter["schema"]["minLength"], 1, "{name}");
        assert!(parameter["schema"]["pattern"].is_string(), "{name}");
    }
    let sending = document["paths"]["/api/v1/contacts"]["post"]["parameters"].as_array().unwrap();
    let key = sending.iter().find(|one| one["name"] == "Idempotency-Key").unwrap();
    assert_eq!(key["schema"]["pattern"], r"^[\u0021-\u007e]+$");
}

#[test]
fn every_operation_is_allowed_to_some_key_or_says_that_it_needs_a_log_in() {
    let document = document();
    for entry in routes::table().iter().filter(|entry| entry.is_api()) {
        let Access::Needs(permission) = entry.access else { panic!("{entry:?} is public") };
        let operation = &document["paths"][entry.path][entry.verb.as_str().to_lowercase()];
        let ways = operation["security"].as_array().unwrap();
        let declares = |way: &str| ways.iter().any(|one| one[way].is_array());
        let allowed = |roles: &[Role]| roles.iter().any(|role| role.allows(permission));

        assert_eq!(declares("api_key"), allowed(ROLES_OF_PROGRAMS), "{entry:?}");
        assert_eq!(declares("session"), allowed(ROLES_OF_PEOPLE), "{entry:?}");
        assert!(declares("api_key") || declares("session"), "{entry:?} is allowed to nobody");
    }
    assert_eq!(document["components"]["securitySchemes"]["session"]["in"], "cookie");
}

#[actix_web::test]
async fn an_analyst_reads_every_figure_and_no_contact() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;
    roll_up(&app.store, None, 1_000).await.unwrap();
    let status = async |method: Method, path: &str| {
        app.request(Role::Analyst, method, path).send().await.unwrap().status().as_u16()
    };

    for path in ["staff", "staff/A1001", "teams", "signals", "incidents", "coaching"] {
        assert_eq!(status(Method::GET, &format!("/api/v1/{path}")).await, 200, "{path}");
    }
    for path in ["contacts", "flags", "staff/me", "audit"] {
        assert_eq!(status(Method::GET, &format!("/api/v1/{path}")).await, 403, "{path}");
    }
    for path in ["contacts", "incidents", "coaching"] {
        assert_eq!(status(Method::POST, &format!("/api/v1/{path}")).await, 403, "{path}");
    }
}

#[test]
fn closed_sets_are_described_with_the_words_that_travel() {
    let document = document();
    let words = |name: &str| document["components"]["schemas"][name]["enum"].clone();
    macro_rules! check {
        ($($set:ident),+) => {
            $(assert_eq!(
                words(stringify!($set)),
                serde_json::to_value(domain::$set::ALL).unwrap(),
                stringify!($set)
            );)+
        };
    }

    check!(
        Channel,
        Speaker,
        Kind,
        Emotion,
        SignalName,
        SignalKind,
        Rule,
        Severity,
        FlagStatus,
        RedactionKind,
        About
    );
    check!(Role, Purpose);
}

#[actix_web::test]
async fn the_service_describes_itself() {
    let app = TestApp::start().await;

    let served = app.request(Role::Auditor, Method::GET, "/openapi.json").send().await.unwrap();

    assert_eq!(served.text().await.unwrap(), openapi::to_json());
}

/// Which of the described properties an answer lacks, and which it has beyond them.
fn differs(document: &Value, schema: &str, answer: &Value) -> (Vec<String>, Vec<String>) {
    let schema = &document["components"]["schemas"][schema];
    let mut described = BTreeSet::new();
    let parts = schema["allOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
    for part in parts {
        let part = part["$ref"].as_str().map_or(&part, |r| document.pointer(&r[1..]).unwrap()).clone();
        described.extend(part["properties"].as_object().unwrap().keys().cloned());
    }
    let given: BTreeSet<String> = answer.as_object().unwrap().keys().cloned().collect();
    (described.difference(&given).cloned().collect(), given.difference(&described).cloned().collect())
}

#[actix_web::test]
async fn answers_have_exactly_the_described_fields() {
    let app = TestApp::start().await;
    let document = document();
    let id = app.analysed(&contact("H-1")).await;
    let read = async |role, path: String| -> Value {
        app.request(role, Method::GET, &path).send().await.unwrap().json().await.unwrap()
    };

    for (schema, answer) in [
        ("Contact", read(Role::Integrator, format!("/api/v1/contacts/{id}")).await),
        ("Analysis", read(Role::Integrator, format!("/api/v1/contacts/{id}/analysis")).await),
        ("FoundContact", read(Role::Integrator, "/api/v1/contacts".to_owned()).await["items"][0].clone()),
        ("AuditEntry", read(Role::Auditor, "/api/v1/audit".to_owned()).await["items"][0].clone()),
        ("Receipt", app.send(&contact("H-2")).await.json().await.unwrap()),
    ] {
        assert_eq!(differs(&document, schema, &answer), (vec![], vec![]), "{schema}: {answer}");
    }
}

#[cfg(feature = "swagger-ui")]
#[actix_web::test]
async fn the_interactive_documentation_needs_nothing_from_elsewhere() {
    let app = TestApp::start().await;

    let page = app.request(Role::Auditor, Method::GET, "/docs/").send().await.unwrap();
    let initializer =
        app.request(Role::Auditor, Method::GET, "/docs/swagger-initializer.js").send().await.unwrap();

    assert!(page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'self'"));
    let text = page.text().await.unwrap();
    assert!(text.contains("swagger-ui") && !text.contains("https://"), "{text}");
    assert!(initializer.text().await.unwrap().contains("/openapi.json"));
}
