//! Several flags that one key judges, sentences that no rule heard, and one verdict for many alike.

use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::{Role, UtcMillis};

use crate::console::{csrf, header, page, session};
use crate::support::app::{TestApp, contact};

/// A note about a customer who is furious and means to go to a regulator, in one sentence; its key.
async fn note(app: &TestApp, id: &str) -> String {
    app.analysed(&json!({
        "source": "crm", "contact_id": id, "channel": "visit", "kind": "note",
        "staff": {"id": "A1001", "team": "beijing-01"},
        "note": {"text": "第三次上门仍未修好，客户极为愤怒，扬言要投诉到工信部。问题未解决。"}
    }))
    .await
}

async fn html(app: &TestApp, path: &str, who: &str) -> String {
    page(app, path, who).await.text().await.unwrap()
}

async fn send(app: &TestApp, who: &str, path: &str, fields: &[(&str, &str)]) -> Response {
    let secret = csrf(app, "/review", who).await;
    let form: Vec<_> = fields.iter().copied().chain([("csrf", &*secret)]).collect();
    let request = app.anonymous(Method::POST, path).header(ORIGIN, &app.base).header(COOKIE, who);
    request.form(&form).send().await.unwrap()
}

/// Flags as reviewers see them.
async fn flags(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.request(Role::Reviewer, Method::GET, &format!("/api/v1/flags?limit=200{query}"));
    let answer: Value = answer.send().await.unwrap().json().await.unwrap();
    answer["items"].as_array().unwrap().clone()
}

async fn said(app: &TestApp, id: &str) -> Vec<Value> {
    let answer = app.request(Role::Reviewer, Method::GET, &format!("/api/v1/contacts/{id}/verdicts"));
    let answer: Value = answer.send().await.unwrap().json().await.unwrap();
    answer["items"].as_array().unwrap().clone()
}

/// The form of one matter: its first flag and the others.
fn form<'a>(fields: &'a [(String, String)], status: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (&**name, &**value)).chain([("status", status)]).collect()
}

fn fields(flags: &[Value], seen: usize) -> Vec<(String, String)> {
    let also: Vec<Value> = flags[1..]
        .iter()
        .map(|flag| json!({"flag": flag["id"], "utterances": flag["utterances"], "seen": seen}))
        .collect();
    [
        ("flag", flags[0]["id"].as_str().unwrap().to_owned()),
        ("utterances", flags[0]["utterances"].to_string()),
        ("revision", "1".to_owned()),
        ("seen", seen.to_string()),
        ("also", json!(also).to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

#[actix_web::test]
async fn flags_that_heard_the_same_anger_are_judged_with_one_key_and_taken_back_with_one() {
    let app = TestApp::start().await;
    let id = note(&app, "N-1").await;
    let an = session(&app, "an", Role::Reviewer, None).await;
    let of_one = flags(&app, "").await;
    assert_eq!(of_one.len(), 2, "{of_one:?}");

    let shown = html(&app, &format!("/review/{id}"), &an).await;
    assert!(shown.contains("同一件事（2 条标记）") && shown.contains("name=\"also\""), "{shown}");
    let focused = html(&app, &format!("/review/{id}?rule=regulator_risk"), &an).await;
    assert!(!focused.contains("同一件事"), "where one rule is the work, it is judged alone");
    let path = format!("/review/{id}/verdict");
    let kept = send(&app, &an, &path, &form(&fields(&of_one, 0), "confirmed")).await;
    assert_eq!(kept.status(), StatusCode::SEE_OTHER);

    let verdicts = said(&app, &id).await;
    assert_eq!(verdicts.len(), 2, "a verdict of its own for each");
    assert!(flags(&app, "").await.iter().all(|flag| flag["status"] == "confirmed"));
    let back = send(&app, &an, &path, &form(&fields(&of_one, 1), "candidate")).await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
    assert!(flags(&app, "").await.iter().all(|flag| flag["status"] == "candidate"));
    assert!(html(&app, &format!("/review/{id}"), &an).await.contains("同一件事（2 条标记）"));
}

#[actix_web::test]
async fn of_one_matter_all_verdicts_are_kept_or_none() {
    let app = TestApp::start().await;
    let id = note(&app, "N-1").await;
    let an = session(&app, "an", Role::Reviewer, None).await;
    let of_one = flags(&app, "").await;
    let quicker = json!({"status": "rejected", "utterances": of_one[1]["utterances"]});
    let path = format!("/api/v1/flags/{}/verdict", of_one[1]["id"].as_str().unwrap());
    let alone = app.request(Role::Reviewer, Method::POST, &path).json(&quicker).send().await.unwrap();
    assert_eq!(alone.status(), StatusCode::OK);

    let path = format!("/review/{id}/verdict");
    let refused = send(&app, &an, &path, &form(&fields(&of_one, 0), "confirmed")).await;

    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert_eq!(said(&app, &id).await.len(), 1, "the first flag has none either");
    let other = note(&app, "N-2").await;
    let foreign: Vec<Value> =
        [&of_one[0], flags(&app, "").await.iter().find(|flag| flag["contact"] == other.as_str()).unwrap()]
            .into_iter()
            .cloned()
            .collect();
    let refused = send(&app, &an, &path, &form(&fields(&foreign, 0), "confirmed")).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT, "flags of two contacts are two matters");
}

#[actix_web::test]
async fn a_missed_sentence_is_marked_shown_and_taken_back_and_counts_for_nothing_outside_the_sample() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let (an, bo) =
        (session(&app, "an", Role::Reviewer, None).await, session(&app, "bo", Role::Reviewer, None).await);
    let (path, marks) = (format!("/review/{id}"), format!("/review/{id}/marks"));
    let mark = [("revision", "1"), ("turn", "2"), ("emotion", "anger"), ("rule", "escalation")];

    assert_eq!(send(&app, &an, &marks, &mark).await.status(), StatusCode::SEE_OTHER);

    let line = "第2轮 · 愤怒 · 情绪升级 · an";
    let shown = html(&app, &path, &an).await;
    assert!(shown.replace(' ', "").contains(&line.replace(' ', "")), "{shown}");
    assert!(!shown.contains("计入召回率</bdi>"), "nobody drew it by lot");
    for wrong in [("turn", "3"), ("turn", "0"), ("revision", "2")] {
        let form: Vec<_> =
            mark.iter().copied().map(|one| if one.0 == wrong.0 { wrong } else { one }).collect();
        assert!(send(&app, &an, &marks, &form).await.status().is_client_error(), "{wrong:?}");
    }
    let (_, rest) = shown.split_once(&format!("/review/{id}/marks/")).unwrap();
    let remove = format!("/review/{id}/marks/{}", rest.split('"').next().unwrap());
    assert_eq!(
        send(&app, &bo, &remove, &[("sure", "yes")]).await.status(),
        StatusCode::NOT_FOUND,
        "another's mark"
    );
    assert_eq!(send(&app, &an, &remove, &[("sure", "yes")]).await.status(), StatusCode::SEE_OTHER);
    assert!(!html(&app, &path, &an).await.contains("第2轮 · 愤怒"));
    let trainer = session(&app, "pei", Role::Trainer, None).await;
    assert!(!html(&app, &path, &trainer).await.contains("id=\"missed\""));
    let audit = app.audit().await;
    assert!(audit.contains(&format!("user:an sentence.mark {id} ok")), "{audit:?}");
}

#[actix_web::test]
async fn a_sentence_that_is_named_while_the_sample_is_read_counts_for_recall_and_says_so() {
    let app = TestApp::start().await;
    let mut calm = contact("H-1");
    let monday = UtcMillis::of_week(UtcMillis::now().week() - 1);
    calm["started_at"] = json!(monday.plus_millis(36_000_000).to_rfc3339());
    let id = app.analysed(&calm).await;
    let plan = json!({"unit": "staff", "per_week": 2});
    let planned = app.request(Role::Supervisor, Method::POST, "/api/v1/samples").json(&plan);
    assert_eq!(planned.send().await.unwrap().status(), StatusCode::CREATED);
    let an = session(&app, "an", Role::Reviewer, None).await;
    let address = header(&page(&app, "/samples/next", &an).await, &LOCATION);

    let form =
        [("revision", "1"), ("escalation", "yes"), ("turn_escalation", "2"), ("emotion_escalation", "anger")];
    let read = send(&app, &an, &format!("{address}/reading"), &form).await;

    assert_eq!(read.status(), StatusCode::SEE_OTHER);
    let shown = html(&app, &format!("/review/{id}"), &an).await;
    assert!(shown.contains("抽检，计入召回率</bdi>"), "{shown}");
    assert!(!shown.contains(&format!("/review/{id}/marks/")), "what the sample counts stays");
}

/// Contacts whose agent was rude in nearly the same words, and so many more.
async fn alike(app: &TestApp, count: usize) {
    let endings = ["爱投诉就投诉去吧。", "爱投诉就投诉去吧！", "爱投诉 就投诉去吧", "爱投诉就投诉去吧啊"];
    for n in 0..count {
        let mut contact = contact(&format!("H-{n}"));
        contact["utterances"] = json!([
            {"speaker": "agent", "text": "您好，请讲。"},
            {"speaker": "customer", "text": format!("我的宽带断了{n}天了。")},
            {"speaker": "agent", "text": format!("随便您，{}", endings[n % endings.len()])},
        ]);
        app.queued(&contact).await;
    }
    app.work().await;
}

/// The address of the next contact of a sample, and the verdict that a reviewer gives there; where it leads.
async fn judge_next(app: &TestApp, who: &str, next: &str, status: &str) -> String {
    let address = header(&page(app, next, who).await, &LOCATION);
    if !address.starts_with("/review/") {
        return address;
    }
    let id = address.trim_start_matches("/review/").split('?').next().unwrap().to_owned();
    let shown = html(app, &address, who).await;
    assert!(shown.contains(&format!("name=\"next\" value=\"{next}\"")), "{shown}");
    let own = flags(app, "&rule=agent_lapse").await;
    let flag = own.iter().find(|flag| flag["contact"] == id.as_str()).unwrap();
    let form = fields(std::slice::from_ref(flag), 0);
    let form: Vec<_> = form.iter().filter(|(name, _)| name != "also").cloned().collect();
    let form: Vec<_> = self::form(&form, status).into_iter().chain([("next", next)]).collect();
    let query = address.split_once('?').unwrap().1;
    let answer = send(app, who, &format!("/review/{id}/verdict?{query}"), &form).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    header(&answer, &LOCATION)
}

#[actix_web::test]
async fn many_alike_get_one_verdict_only_after_a_sample_of_them_was_listened_to() {
    let app = TestApp::start().await;
    alike(&app, 120).await;
    let an = session(&app, "an", Role::Reviewer, None).await;
    let groups = html(&app, "/review-groups", &an).await;
    let (_, rest) = groups.split_once("name=\"wording\" value=\"").expect("a group of 120");
    let wording = rest.split('"').next().unwrap().to_owned();
    assert!(groups.contains("<td>120</td>"), "however they end: {groups}");

    let drawn = send(&app, &an, "/review-groups", &[("rule", "agent_lapse"), ("wording", &wording)]).await;
    let next = header(&drawn, &LOCATION);
    let verdict = next.replace("/next", "/verdict");
    let early = send(&app, &an, &verdict, &[("status", "confirmed"), ("sure", "yes")]).await;
    assert_eq!(early.status(), StatusCode::CONFLICT, "nobody has listened yet");
    let mut judged = 0;
    while judge_next(&app, &an, &next, "confirmed").await == next {
        judged += 1;
    }
    assert!((60..80).contains(&judged), "as many as 120 take: {judged}");
    let stands = html(&app, "/review-groups", &an).await;
    assert!(stands.contains("余下的一并确认（判错上限"), "{stands}");
    let other = send(&app, &an, &verdict, &[("status", "rejected"), ("sure", "yes")]).await;
    assert_eq!(other.status(), StatusCode::CONFLICT, "the sample says the opposite");
    let given = send(&app, &an, &verdict, &[("status", "confirmed"), ("sure", "yes")]).await;
    assert_eq!(header(&given, &LOCATION), format!("/review-groups?judged={}", 120 - judged));
    let twice = send(&app, &an, &verdict, &[("status", "confirmed"), ("sure", "yes")]).await;
    assert_eq!(twice.status(), StatusCode::CONFLICT);

    let all = flags(&app, "&rule=agent_lapse&status=confirmed").await;
    assert_eq!(all.len(), 120);
    let mut bulk = 0;
    for flag in &all {
        let said = said(&app, flag["contact"].as_str().unwrap()).await;
        let of_rule: Vec<&Value> = said.iter().filter(|one| one["rule"] == "agent_lapse").collect();
        assert_eq!(of_rule.len(), 1);
        if let Some(bound) = of_rule[0]["bulk_bound"].as_f64() {
            assert!(bound <= 0.05, "{bound}");
            bulk += 1;
        }
    }
    assert_eq!(bulk, 120 - judged, "the bound stands with every verdict that nobody listened for");
    let audit = app.audit().await;
    assert!(audit.iter().any(|entry| entry.starts_with("user:an bulk.judge ")), "{audit:?}");
}

#[actix_web::test]
async fn a_sample_that_does_not_agree_leaves_the_rest_to_be_listened_to() {
    let app = TestApp::start().await;
    alike(&app, 101).await;
    let an = session(&app, "an", Role::Reviewer, None).await;
    let groups = html(&app, "/review-groups", &an).await;
    let (_, rest) = groups.split_once("name=\"wording\" value=\"").expect("a group of 101");
    let wording = rest.split('"').next().unwrap().to_owned();
    let drawn = send(&app, &an, "/review-groups", &[("rule", "agent_lapse"), ("wording", &wording)]).await;
    let next = header(&drawn, &LOCATION);
    let mut judged = 0;
    while judge_next(&app, &an, &next, if judged % 10 == 0 { "rejected" } else { "confirmed" }).await == next
    {
        judged += 1;
    }

    let stands = html(&app, "/review-groups", &an).await;

    assert!(stands.contains("抽验不够一致") && !stands.contains("余下的一并"), "{stands}");
    let refused =
        send(&app, &an, &next.replace("/next", "/verdict"), &[("status", "confirmed"), ("sure", "yes")])
            .await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
}

#[actix_web::test]
async fn over_http_a_sentence_is_marked_listed_and_taken_back_by_whoever_marked_it() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let marks = format!("/api/v1/contacts/{id}/marks");
    let post = async |role: Role, path: &str, body: Value| {
        app.request(role, Method::POST, path).json(&body).send().await.unwrap()
    };
    let mark =
        |turn: usize| json!({"revision": 1, "utterance": turn, "emotion": "anger", "rule": "escalation"});

    let kept = post(Role::Reviewer, &marks, mark(1)).await;
    let beyond = post(Role::Reviewer, &marks, mark(99)).await;
    let old = post(
        Role::Reviewer,
        &marks,
        json!({"revision": 2, "utterance": 1, "emotion": "anger", "rule": "escalation"}),
    )
    .await;
    let trainer = post(Role::Trainer, &marks, mark(1)).await;
    let listed = app.request(Role::Reviewer, Method::GET, &marks).send().await.unwrap();
    let listed: Value = listed.json().await.unwrap();
    let remove = format!("{marks}/{}/remove", listed["items"][0]["id"].as_str().unwrap());
    let gone = post(Role::Reviewer, &remove, json!({})).await;
    let twice = post(Role::Reviewer, &remove, json!({})).await;

    assert_eq!(kept.status(), StatusCode::NO_CONTENT);
    assert_eq!(beyond.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(old.status(), StatusCode::CONFLICT);
    assert_eq!(trainer.status(), StatusCode::FORBIDDEN);
    let items = listed["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["utterance"], &items[0]["sampled"]), (1, &json!(1), &json!(false)));
    assert_eq!((gone.status(), twice.status()), (StatusCode::NO_CONTENT, StatusCode::NOT_FOUND));
}
