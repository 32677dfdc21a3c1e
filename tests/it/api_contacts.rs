//! Sending and reading single contacts.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::{Role, UtcMillis};

use crate::support::app::{TestApp, contact};

async fn json(response: reqwest::Response) -> Value {
    response.json().await.unwrap()
}

#[actix_web::test]
async fn a_contact_is_queued_then_unchanged_then_updated() {
    let app = TestApp::start().await;
    let mut newer = contact("H-1");
    newer["revision"] = json!(2);

    let first = app.send(&contact("H-1")).await;
    let location = first.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(first.status(), StatusCode::CREATED);
    let first = json(first).await;
    let again = json(app.send(&contact("H-1")).await).await;
    let update = json(app.send(&newer).await).await;

    assert_eq!(first["status"], "queued");
    assert_eq!(location, format!("/api/v1/contacts/{}", first["id"].as_str().unwrap()));
    assert_eq!(again, json!({"id": first["id"], "status": "unchanged"}));
    assert_eq!(update, json!({"id": first["id"], "status": "updated"}));
}

#[actix_web::test]
async fn other_content_under_the_same_revision_and_an_older_revision_are_conflicts() {
    let app = TestApp::start().await;
    let mut newer = contact("H-1");
    newer["revision"] = json!(3);
    app.queued(&newer).await;

    let mut other = newer.clone();
    other["utterances"][1]["text"] = json!("没事了，谢谢。");
    let (conflict, stale) = (app.send(&other).await, app.send(&contact("H-1")).await);

    assert_eq!((conflict.status(), stale.status()), (StatusCode::CONFLICT, StatusCode::CONFLICT));
    assert_eq!(json(conflict).await["code"], "contact_conflict");
    let stale = json(stale).await;
    assert_eq!((&stale["code"], &stale["pointer"]), (&json!("stale_revision"), &json!("/revision")));
}

#[actix_web::test]
async fn a_stored_contact_holds_no_personal_data() {
    let app = TestApp::start().await;
    let id = app.queued(&contact("H-1")).await;

    let body = app.get(&format!("/api/v1/contacts/{id}")).await.text().await.unwrap();

    assert!(!body.contains("13900001234"), "{body}");
    let view: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(view["kind"], "transcript");
    assert_eq!(view["state"], "queued");
    assert_eq!(view["utterances"][0]["text"], "您好，很高兴为您服务。");
    assert_eq!(view["note"], json!([]));
}

#[actix_web::test]
async fn waiting_answers_with_the_analysis_that_the_worker_would_store() {
    let app = TestApp::start().await;

    let waited = app.waiting(&contact("H-1")).send().await.unwrap();
    assert_eq!(waited.status(), StatusCode::OK);
    let waited = waited.text().await.unwrap();
    let id = json(app.send(&contact("H-1")).await).await["id"].as_str().unwrap().to_owned();
    app.work().await;
    let stored = app.get(&format!("/api/v1/contacts/{id}/analysis")).await.text().await.unwrap();
    let again = app.waiting(&contact("H-1")).send().await.unwrap();

    assert_eq!(waited, stored, "the same bytes");
    assert_eq!(again.text().await.unwrap(), stored);
}

#[actix_web::test]
async fn an_analysis_is_pending_until_it_is_there() {
    let app = TestApp::start().await;
    let id = app.queued(&contact("H-1")).await;
    let path = format!("/api/v1/contacts/{id}/analysis");

    let pending = app.get(&path).await;
    assert_eq!(pending.status(), StatusCode::NOT_FOUND);
    assert_eq!(pending.headers()["retry-after"], "2");
    assert_eq!(json(pending).await["code"], "analysis_pending");

    app.work().await;
    let there = app.get(&path).await;
    assert_eq!(there.status(), StatusCode::OK);
    assert_eq!(json(there).await["schema"], "tingxin.analysis.v1");
}

#[actix_web::test]
async fn a_contact_that_was_set_aside_says_that_it_will_not_come() {
    let app = TestApp::start().await;
    let id = app.queued(&contact("H-1")).await;
    let mut now = UtcMillis::now();
    for _ in 0..5 {
        now = now.plus_millis(3_600_000);
        let claim = app.store.claim(1, 1000, now).await.unwrap().remove(0);
        app.store.fail(claim.ticket, "test", now).await.unwrap();
    }

    let failed = app.get(&format!("/api/v1/contacts/{id}/analysis")).await;

    assert_eq!(failed.headers().get("retry-after"), None);
    assert_eq!(json(failed).await["code"], "analysis_failed");
}

#[actix_web::test]
async fn what_the_client_has_already_is_not_sent_again() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    for path in [format!("/api/v1/contacts/{id}"), format!("/api/v1/contacts/{id}/analysis")] {
        let first = app.get(&path).await;
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();

        let ask =
            |tag: &str| app.request(Role::Integrator, Method::GET, &path).header("if-none-match", tag).send();
        let same = ask(&format!("\"other\", {tag}")).await.unwrap();
        let other = ask("W/\"other\"").await.unwrap();

        assert_eq!(same.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(same.headers()["etag"], tag.as_str());
        assert_eq!(other.status(), StatusCode::OK, "{path}");
    }
}

#[actix_web::test]
async fn another_teams_contact_is_not_there() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let own = app.key("beijing", Role::Integrator, Some("beijing-01")).await;
    let other = app.key("shanghai", Role::Integrator, Some("shanghai-01")).await;
    let ask = |key: &str, path: &str| app.anonymous(Method::GET, path).bearer_auth(key).send();

    for path in [format!("/api/v1/contacts/{id}"), format!("/api/v1/contacts/{id}/analysis")] {
        assert_eq!(ask(&own, &path).await.unwrap().status(), StatusCode::OK, "{path}");
        assert_eq!(ask(&other, &path).await.unwrap().status(), StatusCode::NOT_FOUND, "{path}");
    }
    let list = json(ask(&other, "/api/v1/contacts").await.unwrap()).await;
    assert_eq!(list["items"], json!([]));
    let foreign = ask(&other, "/api/v1/contacts?team=beijing-01").await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn every_read_is_written_down_also_the_one_in_vain() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let nobody = "0190b3c2-0000-7000-8000-000000000000";
    for path in [
        format!("/api/v1/contacts/{id}"),
        format!("/api/v1/contacts/{id}/analysis"),
        format!("/api/v1/contacts/{nobody}"),
        format!("/api/v1/contacts/{nobody}/analysis"),
        "/api/v1/contacts".to_owned(),
        "/api/v1/flags".to_owned(),
    ] {
        app.get(&path).await;
    }

    let key = "key:integrator";
    assert_eq!(
        app.audit().await,
        [
            format!("{key} contact.read {id} ok"),
            format!("{key} analysis.read {id} ok"),
            format!("{key} contact.read {nobody} refused"),
            format!("{key} analysis.read {nobody} refused"),
            format!("{key} contacts.list contacts ok"),
            format!("{key} flags.list flags ok"),
        ]
    );
}

#[actix_web::test]
async fn a_read_that_cannot_be_written_down_is_not_answered() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    app.break_audit().await;

    let read = app.get(&format!("/api/v1/contacts/{id}/analysis")).await;

    assert_eq!(read.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!read.text().await.unwrap().contains("宽带"));
}

#[actix_web::test]
async fn the_same_key_with_the_same_body_gets_the_first_answer_again() {
    let app = TestApp::start().await;
    let send = |key: &'static str| app.sending(&contact("H-1")).header("idempotency-key", key).send();

    let first = send("k-1").await.unwrap();
    let replayed = send("k-1").await.unwrap();
    let other_key = send("k-2").await.unwrap();

    assert_eq!((first.status(), replayed.status()), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(first.headers().get("idempotency-replayed"), None);
    assert_eq!(replayed.headers()["idempotency-replayed"], "true");
    let (first, replayed) = (first.text().await.unwrap(), replayed.text().await.unwrap());
    assert!(first.contains("queued"), "{first}");
    assert_eq!(first, replayed);
    assert_eq!(json(other_key).await["status"], "unchanged");
}

#[actix_web::test]
async fn an_analysis_that_is_repeated_is_in_the_audit_log_every_time() {
    let app = TestApp::start().await;
    let send = || {
        let request = app.request(Role::Integrator, Method::POST, "/api/v1/contacts?wait=true");
        request.header("idempotency-key", "k-1").json(&contact("H-1")).send()
    };

    let (first, again) = (send().await.unwrap(), send().await.unwrap());

    assert_eq!((first.status(), again.status()), (StatusCode::OK, StatusCode::OK));
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    let reads = app.audit().await.iter().filter(|entry| entry.contains("analysis.read")).count();
    assert_eq!(reads, 2);
}

#[actix_web::test]
async fn the_same_key_with_another_body_is_refused_and_another_caller_is_another_key() {
    let app = TestApp::start().await;
    let stranger = app.key("other", Role::Integrator, None).await;
    let send = |id: &str| app.sending(&contact(id)).header("idempotency-key", "k-1");

    send("H-1").send().await.unwrap();
    let other_body = send("H-2").send().await.unwrap();
    let also_waiting = app.waiting(&contact("H-1")).header("idempotency-key", "k-1").send().await.unwrap();
    let by_stranger = app
        .anonymous(Method::POST, "/api/v1/contacts")
        .bearer_auth(stranger)
        .header("idempotency-key", "k-1")
        .json(&contact("H-2"));

    assert_eq!(other_body.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(json(other_body).await["code"], "idempotency_mismatch");
    assert_eq!(json(also_waiting).await["code"], "idempotency_mismatch", "it asks for another answer");
    assert_eq!(json(by_stranger.send().await.unwrap()).await["status"], "queued");
}

#[actix_web::test]
async fn a_refused_contact_frees_its_key_so_that_it_can_be_mended() {
    let app = TestApp::start().await;
    let mut broken = contact("H-1");
    broken["channel"] = json!("fax");

    let refused = app.sending(&broken).header("idempotency-key", "k-1").send().await.unwrap();
    let mended = app.sending(&contact("H-1")).header("idempotency-key", "k-1").send().await.unwrap();

    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(json(mended).await["status"], "queued");
}

#[actix_web::test]
async fn a_key_in_use_is_a_conflict() {
    let app = TestApp::start().await;
    let body = serde_json::to_vec(&contact("H-1")).unwrap();
    let digest = tingxin::secrets::digest(&[b"send".as_slice(), &body].concat());
    app.store
        .idempotency_begin("key:integrator", &tingxin::secrets::digest(b"k-1"), &digest, UtcMillis::now())
        .await
        .unwrap();

    let second = app.sending(&contact("H-1")).header("idempotency-key", "k-1").send().await.unwrap();

    assert_eq!(second.status(), StatusCode::CONFLICT);
    assert_eq!(json(second).await["code"], "idempotency_in_flight");
}

#[actix_web::test]
async fn a_note_is_taken_in_and_read_back_as_sentences() {
    let app = TestApp::start().await;
    let id = app
        .analysed(&json!({
            "source": "crm", "contact_id": "N-1", "channel": "visit", "kind": "note",
            "note": {"text": "客户情绪激动。已安抚。"}
        }))
        .await;

    let view = json(app.get(&format!("/api/v1/contacts/{id}")).await).await;
    let analysis = json(app.get(&format!("/api/v1/contacts/{id}/analysis")).await).await;

    assert_eq!(view["kind"], "note");
    assert_eq!(view["note"][1]["text"], "已安抚。");
    assert_eq!(analysis["utterances"], json!([]));
    assert_eq!(analysis["reported"].as_array().unwrap().len(), 2);
}
