//! What people do about contacts that were set aside: on the command line and in the console.

use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use reqwest::{Method, StatusCode};
use tingxin::domain::{ContactState, Role, UtcMillis};
use tingxin::store::Store;

use crate::console::{csrf, header, page, session};
use crate::support::app::TestApp;
use crate::support::shell::Shell;
use crate::support::store::{LEASE, intake, key};

/// Sets three contacts aside.
async fn set_aside(store: &Store) -> Vec<tingxin::domain::ContactRef> {
    let mut now = UtcMillis::now();
    let batch: Vec<_> = (0..3).map(|n| intake(&format!("H-{n}"), 1, "宽带又断了")).collect();
    let ids = store.ingest(&batch, now).await.unwrap().iter().map(key).collect();
    while store.queue_state(now).await.unwrap().waiting > 0 {
        for claim in store.claim(1, LEASE, now).await.unwrap() {
            store.fail(claim.ticket, "analysis_failed", now).await.unwrap();
        }
        now = now.plus_millis(60_000);
    }
    ids
}

#[tokio::test]
async fn the_command_lists_retries_and_drops_what_was_set_aside() {
    let shell = Shell::new();
    let url = format!("sqlite://{}", shell.path("tingxin.db").display());
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    let ids = set_aside(&store).await;

    let listed = shell.run(&["queue", "list"]).out;
    assert!(listed.starts_with("0 wait, 3 were set aside"), "{listed}");
    assert!(listed.contains("hotline-10086/H-1") && listed.contains("analysis_failed"), "{listed}");
    assert_eq!(shell.run(&["queue", "list", "--json"]).out.lines().count(), 3);
    assert_eq!(shell.run(&["queue", "retry", "hotline-10086/H-0"]).status, 0);
    assert_eq!(shell.run(&["queue", "drop", &ids[1].to_string()]).status, 0);

    let again = shell.run(&["queue", "drop", "hotline-10086/H-1"]);
    assert_eq!(again.status, 1);
    assert!(again.err.contains("was not set aside"), "{}", again.err);
    assert_eq!(shell.run(&["queue", "retry", "nobody"]).status, 1);
    assert!(shell.run(&["queue", "list"]).out.starts_with("1 wait, 1 were set aside"));
    assert_eq!(shell.run(&["queue", "retry"]).status, 0);
    assert!(shell.run(&["queue", "list"]).out.starts_with("2 wait, 0 were set aside"));
}

#[actix_web::test]
async fn administrators_retry_and_give_up_in_the_console_and_nobody_else_does() {
    let app = TestApp::start().await;
    let ids = set_aside(&app.store).await;
    let admin = session(&app, "zhijian", Role::Admin, None).await;
    let reviewer = session(&app, "li.na", Role::Reviewer, None).await;

    let html = page(&app, "/admin/queue", &admin).await.text().await.unwrap();
    assert!(html.contains("hotline-10086/H-1") && html.contains("分析程序出错"), "{html}");
    assert_eq!(page(&app, "/admin/queue", &reviewer).await.status(), StatusCode::FORBIDDEN);
    let csrf = csrf(&app, "/admin/queue", &admin).await;
    let send = async |path: String| {
        let form = [("csrf", csrf.as_str()), ("sure", "yes")];
        let request = app.anonymous(Method::POST, &path).header(ORIGIN, &app.base).header(COOKIE, &admin);
        request.form(&form).send().await.unwrap()
    };

    let retried = send(format!("/admin/queue/{}/retry", ids[0])).await;
    assert_eq!(header(&retried, &LOCATION), "/admin/queue?done=retried");
    let given_up = send(format!("/admin/queue/{}/drop", ids[1])).await;
    assert_eq!(given_up.status(), StatusCode::SEE_OTHER);
    let again = send(format!("/admin/queue/{}/drop", ids[1])).await;
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
    assert!(again.text().await.unwrap().contains("已经不在清单里"));
    assert_eq!(send("/admin/queue/retry".to_owned()).await.status(), StatusCode::SEE_OTHER);

    assert_eq!(app.store.set_aside(10).await.unwrap(), []);
    let given_up = app.store.contact(ids[1], None).await.unwrap().unwrap();
    assert_eq!(given_up.state, ContactState::Quarantined);
}
