//! A member of staff appeals, the lead forwards, another reviewer overturns: over HTTP and in the console.

use reqwest::header::{COOKIE, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::{Role, StaffId};

use crate::console::{csrf, page, session};
use crate::support::app::{TestApp, contact};

/// A confirmed flag of a contact of A1001, judged by `zhijian`; contact, flag, and the cookie of that reviewer.
async fn confirmed(app: &TestApp) -> (String, String, String) {
    let mut contact = contact("H-1");
    contact["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "宽带断了三天没人管，太气人了，我要去工信部投诉你们！"},
        {"speaker": "agent", "text": "随便您，爱投诉就投诉去吧。"},
    ]);
    let id = app.analysed(&contact).await;
    let flags: Value = app.get("/api/v1/flags?rule=agent_lapse").await.json().await.unwrap();
    let (key, turns) =
        (flags["items"][0]["id"].as_str().unwrap().to_owned(), &flags["items"][0]["utterances"]);
    let reviewer = session(app, "zhijian", Role::Reviewer, None).await;
    let judged = say(
        app,
        &reviewer,
        &format!("/api/v1/flags/{key}/verdict"),
        json!({"status": "confirmed", "utterances": turns}),
    )
    .await;
    assert_eq!(judged.status(), StatusCode::OK);
    (id, key, reviewer)
}

/// Logs a member of staff in who is linked to that work number.
async fn staff(app: &TestApp, name: &str, number: &str) -> String {
    let cookie = session(app, name, Role::Staff, None).await;
    app.store.link_staff(name, &StaffId::new(number).unwrap()).await.unwrap();
    cookie
}

/// Sends JSON as a person who is logged in.
async fn say(app: &TestApp, cookie: &str, path: &str, body: Value) -> Response {
    let secret = csrf(app, "/help", cookie).await;
    let request = app.anonymous(Method::POST, path).header(COOKIE, cookie).header(ORIGIN, &app.base);
    request.header("x-csrf-token", secret).json(&body).send().await.unwrap()
}

async fn read(app: &TestApp, cookie: &str, path: &str) -> Value {
    let answer = app.anonymous(Method::GET, path).header(COOKIE, cookie).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.unwrap()
}

/// Sends a form from a page.
pub(crate) async fn send(app: &TestApp, cookie: &str, path: &str, form: &[(&str, &str)]) -> Response {
    let secret = csrf(app, "/help", cookie).await;
    let form: Vec<_> = form.iter().copied().chain([("csrf", &*secret)]).collect();
    let request = app.anonymous(Method::POST, path).header(COOKIE, cookie).header(ORIGIN, &app.base);
    request.form(&form).send().await.unwrap()
}

pub(crate) async fn html(app: &TestApp, path: &str, cookie: &str) -> String {
    let answer = page(app, path, cookie).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

#[actix_web::test]
async fn a_person_appeals_the_lead_forwards_and_another_reviewer_overturns() {
    let app = TestApp::start().await;
    let (contact, flag, first) = confirmed(&app).await;
    let person = staff(&app, "xiaowang", "A1001").await;
    let lead = session(&app, "zhuguan", Role::Supervisor, Some("beijing-01")).await;
    let second = session(&app, "fushen", Role::Reviewer, None).await;
    assert_eq!(read(&app, &person, "/api/v1/own/flags").await["items"][0]["id"], flag.as_str());

    let filed = say(
        &app,
        &person,
        "/api/v1/appeals",
        json!({"flag": flag, "text": "是客户先说要投诉，电话13812345678"}),
    )
    .await;
    assert_eq!(filed.status(), StatusCode::CREATED);
    let id = filed.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    let again = say(&app, &person, "/api/v1/appeals", json!({"flag": flag, "text": "再来"})).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    let appeals = read(&app, &lead, "/api/v1/appeals?status=filed").await;
    assert_eq!(appeals["items"][0]["text"], "是客户先说要投诉，电话[电话]");

    let path = |step: &str| format!("/api/v1/appeals/{id}/{step}");
    let overturn = json!({"outcome": "overturned", "reason": "上下文是安抚"});
    assert_eq!(
        say(&app, &second, &path("decide"), overturn.clone()).await.status(),
        StatusCode::CONFLICT,
        "the lead has it"
    );
    assert_eq!(say(&app, &person, &path("forward"), json!({})).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(say(&app, &lead, &path("forward"), json!({"note": "请复核"})).await.status(), StatusCode::OK);
    let reviewed = html(&app, &format!("/review/{contact}"), &second).await;
    assert!(
        reviewed.contains("是客户先说要投诉") && reviewed.contains("待复审"),
        "the reviewer sees the appeal"
    );
    assert_eq!(
        say(&app, &first, &path("decide"), overturn.clone()).await.status(),
        StatusCode::FORBIDDEN,
        "an own verdict"
    );
    let own_team = session(&app, "benzu", Role::Reviewer, Some("beijing-01")).await;
    assert_eq!(
        say(&app, &own_team, &path("decide"), overturn.clone()).await.status(),
        StatusCode::CONFLICT,
        "the own team"
    );
    let decided = say(&app, &second, &path("decide"), overturn).await;
    assert_eq!(decided.json::<Value>().await.unwrap()["state"], "overturned");

    assert_eq!(read(&app, &person, "/api/v1/own/flags").await["items"], json!([]));
    let rejected: Value = app.get("/api/v1/flags?status=rejected").await.json().await.unwrap();
    assert_eq!(rejected["items"][0]["id"], flag.as_str());
    let said = html(&app, &format!("/me/contacts/{contact}"), &person).await;
    assert!(said.contains("改判误报") && said.contains("上下文是安抚"), "{said}");
    for act in ["xiaowang appeal.file", "zhuguan appeal.forward", "fushen appeal.overturn"] {
        assert!(
            app.audit().await.iter().any(|entry| entry.starts_with(&format!("user:{act} {id}"))),
            "{act}"
        );
    }
}

#[actix_web::test]
async fn in_the_console_a_person_opens_acknowledges_and_appeals_and_nobody_elses_contact_is_there() {
    let app = TestApp::start().await;
    let (contact, flag, _) = confirmed(&app).await;
    let person = staff(&app, "xiaowang", "A1001").await;
    let colleague = staff(&app, "xiaoli", "A1002").await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    let second = session(&app, "fushen", Role::Reviewer, None).await;
    let own = format!("/me/contacts/{contact}");

    assert_eq!(page(&app, &own, &colleague).await.status(), StatusCode::NOT_FOUND);
    assert!(html(&app, "/me", &person).await.contains(&own));
    let words = html(&app, &own, &person).await;
    assert!(
        words.contains("爱投诉就投诉去吧") && words.contains("坐席失当") && words.contains("申诉截止"),
        "{words}"
    );
    assert!(!words.contains("外部投诉风险"), "what nobody confirmed is not told");

    let acknowledged =
        send(&app, &person, &own, &[("flag", &*flag), ("act", "acknowledge"), ("note", "知道了")]).await;
    assert_eq!(acknowledged.status(), StatusCode::SEE_OTHER);
    assert!(html(&app, &own, &person).await.contains("知道了"));
    let empty = send(&app, &person, &own, &[("flag", &*flag), ("act", "appeal"), ("note", " ")]).await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let filed =
        send(&app, &person, &own, &[("flag", &*flag), ("act", "appeal"), ("note", "语气是安抚")]).await;
    assert_eq!(filed.status(), StatusCode::SEE_OTHER);

    let queue = html(&app, "/appeals", &lead).await;
    assert!(
        queue.contains("语气是安抚") && queue.contains("转交复审") && queue.contains("处理期限"),
        "{queue}"
    );
    let (_, rest) = queue.split_once("id=\"appeal-").unwrap();
    let id = rest.split('"').next().unwrap();
    assert!(!html(&app, "/appeals", &second).await.contains("value=\"overturn\""), "the lead has it");
    let act = async |who: &str, act: &str| {
        send(&app, who, &format!("/appeals/{id}"), &[("act", act), ("note", "请一起回听")]).await.status()
    };
    assert_eq!(act(&lead, "answer").await, StatusCode::SEE_OTHER);
    assert!(html(&app, &own, &person).await.contains("请一起回听"));
    assert_eq!(act(&person, "insist").await, StatusCode::SEE_OTHER);
    assert!(html(&app, "/appeals?state=forwarded", &second).await.contains("value=\"overturn\""));
    assert_eq!(act(&second, "uphold").await, StatusCode::SEE_OTHER);
    assert_eq!(act(&second, "overturn").await, StatusCode::CONFLICT, "it is final");
    assert!(html(&app, &own, &person).await.contains("维持原判"));
    assert!(html(&app, "/me?lang=en", &person).await.contains("Confirmed flags"));
}

#[actix_web::test]
async fn an_appeal_that_the_lead_leaves_lying_goes_to_a_reviewer_and_an_old_flag_is_not_appealed() {
    let app = TestApp::start().await;
    let (_, flag, _) = confirmed(&app).await;
    let person = staff(&app, "xiaowang", "A1001").await;
    let second = session(&app, "fushen", Role::Reviewer, None).await;
    let filed = say(&app, &person, "/api/v1/appeals", json!({"flag": flag, "text": "语气是安抚"})).await;
    let id = filed.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();

    app.tamper("UPDATE appeals SET due_at = 1").await;
    assert!(html(&app, "/appeals", &second).await.contains("已超期"));
    let decision = json!({"outcome": "upheld", "reason": "重听了录音"});
    assert_eq!(
        say(&app, &second, &format!("/api/v1/appeals/{id}/decide"), decision).await.status(),
        StatusCode::OK
    );

    app.tamper("DELETE FROM appeals").await;
    app.tamper("UPDATE verdicts SET judged_at = 1").await;
    let late = say(&app, &person, "/api/v1/appeals", json!({"flag": flag, "text": "语气是安抚"})).await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
}

#[actix_web::test]
async fn the_form_of_an_incident_keeps_what_was_typed_and_knows_chinese_names_and_the_contact_says_so() {
    let app = TestApp::start().await;
    let mut contact = contact("H-1");
    contact["business_process"] = json!("broadband_fault");
    let id = app.analysed(&contact).await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    let form = |process: &'static str, until: &'static str| {
        vec![
            ("begins_at", "2026-11-01T07:00"),
            ("ends_at", until),
            ("channel", "hotline"),
            ("process", process),
            ("team", ""),
            ("note", "光缆中断"),
        ]
    };

    for refused in [form("没有这种业务", "2026-11-01T10:00"), form("宽带故障", "2026-11-01T06:00")]
    {
        let answer = send(&app, &lead, "/teams/incidents", &refused).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let kept = answer.text().await.unwrap();
        assert!(kept.contains("value=\"光缆中断\"") && kept.contains("value=\"2026-11-01T07:00\""), "{kept}");
        assert!(kept.contains("<option value=\"hotline\" selected>"), "{kept}");
    }
    let declared = send(&app, &lead, "/teams/incidents", &form("宽带故障", "2026-11-01T10:00")).await;
    assert_eq!(declared.status(), StatusCode::SEE_OTHER);

    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let shown = html(&app, &format!("/review/{id}"), &reviewer).await;
    assert!(shown.contains("登记的故障时段") && shown.contains("光缆中断"), "{shown}");
}
