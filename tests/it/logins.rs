//! Logging in under attack, sessions nobody uses, and what people and administrators change about
//! accounts.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Method, Response, StatusCode};
use tingxin::domain::{Role, UtcMillis};
use tingxin::http::access::{self, LoginFrom};
use tingxin::http::error::Problem;
use tingxin::http::{Exposure, Limits, ProxyHeader};
use tingxin::secrets;

use crate::console::{csrf, page, session};
use crate::support::app::{PASSWORD, TestApp, contact};

const NEW_PASSWORD: &str = "秋天的雨下得很慢";

/// Logs in as a browser does; `forwarded` is what the client writes into the proxies' header.
async fn log_in(app: &TestApp, name: &str, password: &str, forwarded: &str) -> Response {
    let form = [("name", name), ("password", password)];
    let request = app.anonymous(Method::POST, "/login").header(ORIGIN, &app.base);
    request.header("x-forwarded-for", forwarded).form(&form).send().await.unwrap()
}

#[actix_web::test]
async fn sixty_names_from_one_address_do_not_lock_a_colleague_out() {
    let app = TestApp::start().await;
    app.account("wang", Role::Reviewer, None).await;
    for n in 0..60 {
        let answer = log_in(&app, &format!("name{n}"), "wrong", "").await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{n}");
    }

    assert_eq!(log_in(&app, "wang", PASSWORD, "").await.status(), StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn sixty_addresses_behind_a_proxy_do_not_guess_one_account_without_delay_and_its_owner_still_logs_in() {
    let trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    let app = TestApp::with(Limits::default(), Exposure { trusted_proxies, ..Exposure::default() }).await;
    app.account("li", Role::Reviewer, None).await;
    let known = log_in(&app, "li", PASSWORD, "192.0.2.1").await;
    let cookies = known.headers().get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
    let mark =
        cookies.filter_map(|cookie| cookie.split(';').next()).find(|c| c.starts_with("tingxin_device="));
    let mark = mark.unwrap().to_owned();

    let mut waits = 0;
    for n in 0..60 {
        let answer = log_in(&app, "li", "wrong", &format!("198.51.100.{n}")).await;
        waits += i32::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(waits >= 30, "{waits}");
    assert_eq!(log_in(&app, "li", PASSWORD, "203.0.113.1").await.status(), StatusCode::TOO_MANY_REQUESTS);

    let form = [("name", "li"), ("password", PASSWORD)];
    let owner = app.anonymous(Method::POST, "/login").header(ORIGIN, &app.base).header(COOKIE, &mark);
    let owner = owner.header("x-forwarded-for", "203.0.113.1").form(&form).send().await.unwrap();
    assert_eq!(owner.status(), StatusCode::SEE_OTHER, "the browser is known");
}

#[actix_web::test]
async fn the_mark_of_a_browser_is_good_after_a_restart_and_for_one_account() {
    let app = TestApp::start().await;
    app.account("li", Role::Reviewer, None).await;
    app.account("wang", Role::Reviewer, None).await;
    let here: IpAddr = "192.0.2.1".parse().unwrap();
    let mark = access::log_in(&app.state, "li", PASSWORD, here).await.unwrap().mark.value().to_owned();
    let again = app.restarted();
    for n in 0..40_u8 {
        let there: IpAddr = [198, 51, 100, n].into();
        for name in ["li", "wang"] {
            access::log_in(&again, name, "wrong", there).await.unwrap_err();
        }
    }

    let place = || LoginFrom { address: here, mark: Some(mark.clone()) };
    assert!(access::log_in(&again, "li", PASSWORD, place()).await.is_ok());
    let other = access::log_in(&again, "wang", PASSWORD, place()).await.unwrap_err();
    assert_eq!(other.problem(), Problem::TooManyRequests);
}

#[actix_web::test]
async fn only_the_header_that_the_proxies_write_is_read_and_only_from_them() {
    let seen = async |proxy_header: ProxyHeader, from: &str| {
        let trusted_proxies = vec!["10.0.0.1".parse().unwrap()];
        let exposure = Exposure { trusted_proxies, proxy_header, ..Exposure::default() };
        let app = TestApp::with(Limits::default(), exposure).await;
        let request = actix_web::test::TestRequest::get().peer_addr(from.parse().unwrap());
        let request = request.insert_header(("x-forwarded-for", "192.0.2.1"));
        let request = request.insert_header(("forwarded", "for=192.0.2.2;proto=https, for=10.0.0.1"));
        access::peer(&request.to_http_request(), &app.state).to_string()
    };

    assert_eq!(seen(ProxyHeader::XForwardedFor, "10.0.0.1:4000").await, "192.0.2.1");
    assert_eq!(seen(ProxyHeader::Forwarded, "10.0.0.1:4000").await, "192.0.2.2");
    assert_eq!(seen(ProxyHeader::Forwarded, "[::ffff:10.0.0.1]:4000").await, "192.0.2.2");
    assert_eq!(seen(ProxyHeader::Forwarded, "10.0.0.9:4000").await, "10.0.0.9");
}

#[actix_web::test]
async fn what_a_client_says_of_the_proxys_host_makes_no_other_site_our_own() {
    let app = TestApp::start().await;
    app.account("li", Role::Reviewer, None).await;
    let form = [("name", "li"), ("password", PASSWORD)];
    for (name, value) in [("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")] {
        let request = app.anonymous(Method::POST, "/login").header(ORIGIN, "https://evil.example");
        let answer = request.header(name, value).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}");
    }
}

#[actix_web::test]
async fn a_session_that_nobody_uses_ends_and_one_in_use_goes_on() {
    let app = TestApp::start().await;
    let cookie = session(&app, "li", Role::Reviewer, None).await;
    let token = secrets::digest(cookie.split_once('=').unwrap().1.as_bytes());
    let minutes_ago = |minutes: i64| UtcMillis::now().plus_millis(-minutes * 60_000);
    let status = async || {
        let request = app.anonymous(Method::GET, "/api/v1/flags").header(COOKIE, &cookie);
        request.send().await.unwrap().status()
    };

    app.store.see_session(&token, minutes_ago(29)).await.unwrap();
    assert_eq!(status().await, StatusCode::OK);
    let seen = async || app.store.session(&token, UtcMillis::now()).await.unwrap().unwrap().0.seen_at;
    for _ in 0..100 {
        if seen().await > minutes_ago(1) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(seen().await > minutes_ago(1), "the request counts as use");

    app.store.see_session(&token, minutes_ago(30)).await.unwrap();
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
}

/// Sends a form as the page at `at` does.
async fn send(app: &TestApp, cookie: &str, at: &str, to: &str, fields: &[(&str, &str)]) -> Response {
    let secret = csrf(app, at, cookie).await;
    let form: Vec<_> = fields.iter().copied().chain([("csrf", secret.as_str())]).collect();
    let request = app.anonymous(Method::POST, to).header("accept", "text/html").header(COOKIE, cookie);
    request.header(ORIGIN, &app.base).form(&form).send().await.unwrap()
}

#[actix_web::test]
async fn everybody_changes_their_own_password_and_other_browsers_are_logged_out() {
    let app = TestApp::start().await;
    let cookie = session(&app, "li", Role::Staff, None).await;
    let elsewhere = log_in(&app, "li", PASSWORD, "").await;
    let elsewhere = elsewhere.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let change = async |current: &str, new: &str, again: &str| {
        let fields = [("current", current), ("password", new), ("again", again)];
        let answer = send(&app, &cookie, "/password", "/password", &fields).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    };

    let (status, html) = change("wrong", NEW_PASSWORD, NEW_PASSWORD).await;
    assert!(status == 422 && html.contains("当前密码不对"), "{html}");
    let (status, html) = change(PASSWORD, NEW_PASSWORD, PASSWORD).await;
    assert!(status == 422 && html.contains("不一致"), "{html}");
    let (status, html) = change(PASSWORD, "password", "password").await;
    assert!(status == 422 && html.contains("太常见"), "{html}");
    assert_eq!(change(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.0, 303);

    assert_eq!(page(&app, "/help", &cookie).await.status(), StatusCode::OK);
    assert_eq!(page(&app, "/help", &elsewhere).await.status(), StatusCode::SEE_OTHER, "logged out");
    assert_eq!(log_in(&app, "li", NEW_PASSWORD, "").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(log_in(&app, "li", PASSWORD, "").await.status(), StatusCode::UNAUTHORIZED);
    let log = app.audit().await;
    assert!(log.contains(&"user:li user.password_own user:li refused".to_owned()), "{log:?}");
    assert!(log.contains(&"user:li user.password_own li ok".to_owned()), "{log:?}");
}

#[actix_web::test]
async fn a_screen_left_open_does_not_serve_to_guess_the_password() {
    let app = TestApp::start().await;
    let cookie = session(&app, "li", Role::Staff, None).await;
    let mut waits = false;
    // The first wait is a second, which a slow machine may take for the next attempt; they double.
    for _ in 0..12 {
        let fields = [("current", "wrong"), ("password", NEW_PASSWORD), ("again", NEW_PASSWORD)];
        let answer = send(&app, &cookie, "/password", "/password", &fields).await;
        waits = waits || answer.status() == StatusCode::TOO_MANY_REQUESTS;
    }

    assert!(waits);
}

#[actix_web::test]
async fn an_administrator_changes_role_team_and_work_number_of_an_account() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;
    let admin = session(&app, "guanli", Role::Admin, None).await;
    let wang = session(&app, "wang", Role::Reviewer, None).await;
    let at = "/admin/user?name=wang";
    let change = async |role: &str, team: &str, staff: &str| {
        let fields = [("name", "wang"), ("role", role), ("team", team), ("staff", staff)];
        send(&app, &admin, at, "/admin/user/change", &fields).await
    };

    assert_eq!(change("staff", "beijing-01", "A1001").await.status(), StatusCode::SEE_OTHER);

    assert_eq!(page(&app, "/review", &wang).await.status(), StatusCode::FORBIDDEN, "at the next request");
    assert_eq!(page(&app, "/me", &wang).await.status(), StatusCode::OK);
    assert_eq!(app.store.staff_of("wang").await.unwrap().unwrap().as_str(), "A1001");
    let html = page(&app, at, &admin).await.text().await.unwrap();
    assert!(html.contains("value=\"staff\" selected") && html.contains("value=\"A1001\""), "{html}");
    let log = app.audit().await;
    for action in ["user.role", "user.team", "user.link"] {
        assert!(log.contains(&format!("user:guanli {action} wang ok")), "{log:?}");
    }

    let refused = change("staff", "beijing-01", "13900001234").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "a telephone number is no work number");
    assert_eq!(change("integrator", "", "").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn an_administrator_resets_a_password_and_deletes_an_account_but_not_the_own_one() {
    let app = TestApp::start().await;
    let admin = session(&app, "guanli", Role::Admin, None).await;
    let wang = session(&app, "wang", Role::Reviewer, None).await;
    let at = "/admin/user?name=wang";

    let fields = [("name", "wang"), ("password", NEW_PASSWORD)];
    let reset = send(&app, &admin, at, "/admin/user/password", &fields).await;
    assert_eq!(reset.status(), StatusCode::SEE_OTHER);
    assert_eq!(page(&app, "/review", &wang).await.status(), StatusCode::SEE_OTHER, "logged out");
    assert_eq!(log_in(&app, "wang", NEW_PASSWORD, "").await.status(), StatusCode::SEE_OTHER);

    let unsure = send(&app, &admin, at, "/admin/user/delete", &[("name", "wang")]).await;
    assert_eq!(unsure.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("name", "wang"), ("sure", "yes")];
    assert_eq!(send(&app, &admin, at, "/admin/user/delete", &fields).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(log_in(&app, "wang", NEW_PASSWORD, "").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(page(&app, at, &admin).await.status(), StatusCode::NOT_FOUND);

    for (to, more) in [("delete", ("sure", "yes")), ("change", ("role", "reviewer"))] {
        let fields = [("name", "guanli"), more, ("team", ""), ("staff", "")];
        let own = send(&app, &admin, "/admin/user?name=guanli", &format!("/admin/user/{to}"), &fields).await;
        assert_eq!(own.status(), StatusCode::UNPROCESSABLE_ENTITY, "{to}");
    }
    assert_eq!(page(&app, "/admin/users", &admin).await.status(), StatusCode::OK);
}
