//! Whom the service names once people have read a random sample of their contacts.

use serde_json::{Value, json};
use tingxin::domain::{Role, Rule, UtcMillis};
use tingxin::store::{
    Actor, FoundRule, NewAudit, NewDraw, NewReading, NewSamplePlan, NewSampleWeek, SampleAnswer, SampleUnit,
};

use crate::staff::{CONTACTS, WORSE, answer, centre, figure, number};
use crate::support::app::TestApp;

/// Contacts of a person that are drawn and read.
const READ: usize = 40;

fn entry(action: &'static str) -> NewAudit {
    let actor = Actor::here("user:li.na", Some(Role::Reviewer));
    NewAudit { at: UtcMillis::now(), actor, action, object: "o".to_owned(), result: "ok", purpose: None }
}

/// Has forty contacts of each of twelve people read. Readers find what the model found, but where `agree` says otherwise no negative
/// ending of the worse one.
async fn read_sample(app: &TestApp, agree: bool) {
    let week = UtcMillis::now().plus_millis(-3_600_000).week();
    let plan = NewSamplePlan { unit: SampleUnit::Staff, per_week: 40, seed: 7, since_week: week };
    let version = app.store.add_sample_plan(&plan, &entry("sample.plan")).await.unwrap();
    let frame = app.store.sample_frame(week).await.unwrap();
    let probability = f64::from(u8::try_from(READ).unwrap()) / f64::from(u8::try_from(CONTACTS).unwrap());
    let mut draws = Vec::new();
    for agent in 0..12 {
        let own = frame.iter().filter(|one| one.staff.as_ref() == Some(&number(agent))).take(READ);
        draws.extend(own.map(|one| (one.id, agent)));
    }
    let lots: Vec<NewDraw> = draws
        .iter()
        .enumerate()
        .map(|(place, (contact, _))| NewDraw { contact: *contact, probability, place, readers: 1 })
        .collect();
    let of = NewSampleWeek { week, version, contacts: frame.len(), at: UtcMillis::now() };
    assert!(app.store.keep_draws(of, &lots).await.unwrap());
    for due in app.store.due_draws("user:li.na", None, 1_000).await.unwrap() {
        let flagged = !app.store.flags_of_contact(due.contact).await.unwrap().is_empty();
        let (_, agent) = draws.iter().find(|(contact, _)| *contact == due.contact).unwrap();
        let found = flagged && (agree || *agent != WORSE);
        let found = found.then_some(FoundRule { rule: Rule::NegativeEnding, turn: None, emotion: None });
        let answer = SampleAnswer { found: found.into_iter().collect(), unclear: Vec::new() };
        let entry = entry("sample.read");
        let (draw, revision, raised, took_ms) = (due.id, 1, Vec::new(), None);
        let reading = NewReading { draw, revision, answer, raised, took_ms, entry };
        assert!(app.store.keep_reading(&reading).await.unwrap());
    }
    app.state.desk.forget_figures().await;
}

async fn worse(app: &TestApp) -> Value {
    let person = answer(app, Role::Trainer, &format!("/api/v1/staff/{}", number(WORSE))).await;
    figure(&person, "negative_ending").clone()
}

#[actix_web::test]
async fn whoever_the_model_misreads_is_not_named_once_enough_of_their_contacts_were_read() {
    let app = TestApp::start().await;
    centre(&app).await;
    app.confirm_flags_of(&number(WORSE), 3).await;
    let before = worse(&app).await;
    assert_eq!((before["standing"].as_str(), &before["missing"]), (Some("named"), &json!([])));

    read_sample(&app, false).await;

    let after = worse(&app).await;
    assert_eq!(after["missing"], json!(["sample"]));
    assert_eq!(after["standing"], "investigate", "what sets these contacts apart is still to be found out");
    let list = answer(&app, Role::Trainer, "/api/v1/staff?limit=200").await;
    assert!(!list.to_string().contains("negative_ending"), "no list has the name: {list}");
}

#[actix_web::test]
async fn whoever_people_find_worse_too_stays_named() {
    let app = TestApp::start().await;
    centre(&app).await;
    app.confirm_flags_of(&number(WORSE), 3).await;

    read_sample(&app, true).await;

    assert_eq!(worse(&app).await["standing"], "named");
}
