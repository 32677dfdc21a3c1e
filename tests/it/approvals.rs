//! Words of contacts leave by a person's hand when a second person has approved it.

use reqwest::{Method, Response, StatusCode};
use tingxin::domain::Role;

use crate::console::{csrf, page, session};
use crate::support::app::{TestApp, contact};

async fn send(app: &TestApp, cookie: &str, path: &str, form: &[(&str, &str)]) -> Response {
    let secret = csrf(app, "/help", cookie).await;
    let form: Vec<_> = form.iter().copied().chain([("csrf", &*secret)]).collect();
    let request = app.anonymous(Method::POST, path).header("cookie", cookie).header("origin", &app.base);
    request.form(&form).send().await.unwrap()
}

/// The key of the only request, as a page shows it in the address of its form.
async fn key(app: &TestApp, cookie: &str) -> String {
    let shown = page(app, "/exports", cookie).await.text().await.unwrap();
    let after = shown.split("action=\"/exports/").nth(2).or_else(|| shown.split("action=\"/exports/").nth(1));
    after.unwrap_or_else(|| panic!("{shown}")).split('/').next().unwrap().to_owned()
}

const WORDS: [(&str, &str); 6] =
    [("kind", "analyses"), ("form", "csv"), ("reason", "complaint"), ("team", ""), ("from", ""), ("to", "")];

#[actix_web::test]
async fn one_asks_another_approves_and_the_first_takes_it_once() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;

    let asked = send(&app, &trainer, "/exports", &WORDS).await;
    assert_eq!(asked.status(), StatusCode::SEE_OTHER);
    let waiting = page(&app, "/exports", &trainer).await.text().await.unwrap();
    assert!(
        waiting.contains("待审批") && !waiting.contains("/decide"),
        "nobody approves their own: {waiting}"
    );
    let id = key(&app, &lead).await;
    let early = send(&app, &trainer, &format!("/exports/{id}/file"), &[]).await;
    assert_eq!(early.status(), StatusCode::FORBIDDEN);
    let approved = send(&app, &lead, &format!("/exports/{id}/decide"), &[("approve", "yes")]).await;
    assert_eq!(approved.status(), StatusCode::SEE_OTHER);
    let foreign = send(&app, &lead, &format!("/exports/{id}/file"), &[]).await;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN, "only who asked takes it");

    let taken = send(&app, &trainer, &format!("/exports/{id}/file"), &[]).await;
    let again = send(&app, &trainer, &format!("/exports/{id}/file"), &[]).await;

    assert_eq!((taken.status(), again.status()), (StatusCode::OK, StatusCode::FORBIDDEN));
    let text = taken.text().await.unwrap();
    assert!(
        text.contains("peixun") && text.contains("投诉处理") && text.contains("我家宽带又断了"),
        "{text}"
    );
    assert!(!text.contains("13900001234"));
    let audit = app.audit().await.join("\n");
    for action in ["export.ask", "export.approve", "export analyses as csv for complaint"] {
        assert!(audit.contains(action), "{action}: {audit}");
    }
}

#[actix_web::test]
async fn nobody_approves_their_own_request_and_a_refusal_holds() {
    let app = TestApp::start().await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    let other = session(&app, "fuzhu", Role::Supervisor, None).await;
    assert_eq!(send(&app, &lead, "/exports", &WORDS).await.status(), StatusCode::SEE_OTHER);
    let id = key(&app, &other).await;
    let decide = format!("/exports/{id}/decide");

    let own = send(&app, &lead, &decide, &[("approve", "yes")]).await;
    let refused = send(&app, &other, &decide, &[("approve", "no")]).await;
    let too_late = send(&app, &other, &decide, &[("approve", "yes")]).await;
    let taken = send(&app, &lead, &format!("/exports/{id}/file"), &[]).await;

    assert_eq!((own.status(), refused.status()), (StatusCode::NOT_FOUND, StatusCode::SEE_OTHER));
    assert_eq!((too_late.status(), taken.status()), (StatusCode::NOT_FOUND, StatusCode::FORBIDDEN));
}

#[actix_web::test]
async fn tables_without_words_are_downloaded_at_once_by_whoever_may_read_them() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;

    let flags =
        page(&app, "/exports/file?kind=flags&form=csv&reason=review&team=&from=&to=", &reviewer).await;
    let staff =
        page(&app, "/exports/file?kind=staff&form=csv&reason=review&team=&from=&to=", &reviewer).await;
    let words =
        page(&app, "/exports/file?kind=analyses&form=csv&reason=review&team=&from=&to=", &reviewer).await;

    assert_eq!(flags.status(), StatusCode::OK);
    assert!(flags.text().await.unwrap().contains("质检复核"));
    assert_eq!((staff.status(), words.status()), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
}
