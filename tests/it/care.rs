//! After abuse somebody is talked to; what went well is chosen, released and read without anybody's name.

use reqwest::header::{COOKIE, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::desk::{Caller, trainings};
use tingxin::domain::{
    Analysed, ContactMeasures, Flag, FlagStatus, Role, Rule, Severity, StaffId, UtcMillis,
};

use crate::console::{csrf, page, session};
use crate::support::app::TestApp;
use crate::support::store::{LEASE, analysis, contact, flag, intake_of};

/// A contact of A1001 of this hour that is flagged; its key and that of the flag.
pub(crate) async fn flagged(app: &TestApp, id: &str, raised: Flag) -> (String, String) {
    let now = UtcMillis::now();
    let mut own = contact(id, 1, "我是A1001王芳，客户骂了我");
    own.header.staff.as_mut().unwrap().id = StaffId::new("A1001").unwrap();
    own.header.started_at = Some(now.plus_millis(-3_600_000));
    app.store.ingest(&[intake_of(own)], now).await.unwrap();
    let claims = app.store.claim(1, LEASE, now).await.unwrap();
    let analysis = analysis(&claims[0].contact, "lexicon-1", vec![raised]);
    let done = Analysed { analysis, measures: Some(ContactMeasures::default()), follow_up: None };
    app.store.complete(&[(claims[0].ticket, done)], now).await.unwrap();
    let contact = claims[0].ticket.contact;
    let flag = app.store.flags_of_contact(contact).await.unwrap()[0].id;
    (contact.to_string(), flag.0.to_string())
}

async fn judge(app: &TestApp, reviewer: &str, flag: &str, status: FlagStatus) {
    let path = format!("/api/v1/flags/{flag}/verdict");
    let body = json!({"status": status, "utterances": [1]});
    assert_eq!(say(app, reviewer, &path, body).await.status(), StatusCode::OK);
}

async fn say(app: &TestApp, cookie: &str, path: &str, body: Value) -> Response {
    let secret = csrf(app, "/help", cookie).await;
    let request = app.anonymous(Method::POST, path).header(COOKIE, cookie).header(ORIGIN, &app.base);
    request.header("x-csrf-token", secret).json(&body).send().await.unwrap()
}

async fn send(app: &TestApp, cookie: &str, path: &str, form: &[(&str, &str)]) -> StatusCode {
    let secret = csrf(app, "/help", cookie).await;
    let form: Vec<_> = form.iter().copied().chain([("csrf", &*secret)]).collect();
    let request = app.anonymous(Method::POST, path).header(COOKIE, cookie).header(ORIGIN, &app.base);
    request.form(&form).send().await.unwrap().status()
}

pub(crate) async fn html(app: &TestApp, path: &str, cookie: &str) -> String {
    let answer = page(app, path, cookie).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

#[actix_web::test]
async fn a_confirmed_insult_makes_a_task_with_owner_and_date_and_it_is_done_with_a_note() {
    let app = TestApp::start().await;
    let (contact, insult) = flagged(&app, "H-1", flag(Rule::Abuse, Severity::Info, 0.9)).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let lead = session(&app, "zhuguan", Role::Supervisor, Some("beijing-01")).await;
    let elsewhere = session(&app, "waidi", Role::Supervisor, Some("beijing-99")).await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    assert!(html(&app, "/care", &lead).await.contains("目前没有关怀任务"), "nobody has confirmed it");
    assert_eq!(page(&app, "/care", &reviewer).await.status(), StatusCode::FORBIDDEN);

    judge(&app, &reviewer, &insult, FlagStatus::Confirmed).await;

    let listed = html(&app, "/care", &lead).await;
    for told in ["A1001", "zhuguan", "待关怀", "不是员工的过错"] {
        assert!(listed.contains(told), "{told}: {listed}");
    }
    assert!(html(&app, "/care", &elsewhere).await.contains("目前没有关怀任务"), "another team");
    let act = format!("/care/{contact}");
    let take = [("act", "take"), ("due", "2099-01-01")];
    assert_eq!(send(&app, &elsewhere, &act, &take).await, StatusCode::NOT_FOUND);
    assert_eq!(send(&app, &trainer, &act, &take).await, StatusCode::SEE_OTHER);
    assert!(html(&app, "/care", &lead).await.contains("peixun"));
    let empty = [("act", "finish"), ("note", " ")];
    assert_eq!(send(&app, &trainer, &act, &empty).await, StatusCode::UNPROCESSABLE_ENTITY);
    let done = [("act", "finish"), ("note", "谈过了，安排轮休，电话13812345678")];
    assert_eq!(send(&app, &trainer, &act, &done).await, StatusCode::SEE_OTHER);
    let listed = html(&app, "/care", &lead).await;
    assert!(listed.contains("已完成") && listed.contains("电话[电话]"), "{listed}");
    assert_eq!(send(&app, &trainer, &act, &done).await, StatusCode::NOT_FOUND, "it is done");
}

#[actix_web::test]
async fn a_task_whose_verdict_is_taken_back_is_gone_and_comes_back_with_it() {
    let app = TestApp::start().await;
    let (_, insult) = flagged(&app, "H-1", flag(Rule::Abuse, Severity::Info, 0.9)).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    judge(&app, &reviewer, &insult, FlagStatus::Confirmed).await;
    assert!(html(&app, "/care", &trainer).await.contains("A1001"));

    judge(&app, &reviewer, &insult, FlagStatus::Rejected).await;
    assert!(!html(&app, "/care", &trainer).await.contains("A1001"), "nothing unconfirmed is told");

    judge(&app, &reviewer, &insult, FlagStatus::Confirmed).await;
    assert!(html(&app, "/care", &trainer).await.contains("A1001"));
}

#[actix_web::test]
async fn a_good_example_is_chosen_and_released_by_a_person_and_read_without_number_or_name() {
    let app = TestApp::start().await;
    let (contact, calmed) = flagged(&app, "H-1", flag(Rule::Recovery, Severity::Info, 0.9)).await;
    trainings::name_staff(&app.store, &Caller::system(), "A1001,王芳").await.unwrap();
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    let person = session(&app, "xiaowang", Role::Staff, None).await;
    app.store.link_staff("xiaowang", &StaffId::new("A1001").unwrap()).await.unwrap();
    assert!(html(&app, "/learning", &trainer).await.contains("近两周没有还可以选用的例子"), "unconfirmed");

    judge(&app, &reviewer, &calmed, FlagStatus::Confirmed).await;

    let own = html(&app, "/me", &person).await;
    assert!(own.contains("收到的认可") && own.contains(&contact), "{own}");
    let proposed = html(&app, "/learning", &trainer).await;
    assert!(
        proposed.contains("客户骂了我") && !proposed.contains("A1001") && !proposed.contains("王芳"),
        "{proposed}"
    );
    let act = format!("/learning/{contact}");
    let choose = [("act", "choose"), ("note", "先认可感受，再给时限")];
    assert_eq!(send(&app, &person, &act, &choose).await, StatusCode::FORBIDDEN);
    assert_eq!(send(&app, &trainer, &act, &choose).await, StatusCode::SEE_OTHER);
    assert!(html(&app, "/learning", &person).await.contains("还没有发布的例子"), "chosen is not released");
    assert_eq!(send(&app, &trainer, "/learning", &[]).await, StatusCode::SEE_OTHER);
    let read = html(&app, "/learning", &person).await;
    assert!(read.contains("先认可感受，再给时限") && read.contains("客户骂了我"), "{read}");
    assert!(!read.contains("A1001") && !read.contains("王芳") && !read.contains(&contact), "{read}");

    judge(&app, &reviewer, &calmed, FlagStatus::Rejected).await;
    assert!(html(&app, "/learning", &person).await.contains("还没有发布的例子"), "it is no example any more");
}
