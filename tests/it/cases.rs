//! A promise opens a case, its owner works it off, a supervisor sees it: over HTTP and in the console.

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::desk::case_leads::take_up;
use tingxin::domain::{CaseKind, CaseOrigin, CaseTerm, Role, UtcMillis};
use tingxin::store::{Actor, NewCase};

use crate::appeals::{html, send};
use crate::console::session;
use crate::staff::answer;
use crate::support::app::{TestApp, contact};

/// A contact of a known customer who was promised a call back and left in a bad mood.
async fn promised(app: &TestApp, id: &str) -> String {
    let mut contact = contact(id);
    contact["customer"] = json!({"id": "19900001234"});
    contact["started_at"] = json!(UtcMillis::now().to_rfc3339());
    contact["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "宽带断了三天没人管，太气人了！"},
        {"speaker": "agent", "text": "非常抱歉，已经为您登记，24小时内给您回复。"},
        {"speaker": "customer", "text": "上次也这么说，太让人失望了，气死我了。"},
    ]);
    let id = app.analysed(&contact).await;
    take_up(&app.store, UtcMillis::now()).await.unwrap();
    id
}

async fn post(app: &TestApp, role: Role, path: &str, body: Value) -> Response {
    app.request(role, Method::POST, path).json(&body).send().await.unwrap()
}

#[actix_web::test]
async fn a_promise_opens_a_callback_and_its_owner_works_it_off() {
    let app = TestApp::start().await;
    let contact = promised(&app, "H-1").await;

    let cases = answer(&app, Role::Analyst, "/api/v1/cases?kind=callback").await;
    let case = &cases["items"][0];
    assert_eq!((&case["contact"], &case["origin"]), (&json!(contact), &json!("promise")), "{cases}");
    assert_eq!((&case["term"], &case["state"]), (&json!("promised"), &json!("open")));
    assert_eq!(answer(&app, Role::Analyst, "/api/v1/callbacks").await, cases);
    let path = |step: &str| format!("/api/v1/cases/{}/{step}", case["id"].as_str().unwrap());

    assert_eq!(post(&app, Role::Analyst, &path("take"), json!({})).await.status(), StatusCode::FORBIDDEN);
    let taken: Value = post(&app, Role::Reviewer, &path("take"), json!({})).await.json().await.unwrap();
    assert_eq!(taken["state"], "taken");
    assert_eq!(taken["owner"], taken["first_owner"]);
    let again = post(&app, Role::Supervisor, &path("take"), json!({})).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    assert_eq!(again.json::<Value>().await.unwrap()["code"], "case_changed");
    let ask = json!({"department": "装维中心", "note": "客户电话13812345678，请回电"});
    let asked: Value = post(&app, Role::Reviewer, &path("forward"), ask).await.json().await.unwrap();
    assert_eq!(asked["steps"][2]["note"], "客户电话[电话]，请回电", "{asked}");
    let grade = json!({"outcome": "settled", "satisfaction": 9});
    assert_eq!(
        post(&app, Role::Reviewer, &path("close"), grade).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let close = json!({"outcome": "settled", "cause": "system", "satisfaction": 4});
    let closed: Value = post(&app, Role::Reviewer, &path("close"), close).await.json().await.unwrap();
    assert_eq!((&closed["state"], &closed["satisfaction"]), (&json!("closed"), &json!(4)));
    assert_eq!(answer(&app, Role::Analyst, "/api/v1/cases?open=true").await["items"], json!([]));
}

#[actix_web::test]
async fn whoever_sees_no_unconfirmed_flag_is_told_that_a_case_was_suggested_and_not_by_which() {
    let app = TestApp::start().await;
    let contact = app.analysed(&contact("H-1")).await;
    let at = UtcMillis::now();
    let suggested = NewCase {
        contact: contact.parse().unwrap(),
        kind: CaseKind::Callback,
        origin: CaseOrigin::NegativeEnding,
        term: CaseTerm::ThreeDays,
        due_at: at,
        owner: None,
        note: None,
        by: Actor::here("system", None),
        at,
    };
    assert!(app.store.open_case(&suggested, None).await.unwrap().is_some());

    let origin = async |role| answer(&app, role, "/api/v1/cases").await["items"][0]["origin"].clone();

    assert_eq!(origin(Role::Reviewer).await, "negative_ending");
    assert_eq!(origin(Role::Supervisor).await, "suggested");
    assert_eq!(origin(Role::Analyst).await, "suggested");
}

#[actix_web::test]
async fn a_supervisor_sees_the_cases_of_the_own_team_alone() {
    let app = TestApp::start().await;
    let contact = promised(&app, "H-1").await;
    let own = app.key("own", Role::Analyst, Some("beijing-01")).await;
    let other = app.key("other", Role::Analyst, Some("shanghai-02")).await;
    let seen = async |key: &str| {
        let request = app.anonymous(Method::GET, "/api/v1/cases").bearer_auth(key);
        request.send().await.unwrap().json::<Value>().await.unwrap()["items"].as_array().unwrap().len()
    };

    assert_eq!((seen(&own).await, seen(&other).await), (1, 0));
    let writer = app.key("writer", Role::Integrator, Some("shanghai-02")).await;
    let body = json!({"contact": contact, "kind": "matter"});
    let opened = app.anonymous(Method::POST, "/api/v1/cases").bearer_auth(&writer).json(&body).send().await;
    assert_eq!(opened.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(post(&app, Role::Integrator, "/api/v1/cases", body).await.status(), StatusCode::CREATED);
}

#[actix_web::test]
async fn the_pages_of_cases_lead_from_the_contact_to_the_report() {
    let app = TestApp::start().await;
    let contact = app.analysed(&contact("H-1")).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;

    let form = [("contact", &*contact), ("note", "请回访")];
    let opened = send(&app, &reviewer, "/cases", &form).await;
    assert_eq!(opened.status(), StatusCode::SEE_OTHER);
    let place = opened.headers()["location"].to_str().unwrap().to_owned();
    let case = place.split('?').next().unwrap().to_owned();
    let page = html(&app, &place, &reviewer).await;
    assert!(page.contains("已登记回访") && page.contains("请回访"), "{page}");
    let refused = send(&app, &reviewer, &case, &[("act", "close")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("请选择办理结果"));
    let mut closing = vec![
        ("act", "close"),
        ("outcome", "not_settled"),
        ("cause", "not_known"),
        ("satisfaction", "2"),
        ("note", "已致电 <两次>"),
    ];
    let asked = send(&app, &reviewer, &case, &closing).await;
    assert_eq!(asked.status(), StatusCode::OK);
    let asked = asked.text().await.unwrap();
    assert!(asked.contains("办结这个工单？") && asked.contains("value=\"not_settled\""), "{asked}");
    assert!(asked.contains("已致电 &#60;两次&#62;"), "what was typed is shown and sent along: {asked}");
    assert!(html(&app, &case, &reviewer).await.contains("id=\"close\""), "nothing happens before the answer");
    closing.push(("sure", "yes"));
    assert_eq!(send(&app, &reviewer, &case, &closing).await.status(), StatusCode::SEE_OTHER);

    let won = html(&app, "/cases?tab=win_back", &reviewer).await;
    assert!(won.contains(&case), "{won}");
    let report = html(&app, "/cases/report?days=7", &reviewer).await;
    assert!(report.contains("新登记") && report.contains("不知") && report.contains("样本不足"), "{report}");
    let markdown = html(&app, "/cases/report.md?days=7", &reviewer).await;
    assert!(markdown.starts_with("# 回访报告\n") && markdown.contains("| 新登记 | 1 件 |"), "{markdown}");
}
