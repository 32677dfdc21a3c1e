//! Who may use which route: every role on every route, and what logins and sessions promise.

use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use tingxin::domain::{Role, UtcMillis};
use tingxin::http::access::{self, Access};
use tingxin::http::error::Problem;
use tingxin::http::routes::{self, Verb};
use tingxin::http::{Exposure, Limits};
use tingxin::secrets;
use tingxin::store::Session;

use crate::support::app::{PASSWORD, TestApp};

/// A path that fits the template.
fn concrete(template: &str) -> String {
    template
        .replace("{id}", "0190b3c2-0000-7000-8000-000000000000")
        .replace("{token}", "no-such-token")
        .replace("{name}", "no-such-file")
        .replace("{file:.*}", "index.html")
}

fn method(verb: Verb) -> Method {
    match verb {
        Verb::Get => Method::GET,
        Verb::Post => Method::POST,
    }
}

async fn code(response: Response) -> String {
    let body: Value = response.json().await.unwrap_or_default();
    body["code"].as_str().unwrap_or_default().to_owned()
}

#[actix_web::test]
async fn every_route_but_the_public_ones_asks_for_credentials() {
    let app = TestApp::start().await;

    for entry in routes::table() {
        let response = app.anonymous(method(entry.verb), &concrete(entry.path)).send().await.unwrap();
        let status = response.status();

        match entry.access {
            Access::Public => assert_ne!(status, StatusCode::UNAUTHORIZED, "{entry:?}"),
            Access::Needs(_) => {
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{entry:?}");
                assert_eq!(response.headers()["www-authenticate"], "Bearer realm=\"tingxin\"", "{entry:?}");
            }
        }
    }
}

#[actix_web::test]
async fn each_role_reaches_exactly_the_routes_that_its_permissions_name() {
    let app = TestApp::start().await;

    for entry in routes::table() {
        let Access::Needs(permission) = entry.access else { continue };
        for role in Role::ALL {
            let response =
                app.request(*role, method(entry.verb), &concrete(entry.path)).send().await.unwrap();
            let status = response.status();
            let refused =
                status == StatusCode::FORBIDDEN && response.text().await.unwrap().contains("the permission");

            assert_eq!(refused, !role.allows(permission), "{role} on {entry:?} got {status}");
            assert_ne!(status, StatusCode::UNAUTHORIZED, "{role} on {entry:?}");
            assert!(!status.is_server_error(), "{role} on {entry:?} got {status}");
        }
    }
}

#[actix_web::test]
async fn a_browser_without_a_session_is_sent_to_the_login_page_and_a_program_is_not() {
    let app = TestApp::start().await;

    let browser = app.anonymous(Method::GET, "/review").header("accept", "text/html").send().await.unwrap();
    let program = app.anonymous(Method::GET, "/review").header("accept", "*/*").send().await.unwrap();
    let api = app.anonymous(Method::GET, "/api/v1/flags").header("accept", "text/html").send().await.unwrap();

    assert_eq!(
        (browser.status(), &browser.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/login?next=%2Freview".parse().unwrap())
    );
    assert_eq!(program.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(api.status(), StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_wrong_revoked_or_expired_key_is_no_key() {
    let app = TestApp::start().await;
    let revoked = app.key("old", Role::Integrator, None).await;
    assert!(app.store.revoke_api_key("old", UtcMillis::now()).await.unwrap());

    let made_up = secrets::new_api_key().unwrap();
    for secret in [revoked.as_str(), made_up.as_str(), "", "tx_", &"x".repeat(5000)] {
        let response = app.anonymous(Method::GET, "/api/v1/flags").bearer_auth(secret).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{} characters", secret.len());
    }
    let basic = app.anonymous(Method::GET, "/api/v1/flags").basic_auth("li", Some("x")).send().await.unwrap();
    assert_eq!(basic.status(), StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_known_caller_who_may_not_is_written_down() {
    let app = TestApp::start().await;

    app.request(Role::Admin, Method::GET, "/api/v1/contacts?source=secret").send().await.unwrap();

    assert_eq!(app.audit().await, ["key:admin access.refused GET /api/v1/contacts refused"]);
}

/// A session of a new account, as a cookie header and the secret of its forms.
async fn session(app: &TestApp, name: &str, role: Role) -> (String, String) {
    app.account(name, role, None).await;
    let token = secrets::random_token().unwrap();
    let session = Session {
        token_sha256: secrets::digest(token.as_bytes()),
        csrf: secrets::random_token().unwrap(),
        user: name.to_owned(),
        created_at: UtcMillis::now(),
        expires_at: UtcMillis::now().plus_millis(60_000),
        seen_at: UtcMillis::now(),
    };
    app.store.open_session(&session).await.unwrap();
    (format!("tingxin_session={token}"), session.csrf)
}

async fn with_cookie(app: &TestApp, cookie: &str, path: &str) -> StatusCode {
    app.anonymous(Method::GET, path).header("cookie", cookie).send().await.unwrap().status()
}

#[actix_web::test]
async fn a_change_of_role_or_state_acts_on_the_very_next_request() {
    let app = TestApp::start().await;
    let (cookie, _) = session(&app, "li", Role::Reviewer).await;
    assert_eq!(with_cookie(&app, &cookie, "/api/v1/flags").await, StatusCode::OK);

    app.store.set_user_state("li", Role::Auditor, false).await.unwrap();
    assert_eq!(with_cookie(&app, &cookie, "/api/v1/flags").await, StatusCode::FORBIDDEN);
    assert_eq!(with_cookie(&app, &cookie, "/api/v1/audit").await, StatusCode::OK);

    app.store.set_user_state("li", Role::Auditor, true).await.unwrap();
    assert_eq!(with_cookie(&app, &cookie, "/api/v1/audit").await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_session_ends_at_its_time_and_a_wrong_key_is_not_saved_by_a_cookie() {
    let app = TestApp::start().await;
    let (cookie, _) = session(&app, "li", Role::Reviewer).await;

    let both = app.anonymous(Method::GET, "/api/v1/flags").header("cookie", &cookie).bearer_auth("tx_wrong");
    assert_eq!(both.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);

    let token = secrets::random_token().unwrap();
    let old = Session {
        token_sha256: secrets::digest(token.as_bytes()),
        csrf: "00".to_owned(),
        user: "li".to_owned(),
        created_at: UtcMillis::from_millis(0),
        expires_at: UtcMillis::now().plus_millis(-1),
        seen_at: UtcMillis::now(),
    };
    app.store.open_session(&old).await.unwrap();
    let status = with_cookie(&app, &format!("tingxin_session={token}"), "/api/v1/flags").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_session_changes_nothing_without_its_secret_and_from_another_site() {
    let app = TestApp::start().await;
    let (cookie, csrf) = session(&app, "chen", Role::Admin).await;
    let logout = |secret: &str, site: &'static str| {
        let form = [("csrf", secret.to_owned())];
        let request = app.anonymous(Method::POST, "/logout").header("cookie", &cookie);
        request.header("sec-fetch-site", site).form(&form).send()
    };

    assert_eq!(code(logout("", "same-origin").await.unwrap()).await, "foreign_request");
    assert_eq!(code(logout("0", "same-origin").await.unwrap()).await, "foreign_request");
    assert_eq!(code(logout(&csrf, "cross-site").await.unwrap()).await, "foreign_request");
    assert_eq!(code(logout(&csrf, "same-site").await.unwrap()).await, "foreign_request");
    assert_eq!(with_cookie(&app, &cookie, "/api/v1/audit").await, StatusCode::FORBIDDEN, "still logged in");

    assert_eq!(logout(&csrf, "same-origin").await.unwrap().status(), StatusCode::SEE_OTHER);
    assert_eq!(with_cookie(&app, &cookie, "/api/v1/audit").await, StatusCode::UNAUTHORIZED, "logged out");
}

const PEER: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

#[actix_web::test]
async fn a_login_opens_a_session_with_a_cookie_that_scripts_and_other_sites_do_not_get() {
    let app = TestApp::start().await;
    app.account("li", Role::Reviewer, None).await;

    let opened = access::log_in(&app.state, " li ", PASSWORD, PEER).await.unwrap();

    let text = opened.cookie.to_string();
    assert!(
        text.starts_with("tingxin_session=") && text.ends_with("; HttpOnly; SameSite=Strict; Path=/"),
        "{text}"
    );
    assert_eq!(opened.cookie.value().len(), 64, "256 random bits");
    let cookie = format!("tingxin_session={}", opened.cookie.value());
    assert_eq!(with_cookie(&app, &cookie, "/api/v1/flags").await, StatusCode::OK);
}

#[actix_web::test]
async fn over_https_the_cookie_is_bound_to_this_host() {
    let exposure = Exposure { secure_cookies: true, ..Exposure::default() };
    let app = TestApp::with(Limits::default(), exposure).await;
    app.account("li", Role::Reviewer, None).await;

    let opened = access::log_in(&app.state, "li", PASSWORD, PEER).await.unwrap();
    let live = app.anonymous(Method::GET, "/livez").send().await.unwrap();

    let text = opened.cookie.to_string();
    assert!(text.starts_with("__Host-tingxin_session=") && text.contains("; Secure"), "{text}");
    assert_eq!(live.headers()["strict-transport-security"], "max-age=31536000");
}

#[actix_web::test]
async fn a_wrong_name_and_a_wrong_password_get_the_same_answer_and_wait_in_the_end() {
    let app = TestApp::start().await;
    app.account("li", Role::Reviewer, None).await;

    let password = access::log_in(&app.state, "li", "wrong", PEER).await.unwrap_err();
    let name = access::log_in(&app.state, "nobody", "wrong", PEER).await.unwrap_err();
    assert_eq!(password, name);
    assert_eq!(password.problem(), Problem::LoginFailed);

    for _ in 0..3 {
        access::log_in(&app.state, "li", "wrong", PEER).await.unwrap_err();
    }
    let waits = access::log_in(&app.state, "li", PASSWORD, PEER).await.unwrap_err();
    assert_eq!(waits.problem(), Problem::TooManyRequests);
    assert!(waits.retry_after_seconds().is_some());
    let elsewhere: std::net::IpAddr = "10.1.2.3".parse().unwrap();
    assert!(access::log_in(&app.state, "li", PASSWORD, elsewhere).await.is_ok(), "nobody is locked out");
}

#[actix_web::test]
async fn the_set_up_token_makes_one_administrator_and_no_second_one() {
    let app = TestApp::start().await;
    app.store.set_setup_token(Some(&secrets::digest(b"once"))).await.unwrap();
    let account = |token, password| access::FirstAccount { token, name: "chen", password };

    let weak = access::redeem_setup(&app.state, account("once", "password1"), PEER).await.unwrap_err();
    let wrong = access::redeem_setup(&app.state, account("twice", PASSWORD), PEER).await.unwrap_err();
    let first = access::redeem_setup(&app.state, account("once", PASSWORD), PEER).await.unwrap();
    let again = access::redeem_setup(&app.state, account("once", PASSWORD), PEER).await.unwrap_err();

    assert_eq!(weak.problem(), Problem::WeakPassword);
    assert_eq!(wrong.problem(), Problem::SetupRefused);
    assert_eq!(first.user.role, Role::Admin);
    assert_eq!(again.problem(), Problem::SetupRefused);
}

#[actix_web::test]
async fn only_a_trusted_proxy_is_believed_about_the_address_behind_it() {
    let proxy: std::net::SocketAddr = "10.0.0.1:4000".parse().unwrap();
    let exposure = Exposure { trusted_proxies: vec![proxy.ip()], ..Exposure::default() };
    let app = TestApp::with(Limits::default(), exposure).await;
    let seen = |from: &str, forwarded: &str| {
        let request = actix_web::test::TestRequest::get().peer_addr(from.parse().unwrap());
        let request = request.insert_header(("x-forwarded-for", forwarded)).to_http_request();
        access::peer(&request, &app.state).to_string()
    };

    assert_eq!(
        seen("10.0.0.1:4000", "6.6.6.6, 192.0.2.7"),
        "192.0.2.7",
        "what the client claims is left of it"
    );
    assert_eq!(seen("10.0.0.1:4000", "192.0.2.7, 10.0.0.1"), "192.0.2.7");
    assert_eq!(seen("10.0.0.1:4000", "nonsense"), "10.0.0.1");
    assert_eq!(seen("192.0.2.9:5000", "6.6.6.6"), "192.0.2.9");
}
