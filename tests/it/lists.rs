//! Copies of lists: every page that shows one offers it, and a copy holds what the page shows.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use tingxin::domain::{Role, Rule, Severity};
use tingxin::http::routes::{self, Verb};

use crate::agreements::send;
use crate::care::flagged;
use crate::console::{header, page, session};
use crate::exports::{table, unzipped};
use crate::support::app::TestApp;
use crate::support::store::flag;

/// Tables that are no lists of their own: what somebody tries and nothing keeps, and the log, which is copied in full
/// at an address of its own.
const OTHERWISE: [&str; 2] = ["try.html", "audit.html"];

/// A service in which most lists have something in them.
async fn filled(app: &TestApp) -> String {
    let (contact, _) = flagged(app, "H-1", flag(Rule::AgentLapse, Severity::High, 0.9)).await;
    let lead = session(app, "zhuguan", Role::Supervisor, None).await;
    let incident = [
        ("begins_at", "2026-11-03T08:00"),
        ("ends_at", "2026-11-03T12:00"),
        ("channel", ""),
        ("process", ""),
        ("team", ""),
        ("note", "系统升级"),
    ];
    assert_eq!(send(app, &lead, "/teams/incidents", &incident).await.status(), StatusCode::SEE_OTHER);
    let opened = send(app, &lead, "/cases", &[("contact", &contact), ("note", "请回电")]).await;
    assert_eq!(opened.status(), StatusCode::SEE_OTHER);
    contact
}

/// The address of a copy of the first list that a page offers.
fn copy_of(path: &str, html: &str, form: &str) -> Option<String> {
    let (_, offered) = html.split_once("copies\" aria-label")?;
    let (_, list) = offered.split_once("name=\"list\"")?;
    let (_, list) = list.split_once("value=\"")?;
    let list = list.split('"').next()?;
    let sign = if path.contains('?') { '&' } else { '?' };
    Some(format!("{path}{sign}copy={form}&reason=review&list={list}"))
}

#[actix_web::test]
async fn every_page_with_a_table_offers_a_copy_and_the_copy_has_its_mark_and_its_rows() {
    let app = TestApp::start().await;
    let contact = filled(&app).await;
    let mut paths: BTreeSet<String> = routes::table()
        .iter()
        .filter(|entry| {
            entry.verb == Verb::Get && !entry.path.contains('{') && !entry.path.starts_with("/api/")
        })
        .map(|entry| entry.path.to_owned())
        .collect();
    // These go on for ever, or are no pages.
    for other in ["/today/events", "/samples/next", "/exports/file", "/audit/file", "/cases/report.md"] {
        paths.remove(other);
    }
    paths.insert(format!("/review/{contact}"));
    paths.insert(format!("/review/{contact}/sheets"));
    let (mut shown, mut copied) = (0, BTreeSet::new());
    for role in [Role::Reviewer, Role::Trainer, Role::Supervisor, Role::Admin, Role::Auditor, Role::Staff] {
        let cookie = session(&app, &format!("w-{role}"), role, None).await;
        for path in &paths {
            let answer = page(&app, path, &cookie).await;
            let is_page = header(&answer, &CONTENT_TYPE).starts_with("text/html");
            if answer.status() != StatusCode::OK || !is_page {
                continue;
            }
            let html = answer.text().await.unwrap();
            if html.contains("<tbody>") && path != "/audit" {
                shown += 1;
                assert!(html.contains("name=\"copy\""), "{role} sees a table on {path} and cannot copy it");
            }
            let Some(address) = copy_of(path, &html, "csv") else { continue };
            let copy = page(&app, &address, &cookie).await;
            assert_eq!(copy.status(), StatusCode::OK, "{address}");
            let rows = table(&copy.text().await.unwrap());
            assert!(rows[0][0].starts_with(&format!("导出人：w-{role}　用途：")), "{address}: {:?}", rows[0]);
            assert!(rows.len() > 2, "{address} has no rows");
            assert!(rows[2..].iter().all(|row| row.len() == rows[1].len()), "{address}: {rows:?}");
            copied.insert(path.clone());
        }
    }
    assert!(shown > 20 && copied.len() > 12, "{shown} tables, copies of {copied:?}");
    let log = app.audit().await;
    assert!(log.iter().any(|entry| entry.contains("export.list")), "{log:?}");
}

#[actix_web::test]
async fn a_copy_asks_what_it_is_for_keeps_the_filters_and_computes_nothing() {
    let app = TestApp::start().await;
    let admin = session(&app, "guanli", Role::Admin, None).await;
    let entry = [
        ("title", "=HYPERLINK(\"http://x\")"),
        ("title_en", ""),
        ("indicator", ""),
        ("programme", "train"),
        ("about", "-1+1"),
    ];
    let added = send(&app, &admin, "/trainings", &entry).await;
    assert_eq!(added.status(), StatusCode::SEE_OTHER, "{}", added.text().await.unwrap());

    for wrong in
        ["copy=csv", "copy=vcon&reason=review", "copy=csv&reason=fun", "copy=csv&reason=review&list=9"]
    {
        let refused = page(&app, &format!("/trainings?{wrong}"), &admin).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{wrong}");
    }
    let text = page(&app, "/trainings?copy=csv&reason=review", &admin).await.text().await.unwrap();
    let book = page(&app, "/trainings?copy=xlsx&reason=review", &admin).await.bytes().await.unwrap();
    let html = page(&app, "/trainings?lang=zh&done=added&x=%E4%B8%80", &admin).await.text().await.unwrap();
    let other = session(&app, "shenji", Role::Auditor, None).await;

    let rows = table(&text);
    assert!(rows.iter().any(|row| row[0] == "'=HYPERLINK(\"http://x\")" && row[3] == "'-1+1"), "{rows:?}");
    assert!(!unzipped(&book, "xl/worksheets/sheet1.xml").contains("<f>"));
    assert!(
        html.contains("<input type=\"hidden\" name=\"x\" value=\"一\">") && !html.contains("name=\"done\"")
    );
    let foreign = page(&app, "/trainings?copy=csv&reason=review", &other).await;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN, "whoever may not see a list cannot copy it");
}

/// Whether a template has this text, itself or by what it includes.
fn has(folder: &std::path::Path, name: &str, text: &str) -> bool {
    let source = std::fs::read_to_string(folder.join(name)).unwrap();
    let mut included = source.split("{% include \"").skip(1).filter_map(|rest| rest.split('"').next());
    source.contains(text) || included.any(|name| has(folder, name, text))
}

#[test]
fn no_page_has_a_table_without_the_form_for_copies() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/console/templates");
    let mut missing = Vec::new();
    for file in std::fs::read_dir(&folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let source = std::fs::read_to_string(folder.join(&name)).unwrap();
        let is_page = source.starts_with("{% extends") && !OTHERWISE.contains(&&*name);
        if is_page && has(&folder, &name, "<table") && !has(&folder, &name, "self.copies()") {
            missing.push(name);
        }
    }
    assert!(missing.is_empty(), "{missing:?} show tables and do not include copies.html");
}
