//! The page for an own file, without a browser.

use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use tingxin::domain::Role;
use tingxin::store::ContactFilter;

use crate::console::{csrf, page, session};
use crate::support::app::TestApp;

const CALL: &str =
    "流水号,角色,内容\nZ-9,客服,您好\nZ-9,客户,\"我叫张伟，19900001234，再不修我就去工信部投诉！\"\n";

/// Sends bytes as the script of the page does.
async fn send(app: &TestApp, cookie: &str, secret: &str, bytes: Vec<u8>) -> Response {
    let request = app.anonymous(Method::POST, "/try?channel=hall").header(COOKIE, cookie);
    let request = request.header(ORIGIN, &app.base).header("X-CSRF-Token", secret);
    request.header(CONTENT_TYPE, "application/octet-stream").body(bytes).send().await.unwrap()
}

#[actix_web::test]
async fn a_reviewer_tries_a_file_and_nothing_of_it_is_kept() {
    let app = TestApp::start().await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let secret = csrf(&app, "/try", &cookie).await;

    let answer = send(&app, &cookie, &secret, CALL.into()).await;

    assert_eq!(answer.status(), StatusCode::OK);
    let html = answer.text().await.unwrap();
    assert!(html.contains("共 1 条服务记录") && html.contains("外部投诉风险"), "{html}");
    assert!(html.contains("第2轮 客户：“") && html.contains("营业厅"), "{html}");
    assert!(!html.contains("19900001234") && !html.contains("张伟"), "redacted before anything is shown");
    let kept = app.store.contacts(&ContactFilter::default(), None, 10).await.unwrap();
    assert!(kept.items.is_empty(), "nothing is stored");
    let audit = app.audit().await;
    assert!(audit.iter().any(|entry| entry.contains("file.try")), "{audit:?}");
}

#[actix_web::test]
async fn words_are_pasted_without_a_script_and_a_large_file_is_refused_in_words() {
    let app = TestApp::start().await;
    let cookie = session(&app, "guanli", Role::Admin, None).await;
    let secret = csrf(&app, "/try", &cookie).await;
    let paste = async |text: &str| {
        let form = [("csrf", secret.as_str()), ("text", text), ("channel", "chat")];
        let request = app.anonymous(Method::POST, "/try").header(COOKIE, &cookie).header(ORIGIN, &app.base);
        request.form(&form).send().await.unwrap()
    };

    let pasted = paste("客服：您好\n客户：宽带又断了，太气人了！").await;
    let nothing = paste(" ").await;
    let refused = paste("这里没有人说话").await;
    let large = send(&app, &cookie, &secret, vec![b'a'; 3 * 1024 * 1024]).await;

    assert_eq!(pasted.status(), StatusCode::OK);
    assert!(pasted.text().await.unwrap().contains("在线客服"));
    assert_eq!(nothing.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("没有读到服务记录"));
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.text().await.unwrap().contains("文件太大"));
}

#[actix_web::test]
async fn only_reviewers_and_administrators_are_offered_it() {
    let app = TestApp::start().await;
    for (name, role, status) in [
        ("zhijian", Role::Reviewer, StatusCode::OK),
        ("guanli", Role::Admin, StatusCode::OK),
        ("peixun", Role::Trainer, StatusCode::FORBIDDEN),
        ("yuangong", Role::Staff, StatusCode::FORBIDDEN),
        ("shenji", Role::Auditor, StatusCode::FORBIDDEN),
    ] {
        let cookie = session(&app, name, role, None).await;
        assert_eq!(page(&app, "/try", &cookie).await.status(), status, "{name}");
    }
}
