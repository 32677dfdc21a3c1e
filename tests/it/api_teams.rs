//! What a caller that is limited to a team may send.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::{Role, TeamId};

use crate::support::app::{TestApp, contact};

const SEND: &str = "/api/v1/contacts";
const WAIT: &str = "/api/v1/contacts?wait=true";

/// The contact with another team and, where told, another revision. `None` leaves the staff out.
fn of_team(id: &str, team: Option<&str>, revision: u32) -> Value {
    let mut contact = contact(id);
    contact["revision"] = json!(revision);
    match team {
        Some(team) => contact["staff"]["team"] = json!(team),
        None => drop(contact.as_object_mut().unwrap().remove("staff")),
    }
    contact
}

fn post(app: &TestApp, key: &str, path: &str) -> RequestBuilder {
    app.anonymous(Method::POST, path).bearer_auth(key)
}

async fn refused(request: RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["code"], "other_team", "{problem}");
    problem
}

#[actix_web::test]
async fn a_caller_of_a_team_sends_contacts_of_that_team_and_no_others() {
    let app = TestApp::start().await;
    let own = app.key("second", Role::Integrator, Some("beijing-02")).await;

    for path in [SEND, WAIT] {
        for team in [Some("beijing-01"), None] {
            let problem = refused(post(&app, &own, path).json(&of_team("H-1", team, 1))).await;
            assert_eq!(problem["pointer"], "/staff/team");
        }
    }
    let list: Value = app.get(SEND).await.json().await.unwrap();
    assert_eq!(list["items"], json!([]), "nothing was stored");

    let accepted = post(&app, &own, SEND).json(&of_team("H-1", Some("beijing-02"), 1)).send().await.unwrap();
    assert_eq!(accepted.status(), StatusCode::CREATED);
    let waited = post(&app, &own, WAIT).json(&of_team("H-1", Some("beijing-02"), 1)).send().await.unwrap();
    assert_eq!(waited.status(), StatusCode::OK);
}

#[actix_web::test]
async fn a_caller_of_a_team_can_neither_take_nor_read_a_contact_of_another() {
    let app = TestApp::start().await;
    let own = app.key("second", Role::Integrator, Some("beijing-02")).await;
    for (id, team) in [("VICTIM", Some("beijing-01")), ("NOBODY'S", None)] {
        let key = app.analysed(&of_team(id, team, 3)).await;
        let path = format!("{SEND}/{key}");
        let before = app.get(&path).await.text().await.unwrap();

        let mut answers = Vec::new();
        for path in [SEND, WAIT] {
            for revision in [2, 3, 4] {
                let taking = of_team(id, Some("beijing-02"), revision);
                answers.push(refused(post(&app, &own, path).json(&taking)).await);
            }
        }

        assert!(answers.iter().all(|answer| *answer == answers[0]), "the revision cannot be guessed");
        let told = answers[0].to_string();
        assert!(!told.contains(&key) && !told.contains("beijing-01"), "{told}");
        assert_eq!(app.get(&path).await.text().await.unwrap(), before, "nothing changed");
    }
}

#[actix_web::test]
async fn a_line_of_another_team_is_refused_alone() {
    let app = TestApp::start().await;
    let own = app.key("second", Role::Integrator, Some("beijing-02")).await;
    app.queued(&of_team("VICTIM", Some("beijing-01"), 1)).await;
    let lines = [
        of_team("H-1", Some("beijing-02"), 1),
        of_team("VICTIM", Some("beijing-02"), 2),
        of_team("H-2", Some("beijing-01"), 1),
        of_team("H-3", Some("beijing-02"), 1),
    ];
    let body = lines.map(|line| line.to_string() + "\n").concat();

    let request = post(&app, &own, "/api/v1/contacts/bulk").header("content-type", "application/x-ndjson");
    let answers = request.body(body).send().await.unwrap().text().await.unwrap();

    let answers: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen: Vec<_> = answers.iter().map(|a| (a["status"].as_str().unwrap(), a["code"].as_str())).collect();
    let refused = ("refused", Some("other_team"));
    assert_eq!(seen, [("queued", None), refused, refused, ("queued", None)]);
    assert_eq!(answers[1].get("id"), None);
    let team = Some(TeamId::new("beijing-01").unwrap());
    let filter = tingxin::store::ContactFilter { team, ..Default::default() };
    let kept = app.store.contacts(&filter, None, 10).await.unwrap().items;
    assert_eq!(kept.iter().map(|c| (c.contact_id.as_str(), c.revision)).collect::<Vec<_>>(), [("VICTIM", 1)]);
}

#[actix_web::test]
async fn an_answer_is_not_repeated_once_the_contact_belongs_to_another_team() {
    let app = TestApp::start().await;
    let own = app.key("second", Role::Integrator, Some("beijing-02")).await;
    let mine = of_team("H-1", Some("beijing-02"), 1);
    let send = || post(&app, &own, WAIT).header("idempotency-key", "k-1").json(&mine);
    assert_eq!(send().send().await.unwrap().status(), StatusCode::OK);
    let again = send().send().await.unwrap();
    assert_eq!(again.headers()["idempotency-replayed"], "true");

    let moved = app.send(&of_team("H-1", Some("beijing-01"), 2)).await;
    assert_eq!(moved.status(), StatusCode::CREATED);

    let problem = refused(send()).await;
    assert!(!problem.to_string().contains("beijing-01"), "{problem}");
}
