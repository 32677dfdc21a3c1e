//! What trainers, supervisors and staff are told about people, and what they are not.

use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::desk::roll_up;
use tingxin::domain::{
    Analysed, BusinessProcess, ContactMeasures, Exchange, Flag, Role, Rule, Severity, StaffId, TeamId, Tone,
    UtcMillis,
};

use crate::console::{csrf, page, session};
use crate::support::app::TestApp;
use crate::support::store::{LEASE, analysis, contact, flag, intake_of};

/// A centre of two teams: twenty colleagues of whom one seldom calms anybody, and a newcomer.
const COLLEAGUES: usize = 20;
pub(crate) const CONTACTS: usize = 120;
pub(crate) const WORSE: usize = 7;
const NEWCOMER: usize = 20;

pub(crate) fn number(agent: usize) -> StaffId {
    StaffId::new(&format!("A{:04}", 1000 + agent)).unwrap()
}

/// A contact that began negative and ended so or not.
fn measures(at: usize, ends_negative: bool, asked: bool) -> ContactMeasures {
    let tone = |valence: f32| Tone { valence, positive: valence.max(0.0), negative: (-valence).max(0.0) };
    let exchange = |customer, agent| Exchange { customer: Some(tone(customer)), agent: Some(tone(agent)) };
    ContactMeasures {
        exchanges: (0..6_usize)
            .map(|turn| {
                // Moods without a pattern that repeats in the contact.
                let mood =
                    |salt: usize| f32::from(u8::try_from((at * 31 + turn * salt) % 17).unwrap()) / 10.0 - 0.8;
                exchange(mood(7), 0.2 - mood(7) / 4.0 + mood(11) / 8.0)
            })
            .collect(),
        start: Some(-0.5),
        ends_negative: Some(if ends_negative { 0.9 } else { 0.1 }),
        load: 0.3,
        hostile_turns: 1.0,
        asked: Some(asked),
        ..ContactMeasures::default()
    }
}

/// Fills the database; the bad endings of one person are confirmed by reviewers.
pub(crate) async fn centre(app: &TestApp) {
    let now = UtcMillis::now();
    for agent in 0..=NEWCOMER {
        let contacts = if agent == NEWCOMER { 5 } else { CONTACTS };
        let bad = |at: usize| if agent == WORSE { at % 10 < 8 } else { (at + agent) % 10 < 2 + agent % 2 };
        let sent: Vec<_> = (0..contacts)
            .map(|at| {
                let mut contact = contact(&format!("H-{agent}-{at}"), 1, "宽带又断了");
                let staff = contact.header.staff.as_mut().unwrap();
                staff.id = number(agent);
                staff.team =
                    Some(TeamId::new(if agent % 2 == 0 { "beijing-01" } else { "beijing-02" }).unwrap());
                contact.header.started_at = Some(now.plus_millis(-3_600_000));
                contact.header.business_process = Some(BusinessProcess::new("broadband_fault").unwrap());
                intake_of(contact)
            })
            .collect();
        app.store.ingest(&sent, now).await.unwrap();
        let claims = app.store.claim(1_000, LEASE, now).await.unwrap();
        let done: Vec<_> = claims
            .iter()
            .map(|claim| {
                let id = claim.contact.header.contact_id.as_str();
                let at: usize = id.rsplit('-').next().unwrap().parse().unwrap();
                let flags: Vec<Flag> =
                    bad(at).then(|| flag(Rule::NegativeEnding, Severity::Medium, 0.9)).into_iter().collect();
                let analysis = analysis(&claim.contact, "lexicon-1", flags);
                let asked = !(at + agent).is_multiple_of(3);
                (
                    claim.ticket,
                    Analysed {
                        analysis,
                        measures: Some(measures(at + agent, bad(at), asked)),
                        follow_up: None,
                    },
                )
            })
            .collect();
        app.store.complete(&done, now).await.unwrap();
    }
    // What the worker does in the background.
    roll_up(&app.store, None, 1_000).await.unwrap();
}

pub(crate) async fn answer(app: &TestApp, role: Role, path: &str) -> Value {
    let answer = app.request(role, Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.unwrap()
}

/// The figure of a person on an indicator.
pub(crate) fn figure<'a>(person: &'a Value, indicator: &str) -> &'a Value {
    person["figures"].as_array().unwrap().iter().find(|one| one["indicator"] == indicator).unwrap()
}

#[actix_web::test]
async fn a_person_is_named_only_after_people_have_listened_and_a_newcomer_does_not_appear() {
    let app = TestApp::start().await;
    centre(&app).await;

    let list = answer(&app, Role::Trainer, "/api/v1/staff?limit=200").await;

    let rows = list["items"].as_array().unwrap();
    assert_eq!((rows.len(), list["too_few_contacts"].as_u64()), (COLLEAGUES, Some(1)));
    let names: Vec<&str> = rows.iter().map(|row| row["staff"].as_str().unwrap()).collect();
    assert!(names.is_sorted(), "by work number and by nothing else");
    assert!(rows.iter().all(|row| row["named"] == json!([])), "nobody has listened yet");
    let path = format!("/api/v1/staff/{}", number(WORSE));
    let person = answer(&app, Role::Trainer, &path).await;
    let own = figure(&person, "unsoothed");
    assert_eq!((own["standing"].as_str(), own["direction"].as_str()), (Some("investigate"), Some("worse")));
    assert_eq!(own["missing"], json!(["confirmation"]));
    let (ratio, interval) = (own["ratio"].as_f64().unwrap(), &own["ratio_interval"]);
    assert!(interval[0].as_f64().unwrap() < ratio && ratio < interval[1].as_f64().unwrap() && ratio > 2.0);
    assert!(own["trend"]["alarmed_at"].is_u64(), "the chart alarms: {}", own["trend"]["alarmed_at"]);

    app.confirm_flags_of(&number(WORSE), 2).await;
    let list = answer(&app, Role::Trainer, "/api/v1/staff?limit=200").await;
    assert!(!list.to_string().contains("unsoothed"), "two contacts are too few");
    app.confirm_flags_of(&number(WORSE), 3).await;

    let list = answer(&app, Role::Trainer, "/api/v1/staff?limit=200").await;
    let named: Vec<&Value> =
        list["items"].as_array().unwrap().iter().filter(|row| row["named"] != json!([])).collect();
    assert_eq!(named.len(), 1, "{named:?}");
    assert_eq!(named[0]["staff"], number(WORSE).as_str());
    assert!(named[0]["named"].as_array().unwrap().iter().any(|on| on["indicator"] == "unsoothed"));
}

#[actix_web::test]
async fn figures_below_their_minimum_say_how_much_is_missing() {
    let app = TestApp::start().await;
    centre(&app).await;

    let newcomer = answer(&app, Role::Trainer, &format!("/api/v1/staff/{}", number(NEWCOMER))).await;
    let colleague = answer(&app, Role::Trainer, &format!("/api/v1/staff/{}", number(0))).await;

    assert_eq!(newcomer["figures"], json!([]));
    assert_eq!(colleague["coupling"]["infection"]["state"], "too_few");
    assert_eq!(newcomer["coupling"]["compensation"], json!({"state": "too_few", "needed": 100, "have": 5}));
    assert_eq!(colleague["carry_over"]["state"], "too_few");
    assert_eq!(colleague["loads"][0]["contacts"], CONTACTS);
    assert!((colleague["loads"][0]["load"].as_f64().unwrap() - 36.0).abs() < 1e-3);
    let signals = answer(&app, Role::Supervisor, "/api/v1/signals").await;
    let centre = &signals["centre"];
    assert_eq!(centre["coupling"]["compensation"]["state"], "estimate", "{centre}");
    assert_eq!(
        centre["coupling"]["linear"],
        json!({"state": "uncalibrated"}),
        "of word lists it is not known"
    );
    let queue = &signals["queues"][0];
    assert_eq!(queue["queue"], "hotline/broadband_fault");
    assert_eq!(queue["coupling"], centre["coupling"], "the only one");
    assert_eq!(signals["checks"]["contacts"], 2000);
}

#[actix_web::test]
async fn every_estimate_stands_beside_pairs_who_never_met() {
    let app = TestApp::start().await;
    centre(&app).await;

    let signals = answer(&app, Role::Supervisor, "/api/v1/signals").await;
    let person = answer(&app, Role::Trainer, &format!("/api/v1/staff/{}", number(0))).await;

    let (queue, checks) = (&signals["queues"][0], &signals["checks"]);
    for direction in ["compensation", "infection", "wear_down", "reciprocity"] {
        let strangers = &queue["strangers"][direction];
        assert!(strangers["low"].as_f64() < strangers["high"].as_f64(), "{direction}: {queue}");
        assert_eq!(checks[direction]["drawn"], 100, "{direction}: {checks}");
    }
    assert_eq!(queue["strangers"]["linear"], Value::Null, "a check of nothing says nothing");
    // Within a contact the tone follows the customer; of a stranger it knows nothing.
    let met = queue["coupling"]["compensation"]["value"].as_f64().unwrap().abs();
    assert!(met > 5.0 * queue["strangers"]["compensation"]["value"].as_f64().unwrap().abs(), "{queue}");
    let month = &queue["months"][0];
    assert!(
        month["contacts"].as_u64() >= Some(100) && month["synchrony"]["sd"].as_f64() > Some(0.0),
        "{month}"
    );
    let own = &person["checks"];
    assert_eq!((own["compensation"]["drawn"].as_u64(), own["infection"].clone()), (Some(100), Value::Null));
    assert_eq!(person["soothing"], json!({"state": "uncalibrated", "check": null}));
}

#[actix_web::test]
async fn a_team_sees_itself_and_staff_see_nobody_but_themselves() {
    let app = TestApp::start().await;
    centre(&app).await;
    let own = app.key("trainer of one team", Role::Trainer, Some("beijing-01")).await;
    let get = |path: String| app.anonymous(Method::GET, &path).bearer_auth(&own).send();

    let list: Value = get("/api/v1/staff?limit=200".to_owned()).await.unwrap().json().await.unwrap();
    assert!(list["items"].as_array().unwrap().iter().all(|row| row["team"] == "beijing-01"));
    let other = get(format!("/api/v1/staff/{}", number(1))).await.unwrap();
    assert_eq!(other.status(), StatusCode::NOT_FOUND);
    let teams: Value = get("/api/v1/teams".to_owned()).await.unwrap().json().await.unwrap();
    assert_eq!(teams["items"].as_array().unwrap().len(), 1);
    assert_eq!(teams["items"][0]["days"].as_array().unwrap().len(), 1, "five people and fifty contacts");

    for path in ["/api/v1/staff", "/api/v1/teams", "/api/v1/signals"] {
        let refused = app.request(Role::Staff, Method::GET, path).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path}");
    }
    let unlinked = app.request(Role::Staff, Method::GET, "/api/v1/staff/me").send().await.unwrap();
    assert_eq!(unlinked.status(), StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn whoever_is_linked_to_a_work_number_sees_their_own_results_and_what_was_confirmed() {
    let app = TestApp::start().await;
    centre(&app).await;
    let cookie = session(&app, "li.na", Role::Staff, None).await;
    assert!(page(&app, "/me", &cookie).await.text().await.unwrap().contains("账号还没有关联工号"));

    assert!(app.store.link_staff("li.na", &number(WORSE)).await.unwrap());

    let html = page(&app, "/me", &cookie).await.text().await.unwrap();
    assert!(html.contains("负面开场未能缓和") && !html.contains("账号还没有关联工号"), "{html}");
    assert!(!html.contains("第2轮起客户情绪明显变差"), "nobody has confirmed a flag");
    app.confirm_flags_of(&number(WORSE), 1).await;
    let html = page(&app, "/me", &cookie).await.text().await.unwrap();
    assert!(html.contains("第2轮起客户情绪明显变差") && html.contains("已确认"), "{html}");
    let own: Value = app
        .anonymous(Method::GET, "/api/v1/staff/me")
        .header(COOKIE, &cookie)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(own["staff"], number(WORSE).as_str());
}

#[actix_web::test]
async fn an_outage_is_nobodys_fault_and_can_be_taken_back() {
    let app = TestApp::start().await;
    centre(&app).await;
    let post = |path: &str, body: Value| app.request(Role::Supervisor, Method::POST, path).json(&body).send();
    let (from, until) = (UtcMillis::now().plus_millis(-7_200_000), UtcMillis::now());

    let wrong = json!({"begins_at": until.to_rfc3339(), "ends_at": from.to_rfc3339(), "note": "光缆中断"});
    let refused: Value = post("/api/v1/incidents", wrong).await.unwrap().json().await.unwrap();
    assert_eq!(
        (refused["code"].as_str(), refused["pointer"].as_str()),
        (Some("invalid_field"), Some("/ends_at"))
    );
    let body = json!({"begins_at": from.to_rfc3339(), "ends_at": until.to_rfc3339(), "team": "beijing-02",
        "note": "海淀光缆中断，联系人13900001234"});
    let declared = post("/api/v1/incidents", body).await.unwrap();
    assert_eq!(declared.status(), StatusCode::CREATED);
    let id = declared.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();

    let person = answer(&app, Role::Trainer, &format!("/api/v1/staff/{}", number(WORSE))).await;
    assert_eq!(person["incident_contacts"], CONTACTS);
    let listed = answer(&app, Role::Trainer, "/api/v1/incidents").await;
    assert_eq!(listed["items"][0]["note"], "海淀光缆中断，联系人[电话]", "{listed}");

    let revoked = post(&format!("/api/v1/incidents/{id}/revoke"), json!({})).await.unwrap();
    assert_eq!(revoked.status(), StatusCode::NO_CONTENT);
    let person = answer(&app, Role::Trainer, &format!("/api/v1/staff/{}", number(WORSE))).await;
    assert_eq!(person["incident_contacts"], 0);
}

#[actix_web::test]
async fn coaching_says_beforehand_what_it_can_show() {
    let app = TestApp::start().await;
    centre(&app).await;
    let post = |path: String, body: Value| app.request(Role::Trainer, Method::POST, &path).json(&body).send();
    let body =
        |staff: &str| json!({"staff": staff, "indicator": "unsoothed", "note": "先复述问题，再给时限"});

    let nobody = post("/api/v1/coaching".to_owned(), body("A9999")).await.unwrap();
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
    let agreed = post("/api/v1/coaching".to_owned(), body(number(WORSE).as_str())).await.unwrap();
    assert_eq!(agreed.status(), StatusCode::CREATED);
    let agreed: Value = agreed.json().await.unwrap();

    let listed = answer(&app, Role::Supervisor, "/api/v1/coaching").await;
    assert_eq!(listed["items"][0]["staff"], number(WORSE).as_str());
    assert_eq!(listed["items"][0]["agreed_by"], "key:trainer");
    let effect = &listed["effects"][0];
    assert_eq!(
        (effect["difference"].clone(), effect["reason"].is_string()),
        (Value::Null, true),
        "nothing came after it yet"
    );
    let end = format!("/api/v1/coaching/{}/end", agreed["id"].as_str().unwrap());
    assert_eq!(post(end.clone(), json!({})).await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(post(end, json!({})).await.unwrap().status(), StatusCode::NOT_FOUND);
}

/// Sends a form of the console as a browser does.
async fn send(app: &TestApp, path: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
    let request = app.anonymous(Method::POST, path).header(COOKIE, cookie).header(ORIGIN, &app.base);
    request.form(form).send().await.unwrap()
}

/// The page to which an answer leads, as text.
async fn followed(app: &TestApp, cookie: &str, answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let address = answer.headers()[LOCATION].to_str().unwrap();
    page(app, address, cookie).await.text().await.unwrap()
}

#[actix_web::test]
async fn a_trainer_sees_what_coaching_could_show_agrees_it_in_the_console_and_takes_it_back() {
    let app = TestApp::start().await;
    centre(&app).await;
    let cookie = session(&app, "peixun", Role::Trainer, None).await;
    let staff = number(WORSE).as_str().to_owned();
    let person = format!("/coaching/{staff}");

    let html = page(&app, &person, &cookie).await.text().await.unwrap();
    assert!(html.contains("约定之前：能看出多大的变化") && html.contains("/agree\""), "{html}");
    let filled = format!("{person}/agree");
    let secret = csrf(&app, &filled, &cookie).await;
    let form = |staff, note| {
        [("csrf", secret.as_str()), ("staff", staff), ("indicator", "unsoothed"), ("note", note)]
    };
    let nobody = send(&app, "/coaching", &cookie, &form("A9999", "先复述问题")).await;
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
    let foreign =
        [("csrf", "00"), ("staff", staff.as_str()), ("indicator", "unsoothed"), ("note", "先复述问题")];
    assert_eq!(send(&app, "/coaching", &cookie, &foreign).await.status(), StatusCode::FORBIDDEN);
    let empty = send(&app, "/coaching", &cookie, &form(&staff, " ")).await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let agreed = send(&app, "/coaching", &cookie, &form(&staff, "先复述问题，再给时限")).await;

    let html = followed(&app, &cookie, &agreed).await;
    assert!(html.contains("辅导已约定") && html.contains("先复述问题，再给时限"), "{html}");
    let (_, rest) = html.split_once("action=\"/coaching/agreements/").expect("it can be taken back");
    let one = format!("/coaching/agreements/{}", rest.split('"').next().unwrap());
    let ended = send(&app, &one, &cookie, &[("csrf", secret.as_str()), ("act", "end")]).await;
    assert!(followed(&app, &cookie, &ended).await.contains("已撤回一条辅导约定"));
    let acts: Vec<String> = app.audit().await;
    for act in ["coaching.agree", "coaching.read", "coaching.end", "coaching.list"] {
        assert!(acts.iter().any(|line| line.contains(&format!("user:peixun {act}"))), "{act}");
    }
}

#[actix_web::test]
async fn a_supervisor_declares_an_incident_in_the_console_in_beijing_time() {
    let app = TestApp::start().await;
    let cookie = session(&app, "zhuguan", Role::Supervisor, None).await;
    let secret = csrf(&app, "/teams", &cookie).await;
    let form = |until| {
        let scope =
            [("channel", "hotline"), ("process", "broadband_fault"), ("team", ""), ("note", "海淀光缆中断")];
        let times = [("csrf", secret.as_str()), ("begins_at", "2026-11-25T08:00"), ("ends_at", until)];
        times.into_iter().chain(scope).collect::<Vec<_>>()
    };

    let wrong = send(&app, "/teams/incidents", &cookie, &form("2026-11-25T07:00")).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().await.unwrap().contains("结束要晚于开始"));
    let declared = send(&app, "/teams/incidents", &cookie, &form("2026-11-25T10:30")).await;

    let html = followed(&app, &cookie, &declared).await;
    assert!(html.contains("已登记故障时段") && html.contains("海淀光缆中断"), "{html}");
    assert!(html.contains("2026-11-25 08:00") && html.contains("2026-11-25 10:30"));
    let stored = answer(&app, Role::Trainer, "/api/v1/incidents").await;
    assert_eq!(stored["items"][0]["begins_at"], "2026-11-25T00:00:00.000Z", "{stored}");
}

#[actix_web::test]
async fn a_trainer_asks_reviewers_for_whom_nobody_has_listened_to_and_hears_what_they_said() {
    let app = TestApp::start().await;
    centre(&app).await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let told = page(&app, "/coaching", &trainer).await.text().await.unwrap();
    assert!(told.contains("1 人超出 99.8% 限，待人工确认"), "{told}");
    let section = told.split("id=\"named\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(!section.contains(number(WORSE).as_str()), "nobody is named before a person confirmed");

    let secret = csrf(&app, "/coaching", &trainer).await;
    let form = [("csrf", &*secret), ("indicator", "negative_ending")];
    let asked = send(&app, "/review-requests", &trainer, &form).await;
    assert!(followed(&app, &trainer, &asked).await.contains("已确认 0 条，其他结论 0 条，待复核 6 条"));

    let queue = page(&app, "/review", &reviewer).await.text().await.unwrap();
    let first = queue.split("card-link").nth(1).unwrap();
    assert!(first.contains("培训师请优先复核") && first.contains(number(WORSE).as_str()), "{first}");
    assert_eq!(queue.matches("培训师请优先复核").count(), 6);
    app.confirm_flags_of(&number(WORSE), 3).await;
    let back = page(&app, "/coaching", &trainer).await.text().await.unwrap();
    assert!(back.contains("已确认 3 条"), "the answer comes back: {back}");
}
