//! Personal data goes in by every door that takes free text, and then it is looked for everywhere.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tingxin::desk::{Caller, Handover, Subject};
use tingxin::domain::{RawCustomerId, Role, UtcMillis};
use tingxin::redact::{PseudonymKey, Redactor};

use crate::support::app::{TestApp, contact};
use crate::support::shell::Shell;

/// What is said, and what of it must not be found again.
const CANARIES: [(&str, &str); 12] = [
    ("我的电话是19912345678", "19912345678"),
    ("身份证110101190001010014", "110101190001010014"),
    ("退到银行卡6222000000000000426", "6222000000000000426"),
    ("车牌京A98765挡着门", "京A98765"),
    ("我家在金鸟小区7号楼3单元1102", "金鸟小区"),
    ("机主是王建国", "王建国"),
    ("上次是李翠兰给我办的", "李翠兰"),
    ("我1987年4月23日出生", "1987年4月23日"),
    ("验证码是884213", "884213"),
    ("发到canary.bird@example.com", "canary.bird"),
    ("微信号wxid_canary77", "wxid_canary77"),
    ("QQ号是776655443", "776655443"),
];

pub(super) fn said() -> String {
    CANARIES.map(|(said, _)| said).join("，")
}

pub(super) fn assert_silent(place: &str, text: &[u8]) {
    for (_, canary) in CANARIES {
        let found = text.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{canary} in {place}");
    }
}

/// Every file of a folder, those below it included.
pub(super) fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

#[actix_web::test]
async fn what_came_in_over_http_is_nowhere_in_the_service() {
    let app = TestApp::start().await;
    let mut transcript = contact("H-1");
    transcript["utterances"][1]["text"] = json!(said());
    let id = app.analysed(&transcript).await;
    let note = json!({"source": "s", "contact_id": "N-1", "channel": "hall", "note": {"text": said()}});
    let mut later = contact("H-2");
    later["utterances"][0]["text"] = json!(said());
    let bulk = app.request(Role::Integrator, Method::POST, "/api/v1/contacts/bulk");
    let bulk = bulk
        .header("content-type", "application/x-ndjson")
        .body(format!("{note}\n{later}\n{{\"text\":\"{}", said()));
    let answer = bulk.send().await.unwrap().text().await.unwrap();
    assert_eq!(answer.matches("\"id\"").count(), 2, "{answer}");
    assert_silent("the answer of bulk", answer.as_bytes());
    app.work().await;
    let (from, until) = (UtcMillis::now().plus_millis(-7_200_000), UtcMillis::now());
    let body = json!({"begins_at": from.to_rfc3339(), "ends_at": until.to_rfc3339(), "note": said()});
    let incidents = app.request(Role::Supervisor, Method::POST, "/api/v1/incidents").json(&body);
    let declared = incidents.send().await.unwrap();
    assert!(declared.status().is_success(), "{:?}", declared.status());
    assert_silent("the answer about an incident", declared.text().await.unwrap().as_bytes());
    let body = json!({"staff": "A1001", "indicator": "unsoothed", "note": said()});
    let coaching =
        app.request(Role::Trainer, Method::POST, "/api/v1/coaching").json(&body).send().await.unwrap();
    assert_silent("the answer about coaching", coaching.text().await.unwrap().as_bytes());
    let wrong =
        app.request(Role::Integrator, Method::POST, "/api/v1/contacts").body(said()).send().await.unwrap();
    assert_ne!(wrong.status(), StatusCode::CREATED);
    assert_silent("a refusal", wrong.text().await.unwrap().as_bytes());

    for path in [
        format!("/api/v1/contacts/{id}"),
        format!("/api/v1/contacts/{id}/analysis"),
        "/api/v1/contacts".to_owned(),
    ] {
        assert_silent(&path, app.get(&path).await.text().await.unwrap().as_bytes());
    }
    let metrics = app.state.metrics.render().unwrap_or_default();
    assert_silent("metrics", metrics.as_bytes());
    assert_silent("audit", app.audit().await.join("\n").as_bytes());
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    let customer = Subject::Customer(RawCustomerId::new("13900001234".to_owned()));
    let mut handover = Handover::begin(&app.store, &redactor, &Caller::system(), &customer).await.unwrap();
    let mut records = 0;
    while let Some(more) = handover.portion().await.unwrap() {
        records += more.len();
        assert_silent("an export", serde_json::to_string(&more).unwrap().as_bytes());
    }
    assert!(records > 1, "something was handed over");
    app.store.backup(&app.folder().join("canary.backup")).await.unwrap();
    let files = files(app.folder());
    let left = "挡着门";
    let kept =
        files.iter().any(|(_, bytes)| bytes.windows(left.len()).any(|window| window == left.as_bytes()));
    assert!(kept, "the words around it are there, so the scan finds what there is");
    for (name, bytes) in files {
        assert_silent(&name, &bytes);
    }
}

#[test]
fn what_was_imported_is_in_no_file_and_in_nothing_that_was_said() {
    let (shell, outside) = (Shell::new(), Shell::new());
    let mut imported = contact("H-1");
    imported["utterances"][1]["text"] = json!(said());
    let file = outside.write("contacts.ndjson", format!("{imported}\n{{\"text\":\"{}\"}}\n", said()));
    shell.run(&["migrate"]);
    let ended = shell.run(&["import", file.to_str().unwrap()]);

    assert_eq!(ended.status, 2, "{}", ended.err);
    for (name, bytes) in files(&shell.path("")) {
        assert_silent(&name, &bytes);
    }
    assert_silent("standard output", ended.out.as_bytes());
    assert_silent("standard error", ended.err.as_bytes());
    let analysed = shell.run(&["analyze", file.to_str().unwrap()]);
    let first: Value = serde_json::from_str(analysed.out.lines().next().unwrap()).unwrap();
    assert_eq!(first["contact_id"], "H-1");
    assert_silent("analyses", analysed.out.as_bytes());
    assert_silent("refusals", analysed.err.as_bytes());
}
