//! Inspection forms from the first draft to the sheet that its person reads.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tingxin::domain::{Role, Rule, Severity, StaffId};

use crate::agreements::{read, say, send};
use crate::care::{flagged, html};
use crate::console::{page, session};
use crate::support::app::TestApp;
use crate::support::store::flag;

const PLAN: &str =
    "# 服务规范\n开场与结束语 | 20\n语气平和 | 40 | 一票否决 | agent_lapse\n# 业务能力\n处理步骤完整 | 40";

/// A form in use; its key.
async fn published(app: &TestApp, manager: &str) -> String {
    let drafted = send(app, manager, "/forms", &[("of", ""), ("title", "热线抽检表"), ("plan", PLAN)]).await;
    assert_eq!(drafted.status(), StatusCode::SEE_OTHER);
    let place = drafted.headers()["location"].to_str().unwrap().trim_end_matches("?done=drafted").to_owned();
    assert_eq!(send(app, manager, &place, &[("act", "publish")]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        send(app, manager, &place, &[("act", "publish")]).await.status(),
        StatusCode::NOT_FOUND,
        "once"
    );
    place.trim_start_matches("/forms/").trim_end_matches("/1").to_owned()
}

#[actix_web::test]
async fn a_form_whose_items_do_not_add_up_comes_back_as_it_was_typed_with_the_reason() {
    let app = TestApp::start().await;
    let manager = session(&app, "zhijianzu", Role::Admin, None).await;
    let short = "# 服务规范\n开场与结束语 | 20\n语气平和 | 40.5";

    let refused =
        send(&app, &manager, "/forms", &[("of", ""), ("title", "热线抽检表"), ("plan", short)]).await;

    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let shown = refused.text().await.unwrap();
    assert!(shown.contains("各项满分合计 60.5 分，应为 100 分"), "{shown}");
    assert!(shown.contains(short) && shown.contains("热线抽检表"), "what was typed is gone");
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let own = send(&app, &reviewer, "/forms", &[("of", ""), ("title", "自己的表"), ("plan", PLAN)]).await;
    assert_eq!(own.status(), StatusCode::FORBIDDEN, "reviewers fill forms in and make none");
}

#[actix_web::test]
async fn a_reviewer_fills_a_form_in_beside_what_the_machine_proposes_and_the_person_reads_the_sheet() {
    let app = TestApp::start().await;
    let manager = session(&app, "zhijianzu", Role::Admin, None).await;
    let (contact, _) = flagged(&app, "H-1", flag(Rule::AgentLapse, Severity::High, 0.9)).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let form = published(&app, &manager).await;
    let sheets = format!("/review/{contact}/sheets");
    assert!(html(&app, &format!("/review/{contact}"), &reviewer).await.contains(&sheets));
    let blank = html(&app, &format!("{sheets}?form={form}"), &reviewer).await;
    assert!(blank.contains("系统建议 0 分") && blank.contains("第 2 句"), "{blank}");
    let fill = async |tone: &'static str, note: &'static str| {
        let fields = [
            ("form", &*form),
            ("version", "1"),
            ("revision", "1"),
            ("got-1.1", "17.5"),
            ("got-1.2", tone),
            ("note-1.2", note),
            ("got-2.1", ""),
        ];
        send(&app, &reviewer, &sheets, &fields).await
    };

    let above = fill("40.1", "听下来语气正常").await;
    assert_eq!(above.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let shown = above.text().await.unwrap();
    assert!(
        shown.contains("语气平和") && shown.contains("40.1") && shown.contains("听下来语气正常"),
        "{shown}"
    );

    assert_eq!(fill("30", "语速偏快，客户电话13812345678").await.status(), StatusCode::SEE_OTHER);

    let kept = html(&app, &sheets, &reviewer).await;
    assert!(kept.contains("总分 79.2"), "47.5 of the 60 points that applied: {kept}");
    assert!(kept.contains("客户电话[电话]") && kept.contains("不适用"), "{kept}");
    let person = session(&app, "xiaowang", Role::Staff, None).await;
    app.store.link_staff("xiaowang", &StaffId::new("A1001").unwrap()).await.unwrap();
    let own = html(&app, "/me/sheets", &person).await;
    assert!(own.contains("总分 79.2") && !own.contains("zhijian"), "who gave the points is not told: {own}");
    assert!(html(&app, &format!("/me/contacts/{contact}"), &person).await.contains("客户骂了我"));
    let colleague = session(&app, "xiaoli", Role::Staff, None).await;
    app.store.link_staff("xiaoli", &StaffId::new("A1002").unwrap()).await.unwrap();
    assert!(!html(&app, "/me/sheets", &colleague).await.contains("总分"));
    assert_eq!(page(&app, &sheets, &person).await.status(), StatusCode::FORBIDDEN);
    let one = html(&app, &format!("/forms/{form}/1"), &manager).await;
    assert!(one.contains("评分 1 份") && one.contains("证据不足（1/30）"), "one sheet is no mean: {one}");
}

#[actix_web::test]
async fn a_version_in_use_never_changes_and_the_next_one_takes_its_place() {
    let app = TestApp::start().await;
    let manager = session(&app, "zhijianzu", Role::Admin, None).await;
    let (contact, _) = flagged(&app, "H-1", flag(Rule::AgentLapse, Severity::High, 0.9)).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let form = published(&app, &manager).await;
    let item = |title: &str, full: f64| json!({"title": title, "full": full});
    let body = |full: f64| {
        json!({"of": form, "title": "热线抽检表", "groups": [
            {"title": "服务规范", "items": [item("开场与结束语", 30.0), item("语气平和", full)]}]})
    };
    let uneven = say(&app, &manager, "/api/v1/forms", body(69.9)).await;
    assert_eq!(uneven.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let next: Value = say(&app, &manager, "/api/v1/forms", body(70.0)).await.json().await.unwrap();
    assert_eq!(next, json!({"id": form, "version": 2}));
    let sheet =
        |version: u32, marks: Value| json!({"revision": 1, "form": form, "version": version, "marks": marks});
    let three = json!([{"item": "1.1", "got": 20}, {"item": "1.2", "got": 0}, {"item": "2.1", "got": 40}]);
    let two = json!([{"item": "1.1", "got": 30}, {"item": "1.2", "got": 70}]);
    let address = format!("/api/v1/contacts/{contact}/sheets");
    let fill = async |version: u32, marks: &Value| {
        say(&app, &reviewer, &address, sheet(version, marks.clone())).await.status()
    };

    assert_eq!(fill(2, &two).await, StatusCode::CONFLICT, "a draft is not filled in");
    assert_eq!(fill(1, &three).await, StatusCode::CREATED);
    let results = read(&app, &manager, &format!("/api/v1/forms/{form}/1/results")).await;
    assert_eq!((&results["knocked_out"], &results["score"]), (&json!(1), &Value::Null));
    let publish = format!("/api/v1/forms/{form}/2/publish");
    assert_eq!(say(&app, &manager, &publish, json!({})).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(fill(1, &three).await, StatusCode::CONFLICT, "the former version is retired");
    assert_eq!(fill(2, &two).await, StatusCode::CREATED);

    let listed = read(&app, &reviewer, &address).await;
    let scores: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| one["score"].clone()).collect();
    assert_eq!(scores, [json!(100.0), json!(0.0)], "the knock-out of the former version took everything");
    let retire = format!("/api/v1/forms/{form}/retire");
    assert_eq!(say(&app, &manager, &retire, json!({})).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(fill(2, &two).await, StatusCode::CONFLICT);
}
