//! Metrics as Prometheus sees them, and the alerts that rest on them.

use std::path::Path;

use reqwest::Method;
use tingxin::domain::{Role, UtcMillis};
use tingxin::metrics;

use crate::support::app::{TestApp, contact};
use crate::support::docs::assert_current;
use crate::support::tools::{assert_clean, assert_written_by};

#[test]
fn the_page_is_what_the_registry_says() {
    assert_current(Path::new("docs/metrics.md"), &metrics::describe_all().unwrap());
}

async fn scrape(app: &TestApp) -> String {
    app.request(Role::Monitor, Method::GET, "/metrics").send().await.unwrap().text().await.unwrap()
}

/// The value of one series.
fn value(text: &str, series: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no series {series}")).parse().unwrap()
}

#[actix_web::test]
async fn promtool_finds_nothing_to_complain_about() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;
    app.get("/nothing/here").await;

    let text = scrape(&app).await;

    assert_clean(&["check", "metrics"], &text);
}

#[actix_web::test]
async fn what_happens_is_counted() {
    let app = TestApp::start().await;
    app.queued(&contact("H-1")).await;
    app.send(&contact("H-1")).await;
    app.request(Role::Integrator, Method::POST, "/api/v1/contacts")
        .header("content-type", "application/json")
        .body("nonsense")
        .send()
        .await
        .unwrap();

    let waiting = scrape(&app).await;
    app.work().await;
    let done = scrape(&app).await;

    let ingested = "tingxin_contacts_ingested_total";
    assert_eq!(value(&waiting, &format!("{ingested}{{channel=\"hotline\",outcome=\"queued\"}}")), 1);
    assert_eq!(value(&waiting, &format!("{ingested}{{channel=\"hotline\",outcome=\"unchanged\"}}")), 1);
    assert_eq!(value(&waiting, &format!("{ingested}{{channel=\"unknown\",outcome=\"refused\"}}")), 1);
    assert_eq!(value(&waiting, "tingxin_queue_contacts{state=\"waiting\"}"), 1);
    assert_eq!(value(&done, "tingxin_queue_contacts{state=\"waiting\"}"), 0);
    assert_eq!(value(&done, "tingxin_oldest_unscored_contact_seconds"), 0);
    let requests = "tingxin_http_requests_total{method=\"POST\",route=\"/api/v1/contacts\"";
    assert_eq!(value(&done, &format!("{requests},status=\"2xx\"}}")), 2);
    assert_eq!(value(&done, &format!("{requests},status=\"4xx\"}}")), 1);
    assert!(done.contains("tingxin_build_info{model=\"calm\""), "{done}");
}

#[actix_web::test]
async fn an_answer_that_somebody_waits_for_counts_when_it_is_stored_and_not_when_it_is_read() {
    let app = TestApp::start().await;

    let answer = app.waiting(&contact("H-1")).send().await.unwrap();
    let text = scrape(&app).await;

    assert_eq!(answer.status(), 200);
    let of_readings = ["tingxin_utterances_total", "tingxin_flags_total", "tingxin_contact_endings_total"];
    for name in of_readings {
        let mut series = text.lines().filter(|line| line.starts_with(name)).peekable();
        assert!(series.peek().is_some() && series.all(|line| line.ends_with(" 0")), "{name}: {text}");
    }
}

#[actix_web::test]
async fn probing_for_paths_and_methods_creates_no_series() {
    let app = TestApp::start().await;
    let series = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count();
    app.get("/first").await;
    let before = series(&scrape(&app).await);

    for n in 0..20 {
        app.get(&format!("/wp-admin/{n}?x={n}")).await;
        app.get(&format!("/api/v1/contacts/{n}")).await;
    }
    let text = scrape(&app).await;

    assert_eq!(series(&text), before, "{text}");
    assert!(!text.contains("wp-admin"));
}

#[actix_web::test]
async fn a_database_that_does_not_answer_does_not_hide_the_other_numbers() {
    let app = TestApp::start().await;
    app.break_contacts().await;

    let text = scrape(&app).await;

    assert_eq!(value(&text, "tingxin_database_up"), 0);
    assert!(text.contains("tingxin_http_requests_total"));
}

#[actix_web::test]
async fn a_source_is_told_with_its_last_contact_and_nothing_is_told_of_what_has_too_little_behind_it() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;

    let text = scrape(&app).await;

    let labels = "{channel=\"hotline\",source=\"hotline-10086\"}";
    assert_eq!(value(&text, &format!("tingxin_source_contacts_hour{labels}")), 1);
    let seconds = text.lines().find_map(|line| {
        line.strip_prefix(&format!("tingxin_source_last_contact_timestamp_seconds{labels} "))
    });
    let seconds: f64 = seconds.unwrap().parse().unwrap();
    let ago = UtcMillis::now().seconds_since(UtcMillis::from_millis(0)) - seconds;
    assert!((0.0..600.0).contains(&ago), "{seconds}");
    let untold =
        ["tingxin_source_usual_contacts_hour{", "tingxin_reading_drift_psi", "tingxin_rule_precision"];
    for name in untold {
        assert!(!text.lines().any(|line| line.starts_with(name)), "{name}: {text}");
    }
}

#[test]
fn the_alerts_are_sound_and_fire_when_they_should() {
    assert_clean(&["check", "rules", "rules.yml"], "");
    assert_clean(&["test", "rules", "rules_test.yml", "rules_days_test.yml", "rules_weeks_test.yml"], "");
}

#[test]
fn the_rules_are_what_their_source_says() {
    assert_written_by("scripts/prometheus_rules.py");
}

#[test]
fn the_alerts_rest_on_metrics_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = std::fs::read_to_string(root.join("deploy/prometheus/rules.yml")).unwrap();
    let page = metrics::describe_all().unwrap();
    let names = rules.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
    let names: Vec<&str> = names.filter(|name| name.starts_with("tingxin_")).collect();

    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let base =
            ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        assert!(page.contains(&format!("| `{base}` |")), "{name} is no metric of the service");
    }
}
