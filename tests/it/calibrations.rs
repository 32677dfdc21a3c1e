//! Calibration sessions in the console: a lead opens one, invited people read blind, and the lead alone sees what was said.

use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::{Role, UtcMillis};

use crate::console::{csrf, header, page, session};
use crate::support::app::{TestApp, contact};

/// The fewest contacts of a session.
const CONTACTS: usize = 30;

/// Contacts of last week, every third with a threat in it.
async fn last_week(app: &TestApp) {
    let monday = UtcMillis::of_week(UtcMillis::now().week() - 1);
    for at in 0..CONTACTS {
        let mut contact = contact(&format!("H-{at}"));
        contact["started_at"] = json!(monday.plus_millis(36_000_000).to_rfc3339());
        if at % 3 == 0 {
            contact["utterances"][1]["text"] = json!("宽带断了三天没人管，太气人了，我要去工信部投诉你们！");
        }
        app.queued(&contact).await;
    }
    app.work().await;
}

async fn send(app: &TestApp, cookie: &str, path: &str, form: &[(&str, &str)]) -> Response {
    let request = app.anonymous(Method::POST, path).header(ORIGIN, &app.base);
    request.header(COOKIE, cookie).form(form).send().await.unwrap()
}

async fn open(app: &TestApp, lead: &str, expert: &str, readers: &[&str]) -> Response {
    let secret = csrf(app, "/calibrations", lead).await;
    let readers: Vec<String> = readers.iter().map(|name| format!("reader_{name}")).collect();
    let mut form = vec![
        ("csrf", secret.as_str()),
        ("title", "十一月校准 13800138000"),
        ("contacts", "30"),
        ("team", ""),
        ("expert", expert),
    ];
    form.extend(readers.iter().map(|name| (name.as_str(), "yes")));
    send(app, lead, "/calibrations", &form).await
}

/// Reads a session to its end; `threat` says whether a threat is named. How many contacts that were.
async fn read_through(app: &TestApp, cookie: &str, session: &str, threat: bool) -> usize {
    let mut read = 0;
    let mut at = header(&page(app, &format!("{session}/next"), cookie).await, &LOCATION);
    let secret = csrf(app, &at, cookie).await;
    while at.starts_with("/calibrations/contacts/") {
        let html = page(app, &at, cookie).await.text().await.unwrap();
        assert!(!html.contains("置信度") && !html.contains("class=\"chip"), "nothing that the machine found");
        let mut form = vec![("csrf", secret.as_str()), ("revision", "1")];
        let named = threat && html.contains("工信部");
        form.push(if named { ("regulator_risk", "yes") } else { ("none", "1") });
        at = header(&send(app, cookie, &format!("{at}/reading"), &form).await, &LOCATION);
        read += 1;
    }
    assert_eq!(at, "/calibrations?done=read");
    read
}

async fn json(app: &TestApp, role: Role, path: &str) -> Value {
    app.request(role, Method::GET, path).send().await.unwrap().json().await.unwrap()
}

#[actix_web::test]
async fn reviewers_and_an_expert_read_the_same_contacts_blind_and_the_lead_alone_sees_what_they_said() {
    let app = TestApp::start().await;
    last_week(&app).await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    let expert = session(&app, "zhuanjia", Role::Reviewer, None).await;
    let careful = session(&app, "lina", Role::Reviewer, None).await;
    let hasty = session(&app, "wang", Role::Reviewer, None).await;
    let guest = session(&app, "zhao", Role::Reviewer, None).await;

    let one = header(&open(&app, &lead, "zhuanjia", &["lina", "wang"]).await, &LOCATION);
    let invited = page(&app, "/calibrations", &careful).await.text().await.unwrap();
    assert!(invited.contains("待判 30 / 30") && !invited.contains("13800138000"), "{invited}");
    assert!(!invited.contains("zhuanjia"), "a reader does not learn who the expert is");
    let none = page(&app, "/calibrations", &guest).await.text().await.unwrap();
    assert!(none.contains("没有邀请您参加的校准") && !none.contains("十一月校准"), "{none}");
    let item = header(&page(&app, &format!("{one}/next"), &careful).await, &LOCATION);
    assert_eq!(page(&app, &item, &guest).await.status(), StatusCode::NOT_FOUND, "not invited");

    for (who, threat) in [(&expert, true), (&careful, true), (&hasty, false)] {
        assert_eq!(read_through(&app, who, &one, threat).await, CONTACTS);
    }
    assert_eq!(page(&app, &item, &careful).await.status(), StatusCode::NOT_FOUND, "read once");
    let open = page(&app, &one, &lead).await.text().await.unwrap();
    assert!(
        open.contains("30 / 30") && !open.contains("Krippendorff"),
        "nothing is said before the end: {open}"
    );
    let secret = csrf(&app, &one, &lead).await;
    let ended = send(&app, &lead, &format!("{one}/close"), &[("csrf", &secret)]).await;
    assert_eq!(header(&ended, &LOCATION), one);

    let result = page(&app, &one, &lead).await.text().await.unwrap();
    let row = |name: &str| {
        let (_, rest) = result.rsplit_once(&format!("<bdi>{name}</bdi>")).unwrap();
        rest.split("</tr>").next().unwrap().to_owned()
    };
    assert!(row("lina").contains("1.00") && row("lina").contains("<td>0</td><td>0</td>"), "{}", row("lina"));
    assert!(row("wang").contains("<td>10</td><td>0</td>"), "the ten threats were missed: {}", row("wang"));
    for cookie in [&careful, &guest] {
        assert_eq!(page(&app, &one, cookie).await.status(), StatusCode::FORBIDDEN);
    }
    let listed = json(&app, Role::Supervisor, "/api/v1/calibrations").await["items"][0].clone();
    assert_eq!((&listed["contacts"], &listed["expert"]), (&json!(30), &json!("user:zhuanjia")));
    assert!(listed["closed_at"].is_string() && listed["readers"].as_array().unwrap().len() == 3, "{listed}");
    let reviewer = app.request(Role::Reviewer, Method::GET, "/api/v1/calibrations").send().await.unwrap();
    assert_eq!(reviewer.status(), StatusCode::FORBIDDEN);
    let rules = json(&app, Role::Analyst, "/api/v1/rules").await["items"].clone();
    assert!(rules.as_array().unwrap().iter().all(|rule| rule["judged"] == 0), "no rate heard of it: {rules}");
    let audit = app.audit().await;
    let times = |start: &str| audit.iter().filter(|entry| entry.starts_with(start)).count();
    assert_eq!((times("user:lina calibration.read "), times("user:zhuguan calibration.open ")), (30, 1));
    assert!(times("user:zhuguan calibration.result ") == 1 && times("user:lina contact.read ") >= 30);
}

#[actix_web::test]
async fn a_session_needs_an_expert_two_others_who_see_the_contacts_and_enough_contacts() {
    let app = TestApp::start().await;
    let lead = session(&app, "zhuguan", Role::Supervisor, None).await;
    for (name, role, team) in [
        ("zhuanjia", Role::Reviewer, None),
        ("lina", Role::Reviewer, None),
        ("wang", Role::Reviewer, Some("beijing-01")),
        ("peixun", Role::Trainer, None),
    ] {
        app.account(name, role, team).await;
    }
    app.account("zhao", Role::Reviewer, None).await;

    for (readers, why) in [
        (vec!["lina"], "one other is too few"),
        (vec!["lina", "zhuanjia"], "the expert is no other"),
        (vec!["lina", "wang"], "one sees a team alone"),
        (vec!["lina", "peixun"], "a trainer judges nothing"),
        (vec!["lina", "zhao"], "there is no contact yet"),
    ] {
        let refused = open(&app, &lead, "zhuanjia", &readers).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        assert!(refused.text().await.unwrap().contains("30 到 100"), "{why}");
    }
}
