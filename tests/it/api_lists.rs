//! Lists: every row exactly once, filters, the audit log.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tingxin::domain::{Role, Rule, UtcMillis};

use crate::support::app::{TestApp, contact};

/// Walks a list to its end and returns what `field` of every row holds.
async fn walk(app: &TestApp, role: Role, path: &str, field: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let join = if path.contains('?') { '&' } else { '?' };
        let url = format!("{path}{join}limit=7{cursor}");
        let page: Value = app.request(role, Method::GET, &url).send().await.unwrap().json().await.unwrap();
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{url}: {page}"));
        assert!(items.len() <= 7, "{url} gave {} rows", items.len());
        seen.extend(items.iter().map(|item| item[field].to_string()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

fn assert_each_once(rows: &[String], expected: usize) {
    let mut counts = BTreeMap::<_, usize>::new();
    for row in rows {
        *counts.entry(row).or_default() += 1;
    }
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    assert_eq!(counts.len(), expected);
}

#[actix_web::test]
async fn a_cursor_yields_every_contact_exactly_once_also_when_all_began_at_the_same_time() {
    let app = TestApp::start().await;
    for n in 0..30 {
        app.queued(&contact(&format!("H-{n}"))).await;
    }

    let rows = walk(&app, Role::Integrator, "/api/v1/contacts", "id").await;

    assert_each_once(&rows, 30);
}

#[actix_web::test]
async fn a_contact_that_comes_in_during_the_walk_disturbs_no_other_row() {
    let app = TestApp::start().await;
    for n in 0..10 {
        app.queued(&contact(&format!("H-{n}"))).await;
    }
    let first: Value = app.get("/api/v1/contacts?limit=4").await.json().await.unwrap();
    app.queued(&contact("H-new")).await;

    let rest = format!("/api/v1/contacts?limit=100&cursor={}", first["next"].as_str().unwrap());
    let rest: Value = app.get(&rest).await.json().await.unwrap();

    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|item| item["contact_id"].to_string()).collect()
    };
    let old: Vec<String> =
        ids(&first).into_iter().chain(ids(&rest)).filter(|id| !id.contains("new")).collect();
    assert_each_once(&old, 10);
}

#[actix_web::test]
async fn filters_hold_together() {
    let app = TestApp::start().await;
    let mut hall = contact("B-1");
    hall["channel"] = json!("hall");
    hall["source"] = json!("hall-pos");
    hall["staff"] = json!({"id": "B2002", "team": "上海-01"});
    hall["started_at"] = json!("2026-11-02T09:00:00+08:00");
    app.analysed(&hall).await;
    app.queued(&contact("H-1")).await;

    for (query, expected) in [
        ("channel=hall", "B-1"),
        ("channel=hotline", "H-1"),
        ("source=hall-pos", "B-1"),
        ("contact_id=H-1", "H-1"),
        ("team=%E4%B8%8A%E6%B5%B7-01", "B-1"),
        ("staff=A1001", "H-1"),
        ("state=analysed", "B-1"),
        ("state=queued", "H-1"),
        ("since=2026-11-02T00:00:00%2B08:00", "B-1"),
        ("until=2026-11-02T00:00:00%2B08:00", "H-1"),
        ("channel=hall&staff=A1001", ""),
    ] {
        let rows = walk(&app, Role::Reviewer, &format!("/api/v1/contacts?{query}"), "contact_id").await;
        let expected: Vec<String> =
            if expected.is_empty() { vec![] } else { vec![format!("\"{expected}\"")] };
        assert_eq!(rows, expected, "{query}");
    }
}

#[actix_web::test]
async fn every_flag_is_listed_once_and_filters_hold() {
    let app = TestApp::start().await;
    let mut expected = 0;
    for n in 0..9 {
        // A complaint of which nobody told a time limit, so that rules which need no model fire.
        let id = app.analysed(&contact(&format!("H-{n}"))).await;
        let path = format!("/api/v1/contacts/{id}/analysis");
        let analysis: Value = app.get(&path).await.json().await.unwrap();
        expected += analysis["flags"].as_array().unwrap().len();
    }

    let rows = walk(&app, Role::Supervisor, "/api/v1/flags", "id").await;
    assert_each_once(&rows, expected);
    let mut by_rule = 0;
    for rule in Rule::ALL {
        by_rule += walk(&app, Role::Supervisor, &format!("/api/v1/flags?rule={rule}"), "id").await.len();
    }
    assert_eq!(by_rule, expected);
    let none = walk(&app, Role::Supervisor, "/api/v1/flags?status=confirmed&channel=hotline", "id").await;
    assert_eq!(none, Vec::<String>::new());
}

#[actix_web::test]
async fn the_audit_log_is_read_by_auditors_in_full() {
    let app = TestApp::start().await;
    for _ in 0..20 {
        app.get("/api/v1/flags").await;
    }

    let rows = walk(&app, Role::Auditor, "/api/v1/audit", "seq").await;

    // Every page of the walk writes an entry of its own, above the place where the walk is.
    assert_each_once(&rows, 20);
    let newest = app.store.audit_log(None, 1).await.unwrap().items.remove(0);
    assert_eq!((newest.actor.as_str(), newest.action.as_str()), ("key:auditor", "audit.list"));
    assert!(newest.at <= UtcMillis::now());
}
