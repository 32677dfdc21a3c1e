//! What the audit log says of those who read, and who learns that somebody has changed it.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{ACCEPT, COOKIE};
use tingxin::domain::{Purpose, Role, UtcMillis};
use tingxin::store::{AuditEntry, Store};

use crate::console::{page, session};
use crate::support::app::{TestApp, contact};
use crate::support::shell::{Running, Shell};

const HOUR: i64 = 3_600_000;

/// The latest entry of that action.
async fn latest(store: &Store, action: &str) -> AuditEntry {
    let log = store.audit_log(None, 200).await.unwrap().items;
    log.into_iter().find(|entry| entry.action == action).unwrap_or_else(|| panic!("no {action}"))
}

#[actix_web::test]
async fn an_entry_says_from_where_and_what_a_read_was_for() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;

    let read = |entry: AuditEntry| (entry.address, entry.purpose);
    let here = Some("127.0.0.1".to_owned());
    app.get(&format!("/api/v1/contacts/{id}")).await;
    assert_eq!(read(latest(&app.store, "contact.read").await), (here.clone(), Some(Purpose::Api)));
    page(&app, &format!("/review/{id}"), &cookie).await;
    assert_eq!(read(latest(&app.store, "contact.read").await), (here.clone(), Some(Purpose::Review)));
    page(&app, "/teams", &trainer).await;
    assert_eq!(read(latest(&app.store, "teams.list").await), (here.clone(), Some(Purpose::Coaching)));
    app.request(Role::Monitor, Method::GET, "/api/v1/flags").send().await.unwrap();
    assert_eq!(read(latest(&app.store, "access.refused").await), (here.clone(), None), "nothing was read");
    assert_eq!(read(latest(&app.store, "session.open").await), (here, None), "a change has no purpose");
}

#[actix_web::test]
async fn the_hourly_check_reads_what_is_new_and_once_a_day_everything() {
    let app = TestApp::start().await;
    app.get("/api/v1/contacts").await;
    app.get("/api/v1/flags").await;
    let check = async |hours: i64| {
        app.state.desk.check_audit(UtcMillis::from_millis(hours * HOUR)).await.unwrap().broken()
    };
    assert_eq!(check(0).await, None);

    app.tamper("UPDATE audit_log SET object = 'x' WHERE seq = 1").await;
    app.get("/api/v1/contacts").await;
    assert_eq!(check(1).await, None, "an hour later the old entries are not read again");
    assert_eq!(check(25).await, Some(1), "a day later they are");

    app.tamper("UPDATE audit_log SET object = 'contacts' WHERE seq = 1").await;
    assert_eq!(check(26).await, None, "after a break everything is read again");
    app.tamper("UPDATE audit_log SET object = 'x' WHERE seq = 2").await;
    app.get("/api/v1/contacts").await;
    app.tamper("DELETE FROM audit_log WHERE seq = 4").await;
    assert_eq!(check(27).await, Some(4), "what is new is checked against what was known");
}

#[actix_web::test]
async fn the_auditor_reads_on_the_page_which_entry_was_changed() {
    let app = TestApp::start().await;
    let cookie = session(&app, "shenji", Role::Auditor, None).await;
    let html = async || page(&app, "/audit", &cookie).await.text().await.unwrap();
    app.get("/api/v1/contacts").await;
    assert!(!html().await.contains("检查时间"), "nobody has looked yet");

    app.state.desk.check_audit(UtcMillis::now()).await.unwrap();
    assert!(html().await.contains("日志完整"));

    app.tamper("UPDATE audit_log SET actor = 'user:nobody' WHERE seq = 2").await;
    app.state.desk.check_audit(UtcMillis::now().plus_millis(25 * HOUR)).await.unwrap();
    let changed = html().await;
    assert!(changed.contains("从第 2 条起与写入时不一致"), "{changed}");
    assert!(
        changed.contains("127.0.0.1") && changed.contains("审计"),
        "address and purpose of reading the log"
    );
}

/// The value of a metric of a running service, once it is there.
async fn metric(url: &str, key: &str, name: &str) -> String {
    for _ in 0..200 {
        let answer = crate::support::web::client()
            .get(format!("{url}/metrics"))
            .bearer_auth(key)
            .send()
            .await
            .unwrap();
        let text = answer.text().await.unwrap();
        if let Some(value) = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')) {
            return value.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{name} never appeared");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_starts_on_a_changed_audit_log_says_so_in_its_metrics() {
    let shell = Shell::new();
    let key = shell.run(&["key", "create", "prometheus", "--role", "monitor"]).out.trim().to_owned();
    shell.run(&["key", "create", "crm"]);
    let serve = || Running::start(shell.command(&["serve", "--listen", "127.0.0.1:0", "--model", "lexicon"]));

    let mut whole = serve();
    let url = whole.line("listening on ");
    assert_eq!(metric(&url, &key, "tingxin_audit_intact").await, "1");
    whole.signal("TERM");
    whole.wait();

    shell.tamper("UPDATE audit_log SET object = 'another' WHERE seq = 2").await;
    let mut changed = serve();
    let url = changed.line("listening on ");

    assert_eq!(metric(&url, &key, "tingxin_audit_intact").await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_somebody_sits_is_in_the_audit_log_and_in_no_line_of_the_log() {
    let shell = Shell::new();
    let key = shell.run(&["key", "create", "crm"]).out.trim().to_owned();
    let log = std::fs::File::create(shell.path("log")).unwrap();
    let mut command =
        shell.command(&["serve", "--listen", "127.0.0.1:0", "--model", "lexicon", "--log", "trace"]);
    command.env("TINGXIN_TRUSTED_PROXIES", "127.0.0.1").stderr(log);
    let mut running = Running::start_with_its_own_log(command);
    let url = running.line("listening on ");

    let ask = |path: &str| {
        let request = crate::support::web::client()
            .get(format!("{url}{path}"))
            .header("x-forwarded-for", "203.0.113.99");
        request.header(ACCEPT, "text/html").header(COOKIE, "tingxin_session=made-up")
    };
    assert_eq!(ask("/api/v1/contacts").bearer_auth(&key).send().await.unwrap().status(), 200);
    let form = [("name", "li.na"), ("password", "wrong")];
    let login =
        crate::support::web::client().post(format!("{url}/login")).header("x-forwarded-for", "203.0.113.99");
    assert_eq!(login.header("sec-fetch-site", "same-origin").form(&form).send().await.unwrap().status(), 401);
    running.signal("TERM");
    running.wait();

    let store = Store::open(&format!("sqlite://{}", shell.path("tingxin.db").display())).await.unwrap();
    assert_eq!(latest(&store, "contacts.list").await.address.as_deref(), Some("203.0.113.99"));
    assert_eq!(latest(&store, "session.open").await.address.as_deref(), Some("203.0.113.99"));
    store.close().await;
    let log = std::fs::read_to_string(shell.path("log")).unwrap();
    assert!(log.contains("answered") && !log.contains("203.0.113.99"), "{log}");
}
