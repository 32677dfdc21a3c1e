//! What nobody has confirmed about a person is seen by whoever judges it, and by the system that sent the contact.

use reqwest::header::{COOKIE, ORIGIN};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::Role;

use crate::console::{page, session};
use crate::staff::answer;
use crate::support::app::{TestApp, contact};

const OTHERS: [Role; 2] = [Role::Trainer, Role::Supervisor];
const JUDGES_AND_SENDERS: [Role; 2] = [Role::Reviewer, Role::Integrator];

/// A contact with several flags of which one is confirmed; its key and the rule of that one.
async fn one_confirmed(app: &TestApp) -> (String, String) {
    let mut contact = contact("H-1");
    contact["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "宽带断了三天没人管，太气人了，我要去工信部投诉你们！"},
        {"speaker": "agent", "text": "随便您，爱投诉就投诉去吧。"},
    ]);
    let id = app.analysed(&contact).await;
    let flags: Value = app.get("/api/v1/flags").await.json().await.unwrap();
    let flags = flags["items"].as_array().unwrap();
    assert!(flags.len() > 1, "{flags:?}");
    let lapse = flags.iter().find(|flag| flag["rule"] == "regulator_risk").unwrap();
    let path = format!("/api/v1/flags/{}/verdict", lapse["id"].as_str().unwrap());
    let verdict = json!({"status": "confirmed", "utterances": lapse["utterances"]});
    let judged = app.request(Role::Reviewer, Method::POST, &path).json(&verdict).send().await.unwrap();
    assert_eq!(judged.status(), StatusCode::OK);
    (id, "regulator_risk".to_owned())
}

fn rules(flags: &Value) -> Vec<&str> {
    flags.as_array().unwrap().iter().map(|flag| flag["rule"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn the_list_of_flags_holds_what_was_confirmed_and_says_so_to_whoever_asks_for_more() {
    let app = TestApp::start().await;
    let (_, confirmed) = one_confirmed(&app).await;

    for role in OTHERS {
        let list = answer(&app, role, "/api/v1/flags").await;
        assert_eq!(rules(&list["items"]), [confirmed.as_str()], "{role}");
        assert_eq!(
            answer(&app, role, "/api/v1/flags?status=confirmed").await["items"],
            list["items"],
            "{role}"
        );
        for status in ["candidate", "rejected", "unclear"] {
            let path = format!("/api/v1/flags?status={status}");
            let asked = app.request(role, Method::GET, &path).send().await.unwrap();
            assert_eq!(asked.status(), StatusCode::FORBIDDEN, "{role} {status}");
        }
    }
    for role in JUDGES_AND_SENDERS {
        assert!(answer(&app, role, "/api/v1/flags").await["items"].as_array().unwrap().len() > 1, "{role}");
    }
}

#[actix_web::test]
async fn an_analysis_keeps_to_itself_what_nobody_confirmed_and_its_probability() {
    let app = TestApp::start().await;
    let (id, confirmed) = one_confirmed(&app).await;
    let path = format!("/api/v1/contacts/{id}/analysis");

    for role in OTHERS {
        let analysis = answer(&app, role, &path).await;
        assert_eq!(rules(&analysis["flags"]), [confirmed.as_str()], "{role}");
        assert_eq!(analysis["flags"][0]["status"], "confirmed", "{role}");
        let told: Vec<&Value> = analysis["signals"].as_array().unwrap().iter().collect();
        let events = told.iter().filter(|signal| signal["kind"] == "probability");
        assert!(events.clone().all(|signal| signal["name"] == confirmed.as_str()), "{role}: {told:?}");
    }
    for role in JUDGES_AND_SENDERS {
        let analysis = answer(&app, role, &path).await;
        assert!(analysis["flags"].as_array().unwrap().len() > 1, "{role}");
        assert_eq!(analysis["flags"][0]["status"], "candidate", "the contract of those who send: {role}");
        assert!(analysis["signals"].to_string().contains("agent_lapse"), "{role}");
    }
}

#[actix_web::test]
async fn a_list_of_contacts_counts_confirmed_flags_and_verdicts_tell_of_those_alone() {
    let app = TestApp::start().await;
    let (id, confirmed) = one_confirmed(&app).await;
    let flags: Value = app.get("/api/v1/flags").await.json().await.unwrap();
    let other = flags["items"].as_array().unwrap().iter().find(|flag| flag["rule"] != *confirmed).unwrap();
    let path = format!("/api/v1/flags/{}/verdict", other["id"].as_str().unwrap());
    let verdict = json!({"status": "rejected", "utterances": other["utterances"]});
    app.request(Role::Reviewer, Method::POST, &path).json(&verdict).send().await.unwrap();
    let verdicts = format!("/api/v1/contacts/{id}/verdicts");

    for role in OTHERS {
        assert_eq!(answer(&app, role, "/api/v1/contacts").await["items"][0]["flags"], 1, "{role}");
        assert_eq!(rules(&answer(&app, role, &verdicts).await["items"]), [confirmed.as_str()], "{role}");
    }
    for role in JUDGES_AND_SENDERS {
        let list = answer(&app, role, "/api/v1/contacts").await;
        assert!(list["items"][0]["flags"].as_u64().unwrap() > 1, "{role}");
        assert_eq!(answer(&app, role, &verdicts).await["items"].as_array().unwrap().len(), 2, "{role}");
    }
}

#[actix_web::test]
async fn the_page_of_a_contact_tells_a_trainer_no_probability_of_what_nobody_confirmed() {
    let app = TestApp::start().await;
    let (id, _) = one_confirmed(&app).await;
    let trainer = session(&app, "peixun", Role::Trainer, None).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;

    let shown = page(&app, &format!("/review/{id}"), &trainer).await.text().await.unwrap();
    assert!(shown.contains("id=\"flag-regulator_risk\"") && !shown.contains("id=\"flag-agent_lapse\""));
    assert!(!shown.contains("<dt>坐席失当</dt>"), "{shown}");
    let judged = page(&app, &format!("/review/{id}"), &reviewer).await.text().await.unwrap();
    assert!(judged.contains("id=\"flag-agent_lapse\"") && judged.contains("<dt>坐席失当</dt>"));

    // A session of a trainer asks the API as well as the pages.
    let request =
        app.anonymous(Method::GET, "/api/v1/flags").header(COOKIE, &trainer).header(ORIGIN, &app.base);
    let list: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(rules(&list["items"]), ["regulator_risk"]);
}
