//! The console over HTTP, without a browser: headers, cookies, files, and who gets in.

use reqwest::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, ETAG, IF_NONE_MATCH, LOCATION, ORIGIN,
    SET_COOKIE,
};
use reqwest::{Method, Response, StatusCode};
use tingxin::domain::Role;

use crate::support::app::{PASSWORD, TestApp, contact};

pub(crate) fn header(response: &Response, name: &reqwest::header::HeaderName) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// Logs in as a new account and returns the session's cookie.
pub(crate) async fn session(app: &TestApp, name: &str, role: Role, team: Option<&str>) -> String {
    app.account(name, role, team).await;
    let form = [("name", name), ("password", PASSWORD)];
    let answer =
        app.anonymous(Method::POST, "/login").header(ORIGIN, &app.base).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    header(&answer, &SET_COOKIE).split(';').next().unwrap().to_owned()
}

pub(crate) async fn page(app: &TestApp, path: &str, cookie: &str) -> Response {
    let request = app.anonymous(Method::GET, path).header("accept", "text/html").header(COOKIE, cookie);
    request.send().await.unwrap()
}

pub(crate) async fn csrf(app: &TestApp, path: &str, cookie: &str) -> String {
    let html = page(app, path, cookie).await.text().await.unwrap();
    let (_, rest) = html.split_once("name=\"csrf\" value=\"").expect("a form with its secret");
    rest.split('"').next().unwrap().to_owned()
}

#[actix_web::test]
async fn a_file_under_its_versioned_address_is_kept_for_ever() {
    let app = TestApp::start().await;
    let html = app.anonymous(Method::GET, "/login").send().await.unwrap().text().await.unwrap();
    let (_, rest) = html.split_once("href=\"/static/console.css").unwrap();
    let address = format!("/static/console.css{}", rest.split('"').next().unwrap());

    let first = app.anonymous(Method::GET, &address).send().await.unwrap();
    let tag = header(&first, &ETAG);
    let again = app.anonymous(Method::GET, &address).header(IF_NONE_MATCH, &tag).send().await.unwrap();
    let bare = app.anonymous(Method::GET, "/static/console.css").send().await.unwrap();

    assert_eq!(header(&first, &CACHE_CONTROL), "public, max-age=31536000, immutable");
    assert_eq!(header(&first, &CONTENT_TYPE), "text/css; charset=utf-8");
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&bare, &CACHE_CONTROL), "no-cache");
}

#[actix_web::test]
async fn pages_allow_nothing_but_the_services_own_files_and_are_not_kept() {
    let app = TestApp::start().await;

    let answer = app.anonymous(Method::GET, "/login").send().await.unwrap();

    assert!(header(&answer, &CONTENT_SECURITY_POLICY).starts_with("default-src 'self';"));
    assert_eq!(header(&answer, &CACHE_CONTROL), "no-store");
}

#[actix_web::test]
async fn a_log_in_form_of_another_site_is_refused() {
    let app = TestApp::start().await;
    app.account("zhijian", Role::Reviewer, None).await;
    let form = [("name", "zhijian"), ("password", PASSWORD)];

    let request = app.anonymous(Method::POST, "/login").header(ORIGIN, "https://evil.example").form(&form);

    assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn whoever_reads_a_contact_is_in_the_audit_log_before_the_page_goes_out() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;

    let read = page(&app, &format!("/review/{id}"), &cookie).await;
    assert_eq!(read.status(), StatusCode::OK);
    assert!(app.audit().await.contains(&format!("user:zhijian contact.read {id} ok")));

    app.break_audit().await;
    let unread = page(&app, &format!("/review/{id}"), &cookie).await;
    assert!(unread.status().is_server_error(), "no entry, no answer");
}

#[actix_web::test]
async fn a_contact_of_another_team_is_not_there() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let cookie = session(&app, "guangzhou", Role::Reviewer, Some("guangzhou-01")).await;

    let answer = page(&app, &format!("/review/{id}"), &cookie).await;

    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(answer.text().await.unwrap().contains("没有找到"));
}

#[actix_web::test]
async fn roles_without_transcripts_are_turned_away_in_words() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    for (name, role) in [("guanli", Role::Admin), ("shenji", Role::Auditor), ("yuangong", Role::Staff)] {
        let cookie = session(&app, name, role, None).await;
        for path in ["/review".to_owned(), format!("/review/{id}")] {
            let answer = page(&app, &path, &cookie).await;

            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name} {path}");
            assert!(answer.text().await.unwrap().contains("无权查看"), "{name} {path}");
        }
    }
}

#[actix_web::test]
async fn the_language_is_remembered_in_a_cookie_and_unknown_ones_are_not() {
    let app = TestApp::start().await;

    let english = app.anonymous(Method::GET, "/login?lang=en").send().await.unwrap();
    let unknown = app.anonymous(Method::GET, "/login?lang=fr").send().await.unwrap();

    let cookie = header(&english, &SET_COOKIE);
    assert!(cookie.starts_with("tingxin_lang=en"), "{cookie}");
    assert_eq!(header(&unknown, &SET_COOKIE), "");
    let later = page(&app, "/login", cookie.split(';').next().unwrap()).await;
    assert!(later.text().await.unwrap().contains("<html lang=\"en\">"));
}

#[actix_web::test]
async fn an_account_that_manages_cannot_lock_itself_out() {
    let app = TestApp::start().await;
    let cookie = session(&app, "guanli", Role::Admin, None).await;
    let csrf = csrf(&app, "/admin/users", &cookie).await;
    let form = [("csrf", csrf.as_str()), ("name", "guanli"), ("disabled", "true"), ("sure", "yes")];
    let request = app.anonymous(Method::POST, "/admin/users/state").header(COOKIE, &cookie);

    let answer = request.header(ORIGIN, &app.base).form(&form).send().await.unwrap();

    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(app.store.users().await.unwrap().iter().all(|user| !user.disabled));
}

#[actix_web::test]
async fn a_form_without_the_sessions_secret_changes_nothing() {
    let app = TestApp::start().await;
    let cookie = session(&app, "guanli", Role::Admin, None).await;
    let form = [("name", "xiaowang"), ("password", PASSWORD), ("role", "reviewer"), ("team", "")];
    let request = app.anonymous(Method::POST, "/admin/users").header(COOKIE, &cookie);

    let answer = request.header(ORIGIN, &app.base).form(&form).send().await.unwrap();

    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(app.store.users().await.unwrap().len(), 1);
}

#[actix_web::test]
async fn an_address_that_somebody_made_up_puts_no_words_on_the_page() {
    let app = TestApp::start().await;
    let cookie = session(&app, "guanli", Role::Admin, None).await;

    let address = "/admin/users?done=created&name=%E8%AF%B7%E6%8B%A8%E6%89%93123";
    let html = page(&app, address, &cookie).await.text().await.unwrap();

    assert!(!html.contains("请拨打"), "a name that does not exist is not repeated");
}

#[actix_web::test]
async fn after_logging_out_the_cookie_opens_nothing() {
    let app = TestApp::start().await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let csrf = csrf(&app, "/review", &cookie).await;
    let request = app.anonymous(Method::POST, "/logout").header(COOKIE, &cookie).header(ORIGIN, &app.base);
    request.form(&[("csrf", csrf)]).send().await.unwrap();

    let answer = page(&app, "/review", &cookie).await;

    assert_eq!(
        (answer.status(), header(&answer, &LOCATION).as_str()),
        (StatusCode::SEE_OTHER, "/login?next=%2Freview")
    );
}

#[actix_web::test]
async fn after_the_log_in_one_lands_on_the_page_that_was_asked_for_and_on_no_other_host() {
    let app = TestApp::start().await;
    app.account("zhijian", Role::Reviewer, None).await;
    let asked = "/contacts?q=%E5%AE%BD%E5%B8%A6";

    let sent = app.anonymous(Method::GET, asked).header("accept", "text/html").send().await.unwrap();
    let door = header(&sent, &LOCATION);
    let html = app.anonymous(Method::GET, &door).send().await.unwrap().text().await.unwrap();
    let land = async |next: &str| {
        let form = [("name", "zhijian"), ("password", PASSWORD), ("next", next)];
        let request = app.anonymous(Method::POST, "/login").header(ORIGIN, &app.base).form(&form);
        header(&request.send().await.unwrap(), &LOCATION)
    };

    assert!(html.contains(&format!("name=\"next\" value=\"{asked}\"")), "{html}");
    assert_eq!(land(asked).await, asked);
    assert_eq!(land("//evil.example/").await, "/");
}
