//! The random sample and the rules over HTTP: reviewers read, a lead plans and switches, programs read the figures.

use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::{Role, UtcMillis};

use crate::console::{csrf, header, page, session};
use crate::support::app::{TestApp, contact};

/// A contact of last week; a rude one threatens with a regulator and gets flags.
async fn last_week(app: &TestApp, id: &str, rude: bool) -> String {
    let mut contact = contact(id);
    let monday = UtcMillis::of_week(UtcMillis::now().week() - 1);
    contact["started_at"] = json!(monday.plus_millis(36_000_000).to_rfc3339());
    if rude {
        contact["utterances"] = json!([
            {"speaker": "agent", "text": "您好，请讲。"},
            {"speaker": "customer", "text": "宽带断了三天没人管，太气人了，我要去工信部投诉你们！"},
            {"speaker": "agent", "text": "好的，我帮您登记，24小时内给您回电。请问还满意吗？"},
        ]);
    }
    app.analysed(&contact).await
}

async fn plan(app: &TestApp, cookie: &str, per_week: &str) -> Response {
    let secret = csrf(app, "/samples", cookie).await;
    let form = [("csrf", &*secret), ("unit", "staff"), ("per_week", per_week), ("since", "")];
    send(app, cookie, "/samples", &form).await
}

async fn send(app: &TestApp, cookie: &str, path: &str, form: &[(&str, &str)]) -> Response {
    let request = app.anonymous(Method::POST, path).header(ORIGIN, &app.base);
    request.header(COOKIE, cookie).form(form).send().await.unwrap()
}

async fn json(app: &TestApp, path: &str) -> Value {
    let answer = app.request(Role::Analyst, Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

#[actix_web::test]
async fn a_reviewer_reads_the_sample_without_being_told_which_rules_fired() {
    let app = TestApp::start().await;
    last_week(&app, "H-1", true).await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    assert_eq!(header(&plan(&app, &lead, "5").await, &LOCATION), "/samples?done=planned");
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;

    let open = page(&app, "/samples/next", &cookie).await;
    let address = header(&open, &LOCATION);
    let html = page(&app, &address, &cookie).await.text().await.unwrap();
    assert!(html.contains("太气人了") && html.contains("都没有出现"), "{html}");
    assert!(!html.contains("置信度") && !html.contains("class=\"chip"), "nothing that the machine found");

    let secret = csrf(&app, &address, &cookie).await;
    let form = [("csrf", &*secret), ("revision", "1"), ("none", "1")];
    let answer = send(&app, &cookie, &format!("{address}/reading"), &form).await;
    assert_eq!(header(&answer, &LOCATION), address, "a flag that was not named is asked for");
    let html = page(&app, &address, &cookie).await.text().await.unwrap();
    assert!(html.contains("机器标记了“外部投诉风险”"), "{html}");

    let mut to = address.clone();
    while to == address {
        let html = page(&app, &address, &cookie).await.text().await.unwrap();
        let (_, rest) = html.split_once("name=\"rule\" value=\"").unwrap();
        let rule = rest.split('"').next().unwrap();
        let form = [("csrf", &*secret), ("rule", rule), ("status", "confirmed")];
        to = header(&send(&app, &cookie, &format!("{address}/flag"), &form).await, &LOCATION);
    }
    assert_eq!(to, "/samples?done=read");

    let samples = json(&app, "/api/v1/samples").await;
    let week = &samples["draws"][0];
    // One in twenty, rounded up, is read twice: the one contact waits for somebody else.
    assert_eq!((&week["n"], &week["judged"], &week["twice"]), (&json!(1), &json!(0), &json!(1)));
    assert_eq!(samples["agreement"][0]["needed"], 30);
    assert!(page(&app, "/samples", &cookie).await.text().await.unwrap().contains("没有待您抽检"));
    let other = session(&app, "fuhe", Role::Reviewer, None).await;
    let second = page(&app, &address, &other).await.text().await.unwrap();
    assert!(second.contains("都没有出现") && !second.contains("机器标记了"), "the second reader is blind");
    let audit = app.audit().await;
    assert!(audit.iter().any(|entry| entry.starts_with("user:zhijian sample.read ")), "{audit:?}");
    assert!(audit.contains(&"user:zhuguan sample.plan sample ok".to_owned()), "{audit:?}");
}

#[actix_web::test]
async fn a_contact_without_any_rule_takes_one_key_and_an_old_form_is_no_second_reading() {
    let app = TestApp::start().await;
    for id in ["H-1", "H-2", "H-3"] {
        last_week(&app, id, false).await;
    }
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    plan(&app, &lead, "3").await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let first = header(&page(&app, "/samples/next", &cookie).await, &LOCATION);
    let secret = csrf(&app, &first, &cookie).await;
    let form = [("csrf", &*secret), ("revision", "1"), ("none", "1")];

    let next = header(&send(&app, &cookie, &format!("{first}/reading"), &form).await, &LOCATION);
    assert!(next.starts_with("/samples/") && next != first, "{next}");
    let again = header(&send(&app, &cookie, &format!("{first}/reading"), &form).await, &LOCATION);
    assert_eq!(again, format!("{next}?done=taken"));

    let wrong = [("csrf", &*secret), ("revision", "1"), ("escalation", "yes"), ("turn_escalation", "0")];
    let refused = send(&app, &cookie, &format!("{next}/reading"), &wrong).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let nowhere = page(&app, "/samples/00000000-0000-7000-8000-000000000000", &cookie).await;
    assert_eq!(nowhere.status(), StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_plan_is_everybodys_and_only_a_lead_makes_one() {
    let app = TestApp::start().await;
    let lead = session(&app, "banzu", Role::Supervisor, Some("beijing-01")).await;
    let refused = plan(&app, &lead, "5").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert!(refused.text().await.unwrap().contains("只限一个班组"));

    let all = session(&app, "zhuguan", Role::Supervisor, None).await;
    for wrong in ["101", "-1", "many"] {
        assert_eq!(plan(&app, &all, wrong).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let body = json!({"unit": "channel", "per_week": 2, "seed": 11, "since": "2026-11-26T00:00:00Z"});
    for (role, status) in [(Role::Reviewer, 403), (Role::Admin, 201)] {
        let request = app.request(role, Method::POST, "/api/v1/samples").json(&body);
        assert_eq!(request.send().await.unwrap().status(), status);
    }
    let plans = json(&app, "/api/v1/samples").await["plans"].clone();
    assert_eq!((&plans[0]["version"], &plans[0]["seed"]), (&json!(1), &json!(11)));
    assert_eq!(plans[0]["since"], "2026-11-22T16:00:00.000Z", "the Monday of that week in Beijing");
}

#[actix_web::test]
async fn a_lead_makes_a_rule_a_hint_and_its_flags_leave_the_queue() {
    let app = TestApp::start().await;
    let id = last_week(&app, "H-1", true).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let contact = format!("/review/{id}");
    assert!(page(&app, "/review?rule=regulator_risk", &reviewer).await.text().await.unwrap().contains(&id));
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    let secret = csrf(&app, "/rules", &lead).await;
    let form = |state: &'static str, note: &'static str| {
        [
            ("csrf", secret.clone()),
            ("rule", "regulator_risk".into()),
            ("state", state.into()),
            ("since", String::new()),
            ("note", note.into()),
        ]
    };
    let switch = async |state, note| {
        let form = form(state, note);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, &**value)).collect();
        send(&app, &lead, "/rules", &form).await
    };

    assert_eq!(switch("hint", " ").await.status(), StatusCode::UNPROCESSABLE_ENTITY, "without a reason");
    assert_eq!(header(&switch("hint", "误报太多").await, &LOCATION), "/rules?done=switched");

    assert!(!page(&app, "/review?rule=regulator_risk", &reviewer).await.text().await.unwrap().contains(&id));
    assert!(page(&app, &contact, &reviewer).await.text().await.unwrap().contains("仅提示，不计入"));
    let rules = page(&app, "/rules", &reviewer).await.text().await.unwrap();
    assert!(rules.contains("zhuguan · 误报太多") && !rules.contains("更改状态"), "a reviewer switches none");
    let listed = json(&app, "/api/v1/rules").await["items"].clone();
    let rule = listed.as_array().unwrap().iter().find(|one| one["rule"] == "regulator_risk").unwrap();
    assert_eq!(
        (&rule["state"], &rule["precision"], &rule["judged"]),
        (&json!("hint"), &Value::Null, &json!(0))
    );

    switch("off", "暂停使用").await;
    assert!(
        !page(&app, &contact, &reviewer).await.text().await.unwrap().contains("id=\"flag-regulator_risk\"")
    );
    assert!(app.audit().await.contains(&"user:zhuguan rule.off regulator_risk ok".to_owned()));
    let body = json!({"state": "on", "note": "恢复", "since": "2020-01-01T00:00:00Z"});
    let past = app.request(Role::Supervisor, Method::POST, "/api/v1/rules/regulator_risk").json(&body);
    assert_eq!(past.send().await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = app
        .request(Role::Supervisor, Method::POST, "/api/v1/rules/nothing")
        .json(&json!({"state": "on", "note": "a"}));
    assert_eq!(unknown.send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn rates_of_a_team_stand_beside_what_is_still_to_be_read() {
    let app = TestApp::start().await;
    last_week(&app, "H-1", true).await;
    last_week(&app, "H-2", false).await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    plan(&app, &lead, "2").await;

    let rates = json(&app, "/api/v1/rates").await["items"].clone();
    let of_team = |one: &&Value| one["team"] == "beijing-01" && one["rule"] == "regulator_risk";
    let rate = rates.as_array().unwrap().iter().find(of_team).unwrap().clone();
    assert_eq!((&rate["raw"], &rate["corrected"]), (&json!(0.5), &Value::Null));
    assert_eq!((&rate["judged"], &rate["needed"]), (&json!(0), &json!(30)));
    let html = page(&app, "/teams", &lead).await.text().await.unwrap();
    assert!(html.contains("校正后的比率") && html.contains("0 / 30"), "{html}");
}

#[actix_web::test]
async fn a_lead_tries_a_threshold_on_the_archive_and_sets_it_from_a_day_on() {
    let app = TestApp::start().await;
    last_week(&app, "H-1", true).await;
    last_week(&app, "H-2", false).await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let address = "/rules/regulator_risk/threshold";
    assert!(page(&app, "/rules", &lead).await.text().await.unwrap().contains(address));
    assert_eq!(page(&app, "/rules/deadline_not_told/threshold", &lead).await.status(), StatusCode::NOT_FOUND);

    let tried = format!("{address}?threshold=0.95");
    let html = page(&app, &tried, &lead).await.text().await.unwrap();
    assert!(html.contains("数据不足") && html.contains("<dt>服务记录</dt><dd>2</dd>"), "{html}");
    assert!(
        html.contains("<dt>新增标记</dt><dd>0</dd>") && html.contains("<dt>去掉标记</dt><dd>1</dd>"),
        "{html}"
    );
    assert!(
        !page(&app, &tried, &reviewer)
            .await
            .text()
            .await
            .unwrap()
            .contains("method=\"post\" action=\"/rules")
    );
    let low = page(&app, &format!("{address}?threshold=0.1"), &lead).await;
    assert_eq!(low.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let secret = csrf(&app, &tried, &lead).await;
    let form = [("csrf", secret.as_str()), ("threshold", "0.95"), ("since", ""), ("note", "误报太多")];
    assert_eq!(send(&app, &reviewer, address, &form).await.status(), StatusCode::FORBIDDEN);
    let set = send(&app, &lead, address, &form).await;
    assert_eq!(header(&set, &LOCATION), format!("{address}?done=changed"));

    let mut anew = contact("H-3");
    anew["utterances"][1]["text"] = json!("宽带断了三天没人管，太气人了，我要去工信部投诉你们！");
    let analysis: Value = app.waiting(&anew).send().await.unwrap().json().await.unwrap();
    let flagged = |rule: &str| analysis.to_string().contains(&format!("\"rule\":\"{rule}\""));
    assert!(!flagged("regulator_risk") && analysis.to_string().contains("regulator_risk"), "{analysis}");

    let later = json!({"threshold": 0.5, "since": "2099-01-01T00:00:00Z", "note": "明年再说"});
    let path = "/api/v1/rules/regulator_risk/threshold";
    let coming = app.request(Role::Admin, Method::POST, path).json(&later).send().await.unwrap();
    assert_eq!(coming.status(), StatusCode::NO_CONTENT);
    let view = json(&app, path).await;
    assert_eq!((&view["threshold"], &view["shipped"]), (&json!(0.95), &json!(0.7)), "2099 has not come");
    assert_eq!((&view["proposed"], &view["needed"]), (&Value::Null, &json!(30)));
    let change = &view["history"][0];
    assert_eq!((&change["before"], &change["go"], &change["appear"]), (&json!(0.7), &json!(1), &json!(0)));
    let html = page(&app, address, &lead).await.text().await.unwrap();
    assert!(html.contains("0.70 → 0.95") && html.contains("误报太多") && html.contains("明年再说"), "{html}");
    let rules = json(&app, "/api/v1/rules").await["items"].clone();
    let rule = rules.as_array().unwrap().iter().find(|one| one["rule"] == "regulator_risk").unwrap().clone();
    assert_eq!((&rule["state"], &rule["change"]), (&json!("on"), &Value::Null), "its state is what it was");
    assert!(app.audit().await.contains(&"user:zhuguan rule.threshold regulator_risk ok".to_owned()));
}
