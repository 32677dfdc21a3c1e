//! Coaching as an agreement: with clips and notes, read and acknowledged by the person, found by number or name.

use reqwest::header::{COOKIE, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::desk::{Caller, roll_up, trainings};
use tingxin::domain::{Role, StaffId, UtcMillis};

use crate::console::{csrf, page, session};
use crate::support::app::{TestApp, contact};

/// A contact of A1001 in which a reviewer confirmed a lapse, and one in which nobody confirmed anything.
async fn contacts(app: &TestApp) -> (String, String) {
    let mut bad = contact("H-1");
    bad["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "宽带断了三天没人管，太气人了，我要去工信部投诉你们！"},
        {"speaker": "agent", "text": "随便您，爱投诉就投诉去吧。"},
    ]);
    let mut good = contact("H-2");
    good["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "我想查一下话费。"},
        {"speaker": "agent", "text": "好的，马上帮您查，请稍等。"},
    ]);
    for one in [&mut bad, &mut good] {
        one["started_at"] = json!(UtcMillis::now().plus_millis(-3_600_000));
    }
    let (bad, good) = (app.analysed(&bad).await, app.analysed(&good).await);
    roll_up(&app.store, None, 1_000).await.unwrap();
    (bad, good)
}

async fn confirm(app: &TestApp, rule: &str) {
    let flags: Value = app.get(&format!("/api/v1/flags?rule={rule}")).await.json().await.unwrap();
    let (key, turns) = (flags["items"][0]["id"].as_str().unwrap(), &flags["items"][0]["utterances"]);
    let reviewer = session(app, "zhijian", Role::Reviewer, None).await;
    let path = format!("/api/v1/flags/{key}/verdict");
    let judged = say(app, &reviewer, &path, json!({"status": "confirmed", "utterances": turns})).await;
    assert_eq!(judged.status(), StatusCode::OK);
}

pub(crate) async fn say(app: &TestApp, cookie: &str, path: &str, body: Value) -> Response {
    let secret = csrf(app, "/help", cookie).await;
    let request = app.anonymous(Method::POST, path).header(COOKIE, cookie).header(ORIGIN, &app.base);
    request.header("x-csrf-token", secret).json(&body).send().await.unwrap()
}

pub(crate) async fn read(app: &TestApp, cookie: &str, path: &str) -> Value {
    let answer = app.anonymous(Method::GET, path).header(COOKIE, cookie).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.unwrap()
}

pub(crate) async fn send(app: &TestApp, cookie: &str, path: &str, form: &[(&str, &str)]) -> Response {
    let secret = csrf(app, "/help", cookie).await;
    let form: Vec<_> = form.iter().copied().chain([("csrf", &*secret)]).collect();
    let request = app.anonymous(Method::POST, path).header(COOKIE, cookie).header(ORIGIN, &app.base);
    request.form(&form).send().await.unwrap()
}

async fn html(app: &TestApp, path: &str, cookie: &str) -> String {
    let answer = page(app, path, cookie).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

#[actix_web::test]
async fn an_agreement_has_a_good_clip_and_what_went_wrong_was_confirmed_and_the_private_note_is_private() {
    let app = TestApp::start().await;
    let (bad, good) = contacts(&app).await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    let clip = |contact: &str, good: bool| json!({"contact": contact, "first": 1, "last": 2, "good": good});
    let asked = |clips: Value| {
        json!({"staff": "A1001", "indicator": "agent_lapse", "note": "先停一停再回应", "programme": "train",
            "due_at": "2099-01-01T00:00:00+08:00", "training": "0199c0a0-0000-7000-8000-000000000005",
            "private_note": "压力大，别急", "shared_note": "一起听两段", "clips": clips})
    };
    let agree = async |clips: Value| say(&app, &trainer, "/api/v1/coaching", asked(clips)).await;
    let unconfirmed = agree(json!([clip(&bad, false), clip(&good, true)])).await;
    assert_eq!(unconfirmed.status(), StatusCode::UNPROCESSABLE_ENTITY, "nobody has confirmed it");
    confirm(&app, "agent_lapse").await;
    for refused in [
        json!([clip(&bad, false), clip(&bad, false)]),
        json!([clip(&good, true)]),
        json!([clip(&bad, false), {"contact": good, "first": 2, "last": 9, "good": true}]),
    ] {
        assert_eq!(agree(refused.clone()).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    }

    let agreed = agree(json!([clip(&bad, false), clip(&good, true)])).await;

    assert_eq!(agreed.status(), StatusCode::CREATED);
    let id = agreed.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    let mine = read(&app, &trainer, &format!("/api/v1/coaching/{id}")).await;
    assert_eq!((mine["clips"].as_array().unwrap().len(), &mine["private_note"]), (2, &json!("压力大，别急")));
    let colleague = session(&app, "tongshi", Role::Trainer, None).await;
    assert_eq!(read(&app, &colleague, &format!("/api/v1/coaching/{id}")).await["private_note"], Value::Null);
    let shown = html(&app, &format!("/coaching/agreements/{id}"), &colleague).await;
    assert!(
        shown.contains("爱投诉就投诉去吧") && shown.contains("一起听两段") && !shown.contains("压力大"),
        "{shown}"
    );
    assert!(html(&app, &format!("/coaching/agreements/{id}"), &trainer).await.contains("压力大"));

    let person = session(&app, "xiaowang", Role::Staff, None).await;
    app.store.link_staff("xiaowang", &StaffId::new("A1001").unwrap()).await.unwrap();
    let other = session(&app, "xiaoli", Role::Staff, None).await;
    app.store.link_staff("xiaoli", &StaffId::new("A1002").unwrap()).await.unwrap();
    let own = format!("/me/coaching/{id}");
    assert!(html(&app, "/me", &person).await.contains(&own));
    let told = html(&app, &own, &person).await;
    assert!(
        told.contains("先停一停再回应") && told.contains("马上帮您查") && !told.contains("压力大"),
        "{told}"
    );
    assert_eq!(page(&app, &own, &other).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(send(&app, &person, &own, &[("note", "好的，我试试")]).await.status(), StatusCode::SEE_OTHER);
    assert!(html(&app, &format!("/coaching/agreements/{id}"), &trainer).await.contains("好的，我试试"));

    app.tamper("UPDATE coaching SET due_at = 1").await;
    assert!(html(&app, "/coaching", &trainer).await.contains("已超期 1 项"));
    let act = [("act", "finish")];
    let finished = send(&app, &trainer, &format!("/coaching/agreements/{id}"), &act).await;
    assert_eq!(finished.status(), StatusCode::SEE_OTHER);
    let list = html(&app, "/coaching", &trainer).await;
    assert!(list.contains("已完成") && !list.contains("已超期 1"), "{list}");
}

#[actix_web::test]
async fn from_the_person_page_it_takes_two_clicks_for_the_form_is_filled_in() {
    let app = TestApp::start().await;
    contacts(&app).await;
    confirm(&app, "agent_lapse").await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;

    assert!(html(&app, "/coaching/A1001", &trainer).await.contains("href=\"/coaching/A1001/agree\""));
    let form = html(&app, "/coaching/A1001/agree", &trainer).await;

    assert!(form.contains("坐席失当 · 第 2–3 轮"), "a confirmed flag can be chosen: {form}");
    let (_, rest) = form.split_once("name=\"note\"").unwrap();
    let (_, rest) = rest.split_once("value=\"").unwrap();
    assert!(!rest.starts_with('"'), "the action is filled in: {form}");
    let typed =
        [("staff", "A1001"), ("indicator", "agent_lapse"), ("note", "先停一停"), ("due", "2001-01-01")];
    let past = send(&app, &trainer, "/coaching", &typed).await;
    assert_eq!(past.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let kept = past.text().await.unwrap();
    assert!(kept.contains("value=\"先停一停\"") && kept.contains("完成日期要在今天之后"), "{kept}");
}

#[actix_web::test]
async fn people_are_found_by_name_and_only_by_those_who_may_see_them() {
    let app = TestApp::start().await;
    contacts(&app).await;
    let list = "工号,姓名\nA1001,王芳\nA7777,李雷\n";
    trainings::name_staff(&app.store, &Caller::system(), list).await.unwrap();
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    let elsewhere = session(&app, "waidi", Role::Trainer, Some("beijing-99")).await;

    assert!(html(&app, "/coaching", &trainer).await.contains("王芳"));
    assert_eq!(page(&app, "/coaching?staff=王芳", &trainer).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(page(&app, "/coaching?staff=a1001", &trainer).await.status(), StatusCode::SEE_OTHER);
    assert!(html(&app, "/coaching/A1001", &trainer).await.contains("员工 A1001 王芳"));
    assert!(
        html(&app, "/coaching?staff=李雷", &trainer).await.contains("没有找到"),
        "no contact in the period"
    );
    let none = html(&app, "/coaching?staff=王芳", &elsewhere).await;
    assert!(none.contains("没有找到") && !none.contains("A1001"), "{none}");
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    assert!(!html(&app, "/contacts", &reviewer).await.contains("王芳"), "a reviewer judges words, not names");
}

#[actix_web::test]
async fn trainers_and_administrators_keep_the_catalogue() {
    let app = TestApp::start().await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let administrator = session(&app, "guanli", Role::Admin, None).await;

    assert!(html(&app, "/trainings", &trainer).await.contains("先回应情绪，再谈方案"));
    assert_eq!(page(&app, "/trainings", &reviewer).await.status(), StatusCode::FORBIDDEN);
    let entry = [
        ("title", "方言听力"),
        ("title_en", "Dialects"),
        ("indicator", ""),
        ("programme", "train"),
        ("about", "听三段方言录音并复述"),
    ];
    assert_eq!(send(&app, &administrator, "/trainings", &entry).await.status(), StatusCode::SEE_OTHER);
    assert!(html(&app, "/trainings?lang=en", &trainer).await.contains("Dialects"));
    let listed = read(&app, &trainer, "/api/v1/trainings").await;
    let added = listed["items"].as_array().unwrap().iter().find(|one| one["title"] == "方言听力").unwrap();
    let retire = format!("/trainings/{}/retire", added["id"].as_str().unwrap());
    assert_eq!(send(&app, &trainer, &retire, &[]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(send(&app, &trainer, &retire, &[]).await.status(), StatusCode::NOT_FOUND);
}
