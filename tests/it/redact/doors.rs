//! Personal data goes in by the doors through which people write about contacts, and by those that nobody watches.

use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::desk::roll_up;
use tingxin::domain::{Role, StaffId, UtcMillis};

use super::canary::{assert_silent, files, said};
use crate::agreements::say;
use crate::appeals::{html, send};
use crate::console::{csrf, session};
use crate::support::app::{TestApp, contact};
use crate::support::shell::{Running, Shell};

/// Sends JSON as a person who is logged in and is done as asked.
async fn write(app: &TestApp, cookie: &str, path: &str, body: Value) -> Value {
    heard(path, say(app, cookie, path, body).await).await
}

/// The same where it does not matter whether it is done: a refusal repeats nothing, either.
async fn ask(app: &TestApp, cookie: &str, path: &str, body: Value) {
    let answer = say(app, cookie, path, body).await;
    assert_silent(path, answer.text().await.unwrap().as_bytes());
}

/// What was answered, after a look for canaries.
async fn heard(place: &str, answer: Response) -> Value {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert_silent(place, text.as_bytes());
    assert!(status.is_success(), "{place}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

/// A contact with a lapse of A1001 and canaries in every turn.
async fn lapse(app: &TestApp, id: &str) -> (String, Value) {
    let mut contact = contact(id);
    contact["utterances"] = json!([
        {"speaker": "agent", "text": format!("您好，请讲。{}", said())},
        {"speaker": "customer", "text": format!("宽带断了三天没人管，太气人了，我要去工信部投诉你们！{}", said())},
        {"speaker": "agent", "text": format!("随便您，爱投诉就投诉去吧。{}", said())},
    ]);
    contact["started_at"] = json!(UtcMillis::now().plus_millis(-3_600_000));
    let contact = app.analysed(&contact).await;
    roll_up(&app.store, None, 1_000).await.unwrap();
    let flags = app.get("/api/v1/flags?rule=agent_lapse&status=candidate").await;
    let flags = heard("flags", flags).await;
    (contact, flags["items"][0].clone())
}

/// Asserts that no file and nothing that the service says holds a canary, and that the words around them are there.
async fn assert_silent_everywhere(app: &TestApp, cookie: &str, pages: &[String]) {
    for path in pages {
        assert_silent(path, html(app, path, cookie).await.as_bytes());
    }
    for path in ["/api/v1/events", "/api/v1/contacts", "/api/v1/flags", "/api/v1/cases", "/api/v1/appeals"] {
        let answer = app.request(Role::Supervisor, Method::GET, path).send().await.unwrap();
        assert_silent(path, answer.text().await.unwrap().as_bytes());
    }
    for kind in ["contacts", "analyses", "flags"] {
        let path = format!("/api/v1/export/{kind}");
        assert_silent(&path, app.get(&path).await.text().await.unwrap().as_bytes());
    }
    assert_silent("metrics", app.state.metrics.render().unwrap_or_default().as_bytes());
    assert_silent("audit", app.audit().await.join("\n").as_bytes());
    app.store.backup(&app.folder().join("canary.backup")).await.unwrap();
    let files = files(app.folder());
    assert!(files.iter().any(|(name, _)| name.ends_with("canary.backup")));
    for (name, bytes) in files {
        assert_silent(&name, &bytes);
    }
}

#[actix_web::test]
async fn what_reviewers_staff_and_leads_write_is_nowhere_in_the_service() {
    let app = TestApp::start().await;
    let (id, flag) = lapse(&app, "H-1").await;
    let key = flag["id"].as_str().unwrap();
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let person = session(&app, "xiaowang", Role::Staff, None).await;
    app.store.link_staff("xiaowang", &StaffId::new("A1001").unwrap()).await.unwrap();
    let lead = session(&app, "zhuguan", Role::Supervisor, Some("beijing-01")).await;
    let second = session(&app, "fushen", Role::Reviewer, None).await;

    let verdict = json!({"status": "confirmed", "utterances": flag["utterances"], "note": said()});
    write(&app, &reviewer, &format!("/api/v1/flags/{key}/verdict"), verdict).await;
    let appeal = write(&app, &person, "/api/v1/appeals", json!({"flag": key, "text": said()})).await;
    let appeal = appeal["id"].as_str().unwrap();
    write(&app, &lead, &format!("/api/v1/appeals/{appeal}/forward"), json!({"note": said()})).await;
    let decision = json!({"outcome": "overturned", "reason": said()});
    write(&app, &second, &format!("/api/v1/appeals/{appeal}/decide"), decision).await;

    let case = json!({"contact": id, "kind": "callback", "note": said()});
    let case = write(&app, &reviewer, "/api/v1/cases", case).await;
    let step = |step: &str| format!("/api/v1/cases/{}/{step}", case["id"].as_str().unwrap());
    write(&app, &reviewer, &step("take"), json!({})).await;
    write(&app, &reviewer, &step("forward"), json!({"department": "装维中心", "note": said()})).await;
    let close = json!({"outcome": "settled", "cause": "system", "satisfaction": 4, "note": said()});
    write(&app, &reviewer, &step("close"), close).await;
    write(&app, &reviewer, &step("reopen"), json!({"note": said()})).await;

    let pages = [format!("/review/{id}"), "/cases".to_owned(), "/appeals".to_owned()];
    assert_silent_everywhere(&app, &second, &pages).await;
}

#[actix_web::test]
async fn what_is_written_in_forms_of_the_console_is_nowhere_in_the_service() {
    let app = TestApp::start().await;
    let (id, _) = lapse(&app, "H-1").await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    let admin = session(&app, "guanli", Role::Admin, None).await;
    let agreement = json!({
        "staff": "A1001", "indicator": "unsoothed", "note": said(), "private_note": said(), "shared_note": said(),
    });
    write(&app, &trainer, "/api/v1/coaching", agreement).await;
    let training = json!({"programme": "train", "title": "安抚", "title_en": "Soothing", "about": said()});
    ask(&app, &admin, "/api/v1/trainings", training).await;
    let hold = json!({"contact": {"source": "hotline-10086", "contact_id": "H-1"}, "note": said()});
    write(&app, &admin, "/api/v1/holds", hold).await;
    ask(&app, &lead, "/api/v1/rules/agent_lapse", json!({"state": "hint", "note": said()})).await;
    // Whatever a form answers, it repeats nothing.
    for (path, form) in [
        (format!("/review/{id}/marks"), [("turn", "1"), ("note", said().as_str())]),
        ("/contacts/views".to_owned(), [("name", said().as_str()), ("query", "")]),
        ("/review-requests".to_owned(), [("contact", id.as_str()), ("note", said().as_str())]),
        ("/contacts/views".to_owned(), [("name", "断网"), ("query", said().as_str())]),
    ] {
        let answer = send(&app, &lead, &path, &form).await;
        assert_silent(&path, answer.text().await.unwrap().as_bytes());
    }
    let pages = ["/coaching".to_owned(), "/contacts".to_owned(), format!("/review/{id}")];
    assert_silent_everywhere(&app, &lead, &pages).await;
}

#[actix_web::test]
async fn a_file_that_is_tried_is_in_no_answer_and_in_no_file() {
    let app = TestApp::start().await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let secret = csrf(&app, "/try", &cookie).await;
    let call = format!("流水号,角色,内容\nZ-9,客服,您好\nZ-9,客户,\"{}，再不修我就投诉\"\n", said());

    for (body, status) in [(call.clone(), StatusCode::OK), (said(), StatusCode::UNPROCESSABLE_ENTITY)] {
        let request = app.anonymous(Method::POST, "/try?channel=hall").header(COOKIE, &cookie);
        let request = request.header(ORIGIN, &app.base).header("X-CSRF-Token", &secret);
        let answer =
            request.header(CONTENT_TYPE, "application/octet-stream").body(body).send().await.unwrap();
        assert!(answer.status() == status || answer.status() == StatusCode::OK, "{}", answer.status());
        assert_silent("the page of an own file", answer.text().await.unwrap().as_bytes());
    }

    assert_silent_everywhere(&app, &cookie, &["/try".to_owned()]).await;
}

#[test]
fn what_came_in_by_the_watched_folder_is_in_no_file_and_no_log_of_the_service() {
    let (shell, inbox) = (Shell::new(), Shell::new());
    let mut whole = contact("H-1");
    whole["utterances"][1]["text"] = json!(said());
    inbox.write("a.ndjson", format!("{whole}\n"));
    inbox.write("b.csv", format!("contact_id,speaker,text\nB-1,agent,您好\nB-1,customer,\"{}\"\n", said()));
    inbox.write("c.ndjson", format!("{{\"contact_id\": \"C-1\", \"utterances\": \"{}\"}}\n", said()));
    inbox.write("d.ndjson", said());
    let mut command = shell.command(&["serve", "--listen", "127.0.0.1:0", "--model", "lexicon"]);
    let log = std::fs::File::create(shell.path("service.log")).unwrap();
    command.stderr(log);
    command.env("TINGXIN_LOG", "trace");
    command.env("TINGXIN_SOURCES__FOLDER__PATH", inbox.path(""));
    command.env("TINGXIN_SOURCES__FOLDER__QUIET_SECONDS", "0");
    let mut running = Running::start_with_its_own_log(command);
    running.line("listening on ");

    let begun = Instant::now();
    while inbox.names("").iter().any(|name| name.contains('.')) {
        assert!(begun.elapsed() < Duration::from_mins(1), "the files are not taken in");
        std::thread::sleep(Duration::from_millis(100));
    }
    running.signal("TERM");
    let said_on_the_way = running.rest();
    assert!(running.wait().success());

    assert_silent("standard output", said_on_the_way.as_bytes());
    assert_eq!(inbox.names("done").len(), 2);
    for (name, bytes) in files(&shell.path("")) {
        assert_silent(&name, &bytes);
    }
    // Failed files stay as they came, for their owner to mend; the reasons beside them repeat nothing.
    for name in inbox.names("failed").iter().filter(|name| name.ends_with(".reason.txt")) {
        assert_silent(name, &std::fs::read(inbox.path("failed").join(name)).unwrap());
    }
    let exported = shell.run(&["export", "analyses"]);
    assert_eq!(exported.status, 0, "{}", exported.err);
    assert_silent("an export", exported.out.as_bytes());
    let backup = shell.run(&["backup", "canary.backup"]);
    assert_eq!(backup.status, 0, "{}", backup.err);
    assert_silent("a backup", &std::fs::read(shell.path("canary.backup")).unwrap());
}
