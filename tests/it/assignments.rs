//! Whose work a flagged contact is: claims, rules of distribution, taking work back, and two people on one flag.

use reqwest::header::{COOKIE, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::desk::{Caller, ReviewTerms, assignments};
use tingxin::domain::Role;

use crate::console::{csrf, page, session};
use crate::support::app::{TestApp, contact};

const BASE: &str = "/api/v1/assignments";

/// A contact with several flags, served by that team; its key.
async fn flagged(app: &TestApp, id: &str, team: &str, channel: &str) -> String {
    let mut contact = contact(id);
    contact["channel"] = json!(channel);
    contact["staff"]["team"] = json!(team);
    contact["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "宽带断了三天没人管，太气人了，我要去工信部投诉你们！"},
        {"speaker": "agent", "text": "随便您，爱投诉就投诉去吧。"},
    ]);
    app.analysed(&contact).await
}

async fn post(app: &TestApp, role: Role, path: &str, body: &Value) -> Response {
    app.request(role, Method::POST, path).json(body).send().await.unwrap()
}

async fn get(app: &TestApp, role: Role, path: &str) -> Value {
    let answer = app.request(role, Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.unwrap()
}

/// Adds a rule as the supervisor does; its key.
async fn rule(app: &TestApp, body: Value) -> String {
    let added = post(app, Role::Supervisor, "/api/v1/distribution-rules", &body).await;
    assert_eq!(added.status(), StatusCode::CREATED, "{body}");
    added.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned()
}

/// Distributes as the supervisor does; how many were given.
async fn distribute(app: &TestApp) -> u64 {
    let done = post(app, Role::Supervisor, &format!("{BASE}/distribute"), &json!({})).await;
    done.json::<Value>().await.unwrap()["contacts"].as_u64().unwrap()
}

/// How many contacts everybody has left, by name.
async fn loads(app: &TestApp) -> Vec<(String, u64)> {
    let found = get(app, Role::Supervisor, "/api/v1/reviewers").await;
    let line = |one: &Value| (one["account"].as_str().unwrap().to_owned(), one["open"].as_u64().unwrap());
    found["items"].as_array().unwrap().iter().map(line).collect()
}

#[actix_web::test]
async fn the_first_rule_that_fits_gives_a_contact_and_load_and_turn_share_the_rest() {
    let app = TestApp::start().await;
    for (name, team) in [("an", None), ("bo", None), ("chen", Some("beijing-02"))] {
        app.account(name, Role::Reviewer, team).await;
    }
    for n in 0..4 {
        flagged(&app, &format!("H-{n}"), "beijing-01", "hotline").await;
    }
    let hall = flagged(&app, "B-1", "beijing-01", "hall").await;
    let other = flagged(&app, "H-9", "beijing-02", "hotline").await;
    assert_eq!(distribute(&app).await, 0, "without a rule everything is everybody's");

    rule(&app, json!({"channel": "hall", "reviewers": ["bo"], "method": "load"})).await;
    rule(
        &app,
        json!({"team": "beijing-02", "rule": "regulator_risk", "reviewers": ["chen"], "method": "load"}),
    )
    .await;
    rule(&app, json!({"team": "beijing-01", "method": "turn"})).await;
    assert_eq!(distribute(&app).await, 6);
    assert_eq!(distribute(&app).await, 0, "a second time gives nothing twice");

    let work = get(&app, Role::Supervisor, BASE).await;
    let whose = |id: &str| {
        let found = work["items"].as_array().unwrap().iter().find(|one| one["contact"] == id);
        found.unwrap()["account"].as_str().unwrap().to_owned()
    };
    assert_eq!((whose(&hall), whose(&other)), ("bo".to_owned(), "chen".to_owned()));
    let expected = [("an".to_owned(), 2), ("bo".to_owned(), 3), ("chen".to_owned(), 1)];
    assert_eq!(loads(&app).await, expected, "in turn between those who see the team");
    let audit = app.audit().await;
    assert!(audit.contains(&"key:supervisor assignment.distribute 6 contacts ok".to_owned()), "{audit:?}");
    let rules = get(&app, Role::Admin, "/api/v1/distribution-rules").await;
    assert_eq!(rules["items"].as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn a_reviewer_is_given_more_only_up_to_the_limit_and_the_most_urgent_first() {
    let app = TestApp::start().await;
    app.account("an", Role::Reviewer, None).await;
    for n in 0..3 {
        flagged(&app, &format!("H-{n}"), "beijing-01", "hotline").await;
    }
    rule(&app, json!({"method": "load"})).await;

    let terms = ReviewTerms { most_open: 2, ..ReviewTerms::default() };
    let given = assignments::distribute(&app.store, &Caller::system(), terms).await.unwrap();

    assert_eq!((given, loads(&app).await), (2, vec![("an".to_owned(), 2)]));
}

#[actix_web::test]
async fn work_that_is_taken_back_goes_to_the_others_until_the_person_is_given_work_again() {
    let app = TestApp::start().await;
    for name in ["an", "bo"] {
        app.account(name, Role::Reviewer, None).await;
    }
    for n in 0..4 {
        flagged(&app, &format!("H-{n}"), "beijing-01", "hotline").await;
    }
    rule(&app, json!({"method": "load"})).await;
    distribute(&app).await;
    assert_eq!(loads(&app).await, [("an".to_owned(), 2), ("bo".to_owned(), 2)]);

    let recall = post(&app, Role::Supervisor, &format!("{BASE}/recall"), &json!({"account": "an"})).await;
    assert_eq!(recall.json::<Value>().await.unwrap()["contacts"], 2);
    assert_eq!(distribute(&app).await, 2);
    assert_eq!(loads(&app).await, [("an".to_owned(), 0), ("bo".to_owned(), 4)]);

    let resume = post(&app, Role::Admin, "/api/v1/reviewers/resume", &json!({"account": "an"})).await;
    assert_eq!(resume.status(), StatusCode::NO_CONTENT);
    let of_bo = get(&app, Role::Supervisor, BASE).await["items"][0]["contact"].clone();
    let one = post(&app, Role::Supervisor, &format!("{BASE}/recall"), &json!({"contact": of_bo})).await;
    assert_eq!(one.status(), StatusCode::OK);
    let by_hand = post(&app, Role::Supervisor, BASE, &json!({"contact": of_bo, "account": "an"})).await;
    assert_eq!(by_hand.status(), StatusCode::NO_CONTENT);
    assert_eq!(loads(&app).await, [("an".to_owned(), 1), ("bo".to_owned(), 3)]);

    for refused in [json!({}), json!({"account": "nobody"}), json!({"account": "an", "contact": of_bo})] {
        let answer = post(&app, Role::Supervisor, &format!("{BASE}/recall"), &refused).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    }
    for role in [Role::Reviewer, Role::Trainer, Role::Integrator] {
        let answer = post(&app, role, &format!("{BASE}/distribute"), &json!({})).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{role}");
    }
}

#[actix_web::test]
async fn work_of_a_disabled_account_goes_to_whoever_is_left() {
    let app = TestApp::start().await;
    for name in ["an", "bo"] {
        app.account(name, Role::Reviewer, None).await;
    }
    for n in 0..2 {
        flagged(&app, &format!("H-{n}"), "beijing-01", "hotline").await;
    }
    rule(&app, json!({"method": "turn"})).await;
    distribute(&app).await;

    app.store.set_user_state("an", Role::Reviewer, true).await.unwrap();

    assert_eq!(distribute(&app).await, 1);
    assert_eq!(loads(&app).await, [("bo".to_owned(), 2)]);
}

#[actix_web::test]
async fn a_lead_of_one_team_moves_that_teams_work_alone() {
    let app = TestApp::start().await;
    for (name, team) in [("an", Some("beijing-01")), ("bo", Some("beijing-02"))] {
        app.account(name, Role::Reviewer, team).await;
    }
    let own = flagged(&app, "H-1", "beijing-01", "hotline").await;
    let others = flagged(&app, "H-2", "beijing-02", "hotline").await;
    let lead = app.key("lead", Role::Supervisor, Some("beijing-01")).await;
    let as_lead =
        |path: String, body: Value| app.anonymous(Method::POST, &path).bearer_auth(&lead).json(&body).send();

    let other_team = json!({"team": "beijing-02", "method": "load"});
    let refused = as_lead("/api/v1/distribution-rules".to_owned(), other_team).await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    rule(&app, json!({"method": "load"})).await;
    let done = as_lead(format!("{BASE}/distribute"), json!({})).await.unwrap();
    assert_eq!(done.json::<Value>().await.unwrap()["contacts"], 1);
    let work = get(&app, Role::Supervisor, BASE).await;
    assert_eq!(work["items"][0]["contact"], own.as_str());
    for (contact, account) in [(&others, "an"), (&own, "bo")] {
        let given = as_lead(BASE.to_owned(), json!({"contact": contact, "account": account})).await.unwrap();
        assert!(given.status().is_client_error(), "{account}");
    }
}

#[actix_web::test]
async fn whoever_opens_a_contact_is_seen_by_the_others_until_the_next_one_or_the_list() {
    let app = TestApp::start().await;
    let first = flagged(&app, "H-1", "beijing-01", "hotline").await;
    let second = flagged(&app, "H-2", "beijing-01", "hotline").await;
    let (an, bo) =
        (session(&app, "an", Role::Reviewer, None).await, session(&app, "bo", Role::Reviewer, None).await);
    let html = async |path: &str, who: &str| page(&app, path, who).await.text().await.unwrap();

    assert!(
        !html(&format!("/review/{first}"), &an).await.contains("正在查看"),
        "nobody is told of themselves"
    );
    assert!(html("/review", &bo).await.contains("an 正在查看"));
    assert!(
        html(&format!("/review/{first}"), &bo).await.contains("an 正在查看这一通"),
        "and may judge it, too"
    );
    let other = html(&format!("/review/{second}"), &bo).await;
    assert!(
        !other.contains(&format!("rel=\"next\" id=\"next\" href=\"/review/{first}\"")),
        "the way leads past it"
    );
    let trainer = session(&app, "pei", Role::Trainer, None).await;
    assert!(!html("/review", &trainer).await.contains("正在查看"), "it is for those who share the work");

    html("/review", &an).await;
    assert!(!html("/review", &bo).await.contains("an 正在查看"), "whoever is at the list looks at nothing");
    html(&format!("/review/{first}"), &an).await;
    app.tamper("UPDATE review_claims SET until_at = 1").await;
    assert!(!html("/review", &bo).await.contains("an 正在查看"), "it ends by itself");
    html(&format!("/review/{first}"), &bo).await;
    assert!(html("/review", &an).await.contains("bo 正在查看"));
}

#[actix_web::test]
async fn my_work_is_a_list_of_its_own_and_gets_shorter_with_every_verdict() {
    let app = TestApp::start().await;
    let an = session(&app, "an", Role::Reviewer, None).await;
    let mine = flagged(&app, "H-1", "beijing-01", "hotline").await;
    let free = flagged(&app, "H-2", "beijing-01", "hotline").await;
    let give = post(&app, Role::Supervisor, BASE, &json!({"contact": mine, "account": "an"})).await;
    assert_eq!(give.status(), StatusCode::NO_CONTENT);

    let html = page(&app, "/review?mine=1", &an).await.text().await.unwrap();
    assert!(html.contains("我的（1）") && html.contains(&format!("card-{mine}")), "{html}");
    assert!(!html.contains(&format!("card-{free}")) && html.contains("分给您的"));
    let all = page(&app, "/review", &an).await.text().await.unwrap();
    assert!(all.contains(&format!("card-{free}")) && all.contains(&format!("card-{mine}")));

    let flags = get(&app, Role::Reviewer, "/api/v1/flags?limit=200").await;
    for flag in flags["items"].as_array().unwrap().iter().filter(|flag| flag["contact"] == mine.as_str()) {
        let path = format!("/api/v1/flags/{}/verdict", flag["id"].as_str().unwrap());
        let verdict = json!({"status": "confirmed", "utterances": flag["utterances"]});
        assert_eq!(post(&app, Role::Reviewer, &path, &verdict).await.status(), StatusCode::OK);
    }
    let html = page(&app, "/review?mine=1", &an).await.text().await.unwrap();
    assert!(html.contains("我的（0）") && html.contains("您的任务都完成了"), "{html}");
}

#[actix_web::test]
async fn of_two_people_on_one_flag_the_second_is_told_who_was_quicker_and_loses_no_word() {
    let app = TestApp::start().await;
    let id = flagged(&app, "H-1", "beijing-01", "hotline").await;
    let (an, bo) =
        (session(&app, "an", Role::Reviewer, None).await, session(&app, "bo", Role::Reviewer, None).await);
    let flags = get(&app, Role::Reviewer, "/api/v1/flags?limit=200").await;
    let flag = &flags["items"][0];
    let path = format!("/review/{id}");
    let send = async |who: &str, status: &str, note: &str| {
        let (secret, turns) = (csrf(&app, &path, who).await, flag["utterances"].to_string());
        let key = flag["id"].as_str().unwrap();
        let form = [
            ("csrf", &*secret),
            ("flag", key),
            ("utterances", &turns),
            ("revision", "1"),
            ("seen", "0"),
            ("status", status),
            ("note", note),
        ];
        let request = app.anonymous(Method::POST, &format!("{path}/verdict")).header(ORIGIN, &app.base);
        request.header(COOKIE, who).form(&form).send().await.unwrap()
    };

    assert_eq!(send(&an, "confirmed", "回听属实").await.status(), StatusCode::SEE_OTHER);
    let second = send(&bo, "rejected", "我听着像是转述").await;

    assert_eq!(second.status(), StatusCode::CONFLICT);
    let html = second.text().await.unwrap();
    assert!(html.contains("同事刚刚判了这条标记：an · 已确认"), "{html}");
    assert!(html.contains("<q>我听着像是转述</q>"), "{html}");
    let said = get(&app, Role::Reviewer, &format!("/api/v1/contacts/{id}/verdicts")).await;
    assert_eq!(said["items"].as_array().unwrap().len(), 1, "the first stands");
}

#[actix_web::test]
async fn a_lead_distributes_in_the_console_and_sees_no_text() {
    let app = TestApp::start().await;
    app.account("an", Role::Reviewer, None).await;
    flagged(&app, "H-1", "beijing-01", "hotline").await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    let send = async |path: &str, fields: &[(&str, &str)]| {
        let secret = csrf(&app, "/assignments", &lead).await;
        let form: Vec<_> = fields.iter().copied().chain([("csrf", &*secret)]).collect();
        let request = app.anonymous(Method::POST, path).header(ORIGIN, &app.base).header(COOKIE, &lead);
        request.form(&form).send().await.unwrap()
    };
    let html = async || page(&app, "/assignments", &lead).await.text().await.unwrap();

    let rule = [("team", "beijing-01"), ("rule", "regulator_risk"), ("method", "load"), ("to:an", "yes")];
    assert_eq!(send("/assignments/rules", &rule).await.status(), StatusCode::SEE_OTHER);
    let refused = send("/assignments/rules", &[("method", "load"), ("to:niemand", "yes")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("请选择能复核该班组的质检员账号"));
    assert!(html().await.contains("beijing-01 · 外部投诉风险 · 全部触点"));
    send("/assignments/distribute", &[]).await;
    let stands = html().await;
    assert!(stands.contains("<td>1</td>") && !stands.contains("工信部"), "{stands}");
    send("/assignments/recall", &[("account", "an"), ("sure", "yes")]).await;
    assert!(html().await.contains("已暂停分配"));
    send("/assignments/resume", &[("account", "an")]).await;
    assert!(html().await.contains("分配中"));
}
